"""The cost of taking a product away from who made it until now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.exact import element, total
from allocate.tolerances import AT_WORK, TAKEN_OVER
from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import once
from allocate.verification.entries import Owed
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The cost of every product whose incumbent makes too little of it, once, to whom it is said to be paid."""
    made, entries = work.pairs(), []
    for product, (name, asked) in enumerate(work.case.products.items()):
        incumbent = asked.incumbent
        fee = worth(work.case, incumbent.switching, 0) if incumbent is not None else 0.0
        if incumbent is None or not fee > 0:
            continue
        own, every = element(made[product, work.stated.vendors.index(incumbent.vendor)]), total(made[product])
        if incumbent.below is None:
            taken = own < 1.0 - TAKEN_OVER and every - own > AT_WORK
        else:
            taken = own < every * incumbent.below - max(1.0, every) * TAKEN_OVER
        if taken:
            entries.append(once(work, incumbent.paid_to or "", "switching", name, fee, (product,), 0))
    return Owed(entries)
