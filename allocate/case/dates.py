"""Dates as people of many countries write them: which days a text can mean."""

from __future__ import annotations

import datetime
import re

_MONTHS = "january february march april may june july august september october november december".split()
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?", re.ASCII
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{4}|\d{2})", re.ASCII)
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/ ]+([a-z]{3,9})\.?,?[-/ ]+(\d{4}|\d{2})", re.ASCII | re.IGNORECASE
)
_NAME_DAY = re.compile(r"([a-z]{3,9})\.?[-/ ]+(\d{1,2})(?:st|nd|rd|th)?,?[-/ ]+(\d{4})", re.ASCII | re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def days_meant(text: str) -> list[datetime.date]:
    """Every day a text can mean, day before month first: two for `03/04/2027`, one for `13/04/2027` or `4 March 2027`."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _days((match[1], match[2], match[3]))
    if match := _YEAR_LAST.fullmatch(text):
        return _days((match[3], match[2], match[1]), (match[3], match[1], match[2]))
    if match := _DAY_NAME.fullmatch(text):
        return _days((match[3], _month(match[2]), match[1]))
    if match := _NAME_DAY.fullmatch(text):
        return _days((match[3], _month(match[1]), match[2]))
    return []


def holds_several(text: str) -> bool:
    """Whether a text has more than one date in it."""
    return len(_ISO.findall(text)) > 1


def spoken(day: datetime.date) -> str:
    """A day as people say it: `3 April 2027`."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def _month(name: str) -> str:
    small = name.lower()
    return next((str(number) for number, month in enumerate(_MONTHS, start=1) if month.startswith(small)), "0")


def _days(*parts: tuple[str, str, str]) -> list[datetime.date]:
    found: list[datetime.date] = []
    for year, month, day in parts:
        try:
            found.append(datetime.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
