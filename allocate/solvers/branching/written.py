"""The tree of a search written down as a proof: every leaf with duals that bound it, whoever works them out."""

from __future__ import annotations

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import Branched, Branching, Change, Tree, unbranched
from allocate.program.arrays import Floats
from allocate.program.partition import WHOLE
from allocate.solvers.branching import tree as search
from allocate.solvers.branching.nodes import Node
from allocate.solvers.decomposition.growing import change
from allocate.solvers.decomposition.reach import weak_bound
from allocate.tolerances import LEFT_OUT

NUMBERS = 400_000
"""Most duals written down; where all nodes take more, those branched last are left out."""
BEYOND = 1.01
"""How much farther than needed duals are driven along a direction in which they prove that there is no plan."""


def written(found: search.Tree, sign: float) -> Branched:
    """The proof of the bound of a search, beside the duals of its relaxation, in the sense of a program by its sign."""
    assert found.root.duals is not None
    each = max(1, int(np.count_nonzero(found.root.duals)))
    return unbranched(WHOLE, (_Writer(found, NUMBERS // each, sign).tree(),))


class _Writer:
    """Writes the first so many branchings of a search."""

    def __init__(self, found: search.Tree, most: int, sign: float) -> None:
        self.found, self.most, self.sign = found, most, sign
        self.ids, self.arrays = found.relaxation.ids, found.relaxation.arrays
        self.rows = np.arange(self.arrays.row_count, dtype=np.int32)
        assert found.root.duals is not None
        self.common = found.root.duals
        best = found.planner.objective
        self.limits = boxes(self.arrays, best - LEFT_OUT * max(1.0, abs(best)) if np.isfinite(best) else None)
        """How far columns go in plans that are no worse than the best one."""

    def tree(self) -> Tree:
        """The tree, walked to the low side first."""
        branchings, leaves = list[Branching | None](), list[Change]()
        waiting: list[tuple[Node, Floats]] = [(self.found.root, self.common)]
        while waiting:
            node, above = waiting.pop()
            duals = self._duals(node, above)
            if not node.children or node.order >= self.most:
                branchings.append(None)
                leaves.append(change(self.rows, duals, self.common, self.sign))
                continue
            assert node.at is not None
            below = node.children[0].upper[node.branched]
            branchings.append((int(self.ids[node.branched]), int(below)))
            waiting += [(child, duals) for child in node.children[::-1]]
        return Tree(tuple(branchings), tuple(leaves))

    def _duals(self, node: Node, above: Floats) -> Floats:
        """Duals that bound a node: its own, or those above driven along a direction that shows that there is no plan."""
        if node.duals is None:
            return above
        if node.at is not None:
            return node.duals
        lower, upper = (side.copy() for side in self.limits)
        lower[self.ids], upper[self.ids] = node.lower, node.upper
        nothing, short = np.zeros(len(lower)), self.found.bound - self.arrays.offset
        for ray in (node.duals, -node.duals):
            none = weak_bound(self.arrays, nothing, ray, lower, upper)[0]
            if none < 0.0:
                far = weak_bound(self.arrays, self.arrays.costs, above, lower, upper)[0] - short
                # Duals that bound nothing are no nearer to a proof however far they are driven.
                return above + (BEYOND * max(0.0, far) / -none) * ray if np.isfinite(far) else above
        return above
