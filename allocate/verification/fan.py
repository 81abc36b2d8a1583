"""The learning curves that `fit: fan` draws, found again point by point and pair by pair."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

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
    square: float
    """Mean square of that error, what is not known of it included."""
    exponent: float
    share: float

    def gain(self, times: float) -> float:
        return self.error * self.share * (1.0 - math.pow(times, -self.exponent))


@dataclass(frozen=True)
class _Fan:
    """What points predict: the most labels measured, the error there and its doubt, and three gains at 2 and at 8 times the labels."""

    last: float
    error: float
    doubt: float
    near: tuple[float, float, float]
    far: tuple[float, float, float]


def curve_at(
    points: tuple[tuple[float, float, float, float | None], ...], ceiling: float, quantile: float
) -> tuple[float, float, float]:
    """Level, height and rate of the curve of a quantile: score = level - height * labels^-rate.

    points: labels, score, runs and the standard deviation of one run of each.
    """
    fan = _fan(points, ceiling)
    three = [_law(fan.error, fan.near[side], max(fan.near[side], fan.far[side])) for side in (0, 1, 2)]
    rate, share = three[1]
    if quantile != 0.5:
        away = statistics.NormalDist().inv_cdf(quantile) / 1.2815515655446004
        near, far = ([fan.error * part * (1.0 - times**-fall) for fall, part in three] for times in (2.0, 8.0))
        apart = math.hypot(far[1] - far[0], fan.doubt)
        wide = [far[1] - min(apart, far[1]), far[1], far[1] + math.hypot(far[2] - far[1], fan.doubt)]
        gain = _between(fan.error, wide, away)
        bent = _between(fan.error, near, away) / _between(fan.error, far, away) * gain
        rate, share = _law(fan.error, bent, max(bent, gain))
    return ceiling - fan.error * (1.0 - share), fan.error * share * fan.last**rate, rate


def _between(error: float, gains: list[float], away: float) -> float:
    """A gain between P10, P50 and P90 (or past them), in log odds of the error it takes away."""
    odds = [math.log(part / (1.0 - part)) for part in (min(max(one / error, 1e-4), 0.98) for one in gains)]
    end = odds[0] if away < 0.0 else odds[2]
    return error / (1.0 + math.exp(-(odds[1] + abs(away) * (end - odds[1]))))


@lru_cache(maxsize=256)
def _fan(points: tuple[tuple[float, float, float, float | None], ...], ceiling: float) -> _Fan:
    measured = _joined(points, ceiling)
    pairs = list(_grid(measured, ceiling))
    error = math.fsum(pair.likely * pair.error for pair in pairs)
    spread = math.fsum(pair.likely * pair.square for pair in pairs) - error**2
    gains, least = [], 1e-12 * max(pair.likely for pair in pairs)
    for times in (2.0, 8.0):
        each = [(pair.gain(times), pair.likely) for pair in pairs if pair.likely > least]
        low, middle, high = (min(_at(each, part), 0.98 * error) for part in (0.1, 0.5, 0.9))
        gains.append(
            (max(middle - 1.6 * (middle - low), 0.0), middle, min(middle + 1.4 * (high - middle), 0.98 * error))
        )
    doubt = 0.5 * 1.2815515655446004 * 2.0 * math.sqrt(max(spread, 0.0))
    return _Fan(measured[-1].labels, error, doubt, *gains)


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
    labels, errors = (np.array([getattr(one, key) for one in measured]) for key in ("labels", "error"))
    shares = 0.02 + 0.98 * np.arange(16) / 15
    exponents = np.array(list(_spaced(0.03, 3.0, 16)))
    falls = (labels / last.labels) ** -exponents[:, None, None]
    shape = np.minimum(1.0 - shares[:, None] + shares[:, None] * falls, 1e3)
    prior = -0.5 * (np.log(exponents / 0.32) / 0.65)[:, None] ** 2 - 0.4 * np.log(1.02 - shares)
    weights, means, squares = [], [], []
    for noise in _spaced(0.0005, 0.5, 9):
        variances = np.array(
            [_variance(one, last.labels, noise * unit, away, rough) for one, away in zip(measured, drift, strict=True)]
        )
        both = (shape**2 / variances).sum(axis=2)
        error = (shape * errors / variances).sum(axis=2) / both
        misses = ((errors - error[:, :, None] * shape) ** 2 / variances).sum(axis=2)
        of_noise = -0.5 * math.log(noise / usual) ** 2 - 0.5 * math.fsum(map(math.log, variances.tolist()))
        weights.append(of_noise + prior - 0.5 * np.log(both) - 0.5 * misses)
        means.append(np.maximum(error, 1e-4 * rough))
        squares.append(means[-1] ** 2 + 1.0 / both)
    chances = np.exp(np.array(weights) - np.max(weights))
    chances /= chances.sum()
    likely = chances.sum(axis=0)
    sums = ((chances * np.array(part)).sum(axis=0) for part in (means, squares))
    error, square = (part / np.where(likely > 0.0, likely, 1.0) for part in sums)
    for at, share in itertools.product(range(len(exponents)), range(len(shares))):
        if likely[at, share] > 0.0:
            chance, mean, mean_square = (float(part[at, share]) for part in (likely, error, square))
            yield _Pair(chance, mean, mean_square, float(exponents[at]), float(shares[share]))


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


def _at(weighted: list[tuple[float, float]], part: float) -> float:
    """The value at a part of all weight, straight between the middles of neighbours."""
    weighted.sort()
    total, before = math.fsum(weight for _, weight in weighted), 0.0
    below: tuple[float, float] | None = None
    for value, weight in weighted:
        at = (before + 0.5 * weight) / total
        if at >= part:
            if below is None:
                return value
            return below[1] + (value - below[1]) * (part - below[0]) / (at - below[0])
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
