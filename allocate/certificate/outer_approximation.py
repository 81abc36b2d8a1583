"""Outer approximation: the program of a case made as wide as the case itself where straight pieces stand for curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.costing.limits.targets import value_floors
from allocate.program.arrays import ProgramArrays, frozen
from allocate.program.build import Built


def curve_error(built: Built) -> float:
    """Most money by which the first objective can be more than the pieces say, all products at once."""
    if built.aims[0].name == "cost":
        return 0.0
    factor = built.layout.payments.value_factor
    return float(sum(one.error * factor[product] for product, one in built.layout.values.items()))


def widened(built: Built, arrays: ProgramArrays) -> ProgramArrays:
    """A program that every plan of the case keeps, with an objective no worse than the plan's true one.

    The pieces lie under the value curves by at most their stated error. So a floor on value is lowered by the errors of
    its products, and the objective raised by those of all: a bound on this program is one on the case.
    """
    values = built.layout.values
    lower = arrays.row_lower.copy()
    floors = built.program.rows.get("value_floor")
    if floors is not None:
        asked = value_floors(built.layout.case)
        hidden = [sum(values[p].error * float(one.each[p]) for p in one.products if p in values) for one in asked]
        lower[floors.start : floors.stop] = np.nextafter(lower[floors.start : floors.stop] - hidden, -np.inf)
    offset = arrays.offset + curve_error(built)
    return replace(arrays, row_lower=frozen(lower), offset=offset)


def floors_are_exact(built: Built) -> bool:
    """Whether no floor on value is asked of pieces that may understate it."""
    return "value_floor" not in built.program.rows or not any(one.error for one in built.layout.values.values())
