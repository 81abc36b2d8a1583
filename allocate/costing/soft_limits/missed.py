"""Limits that may be missed for a penalty: demand, milestones, deadlines, accuracy; by how much a plan misses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.bill.lines import Lines
from allocate.costing.limits.amounts import demand, last_period, milestones
from allocate.costing.limits.targets import accuracy_floors
from allocate.costing.soft_limits import missing
from allocate.costing.soft_limits.rules import Broken
from allocate.costing.terms.prices import in_case_currency
from allocate.numbers import Floats
from allocate.tolerances import BROKEN
from allocate.units import Quantity, kind_of


def missed_limits(lines: Lines) -> tuple[Broken, ...]:
    """Every limit with a penalty that a plan misses, product by product."""
    products = lines.case.products.values()
    if not any(
        product.demand.penalty
        or (product.deadline and product.deadline.late)
        or (product.accuracy and product.accuracy.penalty)
        or any(milestone.penalty for milestone in product.milestones)
        for product in products
    ):
        return ()
    found = [broken for part in (_demand, _milestones, _deadlines, _accuracies) for broken in part(lines)]
    return tuple(broken for _, broken in sorted(found, key=lambda pair: pair[0]))


def _noun(lines: Lines, product: int, late: Quantity | None = None) -> str:
    """What is counted of a product."""
    return missing.noun_late(lines.routes.items[product], late)


_Found = Iterator[tuple[int, Broken]]


def _missed(limit: str, about: str, amount: float, unit: str, price: float, paid: bool = False) -> Broken:
    return Broken(limit, "", "", about, amount, unit, price, amount * price, paid)


def _demand(lines: Lines) -> _Found:
    least, prices = demand(lines.case)[0], missing.demand_penalties(lines.case)
    for product in np.flatnonzero(~np.isnan(prices)).tolist():
        short = float(least[product] - lines.items[lines.product == product].sum())
        if short > BROKEN * float(least[product]):
            name = lines.routes.products[product]
            paid = lines.case.products[name].demand.cash
            yield (
                product,
                _missed(f"demand of {name}", "missing", short, _noun(lines, product), float(prices[product]), paid),
            )


def _milestones(lines: Lines) -> _Found:
    for milestone in milestones(lines.case):
        if milestone.penalty is None:
            continue
        inside, count = lines.product == milestone.product, lines.case.periods.count
        by_end = np.cumsum(np.bincount(lines.delivered[inside], lines.items[inside], minlength=count))[:count]
        short = np.maximum(milestone.items - by_end[milestone.periods - 1 :], 0.0)
        short[short <= BROKEN * milestone.items] = 0.0
        if not short[0]:
            continue
        limit = missing.milestone_name(lines.case, milestone)
        amount, about, price = float(short[0]), "missing", float(milestone.penalty[milestone.periods - 1])
        if milestone.late is not None:
            lengths = short * missing.time_missing(lines.case, milestone.late, milestone.periods - 1)
            due = [missing.falls_due(lines.case, milestone, period) for period in range(milestone.periods - 1, count)]
            amount, price = float(lengths.sum()), _average(lengths, milestone.penalty[due])
            there = np.flatnonzero(short == 0.0)
            end = (
                f"all delivered in {lines.case.periods.label(milestone.periods - 1 + int(there[0]))}"
                if len(there)
                else "some never delivered"
            )
            about = f"{short[0]:,.6g} missing, {end}"
        yield (
            milestone.product,
            _missed(limit, about, amount, _noun(lines, milestone.product, milestone.late), price, milestone.cash),
        )


def _deadlines(lines: Lines) -> _Found:
    by_kind = {cash: missing.late_prices(lines.case, cash) for cash in (False, True)}
    # What comes after the horizon is refused elsewhere; its penalty is that of the last period.
    delivered = np.minimum(lines.delivered, lines.case.periods.count - 1)
    for product, one in enumerate(lines.case.products.values()):
        if one.deadline is None or one.deadline.late is None:
            continue
        prices = by_kind[one.deadline.cash]
        assert prices is not None
        last = lines.case.periods.last_before(one.deadline.date)
        late = (lines.product == product) & (lines.delivered >= last)
        items = float(lines.items[late].sum())
        if items > 0:
            money, each = (
                lines.items[late] @ prices[product][delivered[late]],
                in_case_currency(lines.case, one.deadline.late),
            )
            price = _average(lines.items[late] * (prices[product] / each)[delivered[late]], each[delivered[late]])
            end = lines.case.periods.label(int(lines.delivered[late].max()))
            about = f"{items:,.6g} late, the last delivered in {end}"
            limit, unit = f"deadline of {lines.routes.products[product]}", _noun(lines, product, one.deadline.late)
            yield product, Broken(limit, "", "", about, money / price, unit, price, money, one.deadline.cash)


def _average(weights: Floats, prices: Floats) -> float:
    """The average of prices; where all are one, that one."""
    return float(prices[0]) if (prices == prices[0]).all() else float(weights @ prices / weights.sum())


def _accuracies(lines: Lines) -> _Found:
    prices, past = missing.accuracy_penalties(lines.case), lines.case.past
    parts = {
        "average": ("accuracy_floor", np.zeros(len(lines.items), dtype=np.int32)),
        "each-vendor": ("accuracy_floor_vendor", lines.vendor),
        "each-delivery": ("accuracy_floor_delivery", lines.delivered),
    }
    for of, (_, part) in parts.items():
        floors = accuracy_floors(lines.case, of)
        for product in np.flatnonzero(np.isfinite(floors) & ~np.isnan(prices[:, 0])).tolist():
            end = int(last_period(lines.case)[product]) - 1
            asked = lines.product == product
            if past is not None:
                apart = past.apart(f"accuracy of {lines.routes.products[product]}")
                asked &= (lines.period >= past.first) | ~np.bool_(apart)
                asked &= (lines.delivered >= past.first) | (of != "each-delivery")
            for number in np.unique(part[asked]).tolist():
                inside = asked & (part == number)
                many = float(lines.items[inside].sum())
                short = float(floors[product]) * many - float(lines.right[inside].sum())
                if short > BROKEN * many:
                    due = min(number, lines.case.periods.count - 1) if of == "each-delivery" else end
                    price = float(prices[product, due])
                    yield product, _inaccurate(lines, product, of, number, short, price)


def _inaccurate(lines: Lines, product: int, of: str, number: int, short: float, price: float) -> Broken:
    """A floor missed, in right items, or in points of the demand where its penalty is for points."""
    name, floor = lines.routes.products[product], lines.case.products[lines.routes.products[product]].accuracy
    assert floor is not None
    assert floor.penalty is not None
    limit = f"accuracy of {name}"
    if of == "each-vendor":
        limit += f" by {lines.routes.vendors[number]}"
    elif of == "each-delivery":
        limit += f" delivered in {lines.case.periods.label(number)}"
    if kind_of(floor.penalty) == "money/points":
        points = 100.0 * short / float(demand(lines.case)[0][product])
        return Broken(limit, "", "", "missing", points, "points", price * short / points, price * short)
    return _missed(limit, "right ones missing", short, _noun(lines, product), price)
