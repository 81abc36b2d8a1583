"""Turnover: what leavers, empty places and newcomers take of the hours of people, in the long run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from allocate.case.by_time import by_period, times
from allocate.case.load import Case
from allocate.case.schema import Team, Vendor
from allocate.numbers import Floats

_WEEKS = {"week": 1.0, "month": 30.4375 / 7}


@dataclass(frozen=True)
class Places:
    """A place that somebody leaves, and somebody fills again, over and over."""

    filled: float
    """Share of the time somebody holds it."""
    worth: float
    """What its hours are worth while it is held, newcomers counted by their ramp: a share of a proficient person's."""

    @property
    def there(self) -> float:
        """Share of a proficient person's hours the place gives."""
        return self.filled * self.worth


FULL = Places(1.0, 1.0)
"""A place nobody leaves."""


def places(rate: float, vacancy: float, ramp: Sequence[float], step: float) -> Places:
    r"""What a place gives in the long run when people leave it at random and it is filled again.

    Tenure is exponential, as for leavers who are a constant share of those there; by the renewal reward theorem (Ross,
    Introduction to Probability Models, section on renewal reward processes) each share is what one round of vacancy and
    tenure brings, over the length of a round:

    .. math:: f = \frac{1}{1 + \lambda D}, \qquad
        g = 1 - \sum_k (1 - \rho_k) \, e^{-\lambda (k - 1) w} \bigl(1 - e^{-\lambda w}\bigr)

    with f the share of time filled, g the worth of its hours. A month among these lengths is an average one: rounds of
    vacancy and tenure begin on any day.

    Args:
        rate: :math:`\lambda`, leavers by week as a share of those there.
        vacancy: D, weeks from a leaver's last day to the first of who comes after.
        ramp: :math:`\rho_k`, what a newcomer is worth in the k-th step.
        step: w, weeks of a step.

    >>> one = places(rate=0.01, vacancy=5.0, ramp=[0.5], step=1.0)
    >>> round(one.filled, 4), round(one.worth, 4)
    (0.9524, 0.995)
    """
    filled = 1.0 / (1.0 + rate * vacancy)
    learning = sum((1.0 - worth) * exp(-rate * number * step) for number, worth in enumerate(ramp))
    return Places(filled, 1.0 - learning * (1.0 - exp(-rate * step)))


def remaining(rate: float, weeks: Sequence[float]) -> Floats:
    r"""Share of the people of the start who are still there, on average over each period, shape (T,).

    .. math:: \frac{1}{w_t} \int_{s_t}^{s_t + w_t} e^{-\lambda s} \, ds

    rate: :math:`\lambda`, leavers by week (or month …) as a share of those there; weeks: the length of each period in these.

    >>> [round(float(share), 4) for share in remaining(0.1, [1.0, 1.0])]
    [0.9516, 0.8611]
    """
    length = np.asarray(weeks, dtype=np.float64)
    if rate == 0.0:
        return np.ones(len(length))
    end = np.cumsum(length)
    share: Floats = np.exp(-rate * (end - length)) * -np.expm1(-rate * length) / (rate * length)
    return share


def share_there(case: Case, vendor: Vendor) -> Floats:
    """Share of its capacity by week a vendor keeps in each period when people leave it, shape (T,)."""
    block = vendor.turnover
    if block is None:
        return np.ones(case.periods.count)
    if block.vacancy is None:
        return remaining(block.rate.each, [float(many) for many in times(case.periods, block.rate)])
    found = places(block.rate.number, block.vacancy.number, block.ramp, _WEEKS[case.periods.unit])
    return np.full(case.periods.count, found.there)


def starts(case: Case, team: Team) -> Floats:
    r"""People who start in a leaver's place in each period, for each place that is filled, shape (T,).

    .. math:: \lambda_t = \lambda \, n_t

    with n the weeks (months …) of the period: 3 % a month is 3 % in each month.
    """
    rate = team.turnover.rate if team.turnover is not None else None
    return np.zeros(case.periods.count) if rate is None else np.array(by_period(case.periods, rate))


def places_of(case: Case, team: Team) -> Places:
    """What a place of an in-house team gives: a vacancy lasts the notice of hiring where nothing else is said."""
    block = team.turnover
    if block is None:
        return FULL
    notice = team.hire.notice if team.hire is not None else None
    vacancy = block.vacancy or notice
    assert vacancy is not None  # found by the case's checks
    return places(block.rate.number, vacancy.number, team.ramp, _WEEKS[case.periods.unit])
