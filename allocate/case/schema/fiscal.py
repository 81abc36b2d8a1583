"""The fiscal year: from which month or day it runs, and how its months are made of weeks."""

from __future__ import annotations

import calendar
import datetime
from typing import Annotated, Any, Literal

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, or_mapping
from allocate.case.reading import Reader, fail, named

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
START = "starts "
"""What may stand before the month."""


def _first(value: Any) -> int | datetime.date:
    """A month by its number, or a day."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value
    text = str(value).strip().removeprefix(START).lower()
    found = [number for name, number in MONTHS.items() if name == text or name[:3] == text]
    if found:
        return found[0]
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        message = f"expects a month, or the day of a year of weeks, got {named(value)}"
        raise fail(message, "write it as in `April`, or `{starts: 2026-12-28, weeks: 4-4-5}`") from None


_SCHEMA: dict[str, Any] = {
    "not": {"type": ["object", "array", "boolean", "null"]},
    "description": "a month as in `April`, or a day as in `2026-12-28`",
}
First = Annotated[int | datetime.date, Reader(_first, _SCHEMA)]
Weeks = Literal["4-4-5", "4-5-4", "5-4-4"]


class FiscalYear(Block):
    """The fiscal calendar: years, quarters and months of the invoice, the cost of ownership and the cash flow go by it.

    A year is called by the calendar year it ends in: FY2028 runs from April 2027 to March 2028."""

    starts: First
    """Month it starts in, as in `April`; or, for years of weeks, the first day of one of them, as in `2026-12-28`."""
    weeks: Weeks | None = None
    """Weeks of the three months of a quarter, as in `4-4-5`. A year then has 52 weeks, or 53 where it takes them to start on the
    weekday nearest to the anniversary of `starts`; the 53rd is in its last month. Absent: months of the calendar."""

    @model_validator(mode="after")
    def _days_of_weeks(self) -> FiscalYear:
        if (self.weeks is None) != isinstance(self.starts, int):
            message = "a fiscal year of weeks starts on a day, one of months in a month"
            raise fail(message, "write it as in `April`, or `{starts: 2026-12-28, weeks: 4-4-5}`")
        return self


FiscalField = Annotated[FiscalYear | None, or_mapping("starts", FiscalYear | a.Name | None, (str, int, datetime.date))]
"""`starts April`, `April`, or a mapping."""
