"""Switching: what it costs to take a product away from who made it before."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import paid_once
from allocate.costing.terms.incumbents import switching
from allocate.exact import element, total
from allocate.numbers import may_be


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """The cost of each product whose incumbent makes too little of it, or that was switched already."""
    lines, made = ledger.lines, ledger.lines.by_pair
    for switch in switching(lines.case):
        if may_be(switch.fee) and switch.owed(
            element(made[switch.product, switch.vendor]), total(made[switch.product])
        ):
            name = lines.routes.products[switch.product]
            yield paid_once(lines, switch.paid_to, "switching", name, switch.fee, (switch.product,), switch.begins)


CLAUSE = Clause("switching", owed, of_lines=False)
