"""The search of a whole tree over work: bounds of its nodes, and plans from the work of some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.parted_work import PartedWork
from allocate.certificate.weak_duality import proven_bound, repaired
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.program.learned import Learned
from allocate.program.scaling import scaling_of
from allocate.program.structure import Structure
from allocate.solvers.engine import Engine
from allocate.solvers.highs import solve_scaled
from allocate.solvers.learning.branching import Branching, Solve
from allocate.solvers.learning.pursuit import MOMENT, PATIENCE, STEPS, Pursuit, TruePlan, better
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.scaled import found_outward
from allocate.solvers.search import Clock, Found, evident, search
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel, Watch
from allocate.tolerances import PROVEN

WORK = 400_000
"""Nodes times columns at most: a search ends in the same place on every machine."""
MOST = 300
"""Nodes at most."""
WHOLE = 50
"""A node with whole numbers counts as so many."""
SMALL, NEAR = 1_000, 5e-4
"""Columns up to which a search goes on to the proof that no plan is better; the gap at which that of more ends by itself."""
OFTEN = 2.0e-2
"""Part of the nodes from whose work a plan is sought, beside the first ones."""
FIRST = 4
"""Nodes at first from whose work a plan is sought."""


@dataclass(frozen=True, eq=False)
class Searched:
    """What a search came to."""

    bound: float | None
    plan: TruePlan | None
    parts: PartedWork | None
    """The proof of the bound of a linear program; None where nothing was parted."""
    exhausted: bool
    """Whether no part is left that could hold a plan."""


def tree_search(
    task: Task, learned: Learned, wide: Outcome, plan: TruePlan | None, price: float, clock: Clock
) -> Searched:
    """Better bounds and plans by branching on work, from how the wide program ended and the best plan so far."""
    arrays, watch = task.arrays, Watch(task.cancel)
    whole = bool(arrays.integer.any())
    if wide.bound is None or wide.values is None or (wide.row_duals is None and not whole):
        return Searched(wide.bound, plan, None, False)
    solve: Solve
    if whole:
        solve = WholeNodes(task.structure, clock, task.cancel).solve
    else:
        assert wide.row_duals is not None
        solve = LinearNodes(arrays, task.structure, wide.row_duals, watch, clock).solve
    first = Found(wide.status, None, wide.objective, wide.bound, wide.values, wide.row_duals)
    tree, sense = Branching(arrays, learned, first, solve), 1.0 if arrays.maximise else -1.0
    room = min(MOST, WORK // arrays.column_count) // (WHOLE if whole else 1)
    target = max(task.gap, PROVEN) if task.gap is not None else PROVEN if arrays.column_count <= SMALL else NEAR
    nodes = 0
    while tree.open and nodes < room and not watch.stopped and clock.left != 0.0:
        reached = -sense * float("inf") if plan is None else arrays.objective(plan.values)
        if plan is not None and sense * (tree.bound - reached) <= target * max(1.0, abs(reached)):
            break
        nodes += 1
        values = tree.step(reached)
        if values is not None and (nodes <= FIRST or plan is None or nodes * OFTEN % 1.0 < OFTEN):
            plan = better(arrays, [plan, Pursuit(_fixed(task, values), learned, watch, clock).near(values, price)])
    bound = tree.bound
    if plan is not None:
        reached = arrays.objective(plan.values)
        bound = sense * max(sense * bound, sense * reached)
    return Searched(
        bound, plan, None if whole or not nodes else tree.proof(), not tree.open and tree.closed == -float("inf")
    )


def _fixed(task: Task, values: Floats) -> ProgramArrays:
    """The program with whole numbers as in some values."""
    return task.arrays.with_whole_numbers(values) if task.arrays.integer.any() else task.arrays


FAR = 2.0
"""A ray is taken so far that what it proves lies beyond every plan worth having, by as much again."""


class LinearNodes:
    """Linear programs of one shape; duals: of the program as it stands, for proofs that a node has no plan."""

    def __init__(self, arrays: ProgramArrays, structure: Structure, duals: Floats, watch: Watch, clock: Clock) -> None:
        self.duals, self.clock = duals, clock
        self._scaling = scaling_of(arrays, structure)
        self._engine = Engine(watch, {"presolve": "off", "simplex_iteration_limit": STEPS})
        self._basis: Any = None

    def solve(self, arrays: ProgramArrays) -> Found:
        """How one ends; without a plan, duals that prove it, or else that nothing is known."""
        if (arrays.lower > arrays.upper).any():
            return Found(Status.INFEASIBLE)
        own = self._scaling.scaled(arrays)
        known = evident(own)
        if known is not None:
            return Found(Status.STOPPED, Limit.OTHER)
        self._engine.load(own)
        if self._basis is not None:
            self._engine.highs.setBasis(self._basis)
        left = self.clock.left
        patience = Clock(PATIENCE if left is None else max(min(left, PATIENCE), MOMENT))
        found = search(self._engine, own, patience)
        if found.status is Status.OPTIMAL:
            self._basis = self._engine.highs.getBasis()
        if found.status is Status.INFEASIBLE:
            duals = self._beyond(arrays)
            return Found(Status.STOPPED, Limit.OTHER) if duals is None else Found(Status.INFEASIBLE, row_duals=duals)
        return found_outward(self._scaling, found)

    def _beyond(self, arrays: ProgramArrays) -> Floats | None:
        """Duals whose bound lies beyond every plan, from a ray; None without one."""
        _, there, ray = self._engine.highs.getDualRay()
        if not there:
            return None
        limits, sense = boxes(arrays), 1.0 if arrays.maximise else -1.0
        nothing = replace(arrays, maximise=True, offset=0.0, costs=frozen(np.zeros(arrays.column_count)))
        start = sense * proven_bound(arrays, self.duals, limits)
        for sign in (1.0, -1.0):
            one = repaired(nothing, sign * np.array(ray) * self._scaling.rows, limits)
            gained = proven_bound(nothing, one, limits)
            if not (gained < 0.0 and np.isfinite(start)):
                continue
            duals = self.duals + sense * FAR * (abs(start) + 1.0) / -gained * one
            if sense * proven_bound(arrays, duals, limits) < start - abs(start):
                return duals
        return None


class WholeNodes:
    """Programs with whole numbers, each searched by itself."""

    def __init__(self, structure: Structure, clock: Clock, cancel: Cancel | None) -> None:
        self.structure, self.clock, self.cancel = structure, clock, cancel

    def solve(self, arrays: ProgramArrays) -> Found:
        """How one ends, as the solver claims."""
        if (arrays.lower > arrays.upper).any():
            return Found(Status.INFEASIBLE)
        left = None if self.clock.left is None else max(self.clock.left, 1e-3)
        found = solve_scaled(arrays, self.structure, time_limit=left, gap=PROVEN, cancel=self.cancel)
        return Found(found.status, found.limit, found.objective, found.bound, found.values)
