"""How good any plan can be at most, from row duals of whatever origin: weak duality with safe rounding."""

from __future__ import annotations

import math

import numpy as np

from allocate.certificate.bound_propagation import ROUNDING
from allocate.program.arrays import Floats, ProgramArrays

REPAIRS = 1000
"""Columns whose reduced cost is put right by moving a dual, at most."""


def proven_bound(
    arrays: ProgramArrays, duals: Floats, boxes: tuple[Floats, Floats], worst: float | None = None
) -> float:
    r"""A figure no plan of the program is better than; infinite where these duals prove nothing.

    duals: one number per row, shape (m,); any numbers prove something, good ones prove more. boxes: bounds of the
    columns. worst: the boxes hold only for plans no worse than this, so the bound is no better than it either.

    .. math:: c'x \le \sum_i \max(u_i y_i, l_i y_i) + \sum_j \max_{\underline{x}_j \le x_j \le \overline{x}_j}
        \Bigl(c_j - \sum_i a_{ij} y_i\Bigr) x_j \qquad \forall x \text{ that keep the rows}

    (maximised; mirrored when minimised). Duals that press on a side a row does not have count as 0. Reduced costs carry
    the most that rounding can have changed (Higham, Accuracy and Stability of Numerical Algorithms, ch. 3), products are
    rounded up, and the sum is exact before its last rounding, so the figure holds as it stands: no trust in a solver, a
    tolerance or luck.
    """
    sense = 1.0 if arrays.maximise else -1.0
    signed = sense * usable(arrays, duals)
    by_rows = row_terms(signed, arrays.row_lower, arrays.row_upper)
    reduced, error = reduced_costs(arrays, signed, sense)
    by_columns = most(reduced, error, *boxes)
    bound = sum_above(np.concatenate([by_rows, by_columns, [sense * arrays.offset]]))
    if worst is not None:
        bound = max(bound, sense * worst)
    return sense * bound


def usable(arrays: ProgramArrays, duals: Floats) -> Floats:
    """The duals with 0 for those that press on a side their row does not have, and for what is not a number."""
    sense = 1.0 if arrays.maximise else -1.0
    known = np.where(np.isfinite(duals), duals, 0.0)
    pressing_above, pressing_below = sense * known > 0, sense * known < 0
    idle = (pressing_above & np.isinf(arrays.row_upper)) | (pressing_below & np.isinf(arrays.row_lower))
    return np.where(idle, 0.0, known)


def repaired(arrays: ProgramArrays, duals: Floats, boxes: tuple[Floats, Floats]) -> Floats:
    """Duals moved a little where a column without an end would otherwise make the bound infinite.

    Each such column's reduced cost is taken up by the dual of one of its rows; what that does to other columns counts in
    the bound. More than `REPAIRS` columns are left as they are.
    """
    sense = 1.0 if arrays.maximise else -1.0
    signed = sense * usable(arrays, duals)
    reduced, error = reduced_costs(arrays, signed, sense)
    for column in np.flatnonzero(np.isinf(most(reduced, error, *boxes)))[:REPAIRS].tolist():
        entries = slice(arrays.start[column], arrays.start[column + 1])
        rows, values = arrays.index[entries], arrays.value[entries]
        now = float(sense * arrays.costs[column] - values @ signed[rows])
        room = 2.0 * float(error[column])
        if now + room > 0 and np.isinf(boxes[1][column]):
            step = now + room
        elif now - room < 0 and np.isinf(boxes[0][column]):
            step = now - room
        else:
            continue
        change = step / values
        after = signed[rows] + change
        able = np.where(after > 0, np.isfinite(arrays.row_upper[rows]), np.isfinite(arrays.row_lower[rows]))
        if able.any():
            best = np.flatnonzero(able)[np.argmax(np.abs(values[able]))]
            signed[rows[best]] += change[best]
    return sense * signed


def row_terms(signed: Floats, lower: Floats, upper: Floats) -> Floats:
    """What each row allows at its price; `signed` is for a program that is maximised, its sides are the program's own."""
    side = np.where(signed > 0, upper, lower)
    return np.where(signed == 0, 0.0, signed * np.where(signed == 0, 0.0, side))


def reduced_costs(arrays: ProgramArrays, signed: Floats, sense: float) -> tuple[Floats, Floats]:
    """Reduced costs of the program as one that is maximised, and the most by which rounding can have changed each."""
    terms = arrays.value * signed[arrays.index]
    taken = np.bincount(arrays.column, terms, minlength=arrays.column_count)
    size = np.bincount(arrays.column, np.abs(terms), minlength=arrays.column_count) + np.abs(arrays.costs)
    error = ROUNDING * (np.diff(arrays.start) + 4) * size
    return sense * arrays.costs - taken, error


def most(reduced: Floats, error: Floats, lower: Floats, upper: Floats) -> Floats:
    """Most that each column can add within its bounds, whichever reduced cost within the error is the true one."""
    with np.errstate(invalid="ignore"):
        corners = [
            np.where(price == 0, 0.0, price * bound)
            for price in (reduced - error, reduced + error)
            for bound in (lower, upper)
        ]
    greatest: Floats = np.max(corners, axis=0)
    return greatest


def sum_above(terms: Floats) -> float:
    """A figure no less than the sum of terms that are each right to within one rounding."""
    if np.isinf(terms).any() or np.isnan(terms).any():
        return math.inf
    total, size = math.fsum(terms.tolist()), math.fsum(np.abs(terms).tolist())
    return math.nextafter(total + ROUNDING * size, math.inf) if size else 0.0
