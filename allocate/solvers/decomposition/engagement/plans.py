"""Plans with a set of vendors started on each product: the program that is left, solved to the end; the best plan kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_

import highspy
import numpy as np

from allocate.certificate.engagement.engaged_form import EngagedForm, PartOfForm
from allocate.certificate.engagement.tables import Rules
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.branching.merged_periods import Kept
from allocate.solvers.branching.nodes import Relaxation
from allocate.solvers.branching.plans import CHOSEN
from allocate.solvers.branching.tree import Tree
from allocate.solvers.engine import Engine, Run
from allocate.solvers.facility_location.restricted_lp import Left, left_of, whole
from allocate.solvers.outcome import is_feasible
from allocate.solvers.primal_heuristic import THRESHOLDS, rounded
from allocate.solvers.search import Clock, Start
from allocate.solvers.watch import Watch
from allocate.tolerances import BETTER_PLAN

OPTIMAL = highspy.HighsModelStatus.kOptimal
LARGE = 20_000
"""Coefficients of what is left from which branching finds whole numbers beside starts sooner than HiGHS does."""
MANY = 100
"""Whole numbers beside vendors and starts from which a first plan settles them few by few; fewer are rounded."""
OTHERS_NEAR = 1e-4
"""Relative gap at which whole numbers beside vendors and starts are settled, in plans on the way."""
OTHERS_NODES, OTHERS_BRANCHED = 60, 200
"""Nodes of branch and bound for these, at most, where starts are open too and where they are not."""


@dataclass(frozen=True, eq=False)
class EngagedPlan:
    """A plan and what it gains."""

    objective: float
    values: Floats
    row_duals: Floats
    """Of the linear program with all whole numbers as they are, shape (m,)."""


class Planner:
    """Plans of a maximised program, the best of them kept."""

    def __init__(
        self,
        program: ProgramArrays,
        form: EngagedForm,
        parts: list[PartOfForm],
        rules: Rules,
        family: Integers,
        watch: Watch,
        clock: Clock,
        true: Callable[[Floats], Floats | None] | None = None,
    ) -> None:
        """family: of each column, shape (n,). true: as of `Task`."""
        self.program, self.form, self.parts, self.rules, self.family = program, form, parts, rules, family
        self.true = true
        self.watch, self.clock = watch, clock
        self.best: EngagedPlan | None = None
        self.others = bool(np.setdiff1d(np.flatnonzero(program.integer), self._decided()).size)
        """Whether there are whole numbers beside vendors and starts."""
        self._settled_once: set[bytes] = set()
        self._searched: set[tuple[tuple[int, ...], ...]] = set()
        self.tried: dict[tuple[int, ...], float | None] = {}

    def _decided(self) -> Integers:
        starts = [part.columns[part.starts[part.starts >= 0]] for part in self.parts]
        return np.concatenate([self.form.ids, *starts])

    @property
    def objective(self) -> float:
        """What the best plan gains, minus infinity without one."""
        return -np.inf if self.best is None else self.best.objective

    def begin(self, start: Start | None) -> None:
        """Take a plan that was found elsewhere, with the duals of what its whole numbers leave; None is no plan."""
        if start is not None and start.row_duals is not None:
            self._note(EngagedPlan(self.program.objective(start.values), start.values, start.row_duals))

    def begin_truly(self, values: Floats) -> None:
        """Take a plan of the case, shape (n,), whose duals nobody knows."""
        self.best = EngagedPlan(self.program.objective(values), values, np.zeros(self.program.row_count))

    def again(self, values: Floats) -> int:
        """Solve with vendors and starts as in a plan, shape (n,), of the same program with more room; the vendors engaged there."""
        chosen, _, engaged = self._as_in(values)
        self.of({part.number: mask for part, mask in zip(self.parts, chosen, strict=True)}, engaged)
        return engaged

    def of(self, chosen: Mapping[int, int], inside: int) -> float | None:
        """Solve with these vendors started on each part, masks of all vendors; what the plan gains, None where there is none.

        inside: the set of vendors it comes from, engaged in full where rules about vendors ask for it.
        """
        key = tuple(chosen.get(part.number, 0) for part in self.parts)
        if key in self.tried or self.watch.stopped or self.clock.left == 0.0:
            return self.tried.get(key)
        union = self._engaged(key)
        engaged = union if self._allowed(union) else inside | union
        found = self._dived(key, engaged) if self.others else self._solved(key, key, engaged, searched=False)
        self.tried[key] = None if found is None else found.objective
        self._note(found)
        return self.tried[key]

    def _engaged(self, masks: Sequence[int]) -> int:
        """Vendors in any of the masks."""
        return _united(masks) & (1 << self.form.count) - 1

    def _allowed(self, mask: int) -> bool:
        everyone = (1 << self.form.count) - 1
        return bool(self.rules.allowed(np.array([mask], np.int64), np.array([everyone & ~mask], np.int64))[0])

    def among(self, masks: Mapping[int, Sequence[int]], inside: int) -> bool:
        """Solve with starts left open that some of each part's masks have and others not; whether the best plan was bettered.

        A small integer program, searched for so many nodes: by HiGHS, or by branching where many whole numbers stand beside starts.
        """
        before, key = self.objective, tuple((part.number, *sorted(masks.get(part.number, ()))) for part in self.parts)
        if key in self._searched or self.watch.stopped or self.clock.left == 0.0:
            return False
        self._searched.add(key)
        some = [_united(masks.get(part.number, ())) for part in self.parts]
        all_ = [_shared(masks.get(part.number, ())) for part in self.parts]
        union = self._engaged(some)
        engaged = union if self._allowed(union) else inside | union
        taken, open_ = self._taken(all_, some, engaged)
        part = left_of(self.program, taken, np.flatnonzero(open_).astype(np.int32))
        if self.others and isinstance(part, Left) and part.arrays.nonzeros >= LARGE:
            self._note(self._branched(part, ~open_, False))
        else:
            self._note(self._solved(all_, some, engaged))
        return self.objective > before

    def settle(self) -> None:
        """Settle the whole numbers beside vendors and starts by branching, these as in the best plan: of each large plan once.

        Not where plans of the case are others than the program's: 28 CPU s of branching on these found none that was better.
        """
        if (
            self.best is None
            or not self.others
            or self.true is not None
            or self.watch.stopped
            or self.clock.left == 0.0
        ):
            return
        values, fixed = self.best.values, np.zeros(self.program.column_count, dtype=bool)
        fixed[self._decided()] = True
        key = np.round(values[fixed]).tobytes()
        if key in self._settled_once:
            return
        self._settled_once.add(key)
        taken, open_ = self._taken(*self._as_in(values))
        part = left_of(self.program, taken, np.flatnonzero(open_).astype(np.int32))
        if isinstance(part, Left) and part.arrays.integer.any() and part.arrays.nonzeros >= LARGE:
            self._note(self._branched(part, ~open_, True))

    def _dived(self, key: Sequence[int], engaged: int) -> EngagedPlan | None:
        """A plan with these starts whose other whole numbers are settled few by few, or as `_settled` where they are few; None without one."""
        taken, open_ = self._taken(key, key, engaged)
        if int((self.program.integer & open_).sum()) < MANY:
            return self._solved(key, key, engaged, searched=False)
        kept, closed = Kept(self.program, self.family, self.watch, self.clock), np.flatnonzero(~open_).astype(np.int32)
        start = kept.plan(taken, closed, holds=True) or kept.plan(taken, closed)
        if start is None or start.row_duals is None:
            return None  # a search of what is left took a minute to find none
        return EngagedPlan(self.program.objective(start.values), start.values, self._closing(start.row_duals, ~open_))

    def _as_in(self, values: Floats) -> tuple[list[int], list[int], int]:
        """Starts of each part in a plan, once as sure and once as possible, and the vendors engaged: masks of all vendors."""
        chosen = [
            sum(
                1 << v
                for i, v in enumerate(part.places)
                if part.starts[i] >= 0 and values[part.columns[part.starts[i]]] > 0.5
            )
            for part in self.parts
        ]
        engaged = sum(1 << v for v, column in enumerate(self.form.ids.tolist()) if values[column] > 0.5)
        return chosen, chosen, engaged

    def _branched(self, part: Left, closed: Booleans, from_best: bool) -> EngagedPlan | None:
        """The best plan that branching finds of what is left; None where it finds none better than the best one.

        from_best: whether that is one of what is left.
        """
        relaxation = Relaxation(part.arrays, self.watch, self.clock, brief=True)
        first = np.where(np.isin(part.columns[relaxation.ids], self._decided()), CHOSEN - 1, CHOSEN).astype(np.int32)
        tree = Tree(
            relaxation,
            first,
            self.family[part.columns[relaxation.ids]] + np.int32(1),
            np.zeros(0, np.int32),
            OTHERS_NEAR,
        )
        if from_best and self.best is not None:
            tree.planner.begin(Start(self.best.values[part.columns], None, None, None))
        tree.planner.objective, tree.planner.holds = self.objective, True
        known = tree.planner.best
        tree.grow(OTHERS_BRANCHED)
        best = tree.planner.best
        if best is None or best is known or best.row_duals is None:
            return None
        found, duals = whole(part, best.values), np.zeros(self.program.row_count)
        found[self.program.integer] = np.round(found[self.program.integer])
        if not is_feasible(self.program, found):
            return None
        duals[part.rows] = best.row_duals
        return EngagedPlan(self.program.objective(found), found, self._closing(duals, closed))

    def _note(self, found: EngagedPlan | None) -> None:
        """Keep a plan where it is better, and one of the case."""
        least = self.objective + BETTER_PLAN * max(1.0, abs(self.objective)) if self.best is not None else -np.inf
        if found is not None and found.objective > least and self.true is not None:
            values = self.true(found.values)
            found = None if values is None else replace(found, objective=self.program.objective(values), values=values)
        if found is not None and found.objective > least:
            self.best = found

    def _solved(
        self, sure: Sequence[int], maybe: Sequence[int], engaged: int, searched: bool = True
    ) -> EngagedPlan | None:
        """The best plan that starts what is sure and nothing that is not maybe, of each part; None where none was found.

        searched: as for `_settled`.
        """
        program = self.program
        taken, open_ = self._taken(sure, maybe, engaged)
        part = left_of(program, taken, np.flatnonzero(open_).astype(np.int32))
        if not isinstance(part, Left):
            return None
        run = self._settled(part.arrays, searched)
        if run is None or run.values is None or run.row_duals is None:
            return None
        found = whole(part, run.values)
        found[program.integer] = np.round(found[program.integer])
        if not is_feasible(program, found):
            return None
        duals = np.zeros(program.row_count)
        duals[part.rows] = run.row_duals
        return EngagedPlan(program.objective(found), found, self._closing(duals, ~open_))

    def _settled(self, arrays: ProgramArrays, searched: bool, any_plan: bool = False) -> Run | None:
        """The end of the linear program at the best whole numbers found for what is left; None without a plan.

        searched: they are sought by branch and bound; else those of the relaxation are rounded up, and sought where that
        leaves no plan. any_plan: the first plan a search comes to.
        """
        engine = Engine(self.watch, {"mip_rel_gap": OTHERS_NEAR, "mip_max_nodes": OTHERS_NODES})
        if any_plan:
            engine.option("mip_max_improving_sols", 1)
        held = np.flatnonzero(arrays.integer).astype(np.int32)
        engine.load(arrays.relaxed() if not searched else arrays)
        run = engine.run(self.clock.left)
        if not searched:
            if run.status != OPTIMAL or run.values is None or not len(held):
                return run if run.status == OPTIMAL else None
            for threshold in THRESHOLDS:
                at = rounded(arrays, run.values, threshold)
                engine.set_column_bounds(held, at, at)
                end = engine.run(self.clock.left)
                if end.status == OPTIMAL:
                    return end
            return self._settled(arrays, True, any_plan=True)
        if run.values is None or not is_feasible(arrays, run.values):
            return None
        at = np.round(run.values[held])
        engine.set_integer(np.zeros_like(arrays.integer))
        engine.set_column_bounds(held, at, at)
        run = engine.run(self.clock.left)
        return run if run.status == OPTIMAL else None

    def _taken(self, sure: Sequence[int], maybe: Sequence[int], engaged: int) -> tuple[Floats, Booleans]:
        """Vendors and sure starts as chosen, all else at 0; and which columns are left open."""
        taken, open_ = np.zeros(self.program.column_count), np.ones(self.program.column_count, dtype=bool)
        for v, column in enumerate(self.form.ids.tolist()):
            taken[column], open_[column] = engaged >> v & 1, False
        for part, least, most in zip(self.parts, sure, maybe, strict=True):
            small = 0
            for i, v in enumerate(part.places):
                small |= (most >> v & 1) << i
                at = part.starts[i]
                if at >= 0:
                    column = int(part.columns[at])
                    taken[column], open_[column] = least >> v & 1, (most & ~least) >> v & 1
            closed = (part.local & ~np.int64(small)) != 0
            closed[part.starts[part.starts >= 0]] = False
            open_[part.columns[closed]] = False
        open_[(self.form.needed & ~np.int64(engaged)) != 0] = False
        return taken, open_

    def _closing(self, duals: Floats, closed: Booleans) -> Floats:
        """Duals that also say why nothing is made of what is closed: a row that opens columns takes what one would gain."""
        gains = self.program.costs - self.program.priced(duals)
        entry = self.form.opening
        column = self.program.column[entry]
        mine = entry[closed[column] & (gains[column] > 0.0) & ~self.program.integer[column]]
        found, column = duals.copy(), self.program.column[mine]
        np.maximum.at(found, self.program.index[mine], gains[column] / self.program.value[mine])
        return found


def _united(masks: Sequence[int]) -> int:
    """Vendors that are in any of the masks."""
    return reduce(or_, masks, 0)


def _shared(masks: Sequence[int]) -> int:
    """Vendors that are in all of the masks."""
    return reduce(and_, masks) if masks else 0
