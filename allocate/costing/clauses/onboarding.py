"""Onboarding: paid once for a vendor that is used."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import paid_once
from allocate.costing.terms.contracts import terms
from allocate.numbers import may_be, when


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """The fee of each vendor that makes anything, or was taken on already."""
    lines = ledger.lines
    for contract in terms(lines.case):
        fee = (
            contract.onboarding
            if contract.owed_before
            else when(lines.works(contract.vendor), contract.onboarding, 0.0)
        )
        if may_be(fee):
            name = lines.routes.vendors[contract.vendor]
            yield paid_once(lines, contract.vendor, "onboarding", name, fee, lines.everything, contract.begins)


CLAUSE = Clause("onboarding", owed, of_lines=False)
