"""Products and vendors that are shared with nobody."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.readings import read_once


@dataclass(frozen=True)
class Pair:
    """Two pairs of a product with a vendor, of which one at most is worked on."""

    rule: int
    product: int
    vendor: int
    """The pair that is to be alone."""
    other: int
    """Position of the vendor beside it, or of the product."""
    of_product: bool
    """Whether the product is shared with nobody (the other is a vendor); else the vendor is (the other is a product)."""

    @property
    def beside(self) -> tuple[int, int]:
        """Product and vendor of the other pair."""
        return (self.product, self.other) if self.of_product else (self.other, self.vendor)


@read_once
def exclusive(case: Case) -> tuple[Pair, ...]:
    """Every two pairs that a rule keeps apart, each once."""
    products, vendors = list(case.products), list(case.vendors)
    found: list[Pair] = []
    for number, rule in enumerate(case.file.rules):
        if rule.exclusive is None:
            continue
        mine = [vendors.index(name) for name in dict.fromkeys(rule.exclusive.vendors or vendors)]
        own = [products.index(name) for name in dict.fromkeys(rule.exclusive.products or products)]
        of_product = rule.exclusive.what == "product"
        found += [
            Pair(number, product, vendor, other, of_product)
            for product in own
            for vendor in mine
            for other in range(len(vendors if of_product else products))
            if (other != vendor and not (other in mine and other < vendor) if of_product else other not in own)
        ]
    return tuple(found)
