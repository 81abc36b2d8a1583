"""Duals checked by arithmetic against the plan they belong to, so their sign never depends on who computed them."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.tolerances import SIGN


def signed_duals(arrays: ProgramArrays, values: Floats, duals: Floats) -> tuple[Floats, Floats] | None:
    r"""Row duals and reduced costs in our sign, from duals of unknown sign; None when they prove nothing.

    Ours: the dual of a row is the change of the objective, in the program's own sense, per unit more on the row's
    right-hand side, and the reduced cost of column j is :math:`c_j - \sum_i y_i a_{ij}`. At an optimum of a linear
    program that is maximised a dual is >= 0 where the row presses from above and <= 0 where from below, a reduced cost
    is <= 0 at a lower and >= 0 at an upper bound, and both are 0 in between; mirrored when minimised.
    """
    if not (np.isfinite(values).all() and np.isfinite(duals).all()):
        return None
    for sign in (1.0, -1.0):
        # 0.0 added so that no dual reads -0.
        signed = sign * duals + 0.0
        reduced = arrays.costs - arrays.priced(signed)
        if proves(arrays, values, signed, reduced):
            return signed, reduced
    return None


def proves(arrays: ProgramArrays, values: Floats, duals: Floats, reduced: Floats) -> bool:
    """Whether duals and reduced costs have the signs that make a feasible point optimal."""
    sense = 1.0 if arrays.maximise else -1.0
    scale = np.abs(arrays.costs) + np.bincount(
        arrays.column, weights=np.abs(arrays.value * duals[arrays.index]), minlength=arrays.column_count
    )
    columns = _pressed(sense * reduced, values, np.abs(values), arrays.lower, arrays.upper, np.maximum(scale, 1.0))
    largest = max(1.0, float(np.abs(duals).max(initial=0.0)))
    terms = np.bincount(
        arrays.index, weights=np.abs(arrays.value * values[arrays.column]), minlength=arrays.row_count
    ).astype(np.float64)
    rows = _pressed(sense * duals, arrays.activity(values), terms, arrays.row_lower, arrays.row_upper, largest)
    return bool(columns.all() and rows.all())


def _pressed(price: Floats, at: Floats, size: Floats, lower: Floats, upper: Floats, scale: Floats | float) -> Booleans:
    """Price positive only at the upper side, negative only at the lower side (maximising); size: of the terms of `at`."""
    slight = np.abs(price) <= SIGN * scale
    near = SIGN * np.maximum(1.0, size)
    return slight | ((price > 0) & (at >= upper - near)) | ((price < 0) & (at <= lower + near))
