"""Rows about what must be delivered, and by when."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing import limits
from allocate.program.layout import Layout
from allocate.program.program import Program


def demand_floor(program: Program, layout: Layout) -> None:
    r"""Each product gets at least the items it needs by its deadline.

    .. math:: \sum_{r \in R(p), t} x_{rt} \ge N_p \qquad \forall p \qquad [\text{items}]

    Dual: money the plan loses (when maximising: a number below zero) for one more item asked of the product.
    """
    least, _ = limits.demand(layout.case)
    _demand(program, layout, "demand_floor", least, least > 0, floor=True)


def demand_ceiling(program: Program, layout: Layout) -> None:
    r"""Each product gets at most the items there are to label.

    .. math:: \sum_{r \in R(p), t} x_{rt} \le M_p \qquad \forall p \qquad [\text{items}]

    Dual: money the plan gains from one more item there is to label.
    """
    _, most = limits.demand(layout.case)
    _demand(program, layout, "demand_ceiling", most, np.isfinite(most), floor=False)


def _demand(
    program: Program, layout: Layout, family: str, amounts: limits.Floats, asked: limits.Booleans, floor: bool
) -> None:
    products = np.flatnonzero(asked)
    if not len(products):
        return
    lower, upper = (amounts[products], np.inf) if floor else (-np.inf, amounts[products])
    rows = program.add_rows(family, {"product": products}, lower=lower, upper=upper)
    row_of = np.full(len(asked), -1)
    row_of[products] = rows.ids
    counted = asked[layout.product]
    program.add_terms(row_of[layout.product[counted]], layout.ids[counted], 1.0)


def milestone(program: Program, layout: Layout) -> None:
    r"""So many items of a product have been delivered by a milestone.

    .. math:: \sum_{r \in R(p), \; t + \ell_r \le T_{pm}} x_{rt} \ge N_{pm} \qquad \forall p, m \qquad [\text{items}]

    Dual: money the plan loses for one more item asked by then.
    """
    asked = limits.milestones(layout.case)
    if not asked:
        return
    axes = {"product": [one.product for one in asked], "milestone": [one.number for one in asked]}
    rows = program.add_rows("milestone", axes, lower=[one.items for one in asked])
    for number in range(max(one.number for one in asked) + 1):
        row_of, until = np.full(len(layout.routes.products), -1), np.zeros(len(layout.routes.products))
        for row, one in zip(rows.ids, asked, strict=True):
            if one.number == number:
                row_of[one.product], until[one.product] = row, one.periods
        counted = np.flatnonzero(layout.delivered < until[layout.product])
        program.add_terms(row_of[layout.product[counted]], layout.ids[counted], 1.0)


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
