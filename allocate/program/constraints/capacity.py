"""Rows about what vendors and reviewers can do."""

from __future__ import annotations

import numpy as np

from allocate.costing.throughput import Capacity, review_hours, vendor_capacities
from allocate.program.layout import Floats, Layout
from allocate.program.program import Program


def vendor_hours(program: Program, layout: Layout) -> None:
    r"""A vendor works no more hours in a period than it has.

    .. math:: \sum_{r \in R(v)} h_r \, x_{rt} \le H_{vt} \qquad \forall v, t \qquad [\text{hours}]

    Hours there are follow from people, paid hours, shrinkage and ramp.

    Dual: money the plan gains from one more hour of vendor v in period t; zero while hours are left over.
    """
    _by_period(program, layout, "vendor_hours", lambda noun: noun == "h")


def vendor_items(program: Program, layout: Layout) -> None:
    r"""A vendor makes no more items (or equivalent units) in a period than it can.

    .. math:: \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{vt} \qquad \forall v, t \qquad [\text{items, or EU}]

    with q 1 for items that are counted, the equivalent units where the capacity is in EU, else 0.

    Dual: money the plan gains from one more item (EU) of vendor v in period t.
    """
    _by_period(program, layout, "vendor_items", lambda noun: noun != "h")


def _by_period(program: Program, layout: Layout, family: str, of_kind: object) -> None:
    chosen = [one for one in vendor_capacities(layout.case) if one.by_period and of_kind(one.noun)]  # type: ignore[operator]
    if not chosen:
        return
    periods = layout.case.periods.count
    content = np.zeros(len(layout.ids))
    row_of = np.full(len(layout.routes.vendors), -1)
    for position, capacity in enumerate(chosen):
        row_of[capacity.vendor] = position * periods
        mine = layout.vendor == capacity.vendor
        content[mine] = work_content(layout, capacity)[mine]
    axes = {
        "vendor": np.repeat([one.vendor for one in chosen], periods),
        "period": np.tile(np.arange(periods), len(chosen)),
    }
    rows = program.add_rows(family, axes, upper=np.concatenate([one.amounts for one in chosen]))
    counted = (row_of[layout.vendor] >= 0) & (content > 0)
    at = row_of[layout.vendor[counted]] + layout.period[counted]
    program.add_terms(rows.ids[at], layout.ids[counted], content[counted])


def work_content(layout: Layout, capacity: Capacity) -> Floats:
    """How much of a capacity one item of each column takes, shape (N,); 0 where it is not counted."""
    if capacity.noun == "h":
        return layout.hours
    if capacity.noun == "EU":
        return layout.equivalent_units
    if capacity.noun == "item":
        return np.ones(len(layout.ids))
    counted = np.array([noun == capacity.noun for noun in layout.routes.items])
    return counted[layout.product].astype(np.float64)


def vendor_total(program: Program, layout: Layout) -> None:
    r"""A vendor makes no more in the whole horizon than it can.

    .. math:: \sum_{r \in R(v), t} q_r \, x_{rt} \le Q_v \qquad \forall v \qquad [\text{items, or EU}]

    Dual: money the plan gains from one more item (EU) of vendor v.
    """
    chosen = [one for one in vendor_capacities(layout.case) if not one.by_period]
    if not chosen:
        return
    axes = {"vendor": [one.vendor for one in chosen]}
    rows = program.add_rows("vendor_total", axes, upper=[float(one.amounts[0]) for one in chosen])
    for row, capacity in zip(rows.ids, chosen, strict=True):
        content = work_content(layout, capacity)
        mine = np.flatnonzero((layout.vendor == capacity.vendor) & (content > 0))
        program.add_terms(row, layout.ids[mine], content[mine])


def rate_items(program: Program, layout: Layout) -> None:
    r"""A line of the rate card makes no more items than it states, in each period or in all.

    .. math:: \sum_{r \in R(l)} x_{rt} \le C_{lt} \qquad \forall l, t \qquad [\text{items}]

    Dual: money the plan gains from one more item of this product with this vendor in period t.
    """
    routes = layout.routes
    weeks = np.array(layout.case.periods.weeks_each())
    for family, chosen in (
        ("rate_items", routes.line_by_period & np.isfinite(routes.line_capacity)),
        ("rate_total", ~routes.line_by_period & np.isfinite(routes.line_capacity)),
    ):
        if not chosen.any():
            continue
        lines, first, row_of_line = np.unique(routes.line[chosen], return_index=True, return_inverse=True)
        amounts = routes.line_capacity[chosen][first]
        counted = np.flatnonzero(chosen[layout.route])
        place = np.full(routes.count, -1)
        place[chosen] = row_of_line
        at = place[layout.route[counted]]
        if family == "rate_items":
            periods = len(weeks)
            axes = {"line": np.repeat(lines, periods), "period": np.tile(np.arange(periods), len(lines))}
            rows = program.add_rows(family, axes, upper=(amounts[:, None] * weeks).ravel())
            at = at * periods + layout.period[counted]
        else:
            rows = program.add_rows(family, {"line": lines}, upper=amounts)
        program.add_terms(rows.ids[at], layout.ids[counted], 1.0)


def review_team_hours(program: Program, layout: Layout) -> None:
    r"""The review team checks no more hours in a period than it has.

    .. math:: \sum_{r} g_r \, x_{rt} \le G_t \qquad \forall t \qquad [\text{hours}]

    Dual: money the plan gains from one more hour of checking in period t.
    """
    hours = review_hours(layout.case)
    if hours is None:
        return
    rows = program.add_rows("review_team_hours", {"period": np.arange(len(hours))}, upper=hours)
    counted = np.flatnonzero(layout.review_hours > 0)
    program.add_terms(rows.ids[layout.period[counted]], layout.ids[counted], layout.review_hours[counted])
