"""Plans of one case at many total budgets, on one live solver."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from allocate.answers import UnverifiedPlanError
from allocate.api.solving import TWO_SIDED, for_proof, formulate, solve, sought
from allocate.case.load import Case
from allocate.costing.routes import routes
from allocate.costing.table import Routes
from allocate.costing.value.values import product_values
from allocate.numerals import plainly
from allocate.program.arrays import ProgramArrays
from allocate.program.build import Built, build
from allocate.solvers.kept import Kept
from allocate.solvers.methods import AUTO, PLAIN, choose
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.right_hand_side_path import along
from allocate.solvers.solve import Goal
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel
from allocate.study.figures import Figures, figures
from allocate.study.measuring import Measuring
from allocate.units import Quantity

TOO_SMALL, TOO_LARGE, FEW = 20_000, 150_000, 200
"""Coefficients of an integer program from which a search is worth going on with; up to which, and up to how many whole numbers,
points are so short that one process does them all."""
Way = Literal["linear", "whole", "apart"] | None
NEITHER, TOO_LITTLE = "there is no plan with", "too little money"


def money(case: Case, amount: float) -> str:
    """An amount of the case's money, as a case writes it."""
    return f"{plainly(repr(amount))} {case.currency}"


def at_budget(case: Case, amount: float) -> Case:
    """The case with another total budget; nothing else of it is read or checked again."""
    total = Quantity(amount, ((case.currency, 1),), money(case, amount))
    budget = case.file.budget.model_copy(update={"total": total})
    settings = (*case.settings, f"{budget_path(case)}={total.text}")
    return replace(case, file=case.file.model_copy(update={"budget": budget}), settings=settings)


def budget_path(case: Case) -> str:
    """What `--set` calls the total budget."""
    return "budget.total" if isinstance(case.document.data.get("budget"), dict) else "budget"


def followed(case: Case, lowest: float, highest: float) -> Way:
    """How budgets between two are gone through; None where each is planned by itself, as any case is.

    linear: the programs are linear and differ in the budget row's side alone; they do not where whole numbers, pairs that
    learn or value curves are involved in what money could buy. What depends on the budget does so in one direction, so it is
    enough to look at both ends. whole: programs of some size with whole numbers; how far one search goes on from
    the other is for `along_whole_budgets` to see. apart: each by itself, and
    it would take long to look for the reasons wherever there is no plan.
    """
    if case.file.give:
        return None
    ends = [at_budget(case, amount) for amount in (lowest, highest)]
    ways = routes(case)
    built = [_built(one, ways) for one in ends]
    rows = [one.program.rows.get("budget") for one in built]
    low, high = (one.program.arrays() for one in built)
    learned = any(one.program.learned is not None for one in built)
    large: Way = "apart" if high.nonzeros >= TOO_SMALL and (learned or high.integer.any()) else None
    if rows[0] is None or learned:
        return large
    if high.integer.any():
        if not (TOO_SMALL <= high.nonzeros <= TOO_LARGE and int(high.integer.sum()) <= FEW):
            return large
        # HiGHS on the whole program keeps nothing but a plan: its points are rather shared out among all cores.
        chosen, _ = choose(AUTO, Task(high, built[1].program.structure()))
        return large if chosen.name == PLAIN else "whole"
    return "linear" if "value_floor" not in built[0].program.rows and _same(low, high, rows[0].start) else None


def _looser(high: ProgramArrays, low: ProgramArrays, row: int) -> bool:
    """Whether every plan of one program is one of another, which has its room in one row, and differs in ends and coefficients alone."""
    if (low.column_count, low.row_count, low.nonzeros) != (high.column_count, high.row_count, high.nonzeros):
        return False
    names = ("costs", "lower", "integer", "row_lower", "start", "index")
    if not all(np.array_equal(getattr(low, name), getattr(high, name)) for name in names):
        return False
    others, moved = np.arange(low.row_count) != row, np.flatnonzero(low.value != high.value)
    rows, columns = low.index[moved], low.column[moved]
    less = np.isneginf(low.row_lower[rows]) & (low.lower[columns] >= 0.0) & (high.value[moved] < low.value[moved])
    ends = (high.upper >= low.upper).all() and (high.row_upper >= low.row_upper)[others].all()
    return bool(less.all() and ends)


def _same(low: ProgramArrays, high: ProgramArrays, row: int) -> bool:
    """Whether two programs differ in the upper side of one row alone."""
    if (low.column_count, low.row_count, low.nonzeros) != (high.column_count, high.row_count, high.nonzeros):
        return False
    others = np.arange(low.row_count) != row
    names = ("costs", "lower", "upper", "row_lower", "start", "index", "value")
    return np.array_equal(low.row_upper[others], high.row_upper[others]) and all(
        np.array_equal(getattr(low, n), getattr(high, n)) for n in names
    )


def _built(case: Case, ways: Routes) -> Built:
    return build(case, ways, product_values(case, ways))


def along_budgets(
    case: Case, budgets: Sequence[float], time_limit: float | None = None, cancel: Cancel | None = None
) -> Iterator[Figures | None]:
    """The figures at each budget, ascending, of a case whose budgets are `followed` as linear; None where interrupted.

    Every plan is verified against the case at its budget. Where there is none, a solve of its own says why.
    """
    built = formulate(at_budget(case, budgets[-1]))
    goals = [Goal(aim.name, aim.costs, aim.maximise) for aim in built.aims[1:]]
    goals += [Goal(tie.name, tie.costs, tie.maximise, breaks_ties=True) for tie in built.ties]
    task = Task(built.program.arrays(), built.program.structure(), goals, time_limit, cancel=cancel)
    row = built.program.rows["budget"].start
    measuring = Measuring(built, at_budget(case, budgets[-1]))
    before: tuple[Outcome, Figures] | None = None
    for amount, outcome in zip(budgets, along(task, row, budgets), strict=False):
        if outcome.limit is Limit.INTERRUPT:
            yield None
            return
        if before is not None and before[0] is outcome:
            yield before[1]
            continue
        here = at_budget(case, amount)
        if outcome.status is Status.INFEASIBLE:
            found = figures(solve(here, conflicts=False))
        else:
            found = measuring.figures(here, outcome, row)
        before = (outcome, found)
        yield found


def along_whole_budgets(
    case: Case,
    budgets: Sequence[float],
    time_limit: float | None = None,
    gap: float | None = None,
    cancel: Cancel | None = None,
) -> Iterator[Figures | None]:
    """The figures at each budget, descending, of a case that is `followed` with whole numbers; None where interrupted.

    Each search begins where the one before ended, and is answered, verified and proven as one of its own. A plan that leaves enough
    of a budget is that of the next one too; below a budget without a plan there is none.
    """
    before: tuple[float, Figures] | None = None
    measuring: Measuring | None = None
    begin = 0
    while begin < len(budgets):
        first = formulate(at_budget(case, budgets[begin]))
        end, kept = _together(case, first, budgets, begin), Kept()
        measuring = measuring or Measuring(first, at_budget(case, budgets[begin]))
        measuring.built = first
        asked: dict[str, Any] = {"time_limit": time_limit, "gap": gap, "cancel": cancel}
        for amount in budgets[begin:end]:
            found = None if before is None else _without_search(case, before, amount)
            if found is None:
                found = _searched(case, amount, kept, measuring, asked, before is None)
            if found is None:
                yield None
                return
            found = with_reason(case, amount, found, before)
            before = amount, found
            yield found
        begin = end


def _together(case: Case, first: Built, budgets: Sequence[float], begin: int) -> int:
    """Up to which of the budgets, descending, every plan is one of the program of the first, with its budget row moved."""
    high, row, ways = first.program.arrays(), first.program.rows["budget"].start, first.layout.routes

    def within(end: int) -> bool:
        low = _built(at_budget(case, budgets[end - 1]), ways)
        return low.program.rows["budget"].start == row and _looser(high, low.program.arrays(), row)

    if within(len(budgets)):
        return len(budgets)
    inside, outside = begin + 1, len(budgets)
    while outside - inside > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if within(middle) else (inside, middle)
    return inside


def _searched(
    case: Case, amount: float, kept: Kept, measuring: Measuring, asked: dict[str, Any], reasons: bool
) -> Figures | None:
    """The figures at a budget from a search that goes on from the one before; None where it was interrupted.

    reasons: whether it is looked for why, where there is no plan.
    """
    here, first = at_budget(case, amount), measuring.built
    row = first.program.rows["budget"].start
    first.program.set_row_bounds(row, upper=amount)
    how = asked | {"conflicts": False, "reasons": reasons}
    try:
        if reasons or first.program.arrays().nonzeros <= TWO_SIDED:
            formulation = replace(first, layout=replace(first.layout, case=here))
            answer = solve(here, formulation=formulation, kept=kept, **how)
            return None if answer.limit is Limit.INTERRUPT else figures(answer, reasons)
        began = time.perf_counter()
        outcome = sought(first, kept=kept, **asked)
        left = for_proof(asked["time_limit"], time.perf_counter() - began)
        interrupted = outcome.limit is Limit.INTERRUPT
        return None if interrupted else measuring.figures(here, outcome, row, left, asked["cancel"])
    except UnverifiedPlanError as error:
        return _afresh(here, error, how)


def _afresh(here: Case, error: UnverifiedPlanError, asked: dict[str, Any]) -> Figures | None:
    """The figures at a budget by a search of its own, and what was wrong with the plan that went on from another search."""
    fault = fault_of(here, error)
    try:
        answer = solve(here, **asked)
    except UnverifiedPlanError as again:
        return Figures("unverified", fault=fault, reasons=again.violations[:20])
    return None if answer.limit is Limit.INTERRUPT else replace(figures(answer, asked["reasons"]), fault=fault)


def fault_of(case: Case, error: UnverifiedPlanError) -> str:
    """What a plan that did not hold reached, and what was wrong with it."""
    reached = "" if error.objective is None else f" at {case.file.objective[0]} {error.objective:,.2f}"
    return f"a plan{reached} did not hold: {'; '.join(error.violations[:3])}"


def _without_search(case: Case, before: tuple[float, Figures], amount: float) -> Figures | None:
    """The figures at a budget that follow from those of a larger one; None where it has to be planned."""
    larger, one = before
    if one.status == "infeasible":
        return Figures("infeasible", reasons=(_neither(case, larger, one),))
    left = None if one.left_of_budget is None else one.left_of_budget - (larger - amount)
    return None if not one.has_plan or left is None or left < 0.0 else replace(one, left_of_budget=left, fault="")


def with_reason(case: Case, amount: float, one: Figures, before: tuple[float, Figures] | None) -> Figures:
    """The figures at a budget for which no reasons were looked for: where there is no plan, what a larger budget says of it.

    before: the next larger budget that has a plan, or the largest there is, and its figures.
    """
    if one.status != "infeasible" or one.reasons:
        return one
    if before is None:
        return replace(one, reasons=(f"{NEITHER} {amount:,.2f} {case.currency}; a solve of it alone says why",))
    larger, other = before
    if not other.has_plan:
        return replace(one, reasons=(_neither(case, larger, other),))
    told = f"{TOO_LITTLE}: there is a plan with {larger:,.2f} {case.currency}, none with {amount:,.2f} {case.currency}"
    return replace(one, reasons=(told,))


def _neither(case: Case, larger: float, one: Figures) -> str:
    """Why there is no plan, where there is none with more money either."""
    first = next((reason for reason in one.reasons if reason.startswith((NEITHER, TOO_LITTLE))), None)
    return first or "; ".join((f"{NEITHER} {larger:,.2f} {case.currency} either", *one.reasons[:1]))
