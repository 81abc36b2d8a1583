"""When the last item is delivered."""

from __future__ import annotations

import numpy as np

from allocate.program.engagement import most_of
from allocate.program.model import Model, axes_of

UNFINISHED = "unfinished"
"""Columns of 0 or 1: whether anything is delivered in a period or later."""


def unfinished_periods(model: Model) -> None:
    r"""Whether anything is delivered in a period or later, where an early finish is a goal.

    .. math:: \sum_{r \in R(p) : t + \ell_r = u} x_{rt} \le M_p \, z_u, \qquad z_u \ge z_{u+1} \qquad \forall p, u
        \qquad [\text{items}]

    with z 0 or 1 and M the most items of the product there could be. What is done already is delivered when it is.

    Dual: of little meaning while z is a whole number.
    """
    layout, program = model.layout, model.program
    if "finish" not in layout.case.file.objective:
        return
    count, routes = layout.case.periods.count, layout.routes
    lower = np.zeros(count)
    if routes.done is not None:
        there = routes.done.period + routes.lead[routes.done.route]
        lower[: int(there.max(initial=-1)) + 1] = 1.0
    columns = program.add_columns(UNFINISHED, {"period": np.arange(count)}, lower=lower, upper=1.0, integer=True)
    planned = ~layout.past & (layout.delivered < count)
    cells = sorted(set(zip(layout.product[planned].tolist(), layout.delivered[planned].tolist(), strict=True)))
    if not cells:
        return
    rows = program.add_rows("delivered_unfinished", axes_of(("product", "period"), cells), upper=0.0)
    most = most_of(layout, rows.index["product"], "the goal `finish` needs")
    program.add_terms(rows.ids, columns.at(period=rows.index["period"]), -most)
    model.put_items(rows, np.where(planned, 1.0, 0.0), layout.delivered)
    order = program.add_rows("unfinished_order", {"period": np.arange(count - 1)}, lower=0.0)
    program.add_terms(order.ids, columns.ids[:-1], 1.0)
    program.add_terms(order.ids, columns.ids[1:], -1.0)
