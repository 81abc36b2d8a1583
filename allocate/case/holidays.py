"""Public holidays by country, from the package `holidays` where it is installed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable


def public_holidays(country: str, years: Iterable[int]) -> tuple[datetime.date, ...]:
    """Public holidays of a country (ISO 3166 code) in some years, in order.

    Raises LookupError for a country without a calendar, ImportError where the package is not installed.
    """
    import holidays

    if country not in holidays.list_supported_countries():
        raise LookupError(country)
    return tuple(sorted(holidays.country_holidays(country, years=list(years))))
