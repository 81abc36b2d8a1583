"""Figures of a case read in every scenario at once: as formulas where they have them, else scenario by scenario."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from allocate.case.load import Case
from allocate.formula import FUNCTIONS, Formula, in_order, pinned
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn, Places

ROUNDS = 12
"""Sides of conditions that are worked out together, before each scenario left is by itself."""
Key = tuple[str, int]
"""What is read, and which one of its kind."""


def together(
    drawn: Drawn,
    cells: Mapping[Any, Floats],
    ends: Callable[[int], Sequence[Any]],
    by_itself: Callable[[int], Sequence[float]],
) -> Iterator[tuple[Places, Any]]:
    """Formulas worked out for as many scenarios at once as stand on one side of every condition they took.

    ends: the formulas as one scenario makes them; by_itself: the same figures of one scenario, for those that are left or
    where some figure has no formula. cells: arrays of cells beside the drawn figures. Yields positions of scenarios, and
    the figures, one row for each end.
    """
    left = np.arange(drawn.count)
    known = {**drawn.ratios, **cells}
    for _ in range(ROUNDS):
        if not len(left):
            return
        try:
            with pinned() as conditions:
                asked = list(ends(int(left[0])))
        except (TypeError, ValueError):  # some figure has no formula
            break
        there = {name: amounts[left] for name, amounts in known.items()}
        held = in_scenarios(list({one.digest: one for one in conditions}.values()), there, len(left))
        same = np.ones(len(left), dtype=np.bool_)
        for condition in held:
            same &= condition.astype(np.bool_)
        there = {name: amounts[same] for name, amounts in there.items()}
        yield left[same], in_scenarios(asked, there, int(same.sum()))
        left = left[~same]
    for scenario in left.tolist():
        yield np.array([scenario]), np.array(list(by_itself(scenario)), dtype=np.float64)[:, None]


def each_scenario(drawn: Drawn, read: Callable[[Case], Iterator[tuple[Key, Floats]]]) -> dict[Key, Floats]:
    """What is read of a case in every scenario, stacked along a last axis of scenarios; of 1 where nothing of it is drawn."""
    plain = {key: np.asarray(one, np.float64) for key, one in read(drawn.case)}
    if not drawn.ratios or not any(one.size for one in plain.values()):
        return {key: one[..., None] for key, one in plain.items()}

    def flat(case: Case) -> list[Any]:
        return [one for _, some in read(case) for one in np.asarray(some).ravel().tolist()]

    found = np.empty((sum(one.size for one in plain.values()), drawn.count))
    for scenarios, values in together(
        drawn, {}, lambda one: flat(drawn.in_cells(one, True)), lambda one: flat(drawn.at(one))
    ):
        found[:, scenarios] = values
    ends = np.cumsum([0, *(one.size for one in plain.values())]).tolist()
    return {
        key: found[start : start + one.size].reshape(*one.shape, drawn.count)
        for (key, one), start in zip(plain.items(), ends[:-1], strict=True)
    }


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
            found[id(one)] = np.frompyfunc(FUNCTIONS[one.operation], len(parts), 1)(*parts).astype(np.float64)
    return [
        np.broadcast_to(np.asarray(found[id(end)] if isinstance(end, Formula) else end, np.float64), (count,))
        for end in ends
    ]
