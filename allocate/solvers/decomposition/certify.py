"""The bound of an integer program from prices alone, computed again part by part."""

from __future__ import annotations

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.structure import Structure
from allocate.solvers.decomposition.blocks import AXIS, cut, maximised
from allocate.solvers.decomposition.pricing import Pricing


def bound_at(arrays: ProgramArrays, structure: Structure, prices: Floats) -> float:
    r"""What no plan of a program passes, from prices of its rows, shape (m,); those of rows inside a part do not count.

    .. math:: \max\ c'x \;\le\; \pi'b + \sum_p \max \{(c - A'\pi)_p' x_p : x_p \in X_p\} \qquad \forall \pi

    with X the plans of one part by itself (Lagrange). Each inner maximum is bounded by a tree whose every leaf is bounded
    by weak duality in floating point with an upper limit on the rounding added: HiGHS proposes the duals of the leaves,
    nothing it says is believed. Infinite where the prices prove nothing. Any prices will do; better ones bound closer.
    """
    program = maximised(arrays)
    sign = 1.0 if arrays.maximise else -1.0
    parts = cut(program, structure.columns.axis(AXIS))
    return sign * Pricing(parts).round(sign * prices[parts.linking]).bound
