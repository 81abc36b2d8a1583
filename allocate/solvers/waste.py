"""Whole numbers that cost something and that nothing needs: a search that ends early may leave some in its best plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays, inner
from allocate.solvers.goals import Goal
from allocate.solvers.outcome import Outcome, Status, gap_of


def without_waste(arrays: ProgramArrays, outcome: Outcome) -> Outcome:
    """The plan of a search that ended early with each whole number that costs something at the least its rows allow, one by one.

    A product started with a vendor that then makes none of it, a seat that nobody takes: no row asks for them, and the bill
    has no line for them. Each row stays as well kept as it was; the objective only gets better.
    """
    if (
        outcome.status is not Status.FEASIBLE
        or outcome.values is None
        or len(outcome.stages) > 1
        or not arrays.integer.any()
    ):
        return outcome
    values = tidied(arrays, outcome.values)
    if values is None:
        return outcome
    objective, index = arrays.objective(values), arrays.terms(values)
    at = np.bincount(index[0], index[1], arrays.row_count).astype(np.float64, copy=False)
    stages = tuple(replace(stage, objective=objective) for stage in outcome.stages)
    gap = gap_of(objective, outcome.bound)
    return replace(outcome, values=values, row_values=at, objective=objective, gap=gap, stages=stages)


def spared(arrays: ProgramArrays, goals: Sequence[Goal], outcome: Outcome) -> Outcome:
    """The plan without whole numbers that only the goals breaking ties pay for: the fee of a vendor that makes nothing any more.

    Such a goal moves work with all whole numbers as they are; what then is of no use costs the objective before it nothing.
    """
    number = next((n for n, goal in enumerate(goals) if goal.breaks_ties), None)
    values = outcome.values
    if number is None or values is None or len(outcome.stages) < number + 2 or not arrays.integer.any():
        return outcome
    goal = goals[number]
    less = tidied(replace(arrays, costs=goal.costs, maximise=goal.maximise), values)
    before = [arrays.costs, *(one.costs for one in goals[:number])]
    if less is None or any((costs[less != values] != 0.0).any() for costs in before):
        return outcome
    index, terms = arrays.terms(less)
    at = np.bincount(index, terms, arrays.row_count).astype(np.float64, copy=False)
    saved = inner(goal.costs, less - values)
    stages = [
        replace(stage, objective=stage.objective + saved) if n == number + 1 and stage.objective is not None else stage
        for n, stage in enumerate(outcome.stages)
    ]
    return replace(outcome, values=less, row_values=at, stages=tuple(stages))


def tidied(arrays: ProgramArrays, values: Floats) -> Floats | None:
    """A point with its costly whole numbers at the least its rows allow; None where all of them are there already.

    values: a point of the program, shape (n,).
    """
    gain = arrays.costs if arrays.maximise else -arrays.costs
    costly = np.flatnonzero(arrays.integer & (gain < 0.0) & (values > arrays.lower + 0.5))
    if not len(costly):
        return None
    index, terms = arrays.terms(values)
    at = np.bincount(index, terms, arrays.row_count).astype(np.float64, copy=False)
    found = values.copy()
    for column in costly.tolist():
        rows = slice(int(arrays.start[column]), int(arrays.start[column + 1]))
        where, each = arrays.index[rows], arrays.value[rows]
        now = round(float(found[column]))
        less = now - _least(arrays, where, each, at[where], now, float(arrays.lower[column]))
        if less > 0:
            found[column] = now - less
            at[where] -= each * less
    return None if np.array_equal(found, values) else found


def _least(arrays: ProgramArrays, where: Integers, each: Floats, at: Floats, now: int, lower: float) -> int:
    """The least whole number of a column that keeps each of its rows as well as now."""
    low, high = arrays.row_lower[where], arrays.row_upper[where]
    room = np.full(len(each), np.inf)
    up, down = each > 0.0, each < 0.0
    # Less of a column lowers rows where its coefficient is above zero, and raises those where it is below.
    room[up] = (at[up] - low[up]) / each[up]
    room[down] = (high[down] - at[down]) / -each[down]
    most = max(float(room.min(initial=np.inf)), 0.0)
    return int(max(np.ceil(lower), now - np.floor(min(most, now - lower) + 1e-12)))
