"""Rows about what must be delivered, and by when."""

from __future__ import annotations

import numpy as np

from allocate.costing.limits import amounts
from allocate.costing.limits.amounts import Milestone, demand, milestones
from allocate.costing.soft_limits import missing
from allocate.program.arrays import Integers
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of, layers
from allocate.program.soft_limits import give_way_for_cash, pay_for


def demand_floor(model: Model) -> None:
    r"""Each product gets at least the items it needs by its deadline.

    .. math:: \sum_{r \in R(p), t} x_{rt} + s_p \ge N_p \qquad \forall p \qquad [\text{items}]

    with s the items missing, 0 unless the demand has a penalty for each.

    Dual: money the plan loses (when maximising: a number below zero) for one more item asked of the product; no more than
    the penalty.
    """
    case = model.layout.case
    least, _ = demand(case)
    products = np.flatnonzero(least > 0)
    if not len(products):
        return
    rows = model.program.add_rows("demand_floor", {"product": products}, lower=least[products])
    model.put_items(rows)
    cash = np.array([product.demand.cash for product in case.products.values()])
    prices = np.where(cash, np.nan, missing.demand_penalties(case))[products]
    give_way_for_cash(model, rows)
    pay_for(model, rows, prices, short=True, most=least[products])


def demand_ceiling(model: Model) -> None:
    r"""Each product gets at most the items there are to label.

    .. math:: \sum_{r \in R(p), t} x_{rt} \le M_p \qquad \forall p \qquad [\text{items}]

    Dual: money the plan gains from one more item there is to label.
    """
    _, most = demand(model.layout.case)
    products = np.flatnonzero(np.isfinite(most))
    if len(products):
        model.put_items(model.program.add_rows("demand_ceiling", {"product": products}, upper=most[products]))


def milestone(model: Model) -> None:
    r"""So many items of a product have been delivered by a milestone.

    .. math:: \sum_{r \in R(p), \; t + \ell_r \le T_{pm}} x_{rt} + s_{pm} \ge N_{pm} \qquad \forall p, m \qquad [\text{items}]

    with s the items missing then, 0 unless the milestone has a penalty: for each of them, or for each and the weeks of
    the period that follows, in which it comes at the earliest.

    Dual: money the plan loses for one more item asked by then.
    """
    asked = milestones(model.layout.case)
    if asked:
        axes = axes_of(("product", "milestone"), [(goal.product, goal.number) for goal in asked])
        _delivered_by(model, "milestone", axes, [(goal, goal.periods - 1) for goal in asked])


def milestone_late(model: Model) -> None:
    r"""Items of a milestone that are still missing in later periods, where each week of it has a penalty.

    .. math:: \sum_{r \in R(p), \; t + \ell_r \le k} x_{rt} + s_{pmk} \ge N_{pm} \qquad \forall p, m, \; k > T_{pm} \qquad [\text{items}]

    with s the items missing at the end of period k, each at the penalty of a week times the weeks of the next period.

    Dual: money the plan loses for one more item asked in that period.
    """
    count = model.layout.case.periods.count
    asked = [goal for goal in milestones(model.layout.case) if goal.late and goal.periods < count]
    due = [(goal, period) for goal in asked for period in range(goal.periods, count)]
    if due:
        keys = [(goal.product, goal.number, period) for goal, period in due]
        _delivered_by(model, "milestone_late", axes_of(("product", "milestone", "period"), keys), due)


def _delivered_by(model: Model, family: str, axes: dict[str, Integers], due: list[tuple[Milestone, int]]) -> None:
    """Rows of milestones: what is delivered by the end of a period each, and what is missing then at its price."""
    program, layout = model.program, model.layout
    items, last = np.array([milestone.items for milestone, _ in due]), np.array([period for _, period in due])
    hard = np.array([milestone.penalty is None for milestone, _ in due])
    rows = program.add_rows(family, axes, lower=np.where(hard & (last < layout.case.planned_from), -np.inf, items))
    for chosen in layers(rows.index["product"]):
        row_of, until = (np.full(len(layout.routes.products), -1) for _ in range(2))
        row_of[rows.index["product"][chosen]] = rows.ids[chosen]
        until[rows.index["product"][chosen]] = last[chosen]
        counted = np.flatnonzero(layout.delivered <= until[layout.product])
        program.add_terms(row_of[layout.product[counted]], layout.ids[counted], 1.0)
    prices = [np.nan if milestone.cash else price_missing(layout, milestone, period) for milestone, period in due]
    give_way_for_cash(model, rows)
    pay_for(model, rows, prices, short=True, most=items)


def price_missing(layout: Layout, milestone: Milestone, period: int) -> float:
    """Money for an item of a milestone missing at the end of a period; nan where none may be."""
    if milestone.penalty is None:
        return np.nan
    weeks = missing.time_missing(layout.case, milestone.late, period)[0] if milestone.late else 1.0
    return float(milestone.penalty[missing.falls_due(layout.case, milestone, period)]) * float(weeks)


def arrived(model: Model) -> None:
    r"""No more items of a product have been begun before a part of them arrives than had arrived by then.

    .. math:: \sum_{r \in R(p), \; t < T_{p,m+1}} x_{rt} \le \sum_{j \le m} A_{pj} \qquad \forall p, m \qquad [\text{items}]

    with A the items of each part and T the period in which the next one is there.

    Dual: money the plan gains from one more item that arrives by then.
    """
    asked = amounts.arrivals(model.layout.case)
    if not asked:
        return
    axes = axes_of(("product", "part"), [(one.product, one.number) for one in asked])
    done, routes = model.layout.routes.done, model.layout.routes
    there = [one.items for one in asked]
    if done is not None:
        early = [(routes.product[done.route] == one.product) & (done.period < one.before) for one in asked]
        there = [max(most, float(done.items[some].sum())) for most, some in zip(there, early, strict=True)]
    rows = model.program.add_rows("arrived", axes, upper=there)
    for row, one in zip(rows.ids.tolist(), asked, strict=True):
        begun = (model.layout.product == one.product) & (model.layout.period < one.before)
        model.program.add_terms(row, model.layout.ids[begun], 1.0)


def work_in_progress(model: Model) -> None:
    r"""A product has no more items begun and not delivered at the end of a period than it may.

    .. math:: \sum_{r \in R(p), \; s \le t < s + \ell_r} x_{rs} \le W_p \qquad \forall p, t \qquad [\text{items}]

    with lead :math:`\ell_r`, all stages of the workflow together, in periods.

    Dual: money the plan gains from one more item that may wait in period t.
    """
    layout = model.layout
    most, lead = amounts.work_in_progress(layout.case), layout.delivered - layout.period
    limited = np.isfinite(most[layout.product]) & (lead > 0)
    if not limited.any():
        return
    products, periods = np.unique(layout.product[limited]), layout.case.periods.count
    axes = axes_of(("product", "period"), [(product, period) for product in products for period in range(periods)])
    rows = model.program.add_rows("work_in_progress", axes, upper=np.repeat(most[products], periods))
    for waited in range(int(lead[limited].max())):
        model.put_items(rows, limited & (lead > waited), when=layout.period + waited)
