"""One search on a live HiGHS, and what its end means: never optimal at a limit, never a plan that breaks a row."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import highspy
import numpy as np

from allocate.program.arrays import Floats, ProgramArrays
from allocate.solvers.engine import Engine, Run
from allocate.solvers.outcome import Limit, Status, gap_of, is_feasible, violation
from allocate.tolerances import PROVEN, ROW_KEPT, WHOLE_NUMBER

ModelStatus = highspy.HighsModelStatus
LIMITS = {
    ModelStatus.kTimeLimit: Limit.TIME,
    ModelStatus.kInterrupt: Limit.INTERRUPT,
    ModelStatus.kIterationLimit: Limit.ITERATIONS,
}


FINISHING = 0.03
"""Part of a time limit that is kept for finishing touches: what a search of whole numbers leaves is solved again."""


class Clock:
    """Time spent and left; ``limit`` None is no limit. ``kept``: seconds of it for what comes after the search."""

    def __init__(self, limit: float | None, kept: float = 0.0) -> None:
        if limit is not None and not limit > 0:
            raise ValueError(f"the time limit must be above 0 seconds, got {limit}")
        self.limit, self.kept = limit, kept
        self._began = time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    @property
    def left(self) -> float | None:
        """Seconds until what is kept of the limit begins, at least 0; None without a limit."""
        return None if self.limit is None else max(0.0, self.limit - self.kept - self.spent)

    def keeping(self, kept: float) -> Clock:
        """The same clock with so many seconds kept."""
        other = Clock(self.limit, kept)
        other._began = self._began
        return other


@dataclass(frozen=True, eq=False)
class Found:
    """How one search ended; objective and duals belong to the objective searched for."""

    status: Status
    limit: Limit | None = None
    objective: float | None = None
    bound: float | None = None
    values: Floats | None = None
    row_duals: Floats | None = None
    reduced_costs: Floats | None = None
    message: str = ""
    relaxation_duals: Floats | None = None
    """Duals of the linear relaxation, where it was solved on the way."""

    @property
    def finished(self) -> bool:
        """Whether the search came to its end with a plan: proven, or within the gap asked for."""
        return self.values is not None and (self.status is Status.OPTIMAL or self.limit is Limit.GAP)


@dataclass(frozen=True, eq=False)
class Start:
    """A plan to start from, with the duals of the linear program its whole numbers leave, and a bound if there is one."""

    values: Floats
    row_duals: Floats | None
    reduced_costs: Floats | None
    bound: float | None
    relaxation_duals: Floats | None = None


def evident(arrays: ProgramArrays) -> Found | None:
    """What needs no search: bounds that cross, rows without terms that ask for some, a program without columns."""
    if (arrays.lower > arrays.upper).any() or (arrays.row_lower > arrays.row_upper).any():
        return Found(Status.INFEASIBLE, message="a lower bound lies above its upper bound")
    empty = np.bincount(arrays.index, minlength=arrays.row_count) == 0
    if (empty & ((arrays.row_lower > ROW_KEPT) | (arrays.row_upper < -ROW_KEPT))).any():
        return Found(Status.INFEASIBLE, message="a row without terms asks for some")
    if arrays.column_count:
        return None
    values = np.empty(0)
    duals = np.zeros(arrays.row_count)
    return Found(Status.OPTIMAL, None, arrays.offset, arrays.offset, values, duals, np.empty(0))


def search(engine: Engine, arrays: ProgramArrays, clock: Clock, start: Start | None = None) -> Found:
    """Search a loaded program for its best plan. ``arrays`` is what the engine holds, fences aside.

    start: a plan the engine was offered, which is the answer where a limit comes before a better one.
    """
    engine.known = None if start is None else start.bound
    run = engine.run(clock.left)
    if start is not None:
        run = _with_start(arrays, run, start)
    if run.status in (ModelStatus.kUnbounded, ModelStatus.kUnboundedOrInfeasible):
        return _unbounded_or_infeasible(engine, arrays, run, clock)
    if run.status == ModelStatus.kInfeasible:
        return Found(Status.INFEASIBLE, message="no plan keeps all rows")
    if run.values is None or not is_feasible(arrays, run.values):
        return _without_plan(arrays, run)
    if engine.mixed:
        return _integer_plan(engine, arrays, run, clock, start)
    objective = arrays.objective(run.values)
    if run.status in (ModelStatus.kOptimal, ModelStatus.kModelEmpty):
        duals = None if run.row_duals is None else run.row_duals[: arrays.row_count]
        return Found(Status.OPTIMAL, None, objective, objective, run.values, duals, run.reduced_costs)
    limit = LIMITS.get(run.status, Limit.OTHER)
    return Found(Status.FEASIBLE, limit, objective, None, run.values, message=_ended(run, limit))


def _with_start(arrays: ProgramArrays, run: Run, start: Start) -> Run:
    """The run of a search that was offered a plan: never without a plan, nor with a worse bound than the plan's."""
    if run.status not in LIMITS:
        return run
    bounds = [bound for bound in (run.bound, start.bound) if bound is not None]
    best = (min(bounds) if arrays.maximise else max(bounds)) if bounds else None
    return replace(run, values=start.values if run.values is None else run.values, bound=best)


def _integer_plan(engine: Engine, arrays: ProgramArrays, run: Run, clock: Clock, start: Start | None) -> Found:
    """The plan of an integer search; where it passes the bound that was claimed, of another one without presolving."""
    found = _with_its_bound(engine, arrays, run, clock, start)
    if not _passed(arrays, found) or engine.watch.stopped:
        return found
    _, presolve = engine.highs.getOptionValue("presolve")
    engine.option("presolve", "off")
    engine.forget()
    assert found.values is not None
    engine.start_from(found.values)
    again = engine.run(clock.left)
    engine.option("presolve", presolve)
    if again.values is not None and is_feasible(arrays, again.values):
        second = _with_its_bound(engine, arrays, again, clock, None)
        if not _passed(arrays, second):
            return second
    message = "the bound that HiGHS claimed was passed by the plan it found"
    return replace(found, status=Status.FEASIBLE, limit=Limit.OTHER, bound=None, message=message)


def _passed(arrays: ProgramArrays, found: Found) -> bool:
    """Whether a plan is better than the bound of its own search, by more than rounding: the bound is wrong then."""
    if found.objective is None or found.bound is None:
        return False
    better = found.objective - found.bound if arrays.maximise else found.bound - found.objective
    return better > PROVEN * max(1.0, abs(found.objective), abs(found.bound))


def _with_its_bound(engine: Engine, arrays: ProgramArrays, run: Run, clock: Clock, start: Start | None) -> Found:
    assert run.values is not None
    values = _snapped(arrays, run.values)
    whole = arrays.integer
    fixed: tuple[Floats, Floats | None, Floats | None] | None
    if start is not None and np.array_equal(values[whole], start.values[whole]):
        fixed = (start.values, start.row_duals, start.reduced_costs)
    else:
        fixed = None if engine.watch.stopped else _fixed(engine, arrays, values, clock)
    duals = reduced = None
    if fixed is not None:
        values, duals, reduced = fixed
    objective = arrays.objective(values)
    gap = gap_of(objective, run.bound)
    limit = None
    if run.status != ModelStatus.kOptimal:
        limit = LIMITS.get(run.status, Limit.OTHER)
    elif gap is None or (gap > PROVEN and abs(objective - (run.bound or 0.0)) > PROVEN):
        limit = Limit.GAP
    status = Status.OPTIMAL if limit is None else Status.FEASIBLE
    return Found(status, limit, objective, run.bound, values, duals, reduced, _ended(run, limit))


def _fixed(
    engine: Engine, arrays: ProgramArrays, values: Floats, clock: Clock
) -> tuple[Floats, Floats | None, Floats | None] | None:
    """Plan, duals and reduced costs of the linear program with all integers fixed; None when it brings no plan."""
    ids = np.flatnonzero(arrays.integer).astype(np.int32)
    at = np.round(values[ids])
    engine.set_integer(np.zeros_like(arrays.integer))
    engine.set_column_bounds(ids, at, at)
    run = engine.run(clock.keeping(0.0).left)
    engine.set_column_bounds(ids, arrays.lower[ids], arrays.upper[ids])
    engine.set_integer(arrays.integer)
    if run.status != ModelStatus.kOptimal or run.values is None:
        return None
    polished = run.values.copy()
    polished[ids] = at
    worse = arrays.objective(values) - arrays.objective(polished)
    worse = worse if arrays.maximise else -worse
    if worse > PROVEN * max(1.0, abs(arrays.objective(values))) or not is_feasible(arrays, polished):
        return None
    duals = None if run.row_duals is None else run.row_duals[: arrays.row_count]
    # The duals hold for both points; of two equally good ones the plan is the one that keeps its rows closer.
    closer = polished if violation(arrays, polished) <= violation(arrays, values) + WHOLE_NUMBER else values
    return closer, duals, run.reduced_costs


def _snapped(arrays: ProgramArrays, values: Floats) -> Floats:
    """Whole numbers made exactly whole where that keeps the plan feasible."""
    snapped = values.copy()
    snapped[arrays.integer] = np.round(values[arrays.integer])
    return snapped if violation(arrays, snapped) <= max(violation(arrays, values), WHOLE_NUMBER) else values


def _unbounded_or_infeasible(engine: Engine, arrays: ProgramArrays, run: Run, clock: Clock) -> Found:
    """Which of both it is: without an objective nothing is unbounded, so only feasibility is left to find."""
    unbounded = Found(Status.UNBOUNDED, message="the objective grows without end")
    if run.status == ModelStatus.kUnbounded and not engine.mixed:
        return unbounded
    engine.set_costs(np.zeros(arrays.column_count), arrays.maximise)
    again = engine.run(clock.left)
    engine.set_costs(arrays.costs, arrays.maximise, arrays.offset)
    if again.status == ModelStatus.kInfeasible:
        return Found(Status.INFEASIBLE, message="no plan keeps all rows")
    if again.values is not None and is_feasible(replace(arrays, costs=np.zeros(arrays.column_count)), again.values):
        return unbounded
    return _without_plan(arrays, again)


def _without_plan(arrays: ProgramArrays, run: Run) -> Found:
    limit = LIMITS.get(run.status, Limit.OTHER)
    if run.status == ModelStatus.kOptimal and run.values is not None:
        amount = violation(arrays, run.values)
        return Found(Status.STOPPED, Limit.OTHER, message=f"claimed optimal, but the plan breaks a row by {amount:.2g}")
    return Found(Status.STOPPED, limit, bound=run.bound, message=_ended(run, limit))


def _ended(run: Run, limit: Limit | None) -> str:
    if limit is None:
        return ""
    if limit is Limit.OTHER:
        return f"HiGHS ended with: {run.status.name.removeprefix('k')}"
    return {
        Limit.TIME: "the time limit was reached",
        Limit.INTERRUPT: "interrupted",
        Limit.GAP: "the gap asked for was reached",
        Limit.ITERATIONS: "the iteration limit was reached",
    }[limit]
