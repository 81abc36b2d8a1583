"""The curve of a poor or a good outcome: the middle one where labels were measured, another beyond, and no bend upwards between."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Law:
    """level - height * labels^-rate."""

    level: float
    height: float
    rate: float

    def score(self, labels: float) -> float:
        """Score at so many labels."""
        return self.level - self.height * math.pow(labels, -self.rate)

    def slope(self, labels: float) -> float:
        """Score of one label more."""
        return self.height * self.rate * math.pow(labels, -self.rate - 1.0)

    def steep(self, slope: float) -> float:
        """Labels at which it is so steep."""
        return math.pow(self.height * self.rate / slope, 1.0 / (self.rate + 1.0))

    def back(self, score: float) -> float:
        """Labels at which it has a score; infinite where it never does."""
        return (
            max(1.0, math.pow((self.level - score) / self.height, -1.0 / self.rate)) if score < self.level else math.inf
        )

    def gained(self, labels: float, more: float) -> float:
        """Score that further labels add, exact for few of many."""
        return -self.height * math.pow(labels, -self.rate) * math.expm1(-self.rate * math.log1p(more / labels))


@dataclass(frozen=True)
class Part:
    """A stretch of labels: what one gains on it from some labels on by so many more, its slope, and where the score is another
    than at its end (of the last: its start)."""

    start: float
    end: float
    gained: Callable[[float, float], float]
    slope: Callable[[float], float]
    back: Callable[[float], float]


@dataclass(frozen=True)
class Spliced:
    """Parts of a curve in the order of labels, the first from one label on."""

    parts: tuple[Part, ...]
    turn: float
    """Score where the last part begins: of a very steep curve that at one label may be so low that digits cancel."""

    def gained(self, labels: float, more: float) -> float:
        """Score that further labels add."""
        found = []
        for part in self.parts:
            start, end = max(labels, part.start), min(labels + more, part.end)
            if end > start:
                found.append(part.gained(start, more if (start, end) == (labels, labels + more) else end - start))
        return math.fsum(found)

    def score(self, labels: float) -> float:
        """Score at so many labels."""
        end = self.parts[-1].start
        if labels < end:
            return self.turn - self.gained(labels, end - labels)
        return self.turn + self.gained(end, labels - end)

    def slope(self, labels: float) -> float:
        """Score of one label more."""
        return next(part.slope(labels) for part in self.parts if labels < part.end)

    def back(self, score: float) -> float:
        """Labels at which it has a score; infinite where it never does."""
        first, *between, last = self.parts
        if score >= self.turn:
            return last.back(score - self.turn)
        at_end = self.turn
        for part in reversed(between):
            at_start = at_end - part.gained(part.start, part.end - part.start)
            if score >= at_start:
                return part.back(score - at_end)
            at_end = at_start
        return first.back(score - at_end)


def spliced(middle: Law, beyond: Law, measured: float, existing: float = 1.0) -> Spliced:
    """The middle law up to the most labels measured, then the gains of another; straight where that would bend up.

    The straight part begins where a line along the middle law goes on to touch the other, and not before the labels there are
    already, whose gain nobody buys.
    """
    start, end = measured, measured
    if beyond.slope(measured) > middle.slope(measured) and existing < measured:
        low, high = existing, measured
        for _ in range(200):
            start = (low + high) / 2.0
            low, high = (start, high) if _beneath(middle, beyond, measured, start) else (low, start)
        start = low
        end = _touched(middle, beyond, measured, low)
    climb = middle.gained(start, measured - start) + beyond.gained(measured, end - measured)
    slope = climb / (end - start) if end > start else 0.0
    return Spliced(
        (
            Part(1.0, start, middle.gained, middle.slope, lambda risen: middle.back(middle.score(start) + risen)),
            Part(start, end, lambda n, more: slope * more, lambda n: slope, lambda risen: end + risen / slope),
            Part(end, math.inf, beyond.gained, beyond.slope, lambda risen: beyond.back(beyond.score(end) + risen)),
        ),
        middle.score(measured) + beyond.gained(measured, end - measured),
    )


def _beneath(middle: Law, beyond: Law, measured: float, start: float) -> bool:
    """Whether a line along the middle law from some labels on stays above the other law: it has to begin later."""
    slope = middle.slope(start)
    end = max(measured, beyond.steep(slope))
    risen = middle.gained(start, measured - start) + beyond.gained(measured, end - measured)
    return slope * (end - start) > risen


def _touched(middle: Law, beyond: Law, measured: float, start: float) -> float:
    """Labels at which the steepest line from some labels on touches the other law."""

    def rises(end: float) -> bool:
        risen = middle.gained(start, measured - start) + beyond.gained(measured, end - measured)
        return beyond.slope(end) * (end - start) > risen

    low, high = measured, 2.0 * measured
    while rises(high):
        low, high = high, 2.0 * high
    for _ in range(200):
        end = (low + high) / 2.0
        low, high = (end, high) if rises(end) else (low, end)
    return low
