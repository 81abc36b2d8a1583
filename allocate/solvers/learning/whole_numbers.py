"""Better whole numbers for plans that keep their hours by the curves: a restriction with its whole numbers open again."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.program.structure import unknown
from allocate.solvers.highs import solve_scaled
from allocate.solvers.learning.pursuit import BETTER, Pursuit, TruePlan
from allocate.solvers.learning.restriction import Restriction
from allocate.solvers.outcome import Outcome
from allocate.solvers.search import Clock
from allocate.solvers.watch import Cancel, Watch

FEW = 6_000
"""Columns up to which restrictions are searched for whole numbers."""
ROUNDS = 4
"""Times that is done, at most."""
NODES = 2_000
"""Nodes of each search, so that it ends in the same place on every machine."""
CLOSE = 1e-6
"""Gap at which each ends."""


class Whole:
    """Searches one program's restrictions for whole numbers."""

    def __init__(
        self, arrays: ProgramArrays, learned: Learned, watch: Watch, clock: Clock, cancel: Cancel | None
    ) -> None:
        self.arrays, self.learned, self.watch, self.clock, self.cancel = arrays, learned, watch, clock, cancel
        self.sense = 1.0 if arrays.maximise else -1.0

    def improved(
        self, found: TruePlan | None, values: Floats, price: float, caps_hours: bool = False
    ) -> TruePlan | None:
        """A plan with better whole numbers than one found, if there is one; values: of the wide program, where there is none.

        caps_hours: whether hours are held from above, so that none are paid that nobody works.
        """
        if self.arrays.column_count > FEW:
            return found
        restriction = Restriction(self.arrays, self.learned)
        restriction.caps_hours = caps_hours
        for _ in range(ROUNDS):
            if self.watch.stopped or self.clock.left == 0.0:
                break
            work = restriction.work(values if found is None else found.values)
            outcome = self._searched(restriction.at(work))
            if outcome.values is None and found is None:
                outcome = self._searched(restriction.at(work, price))
            if outcome.values is None:
                break
            fixed = Pursuit(
                self.arrays.with_whole_numbers(outcome.values[: self.arrays.column_count]),
                self.learned,
                self.watch,
                self.clock,
            )
            other = fixed.from_work(restriction.work(outcome.values), price)
            if other is None:
                break
            before = None if found is None else self.arrays.objective(found.values)
            gained = np.inf if before is None else self.sense * (self.arrays.objective(other.values) - before)
            found = other if gained > 0.0 else found
            if before is not None and gained <= BETTER * abs(before):
                break
        return found

    def _searched(self, arrays: ProgramArrays) -> Outcome:
        left = None if self.clock.left is None else max(self.clock.left, 1e-3)
        options = {"mip_max_nodes": NODES}
        size = unknown(arrays.column_count, arrays.row_count)
        return solve_scaled(arrays, size, time_limit=left, gap=CLOSE, options=options, cancel=self.cancel)
