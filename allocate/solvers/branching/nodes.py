"""Linear programs between bounds of the whole numbers, on one live simplex that goes on from where the parent ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.solvers.engine import Engine
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch
from allocate.tolerances import WHOLE_NUMBER

OPTIMAL, INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible
UNLIMITED = 2**31 - 1
"""HiGHS's own number of steps after which it stops."""
LOST, LEAST_STEPS = 0.1, 500
"""Steps between two nodes after which a new beginning is quicker, as a share of those of the whole program, and at least."""
AFAR = 0.5
"""The same share where a node is looked at until there is an answer: a new beginning costs as much as the whole program."""
ROUGH = {"primal_feasibility_tolerance": 1e-7, "dual_feasibility_tolerance": 1e-7}
"""What HiGHS keeps rows and prices to where points are only a guide: closer, it is often lost in programs with many steps."""
ONCE_MORE = 10
"""So many times these steps a new beginning may take where an answer is not worth more."""

ONLY_ONCE = 4
"""So many times these steps a node may take that is not begun again."""


@dataclass(eq=False)
class Node:
    """Some of the whole numbers there could be, shape (I,), and what its linear program says; maximised."""

    lower: Floats
    upper: Floats
    bound: float
    """No plan among them is better; minus infinity where there is none."""
    at: Floats | None = None
    """The whole numbers in the linear program's optimum; None where it has none."""
    duals: Floats | None = None
    """Of all rows; where there is no optimum, a direction in which they prove it. None where HiGHS said nothing."""
    basis: Any = field(default=None, repr=False)
    branched: int = -1
    """Position of the whole number branched on; -1 at a leaf."""
    children: tuple[Node, ...] = ()
    order: int = -1
    """How many nodes were branched before it; -1 at a leaf."""
    earlier: bool = False
    """Whether what it says was found with more room in the program's rows: its bound holds, its point may not."""

    @property
    def off(self) -> Floats:
        """How far each whole number is from one."""
        assert self.at is not None
        return np.abs(self.at - np.round(self.at))

    @property
    def open(self) -> Booleans:
        """Which whole numbers are none yet."""
        found: Booleans = self.off > WHOLE_NUMBER
        return found


class Relaxation:
    """The linear relaxation of a program, maximised, asked with whole numbers between changing bounds."""

    def __init__(
        self, arrays: ProgramArrays, watch: Watch, clock: Clock, brief: bool = False, rough: bool = False
    ) -> None:
        """brief: whether a node on which the simplex method is lost twice is left at that: its bound is that of its parent.

        rough: whether points are only a guide; a node on which it is lost once is left then.
        """
        self.arrays, self.watch, self.clock, self.brief, self.rough = arrays, watch, clock, brief, rough
        self.ids = np.flatnonzero(arrays.integer).astype(np.int32)
        self.lower = np.ceil(arrays.lower[self.ids] - WHOLE_NUMBER)
        self.upper = np.floor(arrays.upper[self.ids] + WHOLE_NUMBER)
        self.engine = Engine(watch, ROUGH if rough else None)
        self.engine.load(arrays.relaxed())
        self.solved = self.missed = 0
        """Nodes that were solved, and those of them that have no point."""
        self.most = LEAST_STEPS
        """Steps of the simplex method after which it is lost."""
        self.afar = LEAST_STEPS
        """The same where a node is looked at until there is an answer."""

    def turn_to(self, arrays: ProgramArrays, watch: Watch, clock: Clock) -> Floats:
        """Go on with the same program with other upper sides of rows; how much more room each row has, shape (m,)."""
        rows = np.flatnonzero(arrays.row_upper != self.arrays.row_upper).astype(np.int32)
        room = np.zeros(arrays.row_count)
        room[rows] = arrays.row_upper[rows] - self.arrays.row_upper[rows]
        self.engine.set_row_bounds(rows, arrays.row_lower[rows], arrays.row_upper[rows])
        self.arrays, self.watch, self.clock, self.engine.watch = arrays, watch, clock, watch
        return room

    def again(self, node: Node, basis: Any = None) -> None:
        """Solve a node's linear program again, for the sides rows have now."""
        found = self.node(node.lower, node.upper, node.bound, basis or node.basis, proven=True)
        node.bound, node.at, node.duals, node.basis, node.earlier = (
            found.bound,
            found.at,
            found.duals,
            found.basis,
            False,
        )

    def root(self) -> Node:
        """The whole relaxation."""
        self._set(self.lower, self.upper)
        self.engine.run(self.clock.left)
        self.engine.option("presolve", "off")
        node = Node(self.lower, self.upper, np.inf)
        if self.engine.highs.getModelStatus() != OPTIMAL:
            # A ray there is only without presolving.
            self.engine.run(self.clock.left)
        steps = self.engine.highs.getInfo().simplex_iteration_count
        self.most, self.afar = (max(LEAST_STEPS, int(share * steps)) for share in (LOST, AFAR))
        return self._read(node)

    def node(self, lower: Floats, upper: Floats, above: float, basis: Any = None, proven: bool = False) -> Node:
        """The linear program between bounds.

        above: what is known not to be passed. basis: absent, the last one's. proven: whether a node without a point is
        wanted with the direction that shows it.
        """
        if (lower > upper).any():
            return Node(lower, upper, -np.inf)
        self._set(lower, upper)
        highs = self.engine.highs
        if basis is not None:
            highs.setBasis(basis)
        most = ONLY_ONCE * self.most if self.rough else self.most if self.brief else self.afar
        self.engine.option("simplex_iteration_limit", most)
        self.engine.run(self.clock.left)
        self.engine.option("simplex_iteration_limit", UNLIMITED)
        node, status = Node(lower, upper, above), highs.getModelStatus()
        if status in (OPTIMAL, INFEASIBLE) or self.over or self.rough:
            return self._read(node)
        # A basis from far away can lead the simplex method astray; made smaller first, the program shows at once where it has
        # no point, and is soon solved from the beginning where it has one.
        self.engine.forget()
        self.engine.option("presolve", "on")
        once = ONCE_MORE * self.most if self.brief else UNLIMITED if proven else 2 * self.afar
        self.engine.option("simplex_iteration_limit", once)
        self.engine.run(self.clock.left)
        self.engine.option("presolve", "off")
        self.engine.option("simplex_iteration_limit", UNLIMITED)
        if highs.getModelStatus() != OPTIMAL and proven and not self.over:
            self.engine.forget()
            self.engine.run(self.clock.left)
        return self._read(node)

    @property
    def over(self) -> bool:
        """Whether the time is over, or the search is not wanted any more."""
        return self.watch.stopped or self.clock.left == 0.0

    def _set(self, lower: Floats, upper: Floats) -> None:
        self.engine.set_column_bounds(self.ids, lower, upper)

    def _read(self, node: Node) -> Node:
        """What HiGHS says of a node; where it says nothing, the node keeps what is known of it."""
        highs, self.solved = self.engine.highs, self.solved + 1
        status, solution = highs.getModelStatus(), highs.getSolution()
        if status == INFEASIBLE:
            _, there, ray = highs.getDualRay()
            node.bound, node.duals = -np.inf, np.array(ray) if there else None
        elif status == OPTIMAL and solution.value_valid:
            node.bound = min(node.bound, highs.getInfo().objective_function_value)
            node.at = np.array(solution.col_value)[self.ids]
            node.duals = np.array(solution.row_dual) if solution.dual_valid else None
            node.basis = highs.getBasis()
        self.missed += node.at is None
        return node

    def values(self) -> Floats:
        """The point HiGHS ended with."""
        return np.array(self.engine.highs.getSolution().col_value) + 0.0
