"""How a model's score may go on beyond the most labels measured: three learning curves, P10, P50 and P90.

A grid of power laws with floor is weighted by what published curves look like and by how well each goes through the measured
points, old points counting less. The constants were fitted on half of the data sets of LCDB (Mohr et al., 2022) and half of the
deep-learning curves in `tests/data/curves`, and checked on the other half; `tests/bench/value_ranges.py` prints the calibration.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.value.curves import PowerLaw
from allocate.costing.value.spliced import Spliced
from allocate.numbers import Floats
from allocate.quantiles import log_odds

EXPONENT, EXPONENT_LOG_SD = 0.32, 0.65
"""Prior of the exponent: lognormal, its median and the standard deviation of its logarithm."""
SHARE_POWER = -0.4
"""Prior of the share of the error that labels remove: its density is (1.02 - share) to this power."""
NOISE, NOISE_FALL, NOISE_LOG_SD = 0.035, 0.3, 1.0
"""Prior of one run's noise, in square roots of error times score: lognormal; the median at 1,000 labels, the power by which it
falls with the labels of the largest point, and the standard deviation of its logarithm."""
SLOPE_DRIFT, ERROR_DRIFT, DRIFT_POWER = 0.5, 0.15, 1.25
"""A point |ln(n / n0)| away from the largest n0 may lie off the curve by this much of its slope, and of its error."""
DOWN, UP, LEVEL = 1.6, 1.4, 2.0
"""By how much the distance to P10, to P90, and the error's own standard deviation are widened."""
MOST = 0.98
"""Part of the error that no curve removes more of by eight times the most labels measured."""
LEAST = 1e-4
"""Part of the error that the curve of any quantile removes at least by twice the most labels measured."""
UNLIKELY = 1e-12
"""Part of the likeliest curve's weight; curves with less are in no quantile: it may be no more than what rounding leaves."""
NORMAL_90 = 1.2815515655446004
"""The standard normal quantile of 90%."""
NEAR, FAR = 2.0, 8.0
"""Multiples of the most labels measured at which the three curves take the quantiles of the gain."""

_EXPONENTS = np.exp(np.linspace(np.log(0.03), np.log(3.0), 16))
_SHARES = np.linspace(0.02, 1.0, 16)
_NOISES = np.exp(np.linspace(np.log(0.0005), np.log(0.5), 9))
_B, _F = (axis.ravel() for axis in np.meshgrid(_EXPONENTS, _SHARES, indexing="ij"))


@dataclass(frozen=True)
class Branch:
    r"""One curve of a fan: the gain beyond the most labels measured, as a share of the error there.

    .. math:: \text{gain}(n) = E \, \varphi \, (1 - (n / n_0)^{-b})
    """

    exponent: float
    share: float

    def of_error(self, times: ArrayLike) -> Floats:
        """Share of the error removed at so many times the most labels measured, any shape."""
        return np.asarray(self.share * -np.expm1(-self.exponent * np.log(np.asarray(times, dtype=np.float64))))


@dataclass(frozen=True)
class Fan:
    """Three concave learning curves through measured points that part where the points end."""

    measured: float
    """Most labels measured."""
    ceiling: float
    """Score of a model without error."""
    error: float
    """Error there, in points."""
    error_sd: float
    """Standard deviation of that error, in points."""
    low: Branch
    middle: Branch
    high: Branch

    @cached_property
    def curve(self) -> PowerLaw:
        """The middle curve, P50, at any number of labels."""
        return self._law(self.middle)

    def at(self, quantile: float, existing: float = 1.0) -> PowerLaw | Spliced:
        r"""The curve of a quantile in (0, 1): at 8 times the most labels measured it gains that quantile of the gain.

        Where labels were measured all are the middle curve, so that a poorer outcome never gains more. A gain as a share g of the error goes through P10, P50 and P90 on either side of the middle,

        .. math:: \text{logit}(g_u) = \text{logit}(g_{50}) + \frac{|z_u|}{z_{90}} (\text{logit}(g_{10 | 90}) - \text{logit}(g_{50}))

        and the curve bends as the three curves do between 2 and 8 times. existing: labels there are already, from which on the
        curve bends down.
        """
        if quantile == 0.5:
            return self.curve
        z = NormalDist().inv_cdf(quantile) / NORMAL_90
        bends = np.array([self.error * one.of_error([NEAR, FAR]) for one in self._branches])
        near, far, beyond = (
            self._gain(gains, z) for gains in (bends[:, 0], bends[:, 1], self.gains(self.measured, FAR * self.measured))
        )
        own = self._law(_through(self.error, near / far * beyond, beyond))
        return Spliced(self.curve, own, self.measured, max(existing, 1.0))

    def _gain(self, gains: Iterable[float], z: float) -> float:
        """The gain so many distances of P90 from the middle, between P10, P50 and P90 or past them."""
        a, b, c = (log_odds(min(max(gain / self.error, LEAST), MOST)) for gain in gains)
        return self.error / (1.0 + math.exp(-b - abs(z) * ((a if z < 0.0 else c) - b)))

    def _law(self, branch: Branch) -> PowerLaw:
        b, share = branch.exponent, branch.share
        return PowerLaw(self.error * share * self.measured**b, b, self.error * (1.0 - share), self.ceiling)

    def gains(self, start: float, end: float) -> tuple[float, float, float]:
        """P10, P50 and P90 of the score points gained from some labels to more of them.

        Up to the most labels measured the three gain alike: the curves part beyond. Half of what is not known of the error
        itself is taken into the range, for a gain shares most of it.
        """
        middle = float(self.curve.gain(start, end - start)) if end > start else 0.0
        times = np.maximum(np.array([start, end]) / self.measured, 1.0)
        low, mid, high = (self.error * float(np.diff(one.of_error(times))[0]) for one in self._branches)
        level = 0.5 * NORMAL_90 * self.error_sd if end > self.measured else 0.0
        down = np.hypot(mid - low, level) if end > self.measured else 0.0
        return middle - min(float(down), middle), middle, middle + float(np.hypot(high - mid, level))

    def scores(self, labels: ArrayLike) -> Floats:
        """P10, P50 and P90 of the score at numbers of labels, shape (3, N); beyond the points, for labels that lie there."""
        labels = np.atleast_1d(np.asarray(labels, dtype=np.float64))
        low, mid, high = (self.error * one.of_error(np.maximum(labels / self.measured, 1.0)) for one in self._branches)
        middle, level = self.curve.score(labels), NORMAL_90 * self.error_sd
        top = np.minimum(middle + np.hypot(high - mid, level), self.ceiling)
        return np.stack([middle - np.hypot(mid - low, level), middle, top])

    @property
    def _branches(self) -> tuple[Branch, Branch, Branch]:
        return self.low, self.middle, self.high


def fan(
    labels: ArrayLike,
    scores: ArrayLike,
    *,
    runs: ArrayLike = 1.0,
    sd: ArrayLike | None = None,
    ceiling: float = 100.0,
) -> Fan:
    r"""Three learning curves from measured points.

    With e the error of a point and n its labels, x = ln(n / n0), a power law with floor is

    .. math:: e(n) = E \, h(n), \qquad h = 1 - \varphi + \varphi \, e^{-b x}

    and a point's variance is that of its runs and of its age, :math:`s^2 r (c - r) (n_0 / n) / \text{runs} +
    (d \, |x|^{1.25})^2`. Each pair (b, phi) and noise s of a grid is weighted by its prior and by the likelihood of the points,
    E having been integrated out; a pair then counts with its mean E over the noises. The curves go through the 10, 50 and 90% quantiles of the gain at 2 and 8 times n0.

    Args:
        labels: numbers of labels, shape (N,), at least one, each at least 1; points of one number are taken together.
        scores: score at each, shape (N,), none above the ceiling.
        runs: how many runs each score is the mean of, shape (N,) or one number.
        sd: standard deviation of one run in points, shape (N,) or one number; absent, or nan for a point: taken from the points.
        ceiling: score of a model without error.

    Raises:
        ValueError: no points, labels below 1, runs below 1, a deviation below zero, or a score above the ceiling.
    """
    n, e, many, own = _together(labels, scores, runs, sd, ceiling)
    n0, x = n[-1], np.log(n / n[-1])
    rough = max(float(np.median(e[-2:])), 5e-4 * abs(ceiling), 1e-9)
    variance, noise_prior = _variances(n, e, many, own, rough, ceiling)
    weight, a, b = _weights(x, e, variance, noise_prior)
    errors = np.maximum(b / a, 1e-4 * rough)
    error = float((weight * errors).sum())
    error_sd = LEVEL * float(np.sqrt((weight * (1.0 / a + (errors - error) ** 2)).sum()))
    of_pair = weight.sum(axis=1)
    each = np.divide((weight * errors).sum(axis=1), of_pair, out=np.zeros(len(of_pair)), where=of_pair > 0.0)
    near, far = (_quantiles(each * _F * -np.expm1(-_B * np.log(times)), of_pair, error) for times in (NEAR, FAR))
    low, middle, high = (_through(error, *gains) for gains in zip(near, far, strict=True))
    return Fan(float(n0), ceiling, error, error_sd, low, middle, high)


def _weights(x: Floats, e: Floats, variance: Floats, noise_prior: Floats) -> tuple[Floats, Floats, Floats]:
    """The weight of each pair (b, phi) at each noise, shape (pairs, noises), and the sums that give its mean E and its variance."""
    w = 1.0 / variance
    prior = -0.5 * (np.log(_B / EXPONENT) / EXPONENT_LOG_SD) ** 2 + SHARE_POWER * np.log(1.02 - _F)
    shape = np.minimum(1.0 - _F[:, None] + _F[:, None] * np.exp(-_B[:, None] * x), 1e3)
    a, b, c = (shape * shape) @ w.T, shape @ (w * e).T, (w * e * e).sum(axis=1)
    fit = 0.5 * np.log(w).sum(axis=1) - 0.5 * np.log(a) - 0.5 * (c - b * b / a) + prior[:, None] + noise_prior
    weight = np.exp(fit - fit.max())
    weight /= weight.sum()
    return weight, a, b


def _together(labels: ArrayLike, scores: ArrayLike, runs: ArrayLike, sd: Any, ceiling: float) -> tuple[Floats, ...]:
    """Labels rising, errors, runs and known standard deviations (nan where none), one entry for each number of labels."""
    n, y = np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if n.ndim != 1 or n.shape != y.shape or not len(n):
        raise ValueError("a fit needs one score for each number of labels")
    many = np.broadcast_to(np.asarray(runs, dtype=np.float64), n.shape)
    own = np.broadcast_to(np.asarray(np.nan if sd is None else sd, dtype=np.float64), n.shape)
    if not (np.all(np.isfinite(n) & (n >= 1.0)) and np.all(np.isfinite(y)) and np.all(many >= 1.0)):
        raise ValueError("a fit needs finite scores, labels from 1, and one run at least")
    if np.any(own < 0.0):
        raise ValueError("a standard deviation is not below zero")
    if np.any(y > ceiling):
        raise ValueError(f"a score of {float(y.max()):g} is above a ceiling of {ceiling:g}")
    each, at = np.unique(n, return_inverse=True)
    sums = [np.bincount(at, weights=many * values) for values in (ceiling - y, np.ones(len(n)), own)]
    return np.asarray(each), sums[0] / sums[1], np.asarray(sums[1], dtype=np.float64), sums[2] / sums[1]


def _variances(n: Floats, e: Floats, runs: Floats, own: Floats, rough: float, ceiling: float) -> tuple[Floats, Floats]:
    """Variance of each point for every noise of the grid, shape (S, N), and the log prior of the noises, shape (S,)."""
    x = np.log(n / n[-1])
    near = np.flatnonzero(n >= 0.99 * n[-1] / 4.0)
    first = near[0] if len(near) > 1 else 0
    slope = (e[first] - e[-1]) / max(-x[first], 0.3) if len(n) > 1 else 0.15 * rough
    drift = (SLOPE_DRIFT * np.hypot(max(slope, 0.03 * rough), ERROR_DRIFT * rough) * np.abs(x) ** DRIFT_POWER) ** 2
    unit = np.sqrt(rough * max(ceiling - rough, 0.05 * max(abs(ceiling), rough)))
    of_runs = (unit * _NOISES[:, None] * np.exp(-0.5 * x)) ** 2
    variance = np.where(np.isnan(own), of_runs, own**2 + 1e-6 * rough**2) / runs + drift
    median = NOISE * (n[-1] / 1000.0) ** -NOISE_FALL
    return variance, -0.5 * (np.log(_NOISES / median) / NOISE_LOG_SD) ** 2


def _quantiles(gains: Floats, weight: Floats, error: float) -> tuple[float, float, float]:
    """P10, P50 and P90 of weighted gains, the outer two widened, none below zero or above nearly all of the error."""
    likely = weight > UNLIKELY * weight.max()
    gains, weight = gains[likely], weight[likely]
    order = np.argsort(gains)
    at = np.cumsum(weight[order])
    at = (at - 0.5 * weight[order]) / at[-1]
    low, middle, high = np.minimum(np.interp([0.1, 0.5, 0.9], at, gains[order]), MOST * error).tolist()
    return max(middle - DOWN * (middle - low), 0.0), middle, min(middle + UP * (high - middle), MOST * error)


def _through(error: float, near: float, far: float) -> Branch:
    """The concave curve with two gains, at 2 and 8 times the most labels measured; flat where there is none."""
    far = max(far, near)
    if far <= 1e-9 * error:
        return Branch(1.0, 0.0)
    ratio = min(far / max(near, 1e-12 * error), 2.95)
    z = min(max((-1.0 + np.sqrt(max(4.0 * ratio - 3.0, 1.0))) / 2.0, 1.0 / FAR), 2.0**-0.03)
    share = far / error / (1.0 - z**3)
    if share <= 1.0:
        return Branch(float(-np.log2(z)), float(share))
    return Branch(float(-np.log(max(1.0 - min(far / error, 0.999), 1e-6)) / np.log(FAR)), 1.0)
