"""What a vendor is paid in every period, once it is used at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import everything, working
from allocate.verification.entries import Entry, Owed
from allocate.verification.exchange import by_period

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The retainer of each period, by the months and days there are in it."""
    unit = work.case.periods.unit
    entries = [
        Entry(name, work.label(period), "retainer", name, 1.0, unit, amount, amount, period, everything(work))
        for _, name, _ in working(work)
        for period, amount in enumerate(by_period(work.case, work.case.vendors[name].contract.fees.retainer).tolist())
        if amount > 0
    ]
    return Owed(entries)
