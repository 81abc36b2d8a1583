"""A difference shared out among its causes: Shapley's value, or a chain in a stated order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from allocate.numbers import Floats

Worth = Callable[[frozenset[str]], Floats]
"""What it comes to with the causes of a set as they are after, all others as before: cells in a fixed order, shape (k,)."""

MOST = 12
"""Most causes for which every set is worked out; 4,096 sets. The project's causes are ten."""


def shapley(worth: Worth, causes: Sequence[str]) -> dict[str, Floats]:
    r"""Each cause's part of worth(all) - worth(none), cell by cell; the parts add up exactly but for rounding.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!} \left(C(S + i) - C(S)\right)

    Shapley (1953): no order decides, nothing is left over, and it works where figures are 0 and prices have steps.

    Raises ValueError for more than 12 causes.
    """
    n = len(causes)
    if n > MOST:
        raise ValueError(f"{n} causes have {2**n:,} sets")
    known: dict[frozenset[str], Floats] = {}
    for size in range(n + 1):
        for chosen in combinations(causes, size):
            known[frozenset(chosen)] = np.asarray(worth(frozenset(chosen)), dtype=np.float64)
    parts = {}
    for cause in causes:
        part = np.zeros_like(known[frozenset()])
        for without, value in known.items():
            if cause not in without:
                weight = factorial(len(without)) * factorial(n - len(without) - 1) / factorial(n)
                part = part + weight * (known[without | {cause}] - value)
        parts[cause] = part
    return parts


def chain(worth: Worth, causes: Sequence[str]) -> dict[str, Floats]:
    """Each cause's part where they change one after the other in this order: the variances of textbooks."""
    done: frozenset[str] = frozenset()
    before, parts = np.asarray(worth(done), dtype=np.float64), {}
    for cause in causes:
        done |= {cause}
        after = np.asarray(worth(done), dtype=np.float64)
        parts[cause], before = after - before, after
    return parts


def cents(parts: Floats, total: float, unit: float = 0.01) -> Floats:
    """Parts in whole units (cents) that add up to the total in whole units: those with the largest remainders are rounded up.

    Args:
        parts: shape (k,); they add up to the total but for rounding. unit: the smallest coin.

    >>> cents(np.array([0.333, 0.333, 0.334]), 1.0).tolist()
    [0.33, 0.33, 0.34]
    """
    exact = np.asarray(parts, dtype=np.float64) / unit
    down = np.floor(exact + 1e-9)
    missing = round(total / unit) - int(down.sum())
    order = np.argsort(-(exact - down), kind="stable")
    if missing >= 0:
        up = order[np.arange(missing) % len(order)] if len(order) else order
        np.add.at(down, up, 1.0)
    else:
        np.add.at(down, order[::-1][np.arange(-missing) % len(order)], -1.0)
    return np.asarray(np.round(down * unit, 10) + 0.0)
