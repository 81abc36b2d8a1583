"""Columns and rows of seats and licences."""

from __future__ import annotations

import numpy as np

from allocate.costing import limits
from allocate.costing.clauses.seats import licences
from allocate.costing.supply.throughput import work_content
from allocate.program.charges import Charge
from allocate.program.layout import Layout
from allocate.program.program import Program
from allocate.tolerances import SEAT_ROUNDING


def seats(program: Program, layout: Layout) -> list[Charge]:
    r"""Work that needs a seat is carried by whole seats, bought for each window.

    .. math:: \sum_{(r,t) \in L} \varphi_{tw} h_r \, x_{rt} \le C_l \, n_{lw}, \quad n_{lw} \in \{0, 1, 2, \dots\}
        \qquad \forall l, w \qquad [\text{hours, items or EU}]

    with C the work a seat of licence l carries in a window, :math:`\varphi` the share of the period in the window. Where
    a rule is about shares of the spend, so that paying for idle seats could pay, all but the last seat are in use.

    Dual: of little meaning while n is a whole number.
    """
    asked = licences(layout.case)
    if not asked:
        return []
    pairs = [(one, w) for one in asked for w in range(len(one.windows.labels))]
    axes = {"licence": np.array([one.number for one, _ in pairs]), "window": np.array([w for _, w in pairs])}
    number = program.add_columns("seats", axes, integer=True)
    carries = np.array([one.carries for one, _ in pairs])
    strict = limits.pays_to_spend(layout.case)
    rows = program.add_rows(
        "seats", axes, lower=-carries * (1.0 - 2.0 * SEAT_ROUNDING) if strict else -np.inf, upper=0.0
    )
    program.add_terms(rows.ids, number.ids, -carries)
    for row, (one, w) in zip(rows.ids.tolist(), pairs, strict=True):
        content = work_content(layout.case, layout.routes, one.noun)[layout.route]
        weight = content * one.windows.weights[w][layout.period]
        mine = (layout.vendor == one.vendor) & np.isin(layout.product, one.products) & (weight > 0)
        program.add_terms(row, layout.ids[mine], weight[mine])
    return [
        Charge(
            columns=number,
            amount=np.array([float(one.price[w]) for one, w in pairs]),
            usage=np.zeros(len(pairs)),
            vendor=np.array([one.vendor for one, _ in pairs], dtype=np.int32),
            period=np.array([one.windows.first[w] for one, w in pairs], dtype=np.int32),
            products=tuple(one.products for one, _ in pairs),
        )
    ]
