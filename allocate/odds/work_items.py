"""What an item of each route takes and is worth, in every scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate.costing.routes import routes, some, traced
from allocate.costing.table import Routes
from allocate.costing.terms.rate_card import rate_lines
from allocate.costing.work.stages import weeks_after, whole_periods
from allocate.formula import pinned
from allocate.numbers import Floats
from allocate.odds.drawn import LEADS, Drawn, Places
from allocate.odds.in_scenarios import in_scenarios

ROUNDS = 12
"""Sides of conditions that are costed together, before each scenario left is costed by itself."""


@dataclass(frozen=True, eq=False)
class Made:
    """What one item of some routes takes; arrays have shape (routes, scenarios)."""

    hours: Floats
    review_hours: Floats
    equivalent_units: Floats
    accuracy: Floats
    effective: Floats
    error_cost: Floats
    """Shape (routes, T, scenarios)."""
    lead: Places
    """Periods from work to delivery."""
    stages: Floats | None
    """Hours of the vendor by stage, shape (routes, stages, scenarios); None where all are worked at once."""
    review_stages: Floats | None


def made(table: Routes, chosen: Sequence[int], drawn: Drawn) -> Made:
    """What an item of some routes of a case takes in every scenario."""
    like, lead = some(table, chosen), _leads(table, chosen, drawn)
    if not drawn.of_money:
        return _stacked(_columns(like), like, lead)

    def ends(scenario: int) -> list[Any]:
        return _columns(traced(drawn.in_cells(scenario), table, chosen))

    def by_itself(scenario: int) -> list[Any]:
        alone = routes(drawn.at(scenario))
        keys = [alone.numbers[table.key(route)] for route in chosen]
        return _columns(some(alone, keys))

    found = np.empty((len(_columns(like)), drawn.count))
    for scenarios, values in together(drawn, {}, ends, by_itself):
        found[:, scenarios] = values
    return _stacked(found, like, lead)


def together(
    drawn: Drawn,
    cells: dict[Any, Floats],
    ends: Callable[[int], Sequence[Any]],
    by_itself: Callable[[int], Sequence[float]],
) -> Iterator[tuple[Places, Any]]:
    """Formulas worked out for as many scenarios at once as stand on one side of every condition they took.

    ends: the formulas as one scenario makes them; by_itself: the same figures of one scenario, for those that are left or
    where some figure has no formula. cells: arrays of cells beside the drawn figures. Yields positions of scenarios, and
    the figures, one row for each end.
    """
    left = np.arange(drawn.count)
    known = {**{path: drawn.ratios[path] for path in drawn.of_money}, **cells}
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


_PLAIN = ("hours", "review_hours", "equivalent_units", "accuracy", "effective")


def _columns(table: Routes) -> list[Any]:
    """Every figure of some routes one after the other."""
    parts = [getattr(table, name) for name in _PLAIN] + [table.error_cost]
    if table.stages is not None:
        parts += [table.stages.hours, table.stages.review_hours]
    return [one for part in parts for one in part.ravel().tolist()]


def _leads(table: Routes, chosen: Sequence[int], drawn: Drawn) -> Places:
    """Periods from work to delivery of some routes, shape (routes, 1 or scenarios)."""
    late = {path: one for path, one in drawn.ratios.items() if any(step in LEADS for step in path)}
    if not late:
        return np.asarray(table.lead[list(chosen)][:, None])
    found = []
    for scenario in range(drawn.count):
        case = Drawn(drawn.case, drawn.count, late).at(scenario)
        after = np.array([weeks_after(case, table.workflows[table.workflow[route]]) for route in chosen])
        found.append(whole_periods(case, rate_lines(case).lead[table.line[list(chosen)]] + after))
    return np.stack(found, axis=1)


def _stacked(figures: Any, like: Routes, lead: Places) -> Made:
    """The same figures by name."""
    flat, at, found = np.asarray(figures, np.float64), 0, list[Any]()
    flat = flat[:, None] if flat.ndim == 1 else flat
    count = flat.shape[1]
    shapes = [getattr(like, name).shape for name in _PLAIN] + [like.error_cost.shape]
    shapes += [] if like.stages is None else [like.stages.hours.shape] * 2
    for shape in shapes:
        size = int(np.prod(shape))
        found.append(flat[at : at + size].reshape(*shape, count))
        at += size
    stages, review_stages = found[6:] or (None, None)
    hours, review_hours, units, accuracy, effective, error_cost = found[:6]
    return Made(hours, review_hours, units, accuracy, effective, error_cost, lead, stages, review_stages)
