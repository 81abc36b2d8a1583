"""Rows of today's limits in periods that are past: what is done is done, whatever it took."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Booleans
from allocate.program.model import Model
from allocate.program.naming import Block

OF_PERIODS = (
    "budget_period", "vendor_hours", "vendor_items", "rate_items", "review_team_hours", "work_in_progress", "team_hours",
    "team_overtime", "team_proficient", "first_work_hours", "first_work_items", "resource_by_period", "steady_rise", "steady_fall", "stock_needed",
)  # fmt: skip
"""Families of rows with a period, each of which limits what is made, or paid, in it alone."""


def free_the_past(model: Model) -> None:
    """Ask nothing of periods that are past in rows that limit each period by itself."""
    first = model.layout.case.planned_from
    for family in OF_PERIODS if first else ():
        rows = model.program.rows.get(family)
        if rows is not None:
            past = rows.ids[(rows.index["period"] < first) & _hard(model, rows)]
            model.program.set_row_bounds(past, np.full(len(past), -np.inf), np.full(len(past), np.inf))


def _hard(model: Model, rows: Block) -> Booleans | bool:
    """Which rows stand for rules that are never broken: one with a penalty is paid for in the past, too."""
    if "rule" not in rows.index:
        return True
    never = np.array([rule.penalty is None for rule in model.layout.case.file.rules])
    hard: Booleans = never[rows.index["rule"]]
    return hard
