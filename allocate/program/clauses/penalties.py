"""Columns of limits missed for money that is paid, and rows of what comes late."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing import limits
from allocate.costing.soft_limits import missing
from allocate.costing.supply.reach import last_period
from allocate.program.charges import Charge
from allocate.program.elastic import CASH
from allocate.program.layout import Layout
from allocate.program.program import Program

Key = tuple[int, ...]


def paid_penalties(program: Program, layout: Layout) -> list[Charge]:
    r"""Items missing or late, where the penalty for them is money that is paid.

    .. math:: \sum_{r \in R(p), \; t + \ell_r = k} x_{rt} = n_{pk} \qquad \forall p, \; k > D_p \qquad [\text{items}]

    with n the items that come in period k after the deadline :math:`D_p`, each paid in k by the weeks it is late. Items s
    missing of demand and milestones, by which their rows give way, are paid when they fall due: all of it is spent.

    Dual: the penalty of one more item in period k, and what the money is worth on top.
    """
    found = [*_demand(program, layout), *_milestones(program, layout)]
    prices = missing.late_prices(layout.case, cash=True)
    if prices is None:
        return found
    keys = [
        (p, k) for p, k in np.argwhere(prices > 0).tolist() if ((layout.product == p) & (layout.delivered == k)).any()
    ]
    if not keys:
        return found
    product, period = np.array(keys, dtype=np.int32).T
    most = np.minimum(limits.demand(layout.case)[1], layout.most_items.sum(axis=1))[product]
    late = program.add_columns(f"{CASH}deadline", {"product": product, "period": period}, upper=most)
    rows = program.add_rows("deadline_paid", {"product": product, "period": period}, lower=0.0, upper=0.0)
    program.add_terms(rows.ids, late.ids, -1.0)
    row_of = np.full(prices.shape, -1)
    row_of[product, period] = rows.ids
    at = row_of[layout.product, layout.delivered]
    program.add_terms(at[at >= 0], layout.ids[at >= 0], 1.0)
    return [*found, _charge(program, "deadline", prices[product, period], period.tolist())]


def _charge(program: Program, family: str, prices: Sequence[float] | limits.Floats, period: Sequence[int]) -> Charge:
    """Money of columns, paid to none of the vendors."""
    columns = program.columns[f"{CASH}{family}"]
    nobody, nothing = np.full(len(columns), limits.NOBODY, dtype=np.int32), np.zeros(len(columns))
    products = tuple((int(one),) for one in columns.index["product"])
    return Charge(columns, np.array(prices), nothing, nobody, np.array(period, dtype=np.int32), products)


def _demand(program: Program, layout: Layout) -> list[Charge]:
    """Items missing in the end."""
    case = layout.case
    chosen = [position for position, one in enumerate(case.products.values()) if one.demand.cash]
    if not chosen:
        return []
    program.add_columns(f"{CASH}demand_floor", {"product": chosen}, upper=limits.demand(case)[0][chosen])
    return [
        _charge(
            program, "demand_floor", missing.demand_penalties(case)[chosen], (last_period(case) - 1)[chosen].tolist()
        )
    ]


def _milestones(program: Program, layout: Layout) -> list[Charge]:
    """Items missing at milestones, and in the periods after them where each week costs."""
    case, count, found = layout.case, layout.case.periods.count, list[Charge]()
    asked = [one for one in limits.milestones(case) if one.cash and one.penalty is not None]
    keys: dict[str, list[tuple[limits.Milestone, int]]] = {
        "milestone": [(one, one.periods - 1) for one in asked],
        "milestone_late": [(one, k) for one in asked if one.late for k in range(one.periods, count)],
    }
    for family, pairs in keys.items():
        if not pairs:
            continue
        axes = {"product": [one.product for one, _ in pairs], "milestone": [one.number for one, _ in pairs]}
        axes |= {"period": [k for _, k in pairs]} if family == "milestone_late" else {}
        program.add_columns(f"{CASH}{family}", axes, upper=np.array([one.items for one, _ in pairs]))
        due = [missing.falls_due(case, one, k) for one, k in pairs]
        prices = [
            float(one.penalty[d]) * _weeks(layout, one, k)
            for (one, k), d in zip(pairs, due, strict=True)
            if one.penalty is not None
        ]
        found.append(_charge(program, family, prices, due))
    return found


def _weeks(layout: Layout, one: limits.Milestone, period: int) -> float:
    """How often the penalty is owed for an item missing at the end of a period."""
    return float(missing.time_missing(layout.case, one.late, period)[0]) if one.late else 1.0
