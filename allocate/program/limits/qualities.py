"""Rows about further qualities of what is delivered."""

from __future__ import annotations

import numpy as np

from allocate.costing.supply.qualities import further_qualities
from allocate.program.model import Model, axes_of


def quality_limit(model: Model) -> None:
    r"""All items of a product together are good enough in some way beside accuracy.

    .. math:: \sum_{r \in R(p), t} (q_{kr} - Q_k) \, x_{rt} \ge 0 \qquad \forall p, k \qquad [\text{items}]

    with q the share of a route's items that is good in that way; of a fault that is to be rare, both signs are turned.

    Dual: money per good item; times the items delivered it is what one unit (100 points) of the limit costs.
    """
    _limit(model, "quality_limit", each_vendor=False)


def quality_limit_vendor(model: Model) -> None:
    r"""What each vendor makes of a product is good enough in that way, where it is asked of each vendor.

    .. math:: \sum_{r \in R(p,v), t} (q_{kr} - Q_k) \, x_{rt} \ge 0 \qquad \forall p, k, v \qquad [\text{items}]

    Dual: as for all items together, of the items vendor v delivers.
    """
    _limit(model, "quality_limit_vendor", each_vendor=True)


def _limit(model: Model, family: str, each_vendor: bool) -> None:
    layout = model.layout
    if not any(product.qualities for product in layout.case.products.values()):
        return
    cells = [
        (quality, vendor, own & (layout.vendor == vendor) if each_vendor else own)
        for quality in further_qualities(layout.case, layout.routes)
        if quality.each_vendor == each_vendor
        for own in [layout.product == quality.product]
        for vendor in (np.unique(layout.vendor[own]).tolist() if each_vendor else [-1])
    ]
    cells = [cell for cell in cells if cell[2].any()]
    if not cells:
        return
    names = ("product", "quality", "vendor") if each_vendor else ("product", "quality")
    keys = [(quality.product, quality.number, vendor)[: len(names)] for quality, vendor, _ in cells]
    rows = model.program.add_rows(family, axes_of(names, keys), lower=0.0)
    for row, (quality, _, inside) in zip(rows.ids.tolist(), cells, strict=True):
        margin = (quality.delivered[layout.route] - quality.limit) * (1.0 if quality.at_least else -1.0)
        model.program.add_terms(row, layout.ids[inside], margin[inside])
