"""Holidays as a case states them, and those of countries, from the package `holidays` where it is installed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, or_mapping
from allocate.case.reading import fail


class Holidays(Block):
    """Days without work, on top of weekends: those of a country, or a list."""

    country: a.Name | None = None
    """ISO 3166 code; needs the extra `calendars`."""
    days: tuple[a.Date, ...] = ()
    """The dates themselves (instead of a country)."""

    @model_validator(mode="after")
    def _one(self) -> Holidays:
        if (self.country is None) == (not self.days):
            raise fail(
                "holidays are those of a country, or a list of days",
                "write it as in `PH`, or `[2027-01-01, 2027-04-09]`",
            )
        return self


HolidaysField = Annotated[
    Holidays,
    or_mapping("days", Holidays | a.Name | list[a.Date], accept=(list, tuple)),
    or_mapping("country", Holidays | a.Name | list[a.Date], accept=(str,)),
]
"""`PH`, or a list of dates."""


def public_holidays(country: str, years: Iterable[int]) -> tuple[datetime.date, ...]:
    """Public holidays of a country (ISO 3166 code) in some years, in order.

    Raises LookupError for a country without a calendar, ImportError where the package is not installed.
    """
    import holidays

    if country not in holidays.list_supported_countries():
        raise LookupError(country)
    return tuple(sorted(holidays.country_holidays(country, years=list(years))))
