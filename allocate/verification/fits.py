"""Curves fitted to measured points, by least squares of the score; of the power law, of the log of its error."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from allocate.exact import Floats

Fit = tuple[str, float, float, float]
"""Family, level, height and rate: score = level + height * rise(rate, labels)."""

FAMILIES = ("power-law", "logarithmic", "power-law-with-floor", "exponential", "arctan")
"""Every family, those with fewer parameters first: ties go to them."""
TWO = ("power-law", "logarithmic")
"""Families of two parameters; all others have three."""

_RISES: dict[str, Callable[[float, Floats], Floats]] = {
    "exponential": lambda rate, n: -np.exp(-rate * n),
    "arctan": lambda rate, n: 2.0 / np.pi * np.arctan(rate * n),
    "logarithmic": lambda _, n: np.log(n),
    "power-law": lambda rate, n: -(n**-rate),
    "power-law-with-floor": lambda rate, n: -(n**-rate),
}


def fitted(family: str, labels: Sequence[float], scores: Sequence[float], ceiling: float) -> Fit:
    """The curve of a family through points in order; `best`: of the family that predicts the largest points best."""
    n, y = np.array(labels), np.array(scores)
    if family != "best":
        return _fit(family, n, y, ceiling)
    fits, ranks = {}, {}
    for position, name in enumerate(FAMILIES):
        try:
            fits[name] = _fit(name, n, y, ceiling)
        except ValueError:
            continue
        held_out = _held_out(name, n, y, ceiling)
        untested = math.isnan(held_out)
        distance = _spread(fits[name], n, y) if untested else held_out
        ranks[name] = (untested, math.inf if math.isnan(distance) else round(distance, 9), position)
    return fits[min(ranks, key=lambda name: ranks[name])]


def _fit(family: str, n: Floats, y: Floats, ceiling: float) -> Fit:
    """Raises ValueError for too few points, or scores that do not rise."""
    if len(np.unique(n)) < (2 if family in TWO else 3):
        raise ValueError("too few points")
    if family == "power-law":
        if not (ceiling - y > 0.0).all():
            raise ValueError("a score leaves no error")
        slope, level = np.polyfit(np.log(n), np.log(ceiling - y), 1).tolist()
        if slope >= 0.0:
            raise ValueError("the scores do not rise")
        return family, ceiling, math.exp(level), -slope
    if family == "logarithmic":
        return _risen(family, *_line(_RISES[family](1.0, n), y, math.inf)[:2], 1.0)
    low, high, most = (1e-3, 5.0, ceiling) if family.startswith("power") else (1e-3 / n[-1], 30.0 / n[0], math.inf)
    rate = _best_rate(lambda rate: _line(_RISES[family](rate, n), y, most), math.log(low), math.log(high))
    return _risen(family, *_line(_RISES[family](rate, n), y, most)[:2], rate)


def _risen(family: str, level: float, height: float, rate: float) -> Fit:
    if not height > 0.0:
        raise ValueError("the scores do not rise")
    return family, level, height, rate


def _line(rise: Floats, y: Floats, most: float) -> tuple[float, float, float]:
    """Level, height and sum of squares of least squares of scores on a rise, the level at most so much."""
    centred = rise - rise.mean()
    square = float(centred @ centred)
    height = float(centred @ y) / square if square > 0.0 else 0.0
    level = float(y.mean() - height * rise.mean())
    if level > most:
        level, height = most, float(rise @ (y - most) / (rise @ rise))
    misses = level + height * rise - y
    return level, height, float(misses @ misses)


def _best_rate(line: Callable[[float], tuple[float, float, float]], low: float, high: float) -> float:
    """The rate (its logarithm between two) with least squares and a rising curve: a fine grid, then ever smaller brackets."""
    points = 400
    while high - low >= 1e-10:
        grid = np.linspace(low, high, points)
        misses = [square if height > 0.0 else math.inf for _, height, square in (line(math.exp(at)) for at in grid)]
        best = int(np.argmin(misses))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, points - 1)])
        points = 21
    return math.exp((low + high) / 2.0)


def _spread(fit: Fit, n: Floats, y: Floats) -> float:
    freedom = len(n) - (2 if fit[0] in TWO else 3)
    misses = fit[1] + fit[2] * _RISES[fit[0]](fit[3], n) - y
    return math.sqrt(float(misses @ misses) / freedom) if freedom > 0 else math.nan


def _held_out(family: str, n: Floats, y: Floats, ceiling: float) -> float:
    """Root mean square distance of the largest fifth of the points from a fit to the rest; nan where it cannot be."""
    rest = len(n) - max(1, len(n) // 5)
    try:
        _, level, height, rate = _fit(family, n[:rest], y[:rest], ceiling)
    except ValueError:
        return math.nan
    misses = level + height * _RISES[family](rate, n[rest:]) - y[rest:]
    return math.sqrt(float(misses @ misses) / len(misses))
