"""No plan is called impossible on one search's word: a proof has to stand beside it, or another search at another scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from allocate.certificate.engagement.proof import leaves_no_plan
from allocate.certificate.no_plan import proves_no_plan
from allocate.program.arrays import Floats, Matrix, ProgramArrays, frozen, maximised
from allocate.program.partition import AXIS, groups_by, partition
from allocate.program.scaling import Scaling, power_of_two
from allocate.solvers.branching.coverings import EXCLUDED, excluded
from allocate.solvers.engine import Engine, ModelStatus
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.scaled import Scaled, scaled
from allocate.solvers.search import Clock, evident
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch

LARGER = 8.0
"""The second search sees columns as so much larger, and every row by itself as large as its largest number."""

AT_LEAST = 0.2
"""Seconds a proof may take where a time limit leaves less: small programs have theirs at once."""


def confirmed(task: Task, own: Scaled, outcome: Outcome, clock: Clock) -> Outcome:
    """An outcome without a plan, where a proof or another search says the same; else the plan that was missed, or not known.

    task, own: what was solved, and the same at its own scale. clock: that of the whole solve.
    """
    if outcome.status is not Status.INFEASIBLE or evident(own.task.arrays) is not None:
        return outcome
    if outcome.engaged is not None:
        part, _ = partition(task.arrays, groups_by(task.structure, AXIS))
        if leaves_no_plan(task.arrays, part, outcome.engaged):
            return outcome
    watch = Watch(task.cancel)
    if any(proves_no_plan(own.task.arrays, ray) for ray in _rays(own.task.arrays, watch, clock)):
        return outcome
    left = clock.left
    if watch.stopped or left == 0.0:
        limit = Limit.INTERRUPT if watch.stopped else Limit.TIME
        return _unknown(outcome, limit, "there was no time for a second search")
    second = scaled(task, other_scale(own.scaling, task.arrays))
    if outcome.message == EXCLUDED and excluded(maximised(second.task.arrays), task.structure, watch, clock):
        return outcome
    found = solve_arrays(
        second.task.arrays,
        time_limit=left,
        gap=task.gap,
        goals=second.task.goals,
        cancel=task.cancel,
        options={"presolve": "off"},
    )
    if found.status is Status.INFEASIBLE:
        return outcome
    if found.values is None or found.status is Status.UNBOUNDED:
        return _unknown(
            outcome, found.limit or Limit.OTHER, f"a second search ended without an answer ({found.message})"
        )
    reason = "a first search found no plan; a second one, at another scale, found this one"
    return replace(second.outward(task.arrays, found), method_reason=reason)


def other_scale(scaling: Scaling, arrays: ProgramArrays) -> Scaling:
    """A scaling unlike another one: of columns, and of each row by its largest coefficient or side."""
    columns = np.where(arrays.integer, 1.0, scaling.columns * LARGER)
    largest = np.zeros(arrays.row_count)
    np.maximum.at(largest, arrays.index, np.abs(arrays.value * columns[arrays.column]))
    for side in (arrays.row_lower, arrays.row_upper):
        largest = np.maximum(largest, np.where(np.isfinite(side), np.abs(side), 0.0))
    rows = 1.0 / power_of_two(np.where(largest > 0.0, largest, 1.0))  # an empty row stays as it is
    other = Scaling(frozen(rows), frozen(columns), 1.0)
    return replace(other, objective=other.size_of(arrays.costs))


def _rays(arrays: ProgramArrays, watch: Watch, clock: Clock) -> Iterator[Floats]:
    """Duals that may prove that a program has no plan; whether one does is for exact sums to say.

    First the ray HiGHS ends with, which it has only without presolving; where it gave up before, the duals of the program that
    asks how little the rows must be broken, which always has an end.
    """
    engine = Engine(watch, {"presolve": "off"})
    engine.load(replace(arrays.relaxed(), costs=frozen(np.zeros(arrays.column_count))))
    if engine.run(_left(clock)).status == ModelStatus.kOptimal or watch.stopped:
        return
    _, there, ray = engine.highs.getDualRay()
    if there:
        yield np.array(ray)
    engine = Engine(watch)
    engine.load(_broken_least(arrays))
    found = engine.run(_left(clock))
    if found.row_duals is not None:
        yield found.row_duals


def _left(clock: Clock) -> float | None:
    return None if clock.left is None else max(clock.left, AT_LEAST)


def _broken_least(arrays: ProgramArrays) -> ProgramArrays:
    """The rows of a program, each of which may be missed to both sides at a cost of 1 for each unit."""
    n, m = arrays.column_count, arrays.row_count
    rows = np.arange(m, dtype=np.int32)
    start = np.concatenate([arrays.start, arrays.nonzeros + 1 + np.arange(2 * m)]).astype(np.int32)
    index = np.concatenate([arrays.index, rows, rows]).astype(np.int32)
    value = np.concatenate([arrays.value, np.ones(m), -np.ones(m)])
    return replace(
        arrays,
        maximise=False,
        offset=0.0,
        costs=frozen(np.concatenate([np.zeros(n), np.ones(2 * m)])),
        lower=frozen(np.concatenate([arrays.lower, np.zeros(2 * m)])),
        upper=frozen(np.concatenate([arrays.upper, np.full(2 * m, np.inf)])),
        integer=frozen(np.zeros(n + 2 * m, dtype=bool)),
        matrix=Matrix(frozen(start), frozen(index), frozen(value)),
    )


def _unknown(outcome: Outcome, limit: Limit, why: str) -> Outcome:
    message = f"it is not known whether there is a plan: one search found none, and {why}"
    return replace(outcome, status=Status.STOPPED, limit=limit, message=message)
