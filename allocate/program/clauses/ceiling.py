"""Rows of the most a contract's prices may come to."""

from __future__ import annotations

import numpy as np

from allocate.costing.terms.windows import windows
from allocate.program.charges import Usage
from allocate.program.model import Model


def ceiling(model: Model) -> None:
    r"""The prices of a vendor's work come to no more than its contract's ceiling.

    .. math:: \text{usage}_v \le U_v \qquad \forall v \qquad [\text{money}]

    counted in the currency the ceiling is written in.

    Dual: what the plan gains from one more unit of that money in the contract.
    """
    layout = model.layout
    asked = [terms for terms in layout.terms if np.isfinite(terms.ceiling)]
    if not asked:
        return
    axes, most = {"vendor": [terms.vendor for terms in asked]}, [terms.ceiling for terms in asked]
    rows = model.program.add_rows("ceiling", axes, upper=most)
    horizon = windows(layout.case.periods, "horizon")
    for row, terms in zip(rows.ids.tolist(), asked, strict=True):
        Usage(layout, terms.vendor, horizon, terms.ceiling_in, model.charges).put(model.program, row, 0)
