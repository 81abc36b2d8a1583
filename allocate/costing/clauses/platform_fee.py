"""Platform fees: a share of prices, or money per item."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line

NAME = "platform fee"


def owed(ledger: Ledger) -> Owed:
    """The fee on the prices of each window by volume, and on the items of all other lines.

    A share of prices by volume is one for all periods; of plain prices it may change by date.
    """
    lines, routes = ledger.lines, ledger.lines.routes
    share = routes.fee_share[lines.route]
    by_item = ledger.plain | (share == 0)
    each = np.where(by_item, lines.items * routes.platform_fee[lines.route, lines.period], share * ledger.price)
    return Owed([*_by_window(ledger), *entries_by_line(lines, each, NAME, by_item)], each)


def _by_window(ledger: Ledger) -> Iterator[Entry]:
    for window in ledger.filled:
        fee = window.one_share(ledger.lines.routes.fee_share)
        yield from window.shared(NAME, [(sum(window.prices, 0.0), fee)])


CLAUSE = Clause("platform_fee", owed)
