"""Bettering a plan: one block after the other changes its whole numbers, dearest habits last, and the rest is re-solved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, Matrix, ProgramArrays, frozen
from allocate.solvers.decomposition.plans import Planner
from allocate.solvers.decomposition.prices import State
from allocate.solvers.decomposition.pricing import Pattern, Pricing, best_of_kinds
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Start

OPTIMAL = highspy.HighsModelStatus.kOptimal
ROUGH = 1e-4
"""Relative error in what a swap loses; it only puts swaps in order."""
NEAR = 1e-3
"""Share of its price by which a column may gain less than the best of its kind and still be used in swaps."""


@dataclass(frozen=True, eq=False)
class Swap:
    """Other whole numbers for a block, and what they gain less than its best at the prices."""

    loss: float
    pattern: Pattern


def swaps(planner: Planner, state: State, stop: Callable[[], bool]) -> list[Swap]:
    """Each block's best plan, and its best with each whole number one step away, least loss first."""
    pricing, found = planner.pricing, []
    gains = pricing.gains(state.prices)
    for number, oracle in enumerate(pricing.oracles):
        block = oracle.block
        by_kind = best_of_kinds(block, gains[block.columns])
        best = oracle.best(by_kind, ROUGH)
        if stop():
            break
        if best.values is None:
            continue
        found.append(Swap(0.0, pricing.pattern_of(number, gains, by_kind, best.values)))
        for at, kind in enumerate(block.integer.tolist()):
            for step in (-1.0, 1.0):
                value = float(best.values[kind]) + step
                if block.lower[kind] - 0.5 <= value <= block.upper[kind] + 0.5:
                    other = oracle.best(by_kind, ROUGH, (at, value))
                    if other.values is not None:
                        pattern = pricing.pattern_of(number, gains, by_kind, other.values)
                        found.append(Swap(best.bound - float(by_kind @ other.values), pattern))
    return sorted(found, key=lambda one: one.loss)


class Core:
    """The best plan's linear program on the columns that matter, re-solved from where the last one ended."""

    def __init__(self, planner: Planner, prices: Floats) -> None:
        assert planner.best is not None
        self.planner, arrays = planner, planner.arrays
        used = near_columns(planner.pricing, prices) | (planner.best.values != 0.0) | arrays.integer
        self.kept = np.flatnonzero(used | (arrays.lower != 0.0)).astype(np.int32)
        part = columns_of(arrays, self.kept)
        self.ids = np.flatnonzero(part.integer).astype(np.int32)
        self.engine = Engine(planner.engine.watch)
        self.engine.load(part.relaxed())
        self.solve(planner.best.values)
        self.engine.option("presolve", "off")

    def solve(self, values: Floats) -> bool:
        """Offer the plan with the whole numbers of a point, shape (columns,); whether it is better than the best."""
        whole = np.round(values[self.kept[self.ids]])
        self.engine.set_column_bounds(self.ids, whole, whole)
        run = self.engine.run(self.planner.clock.left)
        if run.status != OPTIMAL or run.values is None:
            return False
        plan = np.zeros(len(values))
        plan[self.kept] = run.values
        plan[self.kept[self.ids]] = whole
        arrays = self.planner.arrays
        return is_feasible(arrays, plan) and self.planner.offer(Start(plan, None, None, None))


def swap(planner: Planner, state: State, known: Sequence[Swap], stop: Callable[[], bool]) -> None:
    """Better the best plan block by block until no single swap does."""
    core, seen = Core(planner, state.prices), set[bytes]()
    integer, better = planner.arrays.integer, True
    while better:
        better = False
        for one in known:
            assert planner.best is not None
            # At these prices no plan with such whole numbers is better than this.
            if stop() or one.loss > state.bound - planner.objective:
                break
            values = np.round(planner.best.values)
            values[planner.pricing.parts.blocks[one.pattern.block].columns] = 0.0
            values[one.pattern.columns] = one.pattern.values
            key = np.round(values[integer]).tobytes()
            if key not in seen:
                seen.add(key)
                better |= core.solve(values)


def columns_of(arrays: ProgramArrays, kept: Integers) -> ProgramArrays:
    """The program with some of its columns only, all others at zero."""
    counts = np.diff(arrays.start)[kept]
    entries = np.repeat(arrays.start[kept] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return replace(
        arrays,
        costs=frozen(arrays.costs[kept]),
        lower=frozen(arrays.lower[kept]),
        upper=frozen(arrays.upper[kept]),
        integer=frozen(arrays.integer[kept]),
        matrix=Matrix(frozen(start), frozen(arrays.index[entries]), frozen(arrays.value[entries])),
    )


def near_columns(pricing: Pricing, prices: Floats) -> Booleans:
    """Columns that at given prices gain nearly as much as the best of their kind, and all that have no like."""
    gains, arrays = pricing.gains(prices), pricing.parts.arrays
    charges = np.abs(pricing.value * prices[pricing.row])
    size = np.abs(arrays.costs) + np.bincount(pricing.column, weights=charges, minlength=arrays.column_count)
    near = np.ones(arrays.column_count, dtype=bool)
    for block in pricing.parts.blocks:
        lost = best_of_kinds(block, gains[block.columns])[block.kind] - gains[block.columns]
        near[block.columns] = lost <= NEAR * size[block.columns]
    return near
