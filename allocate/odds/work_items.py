"""What an item of each route takes and is worth, in every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate.costing.routes import routes, some, traced
from allocate.costing.table import Routes
from allocate.costing.terms.rate_card import rate_lines
from allocate.costing.work.stages import weeks_after, whole_periods
from allocate.numbers import Floats
from allocate.odds.drawn import LEADS, Drawn, Places
from allocate.odds.reading import together


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
    if not drawn.of_money or not len(chosen):
        return _stacked(_columns(like), like, lead)

    def ends(scenario: int) -> list[Any]:
        return _columns(traced(drawn.in_cells(scenario), table, chosen))

    def by_itself(scenario: int) -> list[Any]:
        alone = routes(drawn.at(scenario))
        return _columns(some(alone, alone.like(table, chosen)))

    found = np.empty((len(_columns(like)), drawn.count))
    for scenarios, values in together(drawn, {}, ends, by_itself):
        found[:, scenarios] = values
    return _stacked(found, like, lead)


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
    drawn_leads = np.stack(found, axis=1)
    if table.past is None:
        return drawn_leads
    rows = list(chosen)
    return np.where(table.past[rows][:, None], table.lead[rows][:, None], drawn_leads)


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
