"""What is done and what is ordered, held against the lines of a plan; and which limits are not asked of what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.tolerances import AT_WORK, LINE_HELD
from allocate.verification.checks import Check
from allocate.verification.stated import Key, Stated

if TYPE_CHECKING:
    from allocate.verification.work import Booleans, Work

Made = dict[tuple[Key, int], float]
"""Items by route and position of the period."""


def wrong_past(stated: Stated, keys: Iterable[Key], periods: Iterable[int], items: Iterable[float]) -> Iterator[str]:
    """Lines of past and ordered periods that are not what is done and ordered."""
    past = stated.case.past
    if past is None:
        return
    made = Made()
    for key, period, many in zip(keys, periods, items, strict=True):
        if period < past.settled:
            made[key, period] = made.get((key, period), 0.0) + many
    asked = _asked(stated.case, past.decided)
    for key, period in sorted({*made, *asked}):
        here, there = made.get((key, period), 0.0), asked.get((key, period), 0.0)
        if abs(here - there) > max(LINE_HELD * there, AT_WORK):
            product, vendor, workflow, _ = key
            done = "is done" if period < past.first else "is ordered"
            label = stated.case.periods.label(period)
            yield f"{product} with {vendor}, {workflow}, {label}: the plan has {here:.10g} items, and {there:.10g} {done}"


def _asked(case: Case, lines: Iterable[PlanLine]) -> Made:
    position, asked = {name: number for number, name in enumerate(case.file.levers)}, Made()
    for line in lines:
        own = tuple(sorted(position[name] for name in line.levers if name in position))
        key = ((line.product, line.vendor, line.workflow, own), line.period - 1)
        asked[key] = asked.get(key, 0.0) + line.items
    return asked


def done_routes(case: Case) -> frozenset[Key]:
    """Routes that anything was made by in the periods that are past."""
    past = case.past
    return frozenset() if past is None else frozenset(key for key, _ in _asked(case, past.work))


def planned(work: Work) -> Booleans:
    """Which lines today's limits are asked of: all but what is done, shape (N,)."""
    asked: Booleans = work.period >= work.case.planned_from
    return asked


def left_out(work: Work, limit: str) -> bool:
    """Whether a limit on the whole horizon is asked of what is planned alone."""
    return work.case.past is not None and limit in work.case.past.exempt


def asked_of(work: Work, checks: Iterable[Check]) -> Iterator[Check]:
    """The limits that are asked of a plan: none of a period that is past, and none on a sum below what is done of it."""
    first = work.case.planned_from
    if not first:
        yield from checks
        return
    for check in checks:
        if check.period is not None and check.period < first and check.penalty is None:
            continue
        if check.family == "milestone" and check.penalty is None and _due(work, check) < first:
            continue
        if check.family.startswith(("first_work", "stock_needed")) and check.key[1] < first:
            continue
        yield check


def _due(work: Work, check: Check) -> int:
    product, number = check.key
    milestone = work.case.products[work.stated.products[product]].milestones[number]
    return work.case.periods.last_before(milestone.by) - 1


def no_less(work: Work, check: Check, done: float) -> Check:
    """A limit from above that is never less than what is done."""
    return replace(check, limit=max(check.limit, done)) if work.case.planned_from else check


def made_before(work: Work) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Items by product and vendor that are done, shape (P, V)."""
    made = np.zeros((len(work.stated.products), len(work.stated.vendors)))
    for line in () if work.case.past is None else work.case.past.work:
        made[work.stated.products.index(line.product), work.stated.vendors.index(line.vendor)] += line.items
    return made
