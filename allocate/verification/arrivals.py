"""What a promise leaves a review team whose items come in batches, with the hours of the day, or all at once.

The same queue that a plan is made with, as the reference states it, in code of its own: distributions are taken further by
Fourier transforms, not sums, and what is late is added up from waiting counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from allocate.case.clauses.review import ArrivalPattern, ReviewTeam
from allocate.exact import Floats
from allocate.units import WORKING_DAYS

_SINE = 16
_SLICES = 8
_MOST = 3_000
_STILL = 1e-11
_DAYS, _LOOKED_BACK = 20, 8


def load_promised(team: ReviewTeam, handling: float) -> float:
    """How many of the people of a team can be checking on average, so that it keeps its promise; handling in hours."""
    assert team.answer is not None
    assert team.answer.arrivals is not None
    assert team.people is not None
    length, rates = _repeating(team, team.answer.arrivals)
    within, batch = team.answer.within.number / handling, team.answer.arrivals.batch
    shape = _Shape(length / handling, rates, batch, team.answer.arrivals.every is not None)
    return _load(int(team.people.number), float(team.answer.share), within, shape)


@dataclass(frozen=True)
class _Shape:
    """What repeats: its length in handling times, its rates, the pieces of a batch, and whether all come at its beginning."""

    length: float
    rates: tuple[float, ...]
    batch: int
    at_once: bool


@lru_cache(maxsize=256)
def _load(people: int, share: float, within: float, shape: _Shape) -> float:
    """The largest load at which the promise is kept; the same questions are asked again and again."""

    def missed(load: float) -> float:
        if not shape.at_once and max(shape.rates) == min(shape.rates):
            return _batches(people, load, shape.batch, within) - (1.0 - share)
        return _Day(people, load, within, shape).late() - (1.0 - share)

    low: float = 1e-6 * people
    if missed(low) > 0.0:
        return 0.0
    for power in range(1, 10):
        high = people * (1.0 - float(0.5**power))
        if missed(high) > 0.0:
            return _crossing(missed, low, high, 1e-9 * people)
        low = high
    return low


def _repeating(team: ReviewTeam, pattern: ArrivalPattern) -> tuple[float, tuple[float, ...]]:
    """Hours of work until arrivals repeat, and their rates in equal parts of that, relative to the mean."""
    assert team.hours is not None
    of_week = team.working_days or WORKING_DAYS
    in_a_day = team.hours.number / of_week
    if team.hours.time == "day" and team.hours.in_time is not None:
        in_a_day = team.hours.in_time
    if pattern.every is None:
        shape = list(pattern.profile) or [
            1.0 + (pattern.swing or 0.0) * math.sin(math.pi * (2 * part + 1) / _SINE) for part in range(_SINE)
        ]
        mean = math.fsum(shape) / len(shape)
        return in_a_day, tuple(rate / mean for rate in shape)
    if pattern.every.time is None:
        return pattern.every.number, (1.0,)
    if pattern.every.time == "day" and pattern.every.in_time is not None:
        return pattern.every.in_time * in_a_day, (1.0,)
    return pattern.every.number * of_week * in_a_day, (1.0,)


def _crossing(of: Callable[[float], float], low: float, high: float, width: float) -> float:
    """Where a rising function is zero, by the method of Anderson and Bjoerck."""
    at_low, at_high, last = of(low), of(high), 0
    while high - low > width:
        guess = min(max(high - at_high * (high - low) / (at_high - at_low), low + width / 2.0), high - width / 2.0)
        value, now = of(guess), 0
        if value > 0.0:
            now, slower = 1, 1.0 - value / at_high
            at_low *= (slower if slower > 0.0 else 0.5) if last == now else 1.0
            high, at_high = guess, value
        else:
            now, slower = -1, 1.0 - value / at_low if at_low else 0.5
            at_high *= (slower if slower > 0.0 else 0.5) if last == now else 1.0
            low, at_low = guess, value
        last = now
    return low


def _batches(people: int, load: float, size: int, within: float) -> float:
    """Share of late pieces of batches at random: waiting counts from what passes up and down between two counts."""
    weights, sums = [1.0], [0.0, 1.0]
    while len(weights) < people + size or weights[-1] > 1e-13 * sums[-1]:
        n = len(weights)
        up = (sums[n] - sums[max(0, n - size)]) * load / size
        weights.append(up / min(n, people))
        sums.append(sums[-1] + weights[-1])
        if sums[-1] > 1e250:
            scale = sums[-1]
            weights, sums = [one / scale for one in weights], [one / scale for one in sums]
    late = _waits(people, within, len(weights) + size)
    of_batch = np.lib.stride_tricks.sliding_window_view(late, size)[: len(weights)].mean(axis=1)
    return float(np.dot(weights, of_batch) / sums[-1])


def _waits(people: int, within: float, counts: int) -> Floats:
    """Chance that a piece that finds 0, 1, … others waits too long: too few are done in time."""
    late, chance, log_chance = np.zeros(counts), 0.0, -people * within
    for found in range(people, counts):
        done = found - people
        if done:
            log_chance += math.log(people * within / done) if within > 0.0 else -math.inf
        chance += math.exp(log_chance)
        late[found] = min(chance, 1.0)
    return late


class _Day:
    """One cycle of the queue, by slices; people and pieces in groups where there would be too many counts."""

    def __init__(self, people: int, load: float, within: float, shape: _Shape) -> None:
        self.at_once, length, rates, batch = shape.at_once, shape.length, shape.rates, shape.batch
        highest = backlog = 0.0
        for rate in rates * 2:
            backlog = max(0.0, backlog + (rate - 1.0) * length / len(rates))
            highest = max(highest, backlog)
        room = 1.0 + 3.0 * within + (length if self.at_once else highest)
        size = math.ceil(people * room) + 40 * batch + 60
        group = -(-size // _MOST)
        if group > 1:
            fewer = -(-people // group)
            longer = fewer * group / people
            load, within, length, batch = load * fewer / people, within / longer, length / longer, -(-batch // group)
            people, size = fewer, math.ceil(fewer * room) + 40 * batch + 60
        self.people, self.load, self.within, self.batch, self.size = people, load, within, batch, size
        self.length, self.rates = length, rates
        self.slices = math.ceil(_SLICES * length / len(rates))
        self.slice = length / len(rates) / self.slices
        self.left = self._survivors()
        self.worked = self._counts(people * self.slice)
        self.known: dict[tuple[int, int], NDArray[np.complex128]] = {}
        self.kept: list[Floats] = []
        self.spreads: dict[float, Floats] = {}

    def _counts(self, mean: float) -> Floats:
        """Chances of so many events, as many as the plan's own model keeps."""
        most = int(mean + 10.0 * math.sqrt(mean) + 12.0)
        chances, one = np.zeros(most + 1), math.exp(-mean)
        for number in range(most + 1):
            chances[number] = one
            one *= mean / (number + 1)
        if mean > 700.0:  # the first chance is below what a float holds
            chances = np.array([math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(most + 1)])
        return np.asarray(chances / math.fsum(chances))

    def _survivors(self) -> Floats:
        """Chances of how many of so many at work are still at it a slice later."""
        still = math.exp(-self.slice)
        left = np.zeros((self.people + 1, self.people + 1))
        left[0, 0] = 1.0
        for busy in range(1, self.people + 1):
            left[busy, 0] = left[busy - 1, 0] * (1.0 - still)
            left[busy, 1:] = left[busy - 1, 1:] * (1.0 - still) + left[busy - 1, :-1] * still
        return left

    def late(self) -> float:
        """Share of the cycle's pieces that are late, once the cycle is as the one before."""
        counts, share = np.ones(1), 1.0
        history: list[tuple[Floats, Floats]] = []
        for day in range(5_000):
            after, share = self._burst(counts) if self.at_once else self._by_rates(counts)
            if self._moved(counts, after) < _STILL:
                break
            if day >= _DAYS:
                history = [*history[-_LOOKED_BACK:], (self._full(counts), self._full(after))]
            counts = after if len(history) < 2 else self._settling(history)
        return share

    def _full(self, counts: Floats) -> Floats:
        found = np.zeros(self.size)
        found[: len(counts)] = counts
        return found

    def _settling(self, history: list[tuple[Floats, Floats]]) -> Floats:
        """Weights of earlier days, one together, at which the weighted days change least; what they come to a day later."""
        changes = np.array([after - before for before, after in history])
        last = changes[-1]
        weights, *_ = np.linalg.lstsq((changes[:-1] - last).T, -last, rcond=1e-12)
        mixed = np.append(weights, 1.0 - weights.sum()) @ np.array([after for _, after in history])
        mixed[mixed < 0.0] = 0.0
        return self._cut(mixed / math.fsum(mixed))

    def _moved(self, before: Floats, after: Floats) -> float:
        both = np.zeros((2, max(len(before), len(after))))
        both[0, : len(before)], both[1, : len(after)] = before, after
        return float(np.abs(both[0] - both[1]).sum())

    def _burst(self, counts: Floats) -> tuple[Floats, float]:
        pieces = self.load * self.length
        whole = math.floor(pieces)
        waits = _waits(self.people, self.within, self.size + whole + 2)
        sums = np.concatenate([[0.0], np.cumsum(waits)])
        ends, part = np.arange(len(counts)) + whole, pieces - whole
        share = float(counts @ (sums[ends] + part * waits[ends] - sums[: len(counts)])) / pieces
        longer = np.zeros(len(counts) + whole + 1)
        longer[whole:-1] += (1.0 - part) * counts
        longer[whole + 1 :] += part * counts
        counts = self._cut(longer)
        for _ in range(self.slices):
            counts = self._work(counts)
        return counts, share

    def _by_rates(self, counts: Floats) -> tuple[Floats, float]:
        share, waits = 0.0, _waits(self.people, self.within, self.size + self.batch)
        of_batch = np.lib.stride_tricks.sliding_window_view(waits, self.batch)[: self.size].mean(axis=1)
        for rate in self.rates:
            whole, half = (self._spread(rate * self.load * self.slice * part / self.batch) for part in (1.0, 0.5))
            wider = np.pad(of_batch, (0, len(half) - 1), mode="edge")
            seen = np.lib.stride_tricks.sliding_window_view(wider, len(half)) @ half
            for number in range(self.slices):
                share += rate * float(counts @ seen[: len(counts)])
                before = counts
                counts = self._work(self._cut(self._together(counts, whole)))
                if self._moved(before, counts) < _STILL:
                    share += rate * float(counts @ seen[: len(counts)]) * (self.slices - number - 1)
                    break
        return counts, share / (math.fsum(self.rates) * self.slices)

    def _together(self, one: Floats, other: Floats) -> Floats:
        """Distribution of a sum, by the product of what Fourier makes of both."""
        length = len(one) + len(other) - 1
        wide = 1 << (length - 1).bit_length()
        key = id(other), wide
        if key not in self.known:
            self.known[key] = np.fft.rfft(other, wide)
            self.kept.append(other)
        return np.fft.irfft(np.fft.rfft(one, wide) * self.known[key], wide)[:length]

    def _spread(self, mean: float) -> Floats:
        """Chances of 0, 1, … pieces of batches."""
        if mean not in self.spreads:
            chances = self._counts(mean) if mean > 0.0 else np.array([1.0])
            pieces = np.zeros((len(chances) - 1) * self.batch + 1)
            pieces[:: self.batch] = chances
            self.spreads[mean] = pieces
        return self.spreads[mean]

    def _cut(self, counts: Floats) -> Floats:
        """What is above the most counts told apart stays at the last; what is next to impossible is left out."""
        if len(counts) > self.size:
            counts = np.append(counts[: self.size - 1], counts[self.size - 1 :].sum())
        return np.asarray(counts[: int(np.flatnonzero(counts > 1e-17)[-1]) + 1])

    def _work(self, counts: Floats) -> Floats:
        edge = min(self.people + 1, len(counts))
        less = np.zeros(len(counts))
        less[:edge] = counts[:edge] @ self.left[:edge, :edge]
        if len(counts) > edge:  # counted from above, what is done adds up
            gone = self._together(counts[edge:][::-1], self.worked)
            less[len(counts) - min(len(gone), len(counts)) :] += gone[: len(counts)][::-1]
            less[0] += gone[len(counts) :].sum()
        return self._cut(less)
