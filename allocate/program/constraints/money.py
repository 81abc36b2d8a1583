"""Rows about money: budgets in total, by period, by groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing.limits import budget_limits, period_budget, total_budget
from allocate.program.charges import Charge
from allocate.program.layout import Layout
from allocate.program.program import Program


def budget(program: Program, layout: Layout, charges: Sequence[Charge] = ()) -> None:
    r"""The plan spends no more than the budget.

    .. math:: \sum_{r,t} c_{rt} \, x_{rt} + \sum_j f_j \, u_j \le B \qquad [\text{money}]

    with u what contracts ask beside the price of an item (tiers, fees, commitments) and f its money.

    Dual: what the plan gains from one more unit of money; zero while money is left over.
    """
    total = total_budget(layout.case)
    if total is None:
        return
    row = program.add_rows("budget", upper=total)
    program.add_terms(row.ids[0], layout.ids, layout.cost)
    for charge in charges:
        program.add_terms(row.ids[0], charge.columns.ids, charge.amount)


def budget_period(program: Program, layout: Layout, charges: Sequence[Charge] = ()) -> None:
    r"""No period spends more than its own budget.

    .. math:: \sum_{r} c_{rt} \, x_{rt} + \sum_{j : t_j = t} f_j \, u_j \le B_t \qquad \forall t \qquad [\text{money}]

    Dual: what the plan gains from one more unit of money in period t.
    """
    amounts = period_budget(layout.case)
    if amounts is None:
        return
    rows = program.add_rows("budget_period", {"period": np.arange(len(amounts))}, upper=amounts)
    program.add_terms(rows.ids[layout.period], layout.ids, layout.cost)
    for charge in charges:
        program.add_terms(rows.ids[charge.period], charge.columns.ids, charge.amount)


def budget_group(program: Program, layout: Layout, charges: Sequence[Charge] = ()) -> None:
    r"""Each limit on a group of products, vendors and periods is kept.

    .. math:: \sum_{(r,t) \in G_k} c_{rt} \, x_{rt} + \sum_{j \in G_k} f_j \, u_j \le B_k \qquad \forall k \qquad [\text{money}]

    Dual: what the plan gains from one more unit of money for the group.
    """
    limits = budget_limits(layout.case)
    if not limits:
        return
    rows = program.add_rows("budget_group", {"limit": np.arange(len(limits))}, upper=[one.amount for one in limits])
    for row, limit in zip(rows.ids, limits, strict=True):
        inside = limit.covers(layout.product, layout.vendor, layout.period)
        program.add_terms(row, layout.ids[inside], layout.cost[inside])
        for charge in charges:
            mine = charge.within(limit.products) & np.isin(charge.vendor, list(limit.vendors))
            mine &= (charge.period >= limit.first) & (charge.period <= limit.last)
            program.add_terms(row, charge.columns.ids[mine], charge.amount[mine])
