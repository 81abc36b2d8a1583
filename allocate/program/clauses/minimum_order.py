"""Rows of the least a vendor must be given of a product it works on."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model


def minimum_order(model: Model) -> None:
    r"""A vendor works on a product for at least its minimum order, or not at all.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \ge m_{pv} \, z_{pv} \qquad \forall p, v \qquad [\text{items}]

    Dual: money the plan loses for one more item of the minimum, with z fixed.
    """
    starts = model.program.columns.get("starts")
    if starts is None:
        return
    asked = np.stack([terms.minimum_order for terms in model.layout.terms], axis=1)
    least = asked[starts.index["product"], starts.index["vendor"]]
    chosen = np.flatnonzero(least > 0)
    if not len(chosen):
        return
    axes = {axis: values[chosen] for axis, values in starts.index.items()}
    rows = model.program.add_rows("minimum_order", axes, lower=0.0)
    model.put_items(rows)
    model.program.add_terms(rows.ids, starts.ids[chosen], -least[chosen])
