"""What a vendor is paid in each period, when it is used at all."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model


def retainer(model: Model) -> None:
    r"""A vendor that is used is paid its retainer in each period.

    .. math:: \sum_v \sum_t F_{vt} \, y_v \qquad [\text{money}]

    with y of `engagement`. It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of vendors.
    """
    used = model.program.columns.get("used")
    if used is None:
        return
    vendors = used.index["vendor"]
    retainers = np.stack([model.layout.terms[vendor].retainer for vendor in vendors], axis=1)
    for period in np.flatnonzero(retainers.any(axis=1)).tolist():
        model.charge(used, retainers[period], vendors, period)
