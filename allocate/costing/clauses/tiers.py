"""Prices by volume: every step of every window, and what is bought and not used."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger


def owed(ledger: Ledger) -> Owed:
    """What each step of each window asks."""
    return Owed(_steps(ledger))


def _steps(ledger: Ledger) -> Iterator[Entry]:
    for window in ledger.filled:
        schedule = window.schedule
        for clause, step, many, price in window.parts:
            about = f"{schedule.words}, step {step + 1} of {len(schedule.offers)}"
            yield window.entry(clause, about, many, schedule.unit, price * window.factor)


CLAUSE = Clause("tiers", owed)
