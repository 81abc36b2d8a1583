"""Field types for points and lengths of time: dates, periods, leads."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from allocate.case.reading import Reader, fail, named, read, reader
from allocate.units import Quantity, kind_of


@dataclass(frozen=True)
class When:
    """A point of the horizon: a period by its number (from 1), or a date."""

    period: int | None = None
    unit: str = "week"
    date: datetime.date | None = None
    text: str = ""


_AS_IN = "write it as in `2027-03-05` or `week 9`"


def _when(value: Any) -> When:
    if isinstance(value, When):
        return value
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return When(date=value, text=value.isoformat())
    if not isinstance(value, str):
        raise fail(f"expects a date or a week, got {named(value)}", _AS_IN)
    text = value.strip()
    match = re.fullmatch(r"(week|month)\s+(\d{1,4})", text, re.ASCII)
    if match:
        if int(match[2]) < 1:
            fix = f"weeks and months count from 1: write `{match[1]} 1`"
            raise fail(f"'{text}' is before the first {match[1]}", fix)
        return When(period=int(match[2]), unit=match[1], text=text)
    try:
        return When(date=datetime.date.fromisoformat(text), text=text)
    except ValueError:
        raise _no_date(text) from None


def _no_date(text: str) -> PydanticCustomError:
    day = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    if day and int(day[1]) > 0 and 1 <= int(day[2]) <= 12:
        days = calendar.monthrange(int(day[1]), int(day[2]))[1]
        return fail(f"'{text}' is not in the calendar", f"{day[1]}-{day[2]} has {days} days")
    if day:
        return fail(f"'{text}' is not in the calendar", "write year-month-day, as in `2027-03-05`")
    if holds_several(text):
        return fail(f"'{text}' holds several dates", "write one date, as in `2027-03-05`")
    meant = days_meant(text)
    if meant:
        fix = "write " + " or ".join(f"`{one.isoformat()}`" for one in meant)
        is_one = len(meant) == 1
        what = "is neither a date nor a week" if is_one else f"has two readings: {' and '.join(map(spoken, meant))}"
        return fail(f"'{text}' {what}", fix, _AS_IN)
    close = re.fullmatch(r"(w|wk|week|m|month)s?[\s-]*(\d{1,4})", text, re.IGNORECASE | re.ASCII)
    fix = _AS_IN
    if close:
        fix = f"write `{'month' if close[1].lower().startswith('m') else 'week'} {close[2]}`"
    return fail(f"'{text}' is neither a date nor a week", fix)


# A reader of YAML may hand over a date as text or as a date: the schema only says what it is not.
_WHEN_SCHEMA: dict[str, Any] = {"not": {"type": ["object", "array", "boolean", "null"]}, "x-amount": True}
WhenType = Annotated[
    When,
    Reader(_when, {**_WHEN_SCHEMA, "description": "`2027-03-05`, `week 9` or `month 3`"}),
]


FIRST_WORK = "first-work"
RampFrom = Annotated[
    When | Literal["first-work"],
    Reader(
        lambda value: value if value == FIRST_WORK else _when(value),
        {**_WHEN_SCHEMA, "description": "`2027-02-01`, `week 3`, or `first-work`"},
    ),
]


def _date(value: Any) -> datetime.date:
    when = _when(value)
    if when.date is None:
        raise fail(f"'{when.text}' is not a date", "write it as in `2027-01-04`")
    return when.date


Date = Annotated[datetime.date, Reader(_date, {**_WHEN_SCHEMA, "description": "a date, as in `2027-01-04`"})]


def _lead(value: Any, info: ValidationInfo) -> Quantity:
    quantity = read(value, info, "1 week", lambda one: kind_of(one) == "calendar" and one.number >= 0)
    if kind_of(quantity) != "calendar" or quantity.number < 0:
        raise fail(
            f"expects calendar time of zero or more, got '{quantity.text}'", "write it as in `1 week` or `3 days`"
        )
    return quantity


Lead = Annotated[Quantity, reader(_lead, "calendar time from work to delivery, e.g. `1 week`")]


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
