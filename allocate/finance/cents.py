"""Amounts in whole coins that add up to their total: largest remainders, and totals of groups kept to the coin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.numbers import Floats, Integers

EXACT = 4
"""Decimals of a coin to which amounts are read: what differs by less is rounding of sums."""
CLOSE = 0.5
"""Coins by which the total of a group may differ from its exact amount before rows are moved."""
LOOKED_AT = 100
"""Rows rounded up, and rows rounded down, that are looked at for an exchange: those in groups that are furthest off."""


def in_coins(amounts: Floats, groups: Sequence[Integers], decimals: int = 2) -> Floats:
    """Amounts, shape (N,), in whole coins of so many decimals, whose sum is the rounded sum of all.

    Every amount is rounded up or down; those with the largest remainders up (Hamilton). groups: for each classification the
    number of each row's group, shape (N,); rows rounded up change places with others as long as that brings the totals of
    groups closer to what they are exactly (controlled rounding, Cox, Journal of the American Statistical Association, 1987).
    """
    exact = np.round(amounts * 10.0**decimals, EXACT)
    low = np.floor(exact)
    parts = exact - low
    up = np.zeros(len(exact), dtype=bool)
    up[np.argsort(-parts, kind="stable")[: max(round(float(exact.sum()) - float(low.sum())), 0)]] = True
    errors = [np.bincount(group, up - parts).astype(np.float64) for group in groups]
    free = parts > 0.0
    for _ in range(len(exact)):
        if not any((np.abs(error) > CLOSE).any() for error in errors):
            break
        first, second = _exchange(up, free, groups, errors)
        if first < 0:
            break
        up[first], up[second] = False, True
        for group, error in zip(groups, errors, strict=True):
            error[group[first]] -= 1.0
            error[group[second]] += 1.0
    rounded: Floats = (low + up) / 10.0**decimals
    return rounded


def _exchange(
    up: NDArray[np.bool_], free: NDArray[np.bool_], groups: Sequence[Integers], errors: Sequence[Floats]
) -> tuple[int, int]:
    """A row to round down and one to round up in its place, where that lessens the squared errors; -1 where none does."""
    pressure = np.sum([error[group] for group, error in zip(groups, errors, strict=True)], axis=0)
    downs, ups = np.flatnonzero(up & free), np.flatnonzero(~up & free)
    if not len(downs) or not len(ups):
        return -1, -1
    downs = downs[np.argsort(-pressure[downs], kind="stable")[:LOOKED_AT]]
    ups = ups[np.argsort(pressure[ups], kind="stable")[:LOOKED_AT]]
    alike = np.sum([group[downs][:, None] == group[ups] for group in groups], axis=0)
    change = pressure[ups] - pressure[downs][:, None] + len(groups) - alike
    first, second = np.unravel_index(np.argmin(change), change.shape)
    return (int(downs[first]), int(ups[second])) if change[first, second] < -1e-9 else (-1, -1)
