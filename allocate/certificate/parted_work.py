"""Bounds of programs with pairs that learn by parting the work they may have done: within each part their curves lie closer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import Change, TreeError
from allocate.certificate.weak_duality import proven_bound, usable
from allocate.costing.work.learners import ROUNDED
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays, frozen
from allocate.program.learned import Learned

TINY = 1e-9
"""Standard hours below which there is no slope to speak of."""

Parting = tuple[int, int, float]
"""Number of a pair that learns, a period, and the standard hours by its end that part those of the low side from the rest."""


@dataclass(frozen=True)
class PartedWork:
    """Partings of the work of pairs that learn: whatever a plan does, it lies in one of the leaves."""

    by: ClassVar[str] = "work"
    partings: tuple[Parting | None, ...]
    """In the order of a walk that goes to the low side first; None is a leaf."""
    leaves_duals: tuple[Change, ...]
    """All duals at each leaf, in the order of the walk; where there are none, the common ones."""

    @property
    def leaves(self) -> int:
        """How many parts there are."""
        return len(self.leaves_duals)

    @property
    def duals(self) -> int:
        """Duals at all of them."""
        return sum(len(one.rows) for one in self.leaves_duals)

    @property
    def nodes(self) -> int:
        """Partings and leaves."""
        return len(self.partings)

    def of_pairs(self, pairs: Sequence[int]) -> PartedWork:
        """The same of a program in which each pair has another number."""
        partings = (None if one is None else (pairs[one[0]], *one[1:]) for one in self.partings)
        return replace(self, partings=tuple(partings))

    def of_rows(self, rows: Sequence[int]) -> PartedWork:
        """The same of a program in which each row has another number."""
        leaves = (Change(tuple(rows[row] for row in one.rows), one.values) for one in self.leaves_duals)
        return replace(self, leaves_duals=tuple(leaves))


class Narrowing:
    """A program with pairs that learn, for work that lies between two amounts by pair and period."""

    def __init__(self, arrays: ProgramArrays, learned: Learned) -> None:
        self.arrays, self.learned = arrays, learned
        keys = arrays.column.astype(np.int64) * arrays.row_count + arrays.index
        order = np.argsort(keys, kind="stable")
        fresh = np.diff(learned.work, axis=1, prepend=-1) > 0
        later = fresh.copy()
        later[:, 0] = False
        before = np.roll(learned.work, 1, axis=1)
        least, pace = learned.least[learned.of], learned.pace[learned.of]

        def entries(rows: Integers, columns: Integers, some: Booleans) -> tuple[Integers, Booleans]:
            """Where the program has coefficients, of those there can be."""
            asked = columns[some].astype(np.int64) * arrays.row_count + rows[some]
            place = np.minimum(np.searchsorted(keys[order], asked), len(keys) - 1)
            there = keys[order][place] == asked
            known = some.copy()
            known[some] = there
            return order[place[there]].astype(np.int32), known

        self._least = entries(least, learned.work, np.ones(fresh.shape, dtype=bool))
        self._now = entries(pace, learned.work, fresh)
        self._before = entries(pace, before, later)

    def at(self, low: Floats, high: Floats) -> ProgramArrays:
        """The program with work between low and high, shape (L, T) each, rounded outwards.

        Chords between the two take the place of those from none to the most, the slopes at high that of those at the most. Where
        that is more, a pair's hours of a period are no less than such a chord by its end less a tangent by the end before.
        """
        learned, value = self.learned, self.arrays.value.copy()
        below, above = learned.hours_of(low), learned.hours_of(high)
        wrong = ROUNDED * (below + above)
        wide = high - low
        slope = np.divide(above - below - wrong, wide, out=np.zeros(wide.shape), where=wide > 0.0)
        slope = np.maximum(slope, 0.0)
        at_low = np.maximum(below - wrong - slope * low * (1.0 + ROUNDED), 0.0)
        pairs = zip(learned.learners, np.maximum(high, TINY), strict=True)
        last = np.array([one.least_slope(part) for one, part in pairs])
        before, at_none = self._tangents(low, high)
        middle = (low + high) / 2.0
        earlier = np.concatenate([np.zeros((len(middle), 1)), middle[:, :-1]], axis=1)
        more = slope * middle + at_low - before * earlier - at_none > last * (middle - earlier)
        more &= self._now[1] & (self._before[1] | (np.arange(learned.periods) == 0))
        now, before = np.where(more, slope, last), np.where(more, before, last)
        for (places, known), numbers in ((self._least, -slope), (self._now, -now), (self._before, before)):
            value[places] = numbers[known]
        row_lower = self.arrays.row_lower.copy()
        row_lower[learned.least] = np.nextafter(learned.together(at_low), 0.0)
        pace = learned.together(np.where(more, at_low - at_none, 0.0))
        row_lower[learned.pace] = np.nextafter(pace, -np.inf)
        lower, upper = self.arrays.lower.copy(), self.arrays.upper.copy()
        np.maximum.at(lower, learned.work, low)
        np.minimum.at(upper, learned.work, high)
        return replace(
            self.arrays,
            lower=frozen(lower),
            upper=frozen(upper),
            row_lower=frozen(row_lower),
            matrix=replace(self.arrays.matrix, value=frozen(value)),
        )

    def _tangents(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Slopes of lines above the curves by the end of the period before, shape (L, T), and their heights at no work."""
        middle = (low + high)[:, :-1] / 2.0
        some = middle > TINY
        at = np.where(some, middle, TINY)
        slope = np.array([one.slope(part) for one, part in zip(self.learned.learners, at, strict=True)])
        hours = self.learned.hours_of(at) * (1.0 + ROUNDED)
        height = hours - slope * at * (1.0 - ROUNDED) + ROUNDED * slope * high[:, :-1]
        nothing = np.zeros((len(middle), 1))
        # Next to no work is told by its hours at the most, and not by a slope that may have no end.
        most = self.learned.hours_of(high[:, :-1]) * (1.0 + ROUNDED)
        return (
            np.concatenate([nothing, np.where(some, slope, 0.0)], axis=1),
            np.concatenate([nothing, np.where(some, height, most)], axis=1),
        )


def parted(low: Floats, high: Floats, parting: Parting) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Work between two amounts in two parts, the low side first: work that is done stays done."""
    pair, period, at = parting
    below, above = high.copy(), low.copy()
    below[pair, : period + 1] = np.minimum(below[pair, : period + 1], at)
    above[pair, period:] = np.maximum(above[pair, period:], at)
    return (low, below), (above, high)


def parted_bound(arrays: ProgramArrays, learned: Learned, parts: PartedWork, duals: Floats, worst: float) -> float:
    """A figure no plan is better than: of the bounds at all leaves, each by weak duality in its own program, the worst.

    duals: shape (m,), of leaves without any of their own. Raises TreeError.
    """
    narrowing, best, bounds = Narrowing(arrays, learned), max if arrays.maximise else min, list[float]()
    leaves = iter(parts.leaves_duals)
    for low, high in _leaves(learned, parts.partings):
        change = next(leaves, None)
        if change is None:
            raise TreeError(None, "work has more parts than duals for them")
        if (low > high).any():
            continue
        rows = np.array(change.rows, np.int32)
        if ((rows < 0) | (rows >= arrays.row_count)).any() or len(rows) != len(change.values):
            raise TreeError(None, "a part of work has duals of rows that the program does not have")
        own = np.zeros(arrays.row_count) if len(rows) else duals
        own[rows] = change.values
        program = narrowing.at(low, high)
        bounds.append(proven_bound(program, usable(program, own), boxes(program, worst), worst))
    if next(leaves, None) is not None:
        raise TreeError(None, "work has fewer parts than duals for them")
    return best(bounds) if bounds else worst


def _leaves(learned: Learned, partings: tuple[Parting | None, ...]) -> Iterator[tuple[Floats, Floats]]:
    """The work at each leaf; all that can be done lies in one of them."""
    waiting = [(np.zeros(learned.reach.shape), learned.reach)]
    for one in partings:
        if not waiting:
            raise TreeError(None, "work is parted after its last part")
        low, high = waiting.pop()
        if one is None:
            yield low, high
            continue
        pair, period, at = one
        if not (
            0 <= pair < len(learned.learners) and 0 <= period < learned.periods and at >= 0.0 and math.isfinite(at)
        ):
            raise TreeError(None, f"work of pair {pair} by period {period} is parted, which the program does not have")
        below, above = parted(low, high, one)
        waiting += [above, below]
    if waiting:
        raise TreeError(None, "work is parted, and what becomes of a part is not said")
