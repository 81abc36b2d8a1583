"""Which vendors may work on some products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allocate.case.schema import OnlyRule
from allocate.exact import element
from allocate.tolerances import AT_WORK
from allocate.verification.checks import Check
from allocate.verification.past import planned
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items of pairs that rules forbid for good, then of those that each rule with a penalty forbids."""
    asked, every, rules = work.pairs(planned(work)), work.pairs(), enumerate(work.case.file.rules)
    known = [(number, rule.only, rule.penalty is None) for number, rule in rules if rule.only is not None]
    hard = [only for _, only, for_good in known if for_good]
    for product, vendor in _pairs(work, asked, hard):
        words = f"{work.stated.products[product]} with {work.stated.vendors[vendor]}, which a rule forbids"
        used, noun = element(asked[product, vendor]), work.stated.nouns[product]
        yield Check("only_vendors", (product, vendor), words, noun, used, 0.0, False)
    for number, only, for_good in known:
        for product, vendor in () if for_good else _pairs(work, every, [only]):
            pair = f"{work.stated.products[product]} with {work.stated.vendors[vendor]}"
            subject, key = f"rule '{work.case.file.rules[number].name}': {pair}", (number, product, vendor)
            used, noun = element(every[product, vendor]), work.stated.nouns[product]
            yield forced(work.case, number, Check("only_vendors_soft", key, subject, noun, used, 0.0, False))


def _pairs(work: Work, made: Any, rules: list[OnlyRule]) -> Iterator[tuple[int, int]]:
    """Products and vendors that some rule keeps apart, and that are made together; made: items, shape (P, V)."""
    for product, name in enumerate(work.stated.products):
        for vendor in range(len(work.stated.vendors)):
            if element(made[product, vendor]) > AT_WORK and any(_forbids(work, one, name, vendor) for one in rules):
                yield product, vendor


def _forbids(work: Work, only: OnlyRule, product: str, vendor: int) -> bool:
    name = work.stated.vendors[vendor]
    terms = work.case.vendors[name]
    if only.products is not None and product not in only.products:
        return False
    allowed = only.vendors is None or name in only.vendors
    allowed = allowed and (only.vendors_with is None or set(only.vendors_with) <= set(terms.certified))
    return not (allowed and (only.regions is None or terms.region in only.regions))
