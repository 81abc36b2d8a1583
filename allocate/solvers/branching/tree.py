"""Branch and bound: the part with the greatest bound first, and a plan sought wherever choices of a higher level are made."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numpy as np

from allocate.program.arrays import Floats, Integers
from allocate.solvers.branching.nodes import Node, Relaxation
from allocate.solvers.branching.plans import Planner
from allocate.tolerances import WHOLE_NUMBER

EVERY, SELDOM = 25, 100
"""Nodes between one search for a plan and the next, after the first; and where choices of the first level are open."""
STUCK, CLOSER = 400, 0.95
"""Nodes over which bound and plan must come closer, to this part of how far apart they were."""
SHARE = 0.1
"""Part of a time limit that changes of one plan may take."""
UNSEEN = 0.25
"""What a branching of a kind never seen is taken to lose, as a share of the gap."""


class Tree:
    """A search: nodes from the whole program down, those open by their bounds, the best plan.

    first: level of each whole number, shape (I,); lower levels are branched on first. kind: of each, shape (I,): what was
    seen of others of its kind is what is expected of one that was never branched on. amounts: as of `Planner`.
    """

    def __init__(
        self,
        relaxation: Relaxation,
        first: Integers,
        kind: Integers,
        amounts: Integers,
        gap: float,
        tell: Callable[[Tree], None] = lambda _: None,
    ) -> None:
        self.relaxation, self.gap, self._tell = relaxation, gap, tell
        self.planner = Planner(relaxation, first, amounts, kind)
        self.first, self.kind = first, kind
        count = len(first)
        # Loss of the bound per unit a whole number moves, downwards and upwards, and how often that was seen.
        self._losses, self._seen = np.zeros((2, count)), np.zeros((2, count))
        self.root = Node(relaxation.lower, relaxation.upper, np.inf)
        self._basis: Any = None
        """Where the simplex method ended at the root."""
        self._open: list[tuple[float, int, Node]] = []
        self._now = np.inf
        self._closed = -np.inf
        self._settled = self._looked = False
        self._apart, self._closer = np.inf, 0
        self._number = self._pushed = self._branched = self._dived = 0

    @property
    def bound(self) -> float:
        """No plan is better."""
        open_ = -self._open[0][0] if self._open else -np.inf
        return max(self._now, self._closed, open_, self.planner.objective)

    @property
    def near(self) -> bool:
        """Whether the best plan is near enough to the bound."""
        best = self.planner.objective
        return np.isfinite(best) and self.bound - best <= self.gap * abs(best)

    def grow(self, most: int) -> None:
        """Branch until the plan is near enough, so many nodes are there, nothing is open, it is stuck, or the time is over."""
        relaxation = self.relaxation
        if not self._pushed:
            self.root = relaxation.root()
            self._basis = self.root.basis
            self._push(self.root)
        self._now = -np.inf
        while self._open and not self.near and self._number < most and not relaxation.over and not self._stuck():
            node = heapq.heappop(self._open)[2]
            self._now = node.bound
            self._tell(self)
            if node.earlier:
                relaxation.again(node)
                self._push(node)
                self._now = -np.inf
                continue
            self._look_for_plan(node)
            if self._enough(node.bound) or relaxation.over:
                self._closed = max(self._closed, node.bound)
            else:
                self._branch(node)
            self._now = -np.inf
        self._tell(self)

    def go_on(self, before: Tree, room: Floats) -> None:
        """Begin with what another search of the same program branched on, whose rows have as much more room, shape (m,), now: less.

        The bound of a leaf moves with the rows its duals pay for, so most leaves need no look. Of the plan the whole numbers are tried,
        and where they are not near enough those next to what the relaxation says.
        """
        root, relaxation = before.root, self.relaxation
        self.root, self._basis, self._losses, self._seen = root, before._basis, before._losses, before._seen
        self._branched, leaves, waiting = before._branched, list[Node](), [root]
        while waiting:
            node = waiting.pop()
            waiting += node.children
            if not node.children:
                leaves.append(node)
        relaxation.again(root, self._basis)
        self._basis = root.basis
        for leaf in leaves:
            if leaf.at is not None and leaf.duals is not None and leaf is not root:
                leaf.bound += min(0.0, float(leaf.duals @ room))
            leaf.bound = min(leaf.bound, root.bound)
            if leaf.bound == -np.inf:
                continue
            leaf.earlier = leaf is not root
            self._pushed += 1
            heapq.heappush(self._open, (-leaf.bound, self._pushed, leaf))
        best = before.planner.best
        if best is not None and root.at is not None:
            self.planner.offer(np.round(best.values[relaxation.ids]))
        if root.at is not None and not self._enough(root.bound):
            self.planner.offer(self.planner.nearest(root.at))

    def _stuck(self) -> bool:
        """Whether bound and plan have come no closer over many nodes: another way may do more."""
        apart = self.bound - self.planner.objective
        if apart < CLOSER * self._apart:
            self._apart, self._closer = apart, self._number
        return self._number - self._closer > STUCK

    def _enough(self, bound: float) -> bool:
        best = self.planner.objective
        return np.isfinite(best) and bound <= best + self.gap * abs(best)

    def _push(self, node: Node) -> None:
        """Keep a node open; one whose whole numbers are whole is a plan, and done with."""
        if node.at is None or not node.open.any():
            if node.at is not None and self.planner.offer(np.round(node.at)):
                self.planner.better(SHARE)
            # Where HiGHS found neither a point nor that there is none, what is known of the node stays as its bound.
            self._closed = max(self._closed, node.bound)
            return
        self._pushed += 1
        heapq.heappush(self._open, (-node.bound, self._pushed, node))

    def _look_for_plan(self, node: Node) -> None:
        """Go down from a node where nothing is known, where the choices of the first level are made, and now and then."""
        settled, since = not (node.open & (self.first == 0)).any(), self._number - self._dived
        due = since >= (EVERY if settled else SELDOM) or (settled and not self._settled) or not self._looked
        if self.planner.best is not None and not due:
            return
        self._dived, self._settled, self._looked = self._number, self._settled or settled, True
        found = self.planner.dive(node)
        self._tell(self)
        if found and settled and not self.near:
            self.planner.better(SHARE)

    def _branch(self, node: Node) -> None:
        assert node.at is not None
        at = self._where(node)
        below = np.floor(node.at[at] + WHOLE_NUMBER)
        node.branched, node.order = at, self._branched
        self._branched += 1
        low, high = node.lower.copy(), node.upper.copy()
        high[at], low[at] = below, below + 1.0
        sides = [(node.lower, high), (low, node.upper)]
        children = []
        for side, (lower, upper) in enumerate(sides):
            self._number += 1
            child = self.relaxation.node(lower, upper, node.bound, node.basis, proven=True)
            moved = abs(node.at[at] - (below + side))
            if np.isfinite(child.bound):
                self._losses[side, at] += max(0.0, node.bound - child.bound) / moved
                self._seen[side, at] += 1.0
            children.append(child)
        node.children, node.basis = (children[0], children[1]), None
        for child in children:
            self._push(child)

    def _where(self, node: Node) -> int:
        """The whole number between two that is likely to lose most both ways, of the first level that has one."""
        assert node.at is not None
        open_ = np.flatnonzero(node.open)
        some = open_[self.first[open_] == self.first[open_].min()]
        down = node.at[some] - np.floor(node.at[some])
        expected = self._expected(some)
        least = 1e-6 * max(1.0, abs(node.bound))
        score = np.maximum(expected[0] * down, least) * np.maximum(expected[1] * (1.0 - down), least)
        return int(some[np.argmax(score)])

    def _expected(self, some: Integers) -> Floats:
        """Loss per unit of some whole numbers downwards and upwards, shape (2, n): seen, or that of their kind."""
        found = np.zeros((2, len(some)))
        for side in range(2):
            kinds = np.bincount(self.kind, self._losses[side], minlength=self.kind.max() + 1)
            seen = np.bincount(self.kind, self._seen[side], minlength=self.kind.max() + 1)
            mean = np.divide(kinds, seen, out=np.full(len(kinds), self._unseen), where=seen > 0)
            own = np.maximum(self._seen[side][some], 1.0)
            found[side] = np.where(self._seen[side][some] > 0, self._losses[side][some] / own, mean[self.kind[some]])
        return found

    @property
    def _unseen(self) -> float:
        best = self.planner.objective
        gap = self.root.bound - best if np.isfinite(best) else 0.1 * abs(self.root.bound)
        return UNSEEN * max(gap, 1.0)
