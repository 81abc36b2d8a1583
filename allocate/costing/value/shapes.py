"""Learning curves beside the power law: exponential, logarithmic, arctan; each rises and bends down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from allocate.numbers import Floats


class SmoothCurve(Protocol):
    """A curve by formulas that rises and bends down."""

    def score(self, labels: ArrayLike) -> Floats:
        """Score at a number of labels."""

    def marginal(self, labels: ArrayLike) -> Floats:
        """Score points per further label."""

    def gain(self, existing: ArrayLike, extra: ArrayLike) -> Floats:
        """Score points that extra labels add to those that exist."""

    def labels_at(self, score: float) -> float:
        """Fewest labels at which the curve reaches a score, infinite where it never does."""

    def steepness_at(self, slopes: Floats) -> Floats:
        """The inverse of `marginal`."""

    def joints(self, start: float, upto: float, count: int) -> Floats:
        """Joints of so many chords with about equal gaps."""


class Shape(StrEnum):
    """How a curve rises with labels n, at rate b."""

    EXPONENTIAL = "exponential"
    LOGARITHMIC = "logarithmic"
    ARCTAN = "arctan"


@dataclass(frozen=True)
class ShapedCurve:
    r"""A curve that rises ever more slowly with labels.

    .. math:: \text{score}(n) = s + a \, \varphi(b n), \qquad
        \varphi_{\text{exp}}(z) = -e^{-z}, \quad \varphi_{\text{log}}(z) = \ln z, \quad
        \varphi_{\text{arctan}}(z) = \tfrac{2}{\pi} \arctan z

    The families fitted beside power laws in studies of data requirements (Mahmood et al., How Much More Data Do I Need?,
    CVPR 2022). The logarithm starts at one label.

    Attributes:
        shape: which of them.
        level: s, score points: the limit of the exponential, the score without labels of arctan, at bn = 1 of the logarithm.
        height: a, score points, above zero.
        rate: b, per label, above zero.

    Raises:
        ValueError: a height or rate not above zero.
    """

    shape: Shape
    level: float
    height: float
    rate: float = 1.0

    def __post_init__(self) -> None:
        for name in ("height", "rate"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) > 0.0):
                raise ValueError(f"the {name} of a curve must be above zero, got {getattr(self, name)}")

    @property
    def least(self) -> float:
        """Fewest labels the curve says something about."""
        return 1.0 if self.shape is Shape.LOGARITHMIC else 0.0

    def score(self, labels: ArrayLike) -> Floats:
        """Score at a number of labels, any shape; ValueError below the curve's start."""
        return self.level + self.height * risen(self.shape, self.rate * self._known(labels))

    def marginal(self, labels: ArrayLike) -> Floats:
        """Score points per further label; ValueError below the curve's start."""
        z = self.rate * self._known(labels)
        if self.shape is Shape.EXPONENTIAL:
            steep = np.exp(-z)
        elif self.shape is Shape.LOGARITHMIC:
            steep = 1.0 / z
        else:
            steep = 2.0 / np.pi / (1.0 + z * z)
        return np.asarray(self.height * self.rate * steep, dtype=np.float64)

    def gain(self, existing: ArrayLike, extra: ArrayLike) -> Floats:
        """Score points that extra labels add to those that exist; exact also for a small share of many labels."""
        start, more = self._known(existing), np.asarray(extra, dtype=np.float64)
        if not np.all(np.isfinite(more) & (more >= 0.0)):
            raise ValueError("extra labels must be finite and not negative")
        if self.shape is Shape.EXPONENTIAL:
            rise = -np.exp(-self.rate * start) * np.expm1(-self.rate * more)
        elif self.shape is Shape.LOGARITHMIC:
            rise = np.log1p(more / start)
        else:
            low, high = self.rate * start, self.rate * (start + more)
            rise = 2.0 / np.pi * np.arctan(self.rate * more / (1.0 + low * high))
        return np.asarray(self.height * rise, dtype=np.float64)

    def labels_at(self, score: float) -> float:
        """Fewest labels at which the curve reaches a score, infinite where it never does."""
        part = (score - self.level) / self.height
        if self.shape is Shape.EXPONENTIAL:
            return max(0.0, -float(np.log(-part)) / self.rate) if part < 0.0 else float("inf")
        if self.shape is Shape.LOGARITHMIC:
            return max(1.0, float(np.exp(part)) / self.rate)
        return max(0.0, float(np.tan(np.pi / 2.0 * part)) / self.rate) if part < 1.0 else float("inf")

    def steepness_at(self, slopes: Floats) -> Floats:
        """Labels at which a further label brings so many score points: the inverse of `marginal`."""
        part = slopes / (self.height * self.rate)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.shape is Shape.EXPONENTIAL:
                return np.asarray(-np.log(part) / self.rate, dtype=np.float64)
            if self.shape is Shape.LOGARITHMIC:
                return np.asarray(1.0 / (part * self.rate), dtype=np.float64)
            return np.sqrt(np.maximum(2.0 / np.pi / part - 1.0, 0.0)) / self.rate

    def joints(self, start: float, upto: float, count: int) -> Floats:
        r"""Joints of so many chords with about equal gaps: spaced evenly in the integral of :math:`\sqrt{|f''|}`."""
        if self.shape is Shape.LOGARITHMIC:
            found = start * np.exp(np.linspace(0.0, np.log1p(upto / start), count + 1))
        elif self.shape is Shape.EXPONENTIAL:
            half = self.rate / 2.0
            with np.errstate(divide="ignore"):  # the last joint, where the curve is flat, is set below
                found = start - np.log1p(np.linspace(0.0, np.expm1(-half * upto), count + 1)) / half
        else:
            grid = start + np.linspace(0.0, 1.0, 4097) ** 2 * upto
            z = self.rate * grid
            dense = np.sqrt(z) / (1.0 + z * z)
            area = np.concatenate([[0.0], np.cumsum((dense[1:] + dense[:-1]) / 2.0 * np.diff(grid))])
            found = np.interp(np.linspace(0.0, area[-1], count + 1), area, grid)
        found[0], found[-1] = start, start + upto
        return np.asarray(np.maximum.accumulate(found), dtype=np.float64)

    def _known(self, labels: ArrayLike) -> Floats:
        array = np.asarray(labels, dtype=np.float64)
        good = np.isfinite(array) & (array >= self.least)
        if not np.all(good):
            raise ValueError(
                f"the curve starts at {self.least:g} labels, got {float(array[~good].ravel()[0]):g}: raise `existing`"
            )
        return array


def risen(shape: Shape, z: ArrayLike) -> Floats:
    """The shape of a family alone, at labels times rate."""
    array = np.asarray(z, dtype=np.float64)
    if shape is Shape.EXPONENTIAL:
        return np.asarray(-np.exp(-array), dtype=np.float64)
    if shape is Shape.LOGARITHMIC:
        return np.asarray(np.log(array), dtype=np.float64)
    return np.asarray(2.0 / np.pi * np.arctan(array), dtype=np.float64)
