"""What money of a currency is worth, and how a vendor's prices move, period by period, from the steps the case states."""

from __future__ import annotations

import datetime

import numpy as np

from allocate.case.load import Case
from allocate.case.moments import When
from allocate.exact import Floats
from allocate.units import Quantity
from allocate.verification.by_time import counted

A_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
"""How often a rate by some time compounds in a year."""


def currency_of(case: Case, amount: Quantity) -> str:
    """The currency an amount is in: the case's where it names none."""
    return amount.currency or case.currency


def rate(case: Case, currency: str, period: int) -> float:
    """What one unit of a currency is worth in the case's in a period: the rate of the last step begun."""
    if currency == case.currency:
        return 1.0
    held = [
        step.rate.number
        for step in case.file.exchange[currency]
        if step.from_ is None or case.periods.first_from(step.from_) <= period
    ]
    return float(held[-1])


def worth(case: Case, amount: Quantity | None, period: int) -> float:
    """An amount of money in the case's currency in a period; 0 for none."""
    return 0.0 if amount is None else amount.each * rate(case, currency_of(case, amount), period)


def by_period(case: Case, amount: Quantity | None) -> Floats:
    """Money by time (`2k USD/month`) as it falls due in each period, in the case's currency, shape (T,); 0 for none."""
    if amount is None:
        return np.zeros(case.periods.count)
    rates = [rate(case, currency_of(case, amount), period) for period in range(case.periods.count)]
    return np.asarray(counted(case.periods, amount) * np.array(rates), dtype=np.float64)


def price_factor(case: Case, vendor: str, period: int, held: bool = False) -> float:
    """What a vendor's prices are multiplied by in a period: its season, and, unless they are held, its rise since the start."""
    terms, periods = case.vendors[vendor], case.periods
    factor = 1.0
    for step in terms.season:
        if periods.first_from(step.from_) <= period:
            factor = step.factor
    for row in case.file.calendar:
        if row.vendor == vendor and row.week == period + 1 and row.season is not None:
            factor = row.season
    if terms.indexation is not None and not held:
        index, begins = terms.indexation, periods.starts
        change = index.rate * index.share
        change = change if index.floor is None or change > index.floor else index.floor
        change = change if index.cap is None or change < index.cap else index.cap
        until = begins[period + 1] if period + 1 < periods.count else periods.end + datetime.timedelta(days=1)
        number = (index.on.period or 1) - 1
        first = index.on.date or (begins[number] if number < periods.count else datetime.date.max)
        for year in range(begins[0].year, until.year + 1):
            day = (
                first.replace(year=year)
                if (first.month, first.day) != (2, 29)
                else datetime.date(year, 3, 1) - datetime.timedelta(days=1)
            )
            if begins[0] < day < until and day >= first:
                factor *= 1.0 + change
    if terms.escalation is not None and not held:
        years = period / 12.0 if periods.unit == "month" else period * 7.0 / 365.25
        factor *= (1.0 + terms.escalation.each) ** (years * A_YEAR[terms.escalation.time or "year"])
    if terms.ramp_paid:
        since = period - (periods.first_from(terms.ramp_from) if isinstance(terms.ramp_from, When) else 0)
        factor /= terms.ramp[since] if 0 <= since < len(terms.ramp) else 1.0
    return float(factor)
