"""Restricted master of Dantzig-Wolfe: the best mixture of known patterns, prices held in a box around the best so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats
from allocate.solvers.decomposition.pricing import Linked, Pattern
from allocate.solvers.engine import Engine
from allocate.solvers.watch import Watch
from allocate.tolerances import ON_BOX_EDGE

OPTIMAL = highspy.HighsModelStatus.kOptimal


@dataclass(frozen=True, eq=False)
class Mixture:
    """What the master said: its value, its prices, where they touch the box, and the patterns' weights."""

    objective: float
    prices: Floats
    on_edge: Booleans
    weights: Floats
    """Of each pattern, in the order they were added."""
    free: Floats
    """Amounts of the columns without a block."""


class Master:
    """A linear program over patterns and the columns without a block.

    Each linking row may be overdrawn at the upper edge of its price's box and handed back at the lower edge: the dual
    of a box (du Merle, Villeneuve, Desrosiers and Hansen, Discrete Mathematics 194, 1999).
    """

    def __init__(self, linked: Linked, watch: Watch) -> None:
        rows, count = len(linked.lower), linked.count
        self.rows, self.linked = rows, linked
        self.patterns: list[Pattern] = []
        self.engine = Engine(watch)
        self.highs = self.engine.highs
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.highs.changeObjectiveOffset(linked.arrays.offset)
        lower = np.concatenate([linked.lower, np.ones(count)])
        upper = np.concatenate([linked.upper, np.ones(count)])
        nothing = np.zeros(0, np.int32)
        self.highs.addRows(len(lower), lower, upper, 0, np.zeros(len(lower), np.int32), nothing, np.zeros(0))
        ids = np.arange(rows, dtype=np.int32)
        for sign in (-1.0, 1.0):
            self._add(np.zeros(rows), np.zeros(rows), np.full(rows, math.inf), ids, ids, np.full(rows, sign))
        free, starts = linked.free, linked.starts
        counts = starts[free + 1] - starts[free]
        entries = np.repeat(starts[free] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        start = (np.cumsum(counts) - counts).astype(np.int32)
        arrays = linked.arrays
        self._add(
            arrays.costs[free],
            arrays.lower[free],
            arrays.upper[free],
            start,
            linked.row[entries],
            linked.value[entries],
        )
        self.first = 2 * rows + len(free)

    def _add(self, costs: Floats, lower: Floats, upper: Floats, start: object, index: object, value: Floats) -> None:
        if len(costs):
            self.highs.addCols(len(costs), costs, lower, upper, len(value), start, index, value)

    def add(self, patterns: Sequence[Pattern]) -> None:
        """Let patterns into the mixture."""
        for one in patterns:
            index = np.append(one.rows, self.rows + one.block).astype(np.int32)
            self.highs.addCol(one.gain, 0.0, math.inf, len(index), index, np.append(one.uses, 1.0))
        self.patterns.extend(patterns)

    def solve(self, low: Floats, high: Floats) -> Mixture | None:
        """The best mixture with prices between bounds, shape (linking rows,) each; None where HiGHS finds none."""
        ids = np.arange(2 * self.rows, dtype=np.int32)
        self.highs.changeColsCost(len(ids), ids, np.concatenate([-high, low]))
        run = self.engine.run()
        if run.status != OPTIMAL and not self.engine.watch.stopped:
            self.engine.forget()
            run = self.engine.run()
        if run.status != OPTIMAL or run.values is None or run.row_duals is None:
            return None
        prices = np.clip(run.row_duals[: self.rows], low, high)
        width = ON_BOX_EDGE * np.maximum(np.abs(low), np.abs(high))
        closed_below = ~((low == 0) & np.isinf(self.linked.lower))
        closed_above = ~((high == 0) & np.isinf(self.linked.upper))
        on_edge = ((prices - low <= width) & closed_below) | ((high - prices <= width) & closed_above)
        return Mixture(
            self.highs.getInfo().objective_function_value,
            prices,
            on_edge,
            run.values[self.first :],
            run.values[2 * self.rows : self.first],
        )
