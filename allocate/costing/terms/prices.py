"""Prices by period: exchange rates, season, escalation; and money of any currency in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.case.by_time import by_period, times
from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.case.moments import When
from allocate.case.schema import Vendor
from allocate.case.schema.vendors import Indexation
from allocate.costing.readings import read_once
from allocate.exact import array_of
from allocate.numbers import Floats, is_traced, least, most, placed
from allocate.units import Quantity

DAYS_PER_YEAR = 365.25
TIMES_A_YEAR = {"day": DAYS_PER_YEAR, "week": DAYS_PER_YEAR / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
"""How often a rate by some time compounds in a year."""


@read_once
def exchange_rates(case: Case) -> Mapping[str, Floats]:
    """What one unit of each currency is worth in the case's, by period, shape (T,); the case's own is 1."""
    periods = case.periods
    rates = {case.currency: np.ones(periods.count)}
    for currency, given in case.file.exchange.items():
        rates[currency] = stepped(periods, [step.from_ for step in given], [step.rate.number for step in given])
    return rates


def in_case_currency(case: Case, money: Quantity) -> Floats:
    """An amount (or price) in the case's currency, by period, shape (T,); of one by time (`0.10 USD/image/week`) that time's."""
    worth: Floats = money.each * exchange_rates(case)[money.currency or case.currency]
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


def by_time(case: Case, money: Quantity | None) -> Floats:
    """What an amount by time (`2k USD/month`) comes to in each period in the case's currency, shape (T,); 0 for none."""
    if money is None:
        return np.zeros(case.periods.count)
    rates = exchange_rates(case)[money.currency or case.currency]
    if is_traced(money.each):
        each: Floats = np.array([float(many) for many in times(case.periods, money)]) * money.each * rates
    else:
        each = np.array(by_period(case.periods, money)) * rates
    return each


def stepped(
    periods: Periods, starts: Sequence[When | None], numbers: Sequence[float], before: float = np.nan
) -> Floats:
    """A step function over the periods, shape (T,): each number holds from its start until the next; `before` earlier."""
    values = [before] * periods.count
    for start, number in zip(starts, numbers, strict=True):
        first = periods.first_from(start) if start is not None else 0
        values[first:] = [number] * (periods.count - first)
    return array_of(values)


def years_until(periods: Periods) -> Floats:
    """Years from the start of the horizon to that of each period, shape (T,): twelfths for months, days over 365.25 in weeks."""
    passed = np.arange(periods.count, dtype=np.float64)
    years: Floats = passed / 12.0 if periods.unit == "month" else passed * 7.0 / DAYS_PER_YEAR
    return years


@read_once
def price_factors(case: Case) -> Floats:
    r"""Factor on each vendor's prices by period, shape (V, T): season times escalation and indexation, over its pace while it is paid to learn.

    .. math:: f_{vt} = s_{vt} \, (1 + g_v)^{y_t} / \rho_{vt}

    with g the yearly escalation, y the years from the start of the horizon to the start of the period, and :math:`\rho` the
    share of the ramp where its hours are paid whole, else 1.
    """
    return _factors(case, rising=True)


@read_once
def held_factors(case: Case) -> Floats:
    """The same of locked prices that neither escalation nor indexation raises, shape (V, T)."""
    return _factors(case, rising=False)


def moved_by(case: Case, vendor: NDArray[np.integer], held: NDArray[np.bool_], period: NDArray[np.integer]) -> Floats:
    """The factor on prices of some vendors in some periods, held where they are locked so; arrays of one shape, as is the result."""
    factors: Floats = price_factors(case)[vendor, period]
    return np.where(held, held_factors(case)[vendor, period], factors) if held.any() else factors


def _factors(case: Case, rising: bool) -> Floats:
    periods = case.periods
    years = years_until(periods)
    factors = np.ones((len(case.vendors), periods.count))
    row = {name: position for position, name in enumerate(case.vendors)}
    for name, vendor in case.vendors.items():
        if vendor.season:
            starts = [step.from_ for step in vendor.season]
            season = stepped(periods, starts, [step.factor for step in vendor.season], before=1.0)
            factors = placed(factors, row[name], season)
    for entry in case.file.calendar:
        if entry.season is not None:
            factors = placed(factors, (row[entry.vendor], entry.week - 1), entry.season)
    for name, vendor in case.vendors.items():
        if rising and vendor.indexation is not None:
            factors = placed(factors, row[name], factors[row[name]] * _indexed(periods, vendor.indexation))
        if rising and vendor.escalation is not None:
            times = years * TIMES_A_YEAR[vendor.escalation.time or "year"]
            factors = placed(factors, row[name], factors[row[name]] * (1.0 + vendor.escalation.each) ** times)
        for period, share in learning_paid(periods, vendor):
            factors = placed(factors, (row[name], period), factors[row[name], period] / share)
    return factors


def _indexed(periods: Periods, terms: Indexation) -> Floats:
    """What an index makes of prices by period, shape (T,): a step on each anniversary after the first day of the horizon."""
    step = terms.share * terms.rate
    if terms.floor is not None:
        step = most(step, terms.floor)
    if terms.cap is not None:
        step = least(step, terms.cap)
    passed = np.zeros(periods.count)
    for day in periods.anniversaries(terms.on):
        passed[periods.first_from(When(date=day)) :] += 1.0
    found: Floats = np.array([1.0 if many == 0.0 else (1.0 + step) ** many for many in passed.tolist()])
    return found


def learning_paid(periods: Periods, vendor: Vendor) -> list[tuple[int, float]]:
    """Periods in which a vendor's hours are paid whole while its people learn, and the share of full pace they have then."""
    if not vendor.ramp_paid:
        return []
    first = periods.first_from(vendor.ramp_from) if isinstance(vendor.ramp_from, When) else 0
    return [(period, share) for period, share in enumerate(vendor.ramp, first) if period < periods.count]


def by_date(case: Case, before: Quantity, steps: list[tuple[When, Quantity]]) -> Floats:
    """An amount that changes by date, in the case's currency where it is money, shape (T,)."""
    starts, numbers = [start for start, _ in steps], [amount.number for _, amount in steps]
    own = stepped(case.periods, starts, numbers, before=before.number)
    amounts: Floats = own * exchange_rates(case)[before.currency or case.currency]
    return amounts


def spread(each: Floats, table: Floats, row: NDArray[np.integer]) -> Floats:
    """Amounts of shape (R,) times a row of a table (K, T) each, shape (R, T).

    Rows of nothing are never written: their memory is not even taken.
    """
    if each.dtype == object or is_traced(table):
        of_rows: Floats = table[row] * each[:, None]
        return of_rows
    used = np.flatnonzero(each)
    if len(used) == len(each):
        amounts: Floats = np.take(table, row, axis=0)
        amounts *= each[:, None]
        return amounts
    amounts = np.zeros((len(each), table.shape[1]))
    amounts[used] = table[row[used]] * each[used, None]
    return amounts
