"""Every limit of a case, recomputed from the lines of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from allocate.verification import budgets, demand, resources, results, supply
from allocate.verification.checks import Check
from allocate.verification.clauses import CLAUSES
from allocate.verification.past import asked_of
from allocate.verification.rules import RULES
from allocate.verification.soft_limits import missed
from allocate.verification.work import Work

Kept = Callable[[Work], Iterator[Check]]
OF_CLAUSES: dict[str, Kept] = {clause.name: clause.limits for clause in CLAUSES if clause.limits is not None}
OF_RULES: dict[str, Kept] = {rule.name: rule.kept for rule in RULES}


def limits_used(work: Work) -> tuple[Check, ...]:
    """Every limit of the case and what the plan uses of it."""
    return tuple(asked_of(work, (check for family in FAMILIES for check in family(work))))


def _orders(work: Work) -> Iterator[Check]:
    """Minimum orders and lots, vendor by vendor and product by product."""
    checks = [*OF_CLAUSES["minimum_order"](work), *OF_CLAUSES["order_multiple"](work)]
    yield from sorted(checks, key=lambda check: check.key[::-1])


FAMILIES: tuple[Kept, ...] = (
    budgets.kept,
    demand.kept,
    missed.milestones,
    missed.lateness,
    demand.in_progress,
    demand.arrived,
    results.accuracies,
    results.qualities,
    supply.vendors,
    supply.rate_lines,
    supply.review_team,
    resources.kept,
    OF_RULES["share"],
    results.values,
    _orders,
    *(OF_CLAUSES[name] for name in ("ceiling", "tiers", "wages", "stock")),
    *(OF_RULES[name] for name in ("count", "incompatible", "only", "fix", "needs")),
    OF_CLAUSES["levers"],
    OF_CLAUSES["price_lock"],
    *(
        kept
        for name, kept in OF_RULES.items()
        if name not in ("share", "count", "incompatible", "only", "fix", "needs")
    ),
)
"""In the order they are told in; what is not named here comes last."""
