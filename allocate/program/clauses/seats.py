"""Columns and rows of seats and licences."""

from __future__ import annotations

import numpy as np

from allocate.costing.clauses.seats import licences
from allocate.costing.supply.throughput import work_content
from allocate.program.model import Model, axes_of
from allocate.tolerances import SEAT_ROUNDING


def seats(model: Model) -> None:
    r"""Work that needs a seat is carried by whole seats, bought for each window.

    .. math:: \sum_{(r,t) \in L} \varphi_{tw} h_r \, x_{rt} \le C_l \, n_{lw}, \quad n_{lw} \in \{0, 1, 2, \dots\}
        \qquad \forall l, w \qquad [\text{hours, items or EU}]

    with C the work a seat of licence l carries in a window, :math:`\varphi` the share of the period in the window. Where
    a rule is about shares of the spend, so that paying for idle seats could pay, all but the last seat are in use.

    Dual: of little meaning while n is a whole number.
    """
    program, layout = model.program, model.layout
    pairs = [(licence, window) for licence in licences(layout.case) for window in range(len(licence.windows.labels))]
    if not pairs:
        return
    axes = axes_of(("licence", "window"), [(licence.number, window) for licence, window in pairs])
    number = program.add_columns("seats", axes, integer=True)
    carries = np.array([licence.carries for licence, _ in pairs])
    strict = layout.pays_to_spend
    least = -carries * (1.0 - 2.0 * SEAT_ROUNDING) if strict else -np.inf
    rows = program.add_rows("seats", axes, lower=least, upper=0.0)
    program.add_terms(rows.ids, number.ids, -carries)
    for row, (licence, window) in zip(rows.ids.tolist(), pairs, strict=True):
        content = work_content(layout.case, layout.routes, licence.noun)[layout.route]
        weight = content * licence.windows.weights[window][layout.period]
        carried = (layout.vendor == licence.vendor) & np.isin(layout.product, licence.products) & (weight > 0)
        program.add_terms(row, layout.ids[carried], weight[carried])
    model.charge(
        number,
        [float(licence.price[window]) for licence, window in pairs],
        [licence.vendor for licence, _ in pairs],
        [licence.windows.first[window] for licence, window in pairs],
        [licence.products for licence, _ in pairs],
    )
