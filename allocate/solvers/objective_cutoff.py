"""Objective cutoff: a row that keeps an earlier objective where it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.program.arrays import Floats, Matrix, ProgramArrays, frozen


def fenced(arrays: ProgramArrays, costs: Floats, lower: float, upper: float) -> ProgramArrays:
    """The program with one row more, behind the others, over the columns an objective has."""
    ids = np.flatnonzero(costs)
    start = arrays.start + np.concatenate([[0], np.cumsum(costs != 0)])
    at = arrays.start[ids + 1]
    matrix = Matrix(
        frozen(start.astype(np.int32)),
        frozen(np.insert(arrays.index, at, arrays.row_count).astype(np.int32)),
        frozen(np.insert(arrays.value, at, costs[ids])),
    )
    sides = (frozen(np.append(arrays.row_lower, lower)), frozen(np.append(arrays.row_upper, upper)))
    return replace(arrays, row_lower=sides[0], row_upper=sides[1], matrix=matrix)
