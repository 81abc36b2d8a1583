"""Plans of the whole program: whole numbers from patterns, the rest by solving the linear program they leave."""

from __future__ import annotations

import highspy
import numpy as np

from allocate.program.arrays import Floats
from allocate.solvers.decomposition.prices import State
from allocate.solvers.decomposition.pricing import Pattern, Pricing
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Clock, Start

OPTIMAL = highspy.HighsModelStatus.kOptimal
WEIGHT = 1e-6
"""Patterns below this weight are not in the mixture."""


class Planner:
    """Plans of a maximised integer program, the best of them kept. The engine holds its relaxation."""

    def __init__(self, pricing: Pricing, engine: Engine, clock: Clock) -> None:
        self.pricing, self.engine, self.clock = pricing, engine, clock
        self.arrays = pricing.parts.arrays
        self.ids = np.flatnonzero(self.arrays.integer).astype(np.int32)
        self.best: Start | None = None
        self.objective = -np.inf
        self._tried: set[bytes] = set()

    def offer(self, start: Start | None) -> bool:
        """Keep a plan if it is better than the best; whether it is."""
        if start is None:
            return False
        objective = self.arrays.objective(start.values)
        if objective <= self.objective + 1e-9 * max(1.0, abs(objective)):
            return False
        self.best, self.objective = start, objective
        return True

    def try_whole(self, whole: Floats) -> bool:
        """Solve with whole numbers fixed, shape (integers,); whether that bettered the best plan.

        The first plan may be finished in the time kept for finishing touches.
        """
        key = np.round(whole).tobytes()
        if key in self._tried or self.engine.watch.stopped:
            return False
        self._tried.add(key)
        self.engine.set_column_bounds(self.ids, whole, whole)
        run = self.engine.run(self.clock.grace if self.best is None else self.clock.left)
        if run.status != OPTIMAL or run.values is None:
            return False
        values = run.values.copy()
        values[self.ids] = whole
        if not is_feasible(self.arrays, values):
            return False
        return self.offer(Start(values, run.row_duals, run.reduced_costs, None))

    def from_mixture(self, state: State) -> bool:
        """Try each block's heaviest whole numbers together; whether that bettered the best plan."""
        weights: list[dict[bytes, float]] = [{} for _ in self.pricing.oracles]
        chosen: list[dict[bytes, Pattern]] = [{} for _ in self.pricing.oracles]
        for at in np.flatnonzero(state.mixture.weights > WEIGHT).tolist():
            pattern = state.patterns[at]
            key = self.whole_of(pattern).tobytes()
            weights[pattern.block][key] = weights[pattern.block].get(key, 0.0) + float(state.mixture.weights[at])
            chosen[pattern.block].setdefault(key, pattern)
        values = self._without_block(state)
        for by_key, patterns in zip(weights, chosen, strict=True):
            if not by_key:
                return False
            heaviest = max(by_key, key=lambda key: by_key[key])
            values[patterns[heaviest].columns] = patterns[heaviest].values
        return self.try_whole(np.round(values[self.ids]))

    def _without_block(self, state: State) -> Floats:
        """All zero but for the columns without a block, which are rounded up from the mixture."""
        values = np.zeros(self.arrays.column_count)
        free = self.pricing.parts.free
        values[free] = np.where(self.arrays.integer[free], np.ceil(state.mixture.free - WEIGHT), state.mixture.free)
        return values

    def whole_of(self, pattern: Pattern) -> Floats:
        """A pattern's whole-numbered columns and their amounts, as one array to compare patterns by."""
        whole = self.arrays.integer[pattern.columns]
        return np.concatenate([pattern.columns[whole], np.round(pattern.values[whole])])

    def finish(self) -> None:
        """Solve the best plan's linear program in full, for its duals; the plan stays where that fails."""
        assert self.best is not None
        whole = np.round(self.best.values[self.ids])
        self.engine.set_column_bounds(self.ids, whole, whole)
        run = self.engine.run(self.clock.grace)
        if run.status != OPTIMAL or run.values is None:
            return
        values = run.values.copy()
        values[self.ids] = whole
        if is_feasible(self.arrays, values) and self.arrays.objective(values) >= self.objective - 1e-9 * abs(
            self.objective
        ):
            self.best = Start(values, run.row_duals, run.reduced_costs, None)
            self.objective = max(self.objective, self.arrays.objective(values))
