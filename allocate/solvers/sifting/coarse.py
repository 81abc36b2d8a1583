"""A program with its periods merged into fewer blocks: small, and near enough to say which columns matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.program.arrays import Booleans, Floats, Integers, Matrix, ProgramArrays, frozen
from allocate.program.structure import Side, Structure
from allocate.solvers.sifting.restricted import may_wait

MERGED = "period"
"""The axis along which columns differ least."""


@dataclass(frozen=True, eq=False)
class Kinds:
    """Which columns and rows differ in nothing but their period."""

    columns: Integers
    """Number of each column's kind, shape (n,)."""
    rows: Integers
    """Number of each row's kind, shape (m,)."""
    column_period: Integers
    """Period of each column, -1 where it is not merged with others, shape (n,)."""
    row_period: Integers
    periods: int

    @property
    def mergeable(self) -> Booleans:
        """Columns that have others of their kind to be merged with, or could have."""
        found: Booleans = self.column_period >= 0
        return found


def kinds(arrays: ProgramArrays, structure: Structure, whole: bool = False) -> Kinds:
    """Kinds by the families' axes without the period; what has none is a kind by itself.

    whole: whether whole-numbered columns stay as they are.
    """
    column_period, row_period = structure.columns.axis(MERGED), structure.rows.axis(MERGED)
    apart = ~may_wait(arrays) | (arrays.integer if whole else False)
    column_period = np.where(apart, -1, column_period).astype(np.int32)
    most = max(column_period.max(initial=-1), row_period.max(initial=-1))
    columns, rows = _kind(structure.columns, column_period), _kind(structure.rows, row_period)
    return Kinds(columns, rows, column_period, row_period, int(most) + 1)


def _kind(side: Side, period: Integers) -> Integers:
    key = side.family.astype(np.int64)
    for name in side.axes:
        if name != MERGED:
            axis = side.axis(name)
            key = _numbered(key * (int(axis.max(initial=0)) + 2) + axis + 1)
    key[period < 0] = key.max(initial=0) + 1 + np.arange(int((period < 0).sum()))
    return _numbered(key).astype(np.int32)


def _numbered(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same distinction in numbers from 0 without holes."""
    values, numbers = np.unique(key, return_inverse=True)
    return numbers.astype(np.int64) if len(values) else key


@dataclass(frozen=True, eq=False)
class Coarse:
    """A merged program, and where each column and row of the whole one went."""

    arrays: ProgramArrays
    kinds: Integers
    """Kind of each merged column."""
    whole: Booleans
    """Merged columns that are a column of the program as it is."""
    column: Integers
    row: Integers


def merged(arrays: ProgramArrays, kind: Kinds, blocks: int) -> Coarse:
    r"""The program with its periods merged into so many blocks.

    A merged column is the mean of its members, a merged row their sum, so a plan that spreads its work evenly over each
    block is a plan of both: with :math:`X_{kb} = \sum_{t \in b} x_{kt}`,

    .. math:: \bar a_{ib'} = \frac{1}{|b|} \sum_{t \in b} \sum_{i' \in b'} a_{i't}
    """
    column, columns = _blocks(kind.columns, kind.column_period, kind.periods, blocks)
    row, rows = _blocks(kind.rows, kind.row_period, kind.periods, blocks)
    size = np.bincount(column, minlength=columns)
    key = column[arrays.column].astype(np.int64) * rows + row[arrays.index]
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    total = np.add.reduceat(arrays.value[order], first) if len(first) else np.empty(0)
    at_column, at_row = key[first] // rows, key[first] % rows
    start = np.zeros(columns + 1, np.int32)
    np.cumsum(np.bincount(at_column, minlength=columns), out=start[1:])
    matrix = Matrix(frozen(start), frozen(at_row.astype(np.int32)), frozen(total / size[at_column]))
    costs = _summed(arrays.costs, column, columns) / size
    program = ProgramArrays(
        arrays.maximise,
        arrays.offset,
        frozen(costs),
        _summed(arrays.lower, column, columns),
        _summed(arrays.upper, column, columns),
        frozen(np.zeros(columns, dtype=bool)),
        _summed(arrays.row_lower, row, rows),
        _summed(arrays.row_upper, row, rows),
        matrix,
    )
    kinds_of, whole = np.zeros(columns, np.int32), np.zeros(columns, dtype=bool)
    kinds_of[column] = kind.columns
    whole[column] = ~kind.mergeable
    return Coarse(program, kinds_of, whole, column, row)


def _blocks(kind: Integers, period: Integers, periods: int, blocks: int) -> tuple[Integers, int]:
    """Number of each member's merged one, and how many there are."""
    block = np.maximum(period, 0).astype(np.int64) * blocks // max(periods, 1)
    values, numbers = np.unique(kind.astype(np.int64) * blocks + block, return_inverse=True)
    return numbers.astype(np.int32), len(values)


def _summed(part: Floats, into: Integers, count: int) -> Floats:
    return frozen(np.bincount(into, weights=part, minlength=count).astype(np.float64, copy=False))
