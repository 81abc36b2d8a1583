"""Plans of the whole program: whole numbers from patterns, the rest by solving the linear program they leave."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Floats, Integers
from allocate.solvers.decomposition.blocks import Parts
from allocate.solvers.decomposition.column_generation import State
from allocate.solvers.decomposition.pricing import Pattern, Pricing
from allocate.solvers.decomposition.restricted_lp import Rest
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Clock, Start
from allocate.solvers.watch import Watch
from allocate.tolerances import BETTER_PLAN, MIXED


class Planner:
    """Plans of a maximised integer program, the best of them kept."""

    def __init__(self, pricing: Pricing, rest: Rest, watch: Watch, clock: Clock) -> None:
        self.pricing, self.rest, self.watch, self.clock = pricing, rest, watch, clock
        self.arrays = pricing.parts.arrays
        self.ids = rest.ids
        self.places = places_of(pricing.parts, rest.ids)
        """Of each block's whole-numbered columns among all of them."""
        self.best: Start | None = None
        self.objective = -np.inf
        self.took = 0.0
        """Seconds of the last solve in full."""
        self._tried: set[bytes] = set()

    def begin(self, start: Start | None) -> None:
        """Take a plan that was found elsewhere; None is no plan."""
        if start is not None:
            whole = start.values[self.ids]
            self._tried.add(_key(whole))
            self._offer(start.values, whole, start.row_duals, start.reduced_costs)

    def first(self, whole: Floats, soon: bool = False) -> bool:
        """Solve in full with whole numbers held, shape (integers,); whether that bettered the best plan.

        soon: only if they have a plan with the columns a smaller program has for them.
        """
        if self.knows(whole) or self.watch.stopped or self.clock.left == 0.0:
            return False
        if not soon:
            self._tried.add(_key(whole))
        began = self.clock.spent
        found = (self.rest.soon if soon else self.rest.best)(whole, self.clock)
        self.took = self.clock.spent - began
        if found is None or found.values is None:
            return False
        return self._offer(found.values, whole, found.row_duals, found.reduced_costs)

    def again(self, whole: Floats, thorough: bool = False) -> bool:
        """Solve over the columns that matter with whole numbers held; whether that bettered the best plan.

        thorough: where those columns have no plan, others are added.
        """
        if self.knows(whole) or self.watch.stopped or self.clock.left == 0.0:
            return False
        self._tried.add(_key(whole))
        values = self.rest.rough(whole, thorough)
        return values is not None and self._offer(values, whole, None, None)

    def knows(self, whole: Floats) -> bool:
        """Whether these whole numbers, shape (integers,), have been tried before."""
        return _key(whole) in self._tried

    def _offer(self, values: Floats, whole: Floats, duals: Floats | None, reduced: Floats | None) -> bool:
        plan = values.copy()
        plan[self.ids] = whole
        objective = self.arrays.objective(plan)
        if objective <= self.objective + BETTER_PLAN * max(1.0, abs(objective)) or not is_feasible(self.arrays, plan):
            return False
        self.best, self.objective = Start(plan, duals, reduced, None), objective
        return True

    def from_mixture(self, state: State) -> bool:
        """Try each block's heaviest whole numbers together; whether that bettered the best plan."""
        weights: list[dict[bytes, float]] = [{} for _ in self.pricing.oracles]
        used = np.zeros(self.arrays.column_count, dtype=bool)
        for at in np.flatnonzero(state.mixture.weights > MIXED).tolist():
            pattern, weight = state.patterns[at], float(state.mixture.weights[at])
            used[pattern.columns] = True
            key = self.whole_of(pattern).tobytes()
            weights[pattern.block][key] = weights[pattern.block].get(key, 0.0) + weight
        whole = self._without_block(state)[self.ids]
        for by_key, places in zip(weights, self.places, strict=True):
            if not by_key:
                return False
            whole[places] = np.frombuffer(max(by_key, key=lambda key: by_key[key]))
        self.rest.enter(used)
        return self.first(whole) if self.best is None else self.again(whole, thorough=True)

    def _without_block(self, state: State) -> Floats:
        """All zero but for the whole-numbered columns without a block, which are rounded up from the mixture."""
        values = np.zeros(self.arrays.column_count)
        free = self.pricing.parts.free
        values[free] = np.ceil(state.mixture.free - MIXED)
        return values

    def whole_of(self, pattern: Pattern) -> Floats:
        """A pattern's whole numbers, in the order of its block's whole-numbered columns."""
        columns = self.ids[self.places[pattern.block]]
        found = np.zeros(len(columns))
        among = self.arrays.integer[pattern.columns]
        found[np.searchsorted(columns, pattern.columns[among])] = np.round(pattern.values[among])
        return found

    def finish(self, clock: Clock) -> None:
        """Solve the best plan's linear program in full, for its duals; the plan stays where that fails."""
        assert self.best is not None
        whole = np.round(self.best.values[self.ids])
        found = self.rest.best(whole, clock)
        if found is None or found.values is None:
            return
        values = found.values.copy()
        values[self.ids] = whole
        objective = self.arrays.objective(values)
        if is_feasible(self.arrays, values) and objective >= self.objective - BETTER_PLAN * abs(self.objective):
            self.best = Start(values, found.row_duals, found.reduced_costs, None)
            self.objective = max(self.objective, objective)


def places_of(parts: Parts, ids: Integers) -> list[Integers]:
    """Places of each block's columns among ascending numbers of columns."""
    order = np.argsort(parts.block[ids], kind="stable").astype(np.int32)
    ends = np.searchsorted(parts.block[ids][order], np.arange(len(parts.blocks) + 1))
    return [order[ends[n] : ends[n + 1]] for n in range(len(parts.blocks))]


def _key(whole: Floats) -> bytes:
    return (np.round(whole) + 0.0).tobytes()
