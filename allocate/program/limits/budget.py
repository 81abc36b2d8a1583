"""Rows about money: budgets in total, by period, by groups, each in the currency it is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits.budget import budget_limits, period_budget, total_budget
from allocate.costing.terms.prices import worth
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.model import Model


@dataclass(frozen=True, eq=False)
class _Spent:
    """Columns that spend money; arrays have one entry per column."""

    columns: Integers
    amount: Floats
    """In the case's currency."""
    vendor: Integers
    owed: Integers
    """Position of the period it is owed in: its exchange rate converts it."""
    period: Integers
    """Position of the period that counts: in which it is owed, or paid."""
    day: Integers
    """The day it is paid, as an ordinal, where budgets go by that and a contract says it; else 0."""
    within: Callable[[frozenset[int]], NDArray[np.bool_]]
    """Which columns are for nothing but some products."""


def _spending(model: Model) -> Iterator[_Spent]:
    """Everything that is spent, by the period in which budgets count it."""
    layout = model.layout

    def of_items(products: frozenset[int]) -> NDArray[np.bool_]:
        return np.isin(layout.product, list(products))

    by_paid, of = layout.case.file.budget.by == "paid", layout.payments

    def paid(vendor: Integers, owed: Integers) -> tuple[Integers, Integers, Integers]:
        when = (of.period[vendor, owed], of.day[vendor, owed]) if by_paid else (owed, np.zeros_like(owed))
        return owed, *when

    own = layout.own_cost if by_paid else np.zeros(len(layout.ids))
    yield _Spent(layout.ids, layout.cost - own, layout.vendor, *paid(layout.vendor, layout.period), of_items)
    if own.any():
        at_once = np.zeros_like(layout.period)
        yield _Spent(layout.ids, own, layout.vendor, layout.period, layout.period, at_once, of_items)
    for charge in model.charges:
        when = paid(charge.vendor, charge.period)
        yield _Spent(charge.columns.ids, charge.amount, charge.vendor, *when, charge.within)


def _of_own(layout: Layout, currency: str) -> Floats:
    """What one unit of the case's currency counts in that of a budget, by the period in which it is owed, shape (T,)."""
    return worth(layout.case, layout.case.currency, currency)


def budget(model: Model) -> None:
    r"""The plan spends no more than the budget.

    .. math:: \sum_{r,t} c_{rt} \, x_{rt} + \sum_j f_j \, u_j \le B \qquad [\text{money}]

    with u what contracts ask beside the price of an item (tiers, fees, commitments) and f its money. Here and in the budgets
    below, c and f stand in the currency of the budget, at the exchange rate of the period in which each is owed.

    Dual: the shadow price of money: what the plan gains from one more unit of it; zero while money is left over.
    """
    total = total_budget(model.layout.case)
    if total is None:
        return
    model.put_spend(int(model.program.add_rows("budget", upper=total.amount).ids[0]), total.currency)


def budget_period(model: Model) -> None:
    r"""No period spends more than its own budget.

    .. math:: \sum_{r} c_{rt} \, x_{rt} + \sum_{j : t_j = t} f_j \, u_j \le B_t \qquad \forall t \qquad [\text{money}]

    Where budgets go by what is paid, t is the period in which money leaves, here and in limits on groups; what leaves after
    the horizon stands in no row of a period.

    Dual: what the plan gains from one more unit of money in period t.
    """
    program, layout = model.program, model.layout
    budget, count = period_budget(layout.case), layout.case.periods.count
    if budget is None:
        return
    rows = program.add_rows("budget_period", {"period": np.arange(count)}, upper=np.full(count, budget.amount))
    each = _of_own(layout, budget.currency)
    for spent in _spending(model):
        inside = spent.period < count
        counted = spent.amount[inside] * each[spent.owed[inside]]
        program.add_terms(rows.ids[spent.period[inside]], spent.columns[inside], counted)


def budget_group(model: Model) -> None:
    r"""Each limit on a group of products, vendors and periods is kept.

    Where budgets go by what is paid, a limit from or to a date has what is paid on that day: payments by their due date, all else by
    its period.

    .. math:: \sum_{(r,t) \in G_k} c_{rt} \, x_{rt} + \sum_{j \in G_k} f_j \, u_j \le B_k \qquad \forall k \qquad [\text{money}]

    Dual: what the plan gains from one more unit of money for the group.
    """
    program, layout = model.program, model.layout
    limits = budget_limits(layout.case)
    if not limits:
        return
    rows = program.add_rows("budget_group", {"limit": np.arange(len(limits))}, upper=[limit.amount for limit in limits])
    for row, limit in zip(rows.ids, limits, strict=True):
        each = _of_own(layout, limit.currency)
        for spent in _spending(model):
            inside = spent.within(limit.products) & np.isin(spent.vendor, list(limit.vendors))
            inside &= limit.covers(spent.period, spent.day)
            program.add_terms(row, spent.columns[inside], spent.amount[inside] * each[spent.owed[inside]])
