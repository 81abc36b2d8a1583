"""Prices by period: exchange rates, season, escalation; and money of any currency in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.case.amounts import When
from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.units import Quantity

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365.25


def exchange_rates(case: Case) -> Mapping[str, Floats]:
    """What one unit of each currency is worth in the case's, by period, shape (T,); the case's own is 1."""
    periods = case.periods
    rates = {case.currency: np.ones(periods.count)}
    for currency, given in case.file.exchange.items():
        rates[currency] = stepped(periods, [step.from_ for step in given], [step.rate.number for step in given])
    return rates


def in_case_currency(case: Case, money: Quantity) -> Floats:
    """An amount (or price) in the case's currency, by period, shape (T,)."""
    worth: Floats = money.number * exchange_rates(case)[money.currency or case.currency]
    return worth


def worth(case: Case, of: str | None, into: str) -> Floats:
    """What one unit of a currency (None: the case's) is worth in another, by period, shape (T,); of itself exactly 1."""
    known = of or case.currency
    if known == into:
        return np.ones(case.periods.count)
    rates = exchange_rates(case)
    found: Floats = rates[known] / rates[into]
    return found


def currency_of(case: Case, money: Quantity) -> str:
    """The currency an amount is written in: the case's where it names none."""
    return money.currency or case.currency


def stepped(
    periods: Periods, starts: Sequence[When | None], numbers: Sequence[float], before: float = np.nan
) -> Floats:
    """A step function over the periods, shape (T,): each number holds from its start until the next; `before` earlier."""
    values = np.full(periods.count, before)
    for start, number in zip(starts, numbers, strict=True):
        values[periods.first_from(start) if start is not None else 0 :] = number
    return values


def price_factors(case: Case) -> Floats:
    r"""Factor on each vendor's prices by period, shape (V, T): season times escalation.

    .. math:: f_{vt} = s_{vt} \, (1 + g_v)^{d_t / 365.25}

    with g the yearly escalation and d the days from the start of the horizon to the start of the period.
    """
    periods = case.periods
    years = np.array([(start - periods.starts[0]).days for start in periods.starts]) / DAYS_PER_YEAR
    factors = np.ones((len(case.vendors), periods.count))
    row = {name: position for position, name in enumerate(case.vendors)}
    for name, vendor in case.vendors.items():
        if vendor.season:
            starts = [step.from_ for step in vendor.season]
            factors[row[name]] = stepped(periods, starts, [step.factor for step in vendor.season], before=1.0)
        if vendor.escalation is not None:
            yearly = vendor.escalation.number * DAYS_PER_YEAR / 7  # the amount is read per week
            factors[row[name]] *= (1.0 + yearly) ** years
    for entry in case.file.calendar:
        if entry.season is not None:
            factors[row[entry.vendor], entry.week - 1] = entry.season
    return factors
