"""What missing a demand, a milestone or a deadline costs where it is money paid, when it falls due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.tolerances import BROKEN
from allocate.units import Quantity
from allocate.verification.by_time import lengths
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """Every penalty that is paid, to none of the vendors."""
    return Owed([*_demand(work), *_milestones(work), *_deadlines(work)])


def _entry(work: Work, product: int, about: str, many: Number, penalty: Quantity, period: int) -> Entry:
    noun = work.stated.nouns[product]
    unit, price = f"{noun}-{penalty.time}s" if penalty.time else noun, worth(work.case, penalty, period)
    return Entry("", work.label(period), "penalty", about, many, unit, price, many * price, period, (product,))


def _demand(work: Work) -> Iterator[Entry]:
    """Items missing in the end."""
    for product, (name, asked) in enumerate(work.case.products.items()):
        least, penalty = asked.demand.exactly or asked.demand.at_least, asked.demand.penalty
        if asked.demand.cash and least is not None and penalty is not None:
            short = least.number - work.summed(work.items, work.product == product)
            if short > BROKEN * least.number:
                yield _entry(work, product, f"demand of {name}", short, penalty, work.stated.last_periods[product] - 1)


def _milestones(work: Work) -> Iterator[Entry]:
    """Items missing at a milestone, or in each week until they come."""
    periods, delivered = work.case.periods, work.period + work.lead
    for product, (name, asked) in enumerate(work.case.products.items()):
        for milestone in asked.milestones:
            if not milestone.cash or milestone.penalty is None:
                continue
            due, penalty = periods.last_before(milestone.by) - 1, milestone.penalty
            times = [1.0]
            if penalty.time is not None:
                each = lengths(periods, penalty).tolist()
                times = [*each[due + 1 :], each[-1]]
            for number, length in enumerate(times):
                there = (work.product == product) & (delivered <= due + number)
                short = milestone.at_least.number - work.summed(work.items, there)
                if short > BROKEN * milestone.at_least.number:
                    period = due + number if penalty.time is None else min(due + number + 1, periods.count - 1)
                    about = f"milestone of {name} by {work.label(due)}"
                    yield _entry(work, product, about, short * length, penalty, period)


def _deadlines(work: Work) -> Iterator[Entry]:
    """Items that come later than they should, each by its weeks, when they come."""
    delivered = work.period + work.lead
    for product, (name, asked) in enumerate(work.case.products.items()):
        due = asked.deadline
        if due is None or not due.cash or due.late is None:
            continue
        last, each = work.case.periods.last_before(due.date), lengths(work.case.periods, due.late)
        for period in range(last, work.case.periods.count):
            items = work.summed(work.items, (work.product == product) & (delivered == period))
            if items > 0:
                late = items * float(each[last : period + 1].sum())
                yield _entry(work, product, f"deadline of {name}", late, due.late, period)
