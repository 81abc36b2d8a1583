"""What vendors did in the periods that are past, in place of what they could have done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from allocate.case.load import Case
from allocate.costing.supply.teams import most_capacities
from allocate.costing.supply.throughput import Capacity, vendor_capacities, work_content
from allocate.costing.table import Routes
from allocate.exact import by_pair, by_position
from allocate.numbers import Floats


def capacities(case: Case, routes: Routes) -> tuple[Capacity, ...]:
    """Capacity of every vendor that has one; in periods that are past what it did, and in all no less than that."""
    return tuple(_as_it_was(case, routes, vendor_capacities(case)))


def with_teams(case: Case, routes: Routes, money: float) -> tuple[Capacity, ...]:
    """The same with the most hours each in-house team could come to for some money."""
    return tuple(_as_it_was(case, routes, most_capacities(case, money)))


def _as_it_was(case: Case, routes: Routes, found: tuple[Capacity, ...]) -> Iterator[Capacity]:
    if routes.done is None:
        yield from found
        return
    first, hours = case.planned_from, hours_done(case, routes)
    for capacity in found:
        taken = hours[capacity.vendor] if capacity.noun == "h" else _content_done(case, routes, capacity)
        if not capacity.by_period:
            yield replace(capacity, amounts=np.maximum(capacity.amounts, taken.sum()))
            continue
        changes = tuple((lever, _with(change, first, 0.0)) for lever, change in capacity.levers)
        lost = None if capacity.lost is None else _with(capacity.lost, first, 0.0)
        yield replace(capacity, amounts=_with(capacity.amounts, first, taken), levers=changes, lost=lost)


def _with(amounts: Floats, first: int, then: Floats | float) -> Floats:
    """Amounts by period with others in those before the first planned one."""
    return np.where(np.arange(amounts.shape[-1]) < first, then, amounts)


def _content_done(case: Case, routes: Routes, capacity: Capacity) -> Floats:
    """What a vendor made of what a capacity counts, by period, shape (T,)."""
    done = routes.done
    assert done is not None
    own = routes.vendor[done.route] == capacity.vendor
    each = work_content(case, routes, capacity.noun)[done.route]
    return by_position(done.period[own], (done.items * each)[own], case.periods.count)


def hours_done(case: Case, routes: Routes) -> Floats:
    """Hours each vendor works in each period on what is done, stages that follow later included, shape (V, T)."""
    done, count = routes.done, case.periods.count
    assert done is not None
    vendor, hours = routes.vendor[done.route], np.zeros((len(routes.vendors), count))
    learns = np.zeros(len(done.route), dtype=bool)
    parts = [
        (done.period + (begins if isinstance(begins, int) else begins[done.route]), done.items * each[done.route])
        for begins, each in routes.parts()
    ]
    for learner in routes.learners:
        own = (routes.product[done.route] == learner.product) & (vendor == learner.vendor)
        learns |= own
        inside = [own & (when < count) for when, _ in parts]
        work = sum(
            np.bincount(when[some], part[some], minlength=count)
            for some, (when, part) in zip(inside, parts, strict=True)
        )
        hours[learner.vendor] += np.diff(learner.hours(np.concatenate([[0.0], np.cumsum(work)])))
    for when, part in parts:
        other = (when < count) & ~learns
        hours += by_pair(vendor[other], when[other], part[other], hours.shape)
    return hours
