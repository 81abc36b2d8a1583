"""Periods of the horizon: their dates, and what `week 9` or `2027-03-05` means among them."""

from __future__ import annotations

import calendar
import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocate.case.moments import When
from allocate.units import Quantity

if TYPE_CHECKING:
    from allocate.case.schema import Horizon

DELIVERY_DAY = 5
"""A week's work is delivered on its fifth day: Friday where weeks start on Monday."""


@dataclass(frozen=True)
class Periods:
    """The periods of a horizon, counted from 1."""

    unit: str
    """week or month."""
    starts: tuple[datetime.date, ...]
    """First day of each period."""
    deliveries: tuple[datetime.date, ...]
    """Day on which work due in a period is delivered at the latest."""
    end: datetime.date
    """Last day of the horizon."""

    @property
    def count(self) -> int:
        """Number of periods."""
        return len(self.starts)

    def weeks_each(self) -> tuple[float, ...]:
        """Length of each period in weeks: 1, or the days of the month over 7."""
        following = (*self.starts[1:], self.end + datetime.timedelta(days=1))
        return tuple((after - start).days / 7 for start, after in zip(self.starts, following, strict=True))

    def last_before(self, when: When) -> int:
        """Number of periods (0 to count) whose delivery falls on or before a point of the horizon."""
        if when.period is not None and when.unit == self.unit:
            return min(when.period, self.count)
        date = self._date(when)
        return sum(delivery <= date for delivery in self.deliveries)

    def first_from(self, when: When) -> int:
        """Position (from 0; count when past the horizon) of the first period that ends on or after a point."""
        if when.period is not None and when.unit == self.unit:
            return min(when.period - 1, self.count)
        date = self._date(when, start=True)
        ends = [*(start - datetime.timedelta(days=1) for start in self.starts[1:]), self.end]
        return sum(end < date for end in ends)

    def anniversaries(self, when: When) -> list[datetime.date]:
        """The days of the year of a point, after the first day of the horizon and in it; 29 February falls on the 28th."""
        first = self._date(when, start=True)
        days = []
        for year in range(max(first.year, self.starts[0].year), self.end.year + 1):
            last = calendar.monthrange(year, first.month)[1]
            days.append(datetime.date(year, first.month, min(first.day, last)))
        return [day for day in days if self.starts[0] < day <= self.end and day >= first]

    def first_starting(self, when: When) -> int:
        """Position (from 0; count when past the horizon) of the first period that starts on or after a point."""
        if when.period is not None and when.unit == self.unit:
            return min(when.period - 1, self.count)
        date = self._date(when, start=True)
        return sum(start < date for start in self.starts)

    def is_after(self, when: When) -> bool:
        """Whether a point lies past the last period."""
        if when.period is not None and when.unit == self.unit:
            return when.period > self.count
        return self._date(when, start=True) > self.end

    def _date(self, when: When, start: bool = False) -> datetime.date:
        try:
            return self._day(when, start)
        except (OverflowError, ValueError):
            return datetime.date.max

    def _day(self, when: When, start: bool) -> datetime.date:
        if when.date is not None:
            return when.date
        period = when.period or 1
        if when.unit == "month":
            first = add_months(self.starts[0], period - 1)
            return first if start else add_months(self.starts[0], period) - datetime.timedelta(days=1)
        return self.starts[0] + datetime.timedelta(days=7 * (period - 1) + (0 if start else DELIVERY_DAY - 1))

    def first_day(self, position: int) -> datetime.date:
        """First day of a period, or of one that would follow the horizon."""
        if position < self.count:
            return self.starts[position]
        if self.unit == "month":
            return add_months(self.starts[0], position)
        return self.starts[0] + datetime.timedelta(days=7 * position)

    def position(self, day: datetime.date) -> int:
        """Position of the period a day lies in, after the horizon too."""
        if self.unit == "week":
            return (day - self.starts[0]).days // 7
        months = (day.year - self.starts[0].year) * 12 + day.month - self.starts[0].month
        return months if add_months(self.starts[0], months) <= day else months - 1

    def lead(self, lead: Quantity | None) -> int:
        """Whole periods from work to delivery: a lead time rounded up."""
        if lead is None:
            return 0
        length = 1.0 if self.unit == "week" else 30.4375 / 7
        return math.ceil(lead.number / length - 1e-9)

    def label(self, position: int) -> str:
        """A period in words, as in `week 3`."""
        return f"{self.unit} {position + 1}"


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last of a month that does not have it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))


def periods(horizon: Horizon) -> Periods:
    """The periods of a horizon.

    Raises OverflowError when the horizon runs past the year 9999.
    """
    try:
        return _weeks(horizon.start, horizon.weeks) if horizon.weeks else _months(horizon.start, horizon.months or 1)
    except ValueError as error:  # what dates raise for the year 10000
        raise OverflowError(str(error)) from None


def _weeks(start: datetime.date, weeks: int) -> Periods:
    starts = tuple(start + datetime.timedelta(days=7 * number) for number in range(weeks))
    deliveries = tuple(day + datetime.timedelta(days=DELIVERY_DAY - 1) for day in starts)
    return Periods("week", starts, deliveries, starts[-1] + datetime.timedelta(days=6))


def _months(start: datetime.date, months: int) -> Periods:
    starts = tuple(add_months(start, number) for number in range(months + 1))
    ends = tuple(following - datetime.timedelta(days=1) for following in starts[1:])
    return Periods("month", starts[:-1], ends, ends[-1])


NESTED = {
    "period": ("period", "month", "quarter", "horizon"),
    "week": ("period", "month", "quarter", "horizon"),
    "month": ("month", "quarter", "horizon"),
    "quarter": ("quarter", "horizon"),
    "horizon": ("horizon",),
}
"""Kinds of windows that money of windows of a kind can be counted in: a week is split by days, others lie within."""


def nests(inner: str, outer: str) -> bool:
    """Whether what falls due in windows of one kind has its place in windows of another."""
    return {"week": "period"}.get(outer, outer) in NESTED[inner]
