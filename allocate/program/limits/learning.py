"""Columns and rows of pairs that learn: hours that fall with the work done so far, along a concave curve."""

from __future__ import annotations

import numpy as np

from allocate.costing.supply.purse import money_and_least
from allocate.costing.supply.throughput import Capacity
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.learned import Learned
from allocate.program.model import Model, by_period, unlimited


def learned_work(model: Model) -> None:
    r"""The work a pair has done by the end of each period, in standard hours, those without learning.

    .. math:: W_{lt} = W_{l,t-1} + \sum_{r \in R(l)} h_r \, x_{rt}, \qquad 0 \le W_{lt} \le R_{lt}
        \qquad \forall l, t \qquad [\text{hours}]

    R is the most that can have been done by then: what the vendor's hours so far come to on the pair's curve H of hours against
    standard hours (Wright 1936, Crawford 1944), and the most items there can be.

    Dual: money the plan gains from one standard hour of work done before period t, for nothing.
    """
    program, layout, learners = model.program, model.layout, model.layout.routes.learners
    if not learners:
        return
    periods = layout.case.periods.count
    groups, of = _told_together(layout)
    last = _last_periods(layout)
    reach = _reach(layout, last)
    pair, period = np.nonzero(np.arange(periods) <= last[:, None])
    names = {name: np.array([getattr(one, name) for one in learners])[pair] for name in ("product", "vendor")}
    done = program.add_columns("standard_work", {**names, "period": period}, upper=reach[pair, period])
    rows = program.add_rows("learned_work", done.index, lower=0.0, upper=0.0)
    program.add_terms(rows.ids, done.ids, 1.0)
    goes_on = period > 0
    program.add_terms(rows.ids[goes_on], done.ids[goes_on] - 1, -1.0)
    for hours, when in layout.stages():
        model.put_items(rows, -hours, when)
    first = done.start + np.searchsorted(pair, np.arange(len(learners)))
    model.learned = Learned(
        learners=learners,
        vendors=np.array([vendor for vendor, _ in groups], dtype=np.int32),
        of=of,
        reach=reach,
        work=(first[:, None] + np.minimum(np.arange(periods), last[:, None])).astype(np.int32),
        hours=program.add_columns("learned_hours", _axes(groups, periods)).ids.reshape(-1, periods),
        least=_rows(model, "learned_least", groups),
        pace=_rows(model, "learned_pace", groups),
        is_paid=bool(layout.routes.paid_as_learned.any()),
    )


Group = tuple[int, int]
"""Position of a vendor, and of the product whose hours are told by themselves; -1 for all it learns."""


def _told_together(layout: Layout) -> tuple[list[Group], Integers]:
    """Pairs whose hours stand in one column: those of a vendor, or each by itself where some are paid by the hour; and each pair's group."""
    routes = layout.routes
    by_pair = bool(routes.paid_as_learned.any())
    asked = [(one.vendor, one.product if by_pair else -1) for one in routes.learners]
    groups = sorted(set(asked))
    return groups, np.array([groups.index(one) for one in asked], dtype=np.int32)


def _axes(groups: list[Group], periods: int) -> dict[str, Integers]:
    """Axes by vendor and period, and by product where each is told by itself."""
    axes = by_period([vendor for vendor, _ in groups], periods)
    if groups[0][1] < 0:
        return axes
    return {"product": np.repeat(np.array([product for _, product in groups], np.int32), periods), **axes}


def _rows(model: Model, family: str, groups: list[Group]) -> Integers:
    """Numbers of rows by vendor (and product) and period."""
    periods = model.layout.case.periods.count
    rows: Integers = model.program.add_rows(family, _axes(groups, periods), lower=0.0).ids
    return rows.reshape(-1, periods)


def learned_least(model: Model) -> None:
    r"""What a vendor's pairs have taken by the end of a period is no less than their curves' chords.

    .. math:: T_{vt} \ge \sum_{l \in L(v)} \frac{H_l(R_{lt})}{R_{lt}} \, W_{lt} \qquad \forall v, t \qquad [\text{hours}]

    with T the hours of the vendor's pairs from the start on (of each by itself where some are paid by the hour), of which `vendor_hours` has what each period adds. H is concave, and
    lies above its chord: every plan of the case keeps the row. A plan's own hours are those of H.

    Dual: money the plan gains from one hour of learners' work by period t that takes no time.
    """
    learned = model.learned
    if learned is None:
        return
    average = [one.least_average(most) for one, most in zip(learned.learners, learned.reach, strict=True)]
    _put(model, learned, learned.least, np.array(average), by_now=True)


def learned_pace(model: Model) -> None:
    r"""What a vendor's pairs take in a period is no less than at the last pace they can come to.

    .. math:: T_{vt} - T_{v,t-1} \ge \sum_{l \in L(v)} H_l'(R_{lt}) \, (W_{lt} - W_{l,t-1})
        \qquad \forall v, t \qquad [\text{hours}]

    H is concave: no hour before is lighter than the last one.

    Dual: money the plan gains from one hour of learners' work in period t that takes no time.
    """
    learned = model.learned
    if learned is None:
        return
    last = [one.least_slope(most) for one, most in zip(learned.learners, learned.reach, strict=True)]
    _put(model, learned, learned.pace, np.array(last), by_now=False)


def _put(model: Model, learned: Learned, rows: Integers, each: Floats, by_now: bool) -> None:
    """Hours of each vendor, by now or in the period, less those of its pairs' standard hours, (L, T) hours for each."""
    program, hours = model.program, learned.hours
    program.add_terms(rows.ravel(), hours.ravel(), 1.0)
    if not by_now:
        program.add_terms(rows[:, 1:].ravel(), hours[:, :-1].ravel(), -1.0)
    each = np.where(learned.reach > 0.0, each, 0.0)
    for pair, (ids, work) in enumerate(zip(rows[learned.of], learned.work, strict=True)):
        fresh = np.diff(work, prepend=-1) > 0
        counted = np.ones(len(work), dtype=bool) if by_now else fresh
        program.add_terms(ids[counted], work[counted], -each[pair, counted])
        if not by_now:
            later = np.flatnonzero(fresh)[1:]
            program.add_terms(ids[later], work[later - 1], each[pair, later])


def _last_periods(layout: Layout) -> Integers:
    """Last period in which work of each pair that learns can fall, shape (L,)."""
    periods, learners = layout.case.periods.count, layout.routes.learners
    last = np.zeros((len(layout.routes.products), len(layout.routes.vendors)), dtype=np.int32)
    for hours, when in layout.stages():
        inside = (when < periods) & (hours > 0.0)
        np.maximum.at(last, (layout.product[inside], layout.vendor[inside]), when[inside])
    return last[[one.product for one in learners], [one.vendor for one in learners]]


def _reach(layout: Layout, last: Integers) -> Floats:
    """Most standard hours each pair that learns can have done by the end of each period, shape (L, T); last: see `_last_periods`.

    Raises CaseError where nothing limits them.
    """
    routes, reach, there = layout.routes, [], dict[int, Floats]()
    for learner, ended in zip(routes.learners, last.tolist(), strict=True):
        own = (routes.product == learner.product) & (routes.vendor == learner.vendor)
        items = float(layout.most_items[learner.product, learner.vendor])
        within = there.setdefault(learner.vendor, _hours_by_end(layout, learner.vendor))
        most = np.minimum(learner.work(within), items * float(routes.hours[own].max()) if items > 0.0 else 0.0)
        if not np.isfinite(most).all():
            raise unlimited(layout, [learner.product], "learning needs")
        reach.append(most[np.minimum(np.arange(len(most)), ended)])
    return np.array(reach)


def _in_hours(layout: Layout, vendor: int) -> list[Capacity]:
    """The capacities of a vendor in hours of a period."""
    every = layout.capacities
    return [capacity for capacity in every if capacity.family == "vendor_hours" and capacity.vendor == vendor]


def _hours_by_end(layout: Layout, vendor: int) -> Floats:
    """Most hours a vendor has from the start to the end of each period, shape (T,); infinite where that may change."""
    case = layout.case
    if ("capacity", vendor) in layout.ignoring:
        return np.full(case.periods.count, np.inf)
    ignored = any(kind == "money" for kind, _ in layout.ignoring)
    money = np.inf if ignored else money_and_least(case, layout.routes)[0]
    amounts = [capacity.most for capacity in _in_hours(layout, vendor)]
    amounts += [team.most_hours(money) for team in layout.teams if team.vendor == vendor]
    total: Floats = np.cumsum(np.sum(amounts, axis=0)) if amounts else np.full(case.periods.count, np.inf)
    return total
