"""Lagrangian relaxation: a program with facilities at given prices of its linking rows: what no plan passes, facility by facility, in a few passes over arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.certificate.bound_propagation import ROUNDING
from allocate.certificate.facility_location.facilities import Facilities
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays, inner


@dataclass(frozen=True, eq=False)
class Box:
    """Which facilities may be open and which must be, shape (H,) each."""

    on: Booleans
    able: Booleans

    @property
    def open(self) -> Booleans:
        """Facilities still to be decided."""
        undecided: Booleans = self.able & ~self.on
        return undecided

    def with_facility(self, facility: int, on: bool) -> Box:
        """The box with one facility decided."""
        opened, able = self.on.copy(), self.able.copy()
        (opened if on else able)[facility] = on
        return Box(opened, able)


@dataclass(frozen=True, eq=False)
class Look:
    """What one look at prices said."""

    bound: float
    """No plan in the box gains more, but for rounding; infinite where a column without an end would still pay, minus infinity where no choice
    has room for what is needed."""
    gains: Floats
    """What each facility gains open, at most, shape (H,)."""
    chosen: Booleans
    """Facilities the best choice opens, shape (H,)."""
    spare: float
    """What the facility that gains least among those that must be open in number gains, at most 0; 0 where none must be."""
    activity: Floats
    """Of the linking rows at the best choice, shape (r,)."""


class Relaxation:
    r"""A maximised program whose linking rows are paid for by prices :math:`\pi` instead of being kept.

    .. math:: L(\pi) = \pi'b + \max_{y} \sum_h y_h \Bigl( \bar c_h + \max_x \sum_{i \in h} \bar c_i x_i \Bigr)
        + \sum_{j \text{ free}} \max_{x_j} \bar c_j x_j \qquad \bar c = c - A'\pi

    What a facility gains is a knapsack in parts: kinds in the order of gain for each unit of room (Dantzig, Operations Research 5,
    1957). At least as many facilities are open as have room for what is needed.
    """

    def __init__(self, arrays: ProgramArrays, facilities: Facilities) -> None:
        assert arrays.maximise
        # What is kept is what a look needs, so that a relaxation is soon sent to a worker.
        self.facilities, self.costs, self.offset = facilities, arrays.costs, arrays.offset
        self.lower, self.upper = arrays.row_lower[facilities.linking], arrays.row_upper[facilities.linking]
        position = np.full(arrays.row_count, -1, np.int32)
        position[facilities.linking] = np.arange(len(facilities.linking))
        seen = np.zeros(arrays.column_count, dtype=bool)
        for part in (facilities.members, facilities.ids, facilities.free):
            seen[part] = True
        kept = np.flatnonzero((position[arrays.index] >= 0) & seen[arrays.column])
        self.row, self.column, self.value = position[arrays.index[kept]], arrays.column[kept], arrays.value[kept]
        self._starts = np.searchsorted(self.column, np.arange(arrays.column_count + 1))
        self._kind = np.repeat(
            np.arange(len(facilities.first)), np.diff(facilities.first, append=len(facilities.members))
        )

    @cached_property
    def scale(self) -> Floats:
        """A size for each linking row, by which steps of its price are measured, shape (r,)."""
        sides = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (self.lower, self.upper)]
        size = np.maximum(*sides)
        squares = np.zeros(len(self.costs))
        reach = np.where(np.isfinite(self.facilities.most), self.facilities.most, 0.0)
        squares[self.facilities.members] = reach[self._kind]
        squares[self.facilities.ids] = 1.0
        spread = np.sqrt(np.bincount(self.row, weights=(self.value * squares[self.column]) ** 2, minlength=len(size)))
        found: Floats = np.where(size > 0.0, size, np.where(spread > 0.0, spread, 1.0))
        return found

    def allowed(self, prices: Floats) -> Floats:
        """Prices with those taken out that press towards a side a row does not have."""
        return np.where(np.isinf(np.where(prices > 0, self.upper, self.lower)), 0.0, prices)

    def reduced(self, prices: Floats) -> Floats:
        """What each column gains after paying for the linking rows, shape (n,)."""
        charges = self.value * prices[self.row]
        return self.costs - np.bincount(self.column, weights=charges, minlength=len(self.costs))

    def look(self, prices: Floats, box: Box) -> Look:
        """Bound but for rounding, gains and best choice at allowed prices, shape (r,)."""
        facilities = self.facilities
        gains = self.reduced(prices)
        at_facility, kinds, amounts = self._opened(gains, box)
        at_facility = at_facility + gains[facilities.ids]
        if facilities.least_open(box.on, box.able) > int(box.able.sum()):
            return Look(-np.inf, at_facility, box.able, 0.0, np.zeros(len(prices)))
        chosen, spare = self._choice(at_facility, box)
        values = np.zeros(len(self.costs))
        made = chosen[facilities.facility[kinds]]
        values[self._best_members(gains, kinds[made])] = amounts[made]
        values[facilities.ids] = chosen
        free = facilities.free
        values[free] = np.where(gains[free] > 0, facilities.high, np.where(gains[free] < 0, facilities.low, 0.0))
        side = np.where(prices > 0, self.upper, np.where(prices < 0, self.lower, 0.0))
        if np.isinf(values[free]).any() or not np.isfinite(at_facility[chosen]).all():
            return Look(np.inf, at_facility, chosen, spare, np.zeros(len(side)))
        bound = self.offset + inner(side, prices) + float(at_facility[chosen].sum()) + inner(values[free], gains[free])
        return Look(bound, at_facility, chosen, spare, self._activity(values))

    def rounding(self, prices: Floats) -> float:
        """Upper limit on the error of all sums that make a bound at prices."""
        facilities = self.facilities
        charges = np.abs(self.value * prices[self.row])
        size: Floats = np.abs(self.costs) + np.bincount(self.column, weights=charges, minlength=len(self.costs))
        gains = self.reduced(prices)
        paying = np.maximum.reduceat(gains[facilities.members], facilities.first) > 0.0
        total = inner(
            np.where(paying, facilities.most, 0.0), np.maximum.reduceat(size[facilities.members], facilities.first)
        )
        total += float(size[facilities.ids].sum())
        for sides in ((self.lower, self.upper), (facilities.low, facilities.high)):
            far = np.maximum(*(np.where(np.isfinite(side), np.abs(side), 0.0) for side in sides))
            total += inner(far, np.abs(prices) if sides[0] is self.lower else size[facilities.free])
        return ROUNDING * (len(prices) + len(facilities.first) + len(facilities.free) + 64) * total

    def narrowed(self, box: Box, seen: tuple[Floats, float, float], target: float) -> Box:
        """The box without choices that only plans take which gain no more than a target.

        seen: gains, spare and bound (rounded up) of a look at the box, at any prices.
        """
        gains, spare, bound = seen
        loss = bound - target
        shut = box.open & (gains < spare) & (spare - gains >= loss)
        chosen = box.on | (box.able & (gains > 0.0))
        sure = np.zeros_like(box.on)
        # With more open than must be, closing one loses what it gains.
        if int(chosen.sum()) > self.facilities.least_open(box.on, box.able):
            sure = box.open & (gains > 0.0) & (gains >= loss)
        return Box(box.on | sure, box.able & ~shut)

    def _opened(self, gains: Floats, box: Box) -> tuple[Floats, Integers, Floats]:
        """What the columns of each facility gain at most, shape (H,), and kinds that gain something with their amounts."""
        facilities = self.facilities
        best = (
            gains[facilities.members]
            if self._plain
            else np.maximum.reduceat(gains[facilities.members], facilities.first)
        )
        kinds = np.flatnonzero((best > 0.0) & box.able[facilities.facility]).astype(np.int32)
        gain, facility, use, most = (
            best[kinds],
            facilities.facility[kinds],
            facilities.use[kinds],
            facilities.most[kinds],
        )
        with np.errstate(divide="ignore"):
            rate = np.where(use > 0.0, gain / use, np.inf)
        order = np.lexsort((-rate, facility))
        kinds, facility, rate = kinds[order], facility[order], rate[order]
        gain, use, most = gain[order], use[order], most[order]
        takes = np.where(use > 0.0, most, 0.0) * use
        before = np.cumsum(takes) - takes
        # Sums run over all facilities: each facility begins with what the sum was then.
        begins = np.searchsorted(facility, np.arange(facilities.count))
        before -= np.append(before, 0.0)[np.minimum(begins, len(before))][facility]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(takes > 0.0, (facilities.room[facility] - before) / takes, 1.0)
        amount = most * np.clip(share, 0.0, 1.0)
        used = amount > 0.0
        worth = self._worth(gain, facility, use, most, np.where(share < 1.0, rate, 0.0))
        return worth, kinds[used], amount[used]

    def _worth(self, gain: Floats, facility: Integers, use: Floats, most: Floats, turned_away: Floats) -> Floats:
        """What kinds gain facility by facility at a price of its room, shape (H,): the best rate that finds no room, or any other.

        Whatever the price, no plan gains more (weak duality), so it does not matter how well rounding let it be found.
        """
        facilities = self.facilities
        price = np.zeros(facilities.count)
        np.maximum.at(price, facility, turned_away)
        beyond = np.maximum(gain - price[facility] * use, 0.0)
        each = np.where(beyond > 0.0, beyond * np.where(beyond > 0.0, most, 0.0), 0.0)
        paid = np.where(price > 0.0, price * np.where(price > 0.0, facilities.room, 0.0), 0.0)
        return np.bincount(facility, weights=each, minlength=facilities.count).astype(np.float64, copy=False) + paid

    @cached_property
    def _plain(self) -> bool:
        """Whether every kind is one column."""
        return len(self.facilities.first) == len(self.facilities.members)

    def _best_members(self, gains: Floats, kinds: Integers) -> Integers:
        """The column of each kind that gains most, the first of several."""
        facilities = self.facilities
        if self._plain:
            return facilities.members[kinds]
        mine = gains[facilities.members]
        best = np.maximum.reduceat(mine, facilities.first)
        ties = np.flatnonzero(mine == best[self._kind])
        first = np.full(len(facilities.first), len(mine), np.int32)
        np.minimum.at(first, self._kind[ties], ties)
        return facilities.members[first[kinds]]

    def _choice(self, gains: Floats, box: Box) -> tuple[Booleans, float]:
        """The best facilities to open in a box, and how much below 0 the last one gains that only need opens."""
        chosen = box.on | (box.able & (gains > 0.0))
        missing = self.facilities.least_open(box.on, box.able) - int(chosen.sum())
        if missing <= 0:
            return chosen, 0.0
        others = np.flatnonzero(box.able & ~chosen)
        order = others[np.argsort(-gains[others], kind="stable")][:missing]
        chosen[order] = True
        return chosen, float(gains[order].min(initial=0.0))

    def _activity(self, values: Floats) -> Floats:
        used = np.flatnonzero(values)
        counts = self._starts[used + 1] - self._starts[used]
        entries = np.repeat(self._starts[used] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        terms = self.value[entries] * np.repeat(values[used], counts)
        return np.bincount(self.row[entries], weights=terms, minlength=len(self.lower)).astype(np.float64, copy=False)
