"""A tree over the whole numbers of one block, grown until its leaves prove what is wanted."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from allocate.certificate.branched import STUMP, Branching, Change, Tree
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.solvers.decomposition.oracle import Node, Oracle, branches
from allocate.solvers.decomposition.reach import weak_bound
from allocate.tolerances import BLOCK_BEST

ROUGHLY = 0.3
"""How exactly the best of a block is sought as a target, as a share of the room its tree is given."""
STALLED, FIRST = 4, 200
"""A tree that has grown to so many times its size without a lower bound is left; it may have so many nodes first."""
DIGITS = 10
"""Significant digits of a leaf's duals: any numbers prove something, these nearly as much as all digits."""


@dataclass(eq=False)
class _Twig:
    """A node of a tree that grows: the duals that prove most there, and where it was branched on."""

    node: Node
    duals: Floats
    bound: float
    at: int = -1
    """Whole number branched on, by its position among them; -1 at a leaf."""
    children: tuple[int, ...] = ()


class Growing:
    """A tree over the whole numbers of one block, at given gains by kind."""

    def __init__(self, oracle: Oracle, gains: Floats) -> None:
        self.oracle, self.gains = oracle, gains
        self.number = oracle.block.columns[np.unique(oracle.block.kind, return_index=True)[1]][oracle.ids]
        """Of each whole number, in the program."""
        self.twigs: list[_Twig] = []
        self._written = 0

    @property
    def common(self) -> Floats:
        """Duals of the block's rows where a leaf says nothing else."""
        return self.twigs[0].duals

    @property
    def bound(self) -> float:
        """What no plan of the block gains more than."""
        return max(one.bound for one in self.twigs if not one.children)

    def written(self) -> int:
        """Duals there are to write down: those of leaves that differ from the common ones."""
        return self._written

    def grow(self, room: float, target: float | None, over: Callable[[], bool]) -> None:
        """Branch where the bound is greatest until no leaf's is above a target by more than room, or it is over.

        target: None for the best of the block at these gains.
        """
        oracle = self.oracle
        oracle.ask(self.gains)
        root = oracle.node(self.gains, *oracle.reach, math.inf)
        known = root.duals if root.duals is not None and root.point is not None else np.zeros(len(oracle.block.rows))
        self.twigs.append(_Twig(root, known, root.bound))
        if target is None and not over():
            exact = max(BLOCK_BEST, ROUGHLY * room / max(1.0, abs(root.bound)))
            target = oracle.best(self.gains, exact, start=oracle.known(self.gains)).bound
        open_, least, since = [(-root.bound, 0)], math.inf, 1
        while open_ and target is not None and not over():
            bound, number = heapq.heappop(open_)
            if -bound <= target + room or len(self.twigs) > STALLED * max(since, FIRST):
                return
            if -bound < least:
                least, since = -bound, len(self.twigs)
            open_.extend(self._branched(number, target + room))
            heapq.heapify(open_)

    def _branched(self, number: int, target: float) -> list[tuple[float, int]]:
        """Branch on the whole number that is farthest from one; the new twigs by their bounds, none where all are whole."""
        twig, ids = self.twigs[number], self.oracle.ids
        if twig.node.point is None:
            return []
        point = twig.node.point[ids]
        off = np.abs(point - np.round(point))
        if off.max(initial=0.0) <= 0.0:
            return []
        twig.at = int(np.argmax(off))
        first = len(self.twigs)
        for lower, upper in branches(twig.node.lower, twig.node.upper, twig.at, point):
            node = self.oracle.node(self.gains, lower, upper, twig.bound)
            self.twigs.append(self._twig(node, twig, target))
        twig.children = (first, first + 1)
        self._written += sum(self._differing(one).sum() for one in self.twigs[first:]) - self._differing(twig).sum()
        return [(-self.twigs[child].bound, child) for child in twig.children]

    def _twig(self, node: Node, parent: _Twig, target: float) -> _Twig:
        """A node with the duals that prove most of it: its own, its parent's, or these driven along a ray."""
        low, high = self.oracle.box(node.lower, node.upper)
        program, found = self.oracle.block.program, _Twig(node, parent.duals, parent.bound)
        found.bound = min(parent.bound, weak_bound(program, self.gains, parent.duals, low, high)[0])
        if node.duals is None:
            return found
        duals = node.duals
        if node.point is None and node.bound == -math.inf:
            none = weak_bound(program, np.zeros_like(self.gains), duals, low, high)[0]
            duals = parent.duals + (1.01 * max(0.0, found.bound - target) / -none) * duals
        bound = weak_bound(program, self.gains, duals, low, high)[0]
        return _Twig(node, duals, bound) if bound < found.bound else found

    def _differing(self, twig: _Twig) -> Booleans:
        return differing(twig.duals, self.common)

    def tree(self, sign: float) -> Tree:
        """The tree as it is written down, in the sense of a program by its sign."""
        if len(self.twigs) == 1:
            return STUMP
        branchings, leaves, waiting = list[Branching | None](), list[Change](), [0]
        while waiting:
            twig = self.twigs[waiting.pop()]
            if not twig.children:
                branchings.append(None)
                leaves.append(self._change(twig, sign))
                continue
            below = self.twigs[twig.children[0]].node.upper[twig.at]
            branchings.append((int(self.number[twig.at]), int(below)))
            waiting += twig.children[::-1]
        return Tree(tuple(branchings), tuple(leaves))

    def _change(self, twig: _Twig, sign: float) -> Change:
        return change(self.oracle.block.rows, twig.duals, self.common, sign)


def differing(duals: Floats, common: Floats) -> Booleans:
    """Which duals are not the common ones."""
    found: Booleans = np.abs(duals - common) > 1e-12 * np.abs(common)
    return found


def change(rows: Integers, duals: Floats, common: Floats, sign: float) -> Change:
    """Duals of rows that are not the common ones, as they are written down, in the sense of a program by its sign."""
    which = differing(duals, common)
    values = tuple(float(f"{sign * one:.{DIGITS}g}") + 0.0 for one in duals[which].tolist())
    return Change(tuple(rows[which].tolist()), values)
