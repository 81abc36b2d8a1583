"""A bound from prices that are not yet optimal: what no plan can pass, by weak duality."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.tolerances import REDUCED_COST


def bound_at(arrays: ProgramArrays, prices: Floats, gain: Floats) -> float | None:
    r"""What no plan passes, from prices y of the rows and what columns gain at them; None where they prove nothing.

    .. math:: c'x \le \sum_i \max(u_i y_i, l_i y_i) + \sum_j \max_{\underline{x}_j \le x_j \le \overline{x}_j} (c - A'y)_j x_j

    (maximised; turn it around when minimised). A column without an upper bound whose reduced cost is above zero would make
    this infinite, so first the price of one row it fills, that which leaves it least room, is raised until it is not.
    """
    sense = 1.0 if arrays.maximise else -1.0
    prices = sense * prices + _raised(arrays, gain)
    left = sense * arrays.costs - arrays.priced(prices)
    parts = (_most(prices, arrays.row_lower, arrays.row_upper), _most(left, arrays.lower, arrays.upper))
    total = float(sum(parts))
    return sense * total + arrays.offset if np.isfinite(total) else None


def _raised(arrays: ProgramArrays, gain: Floats) -> Floats:
    """What to add to the price of each row, so that what still pays without end no longer does, shape (m,)."""
    fills = _fillable(arrays)
    endless = np.flatnonzero((gain > 0.0) & np.isposinf(arrays.upper)).astype(np.int32)
    part, gain = arrays.picked(endless), gain[endless]
    use = fills[part.index] & (part.value > 0.0)
    column, row, value = part.column[use], part.index[use], part.value[use]
    order = np.lexsort((row, arrays.row_upper[row] / value, column))
    first = order[np.flatnonzero(np.diff(column[order], prepend=-1))]
    raised = np.zeros(arrays.row_count)
    np.maximum.at(raised, row[first], gain[column[first]] / value[first])
    return raised


def _fillable(arrays: ProgramArrays) -> Booleans:
    """Rows with an upper side, of columns that only fill them."""
    takes = (arrays.value < 0.0) | (arrays.lower < 0.0)[arrays.column]
    never = np.bincount(arrays.index, weights=takes, minlength=arrays.row_count) == 0
    fills: Booleans = never & np.isfinite(arrays.row_upper)
    return fills


def _most(price: Floats, lower: Floats, upper: Floats) -> float:
    """The most that amounts between bounds can bring at a price each."""
    side = np.where(price > 0.0, upper, lower)
    counts = (price != 0.0) & (np.isfinite(side) | (np.abs(price) > REDUCED_COST))
    return float((price[counts] * side[counts]).sum())
