"""Formulas worked out one by one, as a spreadsheet does when its cells change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allocate.formula import FUNCTIONS, Formula, in_order


def evaluated(formula: Any, cells: Mapping[Any, float]) -> float:
    """What a formula comes to with other figures in some of its cells; KeyError for a function it does not know."""
    if not isinstance(formula, Formula):
        return float(formula)
    values: dict[int, float] = {}
    for one in in_order([formula]):
        if one.operation == "cell":
            values[id(one)] = cells.get(one.parts[0], one.value)
        else:
            parts = [values[id(part)] if isinstance(part, Formula) else float(part) for part in one.parts]
            values[id(one)] = FUNCTIONS[one.operation](*parts)
    return values[id(formula)]
