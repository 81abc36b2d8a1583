"""Years, quarters and months that money is told by: of the calendar, or of the case's fiscal year."""

from __future__ import annotations

import datetime
from typing import Literal

from allocate.case.horizon import add_months
from allocate.case.load import Case
from allocate.case.schema.fiscal import FiscalYear

By = Literal["year", "quarter", "month"]
BYS: tuple[By, ...] = ("year", "quarter", "month")


def label(case: Case, day: datetime.date, by: By) -> str:
    """What a day's year, quarter or month is called: `2027`, `2027-Q1`, `2027-03`; of a fiscal year `FY2028`, `FY2028-Q1`.

    Months of a fiscal year that starts in a month are those of the calendar; those of years of weeks are `FY2027-M03`.
    """
    fiscal = case.file.fiscal_year
    if fiscal is not None and fiscal.weeks is not None:
        return _of_weeks(fiscal, fiscal.weeks, day, by)
    if by == "month":
        return f"{day.year}-{day.month:02d}"
    if fiscal is None:
        return str(day.year) if by == "year" else f"{day.year}-Q{(day.month + 2) // 3}"
    assert isinstance(fiscal.starts, int)
    year = f"FY{day.year + (1 < fiscal.starts <= day.month)}"
    return year if by == "year" else f"{year}-Q{(day.month - fiscal.starts) % 12 // 3 + 1}"


def _of_weeks(fiscal: FiscalYear, weeks: str, day: datetime.date, by: By) -> str:
    """The same in years of weeks."""
    assert isinstance(fiscal.starts, datetime.date)
    number = day.year - fiscal.starts.year + 1
    while (start := year_start(fiscal.starts, number)) > day:
        number -= 1
    year = f"FY{(year_start(fiscal.starts, number + 1) - datetime.timedelta(days=1)).year}"
    if by == "year":
        return year
    lengths, week, month = [int(length) for length in weeks.split("-")] * 4, (day - start).days // 7, 0
    while month < 11 and week >= lengths[month]:
        week -= lengths[month]
        month += 1
    return f"{year}-Q{month // 3 + 1}" if by == "quarter" else f"{year}-M{month + 1:02d}"


def year_start(first: datetime.date, number: int) -> datetime.date:
    """First day of a year of weeks, so many years after another: on its weekday, nearest to the anniversary.

    >>> [year_start(datetime.date(2026, 12, 28), number).isoformat() for number in (0, 1, 2, 3)]
    ['2026-12-28', '2027-12-27', '2028-12-25', '2029-12-31']
    """
    anniversary = add_months(first, 12 * number)
    off = (first.weekday() - anniversary.weekday() + 3) % 7 - 3
    return anniversary + datetime.timedelta(days=off)


def is_fiscal(case: Case) -> bool:
    """Whether the case states a fiscal year."""
    return case.file.fiscal_year is not None
