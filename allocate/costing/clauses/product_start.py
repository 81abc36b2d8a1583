"""Starts: paid once for each product a vendor begins to work on."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import paid_once
from allocate.costing.terms.contracts import terms
from allocate.numbers import above, may_be, when
from allocate.tolerances import AT_WORK

NAME = "product start"


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """The fee of each product that a vendor makes anything of, or was started on already."""
    lines = ledger.lines
    for contract in terms(lines.case):
        for product, fee in enumerate(contract.product_start.tolist()):
            works = bool(contract.started[product]) or above(lines.by_pair[product, contract.vendor], AT_WORK)
            started = when(works, fee, 0.0) if may_be(fee) else 0.0
            if may_be(started):
                about, when_due = lines.routes.products[product], contract.product_begins[product]
                yield paid_once(lines, contract.vendor, NAME, about, started, (product,), when_due)


CLAUSE = Clause("product_start", owed, of_lines=False)
