"""The least items of each product a vendor works on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.checks import Check
from allocate.verification.clauses.onboarding import working

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items of every product a vendor works on, where the rate card or the contract asks for a least."""
    made = work.pairs()
    for vendor, name, products in working(work):
        for product in products:
            about = work.stated.products[product]
            stated = [rate.minimum_order for _, rate in work.stated.card.get((about, name), []) if rate.minimum_order]
            least = stated[-1] if stated else work.case.vendors[name].contract.minimum_order
            if least is not None and least.number > 0:
                subject, noun = f"minimum order of {about} with {name}", work.stated.nouns[product]
                used = element(made[product, vendor])
                yield Check("minimum_order", (product, vendor), subject, noun, used, least.number, True)
