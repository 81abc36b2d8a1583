"""Branching as a way to solve: which programs it is for, and a whole solve with its goals and its proof."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.certificate.branched import Branched
from allocate.program.arrays import Floats, Integers, frozen, maximised
from allocate.program.partition import AXIS
from allocate.solvers.branching.coverings import EXCLUDED, excluded
from allocate.solvers.branching.levels import FIRST, levels
from allocate.solvers.branching.merged_periods import first_plan
from allocate.solvers.branching.nodes import Relaxation
from allocate.solvers.branching.tree import Tree
from allocate.solvers.branching.written import written
from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.facility_location import method as facility_location
from allocate.solvers.goals import in_order, outcome_of
from allocate.solvers.lexicographic_objectives import Hold
from allocate.solvers.outcome import Limit, Outcome, Status, gap_of
from allocate.solvers.search import Clock, Found, Start, evident
from allocate.solvers.search import search as search_plainly
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch
from allocate.tolerances import PROVEN

LARGE = 20_000
"""Coefficients from which this is quicker than one search by HiGHS, whose cuts prove small programs sooner."""
FEW = 1_000
"""Most whole numbers: those of vendors, months and seats, not those of every product and vendor."""
STEPS = 20
"""Whole numbers of vendors' months from which a program falls into products badly."""
MEMORY = 400_000_000
"""Bytes that nodes may take; a node keeps a basis and duals."""
SAID = {
    None: "",
    Limit.GAP: "the gap asked for was reached",
    Limit.TIME: "the time limit was reached",
    Limit.INTERRUPT: "interrupted",
    Limit.OTHER: "a linear program ended without an answer",
}


def suits(task: Task) -> str | None:
    """Why branching is the method of choice, None where it is not."""
    arrays, whole = task.arrays, task.arrays.integer
    count = int(whole.sum())
    if not 0 < count <= FEW or arrays.nonzeros < LARGE:
        return None
    columns = task.structure.columns
    of_products, families = columns.axis(AXIS)[whole] >= 0, columns.family[whole]
    opening = np.isin(families, [n for n, name in enumerate(columns.blocks) if name in FIRST])
    # Steps and seats of vendors have no place in the parts of single products.
    if 2 * int(of_products.sum()) > count and int((~of_products & ~opening).sum()) < STEPS:
        return None
    if facility_location.suits(task) is not None:
        return None  # choices that open most columns are priced, not branched on
    return f"an integer program of {arrays.column_count:,} columns, of which {count} are whole numbers"


def solve(task: Task) -> Outcome:
    """The outcome of an integer program, sought by branching on its whole numbers.

    Raises ValueError for numbers no solver can take, and for a gap or limit that makes no sense.
    """
    clock, arrays = Clock(task.time_limit), task.arrays
    check_numbers(arrays)
    search = Branching(task, clock)
    known = evident(arrays)
    if known is not None:
        return outcome_of(arrays, in_order(known, (), None, clock), clock, search.engine.name)
    first: Found = search.engine.watch.run(search.found)
    goals = task.goals_after(first.row_duals)
    reach = Hold(search.engine, arrays, first, clock).reach if goals and first.finished else None
    outcome = outcome_of(arrays, in_order(first, goals, reach, clock), clock, search.engine.name)
    return replace(outcome, branched=search.proof)


class Branching:
    """One search; where goals follow, it ends with the engine holding the program."""

    def __init__(self, task: Task, clock: Clock) -> None:
        self.task, self.clock, self.arrays = task, clock, task.arrays
        self.gap = PROVEN if task.gap is None else max(task.gap, PROVEN)
        self.engine = Engine(Watch(task.cancel, task.progress), {"mip_rel_gap": self.gap})
        self.sign = 1.0 if task.arrays.maximise else -1.0
        self.proof: Branched | None = None

    def found(self) -> Found:
        """The best plan, with the bound of the tree; where the tree is full, HiGHS goes on from there."""
        tree, arrays = self._begun(), self.arrays
        if tree is None:
            return Found(Status.INFEASIBLE, message=EXCLUDED)
        tree.grow(MEMORY // (arrays.column_count + 9 * arrays.row_count))
        if self.task.kept is not None:
            self.task.kept.search = tree
        start, bound = self._start(tree), self.sign * tree.bound if np.isfinite(tree.bound) else None
        if tree.root.duals is not None and tree.root.at is not None:
            self.proof = written(tree, self.sign)
        duals = None if tree.root.at is None else self._own(tree.root.duals)
        return replace(self._ended(tree, start, bound), relaxation_duals=duals)

    def _begun(self) -> Tree | None:
        """The tree before it grows: from where the search before ended, where there was one; None where no vendors have a plan."""
        before, watch = None if self.task.kept is None else self.task.kept.search, self.engine.watch
        arrays, room = maximised(self.arrays), None
        if before is None:
            relaxation = Relaxation(arrays, watch, self.clock)
        else:
            relaxation = before.relaxation
            room = relaxation.turn_to(arrays, watch, self.clock)
        items = self.task.structure.columns.blocks.get("items")
        amounts = np.zeros(0, np.int32) if items is None else items.ids
        tree = Tree(relaxation, *self._kinds(relaxation.ids), amounts, self.gap, self._tell)
        if before is not None and room is not None:
            tree.go_on(before, room)
        if tree.planner.best is None:
            start = first_plan(arrays, self.task.structure, watch.apart(), self.clock, self.task.start)
            if start is None and arrays.nonzeros >= LARGE and excluded(arrays, self.task.structure, watch, self.clock):
                return None
            if start is not None:
                tree.planner.begin(start)
                self._tell(tree)
                tree.planner.settle()
        return tree

    def _kinds(self, ids: Integers) -> tuple[Integers, Integers]:
        """Level and kind of each whole number, by the families that the structure tells."""
        structure = self.task.structure
        return levels(structure, ids), structure.columns.family[ids] + np.int32(1)

    def _tell(self, tree: Tree) -> None:
        """Tell who watches how far the search is; from the first plan on time is kept for what must follow."""
        watch = self.engine.watch
        watch.bound = self.sign * tree.bound if np.isfinite(tree.bound) else None
        if tree.planner.best is not None:
            watch.best = self.sign * tree.planner.objective
            self.clock.kept = self.task.closing

    def _own(self, duals: Floats | None) -> Floats | None:
        """Duals in the program's own sense."""
        return None if duals is None else frozen(self.sign * duals + 0.0)

    def _start(self, tree: Tree) -> Start | None:
        best = tree.planner.best
        if best is None:
            return None
        return Start(best.values, self._own(best.row_duals), self._own(best.reduced_costs), None)

    def _ended(self, tree: Tree, start: Start | None, bound: float | None) -> Found:
        """How the search ended."""
        over = tree.relaxation.over
        if start is None and tree.bound == -np.inf and not over:
            return Found(Status.INFEASIBLE, message="no plan keeps all rows")
        ended = Limit.INTERRUPT if self.engine.watch.stopped else Limit.TIME
        if start is None and over:
            return Found(Status.STOPPED, ended, bound=bound, message=SAID[ended])
        objective = None if start is None else self.arrays.objective(start.values)
        gap = gap_of(objective, bound)
        near = gap is not None and gap <= self.gap
        goals = self.task.goals_after(None if start is None else start.row_duals)
        if goals or not (near or over):
            self.engine.load(self.arrays)
            if start is not None:
                self.engine.start_from(start.values)
        if not near and not over:
            return self._handed_over(start, bound)
        assert start is not None
        limit = None if gap is not None and gap <= PROVEN else Limit.GAP if near else ended
        status = Status.OPTIMAL if limit is None else Status.FEASIBLE
        return Found(status, limit, objective, bound, start.values, start.row_duals, start.reduced_costs, SAID[limit])

    def _handed_over(self, start: Start | None, bound: float | None) -> Found:
        """The end of HiGHS's own search from the best plan, with the better of both bounds."""
        given = None if start is None else replace(start, bound=bound)
        found = search_plainly(self.engine, self.arrays, self.clock, given)
        if found.bound is None or bound is None or found.status is Status.OPTIMAL:
            return found
        return replace(found, bound=min(found.bound, bound) if self.arrays.maximise else max(found.bound, bound))
