"""Rows about quality."""

from __future__ import annotations

import numpy as np

from allocate.costing.limits import accuracy_floors
from allocate.program.layout import Layout
from allocate.program.program import Program


def accuracy_floor(program: Program, layout: Layout) -> None:
    r"""All items of a product together are accurate enough.

    .. math:: \sum_{r \in R(p), t} (a_r - A_p) \, x_{rt} \ge 0 \qquad \forall p \qquad [\text{items}]

    Dual: money per accurate item; times the items delivered it is what one unit (100 points) of the floor costs.
    """
    floors = accuracy_floors(layout.case)
    products = np.flatnonzero(np.isfinite(floors))
    if not len(products):
        return
    rows = program.add_rows("accuracy_floor", {"product": products}, lower=0.0)
    row_of = np.full(len(floors), -1)
    row_of[products] = rows.ids
    counted = np.isfinite(floors)[layout.product]
    margin = layout.accuracy - floors[layout.product]
    program.add_terms(row_of[layout.product[counted]], layout.ids[counted], margin[counted])
