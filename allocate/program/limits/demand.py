"""Rows about what must be delivered, and by when."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing import limits
from allocate.costing.soft_limits import missing
from allocate.program.charges import Penalty
from allocate.program.elastic import give_way_for_cash, pay_for
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def demand_floor(program: Program, layout: Layout) -> list[Penalty]:
    r"""Each product gets at least the items it needs by its deadline.

    .. math:: \sum_{r \in R(p), t} x_{rt} + s_p \ge N_p \qquad \forall p \qquad [\text{items}]

    with s the items missing, 0 unless the demand has a penalty for each.

    Dual: money the plan loses (when maximising: a number below zero) for one more item asked of the product; no more than
    the penalty.
    """
    least, _ = limits.demand(layout.case)
    rows = _demand(program, layout, "demand_floor", least, least > 0, floor=True)
    if rows is None:
        return []
    asked = rows.index["product"]
    cash = np.array([one.demand.cash for one in layout.case.products.values()])
    prices = np.where(cash, np.nan, missing.demand_penalties(layout.case))[asked]
    give_way_for_cash(program, rows)
    return pay_for(program, rows, prices, short=True, most=least[asked])


def demand_ceiling(program: Program, layout: Layout) -> None:
    r"""Each product gets at most the items there are to label.

    .. math:: \sum_{r \in R(p), t} x_{rt} \le M_p \qquad \forall p \qquad [\text{items}]

    Dual: money the plan gains from one more item there is to label.
    """
    _, most = limits.demand(layout.case)
    _demand(program, layout, "demand_ceiling", most, np.isfinite(most), floor=False)


def _demand(
    program: Program, layout: Layout, family: str, amounts: limits.Floats, asked: limits.Booleans, floor: bool
) -> Block | None:
    """A row for each product that asks for one; None where none does."""
    products = np.flatnonzero(asked)
    if not len(products):
        return None
    lower, upper = (amounts[products], np.inf) if floor else (-np.inf, amounts[products])
    rows = program.add_rows(family, {"product": products}, lower=lower, upper=upper)
    row_of = np.full(len(asked), -1)
    row_of[products] = rows.ids
    counted = asked[layout.product]
    program.add_terms(row_of[layout.product[counted]], layout.ids[counted], 1.0)
    return rows


def milestone(program: Program, layout: Layout) -> list[Penalty]:
    r"""So many items of a product have been delivered by a milestone.

    .. math:: \sum_{r \in R(p), \; t + \ell_r \le T_{pm}} x_{rt} + s_{pm} \ge N_{pm} \qquad \forall p, m \qquad [\text{items}]

    with s the items missing then, 0 unless the milestone has a penalty: for each of them, or for each and the weeks of
    the period that follows, in which it comes at the earliest.

    Dual: money the plan loses for one more item asked by then.
    """
    asked = limits.milestones(layout.case)
    if not asked:
        return []
    items = np.array([one.items for one in asked])
    axes = {"product": [one.product for one in asked], "milestone": [one.number for one in asked]}
    rows = program.add_rows("milestone", axes, lower=items)
    for number in range(max(one.number for one in asked) + 1):
        row_of, until = np.full(len(layout.routes.products), -1), np.zeros(len(layout.routes.products))
        for row, one in zip(rows.ids, asked, strict=True):
            if one.number == number:
                row_of[one.product], until[one.product] = row, one.periods
        counted = np.flatnonzero(layout.delivered < until[layout.product])
        program.add_terms(row_of[layout.product[counted]], layout.ids[counted], 1.0)
    weeks = [
        float(missing.time_missing(layout.case, one.late, one.periods - 1)[0]) if one.late else 1.0 for one in asked
    ]
    due = [missing.falls_due(layout.case, one, one.periods - 1) for one in asked]
    prices = [
        np.nan if one.penalty is None or one.cash else float(one.penalty[k]) * w
        for one, w, k in zip(asked, weeks, due, strict=True)
    ]
    give_way_for_cash(program, rows)
    return pay_for(program, rows, prices, short=True, most=items)


def milestone_late(program: Program, layout: Layout) -> list[Penalty]:
    r"""Items of a milestone that are still missing in later periods, where each week of it has a penalty.

    .. math:: \sum_{r \in R(p), \; t + \ell_r \le k} x_{rt} + s_{pmk} \ge N_{pm} \qquad \forall p, m, \; k > T_{pm} \qquad [\text{items}]

    with s the items missing at the end of period k, each at the penalty of a week times the weeks of the next period.

    Dual: money the plan loses for one more item asked in that period.
    """
    asked = [one for one in limits.milestones(layout.case) if one.late and one.periods < layout.case.periods.count]
    if not asked:
        return []
    keys = [(n, k) for n, one in enumerate(asked) for k in range(one.periods, layout.case.periods.count)]
    axes = {
        "product": [asked[n].product for n, _ in keys],
        "milestone": [asked[n].number for n, _ in keys],
        "period": [k for _, k in keys],
    }
    items = np.array([asked[n].items for n, _ in keys])
    rows = program.add_rows("milestone_late", axes, lower=items)
    for row, (n, k) in zip(rows.ids.tolist(), keys, strict=True):
        program.add_terms(row, layout.ids[(layout.product == asked[n].product) & (layout.delivered <= k)], 1.0)
    weeks = np.concatenate([missing.time_missing(layout.case, one.late, one.periods) for one in asked if one.late])
    prices = weeks * np.array([_late(layout, asked[n], k) for n, k in keys])
    give_way_for_cash(program, rows)
    return pay_for(program, rows, prices, short=True, most=items)


def _late(layout: Layout, one: limits.Milestone, period: int) -> float:
    """Penalty of a week for an item missing at the end of a period; nan where it is paid."""
    if one.cash or one.penalty is None:
        return np.nan
    return float(one.penalty[missing.falls_due(layout.case, one, period)])


def work_in_progress(program: Program, layout: Layout) -> None:
    r"""A product has no more items begun and not delivered at the end of a period than it may.

    .. math:: \sum_{r \in R(p), \; s \le t < s + \ell_r} x_{rs} \le W_p \qquad \forall p, t \qquad [\text{items}]

    with lead :math:`\ell_r`, all stages of the workflow together, in periods.

    Dual: money the plan gains from one more item that may wait in period t.
    """
    most, lead = limits.work_in_progress(layout.case), layout.delivered - layout.period
    limited = np.isfinite(most[layout.product]) & (lead > 0)
    if not limited.any():
        return
    products, periods = np.unique(layout.product[limited]), layout.case.periods.count
    when = np.tile(np.arange(periods), len(products))
    axes: dict[str, ArrayLike] = {"product": np.repeat(products, periods), "period": when}
    rows = program.add_rows("work_in_progress", axes, upper=np.repeat(most[products], periods))
    first = np.full(len(most), -1)
    first[products] = rows.ids[::periods]
    for waited in range(int(lead[limited].max())):
        still = np.flatnonzero(limited & (lead > waited))
        at = first[layout.product[still]] + layout.period[still] + waited
        program.add_terms(at, layout.ids[still], 1.0)
