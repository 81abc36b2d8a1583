"""A first plan of a large program: choices that open others made with its periods merged, all that follows in the whole one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen
from allocate.program.partition import AXIS
from allocate.program.structure import Structure
from allocate.solvers.branching.coverings import Coverings, used_of
from allocate.solvers.branching.levels import FIRST, levels
from allocate.solvers.branching.nodes import OPTIMAL, Node, Relaxation
from allocate.solvers.branching.plans import Planner
from allocate.solvers.engine import Engine
from allocate.solvers.facility_location.restricted_lp import Left, left_of, whole
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Clock, Start
from allocate.solvers.sifting.coarse import kinds, merged
from allocate.solvers.watch import Watch

LARGE = 20_000
"""Coefficients from which the whole program takes too long for one linear program after the other."""
MANY = 40
"""Choices that open others, from which a first plan by the whole program takes long: starts on products, not vendors alone."""
OF_A_BLOCK = 4
"""Periods that are merged into one, at least."""
EVEN = 0.01
"""Weight of a vendor that the relaxation does without: more vendors leave more room."""
PATIENCE = 15
"""Nodes without a point after which another aim leads to a plan sooner."""
SETS = 3
"""Sets of vendors for which a plan is sought by either aim, at most, where rules limit how many are engaged."""
TRIED = 12
"""Sets that are looked at for one with which the merged program has a point, at most."""
SMALL = 400_000
"""Coefficients of the merged program, at most: more periods are merged into one where it takes that."""


@dataclass(frozen=True, eq=False)
class Merged:
    """A program with merged periods and all its whole numbers."""

    arrays: ProgramArrays
    ids: Integers
    """Of each whole-numbered column, in their order there, its number in the whole program."""
    amounts: Integers
    """Numbers of the columns there that all else is worked out from."""
    groups: Integers
    """Product of each column there, -1 for none."""
    budget: Integers
    """Numbers of the rows there that limit money."""


def first_plan(
    arrays: ProgramArrays, structure: Structure, watch: Watch, clock: Clock, known: Floats | None = None
) -> Start | None:
    """A plan of a maximised program; None where it has few choices that open others, no periods, or none is found so.

    known: a plan found elsewhere, shape (n,), whose whole numbers are taken.
    """
    ids = np.flatnonzero(arrays.integer).astype(np.int32)
    if known is not None and np.isfinite(known[ids]).all():
        start = Kept(arrays, structure.columns.family, watch, clock).with_all(np.round(known))
        if start is not None:
            return start
    if arrays.nonzeros < LARGE:
        return None
    few = int((levels(structure, ids) < len(FIRST)).sum()) < MANY
    part = None if few and not _limited(arrays, structure, watch) else _merged(arrays, structure)
    return None if part is None else _First(arrays, structure, part, watch, clock).plan()


def _limited(arrays: ProgramArrays, structure: Structure, watch: Watch) -> bool:
    """Whether rules keep some vendors from being engaged together."""
    used = used_of(arrays, structure)
    return used is not None and Coverings(arrays, structure.columns.axis(AXIS), used, watch).limited


class _First:
    """A first plan of a program from the merged one: by what it aims at, else by what spends least."""

    def __init__(self, arrays: ProgramArrays, structure: Structure, part: Merged, watch: Watch, clock: Clock) -> None:
        self.arrays, self.structure, self.part, self.watch, self.clock = arrays, structure, part, watch, clock
        self.family, self.level = structure.columns.family, levels(structure, part.ids)
        self.used = np.flatnonzero(self.level == 0)
        """Positions, among the whole numbers, of vendors engaged."""
        ids = np.flatnonzero(part.arrays.integer).astype(np.int32)[self.used]
        self.coverings = Coverings(part.arrays, part.groups, ids, watch)
        self.none = False
        """Whether no set of vendors is left."""

    def plan(self) -> Start | None:
        """The first that is found; None where none is.

        By the program's own aim, then by the least spent; where rules limit vendors, some sets of them are tried by either, too.
        """
        known, frugal, limited = list[Floats](), _frugal(self.part), self.coverings.limited
        aims = [(self.part.arrays, -np.inf)] + ([] if frugal is None else [(frugal, -1.0)])
        for n, (arrays, least) in enumerate((aims[:1] if limited else []) + aims * (SETS if limited else 1)):
            opened = self._opened(arrays, least, limited and n > 0)
            if opened is not None:
                known.append(opened)
                start = self._in_whole(opened, holds=True)
                if start is not None:
                    return start
                self.coverings.refuse(np.round(opened[self.used]))
            elif self.none:
                return None
        found = (self._in_whole(opened, holds=False) for opened in known[: len(aims)])
        return next((start for start in found if start is not None), None)

    def _opened(self, arrays: ProgramArrays, least: float, closes: bool) -> Floats | None:
        """The whole numbers of the merged program once all choices that open others are made; None where that leaves no point.

        least: what a point must come to. closes: whether vendors are closed that are not in a set that can do all products.
        """
        relaxation = Relaxation(arrays, self.watch, self.clock, brief=True, rough=True)
        planner = Planner(relaxation, self.level, self.part.amounts, self.family[self.part.ids])
        planner.patience, planner.objective = PATIENCE, least
        root = relaxation.root()
        if root.at is None or (self.coverings.limited and self._can_all(root) is None):
            return None
        node = self._engaged(relaxation, root, least) if closes else root
        if node is None or not planner.dive(node, opening=True):
            return None
        return planner.opened

    def _can_all(self, root: Node) -> Floats | None:
        """Of the vendors that may be engaged together and can do all products the set of most use in the relaxation; None without one."""
        assert root.at is not None
        try:
            found = self.coverings.best(root.at[self.used] + EVEN, self.clock)
        except TimeoutError:
            return None
        self.none = found is None
        return found

    def _engaged(self, relaxation: Relaxation, root: Node, least: float) -> Node | None:
        """The root with only such a set of vendors open that leaves a point; None where none is found."""
        for _ in range(TRIED):
            chosen = self._can_all(root)
            if chosen is None:
                return None
            upper = relaxation.upper.copy()
            upper[self.used] = chosen
            found = relaxation.node(relaxation.lower, upper, root.bound, root.basis)
            if found.at is not None and found.bound > least:
                return found
            self.coverings.refuse(chosen, found.duals if found.at is None else None)
        return None

    def _in_whole(self, opened: Floats, holds: bool) -> Start | None:
        """The best plan of the whole program with these choices, all other numbers settled few by few; holds: as of `Planner`."""
        found = np.zeros(self.arrays.column_count)
        found[self.part.ids] = np.round(opened)
        kept = Kept(self.arrays, self.family, self.watch, self.clock)
        opening = np.sort(self.part.ids[self.level < len(FIRST)])
        return kept.plan(found, opening, holds)


class Kept:
    """Plans of a program with whole numbers taken from another one."""

    def __init__(self, arrays: ProgramArrays, family: Integers, watch: Watch, clock: Clock) -> None:
        """family: of each column, shape (n,)."""
        self.arrays, self.family, self.watch, self.clock = arrays, family, watch, clock
        self.ids = np.flatnonzero(arrays.integer).astype(np.int32)

    def plan(self, found: Floats, opening: Integers, holds: bool = False) -> Start | None:
        """The best plan with choices that open others as found, shape (n,), the other whole numbers settled few by few; None without one."""
        part = self._left(found, opening)
        if part is None:
            return None
        if part.arrays.integer.any():
            relaxation = Relaxation(part.arrays, self.watch, self.clock, brief=True, rough=True)
            last = np.full(len(relaxation.ids), len(FIRST), np.int32)
            planner = Planner(relaxation, last, np.zeros(0, np.int32), self.family[part.columns[relaxation.ids]])
            planner.holds = holds
            planner.dive(relaxation.root())
            if planner.best is None:
                return None
            found = np.round(whole(part, planner.best.values))
        return self.with_all(found)

    def with_all(self, taken: Floats) -> Start | None:
        """The best plan with all whole numbers as taken, shape (n,), with its duals; None without one."""
        arrays, part = self.arrays, self._left(taken, self.ids)
        if part is None or self.watch.stopped or self.clock.left == 0.0:
            return None
        engine = Engine(self.watch)
        engine.load(part.arrays)
        run = engine.run(self.clock.left)
        if run.status != OPTIMAL or run.values is None or run.row_duals is None:
            return None
        values, duals = whole(part, run.values), np.zeros(arrays.row_count)
        if not is_feasible(arrays, values):
            return None
        duals[part.rows] = run.row_duals
        return Start(values, duals, arrays.costs - arrays.priced(duals), None)

    def _left(self, taken: Floats, ids: Integers) -> Left | None:
        """What is left with some columns as taken, shape (n,); None where a row of these alone is not kept."""
        open_ = np.ones(self.arrays.column_count, dtype=bool)
        open_[ids] = False
        part = left_of(self.arrays, np.where(open_, 0.0, taken), np.flatnonzero(open_).astype(np.int32))
        return part if isinstance(part, Left) else None


def _merged(arrays: ProgramArrays, structure: Structure) -> Merged | None:
    """The program with so many periods merged into one; None where it has too few."""
    kind = kinds(arrays, structure, whole=True)
    blocks = max(2, min(kind.periods // OF_A_BLOCK, kind.periods * SMALL // arrays.nonzeros))
    items = structure.columns.blocks.get("items")
    if kind.periods < 2 * OF_A_BLOCK or items is None:
        return None
    part = merged(arrays, kind, blocks)
    ids = np.flatnonzero(arrays.integer).astype(np.int32)
    integer, back = np.zeros(part.arrays.column_count, dtype=bool), np.zeros(part.arrays.column_count, np.int32)
    integer[part.column[ids]], back[part.column[ids]] = True, ids
    program = replace(part.arrays, integer=frozen(integer))
    groups = np.full(part.arrays.column_count, -1, np.int32)
    groups[part.column] = structure.columns.axis(AXIS)
    rows = structure.rows.blocks.get("budget")
    budget = np.zeros(0, np.int32) if rows is None else np.unique(part.row[rows.ids])
    amounts = np.unique(part.column[items.ids]).astype(np.int32)
    return Merged(program, back[integer], amounts, groups, budget.astype(np.int32))


def _frugal(part: Merged) -> ProgramArrays | None:
    """The merged program that leaves most of its one budget, which counts as 1 and is no row any more; None without one.

    Near the end of a budget the simplex method takes seconds to see that a row cannot be kept; how much is spent it sees at once.
    """
    arrays = part.arrays
    if len(part.budget) != 1 or not 0.0 < arrays.row_upper[part.budget[0]] < np.inf:
        return None
    share, free = np.zeros(arrays.row_count), arrays.row_upper.copy()
    share[part.budget], free[part.budget] = 1.0 / arrays.row_upper[part.budget], np.inf
    return replace(arrays, offset=0.0, costs=frozen(-arrays.priced(share)), row_upper=frozen(free))
