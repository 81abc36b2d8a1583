"""The whole program at given prices of its linking rows: a bound, and the best pattern of every block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays
from allocate.solvers.decomposition.answers import Answers, Question, here
from allocate.solvers.decomposition.blocks import Block, Parts
from allocate.solvers.decomposition.oracle import Oracle
from allocate.solvers.decomposition.reach import ROUNDING


@dataclass(frozen=True, eq=False)
class Pattern:
    """A plan of one block, as the linking rows see it."""

    block: int
    columns: Integers
    """Numbers in the whole program of the columns above zero."""
    values: Floats
    gain: float
    """What it adds to the objective."""
    rows: Integers
    """Linking rows it enters, by position among them."""
    uses: Floats


@dataclass(frozen=True, eq=False)
class Round:
    """What one look at all blocks at given prices said."""

    prices: Floats
    bound: float
    """No plan of the whole program gains more; infinite where the prices prove nothing."""
    patterns: tuple[Pattern, ...]
    """The best of each block found; a block may lack one."""


class Linked:
    """A maximised program cut into blocks, as the rows between them see it.

    block: number of each column's block, -1 where it has none, shape (columns,). rows: numbers of the rows that are priced.
    """

    def __init__(self, arrays: ProgramArrays, block: Integers, rows: Integers) -> None:
        assert arrays.maximise
        self.arrays, self.rows = arrays, rows
        self.count = int(block.max(initial=-1)) + 1
        """Number of blocks."""
        self.free = np.flatnonzero(block < 0).astype(np.int32)
        """Numbers of the columns without a block."""
        self.lower, self.upper = arrays.row_lower[rows], arrays.row_upper[rows]
        position = np.full(arrays.row_count, -1, np.int32)
        position[rows] = np.arange(len(rows))
        kept = np.flatnonzero(position[arrays.index] >= 0)
        self.row, self.column, self.value = position[arrays.index[kept]], arrays.column[kept], arrays.value[kept]
        self.starts = np.searchsorted(self.column, np.arange(arrays.column_count + 1))

    def allowed(self, prices: Floats) -> Floats:
        """Prices with those taken out that press towards a side a row does not have."""
        endless = np.isinf(np.where(prices > 0, self.upper, self.lower))
        return np.where(endless, 0.0, prices)

    def gains(self, prices: Floats) -> Floats:
        """What each column gains after paying for the linking rows, shape (columns,)."""
        costs = self.arrays.costs
        return costs - np.bincount(self.column, weights=self.value * prices[self.row], minlength=len(costs))

    def pattern(self, number: int, columns: Integers, values: Floats) -> Pattern:
        """A plan of a block from its columns above zero."""
        counts = self.starts[columns + 1] - self.starts[columns]
        entries = np.repeat(self.starts[columns] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        terms = self.value[entries] * np.repeat(values, counts)
        uses = np.bincount(self.row[entries], weights=terms, minlength=len(self.lower)).astype(np.float64, copy=False)
        rows = np.flatnonzero(uses).astype(np.int32)
        return Pattern(number, columns, values, float(self.arrays.costs[columns] @ values), rows, uses[rows])


class Pricing(Linked):
    """A cut program, asked again and again at changing prices. The program is maximised.

    answers: who answers the questions to its blocks; this process where nothing is said.
    """

    def __init__(self, parts: Parts, answers: Answers | None = None) -> None:
        super().__init__(parts.arrays, parts.block, parts.linking)
        self.parts = parts
        self.oracles = tuple(Oracle(block) for block in parts.blocks)
        self.answers = answers or here(lambda: False)

    def round(self, prices: Floats) -> Round:
        """Bound and patterns at prices, shape (linking rows,); no bound and no pattern where the search was ended before."""
        prices = self.allowed(prices)
        gains = self.gains(prices)
        asked = [best_of_kinds(oracle.block, gains[oracle.block.columns]) for oracle in self.oracles]
        found = [one for (one,) in self.answers(self.oracles, [[Question(by_kind)] for by_kind in asked])]
        if len(found) < len(asked):
            return Round(prices, np.inf, ())
        bound = self.shared(prices, gains) + sum(best.bound for best in found) + self._rounding(prices)
        patterns = tuple(
            self.pattern_of(number, gains, by_kind, best.values)
            for number, (by_kind, best) in enumerate(zip(asked, found, strict=True))
            if best.values is not None
        )
        return Round(prices, bound, patterns)

    def shared(self, prices: Floats, gains: Floats) -> float:
        """What the sides of the linking rows are worth, and what columns without a block gain at most."""
        side = np.where(prices > 0, self.upper, np.where(prices < 0, self.lower, 0.0))
        free = self.parts.free
        at = np.where(gains[free] > 0, self.parts.upper[free], np.where(gains[free] < 0, self.parts.lower[free], 0.0))
        if np.isinf(at).any():
            return np.inf
        return self.parts.arrays.offset + float(side @ prices) + float(at @ gains[free])

    def _rounding(self, prices: Floats) -> float:
        """Upper limit on the error of all sums that make gains and bound."""
        parts = self.parts
        charges = np.abs(self.value * prices[self.row])
        size = np.abs(parts.arrays.costs) + np.bincount(self.column, weights=charges, minlength=len(parts.lower))
        total = float(np.abs(self.allowed(prices)) @ np.where(np.isfinite(self.upper), np.abs(self.upper), 0.0))
        total += float(np.abs(self.allowed(prices)) @ np.where(np.isfinite(self.lower), np.abs(self.lower), 0.0))
        for block in parts.blocks:
            by_kind = np.zeros(len(block.upper))
            np.maximum.at(by_kind, block.kind, size[block.columns])
            total += float(by_kind @ np.maximum(np.abs(block.upper), np.abs(block.lower)))
        free = parts.free
        far = np.maximum(np.abs(parts.upper[free]), np.abs(parts.lower[free]))
        total += float(np.where(np.isfinite(far), far, 0.0) @ size[free])
        return ROUNDING * (len(self.lower) + len(parts.blocks) + 64) * total

    def pattern_of(self, number: int, gains: Floats, by_kind: Floats, values: Floats) -> Pattern:
        """The pattern of a block's plan by kind, with every kind's amount in the best of its columns."""
        block = self.parts.blocks[number]
        mine = gains[block.columns]
        best = np.flatnonzero(mine == by_kind[block.kind])
        first = best[np.unique(block.kind[best], return_index=True)[1]]
        chosen = first[values[block.kind[first]] != 0.0]
        return self.pattern(number, block.columns[chosen], values[block.kind[chosen]])


def best_of_kinds(block: Block, gains: Floats) -> Floats:
    """What the best column of each kind gains, shape (kinds,)."""
    best = np.full(len(block.lower), -np.inf)
    np.maximum.at(best, block.kind, gains)
    return best
