"""Rows of vendors that may not work on a product."""

from __future__ import annotations

import numpy as np

from allocate.costing.rules.only import barred, discouraged
from allocate.program.model import Model, axes_of
from allocate.program.soft_limits import give_way


def only_vendors(model: Model) -> None:
    r"""Vendors that may not work on a product make nothing of it: certificates, residency, exclusive products.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \le 0 \qquad \forall (p, v) \text{ forbidden} \qquad [\text{items}]

    A rule with a penalty pays it for every item made nevertheless; the others ask nothing of work that is done.

    Dual: money the plan gains from the first item such a vendor were allowed.
    """
    program, layout = model.program, model.layout
    present = np.zeros((len(layout.routes.products), len(layout.routes.vendors)), dtype=bool)
    present[layout.product, layout.vendor] = True
    forbidden = np.argwhere(barred(layout.case) & present)
    each = 1.0 if layout.planned is None else layout.planned.astype(np.float64)
    if len(forbidden):
        model.put_items(program.add_rows("only_vendors", axes_of(("product", "vendor"), forbidden), upper=0.0), each)
    triples = [
        (rule, *pair) for rule, apart in discouraged(layout.case) for pair in np.argwhere(apart & present).tolist()
    ]
    if not triples:
        return
    soft = program.add_rows("only_vendors_soft", axes_of(("rule", "product", "vendor"), triples), upper=0.0)
    model.put_items(soft)
    give_way(model, soft, [rule for rule, *_ in triples], short=False)
