"""Levers: what they cost, once and while they run; and what they change prices by volume by."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.numbers import may_be


def owed(ledger: Ledger) -> Owed:
    """What the levers bought cost, and their shares of prices by volume."""
    share, entries = ledger.lines.routes.lever_share, list(_costs(ledger))
    for window in ledger.filled:
        entries += window.shared("lever price", window.shares(share))
    return Owed(entries, ledger.paid * share[ledger.lines.route])


def _costs(ledger: Ledger) -> Iterator[Entry]:
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
