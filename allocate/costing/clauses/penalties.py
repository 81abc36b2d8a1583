"""Entries of an invoice for limits that are missed for money: demand, milestones, deadlines whose penalty is paid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from allocate.case.by_time import times
from allocate.costing import limits
from allocate.costing.bill.entries import Bought, Entry
from allocate.costing.soft_limits import missing
from allocate.costing.supply.reach import last_period
from allocate.costing.terms.prices import in_case_currency
from allocate.exact import total
from allocate.tolerances import BROKEN
from allocate.units import Quantity

CLAUSE = "penalty"
Integers = NDArray[np.int32]


def penalties_owed(bought: Bought) -> Iterator[Entry]:
    """What is paid for items missing or late, to none of the vendors, in the period it falls due."""
    delivered = (bought.period + bought.routes.lead[bought.route]).astype(np.int32)
    yield from _demand(bought)
    yield from _milestones(bought, delivered)
    yield from _deadlines(bought, delivered)


def _entry(
    bought: Bought, product: int, about: str, many: float, price: float, period: int, late: Quantity | None = None
) -> Entry:
    label, unit = bought.case.periods.label(period), missing.noun_late(bought.routes.items[product], late)
    return Entry("", label, CLAUSE, about, many, unit, price, many * price, period, (product,))


def _demand(bought: Bought) -> Iterator[Entry]:
    """Items missing in the end."""
    least, prices = limits.demand(bought.case)[0], missing.demand_penalties(bought.case)
    for product, (name, one) in enumerate(bought.case.products.items()):
        if one.demand.cash:
            short = float(least[product]) - total(bought.items[bought.product == product])
            if short > BROKEN * float(least[product]):
                period = int(last_period(bought.case)[product]) - 1
                yield _entry(bought, product, f"demand of {name}", short, float(prices[product]), period)


def _milestones(bought: Bought, delivered: Integers) -> Iterator[Entry]:
    """Items missing at a milestone, or in each week until they come."""
    for one in limits.milestones(bought.case):
        if not one.cash or one.penalty is None:
            continue
        name, due = missing.milestone_name(bought.case, one), one.periods - 1
        weeks = missing.time_missing(bought.case, one.late, due).tolist() if one.late else [1.0]
        for number, length in enumerate(weeks):
            there = (bought.product == one.product) & (delivered <= due + number)
            short = one.items - total(bought.items[there])
            if short > BROKEN * one.items:
                period = missing.falls_due(bought.case, one, due + number)
                price = float(one.penalty[period])
                yield _entry(bought, one.product, name, short * length, price, period, one.late)


def _deadlines(bought: Bought, delivered: Integers) -> Iterator[Entry]:
    """Items that come later than they should, each by its weeks, when they come."""
    for product, (name, one) in enumerate(bought.case.products.items()):
        due = one.deadline
        if due is None or not due.cash or due.late is None:
            continue
        last, lengths = bought.case.periods.last_before(due.date), times(bought.case.periods, due.late)
        for period in range(last, bought.case.periods.count):
            items = total(bought.items[(bought.product == product) & (delivered == period)])
            if items > 0:
                price = float(in_case_currency(bought.case, due.late)[period])
                late = float(sum(lengths[last : period + 1]))
                yield _entry(bought, product, f"deadline of {name}", items * late, price, period, due.late)
