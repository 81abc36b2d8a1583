"""The columns to begin with: those a program with merged periods uses or finds worth their price."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.outcome import Status
from allocate.solvers.search import Clock
from allocate.solvers.sifting.coarse import Kinds, merged
from allocate.solvers.sifting.sift import PRICED_IN, sift
from allocate.solvers.watch import Watch

OF_A_BLOCK = 4
"""Periods in a block of the second merged program."""
BEST_OF_A_ROW = 5
"""Columns to begin with of each row, where nothing is known of the program."""


def first_columns(arrays: ProgramArrays, kind: Kinds, watch: Watch, clock: Clock) -> Booleans:
    """Columns to begin with, shape (n,).

    With all periods merged into one the program is small and soon solved; its prices and columns start the sifting of
    one with a few blocks of periods, and those of that one the program itself. Where there are no periods, or a merged
    program has no optimum, the best columns of each row.
    """
    prices: Floats | None = None
    used = np.zeros(arrays.column_count, dtype=bool)
    for blocks in _levels(kind):
        part = merged(arrays, kind, blocks)
        row = _first_of(part.row, part.arrays.row_count)
        if prices is None:
            first = np.ones(part.arrays.column_count, dtype=bool)
        else:
            seen = np.bincount(part.column, weights=used, minlength=part.arrays.column_count) > 0
            first = part.whole | seen | _worth(part.arrays, prices[row])
        found, _ = sift(part.arrays, first, part.kinds, watch, clock)
        if found.status is not Status.OPTIMAL or found.values is None or found.row_duals is None:
            return best_of_rows(arrays)
        used = found.values[part.column] != 0.0
        prices = found.row_duals[part.row]
    if prices is None:
        return best_of_rows(arrays)
    return ~kind.mergeable | used | _worth(arrays, prices)


def best_of_rows(arrays: ProgramArrays) -> Booleans:
    """The columns of each row that bring most, or cost least, per unit of the row."""
    sense = 1.0 if arrays.maximise else -1.0
    merit = sense * arrays.costs[arrays.column] / np.where(arrays.value == 0.0, np.inf, np.abs(arrays.value))
    order = np.lexsort((arrays.column, -merit, arrays.index))
    row = arrays.index[order]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    rank = np.arange(len(row)) - np.repeat(first, np.diff(first, append=len(row)))
    chosen = np.zeros(arrays.column_count, dtype=bool)
    chosen[arrays.column[order[rank < BEST_OF_A_ROW]]] = True
    return chosen


def _levels(kind: Kinds) -> tuple[int, ...]:
    """Numbers of blocks to merge the periods into, one program after the other."""
    if not kind.mergeable.any() or kind.periods < 2:
        return ()
    return (1, kind.periods // OF_A_BLOCK) if kind.periods >= 2 * OF_A_BLOCK else (1,)


def _worth(arrays: ProgramArrays, prices: Floats) -> Booleans:
    """Columns that lose nothing at prices of the rows."""
    gain = (1.0 if arrays.maximise else -1.0) * (arrays.costs - arrays.priced(prices))
    worth: Booleans = (gain >= -PRICED_IN) & (arrays.upper > arrays.lower)
    return worth


def _first_of(group: Integers, count: int) -> Integers:
    """A member of each group."""
    found = np.zeros(count, np.int32)
    found[group] = np.arange(len(group), dtype=np.int32)
    return found
