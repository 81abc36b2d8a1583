"""Estimates from work that was recorded: means by person, shares, several groups together, accuracy from agreement alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from allocate.numbers import Floats
from allocate.quantiles import beta_quantile

Z90 = 1.2815515655446004
"""The P90 of a normal variable with mean 0 and standard deviation 1."""
BETWEEN = 0.45
"""Standard deviation of the logs of annotators' mean times that is taken where one person's work is all there is: between 0.3
and 0.6 in published records (see `tests/data/exports`)."""


ROUNDS = 500
"""Most rounds of expectation and maximisation."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its P10 and P90."""

    value: float
    low: float
    high: float
    n: int
    """Observations."""
    people: int = 0
    """People they come from, where they are the sample."""


@lru_cache(maxsize=256)
def t90(degrees: int) -> float:
    """The P90 of Student's t; with nu degrees of freedom nu/(nu + t^2) is Beta(nu/2, 1/2).

    >>> round(t90(1), 3), round(t90(10), 3)
    (3.078, 1.372)
    """
    if degrees < 1:
        return inf
    x = float(beta_quantile(0.2, degrees / 2.0, 0.5))
    return sqrt(degrees * (1.0 - x) / x)


def ratio(numerator: ArrayLike, denominator: ArrayLike, group: ArrayLike) -> Estimate:
    r"""A ratio of sums, such as seconds by items, with groups (annotators, weeks) as the sample.

    .. math:: \hat\theta = \log\frac{\sum y}{\sum x},\quad se^2 = \frac{k-1}{k}\sum_i (\hat\theta_{(i)} - \bar\theta)^2

    over the k estimates that leave one group out (the jackknife), P10 and P90 by Student's t with k - 1 degrees of freedom.
    With one group that has any of the numerator nothing says how groups differ: BETWEEN is taken.

    Args:
        numerator, denominator: shape (n,), denominators from 0 on.
        group: shape (n,), a number from 0 on for each.
    """
    code = np.unique(np.asarray(group), return_inverse=True)[1]
    top, below = np.bincount(code, np.asarray(numerator, float)), np.bincount(code, np.asarray(denominator, float))
    top, below = top[below > 0.0], below[below > 0.0]
    value, k = float(top.sum() / below.sum()), len(top)
    if np.count_nonzero(top) <= 1:
        return Estimate(value, value * exp(-Z90 * BETWEEN), value * exp(Z90 * BETWEEN), len(code), k)
    without = np.log((top.sum() - top) / (below.sum() - below))
    error = sqrt((k - 1) / k * float(((without - without.mean()) ** 2).sum()))
    spread = t90(k - 1) * error
    return Estimate(value, value * exp(-spread), value * exp(spread), len(code), k)


def share(right: float, of: float) -> Estimate:
    """A share that was counted: Beta(right + 1/2, of - right + 1/2), Jeffreys' prior."""
    low, high = (float(beta_quantile(q, right + 0.5, of - right + 0.5)) for q in (0.1, 0.9))
    return Estimate(right / of, low, high, int(of))


def pooled_shares(right: ArrayLike, of: ArrayLike) -> tuple[Floats, Floats]:
    r"""What several groups' shares say of each one: the parameters of a Beta prior for each, shape (k,); Jeffreys' of three and fewer.

    .. math:: \rho = \frac{MSB - MSW}{MSB + (n_0 - 1) MSW},\quad n_0 = \frac{N - \sum n^2/N}{k - 1},\quad
              B_i = \frac{k-3}{k-1}\,\frac{1/\rho - 1}{1/\rho - 1 + n_i}

    the analysis of variance of 0 and 1 (Ridout, Demetrio and Firth, Biometrics, 1999); each group is drawn by B towards the
    mean of all, as in `pooled`: the prior counts for n B/(1 - B) items.

    Args:
        right, of: counts of each group, shape (k,), of > 0.
    """
    counts, totals = np.asarray(right, float), np.asarray(of, float)
    k, total = len(totals), float(totals.sum())
    if k < 4 or total <= k or not 0.0 < counts.sum() < total:
        return np.full(k, 0.5), np.full(k, 0.5)
    mean, shares = float(counts.sum() / total), counts / totals
    between = float((totals * (shares - mean) ** 2).sum()) / (k - 1)
    within = float((totals * shares * (1.0 - shares)).sum()) / (total - k)
    size = (total - float((totals**2).sum()) / total) / (k - 1)
    alike = max((between - within) / (between + (size - 1.0) * within), 0.0)
    one = 1.0 if alike == 0.0 else (1.0 - alike) / (1.0 - alike + alike * totals)
    drawn = (k - 3) / (k - 1) * one
    strength = totals * drawn / (1.0 - drawn)
    return strength * mean + 0.5 * (1.0 - drawn), strength * (1.0 - mean) + 0.5 * (1.0 - drawn)


@dataclass(frozen=True, eq=False)
class Pooled:
    """Several estimates together."""

    mean: float
    error: float
    """Standard error of the mean."""
    between: float
    """Variance between groups (tau^2)."""
    values: Floats
    """Each estimate drawn towards the mean, shape (k,)."""
    errors: Floats
    """Their standard errors."""


def pooled(values: ArrayLike, errors: ArrayLike) -> Pooled:
    r"""Several estimates of one kind together: each is drawn towards their mean the more, the less is known of it.

    .. math:: \tau^2 = \max\left(0, \frac{Q - (k-1)}{\sum w - \sum w^2/\sum w}\right),\quad
              B_i = \frac{k-3}{k-1} \frac{\sigma_i^2}{\sigma_i^2 + \tau^2}

    DerSimonian and Laird (Controlled Clinical Trials, 1986), w = 1/error^2; the estimates become (1 - B) y + B mean, as Morris
    has it (Journal of the American Statistical Association, 1983): three estimates and fewer stay as they are.

    Args:
        values: estimates, shape (k,). errors: their standard errors, above 0.

    >>> schools = pooled([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    >>> round(schools.mean, 2), round(schools.error, 2), schools.between
    (7.69, 4.07, 0.0)
    """
    y, variance = np.asarray(values, float), np.asarray(errors, float) ** 2
    w = 1.0 / variance
    fixed = float((w * y).sum() / w.sum())
    spare = float(w.sum() - (w**2).sum() / w.sum())
    tau2 = max(0.0, (float((w * (y - fixed) ** 2).sum()) - (len(y) - 1)) / spare) if len(y) > 1 and spare > 0.0 else 0.0
    both = 1.0 / (variance + tau2)
    mean, error = float((both * y).sum() / both.sum()), float(both.sum() ** -0.5)
    drawn = max(0.0, (len(y) - 3) / max(len(y) - 1, 1)) * variance / (variance + tau2)
    spread = np.sqrt((1.0 - drawn) * variance + (drawn * error) ** 2)
    return Pooled(mean, error, tau2, (1.0 - drawn) * y + drawn * mean, spread)


@dataclass(frozen=True, eq=False)
class Agreed:
    """What labels of several people say of the items and of one another, with no answer known."""

    truth: Floats
    """Chance of each class, item by item, shape (items, classes)."""
    prior: Floats
    """Share of each class."""
    right: Floats
    """Chance that each label is right, shape (labels,)."""
    log_likelihood: float


def dawid_skene(item: ArrayLike, annotator: ArrayLike, label: ArrayLike, weight: ArrayLike | None = None) -> Agreed:
    """Truth and annotators' errors from labels alone, by expectation and maximisation (Dawid and Skene, Applied Statistics, 1979).

    Args:
        item, annotator, label: a number from 0 on for each label, shape (labels,).
        weight: how often each item counts, shape (items,); absent: once.
    """
    i, a, c = (np.asarray(one, dtype=np.int64) for one in (item, annotator, label))
    items, people, classes = int(i.max()) + 1, int(a.max()) + 1, int(c.max()) + 1
    often = np.ones(items) if weight is None else np.asarray(weight, float)
    truth = np.zeros((items, classes))
    np.add.at(truth, (i, c), 1.0)
    truth /= truth.sum(axis=1, keepdims=True)
    before = -inf
    for _ in range(ROUNDS):
        counted = truth * often[:, None]
        prior = counted.sum(axis=0) / counted.sum()
        errors = np.zeros((people, classes, classes))
        np.add.at(errors, (a, c), counted[i])
        total = errors.sum(axis=1, keepdims=True)
        errors = np.divide(errors, total, out=np.full_like(errors, 1.0 / classes), where=total > 0.0)
        logs = np.log(np.maximum(prior, 1e-300)) + np.zeros((items, classes))
        np.add.at(logs, i, np.log(np.maximum(errors[a, c], 1e-300)))
        most = logs.max(axis=1, keepdims=True)
        scale = np.exp(logs - most)
        likelihood = float((often * (np.log(scale.sum(axis=1)) + most[:, 0])).sum())
        truth = scale / scale.sum(axis=1, keepdims=True)
        if likelihood - before <= 1e-8 * abs(likelihood):
            break
        before = likelihood
    return Agreed(truth, prior, truth[i, c], likelihood)


def krippendorff(item: ArrayLike, label: ArrayLike, level: str = "nominal") -> float:
    """Krippendorff's alpha: 1 less disagreement within items over that among all labels (Krippendorff, 2011).

    Args:
        item: a number from 0 on for each label. label: its value; ranks and differences count in the other levels.
        level: nominal, ordinal, interval or ratio.

    Raises:
        ValueError: no item with two labels, or an unknown level.
    """
    i, values = np.asarray(item, dtype=np.int64), np.asarray(label, float)
    many = np.bincount(i)
    kept = many[i] > 1
    if not kept.any():
        raise ValueError("no item has two labels")
    i, many = i[kept], many.astype(float)
    known, c = np.unique(values[kept], return_inverse=True)
    marks = np.zeros((len(many), len(known)))
    np.add.at(marks, (i, c), 1.0)
    held = marks[many > 1]
    size = held.sum(axis=1, keepdims=True)
    together = ((held / (size - 1.0)).T @ held) - np.diag((held / (size - 1.0)).sum(axis=0))
    total = together.sum(axis=1)
    n = total.sum()
    distance = _distances(known, total, level)
    expected = float((np.outer(total, total) * distance).sum()) / (n - 1.0)
    return 1.0 if expected == 0.0 else 1.0 - float((together * distance).sum()) / expected


def _distances(known: Floats, total: Floats, level: str) -> Floats:
    """Squared differences of every two values, on a level of measurement."""
    first, second = np.meshgrid(known, known, indexing="ij")
    if level == "nominal":
        return np.asarray(first != second, dtype=float)
    if level == "interval":
        return np.asarray((first - second) ** 2)
    if level == "ratio":
        both = first + second
        return np.asarray(np.divide(first - second, both, out=np.zeros_like(both), where=both != 0.0) ** 2)
    if level != "ordinal":
        raise ValueError(f"there is no level '{level}'")
    up_to, rank = np.cumsum(total), np.arange(len(known))
    low, high = np.minimum.outer(rank, rank), np.maximum.outer(rank, rank)
    inside = up_to[high] - up_to[low] + total[low]
    return np.asarray(np.where(low == high, 0.0, (inside - (total[low] + total[high]) / 2.0) ** 2))


def slope(seconds: ArrayLike, person: ArrayLike, order: ArrayLike) -> tuple[float, float, float]:
    """How fast people become quicker: the slope of log seconds on the log of a person's own count, within people, and its
    standard error; and the mean log count, at which the times hold.

    Args:
        seconds: above 0, shape (n,). person: a number from 0 on. order: from 1 on, each person's items in time.
    """
    y, x = np.log(np.asarray(seconds, float)), np.log(np.asarray(order, float))
    code = np.unique(np.asarray(person), return_inverse=True)[1]
    many = np.bincount(code)

    def centred(values: Floats) -> Floats:
        return np.asarray(values - (np.bincount(code, values) / many)[code])

    dx, dy = centred(x), centred(y)
    squares = float((dx**2).sum())
    degrees = len(y) - len(many) - 1
    if squares <= 0.0 or degrees < 1:
        return 0.0, inf, float(x.mean())
    found = float((dx * dy).sum()) / squares
    scores = np.bincount(code, dx * (dy - found * dx))
    people = len(many)
    robust = sqrt(float((scores**2).sum()) * people / max(people - 1, 1)) / squares
    return (
        found,
        robust if people > 1 else sqrt(float(((dy - found * dx) ** 2).sum()) / degrees / squares),
        float(x.mean()),
    )


def precision_weighted(one: Estimate, low: float, high: float, of_share: bool = False) -> Estimate:
    """A range somebody had before, and what was measured, together: on logs (or log odds), each weighted by 1/sd^2."""

    def scale(p: float) -> float:
        return log(p / (1.0 - p)) if of_share else log(p)

    def back(x: float) -> float:
        return 1.0 / (1.0 + exp(-x)) if of_share else exp(x)

    sds = [(scale(b) - scale(a)) / (2.0 * Z90) for a, b in ((one.low, one.high), (low, high))]
    if min(sds) <= 0.0:
        return one
    centre = [scale(one.value), (scale(low) + scale(high)) / 2.0]
    weights = [sd**-2 for sd in sds]
    mean = sum(w * c for w, c in zip(weights, centre, strict=True)) / sum(weights)
    sd = sum(weights) ** -0.5
    return Estimate(back(mean), back(mean - Z90 * sd), back(mean + Z90 * sd), one.n, one.people)
