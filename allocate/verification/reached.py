"""What a plan reaches of each objective, recomputed from the case and the plan's lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from allocate.case.load import Case
from allocate.exact import floats, rounded
from allocate.tolerances import AT_WORK
from allocate.verification.checks import Check
from allocate.verification.clauses.payment import present_errors, present_spend, present_value
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


def further(work: Work, penalty: float) -> Iterator[tuple[str, float]]:
    """Each goal beside money that the case names: item periods there, wrong items, the last period, EU changed.

    penalty: of limits missed and rules broken that is not spent, which weighs on the first two.
    """
    asked, items = work.case.file.objective, floats(work.items)
    delivered = work.period + work.lead + 1
    if "delivery" in asked:
        yield "delivery", float((items * (work.case.periods.count + 1 - delivered)).sum()) - penalty
    if "accuracy" in asked:
        yield "accuracy", float((items * (1.0 - work.each("accuracy"))).sum()) + penalty
    if "finish" in asked:
        yield "finish", float(delivered[items > AT_WORK].max(initial=0))
    if "change" in asked:
        yield "change", _changed(work)


def _changed(work: Work) -> float:
    """Work of lines that are more, or fewer, than in the earlier plan of the case, EU; of planned periods."""
    stated, case = work.stated, work.case
    workflows, numbers = list(case.workflows), {name: number for number, name in enumerate(case.file.levers)}
    now: dict[tuple[object, ...], float] = {}
    for (item, period, _), items in zip(work.lines, floats(work.items).tolist(), strict=True):
        if period >= case.planned_from:
            names = stated.products[item.product], stated.vendors[item.vendor], workflows[item.workflow]
            key = (*names, period, frozenset(item.levers))
            now[key] = now.get(key, 0.0) + items
    for before in case.earlier:
        if before.period > case.planned_from:
            levers = frozenset(numbers.get(name, -1) for name in before.levers)
            key = (before.product, before.vendor, before.workflow, before.period - 1, levers)
            now[key] = now.get(key, 0.0) - before.items
    units = {stated.products[item.product]: item.equivalent_units for item in stated.every_item()}
    return float(np.sum([abs(items) * units.get(str(key[0]), 0.0) for key, items in now.items()]))
