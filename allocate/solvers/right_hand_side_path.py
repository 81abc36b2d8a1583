"""Right-hand-side path: one linear program at several sides of a row, each a warm start for the next, on one HiGHS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from allocate.program.arrays import ProgramArrays, frozen
from allocate.solvers.engine import check_numbers
from allocate.solvers.goals import in_order, outcome_of
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.scaled import scaled
from allocate.solvers.search import Clock, Found, evident
from allocate.solvers.sifting import method as sifting
from allocate.solvers.sifting.coarse import Kinds, kinds
from allocate.solvers.sifting.first_columns import first_columns
from allocate.solvers.sifting.lexicographic_objectives import Faces
from allocate.solvers.sifting.restricted import Restricted
from allocate.solvers.sifting.sift import improve
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch

NEAR = 0.02
"""Loss per unit, relative to the size of its terms, up to which a column enters with those that gain: measured on
fifty budgets of size M, where little more than half the runs, of a program half as large again, take three quarters of the time."""


def along(task: Task, row: int, uppers: Sequence[float]) -> Iterator[Outcome]:
    """Outcomes of a linear program with the upper side of a row at one amount after the other, ascending.

    Where the row is full its own objective is all that is sought; where something is left of it, the task's goals after
    that too, and since more of the row then changes nothing, the same outcome stands for all larger amounts. Programs
    for which sifting is quicker keep the columns that earlier sides brought in. ``task.time_limit`` is that of each
    amount. Ctrl-C and ``task.cancel`` end the one being sought with ``Limit.INTERRUPT``.
    Raises ValueError for a program with whole numbers, and amounts that do not ascend.
    """
    problem = sifting.unfit(task)
    if problem is not None:
        raise ValueError(f"a program cannot be followed along a row: {problem}")
    if any(after <= before for before, after in pairwise(uppers)):
        raise ValueError("the amounts must ascend")
    check_numbers(task.arrays)
    scale = scaled(replace(task, arrays=moved(task.arrays, row, uppers[-1]))) if uppers else scaled(task)
    sides = [upper * float(scale.scaling.rows[row]) for upper in uppers]
    before: Outcome | None = None
    for upper, outcome in zip(uppers, _along(scale.task, row, sides), strict=False):
        if before is None or outcome is not before:
            before, told = outcome, scale.outward(moved(task.arrays, row, upper), outcome)
        yield told


def _along(task: Task, row: int, uppers: Sequence[float]) -> Iterator[Outcome]:
    """The same of a program at its own scale."""
    live: Live | None = None
    outcome: Outcome | None = None
    for upper in uppers:
        if outcome is not None and _has_left(outcome, row, task):
            yield outcome
            continue
        watch, clock = Watch(task.cancel, task.progress), Clock(task.time_limit)
        live = live or watch.run(partial(_begin, task, row, upper, watch, clock))
        outcome = watch.run(partial(_next, task, live, (row, upper), watch, clock))
        if outcome.status is Status.STOPPED and outcome.limit is Limit.OTHER:
            outcome = _afresh(task, row, upper)
        if outcome.status is not Status.OPTIMAL:
            live = None  # rows may have been let give way to find that out
        yield outcome


@dataclass(frozen=True, eq=False)
class Live:
    """The program on a live HiGHS, and which of its columns are of a kind."""

    columns: Restricted
    kind: Kinds
    known: Found | None
    """How the program ends where that needs no search; more of the row changes nothing of it but a row that is short."""


def _has_left(outcome: Outcome, row: int, task: Task) -> bool:
    """Whether a proven plan leaves something of the row, and more of it is worth nothing."""
    if outcome.status is not Status.OPTIMAL or outcome.row_values is None or outcome.row_duals is None:
        return False
    reached = all(stage.status is Status.OPTIMAL for stage in outcome.stages)
    return reached and len(outcome.stages) > len(task.goals) and outcome.row_duals[row] == 0.0


def _begin(task: Task, row: int, upper: float, watch: Watch, clock: Clock) -> Live:
    kind = kinds(task.arrays, task.structure)
    arrays = moved(task.arrays, row, upper)
    first = np.ones(arrays.column_count, dtype=bool)
    if sifting.suits(task) is not None:
        first = first_columns(arrays, kind, watch, clock)
    return Live(Restricted(watch, arrays, first), kind, evident(arrays))


def _next(task: Task, live: Live, side: tuple[int, float], watch: Watch, clock: Clock) -> Outcome:
    """The outcome with the row's upper side moved."""
    columns, (row, upper) = live.columns, side
    columns.engine.watch = watch
    columns.move(row, upper)
    arrays = columns.arrays
    first = live.known or improve(columns, live.kind.columns, clock, near=NEAR)
    full = first.row_duals is not None and first.row_duals[row] != 0.0
    goals = () if full else task.goals
    reach = Faces(arrays, first, live.kind.columns, watch, clock).reach if goals and first.finished else None
    found = outcome_of(arrays, in_order(first, goals, reach, clock), clock, columns.engine.name)
    columns.engine.be_brief()
    reason = (
        f"going on from one side of a row to the next; {columns.entered:,} of {arrays.column_count:,} columns entered"
    )
    return replace(found, method="moving", method_reason=reason)


def moved(arrays: ProgramArrays, row: int, upper: float) -> ProgramArrays:
    """The program with the upper side of a row elsewhere."""
    uppers = arrays.row_upper.copy()
    uppers[row] = upper
    return replace(arrays, row_upper=frozen(uppers))


def _afresh(task: Task, row: int, upper: float) -> Outcome:
    """The outcome by HiGHS from scratch, where going on proved nothing."""
    arrays, limit = moved(task.arrays, row, upper), task.time_limit
    return solve_arrays(arrays, time_limit=limit, goals=task.goals, progress=task.progress, cancel=task.cancel)
