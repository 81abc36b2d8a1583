"""The distribution of each amount with a spread, of each shared cause and of each week: quantiles, and their figures."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from allocate.case.spreads import Event, Factor, Spread
from allocate.numbers import Floats
from allocate.quantiles import beta_quantile, log_metalog, logit_metalog

POINTS = 20_000
"""Equally likely parts a mean is taken over."""


def quantiles(spread: Spread, u: ArrayLike, stretch: float = 1.0) -> Floats:
    """What an amount comes to at quantiles u in (0, 1), in the unit it is written in, any shape.

    stretch: by how much its range is wider, on the scale of logarithms or log odds; a counted share stays as it was counted.
    """
    at = np.asarray(u, dtype=np.float64)
    if spread.family == "beta":
        return beta_quantile(at, spread.right + 0.5, spread.of - spread.right + 0.5)
    if spread.low == spread.high:
        return np.full(at.shape, spread.middle)
    whole = spread.whole
    if spread.high < 0.0:  # as far below zero as something above it would be
        return (
            -log_metalog(1.0 - at, -spread.high / whole, -spread.middle / whole, -spread.low / whole, stretch) * whole
        )
    low, middle, high = spread.low / whole, spread.middle / whole, spread.high / whole
    through = logit_metalog if spread.family == "logit" else log_metalog
    return through(at, low, middle, high, stretch) * whole


def of_factor(factor: Factor, u: ArrayLike, stretch: float = 1.0) -> Floats:
    """What a shared cause multiplies its amounts by, at quantiles u in (0, 1), any shape."""
    return log_metalog(u, factor.low, factor.likely, factor.high, stretch)


def of_event(event: Event, u: ArrayLike) -> Floats:
    """What an event multiplies its amounts by: `then` where it happens (u below its chance), else 1; any shape."""
    return np.asarray(np.where(np.asarray(u) < event.chance, event.then, 1.0))


def of_week(spread: Spread, u: ArrayLike) -> Floats:
    """The factor of each week by itself on an amount, at quantiles u in (0, 1), any shape; 1 where weeks do not differ."""
    if spread.weekly is None or spread.weekly[0] == spread.weekly[1]:
        return np.ones(np.shape(u))
    return log_metalog(u, spread.weekly[0], 1.0, spread.weekly[1])


def mean(spread: Spread, stretch: float = 1.0) -> float:
    """The mean of an amount, in the unit it is written in, to about four digits: over equally likely quantiles."""
    if spread.family == "beta":
        return (spread.right + 0.5) / (spread.of + 1.0)
    return float(quantiles(spread, (np.arange(POINTS) + 0.5) / POINTS, stretch).mean())
