"""Items that are sold in lots of so many, product by product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.checks import Check
from allocate.verification.clauses.onboarding import working

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items over whole lots of every product a vendor works on."""
    made = work.pairs()
    for vendor, name, products in working(work):
        lots = work.case.vendors[name].contract.order_multiple
        for product in products if lots is not None and lots.number > 0 else ():
            assert lots is not None
            items, noun = element(made[product, vendor]), work.stated.nouns[product]
            subject = f"items of {work.stated.products[product]} with {name} over whole lots of {lots.number:,.12g}"
            over = abs(items - round(items / lots.number) * lots.number)
            yield Check("order_multiple", (product, vendor), subject, noun, over, 0.0, False)
