"""Sifting as a method: which programs it is for, and a whole solve with its goals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.goals import in_order, outcome_of
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.search import Clock, evident
from allocate.solvers.sifting.coarse import MERGED, kinds
from allocate.solvers.sifting.first_columns import first_columns
from allocate.solvers.sifting.lexicographic_objectives import Faces
from allocate.solvers.sifting.sift import sift
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch

LARGE = 20_000
"""Columns from which pricing them is quicker than handing all of them over."""
WIDE = 4
"""Columns for each row from which few of them are ever needed."""


def unfit(task: Task) -> str | None:
    """Why sifting cannot solve a program."""
    whole = int(task.arrays.integer.sum())
    if whole:
        columns = "column of this one is" if whole == 1 else "columns of this one are"
        return f"it solves linear programs, and {whole:,} {columns} whole-numbered"
    return None


def suits(task: Task) -> str | None:
    """Why sifting is quicker than the whole program: many columns, most of which differ from others by period alone."""
    arrays = task.arrays
    if arrays.column_count < max(LARGE, WIDE * arrays.row_count) or MERGED not in task.structure.columns.axes:
        return None
    of_periods = float(np.mean(task.structure.columns.axis(MERGED) >= 0))
    if of_periods < 0.5:
        return None
    each = arrays.column_count / max(arrays.row_count, 1)
    return (
        f"a large linear program, {each:.0f} columns for each row, {of_periods:.0%} of them alike but for their period"
    )


def solve(task: Task) -> Outcome:
    """The outcome of a linear program, with all its goals."""
    clock, watch = Clock(task.searching), Watch(task.cancel, task.progress)
    check_numbers(task.arrays)
    # All of it in the watch's thread, so that Ctrl-C is taken between two runs of HiGHS too.
    outcome: Outcome = watch.run(lambda: _solve(task, watch, clock))
    if outcome.status is Status.STOPPED and outcome.limit is Limit.OTHER:
        return _as_a_whole(task, clock, outcome.message)
    return outcome


def _solve(task: Task, watch: Watch, clock: Clock) -> Outcome:
    arrays, name = task.arrays, Engine(watch).name
    known = evident(arrays)
    if known is not None:
        return outcome_of(arrays, in_order(known, (), None, clock), clock, name)
    kind = kinds(arrays, task.structure)
    begin = first_columns(arrays, kind, watch, clock)
    first, entered = sift(arrays, begin, kind.columns, watch, clock, reports=True)
    reach = Faces(arrays, first, kind.columns, watch, clock).reach if task.goals and first.finished else None
    found = outcome_of(arrays, in_order(first, task.goals, reach, clock), clock, name)
    return replace(found, method_reason=f"{entered:,} of {arrays.column_count:,} columns entered")


def _as_a_whole(task: Task, clock: Clock, message: str) -> Outcome:
    """The outcome by HiGHS on the whole program, where it ended a part of it in a way that proves nothing."""
    left = None if clock.left is None else max(clock.left, 1e-3)
    found = solve_arrays(task.arrays, time_limit=left, goals=task.goals, progress=task.progress, cancel=task.cancel)
    return replace(found, method_reason=f"handed over to HiGHS as a whole: {message}")
