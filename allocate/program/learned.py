"""The pairs of a program that learn, and the columns of the work they have done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.work.learners import Chords, Learner
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.tolerances import LEARNED_HOURS


@dataclass(frozen=True, eq=False)
class Learned:
    """The pairs of a program that learn, and the columns of the work they have done."""

    learners: tuple[Learner, ...] = ()
    curves: tuple[Chords, ...] = ()
    reach: Floats | None = None
    """Most standard hours each pair can have done by the end of each period, shape (L, T)."""
    stretches: Block | None = None
    steps: Block | None = None

    def columns(self, position: int) -> Integers:
        """Numbers of a pair's columns by period and stretch, shape (T, K)."""
        assert self.stretches is not None
        assert self.reach is not None
        periods = self.reach.shape[1]
        first = self.stretches.start + periods * sum(len(learner.lengths) for learner in self.curves[:position])
        count = periods * len(self.curves[position].lengths)
        return np.arange(first, first + count, dtype=np.int32).reshape(periods, -1)

    def error(self, vendor: int) -> float:
        """Most hours by which the chords of a vendor's pairs can be wrong in a period."""
        pairs = zip(self.learners, self.curves, strict=True)
        return float(sum(curve.error for learner, curve in pairs if learner.vendor == vendor))

    def learns(self, layout: Layout) -> NDArray[np.bool_]:
        """Which routes belong to a pair that learns."""
        routes = layout.routes
        pairs = np.zeros((len(routes.products), len(routes.vendors)), dtype=bool)
        for learner in self.learners:
            pairs[learner.product, learner.vendor] = True
        learns: NDArray[np.bool_] = pairs[routes.product, routes.vendor]
        return learns

    def left(self, vendor: int, hours: Floats) -> Floats:
        """Hours of a vendor by period less those that stay free."""
        return np.maximum(hours - self.error(vendor), 0.0) if self.learners else hours

    def free_share(self, vendor: int) -> float:
        """Share of a team's hours that stays free: the error is at most that of the least hours it can have."""
        return LEARNED_HOURS if any(learner.vendor == vendor for learner in self.learners) else 0.0

    def widest(self, layout: Layout, family: str, vendor: Integers, period: Integers) -> Floats:
        """Hours by which rows of a family by vendor and period are to be widened for every plan of the case to keep them."""
        error = np.array([self.error(learner) for learner in range(len(layout.routes.vendors))])
        free = np.repeat(2.0 * error[:, None], layout.case.periods.count, axis=1)
        for team in layout.teams if family == "team_hours" else ():
            left = self.free_share(team.vendor)
            free[team.vendor] = error[team.vendor] + (left * team.most_hours(np.inf) if left else 0.0)
        widened: Floats = free[vendor, period]
        return widened

    def put_hours(self, program: Program, rows: Integers, vendor: int) -> None:
        """Put the hours of a vendor's pairs into rows, one of each period, shape (T,)."""
        for position, (learner, curve) in enumerate(zip(self.learners, self.curves, strict=True)):
            if learner.vendor != vendor:
                continue
            ids, slopes = self.columns(position), curve.slopes
            program.add_terms(np.repeat(rows, len(slopes)), ids.ravel(), np.tile(slopes, len(rows)))
            program.add_terms(np.repeat(rows[1:], len(slopes)), ids[:-1].ravel(), -np.tile(slopes, len(rows) - 1))


NOTHING_LEARNED = Learned()
"""Of programs without pairs that learn."""
