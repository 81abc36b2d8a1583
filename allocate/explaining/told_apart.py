"""Programs in which things that are alike are told apart a little, by their order, so that one of several answers is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.tolerances import TOLD_APART

GOLDEN = (5.0**0.5 - 1.0) / 2.0
"""Multiples of it leave parts of one that no few of them add up to alike."""
STEPS = 4
"""How often sizes of rows are taken from those of their columns, and the other way round."""


def golden_parts(count: int) -> Floats:
    """Parts of one, no two of them alike."""
    found: Floats = np.mod(GOLDEN * np.arange(1.0, count + 1.0), 1.0)
    return found


def with_room_told_apart(arrays: ProgramArrays, most: float) -> ProgramArrays:
    """A program whose rows and columns leave slightly more room, by their order, so that of several sets of prices that prove
    as much one is left.

    Each is given a part of its own size, so that it is the same in whatever units the program is written. What asks for an
    exact amount stays as it is. most: no part is larger.
    """
    rows, columns = sizes_of(arrays)
    of_rows, of_columns = (
        min(TOLD_APART, most) * (1.0 + golden_parts(len(one))) / 2.0 * one for one in (rows, columns)
    )
    free_rows, free_columns = arrays.row_lower < arrays.row_upper, arrays.lower < arrays.upper
    of_rows, of_columns = np.where(free_rows, of_rows, 0.0), np.where(free_columns, of_columns, 0.0)
    return replace(
        arrays,
        row_lower=frozen(arrays.row_lower - of_rows),
        row_upper=frozen(arrays.row_upper + of_rows),
        lower=frozen(arrays.lower - of_columns),
        upper=frozen(arrays.upper + of_columns),
    )


def sizes_of(arrays: ProgramArrays) -> tuple[Floats, Floats]:
    """About what rows and columns amount to, shapes (m,) and (n,): of columns from the limits of rows, of others from theirs."""
    matrix = np.abs(arrays.value)
    rows = _largest(arrays.row_lower, arrays.row_upper)
    columns = _largest(arrays.lower, arrays.upper)
    for _ in range(STEPS):
        found = np.zeros(arrays.column_count)
        np.maximum.at(
            found, arrays.column, np.divide(rows[arrays.index], matrix, out=np.zeros(len(matrix)), where=matrix > 0)
        )
        columns = np.where(columns > 0, columns, found)
        found = np.zeros(arrays.row_count)
        np.maximum.at(found, arrays.index, columns[arrays.column] * matrix)
        rows = np.where(rows > 0, rows, found)
    return rows, columns


def _largest(lower: Floats, upper: Floats) -> Floats:
    """The larger of two sides that are finite; 0 without."""
    sides = (np.where(np.isfinite(one), np.abs(one), 0.0) for one in (lower, upper))
    found: Floats = np.maximum(*sides)
    return found
