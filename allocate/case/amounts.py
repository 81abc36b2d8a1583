"""Field types of the schema: amounts with a kind (`money/count`, `labour/calendar` …), fractions, names, dates."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from allocate.units import Quantity, UnitError, Units, kind_of

_WORDS = {
    "money": "an amount of money",
    "money/count": "money per item or other unit",
    "money/labour": "money per hour",
    "money/points": "money per score point",
    "labour/count": "labour time per unit",
    "labour/calendar": "labour time per week or month",
    "count/calendar": "items per week or month",
    "count/labour": "items per hour",
    "count": "a number of items",
    "number/count": "a number per item",
    "count/count": "units per item",
    "number/calendar": "a share per year",
    "calendar": "calendar time",
    "points": "score points",
    "person": "people",
    "fraction": "a plain number or a percentage",
}


def fail(message: str, fix: str | None = None) -> PydanticCustomError:
    """A validation error that carries its own message and fix."""
    return PydanticCustomError("case", "{message}", {"message": message, "fix": fix})


def _read(value: Any, info: ValidationInfo) -> Quantity:
    units: Units = (info.context or {}).get("units") or Units()
    if isinstance(value, Quantity):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise fail(f"expects an amount, got {_named(value)}", "write a number and its unit")
    try:
        return units.quantity(str(value))
    except UnitError as error:
        raise fail(str(error), error.fix) from None


def _named(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "nothing" if value is None else f"'{value}'"


def _amount(example: str, *kinds: str, least: float | None = 0.0, above: float | None = None) -> Any:
    """An amount of one of the kinds; `least` and `above` bound its number."""

    def validate(value: Any, info: ValidationInfo) -> Quantity:
        quantity = _read(value, info)
        kind = kind_of(quantity)
        if kind not in kinds:
            wanted = " or ".join(_WORDS[k] for k in kinds)
            got = _WORDS.get(kind, kind)
            hint = f"write it as in `{example}`"
            if kind == "fraction":
                got = "a number without a unit"
            raise fail(f"expects {wanted}, got {got} ('{quantity.text}')", hint)
        if least is not None and quantity.number < least:
            raise fail(f"'{quantity.text}' is below {least:g}", "write an amount of zero or more")
        if above is not None and quantity.number <= above:
            raise fail(f"'{quantity.text}' is not above {above:g}", "write an amount above zero")
        return quantity

    schema = {"type": ["string", "number"], "description": f"amount with unit, e.g. `{example}`", "examples": [example]}
    return Annotated[Quantity, PlainValidator(validate), WithJsonSchema(schema)]


Money = _amount("250k USD", "money")
MoneyPerPoint = _amount("18k USD/point", "money/points")
MoneyPerItem = _amount("0.40 USD/image", "money/count")
Wage = _amount("40 USD/h", "money/labour")
Price = _amount("0.50 USD/image", "money/count", "money/labour")
Items = _amount("20_000 images", "count")
Effort = _amount("12 s/image", "labour/count")
HoursPerWeek = _amount("40 h/week", "labour/calendar", above=0.0)
Capacity = _amount("1_200 h/week", "labour/calendar", "count/calendar", "count")
Pace = _amount("100 frames/h", "count/labour", above=0.0)
Points = _amount("78 points", "points")
People = _amount("10 people", "person", "fraction")
DriverCount = _amount("5.2/image", "number/count", "count/count", "fraction")
PerYear = _amount("4 %/year", "number/calendar", least=None)


def _fraction(low: float, high: float, example: str) -> Any:
    def validate(value: Any, info: ValidationInfo) -> float:
        quantity = _read(value, info)
        if kind_of(quantity) != "fraction":
            raise fail(f"expects a percentage, got '{quantity.text}'", f"write it as in `{example}`")
        number = quantity.number
        if not low <= number <= high:
            fix = f"write `{example}`"
            if 1 < number <= 100 and "%" not in quantity.text:
                fix = f"did you mean `{quantity.text}%`?"
            raise fail(f"'{quantity.text}' is outside {low:.0%} to {high:.0%}", fix)
        return number

    schema = {"type": ["string", "number"], "description": f"fraction or percentage, e.g. `{example}`"}
    return Annotated[float, PlainValidator(validate), WithJsonSchema(schema)]


Share = _fraction(0.0, 1.0, "50%")
Factor = _fraction(0.0, 100.0, "110%")


def _platform_fee(value: Any, info: ValidationInfo) -> Quantity:
    quantity = _read(value, info)
    if kind_of(quantity) not in ("fraction", "money/count", "money/labour"):
        raise fail(f"expects a share of the price or money per item or hour, got '{quantity.text}'", "write `20%`")
    if quantity.number < 0:
        raise fail(f"'{quantity.text}' is below 0", "write a fee of zero or more")
    if kind_of(quantity) == "fraction" and quantity.number > 1 and "%" not in quantity.text:
        raise fail(f"'{quantity.text}' is more than the price itself", f"did you mean `{quantity.text}%`?")
    return quantity


PlatformFee = Annotated[
    Quantity,
    PlainValidator(_platform_fee),
    WithJsonSchema({"type": ["string", "number"], "description": "`20%` of the price, `0.01 USD/image` or `1 USD/h`"}),
]


def _plain(low: float, example: str, whole: bool = False) -> Any:
    def validate(value: Any, info: ValidationInfo) -> float | int:
        quantity = _read(value, info)
        if kind_of(quantity) != "fraction" or not math.isfinite(quantity.number):
            raise fail(f"expects a plain number, got '{quantity.text}'", f"write it as in `{example}`")
        if quantity.number < low:
            raise fail(f"'{quantity.text}' is below {low:g}", f"write it as in `{example}`")
        if whole and quantity.number != int(quantity.number):
            raise fail(f"'{quantity.text}' is not a whole number", f"write it as in `{example}`")
        return int(quantity.number) if whole else quantity.number

    schema = {"type": ["string", "number"], "minimum": low, "description": f"plain number, e.g. `{example}`"}
    return Annotated[int if whole else float, PlainValidator(validate), WithJsonSchema(schema)]


Number = _plain(0.0, "1.2")
Whole = _plain(1.0, "12", whole=True)
Classes = _plain(2.0, "5", whole=True)


@dataclass(frozen=True)
class When:
    """A point of the horizon: a period by its number (from 1), or a date."""

    period: int | None = None
    unit: str = "week"
    date: datetime.date | None = None
    text: str = ""


def _when(value: Any) -> When:
    if isinstance(value, When):
        return value
    if isinstance(value, datetime.date):
        return When(date=value, text=value.isoformat())
    text = str(value).strip()
    match = re.fullmatch(r"(week|month)\s+(\d{1,4})", text)
    if match:
        if int(match[2]) < 1:
            raise fail(
                f"'{text}' is before the first {match[1]}", f"weeks and months count from 1: write `{match[1]} 1`"
            )
        return When(period=int(match[2]), unit=match[1], text=text)
    try:
        return When(date=datetime.date.fromisoformat(text), text=text)
    except ValueError:
        raise fail(f"'{text}' is neither a date nor a week", "write `2027-03-05` or `week 9`") from None


WhenType = Annotated[
    When,
    PlainValidator(_when),
    WithJsonSchema({"type": "string", "description": "`2027-03-05`, `week 9` or `month 3`"}),
]


def _date(value: Any) -> datetime.date:
    when = _when(value)
    if when.date is None:
        raise fail(f"'{when.text}' is not a date", "write it as in `2027-01-04`")
    return when.date


Date = Annotated[datetime.date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


def _lead(value: Any, info: ValidationInfo) -> Quantity:
    quantity = _read(value, info)
    if kind_of(quantity) != "calendar" or quantity.number < 0:
        raise fail(f"expects calendar time of zero or more, got '{quantity.text}'", "write `1 week` or `3 days`")
    return quantity


Lead = Annotated[
    Quantity,
    PlainValidator(_lead),
    WithJsonSchema({"type": "string", "description": "calendar time from work to delivery, e.g. `1 week`"}),
]


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise fail(f"expects a name, got {_named(value)}", "write a name")
    if len(value) > 500:
        raise fail(f"a name of {len(value)} characters is too long (500 at most)", "shorten it")
    if any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise fail(f"the name {value!r} holds control characters", "write plain text on one line")
    return value


Name = Annotated[str, PlainValidator(_name), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 500})]
Normalise = Callable[[Any], Any]
