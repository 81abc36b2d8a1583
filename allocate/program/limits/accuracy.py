"""Rows about quality."""

from __future__ import annotations

import numpy as np

from allocate.costing.limits.amounts import last_period
from allocate.costing.limits.targets import accuracy_floors
from allocate.costing.soft_limits.missing import accuracy_penalties
from allocate.program.arrays import Booleans, Integers
from allocate.program.model import Model, axes_of
from allocate.program.soft_limits import pay_for


def accuracy_floor(model: Model) -> None:
    r"""All items of a product together are accurate enough.

    .. math:: \sum_{r \in R(p), t} (a_r - A_p) \, x_{rt} + s_p \ge 0 \qquad \forall p \qquad [\text{items}]

    :math:`a_r` is the accuracy that counts: with a confidence, what the checked items show; s the right items missing, 0
    unless the floor has a penalty.

    Dual: money per accurate item; times the items delivered it is what one unit (100 points) of the floor costs.
    """
    _floor(model, "accuracy_floor", "average", {})


def accuracy_floor_vendor(model: Model) -> None:
    r"""What each vendor makes of a product is accurate enough, where the floor asks it of each vendor.

    .. math:: \sum_{r \in R(p, v), t} (a_r - A_p) \, x_{rt} + s_{pv} \ge 0 \qquad \forall p, v \qquad [\text{items}]

    Dual: as for all items together, of the items vendor v delivers.
    """
    _floor(model, "accuracy_floor_vendor", "each-vendor", {"vendor": model.layout.vendor})


def accuracy_floor_delivery(model: Model) -> None:
    r"""What is delivered of a product in each period is accurate enough, where the floor asks it of each delivery.

    .. math:: \sum_{r \in R(p)} (a_r - A_p) \, x_{r, t - \ell_r} + s_{pt} \ge 0 \qquad \forall p, t \qquad [\text{items}]

    Dual: as for all items together, of the items delivered in period t.
    """
    _floor(model, "accuracy_floor_delivery", "each-delivery", {"period": model.layout.delivered})


def _floor(model: Model, family: str, of: str, axis: dict[str, Integers]) -> None:
    """A row for each product with such a floor, and each value of the axis its columns have."""
    layout = model.layout
    floors = accuracy_floors(layout.case, of)
    asked = np.isfinite(floors)[layout.product] & _asked(model, of)
    counted = np.flatnonzero(asked)
    if not len(counted):
        return
    keys = np.column_stack([layout.product[counted], *(values[counted] for values in axis.values())])
    rows = model.program.add_rows(family, axes_of(("product", *axis), np.unique(keys, axis=0)), lower=0.0)
    over = np.where(asked, layout.accuracy - floors[layout.product], 0.0)
    model.put_items(rows, over, when=layout.delivered)
    due = rows.index.get("period", (last_period(layout.case) - 1)[rows.index["product"]])
    pay_for(model, rows, accuracy_penalties(layout.case)[rows.index["product"], due], short=True)


def _asked(model: Model, of: str) -> Booleans | bool:
    """Columns that a floor is asked of, shape (N,): all but what is done where it is exempt, or delivered in a period that is past."""
    layout, past = model.layout, model.layout.case.past
    if past is None:
        return True
    apart = np.array([past.apart(f"accuracy of {name}") for name in layout.routes.products])[layout.product]
    asked: Booleans = ~(layout.past & (apart | (of == "each-delivery") & (layout.delivered < past.first)))
    return asked
