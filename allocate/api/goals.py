"""What a plan reaches of each goal, read from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.costing.limits.budget import hurdle
from allocate.costing.table import JOIN, Routes
from allocate.plan import Plan
from allocate.program.build import Built
from allocate.tables.formats import count
from allocate.tables.frames import table_of
from allocate.tolerances import AT_WORK


def lines_of_plan(plan: Plan) -> tuple[PlanLine, ...]:
    """The lines of a plan, each at its very quantity."""
    lines = table_of(plan, "lines")
    levers = lines["levers"].tolist() if "levers" in lines else [""] * len(lines)
    rows = lines.rows("product", "vendor", "workflow", "period", "items")
    return tuple(
        PlanLine(p, v, w, int(t), float(items), tuple(name for name in str(text).split(JOIN) if name))
        for (p, v, w, t, items), text in zip(rows, levers, strict=True)
    )


def moved(
    case: Case, here: Iterable[PlanLine], before: Iterable[PlanLine], each: dict[str, float]
) -> tuple[float, float]:
    """Work in lines of a plan that another has not, and the other way round, from the first planned period on, EU.

    each: equivalent units of an item of each product.
    """
    off: dict[tuple[object, ...], float] = {}
    for lines, sign in ((here, 1.0), (before, -1.0)):
        for line in lines:
            if line.period > case.planned_from:
                key = (line.product, line.vendor, line.workflow, line.period, line.levers)
                off[key] = off.get(key, 0.0) + sign * line.items
    work = [items * each[str(key[0])] for key, items in off.items()]
    return sum(one for one in work if one > 0.0), -sum(one for one in work if one < 0.0)


def changed(case: Case, ways: Routes, plan: Plan, before: Iterable[PlanLine]) -> tuple[float, float]:
    """Work in lines of a plan that an earlier one has not, and the other way round; see `moved`."""
    each = dict(zip((ways.products[p] for p in ways.product), ways.equivalent_units.tolist(), strict=True))
    return moved(case, lines_of_plan(plan), before, each)


def finish_of(plan: Plan) -> int:
    """Number of the period in which the last item is delivered; 0 where nothing is."""
    lines = table_of(plan, "lines")
    return int(lines["delivered"][lines["items"] > AT_WORK].max(initial=0))


def amount_of(case: Case, ways: Routes, plan: Plan, goal: str) -> float:
    """What a plan comes to by a goal: money, item periods until delivery, items that are wrong, the last period, or EU changed."""
    if goal == "finish":
        return float(finish_of(plan))
    if goal == "change":
        return sum(changed(case, ways, plan, case.earlier))
    if goal not in ("delivery", "accuracy"):
        return plan.amount(goal)
    lines = table_of(plan, "lines")
    each = lines["delivered"] if goal == "delivery" else 1.0 - lines["accuracy"]
    return float((lines["items"] * each).sum()) + plan.penalty


def goal_notes(case: Case, ways: Routes, plan: Plan) -> Iterator[str]:
    """What the plan reaches of goals that no table of it has."""
    goals = case.file.objective
    if "finish" in goals and finish_of(plan):
        yield f"the last item is delivered in {case.periods.label(finish_of(plan) - 1)}"
    if "change" in goals:
        more, fewer = changed(case, ways, plan, case.earlier)
        yield f"of the earlier plan {count(fewer)} EU of work are taken from where they were, and {count(more)} EU are new"


def least_money_notes(built: Built, plan: Plan) -> Iterator[str]:
    """That a plan with whole numbers may cost more than another of the same goals, where no goal counts money."""
    case = built.layout.case
    goals = case.file.objective
    counted = "cost" in goals or ("net-value" in goals and hurdle(case) > 0)
    if not counted and plan.spend > 0 and built.program.arrays().integer.any():
        yield (
            "no goal counts money: of plans that reach as much, the one that costs least is sought among those with this plan's "
            "whole numbers (vendors used, steps, lots). To have all of them looked at, write "
            f"`objective: [{', '.join((*goals, 'cost'))}]`"
        )
