"""Rows about what vendors and reviewers can do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.supply.ramps import LEAST_FIRST_WORK
from allocate.costing.supply.throughput import Capacity, rate_capacity, review_hours, work_content
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.layout import Layout
from allocate.program.learned import Learned
from allocate.program.model import Model, axes_of, by_period
from allocate.program.naming import Block


def vendor_hours(model: Model) -> None:
    r"""A vendor works no more hours in a period than it has.

    .. math:: \sum_{r \in R(v)} h_r \, x_{rt} \le H_{vt} + \sum_l \Delta_{lvt} \, y_l \qquad \forall v, t \qquad [\text{hours}]

    Hours there are follow from people, paid hours, shrinkage and ramp; :math:`\Delta` is what a lever adds, y whether it is
    bought. Where a workflow's stages have leads, rework stands in the row of the period it begins in. The hours of pairs
    that learn are those of their curves: what period t adds to T of `learned_least`.

    Dual: money the plan gains from one more hour of vendor v in period t; zero while hours are left over.
    """
    _by_period(model, "vendor_hours")


def vendor_items(model: Model) -> None:
    r"""A vendor makes no more items (or equivalent units) in a period than it can.

    .. math:: \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{vt} \qquad \forall v, t \qquad [\text{items, or EU}]

    with q 1 for items that are counted, the equivalent units (boxes, …) of an item where the capacity is in those, else 0.

    Dual: money the plan gains from one more item (EU) of vendor v in period t.
    """
    _by_period(model, "vendor_items")


def _by_period(model: Model, family: str) -> None:
    """A row for each period of each capacity of a family, one capacity after the other."""
    layout, periods = model.layout, model.layout.case.periods.count
    learned = model.learned if family == "vendor_hours" else None
    chosen = [capacity for capacity in layout.capacities if capacity.family == family]
    if not chosen:
        return
    axes = by_period([capacity.vendor for capacity in chosen], periods)
    rows = model.program.add_rows(family, axes, upper=np.concatenate([capacity.amounts for capacity in chosen]))
    for position, capacity in enumerate(chosen if learned is not None else ()):
        assert learned is not None
        learned.put_hours(model.program, rows.ids[position * periods :][:periods], capacity.vendor)
    for taken, when in _taken(layout, chosen, learned):
        model.put_items(rows, taken, when)
    _raised(model, rows, chosen)


def _taken(layout: Layout, chosen: list[Capacity], learned: Learned | None = None) -> Iterator[tuple[Floats, Integers]]:
    """What an item of each column takes of its vendor's capacity, and in which period, stage after stage of the work."""
    if chosen[0].family != "vendor_hours":
        yield _content(layout, chosen), layout.period
        return
    learns = None if learned is None else learned.learns(layout)[layout.route]
    for hours, when in layout.stages():
        yield hours if learns is None else np.where(learns, 0.0, hours), when


def _content(layout: Layout, chosen: list[Capacity]) -> Floats:
    """How much of its vendor's capacity an item of each column takes, shape (N,); a vendor has one, or none."""
    nouns = {capacity.vendor: capacity.noun for capacity in chosen}
    content = np.zeros(layout.routes.count)
    for noun in set(nouns.values()):
        vendors = [vendor for vendor, counted in nouns.items() if counted == noun]
        taken = np.isin(layout.routes.vendor, vendors)
        content[taken] = work_content(layout.case, layout.routes, noun)[taken]
    of_items: Floats = content[layout.route]
    return of_items


def first_work(model: Model) -> None:
    r"""A vendor whose ramp begins with its first work has, before and in the ramp, what that leaves it.

    .. math:: \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{vt} - \sum_{\tau} L_{v \tau t} \, s_{v \tau}, \qquad
        \sum_{\tau} s_{v \tau} = 1 \qquad \forall v, t \qquad [\text{hours, items, or EU}]

    .. math:: \sum_{r \in R(v)} q_r \, x_{r \tau} \ge \varphi \, (Q_{v \tau} - L_{v \tau \tau}) \, s_{v \tau}
        \qquad \forall v, \tau \qquad [\text{hours, items, or EU}]

    with s 0 or 1, whether the first work is in period :math:`\tau` (the last: there is none; never where nothing is there), L what of the capacity is not
    there then, and :math:`\varphi` 5%: the first week of a ramp is worked in. The first stands in the rows of `vendor_hours`
    and `vendor_items`.

    Dual: of little meaning while s is a whole number.
    """
    program, layout, periods = model.program, model.layout, model.layout.case.periods.count
    chosen = [capacity for capacity in layout.capacities if capacity.lost is not None]
    if not chosen:
        return
    vendors = list(dict.fromkeys(capacity.vendor for capacity in chosen))
    able = _able_to_begin(chosen, vendors, periods)
    if layout.routes.done is not None:
        able = np.where(_begun(layout, vendors), able, 0.0)
    begun = program.add_columns("first_work", by_period(vendors, periods + 1), upper=able, integer=True)
    once = program.add_rows("first_work_once", {"vendor": np.array(vendors)}, lower=1.0, upper=1.0)
    program.add_terms(np.repeat(once.ids, periods + 1), begun.ids, 1.0)
    for family in ("vendor_hours", "vendor_items"):
        ramps = [capacity for capacity in chosen if capacity.family == family]
        if not ramps:
            continue
        held, axes = program.rows[family], by_period([capacity.vendor for capacity in ramps], periods)
        works = program.add_rows(f"first_work_{family.removeprefix('vendor_')}", axes, lower=0.0)
        for taken, when in _taken(layout, ramps):
            model.put_items(works, taken, when)
        for position, capacity in enumerate(ramps):
            assert capacity.lost is not None
            starts = begun.ids[vendors.index(capacity.vendor) * (periods + 1) :][: periods + 1]
            rows = held.ids[held.index["vendor"] == capacity.vendor]
            start, then = np.nonzero(capacity.lost > 0)
            program.add_terms(rows[then], starts[start], capacity.lost[start, then])
            least = LEAST_FIRST_WORK * _at_first(capacity)
            program.add_terms(works.ids[position * periods :][:periods], starts[:-1], -least)


def _at_first(capacity: Capacity) -> Floats:
    """What a vendor has in each period if its ramp begins there, shape (T,)."""
    assert capacity.lost is not None
    return capacity.amounts - np.diagonal(capacity.lost)


def _begun(layout: Layout, vendors: list[int]) -> Booleans:
    """Periods in which each vendor's ramp can still begin, shape (V x (T + 1),): with the first work done, else from now on."""
    done, count = layout.routes.done, layout.case.periods.count
    assert done is not None
    there = np.zeros((len(vendors), count + 1), dtype=bool)
    for position, vendor in enumerate(vendors):
        when = done.period[(layout.routes.vendor[done.route] == vendor) & (done.items > 0.0)]
        there[position, when.min() if len(when) else slice(layout.case.planned_from, None)] = True
    return there.ravel()


def _able_to_begin(chosen: list[Capacity], vendors: list[int], periods: int) -> Floats:
    """1 for each period in which a vendor can work at all, and for never, shape (V x (T + 1),); 0 for others."""
    able = np.ones((len(vendors), periods + 1))
    for capacity in chosen:
        able[vendors.index(capacity.vendor), :periods][_at_first(capacity) <= 0.0] = 0.0
    return able.ravel()


def _raised(model: Model, rows: Block, chosen: list[Capacity]) -> None:
    """Put what levers add into rows of capacities, which come one capacity after the other."""
    size, bought = len(rows) // max(len(chosen), 1), model.program.columns.get("bought")
    if bought is None:
        return
    for position, capacity in enumerate(chosen):
        for lever, change in capacity.levers:
            model.program.add_terms(rows.ids[position * size :][:size], int(bought.ids[lever]), -change)


def vendor_total(model: Model) -> None:
    r"""A vendor makes no more in the whole horizon than it can.

    .. math:: \sum_{r \in R(v), t} q_r \, x_{rt} \le Q_v \qquad \forall v \qquad [\text{items, or EU}]

    Dual: money the plan gains from one more item (EU) of vendor v.
    """
    layout = model.layout
    chosen = [capacity for capacity in layout.capacities if not capacity.by_period]
    if not chosen:
        return
    axes = {"vendor": np.array([capacity.vendor for capacity in chosen])}
    rows = model.program.add_rows("vendor_total", axes, upper=[float(capacity.amounts[0]) for capacity in chosen])
    model.put_items(rows, _content(layout, chosen))
    _raised(model, rows, chosen)


def rate_items(model: Model) -> None:
    r"""A line of the rate card makes no more items than it states, in each period or in all.

    .. math:: \sum_{r \in R(l)} x_{rt} \le C_{lt} \qquad \forall l, t \qquad [\text{items}]

    Dual: money the plan gains from one more item of this product with this vendor in period t.
    """
    layout, routes = model.layout, model.layout.routes
    for family, chosen in (
        ("rate_items", routes.line_by_period & np.isfinite(routes.line_capacity)),
        ("rate_total", ~routes.line_by_period & np.isfinite(routes.line_capacity)),
    ):
        if not chosen.any():
            continue
        lines, first = np.unique(routes.line[chosen], return_index=True)
        axes, amounts = axes_of(("line",), lines[:, None]), routes.line_capacity[chosen][first]
        if family == "rate_total" and routes.done is not None:
            made = np.bincount(routes.line[routes.done.route] + 1, routes.done.items, minlength=int(lines.max()) + 2)
            amounts = np.maximum(amounts, made[lines + 1])
        if family == "rate_items":
            periods = layout.case.periods.count
            axes = axes_of(("line", "period"), [(line, period) for line in lines for period in range(periods)])
            stated = zip(lines.tolist(), amounts.tolist(), strict=True)
            amounts = np.concatenate([rate_capacity(layout.case, *line) for line in stated])
        model.put_items(model.program.add_rows(family, axes, upper=amounts))


def review_team_hours(model: Model) -> None:
    r"""The review team checks no more hours in a period than it has.

    .. math:: \sum_{r} g_r \, x_{rt} \le G_t \qquad \forall t \qquad [\text{hours}]

    Where a workflow's stages have leads, each stage stands in the row of the period it begins in.

    Dual: money the plan gains from one more hour of checking in period t.
    """
    layout = model.layout
    hours = review_hours(layout.case, layout.routes)
    if hours is None:
        return
    rows = model.program.add_rows("review_team_hours", {"period": np.arange(len(hours))}, upper=hours)
    for taken, when in layout.stages(review=True):
        model.put_items(rows, taken, when)
