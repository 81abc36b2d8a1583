"""Proof that a program has no plan: a ray of duals, added up without rounding (Farkas' lemma)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.weak_duality import proven_bound, repaired, usable
from allocate.program.arrays import Floats, ProgramArrays, frozen

EXACTLY = 200_000
"""Coefficients up to which the sum is made in fractions; that of a larger program is rounded to the safe side."""


def proves_no_plan(arrays: ProgramArrays, ray: Floats) -> bool:
    r"""Whether duals of the rows, shape (m,), in either sign, prove that no point keeps all rows and bounds.

    .. math:: \sum_i \max(u_i y_i, l_i y_i) < \sum_j \min_{\underline{x}_j \le x_j \le \overline{x}_j} (A'y)_j \, x_j

    Any point that keeps the rows has :math:`y'Ax` no greater than the left side, and one that keeps the bounds no less
    than the right. The sums are exact: every float is the fraction it stands for. Whole-number conditions are left aside.
    """
    without = replace(arrays.relaxed(), maximise=True, offset=0.0, costs=frozen(np.zeros(arrays.column_count)))
    limits = boxes(without)
    for sign in (1.0, -1.0):
        duals = usable(without, repaired(without, sign * ray, limits))
        if arrays.nonzeros > EXACTLY:
            if proven_bound(without, duals, limits) < 0.0:
                return True
        elif _left(without, duals, limits) < 0:
            return True
    return False


def _left(arrays: ProgramArrays, duals: Floats, limits: tuple[Floats, Floats]) -> Fraction | float:
    """The most that rows and bounds leave of nothing, at these duals; infinite where a column has no end."""
    total = Fraction(0)
    charged: dict[int, Fraction] = {}
    for row in np.flatnonzero(duals).tolist():
        dual = float(duals[row])
        total += Fraction(dual) * Fraction(float(arrays.row_upper[row] if dual > 0 else arrays.row_lower[row]))
    for entry in np.flatnonzero(duals[arrays.index]).tolist():
        column = int(arrays.column[entry])
        term = Fraction(float(arrays.value[entry])) * Fraction(float(duals[arrays.index[entry]]))
        charged[column] = charged.get(column, Fraction(0)) - term
    for column, gain in charged.items():
        bound = float((limits[1] if gain > 0 else limits[0])[column])
        if gain and not np.isfinite(bound):
            return np.inf
        total += gain * Fraction(bound) if gain else 0
    return total
