"""Levers: what they cost, once and while they run."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.numbers import may_be


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """What the levers bought cost."""
    lines, periods = ledger.lines, ledger.lines.case.periods
    for lever in (lines.routes.levers[number] for number in sorted(lines.bought)):
        costs = [(lever.first, lever.once, "once")]
        costs += [(period, amount, periods.unit) for period, amount in enumerate(lever.running.tolist())]
        for when, amount, unit in costs:
            if may_be(amount):
                period = max(when, lever.due)
                about = (periods.label(period), "lever", lever.name)
                yield Entry("", *about, 1.0, unit, amount, amount, period, lever.products)


CLAUSE = Clause("levers", owed)
