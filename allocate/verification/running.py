"""Money that falls due by time, whatever is made: retainers and running costs of levers, month by month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.exact import by_pair
from allocate.tolerances import AT_WORK
from allocate.verification.by_time import money
from allocate.verification.found import TOLERANCE
from allocate.verification.work import Floats, Work

_Key = tuple[str, str, str]
"""Clause, vendor and what it is about."""


def wrong_running(work: Work) -> Iterator[str]:
    """Retainers and running costs on the invoice that are not what falls due in their period."""
    due = _due(work)
    owed = {key: np.zeros(work.case.periods.count) for key in due}
    for entry in work.owed.entries:
        if (key := (entry.clause, entry.vendor, entry.about)) in owed and entry.unit != "once":
            owed[key][entry.period] += entry.amount
        elif entry.clause == "retainer":
            yield f"a retainer of {entry.amount:.10g} is owed to {entry.vendor}, which makes nothing"
    for (clause, vendor, about), right in due.items():
        given = owed[clause, vendor, about]
        for period in np.flatnonzero(~(np.abs(given - right) <= TOLERANCE * np.maximum(1.0, right))).tolist():
            says = f"the invoice asks {given[period]:.10g}, the case says {right[period]:.10g}"
            yield f"{clause} of {about} in {work.label(period)}: {says}"


def _due(work: Work) -> dict[_Key, Floats]:
    """What is owed in each period by the words of contracts and levers."""
    case, ways = work.case, work.routes
    made = by_pair(work.product, work.vendor, work.items, (len(ways.products), len(ways.vendors)))
    due: dict[_Key, Floats] = {}
    for position, (name, vendor) in enumerate(case.vendors.items()):
        if (made[:, position] > AT_WORK).any():
            due["retainer", name, name] = money(case, vendor.contract.fees.retainer)
    levers = list(case.file.levers.items())
    for number in sorted(work.bought):
        name, lever = levers[number]
        running = money(case, lever.running_cost)
        running[: case.periods.first_from(lever.from_) if lever.from_ is not None else 0] = 0.0
        due["lever", "", name] = running
    return due
