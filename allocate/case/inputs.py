"""What a study can vary by itself: the inputs of a case, each with the values it stands for and their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from allocate.case.clauses.price_lock import NAMED, written_at
from allocate.case.clauses.wages import EMPLOYED
from allocate.case.document import Path_
from allocate.case.paths import dotted_in, in_whole, scaled, with_errors

if TYPE_CHECKING:
    from allocate.case.context import Context
    from allocate.case.load import Case

EFFECTS = ("hours", "accuracy", "price", "capacity")
"""What a lever may change, each by an amount of its own."""
Change = Callable[[Any, Decimal], str | None]


@dataclass(frozen=True)
class Input:
    """Values of a case that move together, as one thing a planner may be wrong about."""

    name: str
    values: tuple[tuple[str, Any], ...]
    """Dotted path and what is written there, of each value."""
    place: str
    """Where the first of them is written."""
    change: Change = scaled
    """How a value is changed by a factor: itself, or for accuracies their errors."""

    def settings(self, factor: Decimal) -> dict[str, str]:
        """The values times a factor, as `--set` takes them; those that cannot be changed so are left out."""
        found = {path: self.change(value, factor) for path, value in self.values}
        return {path: value for path, value in found.items() if value is not None}


def inputs(case: Case | Context) -> tuple[Input, ...]:
    """The inputs of a case: budget, hurdle, and by name prices, wages, fees, errors, people, demand, worth, work, exchange."""
    found = [*_whole_case(case)]
    for vendor in case.file.vendors:
        found += _of_vendor(case, vendor)
    for product in case.file.products:
        found += _of_product(case, product)
    for workflow in case.document.data.get("workflows") or {}:
        proposed: Path_ = ("workflows", workflow, "pre-label")
        steps = [(*step, "amount") for step in _each(case, (*proposed, "cost-steps"))]
        found.append(_made(case, f"API price of {workflow}", [(*proposed, "cost"), *steps]))
        found.append(_made(case, f"time left by proposals of {workflow}", [(*proposed, "time-factor")]))
    for lever in case.document.data.get("levers") or {}:
        costs: list[Path_] = [written_at(("levers", lever, key)) for key in ("cost", "running-cost")]
        found.append(_made(case, f"cost of lever {lever}", costs))
        effects = _each(case, ("levers", lever, "effect"))
        works = [(*at, key) for at in effects for key in EFFECTS]
        found.append(_made(case, f"effect of lever {lever}", works))
        locked = [written_at((*at, "locked-price")) for at in effects]
        found.append(_made(case, f"locked price of {lever.removeprefix(NAMED)}", locked))
    return tuple(one for one in found if one is not None)


def input_at(case: Case | Context, path: str, at: Path_) -> Input | None:
    """The value at a path as an input by itself; None where it is not an amount."""
    change = with_errors if at[-1] == "accuracy" or "accuracy" in at[-2:] else scaled
    return _made(case, path, [at], change)


def _made(case: Case | Context, name: str, places: list[Path_], change: Change = scaled) -> Input | None:
    """An input of the values at some paths; None where nothing is written at any of them."""
    values = []
    for path in places:
        value = case.document.get(path)
        if value is not None and change(value, Decimal(1)) is not None:
            values.append((dotted_in(case.document.data, path, _several(case, path)), value, path))
    if not values:
        return None
    place = case.document.place(values[0][2])
    more = f" and {len(values) - 1} more" if len(values) > 1 else ""
    return Input(name, tuple((path, value) for path, value, _ in values), f"{place or 'case'}{more}", change)


def _several(case: Case | Context, path: Path_) -> tuple[tuple[str, str], ...]:
    """The pair of a line of the rate card, where it has other lines too."""
    if path[0] != "rates":
        return ()
    rate = case.file.rates[int(path[1])]
    return ((rate.product, rate.vendor),) if len(case.rate_card.of_pair(rate.product, rate.vendor)) > 1 else ()


def _whole_case(case: Case | Context) -> Iterator[Input | None]:
    yield _made(case, "budget", [("budget",), ("budget", "total")])
    yield _made(case, "hurdle", [("hurdle",)])
    for currency in case.document.data.get("exchange") or {}:
        steps = case.document.get(("exchange", currency))
        count = len(steps) if isinstance(steps, list) else 0
        paths: list[Path_] = [("exchange", currency), *(("exchange", currency, n, "rate") for n in range(count))]
        yield _made(case, f"exchange rate of {currency}", paths)
    yield _made(case, "wage of the review team", [("review-team", "wage")])
    yield _made(case, "hours of the review team", [("review-team", "capacity"), ("review-team", "hours")])
    yield _made(case, "people of the review team", [("review-team", "people")], in_whole)


def _of_vendor(case: Case | Context, vendor: str) -> Iterator[Input | None]:
    here: Path_ = ("vendors", vendor)
    rows = [n for n, _ in case.rate_card.of_vendor(vendor)]
    prices = [path for n in rows for path in _parts_of_price(case, ("rates", n))]
    prices = [*_parts_of_price(case, (*here, "contract")), *prices, *_steps_of_price(case, (*here, "contract"))]
    employed = _employed(case, vendor)
    yield _made(case, f"{'wages' if employed else 'prices'} of {vendor}", prices)
    yield from _of_team(case, vendor, here)
    yield from _fees(case, vendor, here)
    accuracies: list[Path_] = [(*here, "accuracy"), *(("rates", n, "accuracy") for n in rows)]
    yield _made(case, f"errors of {vendor}", accuracies, with_errors)
    calendar = [n for n, row in enumerate(case.file.calendar) if row.vendor == vendor]
    changes = case.document.get((*here, "capacity-steps")) or []
    amounts: list[Path_] = [(*here, "capacity"), *([] if employed else [(*here, "people")])]
    amounts += [(*here, "capacity-steps", n, "amount") for n in range(len(changes))]
    amounts += [("calendar", n, "capacity") for n in calendar]
    yield _made(case, f"capacity of {vendor}", amounts)


def _of_team(case: Case | Context, vendor: str, here: Path_) -> Iterator[Input | None]:
    """What people of your own are paid, and how many they are; a head count moves by whole people."""
    team: Path_ = (*here, "team")
    yield _made(case, f"wages of {vendor}", [(*team, "wage")])
    heads: list[Path_] = [(*team, "people"), *([(*here, "people")] if _employed(case, vendor) else [])]
    yield _made(case, f"people of {vendor}", heads, in_whole)
    yield _made(case, f"seats of {vendor}", [(*team, "shifts", "seats")], in_whole)
    shifts = [(*shift, "cost") for shift in _each(case, (*team, "shifts", "further"))]
    yield _made(case, f"cost of shifts of {vendor}", shifts)
    joining: list[Path_] = [(*team, key, "cost") for key in ("hire", "release", "turnover")]
    yield _made(case, f"cost of hiring and release of {vendor}", joining)


def _employed(case: Case | Context, vendor: str) -> bool:
    return bool(case.document.get(("vendors", vendor, "staffing")) == EMPLOYED)


def _fees(case: Case | Context, vendor: str, here: Path_) -> Iterator[Input | None]:
    """What a vendor is paid beside its prices: the platform fee, and what does not depend on the items."""
    blocks = _each(case, (*here, "platform-fee"))
    platform = [path for at in blocks for path in (at, *((*at, key) for key in ("amount", "plus", "at-least")))]
    platform += [(*step, "amount") for step in _each(case, (*here, "platform-fee-steps"))]
    yield _made(case, f"platform fee of {vendor}", platform)
    fees: Path_ = (*here, "contract", "fees")
    fixed: list[Path_] = [(*here, "onboarding"), *((*fees, key) for key in ("onboarding", "product-start", "retainer"))]
    fixed += [(*seat, "price") for seat in _each(case, (*fees, "seat"))]
    yield _made(case, f"fixed fees of {vendor}", fixed)


def _parts_of_price(case: Case | Context, block: Path_) -> Iterator[Path_]:
    """The price of a contract or a line of the rate card, and its further parts."""
    return iter([(*block, "price"), *_each(case, (*block, "plus"))])


def _steps_of_price(case: Case | Context, contract: Path_) -> Iterator[Path_]:
    """Prices in the steps of tiers and of volume discounts."""
    for key in ("tiers", "volume-discount"):
        for block in _each(case, (*contract, key)):
            for step in _each(case, (*block, "steps")):
                yield (*step, "price")
                yield from ((*step, "prices", product) for product in case.document.get((*step, "prices")) or {})


def _each(case: Case | Context, path: Path_) -> list[Path_]:
    """The entries of a list, or what stands in place of one."""
    written = case.document.get(path)
    return [(*path, n) for n in range(len(written))] if isinstance(written, list) else [path]


def _of_product(case: Case | Context, product: str) -> Iterator[Input | None]:
    here: Path_ = ("products", product)
    milestones = case.document.get((*here, "milestones")) or []
    demand: list[Path_] = [(*here, "demand")]
    demand += [(*here, "demand", key) for key in ("exactly", "at-least", "at-most")]
    demand += [(*here, "milestones", n, "at-least") for n in range(len(milestones))]
    demand += [(*need, "items") for need in _each(case, (*here, "stock", "needs"))]
    yield _made(case, f"demand for {product}", demand)
    worth = [(*step, "worth") for step in _each(case, (*here, "value", "steps"))]
    yield _made(case, f"worth of {product}", [(*here, "value", "worth"), *worth])
    drivers = case.document.get((*here, "drivers")) or {}
    work: list[Path_] = [(*here, "effort"), *((*here, "drivers", name) for name in drivers)]
    yield _made(case, f"work in {product}", work)
    yield _made(case, f"error cost of {product}", [(*here, "error-cost")])
