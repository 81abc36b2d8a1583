"""Columns and rows of goals that are no sum over items, one goal a file: built only where the case has the goal."""

from __future__ import annotations

from allocate.program.goals import change, finish
from allocate.program.sections import Section, Stage, at

GOALS: tuple[Section, ...] = (
    Section("change", at(Stage.GOALS, change.changed_items)),
    Section("finish", at(Stage.GOALS, finish.unfinished_periods)),
)
"""Every goal that has columns of its own."""
