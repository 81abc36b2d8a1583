"""Fits of learning curves to measured points: several families, and the one that predicts the largest points best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.value.curves import PowerLaw, fit_power_law
from allocate.costing.value.shapes import Shape, ShapedCurve, risen
from allocate.numbers import Floats

STEPS = 400
"""Rates a family is tried at first."""
FINER = 21
"""Rates it is tried at around the best one, again and again."""


class Family(StrEnum):
    """Kinds of curve that can be fitted, in the order that breaks ties: fewer parameters first."""

    POWER_LAW = "power-law"
    LOGARITHMIC = "logarithmic"
    POWER_LAW_WITH_FLOOR = "power-law-with-floor"
    EXPONENTIAL = "exponential"
    ARCTAN = "arctan"


PARAMETERS = {Family.POWER_LAW: 2, Family.LOGARITHMIC: 2}
"""Parameters a family is fitted by; three for the others."""


@dataclass(frozen=True)
class Fitted:
    """A curve through measured points, by least squares of the score (of the log of the error for the power law)."""

    family: Family
    curve: PowerLaw | ShapedCurve
    spread: float
    """Root mean square distance of the scores, in points, by n less the parameters; nan where that is none."""
    held_out: float
    """The same distance of the largest points from a fit to the others; nan where too few are left."""
    points: int


def fit(family: Family, labels: ArrayLike, scores: ArrayLike, ceiling: float = 100.0) -> Fitted:
    r"""Fit one family: a search over its rate, with its level and height solved for at each rate.

    .. math:: \min_{b} \min_{s, a} \sum_i \left[s + a \, \varphi(n_i; b) - y_i\right]^2

    (variable projection: Golub and Pereyra, 1973). The level of a power law with floor is at most the ceiling; one without
    is a straight line in logarithms, see `fit_power_law`.

    Args:
        family: which.
        labels: numbers of labels, shape (N,), at least as many different ones as the family has parameters, from 1.
        scores: score at each, shape (N,).
        ceiling: score of a model without error; only power laws use it.

    Raises:
        ValueError: too few points, or scores that do not rise with labels.
    """
    n, y = _points(labels, scores)
    curve = _curve(family, n, y, ceiling)
    return Fitted(family, curve, _distance(curve, n, y, _parameters(family)), _held_out(family, n, y, ceiling), len(n))


def fits(labels: ArrayLike, scores: ArrayLike, ceiling: float = 100.0) -> tuple[Fitted, ...]:
    """Every family that the points allow, the one chosen first: least distance of the largest points held out.

    A fifth of the points, one at least, is held out. Families that cannot be tested so come last, by their spread; ties
    go to the family with fewer parameters.

    Raises ValueError where no family can be fitted.
    """
    found: list[Fitted] = []
    problems: list[str] = []
    for family in Family:
        try:
            found.append(fit(family, labels, scores, ceiling))
        except ValueError as error:
            problems.append(f"{family}: {error}")
    if not found:
        raise ValueError("no curve goes through the points; " + "; ".join(problems))
    order = list(Family)

    def rank(one: Fitted) -> tuple[bool, float, int]:
        untested = bool(np.isnan(one.held_out))
        distance = one.spread if untested else one.held_out
        return untested, float("inf") if np.isnan(distance) else round(distance, 9), order.index(one.family)

    return tuple(sorted(found, key=rank))


def _points(labels: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    n, y = np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if n.ndim != 1 or n.shape != y.shape or not len(n):
        raise ValueError("a fit needs one score for each number of labels")
    if not (np.all(np.isfinite(n) & (n >= 1.0)) and np.all(np.isfinite(y))):
        raise ValueError("a fit needs finite scores, and labels from 1")
    order = np.argsort(n, kind="stable")
    return n[order], y[order]


def _parameters(family: Family) -> int:
    return PARAMETERS.get(family, 3)


def _curve(family: Family, n: Floats, y: Floats, ceiling: float) -> PowerLaw | ShapedCurve:
    need = _parameters(family)
    if len(np.unique(n)) < need:
        raise ValueError(f"{need} different numbers of labels are needed, there are {len(np.unique(n))}")
    if family is Family.LOGARITHMIC:
        level, height = _solved(np.log(n)[None, :], y)
        return ShapedCurve(Shape.LOGARITHMIC, float(level[0]), _rising(height))
    if family in (Family.EXPONENTIAL, Family.ARCTAN):
        shape = Shape(family.value)
        rate, level, height = _best(lambda b: risen(shape, b[:, None] * n), y, 1e-3 / n[-1], 30.0 / n[0])
        return ShapedCurve(shape, float(level[0]), _rising(height), rate)
    if family is Family.POWER_LAW:
        return fit_power_law(n, y, ceiling=ceiling).curve
    rate, level, height = _best(lambda b: -(n ** -b[:, None]), y, 1e-3, 5.0, ceiling)
    return PowerLaw(_rising(height), rate, max(ceiling - float(level[0]), 0.0), ceiling)


def _solved(shapes: Floats, y: Floats, most: float = np.inf) -> tuple[Floats, Floats]:
    """Level and height of least squares for each row of shapes, shape (B, N), the level at most so much."""
    centre = shapes.mean(axis=1, keepdims=True)
    square = np.sum((shapes - centre) ** 2, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.where(square > 0.0, (shapes - centre) @ y / square, 0.0)
        level = y.mean() - height * centre[:, 0]
        if np.isfinite(most):
            through = shapes @ (y - most) / np.sum(shapes**2, axis=1)
            level, height = np.minimum(level, most), np.where(level > most, through, height)
    return level, height


def _rising(height: Floats) -> float:
    if not height[0] > 0.0:
        raise ValueError("the scores do not rise with labels")
    return float(height[0])


def _best(
    shapes: Callable[[Floats], Floats], y: Floats, low: float, high: float, most: float = np.inf
) -> tuple[float, Floats, Floats]:
    """The rate of least squares between two, with its level and height: the best of a grid that is made finer and finer."""
    left, right, steps = float(np.log(low)), float(np.log(high)), STEPS
    while True:
        grid = np.linspace(left, right, steps)
        level, height = _solved(shapes(np.exp(grid)), y, most)
        misses = np.sum((level[:, None] + height[:, None] * shapes(np.exp(grid)) - y) ** 2, axis=1)
        best = int(np.argmin(np.where(height > 0.0, misses, np.inf)))
        if right - left < 1e-10:
            return float(np.exp(grid[best])), level[best : best + 1], height[best : best + 1]
        left, right, steps = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, steps - 1)]), FINER


def _distance(curve: PowerLaw | ShapedCurve, n: Floats, y: Floats, parameters: int) -> float:
    freedom = len(n) - parameters
    return float(np.sqrt(np.sum((curve.score(n) - y) ** 2) / freedom)) if freedom > 0 else float("nan")


def _held_out(family: Family, n: Floats, y: Floats, ceiling: float) -> float:
    """Root mean square distance of the largest fifth of the points from a fit to the rest; nan where it cannot be."""
    rest = len(n) - max(1, len(n) // 5)
    try:
        curve = _curve(family, n[:rest], y[:rest], ceiling)
    except ValueError:
        return float("nan")
    return float(np.sqrt(np.mean((curve.score(n[rest:]) - y[rest:]) ** 2)))
