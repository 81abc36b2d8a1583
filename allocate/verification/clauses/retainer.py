"""What a vendor is paid in every period, once it is used at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import begins, engaged, everything
from allocate.verification.entries import Entry, Owed
from allocate.verification.exchange import by_period

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The retainer of each period, by the months and days there are in it."""
    unit = work.case.periods.unit
    entries = []
    for _, name, until in engaged(work):
        first, due = begins(work, name), 0.0
        for period, amount in enumerate(by_period(work.case, work.case.vendors[name].contract.fees.retainer).tolist()):
            due += amount  # who begins later is paid for the time before then
            if first <= period < until and due > 0:
                label, everyone = work.label(period), everything(work)
                entries.append(Entry(name, label, "retainer", name, 1.0, unit, due, due, period, everyone))
                due = 0.0
    return Owed(entries)
