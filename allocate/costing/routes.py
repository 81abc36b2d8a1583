"""The routes table: every way to get a label, one row per product, vendor and workflow, with its unit economics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Product, Rate, Vendor, Workflow
from allocate.costing import effort, quality
from allocate.costing.prices import exchange_rates, price_factors
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Routes:
    """Unit economics of every route; arrays have shape (R,), by period (R, T), money in the case's currency per item."""

    products: tuple[str, ...]
    vendors: tuple[str, ...]
    workflows: tuple[str, ...]
    items: tuple[str, ...]
    """Item noun of each product."""
    currency: str
    product: Integers
    """Position of each route's product, and so on."""
    vendor: Integers
    workflow: Integers
    basis: tuple[str, ...]
    """What each route's price counts."""
    standard_time: Floats
    """Hours of standard time of an item of each product, shape (P,)."""
    equivalent_units: Floats
    hours: Floats
    """Hours the vendor works per delivered item: all passes, rework included."""
    review_hours: Floats
    """Hours of the review team per delivered item."""
    price: Floats
    """(R, T) what the vendor's contract asks per delivered item."""
    rework: Floats
    """(R, T) part of the price that pays for work done again."""
    platform_fee: Floats
    """(R, T)"""
    usage: Floats
    """(R, T) API price of pre-labelling."""
    review_cost: Floats
    """(R, T)"""
    accuracy: Floats
    """Share of delivered items that are right."""
    effective: Floats
    """Effective labels per delivered item."""
    error_cost: Floats
    """(R, T) downstream cost of escaped errors per item; not part of the spend."""
    lead: Integers
    """Periods from work to delivery."""
    pair_capacity: Floats
    """(R,) most items a week of the route's rate line; infinite where none is stated."""

    @property
    def count(self) -> int:
        """Number of routes."""
        return len(self.product)

    @cached_property
    def unit_cost(self) -> Floats:
        """(R, T) decision-relevant cost of one more delivered item: price, fee, usage and review."""
        return self.price + self.platform_fee + self.usage + self.review_cost

    @cached_property
    def table(self) -> pd.DataFrame:
        """The routes as a tidy table, prices of the first period; columns are explained by `COLUMNS`."""
        import pandas as pd

        first = self.unit_cost[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            per_accurate = np.where(self.accuracy > 0, first / self.accuracy, np.inf)
            per_eu = np.where(self.equivalent_units > 0, first / self.equivalent_units, np.nan)
        names = {
            "product": [self.products[p] for p in self.product],
            "vendor": [self.vendors[v] for v in self.vendor],
            "workflow": [self.workflows[w] for w in self.workflow],
            "item": [self.items[p] for p in self.product],
            "basis": list(self.basis),
        }
        return pd.DataFrame(
            {
                **names,
                "equivalent_units": self.equivalent_units,
                "hours": self.hours,
                "review_hours": self.review_hours,
                "price": self.price[:, 0],
                "rework": self.rework[:, 0],
                "platform_fee": self.platform_fee[:, 0],
                "usage": self.usage[:, 0],
                "review_cost": self.review_cost[:, 0],
                "unit_cost": first,
                "unit_cost_last": self.unit_cost[:, -1],
                "accuracy": self.accuracy,
                "cost_per_accurate_item": per_accurate,
                "cost_per_eu": per_eu,
                "effective_labels": self.effective,
                "error_cost": self.error_cost[:, 0],
                "lead": self.lead,
            }
        )


COLUMNS: dict[str, tuple[str, str]] = {
    "product": ("", "the AI product the item is for"),
    "vendor": ("", "who makes the label"),
    "workflow": ("", "how the item is made and checked"),
    "item": ("", "what is ordered and delivered"),
    "basis": ("", "what the price counts: the item, a label, a box, an hour, an equivalent unit"),
    "equivalent_units": ("EU/item", "standard time of the item over that of the model's reference unit"),
    "hours": ("h/item", "hours the vendor works per delivered item, all passes and rework"),
    "review_hours": ("h/item", "hours of your review team per delivered item"),
    "price": ("money/item", "what the vendor's contract asks per delivered item in the first period, rework included"),
    "rework": ("money/item", "the part of the price that pays for work done again"),
    "platform_fee": ("money/item", "platform fee on top of the price"),
    "usage": ("money/item", "API price of pre-labelling"),
    "review_cost": ("money/item", "review hours times the review team's wage"),
    "unit_cost": ("money/item", "decision-relevant cost: price + platform fee + usage + review"),
    "unit_cost_last": ("money/item", "the same in the last period, after season, escalation and exchange rates"),
    "accuracy": ("share", "items right at delivery, after the workflow"),
    "cost_per_accurate_item": ("money/item", "unit cost / accuracy: the true cost of an item that is right"),
    "cost_per_eu": ("money/EU", "unit cost / equivalent units: comparable across products"),
    "effective_labels": ("labels/item", "what one delivered item is worth in training, after label noise"),
    "error_cost": ("money/item", "downstream cost of escaped errors: error cost x (1 - accuracy); not spent"),
    "lead": ("periods", "from work to delivery"),
}
"""Unit and meaning of every column of the routes table."""


@dataclass(frozen=True)
class _Line:
    """One pair of the rate card with its vendor and product, before workflows are applied."""

    product: int
    vendor: int
    rate: Rate
    workflow: str | None


@dataclass(frozen=True)
class _Work:
    """What a workflow does to hours, accuracy and review time of a batch of lines; all of shape (N,)."""

    passes: float
    repeat: Floats
    hours: Floats
    review_hours: Floats
    accuracy: Floats
    usage: float
    usage_currency: str | None


def routes(case: Case) -> Routes:
    """Every route of a case with its unit economics; one batch of arithmetic per workflow.

    Raises CaseError where a product's figures make no workflow possible.
    """
    standard = standard_times(case)
    lines = _lines(case)
    batches = [_batch(case, name, workflow, lines, standard) for name, workflow in case.workflows.items()]
    batches = [batch for batch in batches if batch is not None]
    order = _order(batches)
    joined = {
        key: np.concatenate([np.asarray(batch[key]) for batch in batches])[order]
        for key in batches[0]
        if key != "basis"
    }
    basis = np.concatenate([np.array(batch["basis"], dtype=object) for batch in batches])[order]
    return Routes(
        products=tuple(case.products),
        vendors=tuple(case.vendors),
        workflows=tuple(case.workflows),
        items=tuple(item_of(case, product) for product in case.products.values()),
        currency=case.currency,
        basis=tuple(basis),
        standard_time=standard,
        **joined,
    )


def _order(batches: list[dict[str, object]]) -> Integers:
    keys = [np.concatenate([np.asarray(batch[key]) for batch in batches]) for key in ("workflow", "vendor", "product")]
    return np.lexsort(keys).astype(np.int32)


def item_of(case: Case, product: Product) -> str:
    """The noun of what a product orders."""
    return product.item or case.model.tasks[product.task or ""].item


def standard_times(case: Case) -> Floats:
    """Standard time of one item of each product, h, shape (P,): its own effort, or its task's time equation."""
    return np.array([_standard_time(case, product) for product in case.products.values()])


def _standard_time(case: Case, product: Product) -> float:
    task = case.model.tasks.get(product.task) if product.task else None
    factors = list(product.complexity.values())
    if product.effort is not None or task is None:
        base, times, counts = product.effort, [], []
    else:
        base = task.base
        times = [time.number for time in task.drivers.values()]
        counts = [driver_count(case, product, driver) for driver in task.drivers]
    seconds = effort.standard_time(
        base.number * 3600.0 if base else 0.0, np.array(times) * 3600.0, np.array(counts), float(np.prod(factors))
    )
    return float(seconds) / 3600.0


def driver_count(case: Case, product: Product, driver: str) -> float:
    """How many of a driver an item of the product has: the product's figure, else the task's default."""
    if driver in product.drivers:
        return product.drivers[driver].number
    task = case.model.tasks.get(product.task) if product.task else None
    return task.default_drivers[driver].number if task is not None and driver in task.default_drivers else 0.0


def reference_time(case: Case) -> float:
    """Standard time of the model's reference unit, h."""
    task = case.model.tasks[case.model.reference]
    counts = {**task.default_drivers, **case.model.reference_drivers}
    return task.base.number + sum(time.number * counts[driver].number for driver, time in task.drivers.items())


def _lines(case: Case) -> list[_Line]:
    products = {name: position for position, name in enumerate(case.products)}
    vendors = {name: position for position, name in enumerate(case.vendors)}
    if case.file.rates:
        return [_Line(products[r.product], vendors[r.vendor], r, r.workflow) for r in case.file.rates]
    return [
        _Line(products[p], vendors[v], Rate(product=p, vendor=v), None)
        for p in case.products
        for v, vendor in case.vendors.items()
        if vendor.contract.price is not None
    ]


def _offered(case: Case, name: str, lines: list[_Line]) -> list[_Line]:
    """Lines for a workflow: those on the product's menu; a line that names the workflow stands before a general one."""
    menus = [set(product.workflows or case.file.workflows) for product in case.products.values()]
    chosen: dict[tuple[int, int], _Line] = {}
    for line in lines:
        if name in menus[line.product] and line.workflow in (None, name):
            pair = (line.product, line.vendor)
            if pair not in chosen or line.workflow is not None:
                chosen[pair] = line
    return list(chosen.values())


def _batch(case: Case, name: str, workflow: Workflow, lines: list[_Line], standard: Floats) -> dict[str, object] | None:
    offered = _offered(case, name, lines)
    if not offered:
        return None
    vendors, products = list(case.vendors.values()), list(case.products.values())
    product = np.array([line.product for line in offered], dtype=np.int32)
    vendor = np.array([line.vendor for line in offered], dtype=np.int32)
    finished = np.array([line.workflow is not None for line in offered])
    work = _work(case, workflow, offered, standard[product], finished)
    eu = effort.equivalent_units(standard[product], reference_time(case))
    money = _money(case, offered, work, eu, finished)
    classes = np.array([_classes(case, products[p]) for p in product])
    weights = quality.label_weight(work.accuracy)
    noisy = np.isfinite(classes)
    if noisy.any():
        weights[noisy] = quality.label_weight(work.accuracy[noisy], classes[noisy])
    lead = [case.periods.lead(line.rate.lead or vendors[line.vendor].lead) for line in offered]
    return {
        "product": product,
        "vendor": vendor,
        "workflow": np.full(len(offered), list(case.workflows).index(name), dtype=np.int32),
        "equivalent_units": eu,
        "hours": work.hours,
        "review_hours": work.review_hours,
        "accuracy": work.accuracy,
        "effective": weights,
        "error_cost": _error_cost(case, product, work.accuracy),
        "lead": np.array(lead, dtype=np.int32),
        "pair_capacity": np.array([_pair_capacity(line.rate) for line in offered]),
        **money,
    }


def _pair_capacity(rate: Rate) -> float:
    return np.inf if rate.capacity is None else rate.capacity.number


def _classes(case: Case, product: Product) -> float:
    """Number of classes where symmetric noise applies, nan where an item counts by its accuracy."""
    task = case.model.tasks.get(product.task) if product.task else None
    classes = product.classes or (task.classes if task else None)
    return float(classes) if classes and case.model.defaults.noise == "symmetric" else np.nan


def _error_cost(case: Case, product: Integers, accuracy: Floats) -> Floats:
    rates = exchange_rates(case)
    costs = np.zeros((len(case.products), case.periods.count))
    for position, one in enumerate(case.products.values()):
        if one.error_cost is not None:
            costs[position] = one.error_cost.number * rates[one.error_cost.currency or case.currency]
    return costs[product] * (1.0 - accuracy)[:, None]


def _base(case: Case, offered: list[_Line], standard: Floats, finished: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Accuracy and hours of one pass of each line (of the finished item where the line names its workflow)."""
    vendors = list(case.vendors.values())
    accuracy, pace, productivity = [], [], []
    for line in offered:
        rate, vendor = line.rate, vendors[line.vendor]
        defaults = case.model.defaults
        accuracy.append(_first(rate.accuracy, vendor.accuracy, defaults.accuracy))
        productivity.append(_first(rate.productivity, vendor.productivity, defaults.productivity))
        pace.append(rate.pace.number if rate.pace is not None else np.nan)
    paced = np.isfinite(pace)
    hours = effort.hours_per_pass(standard * 3600.0, np.maximum(productivity, 1e-12))
    hours[paced] = effort.hours_from_pace(np.array(pace)[paced])
    return np.array(accuracy), hours


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _work(case: Case, workflow: Workflow, offered: list[_Line], standard: Floats, finished: NDArray[np.bool_]) -> _Work:
    accuracy, once = _base(case, offered, standard, finished)
    delivered, review_hours, passes = accuracy, np.zeros(len(offered)), float(workflow.passes)
    usage, currency = 0.0, None
    if workflow.pre_label is not None:
        once = np.where(finished, once, once * workflow.pre_label.time_factor)
        shift = (workflow.pre_label.accuracy_change.number if workflow.pre_label.accuracy_change else 0.0) / 100.0
        delivered = np.where(finished, delivered, np.clip(delivered + shift, 0.0, 1.0))
        if workflow.pre_label.cost is not None:
            usage, currency = workflow.pre_label.cost.number, workflow.pre_label.cost.currency
    if workflow.majority:
        delivered = quality.majority(delivered, workflow.passes, workflow.correlation)
    if workflow.adjudicate is not None:
        classes = [_classes(case, list(case.products.values())[line.product]) for line in offered]
        known = np.where(np.isfinite(classes), classes, np.inf)
        settled = quality.adjudicated_pair(delivered, workflow.adjudicate.accuracy, workflow.correlation, known)
        delivered = settled.accuracy
        review_hours = settled.adjudicated * _time(workflow.adjudicate.time, workflow.adjudicate.time_factor, standard)
    repeat = np.ones(len(offered))
    if workflow.review is not None:
        r = workflow.review
        checked = quality.review(delivered, r.share, r.catch or 0.0, _first(r.accuracy, 1.0), r.false_reject, r.rework)
        delivered, repeat = checked.accuracy, checked.passes
        review_hours = review_hours * repeat + r.share * repeat * _time(r.time, r.time_factor, standard)
        if r.rework == "reviewer":
            review_hours = review_hours + checked.rejected * standard
    delivered = np.where(finished, accuracy, delivered)
    hours = np.where(finished, once, once * passes * repeat)
    return _Work(passes, np.where(finished, 1.0, repeat), hours, review_hours, delivered, usage, currency)


def _time(fixed: Quantity | None, factor: float | None, standard: Floats) -> Floats:
    return np.full(len(standard), fixed.number) if fixed is not None else standard * (factor or 0.0)


def _money(case: Case, offered: list[_Line], work: _Work, eu: Floats, finished: NDArray[np.bool_]) -> dict[str, object]:
    """Price, rework, fee, usage and review cost of each line by period, shape (N, T), in the case's currency."""
    vendors, products = list(case.vendors.values()), list(case.products.values())
    rates, factors = exchange_rates(case), price_factors(case)
    vendor = np.array([line.vendor for line in offered])
    asked, units, paid_again, basis, fx = [], [], [], [], []
    for position, line in enumerate(offered):
        contract = vendors[line.vendor].contract
        price = line.rate.price or contract.price
        assert price is not None  # the case's checks see to it
        noun = price.per() or "item"
        basis.append({"h": "hour"}.get(noun, noun))
        asked.append(price.number)
        fx.append(rates[price.currency or case.currency])
        once = work.hours[position] / work.repeat[position]
        units.append(
            _units(case, products[line.product], noun, work.passes, once, eu[position], bool(finished[position]))
        )
        again = contract.rework_paid if contract.rework_paid is not None else noun == "h"
        paid_again.append(work.repeat[position] if again else 1.0)
    moving = np.stack(fx) * factors[vendor]
    first_time = np.array(asked) * np.array(units)
    price_rt = (first_time * np.array(paid_again))[:, None] * moving
    usage = work.usage * rates[work.usage_currency or case.currency]
    return {
        "basis": basis,
        "price": price_rt,
        "rework": price_rt - first_time[:, None] * moving,
        "platform_fee": _fees(case, vendors, vendor, work, price_rt),
        "usage": np.broadcast_to(usage, price_rt.shape).copy(),
        "review_cost": work.review_hours[:, None] * _wage(case),
    }


def _units(case: Case, product: Product, noun: str, passes: float, once: float, eu: float, finished: bool) -> float:
    """Billable units of one delivered item: `once` is its vendor hours before rework."""
    if noun == "h":
        return once
    many = 1.0 if finished and noun in ("item", item_of(case, product)) else passes
    if noun == "EU":
        return eu * many
    if noun in ("item", "label", item_of(case, product)):
        return many
    return driver_count(case, product, noun) * many


def _fees(case: Case, vendors: list[Vendor], vendor: Integers, work: _Work, price: Floats) -> Floats:
    rates = exchange_rates(case)
    fees = np.zeros_like(price)
    for position, one in enumerate(vendors):
        fee, rows = one.platform_fee, vendor == position
        if fee is None or not rows.any():
            continue
        kind = kind_of(fee)
        if kind == "fraction":
            fees[rows] = fee.number * price[rows]
            continue
        fx = rates[fee.currency or case.currency]
        many = work.hours[rows] if kind == "money/labour" else np.full(int(rows.sum()), 1.0)
        if fee.per() == "label":
            many = many * work.passes
        fees[rows] = fee.number * many[:, None] * fx
    return fees


def _wage(case: Case) -> Floats:
    team = case.file.review_team
    if team is None:
        return np.zeros(case.periods.count)
    return team.wage.number * exchange_rates(case)[team.wage.currency or case.currency]
