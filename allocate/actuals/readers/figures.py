"""Columns of figures as programs of many countries write them: `1250.5`, `1,250.50`, `1.250,50`; told by the column itself."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats
from allocate.numerals import Reading, readings

_SIGN = re.compile(r"[+-]?")


@dataclass(frozen=True, eq=False)
class Column:
    """A column of figures."""

    values: Floats
    """nan where a cell is no figure."""
    unclear: int | None = None
    """The first cell that can be read in two ways, and nothing in the column says which."""


def figures(cells: Sequence[str], mark: str = "") -> Column:
    """The figures of a column; mark: what stands before decimals, `.` or `,`; empty: what the column shows.

    A column in which no cell shows it has points before decimals, as programs write them.

    >>> figures(["1.250", "12,5"]).values.tolist(), figures(["1,250", "12.5"]).values.tolist()
    ([1250.0, 12.5], [1250.0, 12.5])
    """
    values = np.array([_plain(cell) for cell in cells])
    if mark != "," and not any(cells[row].strip() for row in np.flatnonzero(np.isnan(values)).tolist()):
        return Column(values)
    read = [readings(_unsigned(cell)) for cell in cells]
    shown = {one[0].mark for one in read if len(one) == 1 and one[0].mark}
    marks = {mark} if mark else shown
    for row, (cell, ways) in enumerate(zip(cells, read, strict=True)):
        if len(ways) > 1 and (len(marks) > 1 or (not marks and "," in cell)):
            return Column(values, row)
    chosen = next(iter(marks), ".")
    for row, (cell, ways) in enumerate(zip(cells, read, strict=True)):
        if len(ways) > 1 or (mark and ways):
            values[row] = _signed(cell, next((one for one in ways if one.mark in (chosen, "")), None))
        elif ways:
            values[row] = _signed(cell, ways[0])
    return Column(values)


def _plain(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _unsigned(cell: str) -> str:
    return _SIGN.sub("", cell.strip(), count=1)


def _signed(cell: str, way: Reading | None) -> float:
    value = math.nan if way is None else float(way.text)
    return -value if cell.strip().startswith("-") else value
