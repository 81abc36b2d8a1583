"""Columns of limits missed for money that is paid, and rows of what comes late."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocate.costing.limits.amounts import demand, last_period, milestones
from allocate.costing.soft_limits import missing
from allocate.program.limits.demand import price_missing
from allocate.program.model import Model, axes_of
from allocate.program.soft_limits import CASH


def paid_penalties(model: Model) -> None:
    r"""Items missing or late, where the penalty for them is money that is paid.

    .. math:: \sum_{r \in R(p), \; t + \ell_r = k} x_{rt} = n_{pk} \qquad \forall p, \; k > D_p \qquad [\text{items}]

    with n the items that come in period k after the deadline :math:`D_p`, each paid in k by the weeks it is late. Items s
    missing of demand and milestones, by which their rows give way, are paid when they fall due: all of it is spent.

    Dual: the penalty of one more item in period k, and what the money is worth on top.
    """
    _demand(model)
    _milestones(model)
    _deadlines(model)


def _paid(
    model: Model, family: str, axes: dict[str, NDArray[np.int32]], most: ArrayLike, price: ArrayLike, period: ArrayLike
) -> None:
    """Columns of what is missing or late, each at its price, paid in a period to none of the vendors."""
    columns = model.program.add_columns(f"{CASH}{family}", axes, upper=most)
    model.charge(columns, price, period=period, products=axes["product"][:, None].tolist(), for_work=False)


def _demand(model: Model) -> None:
    """Items missing in the end."""
    case = model.layout.case
    chosen = np.array([n for n, product in enumerate(case.products.values()) if product.demand.cash], np.int32)
    if len(chosen):
        price, due = missing.demand_penalties(case)[chosen], (last_period(case) - 1)[chosen]
        _paid(model, "demand_floor", {"product": chosen}, demand(case)[0][chosen], price, due)


def _milestones(model: Model) -> None:
    """Items missing at milestones, and in the periods after them where each week costs."""
    case, count = model.layout.case, model.layout.case.periods.count
    asked = [milestone for milestone in milestones(case) if milestone.cash and milestone.penalty is not None]
    late = [(milestone, period) for milestone in asked if milestone.late for period in range(milestone.periods, count)]
    for family, due in (
        ("milestone", [(milestone, milestone.periods - 1) for milestone in asked]),
        ("milestone_late", late),
    ):
        if due:
            axes = axes_of(
                ("product", "milestone", "period"),
                [(milestone.product, milestone.number, period) for milestone, period in due],
            )
            if family == "milestone":
                del axes["period"]
            prices = [price_missing(model.layout, milestone, period) for milestone, period in due]
            paid = [missing.falls_due(case, milestone, period) for milestone, period in due]
            _paid(model, family, axes, [milestone.items for milestone, _ in due], prices, paid)


def _deadlines(model: Model) -> None:
    """Items that come after their deadline, by the period they arrive in."""
    program, layout = model.program, model.layout
    prices = missing.late_prices(layout.case, cash=True)
    if prices is None:
        return
    comes = np.zeros(prices.shape, dtype=bool)
    comes[layout.product, layout.delivered] = True
    axes = axes_of(("product", "period"), np.argwhere(comes & (prices > 0)))
    product, period = axes.values()
    if len(product):
        most = np.minimum(demand(layout.case)[1], layout.most_items.sum(axis=1))[product]
        _paid(model, "deadline", axes, most, prices[product, period], period)
        rows = program.add_rows("deadline_paid", axes, lower=0.0, upper=0.0)
        program.add_terms(rows.ids, program.columns[f"{CASH}deadline"].ids, -1.0)
        model.put_items(rows, when=layout.delivered)
