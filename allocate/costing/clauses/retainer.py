"""Retainers: paid in each period by who uses a vendor at all."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.terms.contracts import terms
from allocate.numbers import may_be, when

NAME = "retainer"


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """The retainer of each period of each vendor that makes anything, or was taken on by then."""
    lines, periods = ledger.lines, ledger.lines.case.periods
    for contract in terms(lines.case):
        name = lines.routes.vendors[contract.vendor]
        for period, asked in enumerate(contract.retainer.tolist()):
            works = period < contract.owed_before or lines.works(contract.vendor)
            amount = when(works, asked, 0.0) if may_be(asked) else 0.0
            if may_be(amount):
                about = (periods.label(period), NAME, name)
                yield Entry(name, *about, 1.0, periods.unit, amount, amount, period, lines.everything)


CLAUSE = Clause("retainer", owed, of_lines=False)
