"""Columns of parts that only tell what was done so far: rows between parts speak of them, and what they tell can be written out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays, assemble, batch, frozen

Entries = tuple[Integers, Integers, Floats]
"""Rows, columns and values."""


@dataclass(frozen=True, eq=False)
class RunningTotals:
    r"""Columns y of parts that equations make totals of others, such as the work done by the end of a period.

    .. math:: a \, y = \sum_j b_j x_j + \sum_k c_k y_k, \qquad a, b, c > 0

    Rows between parts speak of them, and no other row of their part does.
    """

    columns: Integers
    """Shape (k,)."""
    rows: Integers
    """The equation of each, shape (k,)."""
    level: Integers
    """How many totals stand one in the other in it, shape (k,)."""

    def written_out(self, arrays: ProgramArrays) -> ProgramArrays:
        """The program with what they add up in place of each; their columns are without bounds, and these and their rows empty."""
        if not len(self.columns):
            return arrays
        of = _places(self.columns, arrays.column_count)
        telling = np.zeros(arrays.row_count, dtype=bool)
        telling[self.rows] = True
        told, elsewhere = of[arrays.column] >= 0, ~telling[arrays.index]
        kept = ~told & elsewhere
        parts = [batch(arrays.index[kept], arrays.column[kept], arrays.value[kept], distinct=True)]
        mine = told & elsewhere
        left: Entries = (arrays.index[mine], arrays.column[mine], arrays.value[mine])
        for level in range(int(self.level.max()), -1, -1):
            here = self.level[of[left[1]]] == level
            found = self._added_up(arrays, of, _some(left, here))
            inner = of[found[1]] >= 0
            if not inner.all():
                parts.append(batch(*_some(found, ~inner)))
            left = _merged(_some(left, ~here), _some(found, inner), arrays.column_count)
        upper = arrays.upper.copy()
        upper[self.columns] = np.inf
        return replace(arrays, upper=frozen(upper), matrix=assemble(parts, arrays.column_count, arrays.row_count))

    def _added_up(self, arrays: ProgramArrays, of: Integers, some: Entries) -> Entries:
        """What totals in some entries add up, with the entries' rows."""
        start, columns, values = arrays.by_rows
        rows = self.rows[of[some[1]]]
        counts = start[rows + 1] - start[rows]
        at = np.repeat(start[rows] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        own = columns[at] == np.repeat(some[1], counts)
        factor = np.repeat(some[2] / values[at][own], counts)
        return np.repeat(some[0], counts)[~own], columns[at][~own], -(factor * values[at])[~own]

    def priced(self, arrays: ProgramArrays, prices: Floats) -> Floats:
        """Prices of all rows, shape (m,), with those of the equations at which no total gains anything."""
        found, of = prices.copy(), _places(self.columns, arrays.column_count)
        found[self.rows] = 0.0
        mine = of[arrays.column] >= 0
        row, place, value = arrays.index[mine], of[arrays.column[mine]], arrays.value[mine]
        is_own = row == self.rows[place]
        own = np.zeros(len(self.columns))
        own[place[is_own]] = value[is_own]
        for level in range(int(self.level.max(initial=-1)), -1, -1):
            gains = -np.bincount(place, value * found[row], len(own))
            here = self.level == level
            found[self.rows[here]] = gains[here] / own[here]
        return found


def running_totals(arrays: ProgramArrays, owner: Integers) -> RunningTotals:
    """The running totals of a program's parts; owner: the part each row belongs to, -1 for rows between parts, shape (m,)."""
    rows, columns = _equations(arrays, owner)
    while True:
        row_of = np.full(arrays.column_count, -1, np.int32)
        row_of[columns] = rows
        defines = np.zeros(arrays.row_count, dtype=bool)
        defines[rows] = True
        bad = (row_of[arrays.column] >= 0) & (owner[arrays.index] >= 0) & ~defines[arrays.index]
        good = np.bincount(arrays.column[bad], minlength=arrays.column_count)[columns] == 0
        if good.all():
            break
        rows, columns = rows[good], columns[good]
    level, asked = np.zeros(arrays.column_count, np.int32), np.zeros(arrays.column_count, dtype=bool)
    asked[arrays.column[owner[arrays.index] < 0]] = True
    inner = np.flatnonzero((row_of[arrays.column] >= 0) & defines[arrays.index])
    inner = inner[row_of[arrays.column[inner]] != arrays.index[inner]]
    total = np.full(arrays.row_count, -1, np.int32)
    total[rows] = columns
    lower, upper = arrays.column[inner], total[arrays.index[inner]]
    for _ in range(len(rows)):
        before = level.copy(), asked.copy()
        np.maximum.at(level, upper, level[lower] + 1)
        np.logical_or.at(asked, lower, asked[upper])
        if np.array_equal(before[0], level) and np.array_equal(before[1], asked):
            break
    else:
        columns = columns[:0]  # totals of each other
    told = columns[asked[columns]]
    return RunningTotals(told, row_of[told], level[told])


def _equations(arrays: ProgramArrays, owner: Integers) -> tuple[Integers, Integers]:
    """Rows of parts that make one column, which costs nothing, a total of others from zero up; and that column, of one row alone."""
    row, column, above = arrays.index, arrays.column, arrays.value > 0.0
    count = arrays.row_count
    good = (owner >= 0) & (arrays.row_lower == 0.0) & (arrays.row_upper == 0.0)
    plain: Booleans = ~arrays.integer & (arrays.costs == 0.0) & (arrays.lower == 0.0)
    good &= (np.bincount(row, above, count) == 1) & (np.bincount(row, minlength=count) > 1)
    good &= np.bincount(row, np.where(above, ~plain[column], arrays.lower[column] < 0.0), count) == 0
    entry = np.flatnonzero(good[row] & above)
    once = np.bincount(column[entry], minlength=arrays.column_count)[column[entry]] == 1
    return row[entry[once]], column[entry[once]]


def _some(entries: Entries, chosen: Booleans) -> Entries:
    return entries[0][chosen], entries[1][chosen], entries[2][chosen]


def _merged(some: Entries, others: Entries, count: int) -> Entries:
    """Entries of both, those of one place added up."""
    rows, columns = np.append(some[0], others[0]), np.append(some[1], others[1])
    values = np.append(some[2], others[2])
    key, place = np.unique(rows.astype(np.int64) * count + columns, return_inverse=True)
    total = np.bincount(place.reshape(-1), values, len(key))
    there = total != 0.0
    return (key // count)[there].astype(np.int32), (key % count)[there].astype(np.int32), total[there]


def _places(columns: Integers, count: int) -> Integers:
    """Where each column stands among some, -1 for others, shape (count,)."""
    found = np.full(count, -1, np.int32)
    found[columns] = np.arange(len(columns), dtype=np.int32)
    return found
