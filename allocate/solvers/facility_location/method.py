"""Choices that open columns as a way to decompose: which programs it is for, and a whole solve with its goals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.certificate.facility_location.facilities import Facilities, facilities_of
from allocate.program.arrays import Floats, ProgramArrays, frozen, inner, maximised
from allocate.solvers.engine import Engine
from allocate.solvers.facility_location.proof_tree import written
from allocate.solvers.facility_location.restricted_lp import Left, left, whole
from allocate.solvers.facility_location.search import Search
from allocate.solvers.goals import Goal, Reach, in_order, outcome_of
from allocate.solvers.highs import solve_arrays
from allocate.solvers.lexicographic_objectives import Hold
from allocate.solvers.outcome import Limit, Outcome, Status, gap_of
from allocate.solvers.search import Clock, Found
from allocate.solvers.task import Task
from allocate.tolerances import PROVEN

LARGE = 100_000
"""Coefficients from which prices prove a program sooner than HiGHS does by its linear relaxation."""
MANY = 8
"""Least number of choices."""
OTHERS = 0.1
"""Most of the rows that tie facilities together that may be of another kind than demands: prices of many kinds are found slowly."""
FAR = 0.15
"""Distance of the first bound and plan, relative to the bound, from which prices are the wrong means."""
OPENED = 0.5
"""Least share of the other columns that a choice opens."""
SAID = {
    None: "",
    Limit.GAP: "the gap asked for was reached",
    Limit.TIME: "the time limit was reached",
    Limit.INTERRUPT: "interrupted",
    Limit.OTHER: "a linear program ended without a plan or a proof that there is none",
}


def suits(task: Task) -> str | None:
    """Why a program is one of choices that open columns, None where it is not, or too small."""
    arrays = task.arrays
    if arrays.nonzeros < LARGE or int(arrays.integer.sum()) < MANY:
        return None
    facilities = facilities_of(arrays)
    if facilities is None or len(facilities.members) < OPENED * (arrays.column_count - facilities.count):
        return None
    if _others(arrays, facilities) > OTHERS * len(facilities.linking):
        return None
    return f"an integer program whose {facilities.count} choices open {len(facilities.members):,} of {arrays.column_count:,} columns"


def _others(arrays: ProgramArrays, facilities: Facilities) -> int:
    """How many rows tie facilities together in another way than by what is asked of several: as much as asked, or no more."""
    linking = np.zeros(arrays.row_count, dtype=bool)
    linking[facilities.linking] = True
    facility = np.full(arrays.column_count, -1, np.int32)
    facility[facilities.members] = np.repeat(
        facilities.facility, np.diff(facilities.first, append=len(facilities.members))
    )
    entry = np.flatnonzero(linking[arrays.index])
    row, of = arrays.index[entry], facility[arrays.column[entry]]
    strange = (arrays.value[entry] <= 0.0) | arrays.integer[arrays.column[entry]]
    low, high = np.full(arrays.row_count, facilities.count, np.int32), np.full(arrays.row_count, -1, np.int32)
    np.minimum.at(low, row[of >= 0], of[of >= 0])
    np.maximum.at(high, row[of >= 0], of[of >= 0])
    plain = (np.bincount(row, weights=strange, minlength=arrays.row_count) == 0) & (low < high)
    return int((linking & ~plain).sum())


def solve(task: Task, gap: float, engine: Engine, clock: Clock) -> Outcome:
    """The outcome of a program it suits. engine: not loaded yet, for what follows the search."""
    arrays, sign = maximised(task.arrays), 1.0 if task.arrays.maximise else -1.0
    facilities = facilities_of(arrays)
    assert facilities is not None
    one = Search(arrays, facilities, gap, engine.watch, clock.keeping(task.closing), task.executor)
    engine.watch.run(lambda: one.run(sign, FAR))
    if one.far:
        return _as_a_whole(task, clock)
    found = _found(one, task.arrays, sign)
    reach = _reach(task, facilities, found, engine, clock) if task.goals and found.finished else None
    outcome = outcome_of(task.arrays, in_order(found, task.goals, reach, clock), clock, engine.name)
    proof = None if one.best is None or one.tree is None else written(one.tree, facilities, sign * one.bound, sign)
    nodes = f"{one.looked:,} branch-and-bound {'node' if one.looked == 1 else 'nodes'} bounded"
    return replace(outcome, opened=proof, method_reason=nodes)


def _as_a_whole(task: Task, clock: Clock) -> Outcome:
    """The outcome by HiGHS on the whole program, where the first prices prove too little."""
    left = None if task.searching is None else max(task.searching - clock.spent, 1e-3)
    found = solve_arrays(
        task.arrays, time_limit=left, gap=task.gap, goals=task.goals, progress=task.progress, cancel=task.cancel
    )
    return replace(found, method_reason="handed over to HiGHS as a whole: prices of choices proved too little")


def _found(one: Search, arrays: ProgramArrays, sign: float) -> Found:
    """How the search ended, in the program's own sense."""
    ended = Limit.INTERRUPT if one.watch.stopped else Limit.TIME if one.over() else Limit.OTHER
    bound = sign * one.bound if np.isfinite(one.bound) else None
    if one.best is None:
        if one.bound == -np.inf:
            return Found(Status.INFEASIBLE, message="no plan keeps all rows")
        return Found(Status.STOPPED, ended, bound=bound, message=SAID[ended])
    objective, duals = arrays.objective(one.best.values), sign * one.best.row_duals + 0.0
    distance = gap_of(objective, bound)
    limit: Limit | None = None
    if distance is None or distance > PROVEN:
        limit = Limit.GAP if distance is not None and distance <= one.gap else ended
    status = Status.OPTIMAL if limit is None else Status.FEASIBLE
    reduced = arrays.costs - arrays.priced(duals)
    return Found(status, limit, objective, bound, one.best.values, duals, reduced, SAID[limit])


def _reach(task: Task, facilities: Facilities, found: Found, engine: Engine, clock: Clock) -> Reach:
    """How later goals are reached: ties are broken over what is open, for all else stays at zero."""
    assert found.values is not None
    assert found.row_duals is not None
    assert found.reduced_costs is not None
    part = left(task.arrays, facilities, found.values[facilities.ids] > 0.5)
    assert isinstance(part, Left)
    if not all(goal.breaks_ties for goal in task.goals):
        engine.load(task.arrays)
        engine.start_from(found.values)
        return Hold(engine, task.arrays, found, clock).reach
    inside = part.columns
    engine.load(part.arrays)
    first = replace(
        found,
        values=found.values[inside],
        row_duals=found.row_duals[part.rows],
        reduced_costs=found.reduced_costs[inside],
    )
    hold = Hold(engine, part.arrays, first, clock)

    def reach(goal: Goal, values: Floats) -> Found:
        offset = goal.offset + inner(goal.costs[facilities.ids], part.taken[facilities.ids])
        end = hold.reach(replace(goal, costs=frozen(goal.costs[inside]), offset=offset), values[inside])
        if end.values is None:
            return end
        return replace(end, values=whole(part, end.values), row_duals=None, reduced_costs=None)

    return reach
