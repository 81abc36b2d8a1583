"""The middle one of the learning curves that `fit: fan` draws, found again point by point and pair by pair."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

REACH = 8.0
"""Times the most labels measured that the curve is used for, where the case does not say."""


@dataclass(frozen=True)
class Measured:
    """Trainings with one number of labels."""

    labels: float
    error: float
    runs: float
    deviation: float | None
    """Of one training, in points; None where it is not stated."""


@dataclass(frozen=True)
class _Pair:
    """A power law with floor on the grid: how likely it is, its error at the most labels measured, what it loses from there."""

    likely: float
    error: float
    exponent: float
    share: float

    def gain(self, times: float) -> float:
        return self.error * self.share * (1.0 - math.pow(times, -self.exponent))


@lru_cache(maxsize=256)
def middle(points: tuple[tuple[float, float, float, float | None], ...], ceiling: float) -> tuple[float, float, float]:
    """Level, height and rate of the P50 curve: score = level - height * labels^-rate.

    points: labels, score, runs and the standard deviation of one run of each.
    """
    measured = _joined(points, ceiling)
    last = measured[-1].labels
    pairs = list(_grid(measured, ceiling))
    error = math.fsum(pair.likely * pair.error for pair in pairs)
    near, far = (_median([(pair.gain(times), pair.likely) for pair in pairs]) for times in (2.0, 8.0))
    near, far = min(near, 0.98 * error), min(far, 0.98 * error)
    rate, share = _law(error, near, max(near, far))
    return ceiling - error * (1.0 - share), error * share * last**rate, rate


def _joined(points: Sequence[tuple[float, float, float, float | None]], ceiling: float) -> list[Measured]:
    """Points of one number of labels as one, by labels."""
    alike: dict[float, list[tuple[float, float, float | None]]] = defaultdict(list)
    for labels, score, runs, deviation in points:
        alike[labels].append((ceiling - score, runs, deviation))
    found = []
    for labels, some in sorted(alike.items()):
        runs = math.fsum(one[1] for one in some)
        known = [one[2] for one in some if one[2] is not None]
        spread = None
        if len(known) == len(some):
            spread = math.fsum(value * one[1] for value, one in zip(known, some, strict=True)) / runs
        found.append(Measured(labels, math.fsum(one[0] * one[1] for one in some) / runs, runs, spread))
    return found


def _grid(measured: Sequence[Measured], ceiling: float) -> Iterator[_Pair]:
    """Every pair of exponent and share, with its mean error over the noises; likelihoods add up to one."""
    last = measured[-1]
    ends = [one.error for one in measured[-2:]]
    rough = max(sum(ends) / len(ends), 5e-4 * abs(ceiling), 1e-9)
    drift = _drift(measured, rough)
    unit = math.sqrt(rough * max(ceiling - rough, 0.05 * max(abs(ceiling), rough)))
    usual = 0.035 * (last.labels / 1000.0) ** -0.3
    found: list[tuple[float, float, float, float]] = []
    for noise in _spaced(0.0005, 0.5, 9):
        variances = [
            _variance(one, last.labels, noise * unit, away, rough) for one, away in zip(measured, drift, strict=True)
        ]
        of_noise = -0.5 * math.log(noise / usual) ** 2 - 0.5 * math.fsum(map(math.log, variances))
        for exponent in _spaced(0.03, 3.0, 16):
            falls = [(one.labels / last.labels) ** -exponent for one in measured]
            of_exponent = -0.5 * (math.log(exponent / 0.32) / 0.65) ** 2
            for step in range(16):
                share = 0.02 + 0.98 * step / 15
                shape = [min(1.0 - share + share * fall, 1e3) for fall in falls]
                both = math.fsum(h * h / v for h, v in zip(shape, variances, strict=True))
                error = (
                    math.fsum(h * one.error / v for h, one, v in zip(shape, measured, variances, strict=True)) / both
                )
                misses = math.fsum(
                    (one.error - error * h) ** 2 / v for h, one, v in zip(shape, measured, variances, strict=True)
                )
                weight = of_noise + of_exponent - 0.4 * math.log(1.02 - share) - 0.5 * math.log(both) - 0.5 * misses
                found.append((weight, max(error, 1e-4 * rough), exponent, share))
    highest = max(weight for weight, *_ in found)
    total = math.fsum(math.exp(weight - highest) for weight, *_ in found)
    by_pair: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    for weight, error, exponent, share in found:
        by_pair[exponent, share].append((math.exp(weight - highest) / total, error))
    for (exponent, share), some in by_pair.items():
        likely = math.fsum(one for one, _ in some)
        if likely > 0.0:
            yield _Pair(likely, math.fsum(one * error for one, error in some) / likely, exponent, share)


def _drift(measured: Sequence[Measured], rough: float) -> list[float]:
    """By how much each point may lie off the curve for its age, in points."""
    last = measured[-1]
    slope = 0.15 * rough
    if len(measured) > 1:
        recent = [one for one in measured if one.labels >= 0.99 * last.labels / 4.0]
        first = recent[0] if len(recent) > 1 else measured[0]
        slope = (first.error - last.error) / max(math.log(last.labels / first.labels), 0.3)
    each = 0.5 * math.hypot(max(slope, 0.03 * rough), 0.15 * rough)
    return [each * math.log(last.labels / one.labels) ** 1.25 for one in measured]


def _variance(one: Measured, last: float, noise: float, drift: float, rough: float) -> float:
    """Variance of a point: that of its runs, and that of its age."""
    if one.deviation is None:
        of_one_run = noise**2 * last / one.labels
    else:
        of_one_run = one.deviation**2 + 1e-6 * rough**2
    return of_one_run / one.runs + drift**2


def _spaced(low: float, high: float, count: int) -> list[float]:
    """Numbers with equal ratios between two."""
    return [low * (high / low) ** (step / (count - 1)) for step in range(count)]


def _median(weighted: list[tuple[float, float]]) -> float:
    """The value in the middle of weights, straight between the middles of neighbours."""
    weighted.sort()
    total, before = math.fsum(weight for _, weight in weighted), 0.0
    below: tuple[float, float] | None = None
    for value, weight in weighted:
        at = (before + 0.5 * weight) / total
        if at >= 0.5:
            if below is None:
                return value
            return below[1] + (value - below[1]) * (0.5 - below[0]) / (at - below[0])
        below, before = (at, value), before + weight
    return weighted[-1][0]


def _law(error: float, near: float, far: float) -> tuple[float, float]:
    """Exponent and share of the power law with floor that gains so much at 2 and at 8 times the labels."""
    if far <= 1e-9 * error:
        return 1.0, 0.0
    ratio = min(far / max(near, 1e-12 * error), 2.95)
    # 1 - z^3 over 1 - z, that is 1 + z + z^2, is the ratio of the gains, z being what is left of the gap at twice the labels.
    z = min(max((math.sqrt(max(4.0 * ratio - 3.0, 1.0)) - 1.0) / 2.0, 0.125), 2.0**-0.03)
    share = far / (error * (1.0 - z**3))
    if share <= 1.0:
        return -math.log2(z), share
    return -math.log(max(1.0 - min(far / error, 0.999), 1e-6)) / math.log(8.0), 1.0
