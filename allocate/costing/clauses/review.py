"""Review: the wage of your own review team for the hours it checks."""

from __future__ import annotations

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line


def owed(ledger: Ledger) -> Owed:
    """What checking the items of each line costs."""
    lines = ledger.lines
    each = lines.items * lines.routes.review_cost[lines.route, lines.period]
    return Owed(entries_by_line(lines, each, "review"), each)


CLAUSE = Clause("review", owed)
