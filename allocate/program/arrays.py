"""A linear or integer program as plain numpy arrays, and the assembly of its sparse matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]

LARGEST = 2**31 - 1
FEW = 4
"""Points with less than one column in so many above zero are summed over those columns alone."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Compressed columns: the entries of column j are ``index[start[j]:start[j + 1]]`` (rows) and ``value[...]``."""

    start: Integers
    index: Integers
    value: Floats


@dataclass(frozen=True, eq=False)
class ProgramArrays:
    """Optimise ``costs @ x + offset`` over ``row_lower <= A x <= row_upper`` and ``lower <= x <= upper``.

    ``A`` is kept by columns (``Matrix``). All arrays are read-only. Shapes: columns (n), rows (m), nonzeros (k);
    ``start`` has n + 1 entries.
    """

    maximise: bool
    offset: float
    costs: Floats
    lower: Floats
    upper: Floats
    integer: Booleans
    row_lower: Floats
    row_upper: Floats
    matrix: Matrix

    def relaxed(self) -> ProgramArrays:
        """The same program without whole-number conditions."""
        return replace(self, integer=frozen(np.zeros_like(self.integer)))

    def with_whole_numbers(self, values: Floats) -> ProgramArrays:
        """The linear program that is left when every whole-number column stays where a plan has it."""
        at = np.round(values)
        lower, upper = (frozen(np.where(self.integer, at, side)) for side in (self.lower, self.upper))
        return replace(self.relaxed(), lower=lower, upper=upper)

    def picked(self, columns: Integers) -> ProgramArrays:
        """The same rows over some of the columns, in the order given."""
        begin, length = self.start[columns], np.diff(self.start)[columns]
        start = np.concatenate([[0], np.cumsum(length)])
        at = np.repeat(begin - start[:-1], length) + np.arange(start[-1])
        matrix = Matrix(frozen(start.astype(np.int32)), frozen(self.index[at]), frozen(self.value[at]))
        costs, lower, upper, integer = (
            frozen(part[columns]) for part in (self.costs, self.lower, self.upper, self.integer)
        )
        return replace(self, costs=costs, lower=lower, upper=upper, integer=integer, matrix=matrix)

    @property
    def start(self) -> Integers:
        """Where each column's coefficients begin, shape (n + 1,)."""
        return self.matrix.start

    @property
    def index(self) -> Integers:
        """Row of every stored coefficient, shape (k,)."""
        return self.matrix.index

    @property
    def value(self) -> Floats:
        """Every stored coefficient, shape (k,)."""
        return self.matrix.value

    @property
    def column_count(self) -> int:
        """Number of columns n."""
        return len(self.costs)

    @property
    def row_count(self) -> int:
        """Number of rows m."""
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        """Number of stored coefficients k."""
        return len(self.index)

    @cached_property
    def column(self) -> Integers:
        """Column of every stored coefficient, shape (k,)."""
        return frozen(np.repeat(np.arange(self.column_count, dtype=np.int32), np.diff(self.start)))

    @cached_property
    def by_rows(self) -> tuple[Integers, Integers, Floats]:
        """The matrix by rows: starts (m + 1), columns (k, ascending within a row), values (k)."""
        order = np.argsort(self.index, kind="stable")
        start = np.zeros(self.row_count + 1, np.int32)
        np.cumsum(np.bincount(self.index, minlength=self.row_count), out=start[1:])
        return frozen(start), frozen(self.column[order]), frozen(self.value[order])

    def objective(self, values: Floats) -> float:
        """The objective, offset included, at a point of shape (n,)."""
        return inner(self.costs, values) + self.offset

    def activity(self, values: Floats) -> Floats:
        """``A x``: the value of every row at a point of shape (n,)."""
        index, terms = self.terms(values)
        return np.bincount(index, weights=terms, minlength=self.row_count).astype(np.float64, copy=False)

    def terms(self, values: Floats) -> tuple[Integers, Floats]:
        """Rows and amounts of the terms of ``A x``; those of columns at zero are left out where most columns are."""
        used = np.flatnonzero(values)
        if FEW * len(used) > self.column_count:
            return self.index, self.value * values[self.column]
        lengths = np.diff(self.start)[used]
        before = np.cumsum(lengths) - lengths
        entries = np.repeat(self.start[used] - before, lengths) + np.arange(int(lengths.sum()))
        return self.index[entries], self.value[entries] * np.repeat(values[used], lengths)

    def priced(self, duals: Floats) -> Floats:
        """``A' y``: what the rows charge every column at row prices of shape (m,)."""
        terms = self.value * duals[self.index]
        return np.bincount(self.column, weights=terms, minlength=self.column_count).astype(np.float64, copy=False)


def maximised(arrays: ProgramArrays) -> ProgramArrays:
    """The same program, to be maximised."""
    if arrays.maximise:
        return arrays
    return replace(arrays, maximise=True, costs=frozen(-arrays.costs), offset=-arrays.offset)


@dataclass(frozen=True, eq=False)
class Batch:
    """Coefficients added together: rows, columns and values, each an array of one length or a single number."""

    rows: Integers | int
    columns: Integers
    values: Floats | float
    ascending: bool
    """Columns never step back, so entries of one column lie together."""
    distinct: bool
    """No place of the matrix is named twice within the batch."""
    contiguous: bool
    """Columns are a run of consecutive numbers."""

    @property
    def rectangle(self) -> tuple[int, int, int, int]:
        """First and last row, first and last column touched."""
        rows, columns = self.rows, self.columns
        low, high = (rows, rows) if isinstance(rows, int) else (int(rows.min()), int(rows.max()))
        if self.ascending:
            return low, high, int(columns[0]), int(columns[-1])
        return low, high, int(columns.min()), int(columns.max())


def batch(rows: Integers | int, columns: Integers, values: Floats | float, distinct: bool = False) -> Batch:
    """A batch with its order found out: assembly is cheap where columns ascend."""
    steps = np.diff(columns)
    rising = bool((steps > 0).all())
    contiguous = rising and int(columns[-1]) - int(columns[0]) == len(columns) - 1
    return Batch(rows, columns, values, rising or bool((steps >= 0).all()), distinct or rising, contiguous)


def assemble(batches: Sequence[Batch], columns: int, rows: int) -> Matrix:
    """Compressed columns of all batches; entries naming one place add up.

    Linear in the number of entries: each batch is laid behind what the columns hold already. Only batches that may
    name a place twice are sorted.
    """
    batches = _summed(list(batches), rows)
    counts = np.zeros(columns, np.int64)
    for part in batches:
        _count(part, counts)
    start = np.zeros(columns + 1, np.int64)
    np.cumsum(counts, out=start[1:])
    if start[-1] > LARGEST:
        raise ValueError(f"the program has {start[-1]} coefficients; at most {LARGEST} fit")
    free = start[:-1].copy()
    index = np.empty(start[-1], np.int32)
    value = np.empty(start[-1], np.float64)
    while batches:
        _lay(batches.pop(0), free, index, value)
    return Matrix(frozen(start.astype(np.int32)), frozen(index), frozen(value))


def inner(left: Floats, right: Floats) -> float:
    """The sum of products, to the same bit on every machine: a BLAS parts long sums among however many cores it finds."""
    return float(np.add.reduce(left * right))


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array itself, made read-only."""
    array.flags.writeable = False
    return array


def _count(part: Batch, counts: NDArray[np.int64]) -> None:
    if part.contiguous:
        counts[part.columns[0] : part.columns[-1] + 1] += 1
    else:
        counts += np.bincount(part.columns, minlength=len(counts))


def _lay(part: Batch, free: NDArray[np.int64], index: Integers, value: Floats) -> None:
    if not part.ascending:
        part = _sorted(part)
    columns = part.columns
    if part.contiguous:
        places = free[columns[0] : columns[-1] + 1]
        index[places] = part.rows
        value[places] = part.values
        places += 1
        return
    first = np.flatnonzero(np.diff(columns, prepend=-1))
    lengths = np.diff(first, append=len(columns))
    rank = np.arange(len(columns)) - np.repeat(first, lengths)
    places = free[columns] + rank
    index[places] = part.rows
    value[places] = part.values
    free[columns[first]] += lengths


def _sorted(part: Batch) -> Batch:
    order = np.argsort(part.columns, kind="stable")
    rows = part.rows if isinstance(part.rows, int) else part.rows[order]
    values = part.values if isinstance(part.values, float) else part.values[order]
    return batch(rows, part.columns[order], values, part.distinct)


def _summed(batches: list[Batch], rows: int) -> list[Batch]:
    """Batches naming no place twice: those that may are sorted together and added up where they do."""
    suspects = _suspects(batches)
    if not suspects.any():
        return batches
    chosen = [part for part, suspect in zip(batches, suspects, strict=True) if suspect]
    size = [len(part.columns) for part in chosen]
    row = np.concatenate([np.broadcast_to(part.rows, n) for part, n in zip(chosen, size, strict=True)])
    column = np.concatenate([part.columns for part in chosen])
    value = np.concatenate([np.broadcast_to(part.values, n) for part, n in zip(chosen, size, strict=True)])
    key = column.astype(np.int64) * rows + row
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    if len(first) == len(key):
        return batches
    total = np.add.reduceat(value[order], first)
    lasting = total != 0
    row, column = row[order][first][lasting].astype(np.int32), column[order][first][lasting]
    others = [part for part, suspect in zip(batches, suspects, strict=True) if not suspect]
    return [*others, batch(row, column, total[lasting], distinct=True)] if len(column) else others


def _suspects(batches: list[Batch]) -> Booleans:
    """Batches that may name a place twice: by themselves, or because their rectangles overlap."""
    suspects = np.array([not part.distinct for part in batches], bool)
    if not batches:
        return suspects
    low, high, left, right = np.array([part.rectangle for part in batches]).T
    order = np.argsort(low, kind="stable")
    # A sweep over first rows: only batches whose row intervals meet are compared.
    reach = np.searchsorted(low[order], high[order], side="right")
    for position, number in enumerate(order):
        rest = order[position + 1 : reach[position]]
        meets = rest[(left[rest] <= right[number]) & (left[number] <= right[rest])]
        if len(meets):
            suspects[number] = True
            suspects[meets] = True
    return suspects


class Growing:
    """An array that grows by parts and is handed out whole, read-only, without copying twice."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._whole: NDArray[Any] = np.empty(0, kind)
        self._parts: list[NDArray[Any]] = []

    def append(self, part: NDArray[Any]) -> None:
        """Add a part at the end; the caller gives it away."""
        self._parts.append(part)

    @property
    def whole(self) -> NDArray[Any]:
        """All parts as one read-only array; later changes do not touch it."""
        if self._parts:
            self._whole = np.concatenate([self._whole, *self._parts])
            self._parts = []
        return frozen(self._whole)

    def put(self, where: Any, values: Any, add: bool = False) -> None:
        """Write (or add) values at positions; arrays handed out before stay as they were."""
        changed = self.whole.copy()
        if add:
            np.add.at(changed, where, values)
        else:
            changed[where] = values
        self._whole = changed


def risen(before: Floats, after: Floats) -> Floats:
    """Difference of finite sides of rows, 0 for infinite ones."""
    finite = np.isfinite(before) & np.isfinite(after)
    return np.subtract(after, before, out=np.zeros(len(before)), where=finite)
