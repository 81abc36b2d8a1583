"""Rows of quantities set by hand."""

from __future__ import annotations

import numpy as np

from allocate.costing.rules import fix
from allocate.program.model import Model
from allocate.program.soft_limits import give_way


def fixed_quantity(model: Model) -> None:
    r"""A quantity set by hand is kept, and the rest is planned around it.

    .. math:: \sum_{r \in F_k, t} x_{rt} = q_k \qquad \forall k \qquad [\text{items}]

    A rule with a penalty pays it for every item more or less.

    Dual: what the plan gains from one more item in the line held.
    """
    layout = model.layout
    asked = fix.fixed(layout.case)
    if not asked:
        return
    amounts, rules = [rule.items for rule in asked], [rule.rule for rule in asked]
    rows = model.program.add_rows("fixed_quantity", {"rule": rules}, lower=amounts, upper=amounts)
    workflows = np.array(layout.routes.workflows)[layout.routes.workflow[layout.route]]
    for row, rule in zip(rows.ids.tolist(), asked, strict=True):
        fixed = (layout.product == rule.product) & (layout.vendor == rule.vendor)
        if rule.workflow is not None:
            fixed &= workflows == rule.workflow
        model.program.add_terms(row, layout.ids[fixed], 1.0)
    for short in (True, False):
        give_way(model, rows, rules, short=short)
