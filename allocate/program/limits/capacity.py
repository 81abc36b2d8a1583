"""Rows about what vendors and reviewers can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing.supply.ramps import LEAST_FIRST_WORK
from allocate.costing.supply.throughput import (
    Capacity,
    rate_capacity,
    review_hours,
    vendor_capacities,
    work_content,
)
from allocate.costing.work.stages import parts
from allocate.program.layout import Floats, Integers, Layout
from allocate.program.limits.learning import NOTHING_LEARNED, Learned
from allocate.program.naming import Block
from allocate.program.program import Program


def vendor_hours(
    program: Program, layout: Layout, bought: Block | None = None, learned: Learned = NOTHING_LEARNED
) -> None:
    r"""A vendor works no more hours in a period than it has.

    .. math:: \sum_{r \in R(v)} h_r \, x_{rt} \le H_{vt} + \sum_l \Delta_{lvt} \, y_l \qquad \forall v, t \qquad [\text{hours}]

    Hours there are follow from people, paid hours, shrinkage and ramp; :math:`\Delta` is what a lever adds, y whether it is
    bought. Where a workflow's stages have leads, rework stands in the row of the period it begins in. The hours of pairs
    that learn are those of their curves (see `learned_work`), and the error of these stays free.

    Dual: money the plan gains from one more hour of vendor v in period t; zero while hours are left over.
    """
    chosen = [one for one in vendor_capacities(layout.case) if one.by_period and one.noun == "h"]
    _by_period(program, layout, "vendor_hours", chosen, bought, learned)


def vendor_items(program: Program, layout: Layout, bought: Block | None = None) -> None:
    r"""A vendor makes no more items (or equivalent units) in a period than it can.

    .. math:: \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{vt} \qquad \forall v, t \qquad [\text{items, or EU}]

    with q 1 for items that are counted, the equivalent units (boxes, …) of an item where the capacity is in those, else 0.

    Dual: money the plan gains from one more item (EU) of vendor v in period t.
    """
    chosen = [one for one in vendor_capacities(layout.case) if one.by_period and one.noun != "h"]
    _by_period(program, layout, "vendor_items", chosen, bought)


def _by_period(
    program: Program,
    layout: Layout,
    family: str,
    chosen: list[Capacity],
    bought: Block | None,
    learned: Learned = NOTHING_LEARNED,
) -> None:
    if not chosen:
        return
    periods = layout.case.periods.count
    axes = {
        "vendor": np.repeat([one.vendor for one in chosen], periods),
        "period": np.tile(np.arange(periods), len(chosen)),
    }
    there = [learned.left(one.vendor, one.amounts) for one in chosen]
    rows = program.add_rows(family, axes, upper=np.concatenate(there))
    for position, one in enumerate(chosen):
        learned.put_hours(program, rows.ids[position * periods : (position + 1) * periods], one.vendor)
    for at, columns, taken in _content(layout, family, chosen, learned):
        program.add_terms(rows.ids[at], columns, taken)
    _raised(program, rows, chosen, bought)


def _content(
    layout: Layout, family: str, chosen: list[Capacity], learned: Learned = NOTHING_LEARNED
) -> Iterator[tuple[Integers, Integers, Floats]]:
    """Which of the rows of capacities by period, one after the other, each column takes of, and how much of it."""
    row_of, content = _by_route(layout, chosen)
    for begins, each in parts(layout.routes) if family == "vendor_hours" else ((0, content),):
        taken = np.where((row_of >= 0) & ~learned.learns(layout), each, 0.0)
        counted = np.flatnonzero(taken[layout.route] > 0)
        at = row_of[layout.route[counted]] * layout.case.periods.count + _then(layout, begins, counted)
        yield at.astype(np.int32), layout.ids[counted], taken[layout.route[counted]]


def first_work(program: Program, layout: Layout) -> None:
    r"""A vendor whose ramp begins with its first work has, before and in the ramp, what that leaves it.

    .. math:: \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{vt} - \sum_{\tau} L_{v \tau t} \, s_{v \tau}, \qquad
        \sum_{\tau} s_{v \tau} = 1 \qquad \forall v, t \qquad [\text{hours, items, or EU}]

    .. math:: \sum_{r \in R(v)} q_r \, x_{r \tau} \ge \varphi \, (Q_{v \tau} - L_{v \tau \tau}) \, s_{v \tau}
        \qquad \forall v, \tau \qquad [\text{hours, items, or EU}]

    with s 0 or 1, whether the first work is in period :math:`\tau` (the last: there is none), L what of the capacity is not
    there then, and :math:`\varphi` 5%: the first week of a ramp is worked in. The first stands in the rows of `vendor_hours`
    and `vendor_items`.

    Dual: of little meaning while s is a whole number.
    """
    chosen = [one for one in vendor_capacities(layout.case) if one.lost is not None]
    if not chosen:
        return
    periods, vendors = layout.case.periods.count, list(dict.fromkeys(one.vendor for one in chosen))
    axes = {"vendor": np.repeat(vendors, periods + 1), "period": np.tile(np.arange(periods + 1), len(vendors))}
    begun = program.add_columns("first_work", axes, upper=1.0, integer=True)
    once = program.add_rows("first_work_once", {"vendor": np.array(vendors)}, lower=1.0, upper=1.0)
    program.add_terms(np.repeat(once.ids, periods + 1), begun.ids, 1.0)
    for family in ("vendor_hours", "vendor_items"):
        mine = [one for one in chosen if one.family == family]
        if not mine:
            continue
        held, axes = program.rows[family], {"vendor": np.repeat([one.vendor for one in mine], periods)}
        axes |= {"period": np.tile(np.arange(periods), len(mine))}
        works = program.add_rows(f"first_work_{family.removeprefix('vendor_')}", axes, lower=0.0)
        for at, columns, taken in _content(layout, family, mine):
            program.add_terms(works.ids[at], columns, taken)
        for position, one in enumerate(mine):
            assert one.lost is not None
            starts = begun.ids[vendors.index(one.vendor) * (periods + 1) :][: periods + 1]
            rows = held.ids[held.index["vendor"] == one.vendor]
            when, then = np.nonzero(one.lost > 0)
            program.add_terms(rows[then], starts[when], one.lost[when, then])
            least = LEAST_FIRST_WORK * (one.amounts - np.diagonal(one.lost))
            program.add_terms(works.ids[position * periods :][:periods], starts[:-1], -least)


def _then(layout: Layout, begins: Integers | int, columns: NDArray[np.integer[Any]]) -> Integers:
    """Period of a stage of some columns that begins so many periods after the work of each route."""
    then: Integers = layout.period[columns] + (begins if isinstance(begins, int) else begins[layout.route[columns]])
    return then


def _raised(program: Program, rows: Block, chosen: list[Capacity], bought: Block | None) -> None:
    """Put what levers add into rows of capacities, which come one capacity after the other."""
    size = len(rows) // max(len(chosen), 1)
    for position, capacity in enumerate(chosen) if bought is not None else ():
        for lever, change in capacity.levers:
            assert bought is not None
            program.add_terms(rows.ids[position * size : (position + 1) * size], int(bought.ids[lever]), -change)


def _by_route(layout: Layout, chosen: list[Capacity]) -> tuple[Integers, Floats]:
    """Which of the capacities each route takes of (-1: none), and how much an item of it takes; a vendor has one."""
    routes = layout.routes
    row_of, content = np.full(routes.count, -1, dtype=np.int32), np.zeros(routes.count)
    contents = {noun: work_content(layout.case, routes, noun) for noun in {one.noun for one in chosen}}
    for position, capacity in enumerate(chosen):
        mine = routes.vendor == capacity.vendor
        row_of[mine] = position
        content[mine] = contents[capacity.noun][mine]
    return row_of, content


def vendor_total(program: Program, layout: Layout, bought: Block | None = None) -> None:
    r"""A vendor makes no more in the whole horizon than it can.

    .. math:: \sum_{r \in R(v), t} q_r \, x_{rt} \le Q_v \qquad \forall v \qquad [\text{items, or EU}]

    Dual: money the plan gains from one more item (EU) of vendor v.
    """
    chosen = [one for one in vendor_capacities(layout.case) if not one.by_period]
    if not chosen:
        return
    axes = {"vendor": np.array([one.vendor for one in chosen])}
    rows = program.add_rows("vendor_total", axes, upper=[float(one.amounts[0]) for one in chosen])
    row_of, content = _by_route(layout, chosen)
    counted = np.flatnonzero(content[layout.route] > 0)
    route = layout.route[counted]
    program.add_terms(rows.ids[row_of[route]], layout.ids[counted], content[route])
    _raised(program, rows, chosen, bought)


def rate_items(program: Program, layout: Layout) -> None:
    r"""A line of the rate card makes no more items than it states, in each period or in all.

    .. math:: \sum_{r \in R(l)} x_{rt} \le C_{lt} \qquad \forall l, t \qquad [\text{items}]

    Dual: money the plan gains from one more item of this product with this vendor in period t.
    """
    routes = layout.routes
    for family, chosen in (
        ("rate_items", routes.line_by_period & np.isfinite(routes.line_capacity)),
        ("rate_total", ~routes.line_by_period & np.isfinite(routes.line_capacity)),
    ):
        if not chosen.any():
            continue
        lines, first, row_of_line = np.unique(routes.line[chosen], return_index=True, return_inverse=True)
        amounts, counted = routes.line_capacity[chosen][first], np.flatnonzero(chosen[layout.route])
        place = np.full(routes.count, -1)
        place[chosen] = row_of_line
        at = place[layout.route[counted]]
        if family == "rate_items":
            periods = layout.case.periods.count
            by_period: dict[str, Integers] = {
                "line": np.repeat(lines.astype(np.int32), periods),
                "period": np.tile(np.arange(periods, dtype=np.int32), len(lines)),
            }
            there = [rate_capacity(layout.case, *one) for one in zip(lines.tolist(), amounts.tolist(), strict=True)]
            rows = program.add_rows(family, by_period, upper=np.concatenate(there))
            at = at * periods + layout.period[counted]
        else:
            rows = program.add_rows(family, {"line": np.asarray(lines)}, upper=amounts)
        program.add_terms(rows.ids[at], layout.ids[counted], 1.0)


def review_team_hours(program: Program, layout: Layout) -> None:
    r"""The review team checks no more hours in a period than it has.

    .. math:: \sum_{r} g_r \, x_{rt} \le G_t \qquad \forall t \qquad [\text{hours}]

    Where a workflow's stages have leads, each stage stands in the row of the period it begins in.

    Dual: money the plan gains from one more hour of checking in period t.
    """
    hours = review_hours(layout.case, layout.routes)
    if hours is None:
        return
    rows = program.add_rows("review_team_hours", {"period": np.arange(len(hours))}, upper=hours)
    for begins, each in parts(layout.routes, review=True):
        counted = np.flatnonzero(each[layout.route] > 0)
        program.add_terms(rows.ids[_then(layout, begins, counted)], layout.ids[counted], each[layout.route[counted]])
