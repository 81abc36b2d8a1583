"""The search of a whole tree over work: bounds of its nodes, and plans from the work of some of them."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.certificate.parted_work import PartedWork
from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.solvers.learning.branching import Branching, Solve
from allocate.solvers.learning.nodes import LinearNodes, WholeNodes
from allocate.solvers.learning.pursuit import Pursuit, TruePlan, better
from allocate.solvers.lexicographic_objectives import with_whole_numbers
from allocate.solvers.outcome import Outcome
from allocate.solvers.search import Clock, Found
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch
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
    return with_whole_numbers(task.arrays, values) if task.arrays.integer.any() else task.arrays
