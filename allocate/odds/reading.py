"""Figures of a case read in every scenario at once: as formulas where they have them, else scenario by scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from allocate.case.load import Case
from allocate.formula import pinned
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn, Places
from allocate.odds.in_scenarios import in_scenarios

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
