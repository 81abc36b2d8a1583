"""Estimates from samples: what so many checked items say about an accuracy, and how many a stated precision takes."""

from __future__ import annotations

from math import ceil
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from allocate.numbers import Floats


def interval(accuracy: ArrayLike, checked: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    r"""Two-sided confidence interval of an accuracy that was estimated from so many checked items.

    .. math:: \frac{\hat a + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat a (1 - \hat a)}{n} + \frac{z^2}{4 n^2}}}{1 + z^2/n}

    Wilson's score interval (Journal of the American Statistical Association, 1927), z at :math:`(1 + \gamma)/2`.

    Args:
        accuracy: share of the checked items that were right, any shape.
        checked: items checked (n), above zero, broadcast; infinite for a figure taken as known.
        confidence: in (0, 1).

    Raises:
        ValueError: a share outside [0, 1], nothing checked, or a confidence outside (0, 1).

    >>> low, high = interval(0.9, 100)
    >>> round(float(low), 4), round(float(high), 4)
    (0.8256, 0.9448)
    """
    z = _deviations((1.0 + _confidence(confidence)) / 2.0)
    return _bound(accuracy, checked, -z), _bound(accuracy, checked, z)


def at_least(accuracy: ArrayLike, checked: ArrayLike, confidence: float = 0.95) -> Floats:
    """The accuracy that is reached with a confidence, one-sided: Wilson's lower bound.

    Arguments and errors as for `interval`.
    """
    return _bound(accuracy, checked, -_deviations(_confidence(confidence)))


def from_agreement(agreement: ArrayLike, classes: ArrayLike = 2, correlation: ArrayLike = 0.0) -> Floats:
    r"""Accuracy of annotators whose labels of the same items agree so often.

    Two labels agree when both are right, or wrong in the same way: with accuracy a, correlation c and :math:`k = 1/(C - 1)` for C classes

    .. math:: P = a^2 + c a (1 - a) + k \left[(1 - a)^2 + c a (1 - a)\right]

    as in `quality.adjudicated_pair`, solved for the larger a. Annotators who agree no more often than chance would have it
    are given the accuracy at which they agree least.

    Args:
        agreement: share of the items on which both agree (P), any shape.
        classes: number of classes (C), at least 2, broadcast; ``numpy.inf`` where two wrong labels never agree.
        correlation: in [0, 1) (c), broadcast.

    Raises:
        ValueError: a share outside its range, or fewer than two classes.

    >>> round(float(from_agreement(0.82, classes=2)), 4)
    0.9
    """
    p, number, c = np.broadcast_arrays(
        *(np.asarray(values, dtype=np.float64) for values in (agreement, classes, correlation))
    )
    if not np.all((p >= 0.0) & (p <= 1.0)):
        raise ValueError("an agreement lies between 0 and 1")
    if not np.all(number >= 2.0):
        raise ValueError("a choice needs at least two classes")
    if not np.all((c >= 0.0) & (c < 1.0)):
        raise ValueError("a correlation lies between 0 and below 1: labels that always agree show nothing")
    k = 1.0 / (number - 1.0)
    square, linear = (1.0 - c) * (1.0 + k), c * (1.0 + k) - 2.0 * k
    root = np.sqrt(np.maximum(linear**2 - 4.0 * square * (k - p), 0.0))
    return np.asarray(np.clip((root - linear) / (2.0 * square), 0.0, 1.0), dtype=np.float64)


def items_to_check(accuracy: float, half_width: float, confidence: float = 0.95, lot: int | None = None) -> int:
    r"""Fewest items to check so that a two-sided interval around an expected accuracy is no wider than stated.

    The least n whose Wilson interval has a half-width of at most the one asked for. With a lot of N items the count is
    corrected for drawing without putting back, :math:`n' = n N / (N + n - 1)` (Cochran, Sampling Techniques, 4.6).

    Args:
        accuracy: what is expected, in [0, 1].
        half_width: in (0, 0.5).
        confidence: in (0, 1).
        lot: items there are; None for very many.

    Raises:
        ValueError: an argument outside its range.
    """
    if not 0.0 < half_width < 0.5:
        raise ValueError(f"a half-width lies between 0 and 0.5, got {half_width}")
    low, high = 0, 1
    while _half_width(accuracy, high, confidence) > half_width:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _half_width(accuracy, middle, confidence) <= half_width else (middle, high)
    if lot is None:
        return high
    if lot < 1:
        raise ValueError(f"a lot has one item at least, got {lot}")
    return min(lot, ceil(high * lot / (lot + high - 1)))


def _half_width(accuracy: float, checked: int, confidence: float) -> float:
    low, high = interval(accuracy, checked, confidence)
    return float(high - low) / 2.0


def _bound(accuracy: ArrayLike, checked: ArrayLike, z: float) -> Floats:
    a, n = np.broadcast_arrays(np.asarray(accuracy, dtype=np.float64), np.asarray(checked, dtype=np.float64))
    if not np.all((a >= 0.0) & (a <= 1.0)):
        raise ValueError("an accuracy lies between 0 and 1")
    if not np.all(n > 0.0):
        raise ValueError("an estimate needs one checked item at least")
    inverse = 1.0 / n
    centre = a + z * z * inverse / 2.0
    spread = z * np.sqrt(a * (1.0 - a) * inverse + z * z * inverse**2 / 4.0)
    return np.asarray(np.clip((centre + spread) / (1.0 + z * z * inverse), 0.0, 1.0), dtype=np.float64)


def _deviations(chance: float) -> float:
    return NormalDist().inv_cdf(chance)


def _confidence(value: float) -> float:
    if not 0.0 < value < 1.0:
        raise ValueError(f"a confidence lies between 0 and 1, got {value}")
    return value
