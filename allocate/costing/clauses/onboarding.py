"""Onboarding: paid once for a vendor that is used."""

from __future__ import annotations

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import paid_once
from allocate.costing.terms.schedules import terms


def owed(ledger: Ledger) -> Owed:
    """The fee of each vendor that makes anything."""
    lines = ledger.lines
    return Owed(
        paid_once(lines, one.vendor, "onboarding", lines.routes.vendors[one.vendor], one.onboarding, lines.everything)
        for one in terms(lines.case)
        if one.onboarding > 0 and lines.started(one.vendor)
    )


CLAUSE = Clause("onboarding", owed, of_lines=False)
