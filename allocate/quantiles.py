r"""Quantiles of amounts of which three are known, and of shares that were counted: closed forms, and the Beta distribution.

The three-point metalog (Keelin, Decision Analysis 13(4), 2016) passes exactly through P10, P50 and P90. With a, b and c their
logarithms (or log odds), L = ln 9 and y = ln(u / (1 - u)),

.. math:: M(u) = b + \frac{c - a}{2 L} \, y + \frac{a + c - 2 b}{0.8 L} \, (u - \tfrac12) \, y

It rises everywhere where the middle lies between the parts `LEAST_PART` and 1 - `LEAST_PART` of the way from a to c.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from allocate.numbers import Floats

LEAST_PART = (1.0 - 1.66711 * 0.4) / 2.0
"""Least part of the way from P10 to P90, in logarithms or log odds, at which P50 may lie (Keelin's constant for P10 and P90)."""
ROUNDING = 1e-12
"""Part of the way by which rounding may put a middle past that."""


def log_metalog(u: ArrayLike, low: float, middle: float, high: float, stretch: float = 1.0) -> Floats:
    """Quantiles of an amount above zero through its P10, P50 and P90; u in (0, 1), any shape.

    With the middle at the geometric mean this is the log-logistic distribution. stretch: by how much every quantile lies
    further from the middle, in logarithms.

    >>> [round(float(x), 2) for x in log_metalog([0.01, 0.1, 0.5, 0.9, 0.99], 9.6, 12, 14.4)]
    [7.45, 9.6, 12.0, 14.4, 17.4]
    """
    return np.asarray(np.exp(_metalog(u, math.log(low), math.log(middle), math.log(high), stretch)))


def logit_metalog(u: ArrayLike, low: float, middle: float, high: float, stretch: float = 1.0) -> Floats:
    """The same of a share between 0 and 1, with log odds in place of logarithms."""
    a, b, c = (log_odds(one) for one in (low, middle, high))
    return np.asarray(1.0 / (1.0 + np.exp(-_metalog(u, a, b, c, stretch))))


def log_odds(share: float) -> float:
    """The logarithm of a share over the rest; share in (0, 1)."""
    return math.log(share / (1.0 - share))


def _metalog(u: ArrayLike, a: float, b: float, c: float, stretch: float) -> Floats:
    at = np.asarray(u, dtype=np.float64)
    if a == b == c:
        return np.full(at.shape, b)
    y = np.log(at) - np.log1p(-at)
    long = math.log(9.0)
    return np.asarray(b + stretch * ((c - a) / (2.0 * long) + (a + c - 2.0 * b) / (0.8 * long) * (at - 0.5)) * y)


def middles(low: float, high: float, of_share: bool = False) -> tuple[float, float]:
    """The least and the greatest P50 that a metalog from P10 to P90 passes through; of a share, or of an amount above zero."""
    there: Callable[[float], float] = log_odds if of_share else math.log
    a, c = there(low), there(high)
    ends = (a + part * (c - a) for part in (LEAST_PART, 1.0 - LEAST_PART))
    first, last = (1.0 / (1.0 + math.exp(-x)) if of_share else math.exp(x) for x in ends)
    return first, last


def fits(low: float, middle: float, high: float, of_share: bool = False) -> bool:
    """Whether a metalog passes through three quantiles: equal ones, or rising ones whose middle is not too near one end."""
    if low == middle == high:
        return True
    first, last = middles(low, high, of_share)
    return low < middle < high and first * (1.0 - ROUNDING) < middle < last * (1.0 + ROUNDING)


def beta_below(x: ArrayLike, right: float, wrong: float) -> Floats:
    r"""Chance that a Beta variable is at most x: the regularised incomplete beta function, to about 1e-14.

    .. math:: I_x(a, b) = \frac{x^a (1 - x)^b}{a \, B(a, b)} \, \frac{1}{1 + d_1 / (1 + d_2 / (1 + \dots))}

    by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22), on the side of the mean where it is
    short. x in [0, 1], any shape; right and wrong are the parameters a and b, above zero.
    """
    at = np.clip(np.asarray(x, dtype=np.float64), 0.0, 1.0)
    upper = at > (right + 1.0) / (right + wrong + 2.0)
    lower_part = _fraction(np.where(upper, 0.0, at), right, wrong)
    upper_part = _fraction(np.where(upper, 1.0 - at, 0.0), wrong, right)
    return np.asarray(np.where(upper, 1.0 - upper_part, lower_part))


def _fraction(x: Floats, a: float, b: float) -> Floats:
    """The incomplete beta function by its continued fraction, forwards (Lentz), for x below about the mean."""
    tiny = 1e-300
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    with np.errstate(divide="ignore"):
        front = np.exp(logs + a * np.log(x) + b * np.log1p(-x)) / a
    value, up, down = np.ones_like(x), np.ones_like(x), np.zeros_like(x)
    for step in range(1, 10 * (20 + int(math.sqrt(a + b)))):
        half, odd = divmod(step, 2)
        part = (
            -(a + half) * (a + b + half) / ((a + step - 1) * (a + step))
            if odd
            else half * (b - half) / ((a + step - 1) * (a + step))
        )
        down = 1.0 + part * x * down
        down = 1.0 / np.where(np.abs(down) < tiny, tiny, down)
        up = 1.0 + part * x / up
        up = np.where(np.abs(up) < tiny, tiny, up)
        change = up * down
        value = value * change
        if np.all(np.abs(change - 1.0) < 1e-15):
            break
    return np.asarray(front / value)


def beta_quantile(u: ArrayLike, right: float, wrong: float) -> Floats:
    """Quantiles of a Beta distribution to about 1e-15, by Newton's method between bounds that close in; u in (0, 1), any shape."""
    at = np.asarray(u, dtype=np.float64)
    low, high = np.zeros_like(at), np.ones_like(at)
    x = np.full(at.shape, right / (right + wrong))
    logs = math.lgamma(right + wrong) - math.lgamma(right) - math.lgamma(wrong)
    for _ in range(100):
        off = beta_below(x, right, wrong) - at
        low, high = np.where(off < 0.0, x, low), np.where(off < 0.0, high, x)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            step = x - off / np.exp(logs + (right - 1.0) * np.log(x) + (wrong - 1.0) * np.log1p(-x))
        nearer = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        if np.all(np.abs(nearer - x) <= 1e-15):
            break
        x = nearer
    return np.asarray(x)


def stratified(seed: int, name: str, scenarios: int, blocks: int = 1) -> Floats:
    """Quantiles in (0, 1) of one name: in each block one in every equally likely part, in random order; shape (scenarios,).

    Every name has a stream of random numbers of its own.
    """
    random = np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(name.encode())]))
    each = scenarios // blocks
    parts = random.permuted(np.tile(np.arange(each), (blocks, 1)), axis=1)
    # The lowest and the highest float of a part are left out, for no quantile is 0 or 1.
    within = np.clip(random.random((blocks, each)), 1e-9, 1.0 - 1e-9)
    return np.asarray(((parts + within) / each).ravel())
