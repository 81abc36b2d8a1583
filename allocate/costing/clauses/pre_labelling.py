"""Pre-labelling: what the service that labels first asks for each item."""

from __future__ import annotations

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line

NAME = "pre-labelling"


def owed(ledger: Ledger) -> Owed:
    """The service's price for the items of each line."""
    lines = ledger.lines
    each = lines.items * lines.routes.usage[lines.route, lines.period]
    return Owed(entries_by_line(lines, each, NAME), each)


CLAUSE = Clause("pre_labelling", owed)
