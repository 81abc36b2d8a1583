"""How long work takes: standard time per item, equivalent units, hours per pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocate.numbers import Floats, by_value, numbers

SECONDS_PER_HOUR = 3600.0


def standard_time(base: ArrayLike, drivers: ArrayLike, counts: ArrayLike, complexity: ArrayLike = 1.0) -> Floats:
    r"""Hands-on seconds for one pass over an item at standard proficiency.

    .. math:: S = \kappa \left(b + \sum_d m_d \, n_d\right) \qquad [\text{s/item}]

    A time equation of time-driven activity-based costing (Kaplan and Anderson, Harvard Business Review, 2004).

    Args:
        base: seconds per item, shape (...).
        drivers: seconds per driver, shape (..., D); D may be 0.
        counts: drivers per item, shape (..., D).
        complexity: product of the complexity factors, above zero, shape (...).

    Raises:
        ValueError: a time or count is negative or not finite, or a factor is not above zero.

    >>> float(standard_time(2.0, [7.4, 1.5], [5.0, 4.0], complexity=1.25))
    56.25
    """
    per_item = _not_negative(base, "base time") + np.sum(
        _not_negative(drivers, "time per driver") * _not_negative(counts, "driver count"), axis=-1
    )
    return numbers(_positive(complexity, "complexity factor") * per_item)


def equivalent_units(standard: ArrayLike, reference: ArrayLike) -> Floats:
    r"""Work content of an item in units of the reference, a pure number that adds up across products.

    .. math:: EU = S / S_{\text{ref}}

    Args:
        standard: standard time, s/item, any shape.
        reference: standard time of the reference unit, s, above zero.

    Raises:
        ValueError: a time is negative, or the reference is not above zero.
    """
    return numbers(_not_negative(standard, "standard time") / _positive(reference, "reference time"))


def hours_per_pass(standard: ArrayLike, productivity: ArrayLike = 1.0) -> Floats:
    r"""Paid hours for one pass over an item.

    .. math:: h = \frac{S}{3600 \, \pi} \qquad [\text{h/item}]

    Args:
        standard: standard time, s/item, any shape.
        productivity: standard hours made per paid hour, above zero, broadcast against ``standard``.

    Raises:
        ValueError: a time is negative, or a productivity is not above zero.
    """
    seconds = _not_negative(standard, "standard time")
    return numbers(seconds / (SECONDS_PER_HOUR * _positive(productivity, "productivity")))


def hours_from_pace(pace: ArrayLike) -> Floats:
    """Paid hours for one pass over an item, from a measured pace in items per paid hour.

    Raises:
        ValueError: a pace is not above zero.
    """
    return numbers(1.0 / _positive(pace, "pace"))


def _not_negative(values: ArrayLike, what: str) -> Floats:
    array = np.asarray(by_value(values), dtype=np.float64)
    if not np.all(np.isfinite(array) & (array >= 0.0)):
        raise ValueError(f"{what} must be finite and not negative, got {_first_bad(array, array >= 0.0)}")
    return numbers(values)


def _positive(values: ArrayLike, what: str) -> Floats:
    array = np.asarray(by_value(values), dtype=np.float64)
    if not np.all(np.isfinite(array) & (array > 0.0)):
        raise ValueError(f"{what} must be finite and above zero, got {_first_bad(array, array > 0.0)}")
    return numbers(values)


def _first_bad(array: Floats, good: NDArray[np.bool_]) -> float:
    return float(array[~(np.isfinite(array) & good)].ravel()[0])
