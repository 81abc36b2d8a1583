"""Rows of products that no vendor may work on together."""

from __future__ import annotations

import numpy as np

from allocate.costing.rules.incompatible import incompatible, most_products
from allocate.program.model import Model, axes_of
from allocate.program.soft_limits import give_way


def incompatible_products(model: Model) -> None:
    r"""A vendor works on one at most of products that are incompatible.

    .. math:: \sum_{p \in I_k} z_{pv} \le 1 \qquad \forall k, v \qquad [\text{products}]

    A rule with a penalty gives way by a number of products.

    Dual: of little meaning while z is a whole number.
    """
    starts = model.program.columns.get("starts")
    if starts is None:
        return
    product, vendor = starts.index["product"], starts.index["vendor"]
    together = [
        (rule, np.flatnonzero((vendor == rule.vendor) & np.isin(product, rule.products)))
        for rule in incompatible(model.layout.case)
    ]
    asked = [(rule, columns) for rule, columns in together if len(columns) > 1]
    if not asked:
        return
    axes = axes_of(("rule", "vendor"), [(rule.rule, rule.vendor) for rule, _ in asked])
    most = [float(most_products(rule, model.layout.routes.made)) for rule, _ in asked]
    rows = model.program.add_rows("incompatible_products", axes, upper=most)
    for row, (_, columns) in zip(rows.ids.tolist(), asked, strict=True):
        model.program.add_terms(row, starts.ids[columns], 1.0)
    give_way(model, rows, [rule.rule for rule, _ in asked], short=False)
