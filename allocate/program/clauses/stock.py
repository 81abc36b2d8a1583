"""Columns and rows of what is in stock at the end of each period, and of what waits as backlog."""

from __future__ import annotations

import numpy as np

from allocate.costing.clauses.stock import stocks
from allocate.program.model import Model, axes_of


def stock_balance(model: Model) -> None:
    r"""Stock at the end of a period is what there was, and what is delivered less what is needed in it.

    .. math:: I_{pt} - B_{pt} = I_{p,t-1} - B_{p,t-1} + \sum_{r \in R(p), \; s + \ell_r = t} x_{rs} - d_{pt}
        \qquad \forall p, t \qquad [\text{items}]

    with I items in stock and B those needed and missing, both at their price for the length of the period, d the items needed
    in it, and what is in stock at the start for t = 0.

    Dual: money the plan gains from one more item in stock in period t.
    """
    asked, layout, program = stocks(model.layout.case), model.layout, model.program
    if not asked:
        return
    count = layout.case.periods.count
    axes = axes_of(("product", "period"), [(kept.product, period) for kept in asked for period in range(count)])
    held, short = (program.add_columns(family, axes) for family in ("stock_held", "stock_short"))
    needed = np.concatenate([np.diff(kept.needed, prepend=kept.start) for kept in asked])
    rows = program.add_rows("stock_balance", axes, lower=needed, upper=needed)
    model.put_items(rows, when=layout.delivered)
    later = np.flatnonzero(axes["period"] > 0)
    for columns, sign in ((held, 1.0), (short, -1.0)):
        program.add_terms(rows.ids, columns.ids, -sign)
        program.add_terms(rows.ids[later], columns.ids[later - 1], sign)
    products = axes["product"][:, None].tolist()
    waiting = [np.zeros(count) if kept.backlog is None else kept.backlog for kept in asked]
    for columns, money in ((held, [kept.holding for kept in asked]), (short, waiting)):
        model.charge(columns, np.concatenate(money), period=axes["period"], products=products, for_work=False)


def stock_needed(model: Model) -> None:
    r"""What is needed is there: at the end of each period, or, where it may wait, at the end of the horizon.

    .. math:: \sum_{r \in R(p), \; s + \ell_r \le t} x_{rs} \ge \sum_{k \le t} d_{pk} - I_{p0} \qquad \forall p, t \qquad [\text{items}]

    Dual: money the plan loses for one more item needed by then.
    """
    layout, count = model.layout, model.layout.case.periods.count
    cells = [
        (kept.product, period, float(kept.needed[period]) - kept.start)
        for kept in stocks(layout.case)
        for period in (range(count) if kept.backlog is None else (count - 1,))
        if kept.needed[period] > kept.start
    ]
    if not cells:
        return
    axes = axes_of(("product", "period"), [cell[:2] for cell in cells])
    rows = model.program.add_rows("stock_needed", axes, lower=[cell[2] for cell in cells])
    for row, (product, period, _) in zip(rows.ids.tolist(), cells, strict=True):
        there = (layout.product == product) & (layout.delivered <= period)
        model.program.add_terms(row, layout.ids[there], 1.0)
