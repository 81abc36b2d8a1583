"""What labels are worth to a model: value curves, their fit, and their chords for a linear program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.value.shapes import SmoothCurve
from allocate.numbers import Floats
from allocate.tolerances import STEEPENING

MOST_SEGMENTS = 4096
# Steepening below this share of the slope is rounding in the table, not a shape.


@dataclass(frozen=True)
class PowerLaw:
    r"""A learning curve that falls towards a floor of error as labels grow.

    .. math:: \text{score}(n) = \text{ceiling} - (a \, n^{-b} + \text{floor}), \qquad n \ge 1

    Increasing and concave for every n. Below one label nothing is claimed.

    Attributes:
        coefficient: error points at one label, above the floor (a), above zero.
        exponent: rate of fall (b), above zero; published image and language curves lie near 0.1 to 0.5.
        floor: error points that no number of labels removes, at least zero.
        ceiling: score of a model without error, 100 for percentages.

    Raises:
        ValueError: a coefficient or exponent not above zero, or a floor below zero.
    """

    coefficient: float
    exponent: float
    floor: float = 0.0
    ceiling: float = 100.0

    def __post_init__(self) -> None:
        for name in ("coefficient", "exponent"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) > 0.0):
                raise ValueError(f"the {name} of a power law must be above zero, got {getattr(self, name)}")
        if not (np.isfinite(self.floor) and self.floor >= 0.0 and np.isfinite(self.ceiling)):
            raise ValueError(f"the floor of a power law must not be below zero, got {self.floor}")

    def score(self, labels: ArrayLike) -> Floats:
        """Score at a number of labels, any shape; ValueError below one label."""
        return self.ceiling - self.floor - self.coefficient * _from_one(labels) ** -self.exponent

    def marginal(self, labels: ArrayLike) -> Floats:
        r"""Score points per further label, :math:`a b n^{-b-1}`; ValueError below one label."""
        return self.coefficient * self.exponent * _from_one(labels) ** (-self.exponent - 1.0)

    def gain(self, existing: ArrayLike, extra: ArrayLike) -> Floats:
        """Score points that extra labels add to those that exist; exact also for a small share of many labels."""
        start = _from_one(existing)
        growth = np.log1p(_not_negative(extra, "extra labels") / start)
        return np.asarray(-self.coefficient * start**-self.exponent * np.expm1(-self.exponent * growth))

    def labels_at(self, score: float) -> float:
        """Fewest labels at which the curve reaches a score, infinite where it never does."""
        left = self.ceiling - self.floor - score
        return max(1.0, (self.coefficient / left) ** (1.0 / self.exponent)) if left > 0.0 else float("inf")

    def steepness_at(self, slopes: Floats) -> Floats:
        """Labels at which a further label brings so many score points: the inverse of `marginal`."""
        return np.asarray((self.coefficient * self.exponent / slopes) ** (1.0 / (self.exponent + 1.0)))

    def joints(self, start: float, upto: float, count: int) -> Floats:
        """Joints of so many chords with about equal gaps, spaced evenly in the power -b/2 of the labels."""
        half = -self.exponent / 2.0
        found = np.linspace(start**half, (start + upto) ** half, count + 1) ** (1.0 / half)
        found[0], found[-1] = start, start + upto
        return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True)
class TableCurve:
    """A measured learning curve: straight between its points, flat after the last.

    Attributes:
        labels: numbers of labels, rising, at least one point.
        scores: score at each, same length.

    Raises:
        ValueError: no points, unequal lengths, labels that do not rise, or a number that is not finite.
    """

    labels: tuple[float, ...]
    scores: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.labels or len(self.labels) != len(self.scores):
            raise ValueError(f"a curve needs one score a label count, got {len(self.labels)} and {len(self.scores)}")
        if not (np.all(np.isfinite(self.labels)) and np.all(np.isfinite(self.scores)) and self.labels[0] >= 0.0):
            raise ValueError("the labels and scores of a curve must be finite numbers, labels not below zero")
        if np.any(np.diff(self.labels) <= 0.0):
            at = int(np.argmax(np.diff(self.labels) <= 0.0)) + 1
            raise ValueError(f"the labels of a curve must rise: {self.labels[at]:g} follows {self.labels[at - 1]:g}")

    @cached_property
    def slopes(self) -> Floats:
        """Score points per label on each stretch between two points."""
        return np.diff(self.scores) / np.diff(self.labels)

    def first_fall(self, start: float = 0.0, end: float = np.inf) -> str | None:
        """Where the curve first falls between two label counts, in words; None where it never does."""
        falls = (self.slopes < 0.0) & (np.array(self.labels[1:]) > start) & (np.array(self.labels[:-1]) < end)
        return self._fall(int(np.argmax(falls))) if falls.any() else None

    def first_offence(self, start: float = 0.0, end: float = np.inf) -> Offence | None:
        """The first point between two label counts at which the curve falls or steepens, None where it is concave."""
        for at, slope in enumerate(self.slopes):
            left, right = self.labels[at], self.labels[at + 1]
            if slope < 0.0 and right > start and left < end:
                return Offence(at + 1, right, self._fall(at))
            if at and start < left < end and slope > self.slopes[at - 1] * (1.0 + STEEPENING):
                return Offence(at, left, self._steepening(at))
        return None

    def score(self, labels: ArrayLike) -> Floats:
        """Score at a number of labels, any shape; ValueError below the first point."""
        return np.asarray(np.interp(self._known(labels), self.labels, self.scores), dtype=np.float64)

    def marginal(self, labels: ArrayLike) -> Floats:
        """Score points per further label: the slope to the right, zero from the last point on."""
        stretch = np.searchsorted(self.labels, self._known(labels), side="right") - 1
        return np.append(self.slopes, 0.0)[stretch]

    def gain(self, existing: ArrayLike, extra: ArrayLike) -> Floats:
        """Score points that extra labels add to those that exist."""
        start = np.asarray(existing, dtype=np.float64)
        return self.score(start + _not_negative(extra, "extra labels")) - self.score(start)

    def _known(self, labels: ArrayLike) -> Floats:
        array = np.asarray(labels, dtype=np.float64)
        if not np.all(array >= self.labels[0]):
            raise ValueError(
                f"the curve starts at {self.labels[0]:g} labels and says nothing below: add a point for fewer labels, "
                "or raise `existing`"
            )
        return array

    def _fall(self, at: int) -> str:
        return (
            f"the score falls from {self.scores[at]:g} at {self.labels[at]:g} labels "
            f"to {self.scores[at + 1]:g} at {self.labels[at + 1]:g} labels"
        )

    def _steepening(self, at: int) -> str:
        return (
            f"the score rises faster after {self.labels[at]:g} labels ({self.slopes[at] * 1000.0:.4g} points per 1000) "
            f"than before ({self.slopes[at - 1] * 1000.0:.4g})"
        )


@dataclass(frozen=True)
class Offence:
    """A point that keeps a table from being concave: its position from 0, its labels, what is wrong there."""

    position: int
    labels: float
    message: str


@dataclass(frozen=True)
class LimitedCurve:
    """A fitted curve up to some number of labels, and flat beyond: what was measured predicts no further.

    Attributes:
        curve: the fitted curve.
        last: labels beyond which nothing more is counted.
        measured: largest number of labels that was measured.
    """

    curve: SmoothCurve
    last: float
    measured: float

    def score(self, labels: ArrayLike) -> Floats:
        """Score at a number of labels, any shape; ValueError below the curve's start."""
        return self.curve.score(np.minimum(labels, self.last))

    def marginal(self, labels: ArrayLike) -> Floats:
        """Score points per further label, zero from the last on, sums of labels being known to a billionth."""
        return np.where(
            np.asarray(labels) < self.last * (1.0 - 1e-9), self.curve.marginal(np.minimum(labels, self.last)), 0.0
        )

    def gain(self, existing: ArrayLike, extra: ArrayLike) -> Floats:
        """Score points that extra labels add to those that exist."""
        start = np.minimum(existing, self.last)
        return self.curve.gain(start, np.minimum(_not_negative(extra, "extra labels"), self.last - start))


Curve = SmoothCurve | LimitedCurve | TableCurve


@dataclass(frozen=True)
class Fit:
    """A power law fitted to points, and how far the points lie from it."""

    curve: PowerLaw
    log_spread: float
    """Standard deviation of the log of the error about the fit, n - 2 degrees of freedom; nan for two points."""
    score_spread: float
    """Root mean square distance of the scores from the fit, in score points, n - 2 degrees of freedom."""
    points: int


@dataclass(frozen=True, eq=False)
class Segments:
    """Straight stretches that lie on or under a concave curve, steepest first, and touch it at every joint."""

    lengths: Floats
    """Labels in each stretch; they add up to the whole range."""
    slopes: Floats
    """Score points per label, strictly decreasing."""
    error: float
    """Largest distance of the curve above the stretches, in score points."""


def fit_power_law(labels: ArrayLike, scores: ArrayLike, *, ceiling: float = 100.0, floor: float = 0.0) -> Fit:
    r"""Power law through measured points, by least squares of the log of the error on the log of the labels.

    .. math:: \min_{a, b} \sum_i \left[\ln(\text{ceiling} - \text{floor} - s_i) - \ln a + b \ln n_i\right]^2

    Args:
        labels: numbers of labels, shape (N,), at least two different ones, each at least 1.
        scores: score at each, shape (N,), below ``ceiling - floor``.
        ceiling: score of a model without error.
        floor: error points taken as irremovable; given, not fitted.

    Raises:
        ValueError: fewer than two different label counts, a score with no error left, or scores that do not rise.
    """
    n, s = _from_one(labels), np.asarray(scores, dtype=np.float64)
    if n.ndim != 1 or n.shape != s.shape or len(np.unique(n)) < 2:
        raise ValueError("a power law needs a score for each of at least two different label counts")
    error = ceiling - floor - s
    if not np.all(np.isfinite(error) & (error > 0.0)):
        worst = float(s[~(np.isfinite(error) & (error > 0.0))][0])
        raise ValueError(
            f"a score of {worst:g} leaves no error under a ceiling of {ceiling:g} and a floor of {floor:g}"
        )
    x, y = np.log(n), np.log(error)
    slope = float(np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2))
    if slope >= 0.0:
        raise ValueError("the scores do not rise with labels: there is no power law to fit")
    curve = PowerLaw(float(np.exp(y.mean() - slope * x.mean())), -slope, floor, ceiling)
    residuals = y - (y.mean() + slope * (x - x.mean()))
    return Fit(curve, _spread(residuals), _spread(s - curve.score(n)), len(n))


def labels_at(curve: Curve, score: float) -> float:
    """Fewest labels at which a curve reaches a score, infinite where it never does."""
    if isinstance(curve, LimitedCurve):
        found = labels_at(curve.curve, score)
        return found if found <= curve.last else float("inf")
    if not isinstance(curve, TableCurve):
        return curve.labels_at(score)
    if score > max(curve.scores):
        return float("inf")
    at = next(position for position, reached in enumerate(curve.scores) if reached >= score)
    if at == 0:
        return curve.labels[0]
    return curve.labels[at - 1] + (score - curve.scores[at - 1]) / float(curve.slopes[at - 1])


def chords(curve: Curve, existing: float, upto: float, tolerance: float = 0.01) -> Segments:
    r"""Concave curve as chords over [existing, existing + upto], for use in a linear program.

    Chords lie on or under the curve, so a plan never counts value the curve does not give. Those of a table are the
    table, with error zero. For a smooth curve the gap of a short chord of length h is :math:`h^2 |f''| / 8`, so equal gaps
    need joints of a density proportional to :math:`\sqrt{|f''|}`: for a power law even steps of :math:`n^{-b/2}`. The
    fewest such chords within the tolerance are taken. A chord of slope s is furthest from the curve where
    :math:`f'(n) = s`, for a power law at :math:`n = (a b / s)^{1/(b+1)}`, which gives the error in closed form.

    Args:
        curve: a power law or another smooth curve, or a table that is concave from ``existing`` on.
        existing: labels there already; at least 1 for a power law, at least its first point for a table.
        upto: most labels that may be added, not negative; none give no segments.
        tolerance: largest error allowed, in score points, above zero.

    Raises:
        ValueError: a range the curve says nothing about, a table that falls or steepens within it, a tolerance not above
            zero or so small that more than 4096 chords would be needed.
    """
    if not (np.isfinite(existing) and np.isfinite(upto) and upto >= 0.0):
        raise ValueError(f"the range of labels must be finite and not negative, got {existing} and {upto} more")
    if not tolerance > 0.0:
        raise ValueError(f"the tolerance must be above zero score points, got {tolerance}")
    if isinstance(curve, TableCurve):
        return _table_chords(curve, existing, upto)
    if isinstance(curve, LimitedCurve):
        return chords(curve.curve, existing, max(min(upto, curve.last - existing), 0.0), tolerance)
    start = float(_from_one(existing)) if isinstance(curve, PowerLaw) else existing
    return _smooth_chords(curve, start, upto, tolerance)


def _smooth_chords(curve: SmoothCurve, start: float, upto: float, tolerance: float) -> Segments:
    if start + upto == start:
        return Segments(np.zeros(0), np.zeros(0), 0.0)
    few, enough = 0, 1
    while (segments := _spaced(curve, start, upto, enough)).error > tolerance:
        if enough >= MOST_SEGMENTS:
            raise ValueError(
                f"a tolerance of {tolerance:g} score points needs more than {MOST_SEGMENTS} chords: widen it, "
                "or raise `existing`"
            )
        few, enough = enough, 2 * enough
    while enough - few > 1:
        between = (few + enough) // 2
        fewer = _spaced(curve, start, upto, between)
        if fewer.error > tolerance:
            few = between
        else:
            enough, segments = between, fewer
    return segments


def _spaced(curve: SmoothCurve, start: float, upto: float, count: int) -> Segments:
    joints = curve.joints(start, upto, count)
    lengths = np.diff(joints)
    slopes = curve.gain(joints[:-1], lengths) / lengths
    inside = np.clip(curve.steepness_at(slopes), joints[:-1], joints[1:]) - joints[:-1]
    gaps = curve.gain(joints[:-1], inside) - slopes * inside
    return Segments(lengths, slopes, max(0.0, float(gaps.max())))


def _table_chords(curve: TableCurve, existing: float, upto: float) -> Segments:
    start, end = float(curve._known(existing)), existing + upto
    if (offence := curve.first_offence(start, end)) is not None:
        raise ValueError(offence.message)
    lengths: list[float] = []
    slopes: list[float] = []
    error = 0.0
    joints = np.clip(np.append(curve.labels, np.inf), start, end)
    for length, slope in zip(np.diff(joints).tolist(), [*curve.slopes.tolist(), 0.0], strict=True):
        if length == 0.0:
            continue
        # Stretches of one slope are one stretch; rounding must not leave two that do not decrease.
        while slopes and slope >= slopes[-1]:
            before, steep = lengths.pop(), slopes.pop()
            error = max(error, before * length / (before + length) * (slope - steep))
            slope = (before * steep + length * slope) / (before + length)
            length += before
        lengths.append(length)
        slopes.append(slope)
    return Segments(np.array(lengths), np.array(slopes), error)


def _spread(residuals: Floats) -> float:
    freedom = len(residuals) - 2
    return float(np.sqrt(np.sum(residuals**2) / freedom)) if freedom > 0 else float("nan")


def _from_one(labels: ArrayLike) -> Floats:
    array = np.asarray(labels, dtype=np.float64)
    good = np.isfinite(array) & (array >= 1.0)
    if not np.all(good):
        raise ValueError(
            f"a power law says nothing below one label, got {float(array[~good].ravel()[0]):g}: "
            "set `existing` to the labels there already, at least 1"
        )
    return array


def _not_negative(values: ArrayLike, what: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    good = np.isfinite(array) & (array >= 0.0)
    if not np.all(good):
        raise ValueError(f"{what} must be finite and not negative, got {float(array[~good].ravel()[0]):g}")
    return array
