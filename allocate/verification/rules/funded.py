"""How many products are funded, for an at-least only those that get enough to count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allocate.case.schema import FundedRule
from allocate.tolerances import AT_WORK, LIMIT_KEPT
from allocate.verification.checks import Check
from allocate.verification.past import made_before
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Products that get anything, or enough, of those a rule names."""
    side = 0
    for position, rule in enumerate(work.case.file.rules):
        if rule.funded is None:
            continue
        chosen = dict.fromkeys(rule.funded.products or work.stated.products)
        made = {name: work.summed(work.items, work.product == work.stated.products.index(name)) for name in chosen}
        for at_least, limit in ((True, rule.funded.least), (False, rule.funded.most)):
            if limit is None:
                continue
            used = float(sum(_counts(work, rule.funded, name, items, at_least) for name, items in made.items()))
            if not at_least and rule.penalty is None:
                done = made_before(work).sum(axis=1)
                there = (done[work.stated.products.index(name)] for name in made)
                already = sum(
                    _counts(work, rule.funded, name, items, at_least) for name, items in zip(made, there, strict=True)
                )
                limit = max(limit, already)
            asked = rule.funded.counts_from
            words = "" if asked is None else f" (from {asked.text} each)"
            check = Check(
                "funded_products",
                (position, side),
                f"rule '{rule.name}': products funded{words}",
                "products",
                used,
                limit,
                at_least,
            )
            yield forced(work.case, position, check)
            side += 1


def _counts(work: Work, rule: FundedRule, name: str, items: Any, at_least: bool) -> bool:
    """Whether a product with so many items counts towards a side of the rule; on the edge itself it suits either."""
    enough, demand = rule.counts_from, work.case.products[name].demand
    most = demand.exactly or demand.at_most
    if enough is None:
        if not at_least:
            return bool(items > AT_WORK)
        # One item, or all that could be asked for where that is less.
        least = min(1.0, most.number) if most is not None and most.number > 0 else 1.0
        return bool(items >= least * (1.0 - LIMIT_KEPT))
    least = enough.number
    if not enough.dimensions:
        assert most is not None
        least *= most.number
    return bool(items >= least * (1.0 - LIMIT_KEPT) if at_least else items > least * (1.0 + LIMIT_KEPT) + AT_WORK)
