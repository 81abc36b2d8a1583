"""What is paid once for each product a vendor starts on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import begins, billed_ahead, once, working
from allocate.verification.entries import Owed
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The fee the rate card states for the pair, else the contract's, once."""
    entries = []
    for _, name, products in working(work):
        for product in products:
            about = work.stated.products[product]
            stated = [
                rate.start_fee for _, rate in work.stated.card.get((about, name), []) if rate.start_fee is not None
            ]
            fee = stated[-1] if stated else work.case.vendors[name].contract.fees.product_start
            due = begins(work, name, about)
            if (amount := worth(work.case, fee, due)) > 0 and not billed_ahead(work, name, about):
                entries.append(once(work, name, "product start", about, amount, (product,), due))
    return Owed(entries)
