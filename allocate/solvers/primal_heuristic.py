"""Primal heuristic for large integer programs: relax, round the whole numbers, keep them and solve what is left."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.engine import Engine, Run
from allocate.solvers.improvement_heuristic import improved, rows_of_whole_numbers
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Clock, Start
from allocate.solvers.watch import Watch
from allocate.tolerances import ROUNDED_UP, WHOLE_NUMBER

OPTIMAL = highspy.HighsModelStatus.kOptimal
LARGE = 10_000
"""Coefficients from which a first plan is made; below, HiGHS soon finds one by itself."""
VERY_LARGE = 600_000
"""Coefficients from which a first-order method of so many steps says which whole numbers the relaxation may use."""
STEPS = 200
THRESHOLDS = (ROUNDED_UP, 0.1, 0.5)
"""Share of a step above a whole number from which it is rounded up, tried in order until what is left has a plan."""


def make_start(watch: Watch, arrays: ProgramArrays, clock: Clock) -> Start | None:
    """A first plan of an integer program, None where it is small or this way finds none."""
    if arrays.nonzeros < LARGE or not arrays.integer.any():
        return None
    engine = Engine(watch)
    engine.load(arrays.relaxed())
    run, bound = _relaxed(engine, arrays, clock)
    start = None if run.values is None else _first_plan(engine, arrays, run.values, bound, clock)
    return None if start is None else replace(improved(engine, arrays, start, clock), relaxation_duals=run.row_duals)


def _relaxed(engine: Engine, arrays: ProgramArrays, clock: Clock) -> tuple[Run, float | None]:
    """The relaxation's run, without values where it found no plan, and its objective where no plan of it is better."""
    if arrays.nonzeros >= VERY_LARGE:
        ids = np.flatnonzero(arrays.integer).astype(np.int32)
        used = _worth_using(engine, arrays, clock)
        engine.set_column_bounds(ids, arrays.lower[ids], np.where(used, arrays.upper[ids], arrays.lower[ids]))
        run = engine.run(clock.left)
        engine.set_column_bounds(ids, arrays.lower[ids], arrays.upper[ids])
        if run.status == OPTIMAL:
            return run, None
    run = engine.run(clock.left)
    if run.status != OPTIMAL or run.values is None:
        return replace(run, values=None), None
    return run, arrays.objective(run.values)


def _worth_using(engine: Engine, arrays: ProgramArrays, clock: Clock) -> Booleans:
    """Which integer columns a rough solution of the relaxation leaves above their lower bound, shape (I,)."""
    before = engine.highs.getOptionValue("pdlp_iteration_limit")[1]
    engine.option("solver", "pdlp")
    engine.option("pdlp_iteration_limit", STEPS)
    values = engine.run(clock.left).values
    engine.option("pdlp_iteration_limit", before)
    engine.option("solver", "choose")
    engine.forget()
    whole = arrays.integer
    if values is None or not np.isfinite(values).all():
        return np.ones(int(whole.sum()), dtype=bool)
    used: Booleans = values[whole] > arrays.lower[whole] + THRESHOLDS[0]
    return used


def _first_plan(
    engine: Engine, arrays: ProgramArrays, relaxed: Floats, bound: float | None, clock: Clock
) -> Start | None:
    """The best plan with the whole numbers a relaxed plan rounds to; None where no rounding leaves one."""
    ids = np.flatnonzero(arrays.integer).astype(np.int32)
    tried: list[Floats] = []
    for threshold in THRESHOLDS:
        whole = rounded(arrays, relaxed, threshold)
        if engine.watch.stopped or clock.left == 0.0 or any(np.array_equal(whole, other) for other in tried):
            continue
        tried.append(whole)
        engine.set_column_bounds(ids, whole, whole)
        run = engine.run(clock.left)
        if run.status != OPTIMAL or run.values is None:
            continue
        values = run.values.copy()
        values[ids] = whole
        if is_feasible(arrays, values):
            engine.watch.best = arrays.objective(values)
            return Start(values, run.row_duals, run.reduced_costs, bound)
    return None


def rounded(arrays: ProgramArrays, relaxed: Floats, threshold: float) -> Floats:
    """Whole numbers near those of a relaxed plan, shape (I,), in the order of the integer columns.

    Up from ``threshold`` on, else down; then, row by row of those between whole numbers alone (so many vendors, one step
    of a price), what matters least goes down until the row is kept, or what matters most goes up.
    """
    ids = np.flatnonzero(arrays.integer)
    at = np.clip(relaxed[ids], arrays.lower[ids], arrays.upper[ids])
    below = np.floor(at + WHOLE_NUMBER)
    whole = np.where(at - below > threshold, below + 1.0, below)
    whole = np.clip(whole, np.ceil(arrays.lower[ids] - WHOLE_NUMBER), np.floor(arrays.upper[ids] + WHOLE_NUMBER))
    position = np.full(arrays.column_count, -1)
    position[ids] = np.arange(len(ids))
    start, columns, values = arrays.by_rows
    for row in rows_of_whole_numbers(arrays).tolist():
        part = slice(start[row], start[row + 1])
        mine, factor = position[columns[part]], values[part]
        over = float(factor @ whole[mine]) - arrays.row_upper[row]
        short = arrays.row_lower[row] - float(factor @ whole[mine])
        if over > WHOLE_NUMBER:
            _move(whole, mine, factor, over, at, arrays.lower[ids], -1.0)
        elif short > WHOLE_NUMBER:
            _move(whole, mine, factor, short, at, arrays.upper[ids], 1.0)
    return whole


def _move(whole: Floats, mine: Integers, factor: Floats, excess: float, at: Floats, bound: Floats, step: float) -> None:
    """Move columns of positive factor towards a bound, one step each, until a row's excess is gone.

    Down those whose relaxed value is smallest first, up those whose is largest.
    """
    for n in np.argsort(step * -at[mine], kind="stable").tolist():
        column = mine[n]
        if excess <= WHOLE_NUMBER:
            return
        if factor[n] > 0 and (bound[column] - whole[column]) * step >= 1.0:
            whole[column] += step
            excess -= factor[n]
