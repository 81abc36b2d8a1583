"""Onboarding: paid once for a vendor that is used."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.bill.make import paid_once
from allocate.costing.terms.contracts import terms
from allocate.numbers import may_be, when


def owed(ledger: Ledger) -> Owed:
    """The fee of each vendor that makes anything."""
    return Owed(_fees(ledger.lines))


def _fees(lines: Lines) -> Iterator[Entry]:
    for contract in terms(lines.case):
        fee = when(lines.works(contract.vendor), contract.onboarding, 0.0)
        if may_be(fee):
            name = lines.routes.vendors[contract.vendor]
            yield paid_once(lines, contract.vendor, "onboarding", name, fee, lines.everything)


CLAUSE = Clause("onboarding", owed, of_lines=False)
