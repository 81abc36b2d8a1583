"""The invoice: what each vendor is owed in each billing window, from quantities and the contract's terms, clause by clause."""

from __future__ import annotations

import numpy as np

from allocate.costing.bill.entries import Invoice
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import CLAUSES
from allocate.numbers import Floats


def invoice(lines: Lines) -> Invoice:
    """What is owed for the lines of a plan, and for the levers and people they are made with."""
    ledger = Ledger(lines)
    owed = [clause.owed(ledger) for clause in CLAUSES if clause.owed is not None]
    entries = [entry for asked in owed for entry in asked.entries]
    beside = [asked.each for asked in owed if asked.each is not None]
    overhead = dict.fromkeys(lines.case.vendors, 0.0)
    for asked in owed:
        overhead.update(asked.overhead)
    spend: Floats = ledger.price + np.sum(beside, axis=0)
    order = {name: position for position, name in enumerate([*lines.case.vendors, ""])}
    entries.sort(key=lambda entry: (order[entry.vendor], entry.period, entry.window, entry.clause, entry.about))
    return Invoice(tuple(entries), spend, overhead)
