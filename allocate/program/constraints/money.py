"""Rows about money: budgets in total, by period, by groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits import budget_limits, period_budget, total_budget
from allocate.program.charges import Charge
from allocate.program.layout import Floats, Integers, Layout
from allocate.program.program import Program


@dataclass(frozen=True)
class _Spent:
    """Columns that spend money; arrays have one entry per column."""

    columns: Integers
    amount: Floats
    vendor: Integers
    period: Integers
    """Position of the period that counts: in which it is owed, or paid."""
    within: Callable[[frozenset[int]], NDArray[np.bool_]]
    """Which columns are for nothing but some products."""


def _spending(layout: Layout, charges: Sequence[Charge]) -> Iterator[_Spent]:
    """Everything that is spent, by the period in which budgets count it."""

    def of_items(products: frozenset[int]) -> NDArray[np.bool_]:
        return np.isin(layout.product, list(products))

    owed, paid = layout.period, layout.payments.period
    if layout.case.file.budget.by == "paid":
        own = layout.own_cost
        yield _Spent(layout.ids, layout.cost - own, layout.vendor, paid[layout.vendor, owed], of_items)
        if own.any():
            yield _Spent(layout.ids, own, layout.vendor, owed, of_items)
    else:
        yield _Spent(layout.ids, layout.cost, layout.vendor, owed, of_items)
    for one in charges:
        when = paid[one.vendor, one.period] if layout.case.file.budget.by == "paid" else one.period
        yield _Spent(one.columns.ids, one.amount, one.vendor, when, one.within)


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

    Where budgets go by what is paid, t is the period in which money leaves, here and in limits on groups; what leaves after
    the horizon stands in no row of a period.

    Dual: what the plan gains from one more unit of money in period t.
    """
    amounts = period_budget(layout.case)
    if amounts is None:
        return
    rows = program.add_rows("budget_period", {"period": np.arange(len(amounts))}, upper=amounts)
    for spent in _spending(layout, charges):
        inside = spent.period < len(amounts)
        program.add_terms(rows.ids[spent.period[inside]], spent.columns[inside], spent.amount[inside])


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
        for spent in _spending(layout, charges):
            inside = spent.within(limit.products) & np.isin(spent.vendor, list(limit.vendors))
            inside &= (spent.period >= limit.first) & (spent.period <= limit.last)
            program.add_terms(row, spent.columns[inside], spent.amount[inside])
