"""Pairs that learn in every scenario: the hours their work takes after what they have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from allocate.costing.routes import routes
from allocate.costing.table import Routes
from allocate.costing.terms.rate_card import rate_lines
from allocate.costing.work.learners import Learner
from allocate.costing.work.products import standard_times
from allocate.costing.work.workflows import hours_once
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn
from allocate.odds.reading import together

HALVINGS = 60
"""Rounds in which the share of some work is searched that fits into the hours there are."""


@dataclass(frozen=True, eq=False)
class Pace:
    """A pair that learns."""

    learners: Sequence[Learner]
    """One for all scenarios, or one for each where the learning itself is drawn."""
    once: Floats
    """Hours of an item worked once at the standard pace, shape (1 or scenarios,)."""

    @property
    def pair(self) -> tuple[int, int]:
        """Positions of product and vendor."""
        return self.learners[0].product, self.learners[0].vendor

    def hours(self, before: Floats, work: Floats) -> Floats:
        """Hours that so many standard hours take after others, shape (scenarios,)."""
        if len(self.learners) > 1:
            both = zip(self.learners, before.tolist(), (before + work).tolist(), strict=True)
            return np.array([float(one.hours(end) - one.hours(start)) for one, start, end in both])
        scale = self.once / self.learners[0].each
        curve = self.learners[0].hours
        taken: Floats = scale * (curve((before + work) / scale) - curve(before / scale))
        return taken

    def fitting(self, before: Floats, work: Floats, there: Floats) -> Floats:
        """The largest share, up to 1, of some standard hours that can be done in the hours there are."""
        low, high = np.zeros(len(work)), np.ones(len(work))
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            fits = self.hours(before, middle * work) <= there
            low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        return low


def paces(table: Routes, drawn: Drawn) -> tuple[Pace, ...]:
    """Every pair of a case that learns; none where none does."""
    if not table.learners:
        return ()
    if any("learning" in path for path in drawn.ratios):
        seen = [routes(drawn.at(scenario)).learners for scenario in range(drawn.count)]
        return tuple(Pace(of, np.array([one.each for one in of])) for of in zip(*seen, strict=True))
    inside = [
        np.flatnonzero((table.product == one.product) & (table.vendor == one.vendor)).tolist() for one in table.learners
    ]

    def once(scenario: int) -> list[Any]:
        return _once(drawn.in_cells(scenario) if drawn.of_money else drawn.case, table, inside)

    found = np.empty((sum(map(len, inside)), drawn.count))
    for scenarios, values in together(drawn, {}, once, lambda one: _once(drawn.at(one), table, inside)):
        found[:, scenarios] = values
    ends = np.cumsum([0, *map(len, inside)])
    each = [found[start:end].min(axis=0) for start, end in pairwise(ends.tolist())]
    return tuple(Pace((one,), hours) for one, hours in zip(table.learners, each, strict=True))


def _once(case: Any, table: Routes, inside: Sequence[Sequence[int]]) -> list[Any]:
    """Hours of an item of some routes worked once at the standard pace."""
    numbers = [int(table.line[route]) for some in inside for route in some]
    lines = rate_lines(case).take(numbers)
    hours: list[Any] = hours_once(case, lines, standard_times(case)[lines.product]).tolist()
    return hours
