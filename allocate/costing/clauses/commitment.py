"""Commitments: what prices of a window miss of the money that was promised is paid for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.terms.schedules import terms
from allocate.tolerances import COMMITTED


def owed(ledger: Ledger) -> Owed:
    """What is missing in each window of each vendor that makes anything."""
    return Owed(_missing(ledger))


def _missing(ledger: Ledger) -> Iterator[Entry]:
    lines = ledger.lines
    for one in terms(lines.case):
        if one.windows is None or not lines.started(one.vendor):
            continue
        name, own = lines.routes.vendors[one.vendor], one.committed_in == lines.routes.currency
        for number, used in enumerate(ledger.within(one.vendor, one.windows, one.committed_in)):
            missing, period = one.committed - used, int(one.windows.last[number])
            if missing > COMMITTED * one.committed:
                rate = float(one.rate[number])
                counted = (1.0, "once", missing) if own else (missing, one.committed_in, rate)
                label, amount = one.windows.labels[number], missing * rate
                yield Entry(name, label, "commitment", name, *counted, amount, period, lines.everything)


CLAUSE = Clause("commitment", owed, of_lines=False)
