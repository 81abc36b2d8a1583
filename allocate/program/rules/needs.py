"""Columns and rows of products that are worked on only if others get enough."""

from __future__ import annotations

import numpy as np

from allocate.costing.rules.needs import needs
from allocate.program.engagement import most_of
from allocate.program.model import Model
from allocate.program.soft_limits import give_way


def needs_product(model: Model) -> None:
    r"""A product is worked on only if another one gets enough items.

    .. math:: \sum_{r \in R(p), t} x_{rt} \le M_p \, g_k, \qquad \sum_{r \in R(o), t} x_{rt} \ge m_k \, g_k
        \qquad \forall k \qquad [\text{items}]

    with g 0 or 1, o the other product and m the items it must get. A rule with a penalty pays it for every item the other
    product lacks.

    Dual: of little meaning while g is a whole number.
    """
    program, layout = model.program, model.layout
    asked = needs(layout.case)
    if not asked:
        return
    axes = {"rule": [rule.rule for rule in asked]}
    go = program.add_columns("needs_met", axes, upper=1.0, integer=True)
    only = program.add_rows("needs_product", axes, upper=0.0)
    first = program.add_rows("needed_product", axes, lower=0.0)
    most = np.concatenate([most_of(layout, [rule.product], f"the rule '{rule.name}' needs") for rule in asked])
    for position, rule in enumerate(asked):
        program.add_terms(only.ids[position], layout.ids[layout.product == rule.product], 1.0)
        program.add_terms(first.ids[position], layout.ids[layout.product == rule.other], 1.0)
    program.add_terms(only.ids, go.ids, -most)
    program.add_terms(first.ids, go.ids, [-rule.items for rule in asked])
    give_way(model, first, [rule.rule for rule in asked], short=True)
