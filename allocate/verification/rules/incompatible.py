"""Products that no vendor makes together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.tolerances import AT_WORK
from allocate.verification.checks import Check
from allocate.verification.past import made_before
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """How many of incompatible products each vendor works on."""
    made, before = work.pairs(), made_before(work)
    for number, rule in enumerate(work.case.file.rules):
        if rule.incompatible is None:
            continue
        products = [p for p, name in enumerate(work.stated.products) if name in rule.incompatible.products]
        names = " and ".join(work.stated.products[product] for product in products)
        for vendor, name in enumerate(work.stated.vendors):
            if rule.incompatible.vendors is None or name in rule.incompatible.vendors:
                used = float(sum(element(made[product, vendor]) > AT_WORK for product in products))
                subject = f"rule '{rule.name}': of {names} with {name}"
                already = float(sum(before[product, vendor] > AT_WORK for product in products))
                most = 1.0 if rule.penalty is not None else max(1.0, already)
                check = Check("incompatible_products", (number, vendor), subject, "products", used, most, False)
                yield forced(work.case, number, check)
