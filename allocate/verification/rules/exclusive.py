"""Products that a vendor makes alone, and vendors that work for some products alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import element
from allocate.tolerances import AT_WORK
from allocate.verification.checks import Check
from allocate.verification.past import made_before
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Of each two that a rule keeps apart, how many are at work; nothing is said where both are idle."""
    made = work.pairs()
    busy = np.array([[element(amount) > AT_WORK for amount in row] for row in made], dtype=bool)
    products, vendors, before = work.stated.products, work.stated.vendors, made_before(work) > AT_WORK
    for number, rule in enumerate(work.case.file.rules):
        said = rule.exclusive
        if said is None:
            continue
        own = [n for n, name in enumerate(products) if said.products is None or name in said.products]
        mine = [n for n, name in enumerate(vendors) if said.vendors is None or name in said.vendors]
        for product, vendor in itertools.product(own, mine):
            if said.what == "product":
                others = [u for u in range(len(vendors)) if u != vendor and (u not in mine or u > vendor)]
                both = [(u, bool(busy[product, u])) for u in others]
                words = [f"{products[product]} with {vendors[vendor]} and {vendors[u]}" for u in others]
            else:
                both = [(q, bool(busy[q, vendor])) for q in range(len(products)) if q not in own]
                words = [f"{vendors[vendor]} for {products[product]} and {products[q]}" for q, _ in both]
            for (other, there), about in zip(both, words, strict=True):
                used = float(busy[product, vendor]) + float(there)
                if used:
                    unit, key = (
                        f"{'vendor' if said.what == 'product' else 'product'}s",
                        (number, product, vendor, other),
                    )
                    beside = (product, other) if said.what == "product" else (other, vendor)
                    most = 1.0 + float(before[product, vendor] and before[beside] and rule.penalty is None)
                    check = Check("exclusive_work", key, f"rule '{rule.name}': {about}", unit, used, most, False)
                    yield forced(work.case, number, check)
