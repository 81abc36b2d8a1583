"""Columns and rows of orders in whole lots."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model, axes_of


def order_multiple(model: Model) -> None:
    r"""A vendor's items of a product come in whole lots.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} = l_v \, n_{pv}, \quad n_{pv} \in \{0, 1, 2, \dots\}
        \qquad \forall p, v \qquad [\text{items}]

    Dual: of little meaning while n is a whole number.
    """
    layout, lots = model.layout, np.array([terms.order_multiple for terms in model.layout.terms])
    sold = np.flatnonzero(lots[layout.vendor] > 0)
    if not len(sold):
        return
    axes = axes_of(
        ("product", "vendor"), np.unique(np.column_stack([layout.product[sold], layout.vendor[sold]]), axis=0)
    )
    lot = lots[axes["vendor"]]
    upper = np.floor(layout.most_items[axes["product"], axes["vendor"]] / lot + 1e-9)
    number = model.program.add_columns("lots", axes, upper=upper, integer=True)
    rows = model.program.add_rows("order_multiple", axes, lower=0.0, upper=0.0)
    model.put_items(rows)
    model.program.add_terms(rows.ids, number.ids, -lot)
