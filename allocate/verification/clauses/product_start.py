"""What is paid once for each product a vendor starts on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.tolerances import AT_WORK
from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import begins, once, taken_on
from allocate.verification.entries import Owed
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The fee the rate card states for the pair, else the contract's, once."""
    entries = []
    pairs = work.pairs()
    for vendor, name in enumerate(work.stated.vendors):
        for product, about in enumerate(work.stated.products):
            if not (element(pairs[product, vendor]) > AT_WORK or taken_on(work, name, about)):
                continue
            stated = [
                rate.start_fee for _, rate in work.stated.card.get((about, name), []) if rate.start_fee is not None
            ]
            fee = stated[-1] if stated else work.case.vendors[name].contract.fees.product_start
            due = begins(work, name, about)
            if (amount := worth(work.case, fee, due)) > 0:
                entries.append(once(work, name, "product start", about, amount, (product,), due))
    return Owed(entries)
