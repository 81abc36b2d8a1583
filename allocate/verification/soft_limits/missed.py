"""Limits that may be missed for a penalty, recomputed from the lines of a plan and the words of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from allocate.exact import rounded
from allocate.units import Quantity, kind_of
from allocate.verification.by_time import lengths
from allocate.verification.checks import Check
from allocate.verification.exchange import worth
from allocate.verification.work import Work


def may(work: Work, check: Check, penalty: Quantity | None, listed: str, due: int, times: float = 1.0) -> Check:
    """The check of a limit with the penalty for which it may be missed, if it may.

    due: position of the period it falls due in, at whose exchange rate it counts. times: units of it in one of the check's.
    """
    if penalty is None:
        return check
    return replace(check, penalty=worth(work.case, penalty, due) * times, listed=listed)


def accuracy(work: Work, check: Check, product: int, whose: str) -> Check:
    """The check of an accuracy floor with its penalty for each right item missing, if it has one."""
    name = work.stated.products[product]
    asked = work.case.products[name]
    penalty = asked.accuracy.penalty if asked.accuracy is not None else None
    times = 1.0
    if penalty is not None and kind_of(penalty) == "money/points":
        least = asked.demand.exactly or asked.demand.at_least
        assert least is not None
        if least.number == 0:
            return check  # of nothing there are no points, and nothing is made
        times = 100.0 / least.number
    end = work.stated.last_periods[product] - 1
    due = min(check.key[1], work.case.periods.count - 1) if check.family == "accuracy_floor_delivery" else end
    return may(work, check, penalty, f"accuracy of {name}{whose}", due, times)


def milestones(work: Work) -> Iterator[Check]:
    """Items of each milestone at its end; where each week has a penalty, at the end of every later period too."""
    delivered, periods = work.period + work.lead, work.case.periods
    for product, (name, asked) in enumerate(work.case.products.items()):
        for number, milestone in enumerate(asked.milestones):
            due = periods.last_before(milestone.by) - 1
            by_week = milestone.penalty is not None and kind_of(milestone.penalty) != "money/count"
            listed = f"milestone of {name} by {work.label(due)}"
            for period in range(due, periods.count if by_week else due + 1):
                there = work.summed(work.items, (work.product == product) & (delivered <= period))
                family, key = (
                    ("milestone", (product, number)) if period == due else ("milestone_late", (product, number, period))
                )
                subject = listed if period == due else f"{listed}, in {work.label(period)}"
                check = Check(family, key, subject, work.stated.nouns[product], there, milestone.at_least.number, True)
                after, length = period, 1.0
                if by_week and milestone.penalty is not None:
                    after = min(period + 1, periods.count - 1)
                    length = float(lengths(work.case.periods, milestone.penalty)[after])
                yield may(work, check, milestone.penalty, listed, after, length)


def lateness(work: Work) -> Iterator[Check]:
    """Weeks by which items come after a deadline that may be missed, each item by itself; nothing where none is late."""
    delivered = np.minimum(work.period + work.lead, work.case.periods.count - 1)
    for product, (name, asked) in enumerate(work.case.products.items()):
        if asked.deadline is None or asked.deadline.late is None:
            continue
        due, weeks = work.case.periods.last_before(asked.deadline.date), lengths(work.case.periods, asked.deadline.late)
        inside = work.product == product
        each = [
            (period, items * float(weeks[due : period + 1].sum()))
            for items, period in zip(work.items[inside].tolist(), delivered[inside].tolist(), strict=True)
        ]
        late = sum(many for _, many in each)
        if late > 0:
            unit, owed = f"{work.stated.nouns[product]}-{asked.deadline.late.time}s", 0.0
            for period, many in each:
                owed += many * worth(work.case, asked.deadline.late, period)
            check = Check("deadline_late", (product,), f"lateness of {name}", unit, late, 0.0, False)
            yield replace(check, penalty=rounded(owed / late), listed=f"deadline of {name}")
