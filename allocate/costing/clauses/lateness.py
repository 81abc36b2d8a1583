"""Price reductions for work that comes late by its route's lead: a share of the price, or money per unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.price_changes import Change, price_changes
from allocate.numbers import Floats
from allocate.tolerances import AT_BOUND


def lateness_steps(contract: Contract, lead: Floats) -> list[Change]:
    """The change of price at each lead from work to delivery, in weeks: of the latest bound it is beyond; the last holds."""
    steps = sorted(contract.lateness, key=lambda step: step.beyond.number)
    return [(step.price, lead > step.beyond.number + AT_BOUND) for step in steps]


def by_route(case: Case, columns: Mapping[str, NDArray[Any]], tiered: NDArray[np.bool_]) -> dict[str, Floats]:
    """What the lead of each route takes off its price, as columns of the routes; see `price_changes`."""
    money, share = price_changes(
        case, columns, tiered, lambda contract, rows: lateness_steps(contract, columns["weeks"][rows])
    )
    return {"lateness": money, "lateness_share": share}


def owed(ledger: Ledger) -> Owed:
    """What the lead of each line takes off its price; of prices by volume as a share of each window."""
    lines, routes = ledger.lines, ledger.lines.routes
    by_item = ledger.beside_volume(routes.lateness, routes.lateness_share)
    entries = [
        entry for window in ledger.filled for entry in window.shared("lateness", window.shares(routes.lateness_share))
    ]
    entries += entries_by_line(lines, by_item, "lateness")
    return Owed(entries, by_item + ledger.paid * routes.lateness_share[lines.route])


CLAUSE = Clause("lateness", owed)
