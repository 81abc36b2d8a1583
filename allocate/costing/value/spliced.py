"""A learning curve that is one power law where labels were measured and another beyond, bending down throughout."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.value.curves import PowerLaw
from allocate.numbers import Floats

HALVINGS = 200
"""Of the range of slopes in which that of the straight part lies: enough for the last digit."""


@dataclass(frozen=True)
class Spliced:
    r"""A power law up to the most labels measured, and from there on the gains of another one.

    .. math:: \text{score}(n) = \text{score}_0(\min(n, n_0)) + \text{gain}_1(n_0, \max(n, n_0) - n_0)

    Where the second is steeper at n0 than the first, the curve would bend up there; it then has a straight part that touches both,
    the least curve above them that bends down from the labels on that there are already. Below one label nothing is claimed.

    Attributes:
        below: the power law where labels were measured.
        beyond: the power law whose gains count from there on.
        measured: most labels measured, n0, at least one.
        least: labels there are already, at least one: the straight part begins there at the earliest.
    """

    below: PowerLaw
    beyond: PowerLaw
    measured: float
    least: float = 1.0

    @cached_property
    def straight(self) -> tuple[float, float, float]:
        """Where the straight part begins and ends, and its slope; n0 twice where there is none."""
        n0 = self.measured
        low, high = float(self.below.marginal(n0)), float(self.beyond.marginal(n0))
        if high <= low or self.least >= n0:
            return n0, n0, high
        for _ in range(HALVINGS):
            slope = (low + high) / 2.0
            start, end = self._touching(slope)
            risen = float(self.below.gain(start, n0 - start) + self.beyond.gain(n0, end - n0))
            low, high = (slope, high) if risen > slope * (end - start) else (low, slope)
        start, end = self._touching(high)
        risen = float(self.below.gain(start, n0 - start) + self.beyond.gain(n0, end - n0))
        return start, end, risen / (end - start) if end > start else high

    def _touching(self, slope: float) -> tuple[float, float]:
        """Labels at which each of the two laws is so steep, on their own sides of n0."""
        before, after = (float(law.steepness_at(np.asarray(slope))) for law in (self.below, self.beyond))
        return min(max(before, self.least), self.measured), max(after, self.measured)

    def score(self, labels: ArrayLike) -> Floats:
        """Score at a number of labels, any shape; ValueError below one label."""
        n = np.asarray(labels, dtype=np.float64)
        start, end, slope = self.straight
        # From where the straight part ends, not from where it begins: there a steep law's score may be so low that digits cancel.
        after = self._turn + self.beyond.gain(end, np.maximum(n - end, 0.0)) - slope * np.maximum(end - n, 0.0)
        return np.where(n < start, self.below.score(np.minimum(n, self.measured)), after)

    @property
    def _turn(self) -> float:
        """Score where the straight part ends."""
        return float(
            self.below.score(self.measured) + self.beyond.gain(self.measured, self.straight[1] - self.measured)
        )

    def marginal(self, labels: ArrayLike) -> Floats:
        """Score points per further label; ValueError below one label."""
        n = np.asarray(labels, dtype=np.float64)
        start, end, slope = self.straight
        after = self.beyond.marginal(np.maximum(n, self.measured))
        return np.where(n < start, self.below.marginal(np.minimum(n, start)), np.where(n < end, slope, after))

    def gain(self, existing: ArrayLike, extra: ArrayLike) -> Floats:
        """Score points that extra labels add to those that exist; exact also for a small share of many labels."""
        self.below.gain(existing, extra)  # which says what is wrong with labels that are none
        start, end, slope = self.straight
        low = np.asarray(existing, dtype=np.float64)
        more = np.asarray(extra, dtype=np.float64)
        first = np.minimum(more, np.maximum(start - low, 0.0))
        second = np.minimum(more - first, np.maximum(end - np.maximum(low, start), 0.0))
        last = more - first - second
        gained = self.below.gain(np.minimum(low, start), first) + slope * second
        return np.asarray(gained + self.beyond.gain(np.maximum(low, end), last))

    def labels_at(self, score: float) -> float:
        """Fewest labels at which the curve reaches a score, infinite where it never does."""
        start, end, slope = self.straight
        if score <= self._turn - slope * (end - start):
            return self.below.labels_at(score)
        if score <= self._turn:
            return end - (self._turn - score) / slope
        return self.beyond.labels_at(float(self.beyond.score(end)) + (score - self._turn))

    def steepness_at(self, slopes: Floats) -> Floats:
        """Labels at which a further label brings so many score points: the inverse of `marginal`."""
        start, end, slope = self.straight
        before = np.minimum(self.below.steepness_at(slopes), start)
        return np.where(slopes >= slope, before, np.maximum(self.beyond.steepness_at(slopes), end))

    def joints(self, start: float, upto: float, count: int) -> Floats:
        """Joints of so many chords: at the ends of each part, and in each with about equal gaps."""
        self.below.score(start)  # which says what is wrong with labels that are none
        last = start + upto
        ends = np.unique([start, *(one for one in self.straight[:2] if start < one < last), last])
        if count < len(ends):
            return np.asarray(np.append(ends[:count], last))
        curved = list(itertools.pairwise(ends.tolist()))
        laws = [
            self.below if b <= self.straight[0] else None if b <= self.straight[1] else self.beyond for _, b in curved
        ]
        weights = np.array([0.0 if law is None else _bent(law, a, b) for law, (a, b) in zip(laws, curved, strict=True)])
        spare = count - len(curved)
        each = np.floor(spare * weights / max(weights.sum(), 1e-300)).astype(int)
        each[int(np.argmax(weights))] += spare - each.sum()
        parts = [
            np.array([a]) if law is None or not more else law.joints(a, b - a, int(more) + 1)[:-1]
            for law, (a, b), more in zip(laws, curved, each, strict=True)
        ]
        return np.append(np.concatenate(parts), last)


def _bent(law: PowerLaw, start: float, end: float) -> float:
    r"""The integral of :math:`\sqrt{|f''|}`, by which chords with equal gaps are shared."""
    b = law.exponent
    size = np.sqrt(law.coefficient * b * (b + 1.0)) * 2.0 / b
    return float(size * (start ** (-b / 2.0) - end ** (-b / 2.0)))
