"""A frontier: the best plan at each of many budgets, accuracy floors or deadlines, and where more stops paying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.case.paths import dotted
from allocate.costing.limits.budget import hurdle
from allocate.errors import CaseError
from allocate.numerals import plainly
from allocate.study.carried import carried
from allocate.study.figures import Figures
from allocate.study.live import Way, budget_path, followed, money, with_reason
from allocate.study.points import Job, Point
from allocate.study.running import Progress, Results, run
from allocate.study.study import Row, Study, figure, state, why
from allocate.tolerances import WORTHLESS

Axis = Literal["budget", "accuracy", "deadline"]
TOGETHER = 50
"""Budgets that one live solver follows before another begins from scratch: what a job is, whoever does it."""
BEYOND = 1e-6
"""How far beyond the largest budget it is seen what more money is worth, as a part of it."""
ALIKE = 1e-6
"""Part of itself by which a shadow price may differ a hair beyond and be the same."""
LEFT = 1e-6
"""Share of a budget that counts as left over."""


@dataclass(frozen=True)
class Limits:
    """When to stop looking for a better plan, for each point: s, and a relative gap."""

    time_limit: float | None = None
    gap: float | None = None


def frontier(
    case: CaseLike,
    axis: Axis,
    amounts: Sequence[float],
    *,
    products: Sequence[str] = (),
    time_limit: float | None = None,
    gap: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """The best plan at each amount: money of budget, share of accuracy, or number of the period of the deadline.

    products: those whose accuracy or deadline moves; absent: all that have an accuracy floor, or all. time_limit: s for each point. gap: relative. Raises CaseError
    for amounts the case cannot take, products it does not have, and StudyError where a worker fails.
    """
    case = as_case(case)
    ordered = sorted(dict.fromkeys(float(one) for one in amounts))
    points = tuple(_point(case, axis, amount, products) for amount in ordered)
    # Any budget is one a case can take: nothing else in it is held against the total.
    plain = axis == "budget" and ordered[0] >= 0.0 and np.isfinite(ordered[-1])
    for point in () if plain else (points[0], points[-1]):
        revised(case, point.settings)
    way = followed(case, ordered[0], ordered[-1]) if axis == "budget" and len(points) > 1 else None
    jobs = _jobs(case, way, ordered, points, Limits(time_limit, gap))
    results = _done(axis, ordered, jobs, executor, progress)
    found = tuple(one for of_job in results.of_jobs for one in of_job)
    if jobs[0].budgets and jobs[0].budgets[0] > jobs[0].budgets[-1]:
        found = found[::-1]
    if axis == "budget":
        found = _reasoned(case, ordered, found)
    if axis == "budget" and not case.file.give:
        found = carried(ordered, found, case.file.objective[0])
    rows = tuple(_row(axis, *pair) for pair in zip(points, found, strict=True))
    more = found[-1].worth_of_money if found[-1] is not None else None
    if way == "linear" and more:
        more = _worth_of_more(case, ordered[-1], more, jobs[-1])
    return Study("frontier", case, points, found, rows, tuple(_notes(case, axis, ordered, found, more)), results.whole)


def _worth_of_more(case: Case, amount: float, worth: float, job: Job) -> float:
    """What one more unit of money changes at the largest budget: at a kink its shadow price may be that of one less."""
    beyond = amount * (1.0 + BEYOND)
    found = run((replace(job, points=(_point(case, "budget", beyond, ()),), budgets=(beyond,)),)).flat[0]
    there = found.worth_of_money if found is not None else None
    return worth if there is None or abs(worth - there) <= ALIKE * abs(worth) else there


def _point(case: Case, axis: Axis, amount: float, products: Sequence[str]) -> Point:
    if axis == "budget":
        return Point({"budget": amount}, {budget_path(case): money(case, amount)})
    unknown = [name for name in products if name not in case.products]
    if unknown:
        raise CaseError.of(f"there is no product '{unknown[0]}'", None, f"products: {', '.join(case.products)}")
    chosen = list(products) or [n for n, p in case.products.items() if axis == "deadline" or p.accuracy is not None]
    if not chosen:
        raise CaseError.of("no product has an accuracy floor to move", None, "name one: `--product NAME`")
    settings: dict[str, Any] = {}
    for name in chosen:
        written = case.document.data["products"][name].get(axis)
        inside = ({"accuracy": "at-least", "deadline": "date"}[axis],) if isinstance(written, dict) else ()
        value = f"{case.periods.unit} {round(amount)}" if axis == "deadline" else plainly(repr(amount))
        settings[dotted("products", name, axis, *inside)] = value
    return Point({axis: amount}, settings)


def _jobs(case: Case, way: Way, amounts: Sequence[float], points: Sequence[Point], limits: Limits) -> tuple[Job, ...]:
    """Budgets together where one search goes on from the other, from the largest down where there are whole numbers; all else a point a job."""
    limit, gap = limits.time_limit, limits.gap
    if way in ("linear", "whole"):
        parts = [slice(start, start + TOGETHER) for start in range(0, len(points), TOGETHER)]
        if way == "whole":
            points, amounts = points[::-1], amounts[::-1]
        return tuple(Job(case, tuple(points[part]), tuple(amounts[part]), limit, gap) for part in parts)
    # Why there is no plan is looked for once: of the largest budget; of smaller ones it is that there is too little money.
    last = len(points) - 1
    return tuple(
        Job(case, (point,), (), limit, gap, way is None or place == last, priced=True)
        for place, point in enumerate(points)
    )


def _reasoned(case: Case, amounts: Sequence[float], found: Sequence[Figures | None]) -> tuple[Figures | None, ...]:
    """Figures of ascending budgets, those without a plan with a reason: a larger one has a plan, or not even that."""
    told, larger = list(found), None
    for place in reversed(range(len(told))):
        one = told[place]
        if one is None:
            continue
        told[place] = one = with_reason(case, amounts[place], one, larger)
        if one.has_plan or (larger is None and one.status == "infeasible"):
            larger = amounts[place], one
    return tuple(told)


def _done(
    axis: Axis, amounts: Sequence[float], jobs: Sequence[Job], executor: Executor | None, progress: Progress | None
) -> Results:
    """The results of all points. Where the plan of the largest budget leaves some of it, that of each budget it fits in is the same.

    No plan of less money is better than the best of more, so neither is another plan where this one fits.
    """
    if axis != "budget" or len(jobs) < 2 or len(jobs) != len(amounts):
        return run(jobs, executor, progress)
    total = len(jobs)
    first = run(jobs[-1:], executor, progress and (lambda done, _: progress(done, total)))
    top, fits = first.flat[0], 0
    if not first.whole:
        return Results((*([(None,)] * (total - 1)), *first.of_jobs), False)
    if top is not None and top.has_plan and top.left_of_budget is not None:
        fits = sum(amount >= amounts[-1] - top.left_of_budget for amount in amounts[:-1])
    rest = run(jobs[: total - 1 - fits], executor, progress and (lambda done, _: progress(1 + fits + done, total)))
    return Results(
        (*rest.of_jobs, *[_with(top, amounts, place) for place in range(total - 1 - fits, total)]), rest.whole
    )


def _with(top: Figures | None, amounts: Sequence[float], place: int) -> tuple[Figures | None, ...]:
    """The figures of the plan of the largest budget at another one that it fits in."""
    if top is None or top.left_of_budget is None:
        return (top,)
    return (replace(top, left_of_budget=top.left_of_budget - (amounts[-1] - amounts[place])),)


def _row(axis: Axis, point: Point, one: Figures | None) -> Row:
    names = ("objective", "bound", "gap", "spend", "value", "net_value", "items", "accuracy", "delivered")
    return {
        axis: point.at[axis],
        "status": state(one),
        # What is reached beside a floor that moves has a name of its own.
        **{f"{name}_reached" if name == axis else name: figure(one, name) for name in names},
        **({"worth_of_one_more": figure(one, "worth_of_money")} if axis == "budget" else {}),
        "why": why(one),
    }


def _notes(
    case: Case, axis: Axis, amounts: Sequence[float], found: Sequence[Figures | None], more: float | None
) -> Iterator[str]:
    done = [(amount, one) for amount, one in zip(amounts, found, strict=True) if one is not None]
    yield from (_fault(case, amount, one) for amount, one in done if one.fault)
    with_plan = [(amount, one) for amount, one in done if one.has_plan]
    if not with_plan:
        yield "No point has a plan."
        return
    without = [amount for amount, one in done if not one.has_plan]
    if axis == "budget":
        if without:
            yield f"No plan at {_money(case, max(without))} or less; there is one at {_money(case, with_plan[0][0])}."
        yield _last_money(case, with_plan, more)
        again = sum(one.carried for _, one in with_plan)
        if again:
            yield f"Points with the plan of a smaller budget, because their own search ended with a worse one: {again}. A smaller --gap or a longer --time-limit finds more."
    elif without:
        shown = ", ".join(_shown(case, axis, amount) for amount in without)
        yield f"No plan with {axis} {shown}; see the column `why`."


def _fault(case: Case, amount: float, one: Figures) -> str:
    """A plan that did not hold, beside the one in its place."""
    instead = "nor does one searched for by itself"
    if one.objective is not None:
        instead = f"one searched for by itself holds, at {case.file.objective[0]} {one.objective:,.2f}"
    elif one.status == "infeasible":
        instead = "searched for by itself there is none"
    return f"A fault of the program, please report it: with {_money(case, amount)} {one.fault}; {instead}."


def _last_money(case: Case, points: Sequence[tuple[float, Figures]], more: float | None) -> str:
    """Where the last money stops paying; more: what one more unit changes at the largest budget."""
    goal = case.file.objective[0]
    for amount, one in points:
        left = one.spend is not None and not one.carried and amount - one.spend > LEFT * max(1.0, amount)
        if goal != "value" and one.spend is not None and left:
            what = "the plan costs no more" if goal == "cost" else f"the next returns less than {_hurdle(case)}"
            return f"More money stops paying off at {_money(case, one.spend)}: {what}."
    if goal == "value":
        for (before, _), (after, one) in pairwise(points):
            if one.worth_of_money is not None and one.worth_of_money < hurdle(case):
                between = f"between {_money(case, before)} and {_money(case, after)}"
                return f"More money stops paying off {between}: the last of it returns less than {_hurdle(case)}."
    last, one = points[-1]
    if one.carried:
        return (
            "Where more money stops paying off is not known: the plan at the largest budget is that of a smaller one."
        )
    if more is None:
        return f"All of the largest budget, {_money(case, last)}, is spent."
    if abs(more) <= (hurdle(case) if goal == "value" else WORTHLESS):
        less = "no plan costs less" if goal == "cost" else f"the next returns less than {_hurdle(case)}"
        return f"More money stops paying off at the largest budget, {_money(case, last)}: {less}."
    brings = f"one more {case.currency} changes {goal.replace('-', ' ')} by {more:,.4g}"
    return f"More money still pays off at the largest budget, {_money(case, last)}: {brings}."


def _hurdle(case: Case) -> str:
    return f"the hurdle of {hurdle(case):g}" if case.file.hurdle is not None else "it costs"


def _money(case: Case, amount: float) -> str:
    return f"{amount:,.2f} {case.currency}"


def _shown(case: Case, axis: Axis, amount: float) -> str:
    return f"{case.periods.unit} {amount:g}" if axis == "deadline" else f"{amount:.4%}"
