"""Votes of several passes beyond the plain majority: the label with most votes, and votes weighted by who casts them."""

from __future__ import annotations

from functools import lru_cache
from math import comb, factorial

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.quality.checking import CROWD_CORRELATION, chance_of_votes
from allocate.numbers import Floats, above, below, blank, by_value, least, logarithm, most, numbers, ratio, when

_TIE = 1e-12


def plurality(
    accuracy: ArrayLike, passes: int, classes: ArrayLike, correlation: ArrayLike = CROWD_CORRELATION
) -> Floats:
    r"""Share of items whose label with most votes is the right one; ties are settled at random.

    As for `quality.majority` the number right of k passes is beta-binomial with mean a and correlation c; wrong labels fall
    evenly on the other C - 1 classes, so the right one can win with less than half:

    .. math:: a' = \sum_{j=1}^{k} P(j \text{ right}) \; E\left[\frac{[\,m \le j\,]}{1 + t}\right]

    with m the most votes of any wrong class and t the number of wrong classes that have j.

    Args:
        accuracy: share of items right after one pass (a), any shape.
        passes: number of passes (k).
        classes: number of classes (C), at least 2, broadcast; ``numpy.inf`` where two wrong labels never agree.
        correlation: in [0, 1] (c), broadcast.

    Raises:
        ValueError: no passes, fewer than two classes, or a share outside [0, 1].

    >>> round(float(plurality(0.6, 3, 4, 0.0)), 4)
    0.712
    """
    a, c, number = np.broadcast_arrays(*_shares(accuracy, correlation), np.asarray(classes, dtype=np.float64))
    if passes < 1:
        raise ValueError(f"a vote needs at least one pass, got {passes}")
    if not np.all(number >= 2.0):
        raise ValueError("a choice needs at least two classes")
    total = blank(a.shape, a, c)
    for right in range(1, passes + 1):
        won = np.zeros(a.shape)
        for each in np.unique(number).tolist():
            won[number == each] = chance_to_win(right, passes - right, each)
        total += comb(passes, right) * chance_of_votes(a, c, right, passes - right) * won
    return numbers(least(total, 1.0))


@lru_cache(maxsize=4096)
def chance_to_win(right: int, wrong: int, classes: float) -> float:
    """Chance that the right class wins when it has so many votes and the wrong ones fall evenly on the others."""
    if np.isinf(classes):
        return 1.0 if right > 1 else 1.0 / (wrong + 1)
    others = int(classes) - 1
    # Ways to spread votes over classes as exponential generating functions: a class with fewer than `right` votes.
    fewer = np.array([1.0 / factorial(votes) for votes in range(right)])
    chance = 0.0
    for ties in range(min(others, wrong // right) + 1):
        left = wrong - ties * right
        ways = np.array([1.0])
        for _ in range(others - ties):
            ways = np.convolve(ways, fewer)[: left + 1]
        if left < len(ways):
            of_ties = comb(others, ties) / factorial(right) ** ties
            chance += of_ties * ways[left] * factorial(wrong) / float(others) ** wrong / (ties + 1)
    return float(chance)


def weighted_majority(
    accuracy: ArrayLike, passes: int, spread: ArrayLike, correlation: ArrayLike = CROWD_CORRELATION
) -> Floats:
    r"""Share of items right when each vote counts by the log-odds of its annotator's accuracy.

    Annotators are better or worse with even chance, right on a + s or a - s of the items; each votes with weight
    :math:`\ln(p / (1 - p))`, which is best for independent votes (Nitzan and Paroush, International Economic Review 1982).
    Items differ in difficulty as for `quality.majority`: u, the chance of a mean annotator, is beta distributed with mean a and
    correlation c, and

    .. math:: p_\pm(u) = u \pm \kappa \, u (1 - u), \qquad \kappa = \frac{s}{a (1 - a)(1 - c)} \le 1

    has means a + s and a - s. Sums over panels and votes are exact. Two equal sums of weights are settled at random.

    Args:
        accuracy: share of items right after one pass (a), any shape.
        passes: number of passes (k).
        spread: distance of good and bad annotators from the mean (s), broadcast; at most a (1 - a) (1 - c).
        correlation: in [0, 1] (c), broadcast.

    Raises:
        ValueError: no passes, a share outside [0, 1], or a spread too large for the accuracy.

    >>> round(float(weighted_majority(0.7, 3, 0.2, 0.0)), 4)
    0.859
    """
    a, c, s = np.broadcast_arrays(*_shares(accuracy, correlation), numbers(spread))
    if passes < 1:
        raise ValueError(f"a vote needs at least one pass, got {passes}")
    kappa = numbers(least(ratio(s, _room(a, c, s)), 1.0))
    differ = above(s, _TIE)
    better = when(differ, _log_odds(when(differ, a + s, 0.75)), 1.0)
    worse = when(differ, _log_odds(when(differ, a - s, 0.75)), 1.0)
    moments = _moments(a, c, 2 * passes)
    total = blank(a.shape, a, c, s)
    for good in range(passes + 1):
        bad = passes - good
        for right in range(good + 1):
            for other in range(bad + 1):
                score = (2 * right - good) * better + (2 * other - bad) * worse
                won = when(above(score, _TIE), 1.0, when(below(score, -_TIE), 0.0, 0.5))
                ways = comb(passes, good) * comb(good, right) * comb(bad, other) / 2.0**passes
                chance = _chance(kappa, (right, good - right, other, bad - other), moments)
                total += ways * won * chance
    return numbers(most(least(total, 1.0), 0.0))


def _room(accuracy: Floats, correlation: Floats, spread: Floats) -> Floats:
    """How far good and bad annotators can differ from the mean at most; ValueError where a spread is larger."""
    room = accuracy * (1.0 - accuracy) * (1.0 - correlation)
    known = [np.asarray(by_value(one), dtype=np.float64) for one in (accuracy, spread, room)]
    possible = (known[1] >= 0.0) & (known[1] <= known[2] + _TIE)
    if not np.all(possible):
        right_on, by, at_most = (float(one[~possible].ravel()[0]) for one in known)
        raise ValueError(
            f"annotators right on {right_on:.1%} of items differ by at most {100.0 * at_most:.1f} points, "
            f"not by {100.0 * by:g}"
        )
    return room


def _log_odds(share: Floats) -> Floats:
    return numbers(logarithm(share / (1.0 - share)))


def _moments(a: Floats, c: Floats, degree: int) -> list[Floats]:
    """Means of u^i (1 - u)^(degree - i) for i from 0."""
    found = [chance_of_votes(1.0 - a, c, degree, 0)]
    return found + [chance_of_votes(a, c, i, degree - i) for i in range(1, degree + 1)]


def _chance(kappa: Floats, votes: tuple[int, int, int, int], moments: list[Floats]) -> Floats:
    """Chance that so many better annotators are right and wrong, and so many worse ones, in this order."""
    right, wrong, other_right, other_wrong = votes
    # u +- kappa u(1-u) and their complements as products of u, 1 - u and sums of both with coefficients above zero.
    powers = [np.ones(kappa.shape)]
    one = np.ones(kappa.shape)
    factors = [
        *[(one, 1.0 + kappa)] * right,
        *[(1.0 - kappa, one)] * wrong,
        *[(one, 1.0 - kappa)] * other_right,
        *[(1.0 + kappa, one)] * other_wrong,
    ]
    for of_u, of_rest in factors:
        shifted = [np.zeros(kappa.shape), *[power * of_u for power in powers]]
        kept = [*[power * of_rest for power in powers], np.zeros(kappa.shape)]
        powers = [one_ + other for one_, other in zip(shifted, kept, strict=True)]
    first = right + other_right
    total: Floats = np.sum([power * moments[first + i] for i, power in enumerate(powers)], axis=0)
    return total


def _shares(accuracy: ArrayLike, correlation: ArrayLike) -> tuple[Floats, Floats]:
    found = []
    for values, what in ((accuracy, "accuracy"), (correlation, "correlation")):
        array = np.asarray(by_value(values), dtype=np.float64)
        if not np.all((array >= 0.0) & (array <= 1.0)):
            raise ValueError(f"{what} must lie between 0 and 1")
        found.append(numbers(values))
    return found[0], found[1]
