"""What a pilot can show, and what is believed after it: shares that are counted, and the pace of people."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats


def _log_gamma(numbers: Floats) -> Floats:
    return np.array([math.lgamma(one) for one in numbers.tolist()])


def _log_choose(n: int) -> Floats:
    """Logarithms of the binomial coefficients of n, shape (n + 1,)."""
    of_counts = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, n + 1.0)))])
    found: Floats = of_counts[-1] - of_counts - of_counts[::-1]
    return found


@dataclass(frozen=True)
class Share:
    """What is believed of a share that is counted (images right, images sent back): Beta(right, wrong)."""

    right: float
    wrong: float

    @property
    def mean(self) -> float:
        """The expected share."""
        return self.right / (self.right + self.wrong)

    def after(self, right: int, of: int) -> Share:
        """What is believed once so many of so many were right."""
        return Share(self.right + right, self.wrong + of - right)

    def chances(self, n: int) -> Floats:
        r"""Chance of each count of right ones among n, shape (n + 1,): Beta-binomial.

        .. math:: P(k) = \binom{n}{k} \frac{B(\alpha + k, \beta + n - k)}{B(\alpha, \beta)}
        """
        k = np.arange(n + 1.0)
        total = self.right + self.wrong
        logs = _log_gamma(self.right + k) + _log_gamma(self.wrong + n - k) - math.lgamma(total + n)
        logs += math.lgamma(total) - math.lgamma(self.right) - math.lgamma(self.wrong)
        found: Floats = np.exp(_log_choose(n) + logs)
        return found

    def means_after(self, n: int) -> Floats:
        """The expected share after each count of right ones among n, shape (n + 1,)."""
        found: Floats = (self.right + np.arange(n + 1.0)) / (self.right + self.wrong + n)
        return found


def chances_of_counts(n: int, shares: Floats) -> Floats:
    """Chance of each count of right ones among n where the share is known, shape (len(shares), n + 1): binomial."""
    k, coefficients = np.arange(n + 1.0), _log_choose(n)
    shares = np.asarray(shares, np.float64)[:, None]
    inside = np.clip(shares, 1e-12, 1.0 - 1e-12)
    found: Floats = np.exp(coefficients + k * np.log(inside) + (n - k) * np.log1p(-inside))
    # A share of exactly 0 or 1 leaves no chance to any other count.
    return np.where(shares <= 0.0, k == 0.0, np.where(shares >= 1.0, k == n, found)).astype(np.float64)


def of_linear_values(belief: Share, n: int, at_nought: Floats, slopes: Floats) -> float:
    r"""What counting the right ones among n is worth where each action's value is linear in the share, exact.

    at_nought, slopes: of each action, shape (A,): its value is :math:`u_a + w_a q` at a share q.

    .. math:: \sum_k P(k) \max_a (u_a + w_a \, E[q \mid k]) - \max_a (u_a + w_a \, E[q])
    """
    after = at_nought + slopes * belief.means_after(n)[:, None]
    return max(0.0, float(belief.chances(n) @ after.max(axis=1)) - float((at_nought + slopes * belief.mean).max()))


@dataclass(frozen=True)
class Pace:
    """What is believed of the mean of log pace (or log effort) of a vendor's people, and how it spreads."""

    sd: float
    """Standard deviation of what is believed of the mean."""
    between: float
    """Standard deviation of log pace between people."""
    within: float
    """Standard deviation of log pace between items of one person."""

    def error(self, people: int, items: float) -> float:
        r"""Standard error of the mean that a pilot measures: people are the sample, not items.

        items: of each person, a number of them.

        .. math:: \sqrt{\tau^2 / k + \sigma^2 / (k \, n)}

        The naive :math:`\sigma / \sqrt{k n}` is too sure: people differ, and more items of the same people do not show it.
        """
        return math.sqrt(self.between**2 / people + self.within**2 / (people * items))

    def sd_after(self, people: int, items: float) -> float:
        """Standard deviation of what is believed of the mean after a pilot."""
        error = self.error(people, items)
        return self.sd * error / math.hypot(self.sd, error)

    def sd_of_mean_after(self, people: int, items: float) -> float:
        """Standard deviation, before the pilot, of what will be thought the mean after it."""
        return self.sd * self.sd / math.hypot(self.sd, self.error(people, items))
