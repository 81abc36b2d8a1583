"""Formulas in every scenario at once: cells become arrays, and what is worked out from them follows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from allocate.formula import _FUNCTIONS, Formula, in_order
from allocate.numbers import Floats

_ARRAYS: Mapping[str, Callable[..., Any]] = {
    "+": lambda *terms: reduce(operator.add, terms),
    "*": operator.mul,
    "^": operator.pow,
    "IF": np.where,
    "AND": lambda *conditions: np.logical_and.reduce(np.broadcast_arrays(*conditions)),
    "NOT": np.logical_not,
    "MIN": lambda *numbers: reduce(np.minimum, numbers),
    "MAX": lambda *numbers: reduce(np.maximum, numbers),
    "ROUNDUP": lambda number, _: np.ceil(number),
    "ROUNDDOWN": lambda number, _: np.floor(number),
    "LN": np.log,
    "ABS": np.abs,
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def _quotient(above: Any, below: Any) -> Any:
    above, below = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.divide(above, below, out=np.full(below.shape, np.inf), where=below != 0)


def in_scenarios(ends: Sequence[Any], cells: Mapping[Any, Floats], count: int) -> list[Floats]:
    """What formulas, and numbers, come to in each scenario, shape (count,) each; conditions as 1 and 0.

    cells: the figures of each cell by its name, shape (count,). KeyError for a cell that is not among them.
    """
    found: dict[int, Any] = {}
    for one in in_order([end for end in ends if isinstance(end, Formula)]):
        if one.operation == "cell":
            found[id(one)] = cells[one.parts[0]]
            continue
        parts = [found[id(part)] if isinstance(part, Formula) else part for part in one.parts]
        if one.operation == "/":
            found[id(one)] = _quotient(*parts)
        elif one.operation in _ARRAYS:
            found[id(one)] = _ARRAYS[one.operation](*parts)
        else:
            found[id(one)] = np.frompyfunc(_FUNCTIONS[one.operation], len(parts), 1)(*parts).astype(np.float64)
    return [
        np.broadcast_to(np.asarray(found[id(end)] if isinstance(end, Formula) else end, np.float64), (count,))
        for end in ends
    ]
