"""The cost of taking a product away from who made it until now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.exact import element, total
from allocate.tolerances import TAKEN_OVER
from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import once
from allocate.verification.entries import Number, Owed
from allocate.verification.exchange import worth
from allocate.verification.past import made_before

if TYPE_CHECKING:
    from allocate.case.clauses.switching import Incumbent
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The cost of every product whose incumbent makes too little of it, once, to whom it is said to be paid.

    It is owed at once where what is done owes it, and else in the first period that is planned. What facts say was begun is owed
    whoever makes the rest.
    """
    made, done, entries = work.pairs(), made_before(work), []
    for product, (name, asked) in enumerate(work.case.products.items()):
        incumbent = asked.incumbent
        if incumbent is None:
            continue
        vendor = work.stated.vendors.index(incumbent.vendor)
        here = done[product]
        begun = was_begun(work, name)
        begins = 0 if begun or (here.any() and _taken(incumbent, here[vendor], here.sum())) else work.case.planned_from
        fee = worth(work.case, incumbent.switching, begins)
        if fee > 0 and (begun or _taken(incumbent, element(made[product, vendor]), total(made[product]))):
            entries.append(once(work, incumbent.paid_to or "", "switching", name, fee, (product,), begins))
    return Owed(entries)


def was_begun(work: Work, product: str) -> bool:
    """Whether facts say that a product was switched before the first period that is planned."""
    begun = work.case.file.done.begun if work.case.file.done is not None else ()
    return any(one.vendor is None and one.product == product for one in begun)


def _taken(incumbent: Incumbent, own: Number, every: Number) -> bool:
    """Whether the incumbent of a product makes too little of what is made of it."""
    return bool(own < every * incumbent.below - every * TAKEN_OVER)
