"""The columns to begin with: those a program with merged periods uses or finds worth their price."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays, frozen
from allocate.solvers.outcome import Status
from allocate.solvers.search import Clock
from allocate.solvers.sifting.coarse import Coarse, Kinds, merged
from allocate.solvers.sifting.sift import sift
from allocate.solvers.watch import Watch
from allocate.tolerances import REDUCED_COST

OF_A_BLOCK = 4
"""Periods in a block of the second merged program."""
BEST_OF_A_ROW = 5
"""Columns to begin with of each row, where nothing is known of the program."""


Held = tuple[Integers, Floats]


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a program with merged periods says of the whole one."""

    columns: Booleans
    """Those to begin with, shape (n,)."""
    values: Floats | None = None
    """Of all columns, each merged column's amount spread evenly, shape (n,); None where it has no optimum."""
    smaller: Coarse | None = None
    """The program with merged periods."""
    inside: Booleans | None = None
    """Its columns that were needed or worth their price at first."""


def first_columns(arrays: ProgramArrays, kind: Kinds, watch: Watch, clock: Clock) -> Booleans:
    """Columns to begin with, shape (n,)."""
    return beginning(arrays, kind, watch, clock).columns


def beginning(arrays: ProgramArrays, kind: Kinds, watch: Watch, clock: Clock) -> Beginning:
    """Columns to begin with, and about how much of them.

    With all periods merged into one the program is small and soon solved; its prices and columns start the sifting of
    one with a few blocks of periods, and those of that one the program itself. Where there are no periods, or a merged
    program has no optimum, the best columns of each row.
    """
    values: Floats | None = None
    prices: Floats | None = None
    for blocks in _levels(kind):
        if watch.stopped or clock.left == 0.0:
            return Beginning(best_of_rows(arrays))
        part = merged(arrays, kind, blocks)
        row = _first_of(part.row, part.arrays.row_count)
        if prices is None or values is None:
            first = np.ones(part.arrays.column_count, dtype=bool)
        else:
            seen = np.bincount(part.column, weights=values != 0.0, minlength=part.arrays.column_count) > 0
            first = part.whole | seen | _worth(part.arrays, prices[row])
        found, _ = sift(part.arrays, first, part.kinds, watch, clock)
        if found.status is not Status.OPTIMAL or found.values is None or found.row_duals is None:
            return Beginning(best_of_rows(arrays))
        values = (found.values / np.bincount(part.column))[part.column]
        prices = found.row_duals[part.row]
    if prices is None or values is None:
        return Beginning(best_of_rows(arrays))
    return Beginning(~kind.mergeable | (values != 0.0) | _worth(arrays, prices), values, part, first)


def columns_for(begin: Beginning, arrays: ProgramArrays, held: Held, watch: Watch, clock: Clock) -> Booleans | None:
    """Columns the program with merged periods uses or finds worth their price with some held, shape (n,).

    held: numbers of columns and what they are held at. None where that program has no optimum, or there is none.
    """
    part, inside = begin.smaller, begin.inside
    if part is None or inside is None:
        return None
    at, of = part.column[held[0]], part.arrays
    count = of.column_count
    amount, lower, upper = np.bincount(at, weights=held[1], minlength=count), of.lower.copy(), of.upper.copy()
    lower[at] = upper[at] = amount[at]
    program = replace(of, lower=frozen(lower), upper=frozen(upper))
    found, _ = sift(program, inside | ~_stuck(program), part.kinds, watch, clock)
    if found.status is not Status.OPTIMAL or found.values is None or found.row_duals is None:
        return None
    used: Booleans = found.values[part.column] != 0.0
    return used | _worth(arrays, found.row_duals[part.row])


def _stuck(arrays: ProgramArrays) -> Booleans:
    """Columns that a row keeps at zero: what is held fills it, and all else only fills it more; shape (n,)."""
    held = (arrays.lower == arrays.upper)[arrays.column]
    taken = np.where(held, arrays.value * arrays.lower[arrays.column], 0.0)
    room = arrays.row_upper - np.bincount(arrays.index, weights=taken, minlength=arrays.row_count)
    frees = ~held & ((arrays.value < 0.0) | (arrays.lower[arrays.column] < 0.0))
    full = (room <= 0.0) & (np.bincount(arrays.index, weights=frees, minlength=arrays.row_count) == 0)
    stuck: Booleans = np.bincount(arrays.column, weights=full[arrays.index] & ~held, minlength=arrays.column_count) > 0
    return stuck


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
    worth: Booleans = (gain >= -REDUCED_COST) & (arrays.upper > arrays.lower)
    return worth


def _first_of(group: Integers, count: int) -> Integers:
    """A member of each group."""
    found = np.zeros(count, np.int32)
    found[group] = np.arange(len(group), dtype=np.int32)
    return found
