"""The program over a growing part of its columns, on one live HiGHS; the others stay at zero."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, Matrix, ProgramArrays, frozen
from allocate.solvers.engine import Engine, Run
from allocate.solvers.watch import Watch


def may_wait(arrays: ProgramArrays) -> Booleans:
    """Columns that may be left out at first, shape (n,): those that rest at zero."""
    at_zero: Booleans = arrays.lower == 0.0
    return at_zero


class Restricted:
    """Some columns of a program, to which others are added; each solve goes on from the one before."""

    def __init__(self, watch: Watch, arrays: ProgramArrays, first: Booleans) -> None:
        self.arrays = arrays
        self.inside = first | ~may_wait(arrays)
        # Without any column HiGHS gives no prices.
        self.inside[0] |= not self.inside.any()
        self._ids = np.flatnonzero(self.inside).astype(np.int32)
        self._places = np.arange(len(self._ids))
        self._count = len(self._ids)
        self._elastic = np.empty(0, np.int32)
        self._stretched = False
        self.engine = Engine(watch)
        self.engine.load(arrays.picked(self._ids))

    @property
    def entered(self) -> int:
        """Number of columns inside."""
        return len(self._ids)

    def run(self, seconds: float | None) -> Run:
        """Solve over the columns inside, for at most this many seconds more; from scratch where going on proves nothing."""
        run = self.engine.run(seconds)
        if run.status == highspy.HighsModelStatus.kUnknown:
            self.engine.forget()
            run = self.engine.run(seconds)
        return run

    def move(self, row: int, upper: float) -> None:
        """Move the upper side of a row; the next run goes on from where the last one ended."""
        moved = self.arrays.row_upper.copy()
        moved[row] = upper
        self.arrays = replace(self.arrays, row_upper=frozen(moved))
        self.engine.set_row_bounds(np.array([row], np.int32), self.arrays.row_lower[[row]], moved[[row]])

    def enter(self, ids: Integers) -> None:
        """Let columns in."""
        part = self.arrays.picked(ids)
        if self._stretched:
            part = replace(part, costs=frozen(np.zeros(len(ids))))
        self.engine.add_columns(part)
        self._note(ids)

    def hold(self, ids: Integers, lower: Floats, upper: Floats) -> None:
        """Put columns inside between other bounds, within their own."""
        place = np.full(self.arrays.column_count, -1, np.int32)
        place[self._ids] = self._places
        self.engine.set_column_bounds(place[ids], lower, upper)

    @property
    def basis(self) -> highspy.HighsBasis:
        """Where the last run ended, to go back to with `restore`."""
        found: highspy.HighsBasis = self.engine.highs.getBasis()
        return found

    def restore(self, basis: highspy.HighsBasis) -> None:
        """Let the next run go on from where an earlier one ended; columns that were added since lie at zero."""
        at_zero = [highspy.HighsBasisStatus.kLower] * (self._count - len(basis.col_status))
        basis.col_status = [*basis.col_status, *at_zero]
        self.engine.highs.setBasis(basis)

    def stretch(self) -> None:
        r"""Let every row give way at a price of one a unit, and look for the least of it.

        .. math:: \min \sum_i s_i^+ + s_i^- \;:\; l \le A x + s^+ - s^- \le u
        """
        if not self._elastic.size:
            self._add_elastic()
        size, costs = len(self._elastic), np.zeros(self._count)
        costs[self._elastic] = 1.0
        self.engine.set_costs(costs, False)
        self.engine.set_column_bounds(self._elastic, np.zeros(size), np.full(size, np.inf))
        self._stretched = True

    def _add_elastic(self) -> None:
        arrays = self.arrays
        rows = [np.flatnonzero(np.isfinite(side)) for side in (arrays.row_lower, arrays.row_upper)]
        index = np.concatenate(rows).astype(np.int32)
        value = np.repeat([1.0, -1.0], [len(part) for part in rows])
        size = len(index)
        matrix = Matrix(frozen(np.arange(size + 1, dtype=np.int32)), frozen(index), frozen(value))
        zero, whole = np.zeros(size), np.zeros(size, bool)
        sides = (arrays.row_lower, arrays.row_upper)
        self.engine.add_columns(ProgramArrays(False, 0.0, zero, zero, zero, whole, *sides, matrix))
        self._elastic = np.arange(self._count, self._count + size, dtype=np.int32)
        self._count += size

    def tighten(self) -> None:
        """Hold every row again, and go back to the program's own costs; nothing happens where none gives way."""
        if not self._stretched:
            return
        engine, zero = self.engine, np.zeros(len(self._elastic))
        engine.set_column_bounds(self._elastic, zero, zero)
        costs = np.zeros(self._count)
        costs[self._places] = self.arrays.costs[self._ids]
        engine.set_costs(costs, self.arrays.maximise, self.arrays.offset)
        self._stretched = False

    def given_way(self, run: Run) -> Floats:
        """What each elastic column of a run gives way by."""
        assert run.values is not None
        return run.values[self._elastic]

    def values(self, run: Run) -> Floats:
        """A run's values of all columns, shape (n,)."""
        assert run.values is not None
        found = np.zeros(self.arrays.column_count)
        found[self._ids] = run.values[self._places]
        return found

    def reduced_costs(self, run: Run, left: Floats) -> Floats:
        """Reduced costs of all columns, shape (n,): inside as HiGHS has them, the others as given."""
        assert run.reduced_costs is not None
        found = left.copy()
        found[self._ids] = run.reduced_costs[self._places]
        return found

    def _note(self, ids: Integers) -> None:
        self.inside[ids] = True
        self._ids = np.concatenate([self._ids, ids])
        self._places = np.concatenate([self._places, np.arange(self._count, self._count + len(ids))])
        self._count += len(ids)
