"""Bound propagation: finite bounds on columns that follow from the rows of a program, rounded outwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays

ROUNDING = 2.0**-52
"""Twice the greatest relative error of one operation on floats."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """Coefficients row by row, each row read as ``terms <= side``."""

    row: Integers
    column: Integers
    value: Floats
    side: Floats


def boxes(arrays: ProgramArrays, worst: float | None = None) -> tuple[Floats, Floats]:
    r"""Lower and upper bounds of every column, shapes (n,), kept by all plans that are no worse than a figure.

    worst: plans with an objective worse than this are left out, by one row more.

    A row bounds each of its columns by what its other terms leave:
    :math:`a_{ij} x_j \le u_i - \sum_{k \ne j} \min a_{ik} x_k`, mirrored for its lower side. Only columns without a
    finite bound get one; every figure is moved outwards by more than rounding can have changed.
    """
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    known = -1
    while (finite := _finite(lower, upper)) not in (known, 2 * len(lower)) and known < finite:
        known = finite
        for rows in _both_sides(arrays, worst):
            _tighten(rows, lower, upper)
    return lower, upper


def _finite(lower: Floats, upper: Floats) -> int:
    return int(np.isfinite(lower).sum() + np.isfinite(upper).sum())


def _both_sides(arrays: ProgramArrays, worst: float | None) -> tuple[_Rows, _Rows]:
    """All rows as ``<=``, once by their upper and once by their lower sides; the objective is the last where asked."""
    row, column, value = arrays.index, arrays.column, arrays.value
    low, high = arrays.row_lower, arrays.row_upper
    if worst is not None:
        priced = np.flatnonzero(arrays.costs).astype(np.int32)
        row = np.concatenate([row, np.full(len(priced), arrays.row_count, np.int32)])
        column, value = np.concatenate([column, priced]), np.concatenate([value, arrays.costs[priced]])
        # Whatever rounding does to the difference, the row must not be tighter than what is said.
        slack = ROUNDING * (abs(worst) + abs(arrays.offset))
        least, most = (
            (worst - arrays.offset - slack, np.inf) if arrays.maximise else (-np.inf, worst - arrays.offset + slack)
        )
        low, high = np.append(low, least), np.append(high, most)
    return _Rows(row, column, value, high), _Rows(row, column, -value, -low)


def _tighten(rows: _Rows, lower: Floats, upper: Floats) -> None:
    """Give columns without a bound the one that the rows leave them, in place."""
    count = len(rows.side)
    open_ = np.where(rows.value > 0, np.isinf(upper)[rows.column], np.isinf(lower)[rows.column])
    of_use = (np.isfinite(rows.side) & (np.bincount(rows.row, open_, count) > 0))[rows.row]
    row, column, value, missing = rows.row[of_use], rows.column[of_use], rows.value[of_use], open_[of_use]
    with np.errstate(invalid="ignore"):
        least = np.where(value > 0, value * lower[column], value * upper[column])
    finite = np.isfinite(least)
    terms = np.where(finite, least, 0.0)
    total = np.bincount(row, terms, minlength=count)
    size = np.bincount(row, np.abs(terms), minlength=count)
    number = np.bincount(row, minlength=count)
    open_terms = np.bincount(row, ~finite, minlength=count)
    # What the others take at least is known where no term, or only the column's own, has no end.
    chosen = np.flatnonzero(missing & (open_terms[row] - ~finite == 0))
    at, mine, factor = row[chosen], column[chosen], value[chosen]
    margin = ROUNDING * (number[at] + 8) * (size[at] + np.abs(rows.side[at]))
    bound = (rows.side[at] - (total[at] - terms[chosen]) + margin) / factor
    bound += np.where(factor > 0, 1.0, -1.0) * ROUNDING * 4 * np.abs(bound)
    above = factor > 0
    np.minimum.at(upper, mine[above], bound[above])
    np.maximum.at(lower, mine[~above], bound[~above])
