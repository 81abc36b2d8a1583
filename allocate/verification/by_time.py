"""Amounts by time (`2k USD/month`, `8 h/day`) counted again from the calendar, and the days of a period that are worked.

Nothing of `allocate.case.by_time` is used: what a period has of a month is the difference of two running counts, one at
its first day and one at the first day after it.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from allocate.case.holidays import public_holidays
from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.case.schema import Holidays, Vendor
from allocate.exact import Floats
from allocate.units import Quantity

FIVE = 5
"""Working days of a week where nothing is said."""


def counted(periods: Periods, amount: Quantity, working: int | None = None) -> Floats:
    """What an amount by time comes to in each period, shape (T,); working: working days of a week, for work per day."""
    each = Fraction(str(amount.each))
    by_calendar_days = amount.currency is not None or amount.of() is None
    bounds = [*periods.starts, periods.end + datetime.timedelta(days=1)]
    if amount.time in ("month", "quarter", "year") and periods.unit == "month":
        marks = [Fraction(number) for number in range(len(bounds))]
    else:
        marks = [_until(day, amount.time or "week", 7 if by_calendar_days else working or FIVE) for day in bounds]
    parts = {"quarter": 3, "year": 12}.get(amount.time or "week", 1)
    return np.array([float(each * (later - mark) / parts) for mark, later in itertools.pairwise(marks)])


def lengths(periods: Periods, amount: Quantity, working: int | None = None) -> Floats:
    """How many of the time an amount is for there are in each period, shape (T,); working: as in `counted`."""
    return counted(periods, replace(amount, number=1.0, in_time=1.0), working)


def _until(day: datetime.date, unit: str, working: int) -> Fraction:
    """How many weeks, working days or months have passed before a day, since the first of the year 1, a Monday."""
    passed = day.toordinal() - 1
    weeks, rest = divmod(passed, 7)
    if unit == "week":
        return Fraction(passed, 7)
    if unit == "day":
        return Fraction(weeks * working + min(rest, working))
    return 12 * day.year + day.month + Fraction(day.day - 1, calendar.monthrange(day.year, day.month)[1])


def at_work(case: Case, stated: Holidays | None, working: int | None) -> Floats:
    """Share of the working days of each period that are no holidays, shape (T,)."""
    days = case.periods.starts
    after = [*days[1:], case.periods.end + datetime.timedelta(days=1)]
    if stated is None:
        return np.ones(len(days))
    years = range(days[0].year, case.periods.end.year + 1)
    off = {*(stated.days if stated.country is None else public_holidays(stated.country, years))}
    shares = []
    for first, end in zip(days, after, strict=True):
        there = _until(end, "day", working or FIVE) - _until(first, "day", working or FIVE)
        lost = sum(first <= day < end and day.weekday() < (working or FIVE) for day in off)
        shares.append(float(1 - lost / there) if there else 0.0)
    return np.array(shares)


def paid_hours(case: Case, vendor: Vendor) -> Floats:
    """Paid hours of one person in each period, shape (T,): the team's or the vendor's own, else those of its region."""
    region = case.model.regions.get(vendor.region) if vendor.region else None
    hours = (vendor.team or vendor).hours or (region.hours if region is not None else None)
    return np.zeros(case.periods.count) if hours is None else counted(case.periods, hours, vendor.working_days)


@dataclass(frozen=True)
class Place:
    """A place that people leave and others fill again, over and over: shares of the time, and of a proficient person's worth."""

    filled: float = 1.0
    worth: float = 1.0


def place(rate: Quantity, vacancy: Quantity, ramp: Sequence[float], unit: str) -> Place:
    """What a place gives in the long run, tenure being exponential: what one round of vacancy and tenure brings."""
    week = 1.0 if unit == "week" else 30.4375 / 7
    stays = math.exp(-rate.number * week)
    learning = sum((1.0 - worth) * stays**step for step, worth in enumerate(ramp))
    return Place(1.0 / (1.0 + rate.number * vacancy.number), 1.0 - learning * (1.0 - stays))


def share_there(case: Case, vendor: Vendor) -> Floats:
    """Share of its capacity by time a vendor keeps in each period when people leave it, shape (T,)."""
    leaving, count = vendor.turnover, case.periods.count
    if leaving is None:
        return np.ones(count)
    if leaving.vacancy is not None:
        held = place(leaving.rate, leaving.vacancy, leaving.ramp, case.periods.unit)
        return np.full(count, held.filled * held.worth)
    ends = np.cumsum(lengths(case.periods, leaving.rate)) * leaving.rate.each
    left = np.concatenate([[0.0], ends])
    gone = np.diff(-np.expm1(-left))
    shares: Floats = np.divide(gone, np.diff(left), out=np.ones(count), where=np.diff(left) > 0)
    return shares
