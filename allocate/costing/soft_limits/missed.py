"""Limits that may be missed for a penalty: demand, milestones, deadlines, accuracy; by how much a plan misses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing import limits
from allocate.costing.routes import Routes
from allocate.costing.soft_limits import missing
from allocate.costing.soft_limits.rules import Broken
from allocate.costing.supply.reach import last_period
from allocate.costing.terms.prices import in_case_currency
from allocate.tolerances import BROKEN
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Made:
    """A plan's quantities as positions, arrays of one entry per line."""

    case: Case
    routes: Routes
    product: Integers
    delivered: Integers
    """Position of the period each line is delivered in."""
    vendor: Integers
    items: Floats
    right: Floats
    """Items that count as right against accuracy floors."""

    def noun(self, product: int, late: Quantity | None = None) -> str:
        """What is counted of a product."""
        return missing.noun_late(self.routes.items[product], late)


def missed_limits(case: Case, ways: Routes, route: Integers, period: Integers, items: Floats) -> tuple[Broken, ...]:
    """Every limit with a penalty that a plan misses, product by product; lines as positions, arrays of one length."""
    products = case.products.values()
    if not any(
        product.demand.penalty
        or (product.deadline and product.deadline.late)
        or (product.accuracy and product.accuracy.penalty)
        or any(one.penalty for one in product.milestones)
        for product in products
    ):
        return ()
    delivered = period + ways.lead[route]
    made = _Made(case, ways, ways.product[route], delivered, ways.vendor[route], items, items * ways.assured[route])
    found = [one for part in (_demand, _milestones, _deadlines, _accuracies) for one in part(made)]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


_Found = Iterator[tuple[int, Broken]]


def _missed(limit: str, about: str, amount: float, unit: str, price: float, paid: bool = False) -> Broken:
    return Broken(limit, "", "", about, amount, unit, price, amount * price, paid)


def _demand(made: _Made) -> _Found:
    least, prices = limits.demand(made.case)[0], missing.demand_penalties(made.case)
    for product in np.flatnonzero(~np.isnan(prices)).tolist():
        short = float(least[product] - made.items[made.product == product].sum())
        if short > BROKEN * float(least[product]):
            name = made.routes.products[product]
            paid = made.case.products[name].demand.cash
            yield (
                product,
                _missed(f"demand of {name}", "missing", short, made.noun(product), float(prices[product]), paid),
            )


def _milestones(made: _Made) -> _Found:
    for one in limits.milestones(made.case):
        if one.penalty is None:
            continue
        mine, count = made.product == one.product, made.case.periods.count
        by_end = np.cumsum(np.bincount(made.delivered[mine], made.items[mine], minlength=count))
        short = np.maximum(one.items - by_end[one.periods - 1 :], 0.0)
        short[short <= BROKEN * one.items] = 0.0
        if not short[0]:
            continue
        limit = missing.milestone_name(made.case, one)
        amount, about, price = float(short[0]), "missing", float(one.penalty[one.periods - 1])
        if one.late is not None:
            lengths = short * missing.time_missing(made.case, one.late, one.periods - 1)
            due = [missing.falls_due(made.case, one, period) for period in range(one.periods - 1, count)]
            amount, price = float(lengths.sum()), _average(lengths, one.penalty[due])
            there = np.flatnonzero(short == 0.0)
            end = (
                f"all there in {made.case.periods.label(one.periods - 1 + int(there[0]))}"
                if len(there)
                else "some for good"
            )
            about = f"{short[0]:,.6g} missing, {end}"
        yield one.product, _missed(limit, about, amount, made.noun(one.product, one.late), price, one.cash)


def _deadlines(made: _Made) -> _Found:
    by_kind = {cash: missing.late_prices(made.case, cash) for cash in (False, True)}
    for product, one in enumerate(made.case.products.values()):
        if one.deadline is None or one.deadline.late is None:
            continue
        prices = by_kind[one.deadline.cash]
        assert prices is not None
        last = made.case.periods.last_before(one.deadline.date)
        late = (made.product == product) & (made.delivered >= last)
        items = float(made.items[late].sum())
        if items > 0:
            money, each = (
                made.items[late] @ prices[product][made.delivered[late]],
                in_case_currency(made.case, one.deadline.late),
            )
            price = _average(
                made.items[late] * (prices[product] / each)[made.delivered[late]], each[made.delivered[late]]
            )
            end = made.case.periods.label(int(made.delivered[late].max()))
            about = f"{items:,.6g} late, the last delivered in {end}"
            limit, unit = f"deadline of {made.routes.products[product]}", made.noun(product, one.deadline.late)
            yield product, Broken(limit, "", "", about, money / price, unit, price, money, one.deadline.cash)


def _average(weights: Floats, prices: Floats) -> float:
    """The average of prices; where all are one, that one."""
    return float(prices[0]) if (prices == prices[0]).all() else float(weights @ prices / weights.sum())


def _accuracies(made: _Made) -> _Found:
    prices = missing.accuracy_penalties(made.case)
    parts = {
        "average": ("accuracy_floor", np.zeros(len(made.items), dtype=np.int32)),
        "each-vendor": ("accuracy_floor_vendor", made.vendor),
        "each-delivery": ("accuracy_floor_delivery", made.delivered),
    }
    for of, (_, part) in parts.items():
        floors = limits.accuracy_floors(made.case, of)
        for product in np.flatnonzero(np.isfinite(floors) & ~np.isnan(prices[:, 0])).tolist():
            end = int(last_period(made.case)[product]) - 1
            for number in np.unique(part[made.product == product]).tolist():
                inside = (made.product == product) & (part == number)
                many = float(made.items[inside].sum())
                short = float(floors[product]) * many - float(made.right[inside].sum())
                if short > BROKEN * many:
                    price = float(prices[product, number if of == "each-delivery" else end])
                    yield product, _inaccurate(made, product, of, number, short, price)


def _inaccurate(made: _Made, product: int, of: str, number: int, short: float, price: float) -> Broken:
    """A floor missed, in right items, or in points of the demand where its penalty is for points."""
    name, floor = made.routes.products[product], made.case.products[made.routes.products[product]].accuracy
    assert floor is not None
    assert floor.penalty is not None
    limit = f"accuracy of {name}"
    if of == "each-vendor":
        limit += f" by {made.routes.vendors[number]}"
    elif of == "each-delivery":
        limit += f" delivered in {made.case.periods.label(number)}"
    if kind_of(floor.penalty) == "money/points":
        points = 100.0 * short / float(limits.demand(made.case)[0][product])
        return Broken(limit, "", "", "missing", points, "points", price * short / points, price * short)
    return _missed(limit, "right ones missing", short, made.noun(product), price)
