"""Rows about quality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits import accuracy_floors
from allocate.costing.soft_limits.missing import accuracy_penalties
from allocate.costing.supply.reach import last_period
from allocate.program.charges import Penalty
from allocate.program.elastic import pay_for
from allocate.program.layout import Layout
from allocate.program.program import Program

Integers = NDArray[np.int32]


def accuracy_floor(program: Program, layout: Layout) -> list[Penalty]:
    r"""All items of a product together are accurate enough.

    .. math:: \sum_{r \in R(p), t} (a_r - A_p) \, x_{rt} + s_p \ge 0 \qquad \forall p \qquad [\text{items}]

    :math:`a_r` is the accuracy that counts: with a confidence, what the checked items show; s the right items missing, 0
    unless the floor has a penalty.

    Dual: money per accurate item; times the items delivered it is what one unit (100 points) of the floor costs.
    """
    return _floor(program, layout, "accuracy_floor", "average", {})


def accuracy_floor_vendor(program: Program, layout: Layout) -> list[Penalty]:
    r"""What each vendor makes of a product is accurate enough, where the floor asks it of each vendor.

    .. math:: \sum_{r \in R(p, v), t} (a_r - A_p) \, x_{rt} + s_{pv} \ge 0 \qquad \forall p, v \qquad [\text{items}]

    Dual: as for all items together, of the items vendor v delivers.
    """
    return _floor(program, layout, "accuracy_floor_vendor", "each-vendor", {"vendor": layout.vendor})


def accuracy_floor_delivery(program: Program, layout: Layout) -> list[Penalty]:
    r"""What is delivered of a product in each period is accurate enough, where the floor asks it of each delivery.

    .. math:: \sum_{r \in R(p)} (a_r - A_p) \, x_{r, t - \ell_r} + s_{pt} \ge 0 \qquad \forall p, t \qquad [\text{items}]

    Dual: as for all items together, of the items delivered in period t.
    """
    return _floor(program, layout, "accuracy_floor_delivery", "each-delivery", {"period": layout.delivered})


def _floor(program: Program, layout: Layout, family: str, of: str, axis: dict[str, Integers]) -> list[Penalty]:
    """A row for each product with such a floor, and each value of the axis its columns have."""
    floors = accuracy_floors(layout.case, of)
    counted = np.flatnonzero(np.isfinite(floors)[layout.product])
    if not len(counted):
        return []
    keys = np.column_stack([layout.product[counted], *(values[counted] for values in axis.values())])
    groups, row_of = np.unique(keys, axis=0, return_inverse=True)
    index = dict(zip(["product", *axis], groups.T.astype(np.int32), strict=True))
    rows = program.add_rows(family, index, lower=0.0)
    margin = layout.accuracy[counted] - floors[layout.product[counted]]
    program.add_terms(rows.ids[row_of.ravel()], layout.ids[counted], margin)
    due = rows.index.get("period", (last_period(layout.case) - 1)[rows.index["product"]])
    return pay_for(program, rows, accuracy_penalties(layout.case)[rows.index["product"], due], short=True)
