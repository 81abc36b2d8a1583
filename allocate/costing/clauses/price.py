"""Plain prices: what does not depend on volume, work done again included."""

from __future__ import annotations

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line


def owed(ledger: Ledger) -> Owed:
    """What lines with plain prices ask, by vendor, product, period and what the price counts."""
    return Owed(entries_by_line(ledger.lines, ledger.price, "items", ledger.plain, ledger.lines.routes.basis))


CLAUSE = Clause("price", owed)
