"""The loop: solve over the columns inside, price the others at the rows' duals, let the best of each group in."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.engine import Run
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.search import LIMITS, Clock, Found, evident
from allocate.solvers.sifting.bound import bound_at
from allocate.solvers.sifting.restricted import Restricted
from allocate.solvers.watch import Watch
from allocate.tolerances import PRICE_NOISE, REDUCED_COST

ModelStatus = highspy.HighsModelStatus
NO_END = (ModelStatus.kUnbounded, ModelStatus.kUnboundedOrInfeasible)
BEST = 2
"""Columns of one group that enter in a round."""
FEWEST = 1000
"""Columns that enter in a round, groups or not, when so many price in."""


@dataclass(frozen=True, eq=False)
class SoFar:
    """The last plan, and the best bound there was."""

    values: Floats | None = None
    bound: float | None = None


NOTHING_YET = SoFar()


def sift(
    arrays: ProgramArrays, first: Booleans, groups: Integers, watch: Watch, clock: Clock, reports: bool = False
) -> tuple[Found, int]:
    """The optimum of a linear program, and how many columns were needed for it.

    first: columns to begin with, shape (n,). groups: columns of a kind, shape (n,), of which the best few enter at a
    time. reports: tell the watch plan and bound, round by round. Stopped with ``Limit.OTHER`` where HiGHS ends in a way
    that proves nothing.
    """
    if not arrays.column_count:
        known = evident(arrays)
        assert known is not None
        return known, 0
    live = Restricted(watch, arrays, first)
    return improve(live, groups, clock, reports), live.entered


def improve(live: Restricted, groups: Integers, clock: Clock, reports: bool = False, near: float = 0.0) -> Found:
    """The optimum of a program of which some columns are inside; others are let in until none prices in.

    near: loss per unit, relative to the size of its terms, up to which a column is let in along with those that gain:
    for programs that are solved again a little changed.
    """
    arrays, watch = live.arrays, live.engine.watch
    run = live.run(clock.left)
    if run.status in (ModelStatus.kInfeasible, ModelStatus.kUnboundedOrInfeasible):
        end = _made_feasible(live, groups, clock)
        if end is not None:
            return end
        live.tighten()
        run = live.run(clock.left)
    sofar = NOTHING_YET
    while run.status == ModelStatus.kOptimal and run.row_duals is not None:
        sense = 1.0 if arrays.maximise else -1.0
        gain = sense * (arrays.costs - arrays.priced(run.row_duals))
        entering = _best(gain, (gain > REDUCED_COST) & _outside(live), groups)
        if not len(entering):
            return _optimum(live, run, sense * gain)
        if near > 0.0:
            losing_little = gain > -near * _size(arrays, run.row_duals)
            entering = np.flatnonzero(losing_little & _outside(live)).astype(np.int32)
        if reports:
            sofar = _so_far(live, run, gain, sofar)
        if watch.stopped or clock.left == 0.0:
            break
        live.enter(entering)
        run = live.run(clock.left)
    if run.status in NO_END:
        return Found(Status.UNBOUNDED, message="the objective grows without end")
    return _early(arrays, run, sofar, watch, clock)


def _so_far(live: Restricted, run: Run, gain: Floats, before: SoFar) -> SoFar:
    """Plan and bound after a round, told to the watch; a bound found earlier stays where it is the better one."""
    arrays, watch, values = live.arrays, live.engine.watch, live.values(run)
    assert run.row_duals is not None
    bounds = [one for one in (before.bound, bound_at(arrays, run.row_duals, gain)) if one is not None]
    watch.best = arrays.objective(values)
    watch.bound = (min(bounds) if arrays.maximise else max(bounds)) if bounds else None
    return SoFar(values, watch.bound)


def _made_feasible(live: Restricted, groups: Integers, clock: Clock) -> Found | None:
    """Let columns in until no row gives way; None then, else how the search ended."""
    arrays, watch = live.arrays, live.engine.watch
    live.stretch()
    while True:
        run = live.run(clock.left)
        if run.status != ModelStatus.kOptimal or run.row_duals is None:
            return _early(arrays, run, NOTHING_YET, watch, clock)
        if live.given_way(run).max(initial=0.0) <= REDUCED_COST:
            return None
        gain, size = arrays.priced(run.row_duals), _size(arrays, run.row_duals)
        entering = _best(gain, (gain > PRICE_NOISE * size) & _outside(live), groups)
        if not len(entering):
            return Found(Status.INFEASIBLE, message="no plan keeps all rows")
        if watch.stopped or clock.left == 0.0:
            return _early(arrays, run, NOTHING_YET, watch, clock)
        live.enter(entering)


def missing(live: Restricted, groups: Integers, clock: Clock) -> Integers | None:
    """Columns that could let rows give way less than they must with those inside; None where there are none.

    It leaves the rows stretched.
    """
    arrays = live.arrays
    live.stretch()
    run = live.run(clock.left)
    if run.status != ModelStatus.kOptimal or run.row_duals is None:
        return None
    gain, size = arrays.priced(run.row_duals), _size(arrays, run.row_duals)
    entering = _best(gain, (gain > PRICE_NOISE * size) & _outside(live), groups)
    return entering if len(entering) else None


def _outside(live: Restricted) -> Booleans:
    """Columns that could enter: not inside, and with room above zero."""
    outside: Booleans = ~live.inside & (live.arrays.upper > 0.0)
    return outside


def _size(arrays: ProgramArrays, duals: Floats) -> Floats:
    terms = np.abs(arrays.value * duals[arrays.index])
    return np.bincount(arrays.column, weights=terms, minlength=arrays.column_count).astype(np.float64, copy=False)


def _best(gain: Floats, prices_in: Booleans, groups: Integers) -> Integers:
    """Of the columns that price in the best few of each group, and of all until there are ``FEWEST``; ascending."""
    candidates = np.flatnonzero(prices_in).astype(np.int32)
    if len(candidates) <= FEWEST:
        return candidates
    order = np.lexsort((candidates, -gain[candidates], groups[candidates]))
    group = groups[candidates][order]
    first = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    rank = np.arange(len(group)) - np.repeat(first, np.diff(first, append=len(group)))
    chosen = np.zeros(len(candidates), dtype=bool)
    chosen[order[rank < BEST]] = True
    missing = FEWEST - int(chosen.sum())
    if missing > 0:
        rest = np.flatnonzero(~chosen)
        chosen[rest[np.lexsort((candidates[rest], -gain[candidates[rest]]))[:missing]]] = True
    return candidates[chosen]


def _optimum(live: Restricted, run: Run, left: Floats) -> Found:
    """The end of the search; left: cost less charge of every column at the rows' prices."""
    arrays, values = live.arrays, live.values(run)
    assert run.row_duals is not None
    if not is_feasible(arrays, values):
        return Found(Status.STOPPED, Limit.OTHER, message="the plan found breaks a row")
    objective = arrays.objective(values)
    reduced = live.reduced_costs(run, left)
    return Found(Status.OPTIMAL, None, objective, objective, values, run.row_duals, reduced)


def _early(arrays: ProgramArrays, run: Run, sofar: SoFar, watch: Watch, clock: Clock) -> Found:
    """What an end before the optimum leaves: the last plan there was, or none."""
    limit = LIMITS.get(run.status, Limit.OTHER)
    message = f"HiGHS ended with: {run.status.name.removeprefix('k')}"
    if watch.stopped:
        limit, message = Limit.INTERRUPT, "interrupted"
    elif limit is Limit.TIME or clock.left == 0.0:
        limit, message = Limit.TIME, "the time limit was reached"
    values, bound = sofar.values, sofar.bound
    if values is None or limit is Limit.OTHER or not is_feasible(arrays, values):
        return Found(Status.STOPPED, limit, message=message)
    return Found(Status.FEASIBLE, limit, arrays.objective(values), bound, values, message=message)
