"""Plans of one case at many total budgets, on one live solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from allocate.api.solving import formulate
from allocate.case.load import Case
from allocate.costing.routes import routes
from allocate.costing.table import Routes
from allocate.costing.value.values import product_values
from allocate.numerals import plainly
from allocate.program.arrays import ProgramArrays
from allocate.program.build import Built, build
from allocate.solvers.outcome import Limit, Outcome
from allocate.solvers.right_hand_side_path import along
from allocate.solvers.solve import Goal
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel
from allocate.study.figures import Figures
from allocate.study.measuring import Measuring
from allocate.units import Quantity


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


def can_follow(case: Case, lowest: float, highest: float) -> bool:
    """Whether the programs of all budgets between two differ in the budget row's side alone.

    They do not where whole numbers, pairs that learn or value curves are involved in what money could buy. What depends on the budget does
    so in one direction, so it is enough to look at both ends.
    """
    if case.file.give:
        return False
    ends = [at_budget(case, amount) for amount in (lowest, highest)]
    ways = routes(case)
    built = [_built(one, ways) for one in ends]
    rows = [one.program.rows.get("budget") for one in built]
    low, high = (one.program.arrays() for one in built)
    learns = any(one.program.learned is not None for one in built)
    if rows[0] is None or low.integer.any() or learns or "value_floor" in built[0].program.rows:
        return False
    return _same(low, high, rows[0].start)


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
    """The figures at each budget, ascending, of a case for which `can_follow` holds; None where interrupted.

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
        found = measuring.figures(at_budget(case, amount), outcome, row)
        before = (outcome, found)
        yield found
