"""What a vendor is paid once for each product it starts on."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model


def product_start(model: Model) -> None:
    r"""A vendor that works on a product is paid once for starting on it, at the start.

    .. math:: \sum_{p,v} S_{pv} \, z_{pv} \qquad [\text{money}]

    with z of `engagement`. It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of vendors.
    """
    starts = model.program.columns.get("starts")
    if starts is not None:
        vendor, product = starts.index["vendor"], starts.index["product"]
        amounts = np.stack([terms.product_start for terms in model.layout.terms])[vendor, product]
        begins = np.array([terms.product_begins for terms in model.layout.terms])[vendor, product]
        model.charge(starts, amounts, vendor, begins, products=product[:, None].tolist())
