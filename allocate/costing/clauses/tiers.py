"""Prices by volume: every step of every window, and what is bought and not used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.terms.rate_line import counted_noun, tier_of
from allocate.costing.work.billing import Billing, units_of
from allocate.costing.work.workflows import Work
from allocate.errors import CaseError
from allocate.numbers import Floats, by_value, placed


def counted(case: Case, lines: RateLines, work: Work, eu: Floats, billing: Billing) -> Floats:
    """What one delivered item fills steps of tiers by: what would be billed if the price were per the unit they count.

    Raises CaseError where steps count something that an item has none of.
    """
    billable, names = billing.billable, list(case.products)
    found = billable
    for position, (name, vendor) in enumerate(case.vendors.items()):
        for tiers in vendor.contract.tiers:
            noun = counted_noun(tiers)
            if noun is None:
                continue
            priced = np.array([tier_of(vendor, product) is tiers for product in names], dtype=bool)
            rows = np.flatnonzero((lines.vendor == position) & lines.tiered & priced[lines.product])
            some, hours = lines.take(rows), noun == "h"
            units = work.made * units_of(case, some, noun, work.passes, billing.once[rows], eu[rows])
            fills = units * np.where(billing.again[rows], billing.times[rows] if hours else work.repeat[rows], 1.0)
            for row in np.flatnonzero((by_value(fills) <= 0) & (by_value(billable[rows]) > 0))[:1].tolist():
                message = f"the tiers of {name} count {noun}, of which {names[some.product[row]]} has none"
                place = case.place("vendors", name, "contract", "tiers")
                raise CaseError.of(message, place, "count something that every item has")
            found = placed(found.copy() if found is billable else found, rows, fills)
    return found


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """What each step of each window asks."""
    for window in ledger.filled:
        schedule = window.schedule
        for clause, step, many, price in window.parts:
            about = f"{schedule.words}, step {step + 1} of {len(schedule.offered(window.window))}"
            yield window.entry(clause, about, many, schedule.unit, price * window.factor, window.owed)


CLAUSE = Clause("tiers", owed)
