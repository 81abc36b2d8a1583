"""Columns and rows of incumbents: the cost of taking a product away from whoever made it."""

from __future__ import annotations

import numpy as np

from allocate.costing.limits.amounts import demand
from allocate.costing.terms.incumbents import Switching, switching
from allocate.program.arrays import Booleans
from allocate.program.engagement import bounded
from allocate.program.layout import Layout
from allocate.program.model import Model


def switching_cost(model: Model) -> None:
    r"""A product whose incumbent gets less than its part is switched, and pays for it.

    .. math:: \sum_{r \in R(p,i), t} x_{rt} - \beta_p \sum_{r \in R(p), t} x_{rt} + M_p \, s_p \ge 0
        \qquad \forall p \qquad [\text{items}]

    with s 0 or 1, i the incumbent, :math:`\beta` its part and M the part of the most items others could make. It is a cost of your own, or of whom the case says it is paid to, and stands in no share of the spend.

    Dual: of little meaning while s is a whole number.
    """
    layout = model.layout
    asked = [
        change
        for change in switching(layout.case)
        if change.fee > 0 and (change.begun or (layout.product == change.product).any())
    ]
    if not asked:
        return
    product, vendor = np.nonzero(
        layout.served & np.isin(np.arange(len(layout.served)), [c.product for c in asked])[:, None]
    )
    bounded(layout, product, vendor)
    switched = model.program.add_columns(
        "switched",
        {"product": [change.product for change in asked]},
        lower=[float(change.begun) for change in asked],
        upper=1.0,
        integer=True,
    )
    _parts(model, list(zip(asked, switched.ids.tolist(), strict=True)))
    model.charge(
        switched,
        [change.fee for change in asked],
        [change.paid_to for change in asked],
        [change.begins for change in asked],
        products=[(change.product,) for change in asked],
        for_work=False,
    )


def _parts(model: Model, asked: list[tuple[Switching, int]]) -> None:
    """The incumbent makes its part, or the product is switched."""
    program, layout = model.program, model.layout
    rows = program.add_rows("incumbent_part", {"product": [change.product for change, _ in asked]}, lower=0.0)
    for row, (change, switched) in zip(rows.ids.tolist(), asked, strict=True):
        of_product, own = _who(layout, change)
        program.add_terms(row, layout.ids[of_product], np.where(own, 1.0, 0.0)[of_product] - change.below)
        program.add_terms(row, [switched], change.below * _most_others(layout, change))


def _who(layout: Layout, change: Switching) -> tuple[Booleans, Booleans]:
    """Columns of a product, and those of its incumbent."""
    of_product = layout.product == change.product
    return of_product, of_product & (layout.vendor == change.vendor)


def _most_others(layout: Layout, change: Switching) -> float:
    """Most items of a product that vendors other than its incumbent could make."""
    most = np.where(layout.served[change.product], layout.most_items[change.product], 0.0)
    return min(float(most.sum() - most[change.vendor]), float(demand(layout.case)[1][change.product]))
