"""Bounds of integer programs by branching: trees over whole numbers, every leaf bounded by weak duality alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.certificate.weak_duality import most, reduced_costs, row_terms, sum_above, usable
from allocate.program.arrays import Floats, Integers, ProgramArrays
from allocate.tolerances import BOUND_WHOLE

Branching = tuple[int, int]
"""Number of a whole-number column in the program, and the greatest whole number it takes on the low side."""


@dataclass(frozen=True)
class Change:
    """Duals of some rows in place of the common ones."""

    rows: tuple[int, ...]
    """Numbers in the program."""
    values: tuple[float, ...]


@dataclass(frozen=True)
class Tree:
    """Branchings of one part of a program: whatever the whole numbers of a plan, they lie in one of the leaves."""

    branchings: tuple[Branching | None, ...]
    """In the order of a walk that goes to the low side first; None is a leaf."""
    leaves: tuple[Change, ...]
    """What is different at each leaf, in the order of the walk."""


STUMP = Tree((None,), (Change((), ()),))
"""No branching at all: the bound is that of the relaxation."""


@dataclass(frozen=True)
class Branch:
    """Some of the whole numbers there could be: duals there in place of the common ones, and a tree for each part."""

    duals: Change
    trees: tuple[Tree, ...]
    """Of each part, in their order."""


@dataclass(frozen=True)
class Branched:
    """A proof by branching, part by part, beside duals that are common to all leaves.

    Where the prices of what parts share leave a gap, whole numbers of the whole program are branched on first, and each
    branch has prices of its own.
    """

    by: str
    """What the columns are grouped by: an axis of the program, or `allocate.program.partition.WHOLE`."""
    branches: tuple[Branch, ...]
    branchings: tuple[Branching | None, ...] = (None,)
    """Between branches, in the order of a walk that goes to the low side first; None is a branch."""

    @property
    def leaves(self) -> int:
        """Leaves of all trees."""
        return sum(len(one.leaves) for branch in self.branches for one in branch.trees)

    @property
    def nodes(self) -> int:
        """Branchings and their ends, of branches and of all trees."""
        return len(self.branchings) + sum(len(one.branchings) for branch in self.branches for one in branch.trees)

    @property
    def duals(self) -> int:
        """Duals written down for branches and leaves."""
        changes = [leaf for branch in self.branches for tree in branch.trees for leaf in tree.leaves]
        return sum(len(one.rows) for one in (*changes, *(branch.duals for branch in self.branches)))


def unbranched(by: str, trees: Sequence[Tree]) -> Branched:
    """The proof with one tree a part, at the same prices throughout."""
    return Branched(by, (Branch(Change((), ()), tuple(trees)),))


class TreeError(ValueError):
    """A tree that is none, or not of this program; what is wrong, in words."""

    def __init__(self, part: int | None, words: str) -> None:
        self.part = part
        """Number of the tree's part, None for branchings between branches."""
        super().__init__(words)


def branches_bound(
    arrays: ProgramArrays,
    partition: tuple[Integers, Integers],
    duals: Floats,
    branched: Branched,
    boxes: tuple[Floats, Floats],
    worst: float | None = None,
) -> float:
    """A figure no plan of the program is better than: that of the branch where it is worst.

    Arguments as for `branched_bound`, at every branch with its own duals and whole numbers. Raises TreeError.
    """
    found, branches = [], iter(branched.branches)
    whole = arrays.integer
    # A bound found from rows may lie a hair inside a plan that keeps them within their tolerance.
    lower = np.where(whole, np.ceil(boxes[0] - BOUND_WHOLE), boxes[0])
    upper = np.where(whole, np.floor(boxes[1] + BOUND_WHOLE), boxes[1])
    for low, high in _walked(branched.branchings, lower, upper, lambda column: _whole_number(arrays, column), None):
        branch = next(branches, None)
        if branch is None:
            raise TreeError(None, "there are more branches than duals for them")
        if (low[whole] <= high[whole]).all():
            of_branch = _changed(arrays, duals, branch.duals)
            found.append(branched_bound(arrays, partition, of_branch, branch.trees, (low, high), worst))
    if next(branches, None) is not None:
        raise TreeError(None, "there are duals for more branches than there are")
    least = -math.inf if arrays.maximise else math.inf
    if not found:
        return least if worst is None else worst
    return max(found) if arrays.maximise else min(found)


def _whole_number(arrays: ProgramArrays, column: int) -> int:
    if not 0 <= column < arrays.column_count or not arrays.integer[column]:
        raise TreeError(None, f"a branching is on column {column}, no whole number of the program")
    return column


def _changed(arrays: ProgramArrays, duals: Floats, change: Change) -> Floats:
    """Duals with some in place of others."""
    rows = np.array(change.rows, np.int32)
    if ((rows < 0) | (rows >= arrays.row_count)).any() or len(change.rows) != len(change.values):
        raise TreeError(None, "a branch has duals of rows that the program does not have")
    found = duals.copy()
    found[rows] = change.values
    return found


def _walked(
    branchings: Sequence[Branching | None],
    lower: Floats,
    upper: Floats,
    position: Callable[[int], int],
    part: int | None,
) -> Iterator[tuple[Floats, Floats]]:
    """Bounds of the columns at each end of branchings; all that lies between the first bounds lies in one of them."""
    waiting = [(lower, upper)]
    for branching in branchings:
        if not waiting:
            raise TreeError(part, "a tree goes on after its last leaf")
        low, high = waiting.pop()
        if branching is None:
            yield low, high
            continue
        at = position(branching[0])
        below, above = high.copy(), low.copy()
        below[at], above[at] = min(high[at], branching[1]), max(low[at], branching[1] + 1)
        waiting += [(above, high), (low, below)]
    if waiting:
        raise TreeError(part, "a tree has branchings that do not end in leaves")


def branched_bound(
    arrays: ProgramArrays,
    partition: tuple[Integers, Integers],
    duals: Floats,
    trees: Sequence[Tree],
    boxes: tuple[Floats, Floats],
    worst: float | None = None,
) -> float:
    r"""A figure no plan of the program is better than, from any duals at the leaves of any trees.

    partition: part of each column and row, -1 for none, as of `allocate.program.partition`. duals: shape (m,), prices of
    the rows that tie parts together, and for the other rows where a leaf says nothing else. trees: of each part, in
    order. boxes, worst: as for `proven_bound`.

    .. math:: c'x \le \pi'b + \sum_p \max_{\text{leaves } l \text{ of } p} \Bigl(y_l'b_p
        + \sum_{j \in p} \max_{x_j \text{ at } l} (c - A'(\pi, y_l))_j \, x_j \Bigr)
        + \sum_{j \text{ in no } p} \max_{x_j} (c - A'\pi)_j \, x_j

    (maximised; Lagrange's bound at the prices :math:`\pi` of the rows that tie parts together, and within a part weak
    duality at every leaf.) Rounded as in `proven_bound`. Raises TreeError.
    """
    of, owner = partition
    if len(trees) != int(of.max(initial=-1)) + 1:
        raise TreeError(0, f"{len(trees)} trees do not fit {int(of.max(initial=-1)) + 1} parts")
    sense = 1.0 if arrays.maximise else -1.0
    signed = sense * usable(arrays, duals)
    shared, alone = owner < 0, np.flatnonzero(of < 0).astype(np.int32)
    free = arrays.picked(alone)
    reduced, error = reduced_costs(free, signed, sense)
    terms = [
        row_terms(signed[shared], arrays.row_lower[shared], arrays.row_upper[shared]),
        most(reduced, error, boxes[0][alone], boxes[1][alone]),
        np.array([sense * arrays.offset]),
        np.array([_Part(arrays, partition, number, signed, boxes).bound(tree) for number, tree in enumerate(trees)]),
    ]
    bound = sum_above(np.concatenate(terms))
    if worst is not None:
        bound = max(bound, sense * worst)
    return sense * bound


class _Part:
    """One part of a program, bounded at the leaves of a tree."""

    def __init__(
        self,
        arrays: ProgramArrays,
        partition: tuple[Integers, Integers],
        number: int,
        signed: Floats,
        boxes: tuple[Floats, Floats],
    ) -> None:
        self.number, self.all, self.signed = number, arrays, signed
        self.columns = np.flatnonzero(partition[0] == number).astype(np.int32)
        self.owns = partition[1] == number
        self.rows = np.flatnonzero(self.owns)
        self.sense = 1.0 if arrays.maximise else -1.0
        self.program = arrays.picked(self.columns)
        whole = self.program.integer
        # A bound found from rows may lie a hair inside a plan that keeps them within their tolerance.
        self.lower = np.where(whole, np.ceil(boxes[0][self.columns] - BOUND_WHOLE), boxes[0][self.columns])
        self.upper = np.where(whole, np.floor(boxes[1][self.columns] + BOUND_WHOLE), boxes[1][self.columns])

    def bound(self, tree: Tree) -> float:
        """What no plan of the part gains more than, after paying for the rows it shares."""
        greatest = -math.inf
        for lower, upper, change in self._leaves(tree):
            if (lower <= upper).all():
                greatest = max(greatest, self._leaf(lower, upper, change))
        return greatest

    def _leaves(self, tree: Tree) -> Iterator[tuple[Floats, Floats, Change]]:
        """Bounds of the columns at each leaf, and its duals; all of the part's plans lie in one of them."""
        leaves = iter(tree.leaves)
        for lower, upper in _walked(tree.branchings, self.lower, self.upper, self._position, self.number):
            change = next(leaves, None)
            if change is None:
                raise TreeError(self.number, "a tree has more leaves than duals for them")
            yield lower, upper, change
        if next(leaves, None) is not None:
            raise TreeError(self.number, "a tree has branchings that do not end in leaves")

    def _position(self, column: int) -> int:
        at = int(np.searchsorted(self.columns, column))
        if at == len(self.columns) or self.columns[at] != column or not self.program.integer[at]:
            raise TreeError(self.number, f"a tree branches on column {column}, no whole number of its part")
        return at

    def _leaf(self, lower: Floats, upper: Floats, change: Change) -> float:
        rows = np.array(change.rows, np.int32)
        outside = (rows < 0) | (rows >= len(self.owns))
        if outside.any() or not self.owns[rows].all() or len(change.rows) != len(change.values):
            raise TreeError(self.number, "a leaf has duals of rows that are not its part's own")
        before = self.signed[rows]
        self.signed[rows] = self._usable(rows, self.sense * np.array(change.values, np.float64))
        reduced, error = reduced_costs(self.program, self.signed, self.sense)
        of_rows = row_terms(self.signed[self.rows], self.all.row_lower[self.rows], self.all.row_upper[self.rows])
        self.signed[rows] = before
        return sum_above(np.concatenate([of_rows, most(reduced, error, lower, upper)]))

    def _usable(self, rows: Integers, signed: Floats) -> Floats:
        """Duals with 0 for those that press on a side their row does not have, and for what is not a number."""
        known = np.where(np.isfinite(signed), signed, 0.0)
        side = np.where(known > 0, self.all.row_upper[rows], self.all.row_lower[rows])
        return np.where(np.isinf(side), 0.0, known)
