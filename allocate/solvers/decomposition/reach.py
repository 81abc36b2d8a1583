"""How far columns can go by what the rows say, and bounds from prices that hold whatever the rounding."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.tolerances import BOUND_ROOM

PASSES = 3
ROUNDING = 2.0**-52
"""Twice the greatest relative error of one operation on doubles."""


def reach(program: ProgramArrays) -> tuple[Floats, Floats]:
    """Bounds of all columns, shape (n,) each, narrowed by what each row leaves a column when the others lie lowest."""
    lower, upper = program.lower.copy(), program.upper.copy()
    if not program.nonzeros:
        return lower, upper
    rows, columns, value = program.index, program.column, program.value
    up = value > 0
    for _ in range(PASSES):
        # Where another column is endless a room may come out as inf - inf; `least` has counted those out before.
        room = program.row_upper[rows] - _others(program, np.where(up, value * lower[columns], value * upper[columns]))
        _narrow(lower, upper, columns, room / value, up)
        most = np.where(up, value * upper[columns], value * lower[columns])
        room = program.row_lower[rows] + _others(program, -most)
        _narrow(lower, upper, columns, room / value, ~up)
    return lower, upper


def _others(program: ProgramArrays, least: Floats) -> Floats:
    """For every coefficient, the sum over the other entries of its row; minus infinity where one of them is endless."""
    finite = np.isfinite(least)
    known = np.where(finite, least, 0.0)
    total = np.bincount(program.index, weights=known, minlength=program.row_count)
    endless = np.bincount(program.index, weights=~finite, minlength=program.row_count)
    return np.where(endless[program.index] - ~finite > 0, -np.inf, total[program.index] - known)


def _narrow(lower: Floats, upper: Floats, columns: Integers, at: Floats, from_above: Booleans) -> None:
    """Take over limits of columns, upper ones where said and lower ones elsewhere, a little widened."""
    wide = BOUND_ROOM * np.maximum(1.0, np.where(np.isfinite(at), np.abs(at), 1.0))
    np.minimum.at(upper, columns[from_above], (at + wide)[from_above])
    np.maximum.at(lower, columns[~from_above], (at - wide)[~from_above])


def weak_bound(
    program: ProgramArrays, gains: Floats, prices: Floats, lower: Floats, upper: Floats
) -> tuple[float, Floats]:
    """What no point of the rows between the bounds gains more than, whatever the prices; infinite where endless.

    Second, what each column gains after paying for the rows, shape (n,): the bound falls by as much for every unit the
    column lies away from the bound it would rather be at.

    For any y: c'x = y'Ax + (c - A'y)'x, at most the rows' sides at y plus the columns' bounds at c - A'y (weak
    duality). An upper limit on the rounding of all sums is added, so the bound holds for the numbers as stored.
    """
    prices = np.where(np.isinf(np.where(prices > 0, program.row_upper, program.row_lower)), 0.0, prices)
    side = np.where(prices > 0, program.row_upper, np.where(prices < 0, program.row_lower, 0.0))
    charges = program.value * prices[program.index]
    count = program.column_count
    rest = gains - np.bincount(program.column, weights=charges, minlength=count)
    size = np.abs(gains) + np.bincount(program.column, weights=np.abs(charges), minlength=count)
    bound = np.where(rest > 0, upper, np.where(rest < 0, lower, 0.0))
    if np.isinf(bound).any():
        return np.inf, rest
    farthest = np.maximum(np.abs(bound), np.where(np.isfinite(upper), np.abs(upper), 0.0))
    terms = program.row_count + count
    rounding = ROUNDING * terms * (float(np.abs(side) @ np.abs(prices)) + float(farthest @ size))
    return float(side @ prices + bound @ rest) + rounding, rest
