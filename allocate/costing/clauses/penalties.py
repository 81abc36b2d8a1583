"""Penalties: limits that are missed for money, demand, milestones and deadlines whose penalty is paid."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.by_time import times
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.limits.amounts import demand, last_period, milestones
from allocate.costing.soft_limits import missing
from allocate.costing.terms.prices import in_case_currency
from allocate.exact import element, total
from allocate.numbers import above, may_be, when
from allocate.tolerances import BROKEN
from allocate.units import Quantity


def owed(ledger: Ledger) -> Owed:
    """What is paid for items missing or late, to none of the vendors, in the period it falls due."""
    lines = ledger.lines
    return Owed([*_demand(lines), *_milestones(lines), *_deadlines(lines)])


def _entry(
    lines: Lines, product: int, about: str, many: float, price: float, period: int, late: Quantity | None = None
) -> Entry:
    label, unit = lines.case.periods.label(period), missing.noun_late(lines.routes.items[product], late)
    return Entry("", label, "penalty", about, many, unit, price, many * price, period, (product,))


def _demand(lines: Lines) -> Iterator[Entry]:
    """Items missing in the end."""
    least, prices = demand(lines.case)[0], missing.demand_penalties(lines.case)
    for product, (name, one) in enumerate(lines.case.products.items()):
        if one.demand.cash:
            short = _missing(float(least[product]), total(lines.items[lines.product == product]))
            if may_be(short):
                period = int(last_period(lines.case)[product]) - 1
                yield _entry(lines, product, f"demand of {name}", short, element(prices[product]), period)


def _missing(asked: float, there: float) -> float:
    """Items missing of those asked for, but for rounding."""
    short = asked - there
    return when(above(short, BROKEN * asked), short, 0.0)  # type: ignore[no-any-return]


def _milestones(lines: Lines) -> Iterator[Entry]:
    """Items missing at a milestone, or in each week until they come."""
    for milestone in milestones(lines.case):
        if not milestone.cash or milestone.penalty is None:
            continue
        name, due = missing.milestone_name(lines.case, milestone), milestone.periods - 1
        weeks = missing.time_missing(lines.case, milestone.late, due).tolist() if milestone.late else [1.0]
        for number, length in enumerate(weeks):
            there = (lines.product == milestone.product) & (lines.delivered <= due + number)
            short = _missing(milestone.items, total(lines.items[there]))
            if may_be(short):
                period = missing.falls_due(lines.case, milestone, due + number)
                price = element(milestone.penalty[period])
                yield _entry(lines, milestone.product, name, short * length, price, period, milestone.late)


def _deadlines(lines: Lines) -> Iterator[Entry]:
    """Items that come later than they should, each by its weeks, when they come."""
    for product, (name, one) in enumerate(lines.case.products.items()):
        due = one.deadline
        if due is None or not due.cash or due.late is None:
            continue
        last, lengths = lines.case.periods.last_before(due.date), times(lines.case.periods, due.late)
        for period in range(last, lines.case.periods.count):
            items = total(lines.items[(lines.product == product) & (lines.delivered == period)])
            if may_be(items):
                price = element(in_case_currency(lines.case, due.late)[period])
                late = float(sum(lengths[last : period + 1]))
                yield _entry(lines, product, f"deadline of {name}", items * late, price, period, due.late)


CLAUSE = Clause("penalties", owed)
