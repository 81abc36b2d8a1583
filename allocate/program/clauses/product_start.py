"""What a vendor is paid once for each product it starts on."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model


def product_start(model: Model) -> None:
    r"""A vendor that works on a product is paid once for starting on it, at the start.

    .. math:: \sum_{p,v} S_{pv} \, z_{pv} \qquad [\text{money}]

    with z of `engagement`, and 1 in its place for starts before the first planned period. It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of vendors.
    """
    for family in ("starts", "started"):
        opened = model.program.columns.get(family)
        if opened is None:
            continue
        vendor, product = opened.index["vendor"], opened.index["product"]
        started = np.stack([terms.started for terms in model.layout.terms])[vendor, product]
        fees = np.stack([terms.product_start for terms in model.layout.terms])[vendor, product]
        amounts = np.where(started == (family == "started"), fees, 0.0)
        begins = np.array([terms.product_begins for terms in model.layout.terms])[vendor, product]
        model.charge(opened, amounts, vendor, begins, products=product[:, None].tolist())
