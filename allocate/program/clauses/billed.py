"""What vendors billed for work that is done, beyond what their contracts ask for it."""

from __future__ import annotations

import numpy as np

from allocate.costing.clauses.billed import beyond_contracts
from allocate.program.model import Model


def beyond_contract(model: Model) -> None:
    r"""What is done costs what was billed for it: the difference to what contracts ask is spent.

    .. math:: \sum_{v,t} D_{vt} \, b_{vt}, \quad b_{vt} = 1 \qquad [\text{money}]

    with D the money billed in period t beyond the contract, below zero where less was billed. It adds money, and no row;
    commitments, ceilings and rebates count what contracts ask.

    Dual: none of its own: nothing about it can be decided any more.
    """
    beyond = beyond_contracts(model.layout.case, model.layout.routes)
    vendor, period = np.nonzero(beyond)
    if len(vendor):
        billed = model.program.add_columns("billed", {"vendor": vendor, "period": period}, lower=1.0, upper=1.0)
        model.charge(billed, beyond[vendor, period], vendor, period)
