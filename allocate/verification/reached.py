"""What a plan reaches of each objective, recomputed from the case and the plan's lines."""

from __future__ import annotations

from collections.abc import Sequence

from allocate.case.load import Case
from allocate.exact import rounded
from allocate.verification.checks import Check
from allocate.verification.clauses.payment import present_errors, present_spend, present_value
from allocate.verification.goals import further
from allocate.verification.soft_limits.penalties import unpaid
from allocate.verification.totals import line_amounts
from allocate.verification.work import Work


def hurdle(case: Case) -> float:
    """Least acceptable marginal return: 1 where nothing is said."""
    return case.file.hurdle if case.file.hurdle is not None else 1.0


def reached(work: Work, checks: Sequence[Check]) -> dict[str, float]:
    """Net value, value and cost in the case's money, at the start of the horizon where the case discounts; goals beside them."""
    spend, value = rounded(work.bill.total), float(work.worth.sum())
    by_line = line_amounts(work)["error_cost"]
    errors, penalty = float(by_line.sum()), unpaid(work.case, checks)
    if work.case.file.discount is not None:
        spend, value = rounded(present_spend(work)), present_value(work, work.worth.tolist())
        errors = present_errors(work, by_line.tolist())
    net = value - hurdle(work.case) * spend - errors - penalty
    return {"net-value": net, "value": value - penalty, "cost": spend + penalty, **dict(further(work, penalty))}
