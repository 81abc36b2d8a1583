"""What amounts by time (`2k USD/month`, `40 h/week`, `10 items/day`) come to in each period of a horizon: one convention for all.

An amount per month is that amount in every month. In a horizon of months it is whole in each of them, whatever day they
begin on; in weeks each day takes its calendar month's part, so that the days of a month add up to it. A quarter is three
months and a year twelve. An amount per week is a seventh of it a day. Work per day (hours, items) is by the working day,
money per day by the day of the calendar.
"""

from __future__ import annotations

import calendar
import datetime
from fractions import Fraction
from functools import lru_cache

from allocate.case.horizon import Periods
from allocate.units import COUNT, LABOUR, WORKING_DAYS, Quantity, dimension_class

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Months of what is longer."""


def by_period(periods: Periods, amount: Quantity, working_days: int | None = None) -> tuple[float, ...]:
    """What an amount by time comes to in each period, in its own unit: hours, items, money.

    working_days: of a week, for work per day; absent: five. Each figure is exact before it is rounded once.

    >>> from allocate.case.horizon import periods
    >>> from allocate.case.schema import Horizon
    >>> from allocate.units import Units
    >>> year = periods(Horizon.model_validate({"start": "2027-01-01", "months": 12}))
    >>> sum(by_period(year, Units().quantity("2k USD/month")))
    24000.0
    """
    each = Fraction(repr(amount.each))
    return tuple(float(each * many) for many in times(periods, amount, working_days))


def times(periods: Periods, amount: Quantity, working_days: int | None = None) -> tuple[Fraction, ...]:
    """How many of the time an amount is for (weeks, months, working days …) there are in each period."""
    unit = amount.time or "week"
    if unit == "day" and not is_work(amount):
        working_days = 7
    return _times(periods, unit, working_days or WORKING_DAYS)


def is_work(amount: Quantity) -> bool:
    """Whether an amount is of hours or of things made, and not of money or a share."""
    return any(power > 0 and dimension_class(name) in (LABOUR, COUNT) for name, power in amount.dimensions)


def days_in(periods: Periods, working_days: int) -> tuple[int, ...]:
    """Days of each period that are among the first so many of the week, Monday being the first."""
    return tuple(sum(day.weekday() < working_days for day in days) for days in _days(periods))


@lru_cache(maxsize=64)
def _times(periods: Periods, unit: str, working_days: int) -> tuple[Fraction, ...]:
    if unit == "day":
        return tuple(map(Fraction, days_in(periods, working_days)))
    if unit == "week":
        return tuple(Fraction(len(days), 7) for days in _days(periods))
    if periods.unit == "month":
        return (Fraction(1, MONTHS[unit]),) * periods.count
    return tuple(sum((_part(day) for day in days), Fraction(0)) / MONTHS[unit] for days in _days(periods))


def _part(day: datetime.date) -> Fraction:
    """A day's part of its month."""
    return Fraction(1, calendar.monthrange(day.year, day.month)[1])


@lru_cache(maxsize=16)
def _days(periods: Periods) -> tuple[tuple[datetime.date, ...], ...]:
    """The days of each period."""
    after = (*periods.starts[1:], periods.end + datetime.timedelta(days=1))
    return tuple(
        tuple(start + datetime.timedelta(days=number) for number in range((end - start).days))
        for start, end in zip(periods.starts, after, strict=True)
    )
