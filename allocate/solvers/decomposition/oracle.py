"""The best of one block at given prices: branch and bound over small linear programs, each bounded by arithmetic."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np

from allocate.program.arrays import Floats, ProgramArrays
from allocate.solvers.decomposition.blocks import Block
from allocate.solvers.decomposition.reach import weak_bound
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import is_feasible
from allocate.solvers.watch import Watch
from allocate.tolerances import BLOCK_BEST, NODE_EMPTY, NODE_WHOLE

OPTIMAL, INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible
NODES = 500
"""Most linear programs per question; what is left open then still counts in the bound."""
MOST_STEPS = 1e15
"""Whole numbers have fewer steps."""
KNOWN = 40
"""Plans of earlier questions that are tried first."""


@dataclass(frozen=True, eq=False)
class Best:
    """What a block gains at most at given prices, and a plan of it that comes near."""

    bound: float
    """No plan of the block gains more; minus infinity where it has none. Proven by weak duality, not by a solver."""
    values: Floats | None
    """By kind, shape (kinds,); None where no plan was found."""


@dataclass(frozen=True, eq=False)
class Node:
    """A linear program with whole numbers between bounds, solved."""

    bound: float
    lower: Floats
    upper: Floats
    point: Floats | None
    proof: float = np.inf
    """Bound by this node's own duals."""
    rest: Floats | float = 0.0
    """What each whole number still gains or loses after paying for the rows."""
    duals: Floats | None = None
    """Of the rows; where there is no point, a direction in which they prove it. None without."""

    def within(self, least: float) -> tuple[Floats, Floats]:
        """Bounds of the whole numbers outside of which nothing gains more than ``least``."""
        room, each = self.proof - least, np.abs(self.rest)
        # What gains next to nothing is bounded by nothing: a step of it would be beyond every whole number there is.
        bounded = each * MOST_STEPS > room
        steps = np.floor(np.divide(room, each, out=np.full(self.lower.shape, np.inf), where=bounded) + 1e-6)
        upper = np.where(self.rest < 0, np.minimum(self.upper, self.lower + steps), self.upper)
        lower = np.where(self.rest > 0, np.maximum(self.lower, self.upper - steps), self.lower)
        return lower, upper


class Oracle:
    """A block, maximised again and again at changing prices on one HiGHS, which is kept to save its making.

    HiGHS proposes points and duals; a bound is what weak duality makes of the duals, so it stands if HiGHS errs.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self.ids = block.integer
        self._known: list[Floats] = []

    def best(
        self,
        gains: Floats,
        exact: float = BLOCK_BEST,
        fixed: tuple[int, float] | None = None,
        start: Floats | None = None,
    ) -> Best:
        """Maximise gains by kind, shape (kinds,), to a tolerance relative to what there is to gain.

        fixed: a whole number by its position among them, and the value it is held at. start: a plan to better.
        """
        self.ask(gains)
        lower, upper = self._bounds(fixed)
        values = start
        value = -np.inf if values is None else float(gains @ values)
        root = self.node(gains, lower, upper, np.inf)
        tolerance = exact * max(1.0, abs(root.bound)) if np.isfinite(root.bound) else 0.0
        open_, number, closed = [(-root.bound, 0, root)], 1, -np.inf
        while open_:
            node = heapq.heappop(open_)[2]
            if node.bound <= value + tolerance or number >= NODES or node.point is None:
                closed = max(closed, node.bound)
                continue
            off = np.abs(node.point[self.ids] - np.round(node.point[self.ids]))
            if off.max(initial=0.0) <= NODE_WHOLE:
                closed = max(closed, node.bound)
                plan = self._whole(node.point)
                if plan is not None and float(gains @ plan) > value:
                    value, values = float(gains @ plan), plan
                continue
            # What lies outside of these bounds gains no more than the best plan and the tolerance.
            closed = max(closed, value + tolerance)
            narrowed = node.within(value + tolerance)
            for lower, upper in branches(*narrowed, int(np.argmax(off)), node.point[self.ids]):
                child = self.node(gains, lower, upper, node.bound)
                heapq.heappush(open_, (-child.bound, number, child))
                number += 1
        return Best(min(closed, root.bound), values)

    @cached_property
    def engine(self) -> Engine:
        """HiGHS for the block; made when it is first asked, for a worker may be asked instead."""
        return Engine(Watch(), {"presolve": "off"}, brief=True)

    @cached_property
    def _relaxed(self) -> ProgramArrays:
        return self.block.program.relaxed()

    def ask(self, gains: Floats) -> None:
        """Turn to a question, with nothing left of earlier ones: an answer depends on its question alone, to the last digit.

        The block is handed over again, because HiGHS keeps the scales it chose for earlier gains through `forget`.
        """
        self.engine.load(self._relaxed)
        self.engine.set_costs(gains, True)

    @property
    def reach(self) -> tuple[Floats, Floats]:
        """Bounds of the whole numbers."""
        return np.ceil(self.block.lower[self.ids] - NODE_WHOLE), np.floor(self.block.upper[self.ids] + NODE_WHOLE)

    def box(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Bounds of all kinds with whole numbers between bounds."""
        low, high = self.block.lower.copy(), self.block.upper.copy()
        low[self.ids], high[self.ids] = lower, upper
        return low, high

    def _bounds(self, fixed: tuple[int, float] | None) -> tuple[Floats, Floats]:
        lower, upper = self.reach
        if fixed is not None:
            lower[fixed[0]] = upper[fixed[0]] = fixed[1]
        return lower, upper

    def known(self, gains: Floats, fixed: tuple[int, float] | None = None) -> Floats | None:
        """The best plan learnt at some gains, with a whole number held where asked; None where none fits."""
        lower, upper = self._bounds(fixed)
        fits = [
            one for one in self._known if (one[self.ids] >= lower - 0.5).all() and (one[self.ids] <= upper + 0.5).all()
        ]
        return max(fits, key=lambda one: float(gains @ one), default=None)

    def learn(self, found: Sequence[Best]) -> None:
        """Remember the plans of answers; those used last are kept longest."""
        for values in (one.values for one in found if one.values is not None):
            rest = (one for one in self._known if not np.array_equal(one, values))
            self._known = [values, *rest][:KNOWN]

    def node(self, gains: Floats, lower: Floats, upper: Floats, above: float) -> Node:
        """Bound and best point of the linear program with whole numbers between bounds."""
        if (lower > upper).any():
            return Node(-np.inf, lower, upper, None)
        highs = self.engine.highs
        if len(self.ids):
            highs.changeColsBounds(len(self.ids), self.ids, lower, upper)
        highs.run()
        if highs.getModelStatus() not in (OPTIMAL, INFEASIBLE):
            self.engine.forget()
            highs.run()
        low, high = self.box(lower, upper)
        program, status, solution = self.block.program, highs.getModelStatus(), highs.getSolution()
        if status == INFEASIBLE:
            ray = self._ray(low, high)
            return Node(above if ray is None else -np.inf, lower, upper, None, duals=ray)
        duals = np.array(solution.row_dual) if solution.dual_valid else np.zeros(program.row_count)
        bound, rest = weak_bound(program, gains, duals, low, high)
        point = np.array(solution.col_value) if status == OPTIMAL and solution.value_valid else None
        return Node(min(above, bound), lower, upper, point, bound, rest[self.ids], duals)

    def _ray(self, lower: Floats, upper: Floats) -> Floats | None:
        """A ray of the duals that shows by arithmetic that there is no point; None where HiGHS gives none.

        What is short by no more than HiGHS lets a plan pass its rows is no proof: such a plan may be at hand.
        """
        _, found, ray = self.engine.highs.getDualRay()
        if found:
            direction, nothing, program = np.array(ray), np.zeros(len(lower)), self.block.program
            sides = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (program.row_lower, program.row_upper)]
            least = NODE_EMPTY * float(np.abs(direction) @ np.maximum(1.0, np.maximum(*sides)))
            for prices in (direction, -direction):
                if weak_bound(program, nothing, prices, lower, upper)[0] < -least:
                    return prices
        return None

    def _whole(self, point: Floats) -> Floats | None:
        """The point with whole numbers made whole and dust taken away, None where that breaks a row."""
        plan = np.where(np.abs(point) <= 1e-9, 0.0, point)
        plan[self.ids] = np.round(plan[self.ids])
        return plan if is_feasible(self.block.program, plan) else None


def branches(
    lower: Floats, upper: Floats, at: int, whole: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Bounds of the whole numbers below and above the value of one of them."""
    below, above = upper.copy(), lower.copy()
    below[at] = min(upper[at], np.floor(whole[at]))
    above[at] = max(lower[at], np.floor(whole[at]) + 1.0)
    return (lower, below), (above, upper)
