"""What is bought and not used: of which kind it is, and how much of it a vendor could make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits.amounts import demand
from allocate.costing.readings import read_once
from allocate.costing.supply.throughput import rate_capacity, vendor_capacities, work_content
from allocate.costing.table import Routes
from allocate.costing.terms.contracts import terms
from allocate.costing.terms.schedules import Schedule, schedules
from allocate.errors import CaseError, Problem
from allocate.exact import element
from allocate.formula import NotTracedError
from allocate.numbers import Booleans, Floats, by_value, is_traced, least

ONE_RATIO = 1e-9
"""Ratios of a capacity's unit to what steps count that differ by less than this part of themselves are one."""


def spare_ratio(routes: Routes, schedule: Schedule) -> float:
    """Billed units to one of what the steps count, of what is bought and not used: of the kind of item that has fewest.

    Whoever buys more than is used chooses what; of routes that no lever has to be bought for, where there are any.
    """
    inside = (routes.schedule == schedule.number) & (by_value(routes.counted) > 0)
    plain = inside & (routes.combination == 0)
    chosen = plain if plain.any() else inside
    return element(least(*(routes.billable[chosen] / routes.counted[chosen]).tolist())) if chosen.any() else 1.0


@read_once
def buyable(case: Case, routes: Routes) -> tuple[Schedule, ...]:
    """Every price schedule of a case; where what is bought and not used is made, with how far that goes.

    A step is had from its least quantity on, in whole lots, where the vendor's capacity in the window holds so much. Raises
    CaseError where it depends on other work of the vendor, or on the mix of it, how much that is.
    """
    return tuple(_reaching(case, routes, schedule) if schedule.made else schedule for schedule in schedules(case))


def _reaching(case: Case, routes: Routes, schedule: Schedule) -> Schedule:
    """A schedule with how far what is bought and not used goes."""
    if not is_traced(*(step.least for step in schedule.offers), routes.counted):
        return replace(schedule, reaches=_reaches(case, routes, schedule))
    steps = [replace(step, **{name: by_value(getattr(step, name)) for name in ("start", "stop", "price", "least")}) for step in schedule.offers]  # fmt: skip
    known = replace(schedule, offers=tuple(steps), filling=by_value(schedule.filling))
    amounts: dict[str, Any] = {
        name: by_value(getattr(routes, name)) for name in ("counted", "hours", "equivalent_units")
    }
    if (_reaches(case, replace(routes, **amounts), known) == [step.least for step in steps]).all():
        return schedule
    raise NotTracedError("how far surplus goes that is limited by capacity or lots has no formula")


@dataclass(frozen=True, eq=False)
class _Room:
    """One limit on what a vendor makes."""

    content: Floats
    """What an item of each route takes of it, shape (R,)."""
    there: Floats
    """By period, shape (T,), or of the whole horizon, shape (1,)."""
    steady: bool
    """Whether both are the same whatever else is decided: no levers, nothing learned."""


def _reaches(case: Case, routes: Routes, schedule: Schedule) -> Floats:
    """Quantity bought to have each step in each window, shape (W, K); infinite where the vendor could not make it."""
    inside = (routes.schedule == schedule.number) & (routes.counted > 0)
    least = _in_lots(case, routes, schedule, inside, np.array([step.least for step in schedule.offers]))
    reaches = np.tile(least, (len(schedule.windows.labels), 1))
    for room in _rooms(case, routes, schedule.vendor):
        ratio = room.content[inside] / routes.counted[inside]
        if not len(ratio) or not ratio.any():
            continue
        most = _in_windows(room, schedule)
        alone = not (room.content[(routes.vendor == schedule.vendor) & ~inside] > 0).any()
        apart = alone and room.steady and np.ptp(ratio) <= ONE_RATIO * ratio.max()
        if apart and most is not None:
            content = reaches * float(ratio.max()) / schedule.filling[:, None]
            beyond = content > most[:, None] * (1.0 + ONE_RATIO)
            reaches[beyond & (np.arange(len(least)) > 0)] = np.inf
        elif not _ample(case, routes, schedule, room):
            raise CaseError([_unclear(case, schedule)])
    return reaches


def _in_lots(case: Case, routes: Routes, schedule: Schedule, inside: Booleans, least: Floats) -> Floats:
    """Least quantity of each step, in whole lots where the vendor sells lots."""
    lot = terms(case)[schedule.vendor].order_multiple
    if not lot or not inside.any():
        return least
    each = routes.counted[inside]
    if (
        np.ptp(each) > ONE_RATIO * each.max()
        or len(schedule.windows.labels) > 1
        or schedule.filling.min() != schedule.filling.max()
    ):
        raise CaseError([_unclear(case, schedule)])
    size = lot * float(each.max()) * float(schedule.filling[0])
    return np.where(np.arange(len(least)) > 0, np.ceil(least / size - ONE_RATIO) * size, least)


def _rooms(case: Case, routes: Routes, vendor: int) -> Iterator[_Room]:
    """Every limit on what a vendor makes: its capacities, and those of its lines of the rate card."""
    learns = any(learner.vendor == vendor for learner in routes.learners)
    for capacity in vendor_capacities(case):
        if capacity.vendor == vendor:
            steady = not capacity.levers and not (learns and capacity.noun == "h")
            yield _Room(by_value(work_content(case, routes, capacity.noun)), capacity.amounts, steady)
    limited = (routes.vendor == vendor) & np.isfinite(routes.line_capacity)
    for line in np.unique(routes.line[limited]).tolist():
        first = int(np.flatnonzero(routes.line == line)[0])
        amount = float(routes.line_capacity[first])
        there = rate_capacity(case, line, amount) if routes.line_by_period[first] else np.array([amount])
        yield _Room(
            (routes.line == line).astype(np.float64), there, bool((routes.line[routes.vendor == vendor] == line).all())
        )


def _in_windows(room: _Room, schedule: Schedule) -> Floats | None:
    """What there is in each window, shape (W,); None where windows share what there is in all."""
    if len(room.there) == schedule.windows.weights.shape[1]:
        return np.array([float((weight * room.there)[weight > 0].sum()) for weight in schedule.windows.weights])
    return np.array([float(room.there[0])]) if len(schedule.windows.labels) == 1 else None


def _ample(case: Case, routes: Routes, schedule: Schedule, room: _Room) -> bool:
    """Whether all that is asked for, and every step of the vendor bought in full, fits into the least of its windows."""
    demanded, needed = demand(case)[1], 0.0
    for product in np.unique(routes.product[routes.vendor == schedule.vendor]).tolist():
        content = room.content[(routes.vendor == schedule.vendor) & (routes.product == product)].max()
        needed += float(demanded[product] * content) if content > 0 else 0.0
    for other in (plan for plan in schedules(case) if plan.vendor == schedule.vendor and plan.made):
        inside = (routes.schedule == other.number) & (routes.counted > 0)
        ratio = float((room.content[inside] / routes.counted[inside]).max()) if inside.any() else 0.0
        windows = len(other.windows.labels)
        needed += ratio * windows * max(step.least for step in other.offers)
    lowest = (
        [float(room.there[weight > 0].min()) for weight in schedule.windows.weights]
        if len(room.there) > 1
        else room.there
    )
    return needed <= min(lowest)


def _unclear(case: Case, schedule: Schedule) -> Problem:
    name = list(case.vendors)[schedule.vendor]
    message = (
        f"how much {name} could make beside what is used depends on its other work and on the mix of it, "
        f"so `surplus: allowed` cannot be held against its capacity and lots ({schedule.words})"
    )
    fix = "write `surplus: paid-only` where it is paid for and not made, or one list of steps, and a capacity in what it counts"
    return Problem(message, case.place("vendors", name, "contract", "tiers"), fix)
