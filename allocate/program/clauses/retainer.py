"""What a vendor is paid in each period, when it is used at all."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model


def retainer(model: Model) -> None:
    r"""A vendor that is used is paid its retainer in each period.

    .. math:: \sum_v \sum_t F_{vt} \, y_v \qquad [\text{money}]

    with y of `engagement`, and 1 in its place in past periods for vendors taken on by then. It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of vendors.
    """
    for family in ("used", "taken_on"):
        opened = model.program.columns.get(family)
        if opened is None:
            continue
        vendors = opened.index["vendor"]
        terms = [model.layout.terms[vendor] for vendor in vendors]
        retainers = np.stack([one.retainer for one in terms], axis=1)
        sure = np.arange(len(retainers))[:, None] < [one.owed_before for one in terms]
        retainers = np.where(sure == (family == "taken_on"), retainers, 0.0)
        for period in np.flatnonzero(retainers.any(axis=1)).tolist():
            model.charge(opened, retainers[period], vendors, period)
