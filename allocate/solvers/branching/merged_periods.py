"""A first plan of a large program: choices that open others made with its periods merged, all that follows in the whole one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen
from allocate.program.structure import Structure
from allocate.solvers.branching.levels import FIRST, levels
from allocate.solvers.branching.nodes import OPTIMAL, Relaxation
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
    if arrays.nonzeros < LARGE or int((levels(structure, ids) < len(FIRST)).sum()) < MANY:
        return None
    part = _merged(arrays, structure)
    if part is None:
        return None
    level = levels(structure, part.ids)
    relaxation = Relaxation(part.arrays, watch, clock, brief=True, rough=True)
    family = structure.columns.family
    planner = Planner(relaxation, level, part.amounts, family[part.ids])
    if not planner.dive(relaxation.root(), opening=True) or planner.opened is None:
        return None
    found = np.zeros(arrays.column_count)
    found[part.ids] = np.round(planner.opened)
    kept, opening = Kept(arrays, family, watch, clock), np.sort(part.ids[level < len(FIRST)])
    return kept.plan(found, opening, holds=True) or kept.plan(found, opening)


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
    return Merged(program, back[integer], np.unique(part.column[items.ids]).astype(np.int32))
