"""A program cut into parts that only some rows tie together, found from a hint."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Integers, ProgramArrays
from allocate.program.structure import Structure

AXIS = "product"
"""Axis whose positions group the columns: products share money, vendors' time and a few rules, and little else."""
WHOLE = "program"
"""Stands for one group of all columns."""


def groups_by(structure: Structure, name: str) -> Integers:
    """Group of each column, -1 for none, shape (columns,): by an axis, or all in one by `WHOLE`."""
    return np.zeros(structure.columns.count, np.int32) if name == WHOLE else structure.columns.axis(name)


def partition(arrays: ProgramArrays, groups: Integers) -> tuple[Integers, Integers]:
    """Part of each column and of each row, -1 for none, shapes (columns,) and (rows,).

    groups: a group of each column, -1 for none, shape (columns,). A row belongs to a part when all its columns do.
    Columns without a group join the part all their rows speak of.
    """
    part = _joined(arrays, np.unique(groups, return_inverse=True)[1].astype(np.int32) - (groups.min(initial=0) < 0))
    return part, owners(arrays, part)


def owners(arrays: ProgramArrays, part: Integers, strict: bool = True) -> Integers:
    """The one part each row speaks of, else -1, shape (rows,).

    strict: a column without a part keeps a row from belonging to one.
    """
    count = np.int32(part.max(initial=-1) + 1)
    of = part[arrays.column]
    low, high = np.full(arrays.row_count, count), np.full(arrays.row_count, -1, np.int32)
    np.minimum.at(low, arrays.index, of if strict else np.where(of < 0, count, of))
    np.maximum.at(high, arrays.index, of)
    return np.where((low == high) & (high >= 0), high, -1).astype(np.int32)


def _joined(arrays: ProgramArrays, part: Integers) -> Integers:
    """Parts of all columns after those without one have joined where they can."""
    while (open_ := np.flatnonzero(part < 0)).size:
        owner = owners(arrays, part, strict=False)
        entries = np.isin(arrays.column, open_)
        columns, rows = arrays.column[entries], arrays.index[entries]
        # A row that speaks of no part yet, or of several, keeps its columns out.
        low, high = np.full(arrays.column_count, len(part), np.int32), np.full(arrays.column_count, -1, np.int32)
        np.minimum.at(low, columns, owner[rows])
        np.maximum.at(high, columns, owner[rows])
        joins = open_[(low[open_] == high[open_]) & (high[open_] >= 0)]
        if not joins.size:
            break
        part = part.copy()
        part[joins] = high[joins]
    return part
