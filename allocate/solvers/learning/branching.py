"""Branch and bound over the work of pairs that learn: the wide program in parts, each closer to the curves."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from allocate.certificate.branched import Change
from allocate.certificate.parted_work import Narrowing, PartedWork, Parting, parted
from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.solvers.outcome import Status
from allocate.solvers.search import Found

BOLD = 0.1
"""A part is cut off no closer to its end than this share of it."""
DIGITS = 10
"""Of duals at leaves with plans: others prove a bound as well, and it is no farther off than this."""
BENT = 1e-9
"""Hours by which a chord lies under its curve that are none."""


@dataclass(eq=False)
class Node:
    """A part of the work there can be, and how its program ends."""

    low: Floats
    high: Floats
    duals: Floats | None = None
    parting: Parting | None = None
    children: tuple[Node, ...] = ()
    bound: float = field(default=0.0)


Solve = Callable[[ProgramArrays], Found]
"""How the program of a node ends: with duals that prove its bound, also where it has no plan."""


class Branching:
    """The tree over one program; wide: how it ends as it stands. solve: ends the program of a node."""

    def __init__(self, arrays: ProgramArrays, learned: Learned, wide: Found, solve: Solve) -> None:
        self.arrays, self.learned, self.solve = arrays, learned, solve
        self.sense = 1.0 if arrays.maximise else -1.0
        self.narrowing = Narrowing(arrays, learned)
        self.root = Node(np.zeros(learned.reach.shape), learned.reach)
        self.open: list[tuple[float, int, Node, Floats]] = []
        self.count = 0
        self.closed = -np.inf
        """Best bound, as one of more is better, of leaves that are not branched on further."""

        assert wide.values is not None
        assert wide.bound is not None
        self.root.duals, self.root.bound = wide.row_duals, self.sense * wide.bound
        self._add(self.root, wide.values)

    @property
    def bound(self) -> float:
        """No plan is better."""
        best = max(self.closed, max((-one[0] for one in self.open), default=-np.inf))
        return self.sense * best

    def step(self, worth: float) -> Floats | None:
        """Part the most promising node; the values of its better side, None where neither has a plan worth more than some objective."""
        _, _, node, values = heapq.heappop(self.open)
        node.parting = self._parting(node, values)
        if node.parting is None:
            self.closed = max(self.closed, node.bound)
            return None
        node.children = tuple(Node(low, high) for low, high in parted(node.low, node.high, node.parting))
        best: tuple[float, Floats | None] = (-np.inf, None)
        for child in node.children:
            found = self.solve(self.narrowing.at(child.low, child.high))
            child.duals, child.bound = found.row_duals, -np.inf
            if found.status is Status.INFEASIBLE:
                continue
            if found.values is None or found.bound is None:
                child.bound, child.duals = node.bound, node.duals  # not known: what held before holds
                self.closed = max(self.closed, child.bound)
                continue
            child.bound = min(self.sense * found.bound, node.bound)
            if child.bound > best[0]:
                best = child.bound, found.values
            if child.bound > self.sense * worth:
                self._add(child, found.values)
            else:
                self.closed = max(self.closed, child.bound)
        return best[1]

    def proof(self) -> PartedWork:
        """The partings and the duals at all leaves."""
        partings, leaves, waiting = list[Parting | None](), list[Change](), [self.root]
        while waiting:
            node = waiting.pop()
            if not node.children:
                partings.append(None)
                leaves.append(_change(node.duals, rounded=node.bound > -np.inf))
                continue
            partings.append(node.parting)
            waiting += reversed(node.children)
        return PartedWork(tuple(partings), tuple(leaves))

    def _add(self, node: Node, values: Floats) -> None:
        heapq.heappush(self.open, (-node.bound, self.count, node, values))
        self.count += 1

    def _parting(self, node: Node, values: Floats) -> Parting | None:
        """Where a curve lies highest above its chord: the pair, the period and the work; None where none does."""
        learned, work = self.learned, np.clip(values[self.learned.work], node.low, node.high)
        below, above, true = (learned.hours_of(one) for one in (node.low, node.high, work))
        wide = node.high - node.low
        part = np.divide(work - node.low, wide, out=np.zeros(wide.shape), where=wide > 0.0)
        bent = true - below - part * (above - below)
        pair, period = np.unravel_index(int(bent.argmax()), bent.shape)
        if bent[pair, period] <= BENT:
            return None
        low, size = float(node.low[pair, period]), float(wide[pair, period])
        # A little towards the middle: where the rest of the program says what work there is, no side is left empty by a hair.
        at = low + (BOLD / 2.0 + (1.0 - BOLD) * min(max(float(part[pair, period]), BOLD), 1.0 - BOLD)) * size
        return int(pair), int(period), float(f"{at:.9g}")


def _change(duals: Floats | None, rounded: bool) -> Change:
    """Duals of all rows that have one; to some digits where rounding changes little."""
    if duals is None:
        return Change((), ())
    rows = np.flatnonzero(duals)
    values = duals[rows].tolist()
    return Change(
        tuple(rows.tolist()), tuple(float(f"{one:.{DIGITS}g}") for one in values) if rounded else tuple(values)
    )
