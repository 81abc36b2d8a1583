"""Branching on whole numbers of the whole program, each branch with prices of its own: for what prices alone leave open."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.certificate.branched import Branching
from allocate.program.arrays import Floats, Integers
from allocate.solvers.decomposition.blocks import Parts, bounded
from allocate.solvers.decomposition.column_generation import State, search
from allocate.solvers.decomposition.oracle import branches
from allocate.solvers.decomposition.pricing import Pattern, Pricing
from allocate.solvers.watch import Watch
from allocate.tolerances import NODE_WHOLE

ROUNDS = 60
"""Looks at all blocks for the prices of one branch, at most."""


@dataclass(eq=False)
class Branch:
    """Bounds of the whole numbers, shape (integers,) each, and the best prices found for the plans between them."""

    lower: Floats
    upper: Floats
    prices: Floats
    """Of the linking rows."""
    bound: float
    mean: Floats | None = None
    """Whole numbers in the best mixture of patterns, shape (integers,); None where there is none."""
    patterns: tuple[Pattern, ...] = ()
    at: int = -1
    """Whole number branched on, by its position among them; -1 where it is not."""
    children: tuple[Branch, ...] = ()

    @property
    def off(self) -> int:
        """The whole number that is farthest from one in the mixture, -1 where all are whole."""
        if self.mean is None or not len(self.mean):
            return -1
        off = np.abs(self.mean - np.round(self.mean))
        return int(np.argmax(off)) if off.max() > NODE_WHOLE else -1


class Branches:
    """Branches of a cut program, maximised, divided where the bound is greatest."""

    def __init__(self, parts: Parts, limits: tuple[Floats, Floats], watch: Watch) -> None:
        """limits: bounds of all columns, shape (columns,) each, that anybody who checks the branches starts from."""
        self.parts, self.limits, self.watch = parts, limits, watch
        self.ids: Integers = np.flatnonzero(parts.arrays.integer).astype(np.int32)
        self.looks = 0
        """At all blocks, so far."""

    def divide(self, start: Floats, target: float, over: Callable[[], bool]) -> Branch:
        """The root of branches until none's bound is above a target, or it is over."""
        lower, upper = (side[self.ids] for side in self.limits)
        root = self._searched(
            Branch(np.ceil(lower - NODE_WHOLE), np.floor(upper + NODE_WHOLE), start, np.inf), target, over
        )
        open_, number = [(-root.bound, 0, root)], 1
        while open_ and not over():
            branch = heapq.heappop(open_)[2]
            if branch.bound <= target or branch.off < 0:
                break
            assert branch.mean is not None
            branch.at = branch.off
            branch.children = tuple(
                self._searched(Branch(*sides, branch.prices, branch.bound, None, branch.patterns), target, over)
                for sides in branches(branch.lower, branch.upper, branch.at, branch.mean)
            )
            branch.patterns = ()
            for child in branch.children:
                heapq.heappush(open_, (-child.bound, number, child))
                number += 1
        return root

    def parts_of(self, branch: Branch) -> Parts:
        """The program cut into blocks, with whole numbers between a branch's bounds."""
        lower, upper = (side.copy() for side in self.limits)
        lower[self.ids], upper[self.ids] = branch.lower, branch.upper
        return bounded(self.parts, lower, upper)

    def _searched(self, branch: Branch, target: float, over: Callable[[], bool]) -> Branch:
        """The branch with better prices, from those it begins with."""
        pricing = Pricing(self.parts_of(branch))
        known = [one for one in branch.patterns if self._fits(one, branch)]
        last: State | None = None
        for number, last in enumerate(search(pricing, branch.prices, self.watch, known), 1):
            self.looks += 1
            if last.bound <= target or number >= ROUNDS or over():
                break
        if last is None:
            branch.bound, branch.patterns = min(branch.bound, pricing.round(branch.prices).bound), ()
            return branch
        branch.bound, branch.prices, branch.patterns = min(branch.bound, last.bound), last.prices, last.patterns
        branch.mean = self._mean(last)
        return branch

    def _fits(self, pattern: Pattern, branch: Branch) -> bool:
        """Whether a pattern's whole numbers lie between a branch's bounds."""
        mine = self.parts.block[self.ids] == pattern.block
        at = self._amounts([pattern], np.ones(1))[self.ids][mine]
        return bool(((at >= branch.lower[mine] - 0.5) & (at <= branch.upper[mine] + 0.5)).all())

    def _mean(self, state: State) -> Floats:
        amounts = self._amounts(state.patterns, state.mixture.weights)
        amounts[self.parts.free] = state.mixture.free
        return amounts[self.ids]

    def _amounts(self, patterns: Sequence[Pattern], weights: Floats) -> Floats:
        """Columns of a mixture of patterns, shape (columns,)."""
        found = np.zeros(self.parts.arrays.column_count)
        for one, weight in zip(patterns, weights.tolist(), strict=True):
            found[one.columns] += weight * one.values
        return found


def walked(root: Branch, ids: Integers) -> tuple[tuple[Branching | None, ...], list[Branch]]:
    """Branchings in the order of a walk that goes to the low side first, and the branches at their ends."""
    branchings, ends, waiting = list[Branching | None](), list[Branch](), [root]
    while waiting:
        branch = waiting.pop()
        if not branch.children:
            branchings.append(None)
            ends.append(branch)
            continue
        below = branch.children[0].upper[branch.at]
        branchings.append((int(ids[branch.at]), int(below)))
        waiting += branch.children[::-1]
    return tuple(branchings), ends
