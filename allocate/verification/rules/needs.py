"""Products that are worked on only if another one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.tolerances import AT_WORK
from allocate.verification.checks import Check
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items of a product that another one needs, where the other is worked on."""
    for number, rule in enumerate(work.case.file.rules):
        if rule.needs is None:
            continue
        product, other = (work.stated.products.index(name) for name in (rule.needs.product, rule.needs.needs))
        if work.summed(work.items, work.product == product) > AT_WORK:
            least = rule.needs.at_least.number if rule.needs.at_least is not None else 1.0
            used, noun = work.summed(work.items, work.product == other), work.stated.nouns[other]
            subject = f"rule '{rule.name}': items of {rule.needs.needs}"
            check = Check("needed_product", (number,), subject, noun, used, least, True)
            yield forced(work.case, number, check)
