"""The rate card as columns: who can make what at what price, and which lines serve a workflow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Rate
from allocate.costing.terms.rate_line import Line, tier_of
from allocate.errors import CaseError, Problem
from allocate.exact import array_of
from allocate.numbers import Floats, Integers, by_value
from allocate.units import Quantity, kind_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RateLines:
    """RateLines of the rate card; arrays of shape (N,), nan where a line and its vendor state nothing."""

    case: Case
    rates: Sequence[Rate]
    """The whole rate card; `number` is a position in it."""
    nouns: tuple[str, ...]
    """What prices count: item, h, label, EU or a driver."""
    currencies: tuple[str, ...]
    number: Integers
    product: Integers
    vendor: Integers
    workflow: Integers
    """Position of the only workflow a line is for; what it states is then of the finished item. -1 for a line for all."""
    price: Floats
    """Money asked per unit counted, before tiers' later steps."""
    noun: Integers
    currency: Integers
    lowest_step: Floats
    """Lowest price volume can reach as a share of the first; 1 for a price that does not depend on volume."""
    tiered: Flags
    """Whether the price depends on volume."""
    accuracy: Floats
    """The line's own, else the vendor's, else the cost model's."""
    productivity: Floats
    pace: Floats
    capacity: Floats
    """Most items; infinite where none is stated."""
    by_period: Flags
    """Whether that is per week."""
    lead: Floats
    """Weeks from work to delivery; 0 where none is stated."""
    finished_price: Flags
    """Whether the price asked is for the finished item, all passes and rework included."""
    finished_pace: Flags
    finished_accuracy: Flags

    def __len__(self) -> int:
        return len(self.number)

    def __iter__(self) -> Iterator[Line]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, row: int) -> Line:
        return _line(self.case, self.rates[int(self.number[row])])

    def take(self, rows: NDArray[np.intp] | Sequence[int]) -> RateLines:
        """Some of the lines."""
        columns = {one.name: getattr(self, one.name) for one in fields(self)}
        chosen: dict[str, Any] = {
            name: column[rows] for name, column in columns.items() if isinstance(column, np.ndarray)
        }
        return replace(self, **chosen)


def everybody(case: Case) -> tuple[Rate, ...]:
    """The rate card of a case without one: every vendor with a contract price, and every team, on every product."""
    return tuple(
        Rate(product=product, vendor=name)
        for product in case.products
        for name, vendor in case.vendors.items()
        if vendor.contract.price is not None or tier_of(vendor, product) is not None or vendor.team is not None
    )


def rate_lines(case: Case) -> RateLines:
    """The rate card; without one every vendor with a contract price, and every team, serves every product."""
    rates = case.file.rates or everybody(case)
    products = {name: position for position, name in enumerate(case.products)}
    vendors = {name: position for position, name in enumerate(case.vendors)}
    product = np.array([products[rate.product] for rate in rates], dtype=np.int32)
    vendor = np.array([vendors[rate.vendor] for rate in rates], dtype=np.int32)
    workflows: dict[str | None, int] = {name: position for position, name in enumerate(case.workflows)}
    workflows[None] = -1
    # A workflow that is on no menu has no position, and its lines serve nothing.
    workflow = np.array([workflows.get(rate.workflow, len(workflows)) for rate in rates], dtype=np.int32)
    stated, prices = _stated(case, rates, vendor), _prices(case, rates, vendor)
    of_finished = workflow >= 0
    own_price = np.array([rate.price is not None for rate in rates], dtype=bool)
    own_accuracy = np.array([rate.accuracy is not None for rate in rates], dtype=bool)
    return RateLines(
        case=case,
        rates=rates,
        nouns=prices.nouns,
        currencies=prices.currencies,
        number=np.arange(len(rates), dtype=np.int32),
        product=product,
        vendor=vendor,
        workflow=workflow,
        price=prices.price,
        noun=prices.noun,
        currency=prices.currency,
        lowest_step=prices.lowest_step,
        tiered=prices.tiered,
        **stated,
        finished_price=of_finished & own_price,
        finished_pace=of_finished & np.isfinite(by_value(stated["pace"])),
        finished_accuracy=of_finished & own_accuracy,
    )


def _stated(case: Case, rates: Sequence[Rate], vendor: Integers) -> dict[str, NDArray[Any]]:
    """What lines state of work, or else their vendors, or else the cost model."""
    defaults, blocks = case.model.defaults, case.vendors.values()
    capacity = [rate.capacity for rate in rates]
    lead = _numbers(rate.lead for rate in rates), _numbers(maker.lead for maker in blocks)

    def stated(key: str, default: float) -> Floats:
        return _either(
            [getattr(rate, key) for rate in rates], [getattr(maker, key) for maker in blocks], vendor, default
        )

    return {
        "accuracy": stated("accuracy", defaults.accuracy),
        "productivity": stated("productivity", defaults.productivity),
        "pace": array_of([np.nan if rate.pace is None else rate.pace.number for rate in rates]),
        "capacity": np.array([np.inf if amount is None else amount.number for amount in capacity]),
        "by_period": np.array([amount is not None and kind_of(amount) != "count" for amount in capacity]),
        "lead": _either(*lead, vendor, 0.0),
    }


def _numbers(amounts: Iterable[Quantity | None]) -> list[float | None]:
    return [None if amount is None else amount.number for amount in amounts]


def _either(
    own: Sequence[float | None], of_vendors: Sequence[float | None], vendor: Integers, default: float
) -> Floats:
    """What each line states itself, else its vendor, else the default."""
    other = [default if one is None else one for one in of_vendors]
    return array_of([other[at] if one is None else one for one, at in zip(own, vendor.tolist(), strict=True)])


@dataclass(frozen=True, eq=False)
class _Prices:
    """What each line asks first, and how far volume brings it down."""

    nouns: tuple[str, ...]
    currencies: tuple[str, ...]
    price: Floats
    noun: Integers
    currency: Integers
    lowest_step: Floats
    tiered: Flags


def _prices(case: Case, rates: Sequence[Rate], vendor: Integers) -> _Prices:
    blocks = list(case.vendors.values())
    # A vendor's lines that neither have prices of their own nor fall under tiers all ask the same.
    same = [maker.contract.price for maker in blocks]
    asked = [same[v] if rate.price is None else rate.price for rate, v in zip(rates, vendor.tolist(), strict=True)]
    lowest, tiered = np.ones(len(rates)), np.zeros(len(rates), dtype=bool)
    special = np.array([bool(maker.contract.tiers) or maker.team is not None for maker in blocks])
    for row in np.flatnonzero(special[vendor]).tolist():
        line = _line(case, rates[row])
        asked[row], lowest[row], tiered[row] = line.price, line.lowest_step, line.tiers is not None
    units: dict[tuple[tuple[str, int], ...], int] = {}
    unit = np.array(
        [units.setdefault(amount.dimensions, len(units)) for amount in asked if amount is not None], dtype=np.int32
    )
    kinds = [Quantity(1.0, dimensions) for dimensions in units]
    noun, nouns = _coded([one.per() or "item" for one in kinds])
    currency, currencies = _coded([one.currency or case.currency for one in kinds])
    price = array_of([amount.number for amount in asked if amount is not None])
    return _Prices(nouns, currencies, price, noun[unit], currency[unit], lowest, tiered)


def _coded(words: Sequence[str]) -> tuple[Integers, tuple[str, ...]]:
    """Words as positions among the different ones."""
    known = tuple(dict.fromkeys(words))
    return np.array([known.index(word) for word in words], dtype=np.int32), known


def _line(case: Case, rate: Rate) -> Line:
    """One line with its vendor and product."""
    return Line(rate, case.products[rate.product], case.vendors[rate.vendor])


def offered(case: Case, lines: RateLines) -> dict[str, RateLines]:
    """RateLines for each workflow: those on the product's menu; one that names the workflow stands before a general one.

    Raises CaseError for products that no line serves with a workflow of their menu.
    """
    menus = [set(product.workflows or case.file.workflows) for product in case.products.values()]
    pair = lines.product.astype(np.int64) * len(case.vendors) + lines.vendor
    found = {}
    for position, name in enumerate(case.workflows):
        on_menu = np.array([name in menu for menu in menus], dtype=bool)[lines.product]
        rows = np.flatnonzero(on_menu & ((lines.workflow == -1) | (lines.workflow == position)))
        _, first, same = np.unique(pair[rows], return_index=True, return_inverse=True)
        chosen = rows[first]
        own = lines.workflow[rows] == position
        np.maximum.at(chosen, same[own], rows[own])
        found[name] = lines.take(chosen[np.argsort(first)])
    _everybody_served(case, found)
    return found


def _everybody_served(case: Case, found: Mapping[str, RateLines]) -> None:
    served = {product for chosen in found.values() for product in np.unique(chosen.product).tolist()}
    problems = []
    for position, (name, product) in enumerate(case.products.items()):
        if position not in served:
            menu = ", ".join(product.workflows or case.file.workflows)
            message = f"no rate for {name} is for a workflow of its menu ({menu})"
            fix = "put the workflows its rates name on the menu, or leave the workflow of a rate blank"
            problems.append(Problem(message, case.place("products", name), fix))
    if problems:
        raise CaseError(problems)
