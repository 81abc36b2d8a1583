"""Branch and bound on one live simplex: small integer programs asked again and again, each time a little changed."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import highspy
import numpy as np

from allocate.program.arrays import Floats, ProgramArrays
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.search import Clock, Found
from allocate.solvers.watch import Watch
from allocate.tolerances import ANOTHER_OBJECTIVE, WHOLE_NUMBER

OPTIMAL, INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible
LARGE = 200_000
"""Coefficients from which a linear program takes so long that HiGHS's own search, with its cuts, is the quicker one."""
MOST = 400
"""Linear programs solved for one question; where they do not do, a tree without cuts is the wrong means."""
SMALL = 20_000
"""Coefficients up to which so many are; of larger programs it is as many fewer as each takes longer."""


@dataclass(frozen=True, order=True)
class Part:
    """Choices between two corners, and what no plan among them is better than (to be minimised)."""

    bound: float
    number: int
    """When it was made; of two with the same bound the older is searched first."""
    lower: Floats = field(compare=False)
    """Infinite where nothing was branched on: then the bounds of the program searched hold, and only there."""
    upper: Floats = field(compare=False)
    basis: Any = field(compare=False, default=None)
    """From which its linear program is solved."""
    branched: tuple[int, float] | None = field(compare=False, default=None)
    """Choice that was narrowed last, and by how much: above zero upwards."""


@dataclass(eq=False)
class Tree:
    """How one search goes: what is open, what is done with, the best plan so far."""

    open: list[Part]
    closed: list[Part] = field(default_factory=list)
    best: float = np.inf
    plan: Floats | None = None
    bound: float = np.inf
    """No plan among the parts that are done with is better."""
    made: int = 0
    solved: int = 0


class Branching:
    """An integer program's linear relaxation on a live HiGHS, and its choices in the parts that proved its best plan.

    A program of the same columns and rows with other numbers is searched from those parts, each from the basis it ended
    with: the parts hold every choice there is, whatever the numbers are. Answers do not depend on what was asked before.
    """

    def __init__(self, watch: Watch, arrays: ProgramArrays) -> None:
        self.watch = watch
        self.engine = Engine(watch, {"presolve": "off"}, brief=True)
        self._most = most(arrays)
        self._ids = np.flatnonzero(arrays.integer).astype(np.int32)
        count = len(self._ids)
        self._parts: tuple[Part, ...] = (Part(-np.inf, 0, np.full(count, -np.inf), np.full(count, np.inf)),)
        # Mean loss of the objective per unit a choice is narrowed by, downwards and upwards, and how often that was seen.
        self._losses = np.zeros((2, count))
        self._seen = np.zeros((2, count))

    def base(self, arrays: ProgramArrays, clock: Clock, plan: Floats | None = None) -> Found | None:
        """How the program itself ends; later searches start from the parts this one leaves. None as of ``search``.

        plan: one that is known, which is the answer where none is better.
        """
        tree = self._tree()
        if plan is not None:
            known = plan.copy()
            known[self._ids] = np.round(known[self._ids])
            if is_feasible(arrays, known):
                tree.best, tree.plan = (-1.0 if arrays.maximise else 1.0) * arrays.objective(known), known
        found: Found | None = self.watch.run(partial(self._searched, arrays, clock, tree))
        if found is not None and found.status is Status.OPTIMAL:
            self._parts = tuple(tree.closed)
        return found

    def search(self, arrays: ProgramArrays, clock: Clock) -> Found | None:
        """How a program of the same columns and rows ends; None where so small a tree does not tell."""
        losses, seen = self._losses.copy(), self._seen.copy()
        found: Found | None = self.watch.run(partial(self._searched, arrays, clock, self._tree()))
        self._losses, self._seen = losses, seen
        return found

    def _tree(self) -> Tree:
        """The parts known. They carry no bounds of the program they come from, which another program may have elsewhere."""
        parts = [Part(-np.inf, one.number, one.lower, one.upper, one.basis) for one in self._parts]
        return Tree(parts, made=len(parts))

    def _searched(self, arrays: ProgramArrays, clock: Clock, tree: Tree) -> Found | None:
        """The search itself: the part with the best bound first, and from there down to a plan."""
        self.engine.load(arrays.relaxed())
        heapq.heapify(tree.open)
        following: Part | None = None
        while tree.open or following is not None:
            part = following or heapq.heappop(tree.open)
            if self.watch.stopped or clock.left == 0.0 or not self.watch.work.left:
                return self._stopped(arrays, tree, part, clock)
            if tree.solved >= self._most:
                return None
            narrowed = self._split(arrays, tree, part)
            if narrowed is None:
                return None
            # Down to a plan only when every part that was there has shown what it could be worth.
            down = 0 if tree.open and tree.open[0].bound == -np.inf else 1
            following = narrowed[0] if down and narrowed else None
            for one in narrowed[down:]:
                heapq.heappush(tree.open, one)
        return self._ended(arrays, tree)

    def _split(self, arrays: ProgramArrays, tree: Tree, part: Part) -> tuple[Part, ...] | None:
        """Two parts of a part, the likelier first; none where it is done with, None where HiGHS cannot tell."""
        if self._no_better(tree, part.bound):
            self._close(tree, part, part.bound)
            return ()
        value, values = self._relaxed(arrays, tree, part)
        if values is None:
            if value is None:
                return None
            self._close(tree, part, np.inf)
            return ()
        assert value is not None
        self._learn(part, value)
        part = Part(value, part.number, part.lower, part.upper, self.engine.highs.getBasis(), part.branched)
        if self._no_better(tree, value):
            self._close(tree, part, value)
            return ()
        at = values[self._ids]
        off = np.abs(at - np.round(at))
        if (off <= WHOLE_NUMBER).all():
            self._close(tree, part, value)
            return () if self._noted(arrays, tree, np.round(at), value) else None
        return self._halves(tree, part, at, off)

    def _relaxed(self, arrays: ProgramArrays, tree: Tree, part: Part) -> tuple[float | None, Floats | None]:
        """Value (to be minimised) and point of a part's linear program; infinite without one, None where HiGHS cannot tell."""
        highs = self.engine.highs
        lower = np.maximum(part.lower, arrays.lower[self._ids])
        upper = np.minimum(part.upper, arrays.upper[self._ids])
        if (lower > upper).any():
            return np.inf, None
        self.engine.set_column_bounds(self._ids, lower, upper)
        if part.basis is not None:
            highs.setBasis(part.basis)
        tree.solved += 1
        highs.run()
        self.engine.count()
        status = highs.getModelStatus()
        if status not in (OPTIMAL, INFEASIBLE):
            # A basis from far away can lead the simplex method astray; from the beginning it finds its way.
            self.engine.forget()
            highs.run()
            self.engine.count()
            status = highs.getModelStatus()
        if status == INFEASIBLE:
            return np.inf, None
        if status != OPTIMAL:
            return None, None
        values = np.array(highs.getSolution().col_value)
        return (-1.0 if arrays.maximise else 1.0) * arrays.objective(values), values

    def _halves(self, tree: Tree, part: Part, at: Floats, off: Floats) -> tuple[Part, ...]:
        """The choices below and above the fraction that is likely to lose most both ways."""
        below = np.floor(at + WHOLE_NUMBER)
        down, up = at - below, 1.0 - (at - below)
        expected = np.where(self._seen > 0, self._losses / np.maximum(self._seen, 1.0), 1.0)
        score = np.maximum(expected[0] * down, WHOLE_NUMBER) * np.maximum(expected[1] * up, WHOLE_NUMBER)
        one = int(np.argmax(np.where(off > WHOLE_NUMBER, score, -1.0)))
        lower, upper = part.lower.copy(), part.upper.copy()
        upper[one], lower[one] = below[one], below[one] + 1.0
        halves = [
            Part(part.bound, tree.made, part.lower, upper, part.basis, (one, -float(down[one]))),
            Part(part.bound, tree.made + 1, lower, part.upper, part.basis, (one, float(up[one]))),
        ]
        tree.made += 2
        return tuple(halves if down[one] < 0.5 else halves[::-1])

    def _learn(self, part: Part, value: float) -> None:
        """Note what narrowing a choice lost."""
        if part.branched is not None and np.isfinite(part.bound):
            one, moved = part.branched
            side = int(moved > 0)
            self._losses[side, one] += max(0.0, value - part.bound) / abs(moved)
            self._seen[side, one] += 1.0

    def _noted(self, arrays: ProgramArrays, tree: Tree, whole: Floats, value: float) -> bool:
        """Note a plan as the best so far; whether it keeps every row with its choices exactly whole."""
        self.engine.set_column_bounds(self._ids, whole, whole)
        self.engine.highs.run()
        self.engine.count()
        if self.engine.highs.getModelStatus() != OPTIMAL:
            return False
        values = np.array(self.engine.highs.getSolution().col_value) + 0.0
        values[self._ids] = whole
        reached = (-1.0 if arrays.maximise else 1.0) * arrays.objective(values)
        if not is_feasible(arrays, values) or reached > value + ANOTHER_OBJECTIVE * max(1.0, abs(value)):
            return False
        tree.best, tree.plan = reached, values
        return True

    def _no_better(self, tree: Tree, value: float) -> bool:
        return (
            value >= tree.best - ANOTHER_OBJECTIVE * max(1.0, abs(tree.best))
            if np.isfinite(tree.best)
            else value == np.inf
        )

    def _close(self, tree: Tree, part: Part, bound: float) -> None:
        tree.closed.append(part)
        tree.bound = min(tree.bound, bound)

    def _ended(self, arrays: ProgramArrays, tree: Tree) -> Found | None:
        """How a search that came to its end ended, with the duals of the linear program its whole numbers leave."""
        if tree.plan is None:
            return Found(Status.INFEASIBLE, message="no plan keeps all rows")
        ids, sign = self._ids, -1.0 if arrays.maximise else 1.0
        self.engine.set_column_bounds(ids, tree.plan[ids], tree.plan[ids])
        run = self.engine.run_here()
        if run.status != OPTIMAL or run.row_duals is None:
            return None
        return Found(
            Status.OPTIMAL, None, sign * tree.best, sign * min(tree.bound, tree.best), tree.plan, run.row_duals,
            run.reduced_costs,
        )  # fmt: skip

    def _stopped(self, arrays: ProgramArrays, tree: Tree, part: Part, clock: Clock) -> Found:
        """How a search ended that was not let come to its end."""
        limit, words = Limit.ITERATIONS, "the work allowed was done"
        if self.watch.stopped or clock.left == 0.0:
            limit = Limit.INTERRUPT if self.watch.stopped else Limit.TIME
            words = "interrupted" if self.watch.stopped else "the time limit was reached"
        sign = -1.0 if arrays.maximise else 1.0
        bound = min([tree.bound, part.bound, *(one.bound for one in tree.open)])
        told = sign * bound if np.isfinite(bound) else None
        if tree.plan is None:
            return Found(Status.STOPPED, limit, bound=told, message=words)
        return Found(Status.FEASIBLE, limit, sign * tree.best, told, tree.plan, message=words)


def most(arrays: ProgramArrays) -> int:
    """Linear programs solved for one question about an integer program."""
    return int(MOST * min(1.0, SMALL / max(arrays.nonzeros, 1)))


def suits(arrays: ProgramArrays) -> bool:
    """Whether an integer program is small enough."""
    return bool(arrays.integer.any()) and arrays.nonzeros <= LARGE
