"""Learning curves: how the time of a piece of work falls as more of it is done, after Wright and after Crawford."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from math import log2

import numpy as np
from numpy.typing import ArrayLike

from allocate.numbers import Floats

SUMMED_EXACTLY = 64
"""Units whose Crawford times are added one by one; beyond, Euler and Maclaurin's sum (relative error below 1e-12)."""


class Learning(StrEnum):
    """Which time falls to the learning rate at each doubling: the average of all units so far, or the unit's own."""

    WRIGHT = "wright"
    CRAWFORD = "crawford"


def exponent(rate: float) -> float:
    r"""The exponent of a learning rate, :math:`b = -\log_2 \phi`.

    rate: what a time falls to at each doubling, in (0.5, 1] (at one half, more work would take no more time).

    Raises ValueError for another rate.

    >>> round(exponent(0.8), 3)
    0.322
    """
    if not 0.5 < rate <= 1.0:
        raise ValueError(f"a learning rate lies above 50% and at most 100%, got {rate:.0%}")
    return -log2(rate)


def total_time(units: ArrayLike, first: float, rate: float, kind: Learning | str) -> Floats:
    r"""Time of the first so many units together, in the unit of `first`; a concave curve through the origin.

    Wright (Factors Affecting the Cost of Airplanes, 1936): the cumulative average falls, :math:`T(x) = t_1 x^{1-b}`.
    Crawford (1944): the unit's own time falls, :math:`T(x) = t_1 \sum_{i=1}^{x} i^{-b}`; between whole units a straight
    line. At the same rate Crawford's total is the larger.

    Args:
        units: units made, not negative, any shape.
        first: time of the first unit.
        rate: learning rate, in (0.5, 1].
        kind: `wright` or `crawford`.

    Raises:
        ValueError: another rate or kind, or negative units.

    >>> [round(float(total_time(4, 100.0, 0.8, kind)), 2) for kind in ("wright", "crawford")]
    [256.0, 314.21]
    """
    made, b = _units(units), exponent(rate)
    if Learning(kind) is Learning.WRIGHT:
        return np.asarray(first * made ** (1.0 - b), dtype=np.float64)
    whole = np.floor(made)
    part = (made - whole) * (whole + 1.0) ** -b
    return np.asarray(first * (_powers_summed(whole, b) + part), dtype=np.float64)


@lru_cache(maxsize=64)
def _first_sums(b: float) -> Floats:
    """The same for each count from 0 to `SUMMED_EXACTLY`."""
    return np.concatenate([[0.0], np.cumsum(np.arange(1.0, SUMMED_EXACTLY + 1.0) ** -b)])


def _powers_summed(count: Floats, b: float) -> Floats:
    """The sum of i to the power -b for i from 1 to each count."""
    few = _first_sums(b)
    small = few[np.minimum(count, SUMMED_EXACTLY).astype(np.int64)]
    n, m = np.maximum(count, SUMMED_EXACTLY), float(SUMMED_EXACTLY)
    between = (n ** (1.0 - b) - m ** (1.0 - b)) / (1.0 - b) + (n**-b - m**-b) / 2.0
    between -= b * (n ** (-b - 1.0) - m ** (-b - 1.0)) / 12.0
    between += b * (b + 1.0) * (b + 2.0) * (n ** (-b - 3.0) - m ** (-b - 3.0)) / 720.0
    return np.asarray(np.where(count > SUMMED_EXACTLY, few[-1] + between, small), dtype=np.float64)


def _units(values: ArrayLike) -> Floats:
    made = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(made) & (made >= 0.0)):
        raise ValueError("units made must be finite and not negative")
    return made
