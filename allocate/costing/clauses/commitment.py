"""Commitments: what prices of a window miss of the money that was promised is paid for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.terms.contracts import terms
from allocate.exact import element
from allocate.numbers import above, both, may_be, named, when
from allocate.tolerances import COMMITTED


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """What is missing in each window of each vendor that makes anything."""
    lines = ledger.lines
    for contract in terms(lines.case):
        if contract.windows is None:
            continue
        works = lines.works(contract.vendor)
        name, own = lines.routes.vendors[contract.vendor], contract.committed_in == lines.routes.currency
        for number, used in enumerate(ledger.within(contract.vendor, contract.windows, contract.committed_in)):
            short, period = named("up to", contract.committed) - used, int(contract.windows.last[number])
            missing: float = when(both(works, above(short, COMMITTED * contract.committed)), short, 0.0)
            if may_be(missing):
                rate = element(contract.rate[number])
                counted = (1.0, "once", missing) if own else (missing, contract.committed_in, rate)
                label, amount = contract.windows.labels[number], missing * rate
                yield Entry(name, label, "commitment", name, *counted, amount, period, lines.everything)


CLAUSE = Clause("commitment", owed, of_lines=False)
