"""Rules and changes users made to a program by hand, carried over to the program of a changed case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.program.arrays import Integers, ProgramArrays, assemble, batch, frozen
from allocate.program.build import Built, build
from allocate.program.naming import Block

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ByHand:
    """A program as it stands beside the program its case gives: what differs was done by hand."""

    built: Built
    own: ProgramArrays
    """The program of the case alone."""
    now: ProgramArrays
    """The program as it stands; rows and columns added by hand come last."""

    def on(self, other: Built) -> ProgramArrays | None:
        """Another case's program with the same done to it; None where that cannot be known.

        It cannot where a rule added by hand is about columns and the other program has further ones of that family, which
        the rule may or may not mean, or lacks columns that are no items.
        """
        theirs = other.program.arrays()
        columns = places(self.built.program.columns, other.program.columns, self.own.column_count)
        rows = places(self.built.program.rows, other.program.rows, self.own.row_count)
        added = self._entries_added()
        used = np.unique(self.now.column[added])
        if self._recast() or not self._reaches(used[used < self.own.column_count], columns, other):
            return None
        kept = self._with_sides(theirs, columns, rows)
        return None if kept is None else self._with_rows(kept, columns, rows, added)

    def _entries_added(self) -> Integers:
        """Positions of the coefficients in rows or columns added by hand."""
        beyond = (self.now.index >= self.own.row_count) | (self.now.column >= self.own.column_count)
        return np.flatnonzero(beyond).astype(np.int32)

    def _recast(self) -> bool:
        """Whether coefficients of the case's own rows were changed, which have no place in another program."""
        inside = (self.now.index < self.own.row_count) & (self.now.column < self.own.column_count)
        pairs = (
            (self.now.index[inside], self.own.index),
            (self.now.column[inside], self.own.column),
            (self.now.value[inside], self.own.value),
        )
        return not all(np.array_equal(*pair) for pair in pairs)

    def _reaches(self, used: Integers, columns: Places, other: Built) -> bool:
        """Whether rules over some own columns mean the same in another program."""
        for name, block in self.built.program.columns.items():
            mine = used[(used >= block.start) & (used < block.stop)]
            if not len(mine):
                continue
            there = columns[block.start : block.stop]
            theirs = other.program.columns.get(name)
            if theirs is not None and len(theirs) > (there >= 0).sum():
                return False
            if name != "items" and (columns[mine] < 0).any():
                return False
        return True

    def _with_sides(self, theirs: ProgramArrays, columns: Places, rows: Places) -> ProgramArrays | None:
        """Another program with the bounds, costs and sides that were changed by hand; None where one has no place."""
        parts: dict[str, Any] = {}
        for name, places, count in (
            *((name, columns, self.own.column_count) for name in ("costs", "lower", "upper", "integer")),
            *((name, rows, self.own.row_count) for name in ("row_lower", "row_upper")),
        ):
            now, own = getattr(self.now, name)[:count], getattr(self.own, name)
            changed = np.flatnonzero(now != own)
            if (places[changed] < 0).any():
                return None
            side = getattr(theirs, name).copy()
            side[places[changed]] = now[changed]
            parts[name] = frozen(side)
        offset = theirs.offset + self.now.offset - self.own.offset
        return replace(theirs, maximise=self.now.maximise, offset=offset, **parts)

    def _with_rows(self, theirs: ProgramArrays, columns: Places, rows: Places, added: Integers) -> ProgramArrays:
        """Another program with the rows and columns added by hand behind its own."""
        more = (self.now.column_count - self.own.column_count, self.now.row_count - self.own.row_count)
        if not any(more):
            return theirs
        column_of = np.concatenate([columns, theirs.column_count + np.arange(more[0])])
        row_of = np.concatenate([rows, theirs.row_count + np.arange(more[1])])
        at, to = row_of[self.now.index[added]], column_of[self.now.column[added]]
        there = (at >= 0) & (to >= 0)
        parts = [batch(theirs.index, theirs.column, theirs.value, distinct=True)] if theirs.nonzeros else []
        if there.any():
            order = np.argsort(to[there], kind="stable")
            place = (at[there][order].astype(np.int32), to[there][order].astype(np.int32))
            parts.append(batch(*place, self.now.value[added][there][order]))
        own, wide = (self.own.column_count, self.own.row_count), dict[str, Any]()
        for names, begin in ((("costs", "lower", "upper", "integer"), own[0]), (("row_lower", "row_upper"), own[1])):
            for name in names:
                wide[name] = frozen(np.concatenate([getattr(theirs, name), getattr(self.now, name)[begin:]]))
        matrix = assemble(parts, theirs.column_count + more[0], theirs.row_count + more[1])
        return replace(theirs, matrix=matrix, **wide)


def by_hand(built: Built) -> ByHand | None:
    """What was done to a program by hand since it was built from its case; None where nothing was."""
    layout, now = built.layout, built.program.arrays()
    own = build(layout.case, layout.routes, layout.values, layout.ignoring).program.arrays()
    return None if _same(own, now) else ByHand(built, own, now)


def _same(one: ProgramArrays, other: ProgramArrays) -> bool:
    if (one.maximise, one.offset) != (other.maximise, other.offset):
        return False
    names = ("costs", "lower", "upper", "integer", "row_lower", "row_upper", "start", "index", "value")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def places(mine: Mapping[str, Block], theirs: Mapping[str, Block], count: int) -> Places:
    """Number in another program of each column (or row) of one, found by what it stands for; -1 where it is not there."""
    found = np.full(count, -1, dtype=np.int64)
    for name, block in mine.items():
        other = theirs.get(name)
        if other is None or block.start >= count or list(block.index) != list(other.index):
            continue
        if all(np.array_equal(block.index[axis], other.index[axis]) for axis in block.index) and len(block) == len(
            other
        ):
            found[block.start : block.stop] = other.ids
            continue
        if not block.index:
            continue
        known = dict(zip(zip(*(axis.tolist() for axis in other.index.values()), strict=True), other.ids, strict=True))
        keys = zip(*(axis.tolist() for axis in block.index.values()), strict=True)
        found[block.start : block.stop] = [known.get(key, -1) for key in keys]
    return found
