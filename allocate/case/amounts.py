"""Field types of the schema: amounts with a kind (`money/count`, `labour/calendar` …), fractions, names, dates."""

from __future__ import annotations

import calendar
import datetime
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, ValidationInfo, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from allocate.case.dates import days_meant, holds_several, spoken
from allocate.input_limits import NAME_CHARACTERS, PEOPLE, WHOLE
from allocate.numerals import plainly
from allocate.units import Quantity, UnitError, Units, in_words, kind_of, noun_of, split_text

_WORDS = {
    "money": "an amount of money",
    "money/money": "money per unit of money",
    "money/count": "money per item",
    "money/labour": "money per hour",
    "money/points": "money per score point",
    "labour": "working time",
    "labour/count": "working time per unit",
    "labour/calendar": "working hours per week or month",
    "count/calendar": "items per week or month",
    "count/labour": "items per hour",
    "count": "a number of items",
    "number/count": "a number per item",
    "count/count": "units per item",
    "money/calendar": "money per week or month",
    "money/calendar*count": "money per item and week",
    "number/calendar": "a share per year",
    "calendar": "calendar time",
    "points": "score points",
    "person": "people",
    "fraction": "a plain number",
}


def fail(message: str, fix: str | None = None, otherwise: str | None = None) -> PydanticCustomError:
    """A validation error that carries its own message and fix (and what to do where the fix does not hold)."""
    return PydanticCustomError("case", "{message}", {"message": message, "fix": fix, "otherwise": otherwise})


def named(value: Any) -> str:
    """A value as a message names it: what it is, or its text in quotes."""
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "nothing" if value is None else f"'{value}'"


@dataclass(frozen=True, eq=False)
class _Reader:
    """How a value of a field is read, and what the JSON Schema says of it; pydantic's own reading of the type is never built."""

    read: Callable[..., Any]
    """From what was written (and pydantic's context) to the value."""
    json_schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if self.read.__code__.co_argcount == 1:
            return core_schema.no_info_plain_validator_function(self.read)
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: object) -> dict[str, Any]:
        return dict(self.json_schema)


def _reader(read: Callable[..., Any], description: str, **more: Any) -> _Reader:
    """A reader of what is written as an amount: text, or a plain number."""
    return _Reader(read, {"type": ["string", "number"], "description": description, "x-amount": True, **more})


def _read(value: Any, info: ValidationInfo, example: str, accepts: Callable[[Quantity], bool]) -> Quantity:
    """The amount; where it cannot be read, an error that offers only what `accepts` takes here."""
    units: Units = (info.context or {}).get("units") or Units()
    if isinstance(value, Quantity):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise fail(f"expects an amount, got {named(value)}", f"write it as in `{_in_own(example, units)}`")
    text = value if isinstance(value, str) else plainly(str(value))
    try:
        return units.quantity(text)
    except UnitError as error:
        fine = [one.text for one in error.corrections if accepts(units.quantity(one.text))]
        if (plain := _only_plain(text, fine)) is not None:
            return units.quantity(plain)
        message, fix = error.told(lambda one: one in fine)
        advice = _advice(error, text, units, accepts) or f"write it as in `{_in_own(example, units)}`"
        code = units.quantity(fine[0]).currency if len(fine) == 1 else None
        if code not in (None, units.currency):
            advice = f"write `{fine[0]}`, and add `exchange: {{{code}: … {units.currency or 'USD'}}}` with what one {code} is worth"
        raise fail(message, fix if fine else advice, advice) from None


def _only_plain(text: str, fine: Sequence[str]) -> str | None:
    """The text, where only its decimals can be meant: `97.125%` of a share, which is not 97,125%."""
    whole = re.match(r"\s*[+-]?[1-9]\d{0,2}\.\d{3}(?!\d)", text)
    if whole is None or len(fine) != 1:
        return None
    plain = f"{plainly(whole[0].strip())}{text[whole.end() :]}".strip()
    return plain if re.sub(r"\s", "", plain) == re.sub(r"\s", "", fine[0]) else None


def _advice(error: UnitError, text: str, units: Units, accepts: Callable[[Quantity], bool]) -> str | None:
    """What to do about an amount that nothing can be written for: define its noun, where one may stand here."""
    if not error.unknown:
        return None if error.corrections else error.fix
    own = units.with_noun(error.unknown)
    if error.unknown.replace("-", "").isalpha() and own.reads(text) and accepts(own.quantity(text)):
        singular, plural = noun_of(error.unknown)
        return (
            "write a unit of the cost model, which `allocate model` lists; "
            f"or define your own in the case: `units: {{{singular}: {plural}}}`"
        )
    return None


def _in_own(example: str, units: Units) -> str:
    """An example in the currency of the case."""
    return example.replace("USD", units.currency or "USD")


def _amount(example: str, *kinds: str, least: float | None = 0.0, above: float | None = None) -> Any:
    """An amount of one of the kinds; `least` and `above` bound its number."""

    def accepts(quantity: Quantity) -> bool:
        enough = (least is None or quantity.number >= least) and (above is None or quantity.number > above)
        return kind_of(quantity) in kinds and enough

    def validate(value: Any, info: ValidationInfo) -> Quantity:
        quantity = _read(value, info, example, accepts)
        kind = kind_of(quantity)
        if kind not in kinds:
            wanted = " or ".join(_WORDS[k] for k in kinds)
            got = "a percentage" if "%" in quantity.text else "a number without a unit"
            got = got if kind == "fraction" else _WORDS.get(kind, in_words(quantity))
            raise fail(f"expects {wanted}, got {got} ('{quantity.text}')", _of_kind(quantity, info, example, accepts))
        if least is not None and quantity.number < least:
            raise fail(f"is below {least:g} ('{quantity.text}')", "write an amount of zero or more")
        if above is not None and quantity.number <= above:
            raise fail(f"is not above {above:g} ('{quantity.text}')", "write an amount above zero")
        return quantity

    return Annotated[Quantity, _reader(validate, f"amount with unit, e.g. `{example}`", examples=[example])]


def _of_kind(quantity: Quantity, info: ValidationInfo, example: str, accepts: Callable[[Quantity], bool]) -> str:
    """What to write for an amount of another kind: percentage points for a percentage, else an example."""
    units: Units = (info.context or {}).get("units") or Units()
    points = re.sub(r"\s*(%|percent)\s*$", " points", quantity.text)
    if points != quantity.text and units.reads(points) and accepts(units.quantity(points)):
        return f"write `{points}`"
    return f"write it as in `{_in_own(example, units)}`"


Money = _amount("250k USD", "money")
MoneyPerPoint = _amount("18k USD/point", "money/points")
MoneyPerItem = _amount("0.40 USD/image", "money/count")
PerMissingItem = _amount("0.40 USD/image", "money/count", above=0.0)
PerMissingRight = _amount("500 USD/point", "money/points", "money/count", above=0.0)
PerLateItem = _amount("0.10 USD/image/week", "money/calendar*count", above=0.0)
PerMissingOrLate = _amount("0.05 USD/image/week", "money/calendar*count", "money/count", above=0.0)
Wage = _amount("40 USD/h", "money/labour")
Price = _amount("0.50 USD/image", "money/count", "money/labour")
Items = _amount("20_000 images", "count")
CountsFrom = _amount("5%", "fraction", "count")
Volume = _amount("50_000 boxes", "count", "labour", "money", above=0.0)
Start = _amount("50_000 boxes", "count", "labour", "money")
MoneyPerTime = _amount("1k USD/month", "money/calendar")
SeatPrice = _amount("99 USD/month", "money/calendar", "money")
SeatWork = _amount("160 h/month", "labour/calendar", "count/calendar", "labour", "count", above=0.0)
Effort = _amount("12 s/image", "labour/count")
Duration = _amount("20 min", "labour", above=0.0)
HoursPerWeek = _amount("40 h/week", "labour/calendar", above=0.0)
Penalty = _amount("0.15 USD/USD", "fraction", "money/count", "money/labour")
ChangeInCapacity = _amount("+200 h/week", "labour/calendar", "count/calendar", "count", least=None)
Capacity = _amount("1_200 h/week", "labour/calendar", "count/calendar", "count")
Pace = _amount("100 frames/h", "count/labour", above=0.0)
Points = _amount("78 points", "points")
ChangeInPoints = _amount("-0.4 points", "points", least=None)
People = _amount("10 people", "person", "fraction")


def _is_share(quantity: Quantity, kinds: tuple[str, ...] = (), low: float = 0.0, high: float = math.inf) -> bool:
    """Whether an amount is a plain number or a percentage within bounds, or of one of the kinds."""
    kind = kind_of(quantity)
    return kind in kinds or (kind == "fraction" and low <= quantity.number <= high)


def _heads(value: Any, info: ValidationInfo) -> int:
    quantity = _read(value, info, "10 people", lambda one: _is_share(one, ("person",)) and one.number % 1 == 0)
    if kind_of(quantity) not in ("person", "fraction"):
        raise fail(f"expects a number of people, got '{quantity.text}'", "write it as in `10 people`")
    if quantity.number < 0 or quantity.number != math.floor(quantity.number):
        raise fail(f"is not a whole number of people ('{quantity.text}')", "write it as in `10 people`")
    if quantity.number > PEOPLE:
        raise fail(f"has more than {PEOPLE:,} people ('{quantity.text}')", "write it as in `10 people`")
    return int(quantity.number)


Heads = Annotated[int, _reader(_heads, "a whole number of people, e.g. `10 people`")]
DriverCount = _amount("5.2/image", "number/count", "count/count", "fraction")
PerYear = _amount("4 %/year", "number/calendar", least=None)
YearlyRate = _amount("8 %/year", "number/calendar")
LeavingRate = _amount("3 %/month", "number/calendar")


def _fraction(low: float, high: float, example: str, plain: float = 1.0) -> Any:
    """A share; `plain`: the largest number without `%` that can only be meant as it stands, as 1.25 for 125%."""

    def validate(value: Any, info: ValidationInfo) -> float:
        quantity = _read(value, info, example, lambda one: _is_share(one, (), low, high))
        if kind_of(quantity) != "fraction":
            raise fail(f"expects a percentage, got '{quantity.text}'", f"write it as in `{example}`")
        number, bare = quantity.number, "%" not in quantity.text and "percent" not in quantity.text
        percent = f"{quantity.text.lstrip('+')}%"
        if not low <= number <= high:
            is_percent = bare and abs(number) > 1 and low <= number / 100 <= high
            fix = f"did you mean `{percent}`?" if is_percent else f"write a share, as in `{example}`"
            raise fail(f"is outside {low:.0%} to {high:.0%} ('{quantity.text}')", fix)
        if bare and abs(number) > plain:
            many = f"{Decimal(split_text(quantity.text)[0]) * 100:,f}%".replace(",", "_")
            fix = f"write `{percent}` or `{many}`"
            raise fail(f"has two readings, {percent} and {many.replace('_', ',')} ('{quantity.text}')", fix)
        return number

    return Annotated[float, _reader(validate, f"fraction or percentage, e.g. `{example}`")]


Share = _fraction(0.0, 1.0, "50%")
Factor = _fraction(0.0, 100.0, "110%", plain=10.0)
Change = _fraction(-1.0, 10.0, "-45%")


def _platform_fee(value: Any, info: ValidationInfo) -> Quantity:
    quantity = _read(value, info, "20%", lambda one: _is_share(one, ("money/count", "money/labour"), 0.0, 10.0))
    if kind_of(quantity) not in ("fraction", "money/count", "money/labour"):
        raise fail(
            f"expects a share of the price or money per item or hour, got '{quantity.text}'", "write it as in `20%`"
        )
    if quantity.number < 0:
        raise fail(f"is below 0 ('{quantity.text}')", "write a fee of zero or more")
    if kind_of(quantity) == "fraction" and quantity.number > 1 and "%" not in quantity.text:
        raise fail(f"is more than the price itself ('{quantity.text}')", f"did you mean `{quantity.text}%`?")
    return quantity


PlatformFee = Annotated[Quantity, _reader(_platform_fee, "`20%` of the price, `0.01 USD/image` or `1 USD/h`")]


def _price_change(value: Any, info: ValidationInfo) -> Quantity:
    quantity = _read(value, info, "-10%", lambda one: _is_share(one, ("money/count", "money/labour"), -1.0, 1.0))
    if kind_of(quantity) not in ("fraction", "money/count", "money/labour"):
        raise fail(f"expects a share of the price or money per unit, got '{quantity.text}'", "write it as in `-10%`")
    if kind_of(quantity) == "fraction" and not -1 <= quantity.number <= 1:
        fix = f"did you mean `{quantity.text}%`?" if "%" not in quantity.text else "write it as in `-10%`"
        raise fail(f"changes the price by more than itself ('{quantity.text}')", fix)
    return quantity


PriceChange = Annotated[Quantity, _reader(_price_change, "change of a price: `-10%`, `+3%` or `-0.02 USD/box`")]


def _plain(low: float, example: str, whole: bool = False) -> Any:
    def fits(quantity: Quantity) -> bool:
        return _is_share(quantity, (), low) and not (whole and quantity.number % 1)

    def validate(value: Any, info: ValidationInfo) -> float | int:
        quantity = _read(value, info, example, fits)
        if kind_of(quantity) != "fraction":
            number = re.match(r"\s*[+-]?[\d_.]+", str(value))
            units = (info.context or {}).get("units") or Units()
            fine = number is not None and units.reads(number[0]) and fits(units.quantity(number[0]))
            fix = f"write `{number[0].strip()}`" if fine and number else f"write it as in `{example}`"
            raise fail(f"expects a plain number, got '{quantity.text}'", fix)
        if quantity.number < low:
            raise fail(f"is below {low:g} ('{quantity.text}')", f"write it as in `{example}`")
        if whole and quantity.number != math.floor(quantity.number):
            raise fail(f"is not a whole number ('{quantity.text}')", f"write it as in `{example}`")
        if whole and quantity.number > WHOLE:
            raise fail(f"is too large: at most {WHOLE:,} ('{quantity.text}')", f"write it as in `{example}`")
        return int(quantity.number) if whole else quantity.number

    return Annotated[int if whole else float, _reader(validate, f"plain number, e.g. `{example}`", minimum=low)]


Number = _plain(0.0, "1.2")
Score = _plain(-1e12, "78.2")
Whole = _plain(1.0, "12", whole=True)
Count = _plain(0.0, "3", whole=True)
Classes = _plain(2.0, "5", whole=True)


def _are_working_days(quantity: Quantity) -> bool:
    return kind_of(quantity) == "fraction" and quantity.number in range(1, 8)


def _days_of_a_week(value: Any, info: ValidationInfo) -> int:
    quantity = _read(value, info, "6", _are_working_days)
    if not _are_working_days(quantity):
        raise fail(f"expects the working days of a week, 1 to 7, got '{quantity.text}'", "write `5`, or `6` or `7`")
    return int(quantity.number)


WorkingDays = Annotated[int, _reader(_days_of_a_week, "working days of a week, e.g. `6`", minimum=1, maximum=7)]


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
    _Reader(_when, {**_WHEN_SCHEMA, "description": "`2027-03-05`, `week 9` or `month 3`"}),
]


FIRST_WORK = "first-work"
RampFrom = Annotated[
    When | Literal["first-work"],
    _Reader(
        lambda value: value if value == FIRST_WORK else _when(value),
        {**_WHEN_SCHEMA, "description": "`2027-02-01`, `week 3`, or `first-work`"},
    ),
]


def _date(value: Any) -> datetime.date:
    when = _when(value)
    if when.date is None:
        raise fail(f"'{when.text}' is not a date", "write it as in `2027-01-04`")
    return when.date


Date = Annotated[datetime.date, _Reader(_date, {**_WHEN_SCHEMA, "description": "a date, as in `2027-01-04`"})]


def _lead(value: Any, info: ValidationInfo) -> Quantity:
    quantity = _read(value, info, "1 week", lambda one: kind_of(one) == "calendar" and one.number >= 0)
    if kind_of(quantity) != "calendar" or quantity.number < 0:
        raise fail(
            f"expects calendar time of zero or more, got '{quantity.text}'", "write it as in `1 week` or `3 days`"
        )
    return quantity


Lead = Annotated[Quantity, _reader(_lead, "calendar time from work to delivery, e.g. `1 week`")]


def _payment(value: Any, info: ValidationInfo) -> Quantity | str:
    if isinstance(value, str) and value.strip().replace("-", " ") == "in advance":
        return "in advance"
    quantity = _read(value, info, "30 days", lambda one: kind_of(one) == "calendar" and one.number >= 0)
    if kind_of(quantity) != "calendar":
        raise fail(
            f"expects days after which it is paid, got '{quantity.text}'", "write it as in `30 days`, or `in advance`"
        )
    if quantity.number < 0:
        raise fail(f"is before the work ('{quantity.text}')", "write `in advance`, or days after it as in `30 days`")
    return quantity


Payment = Annotated[Quantity | str, _reader(_payment, "time from invoice to payment, e.g. `30 days`; or `in advance`")]


_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _name(value: Any) -> str:
    if isinstance(value, (int, datetime.date)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise fail(f"expects a name, got {named(value)}", "write a name")
    if len(value) > NAME_CHARACTERS:
        raise fail(f"has {len(value):,} characters; a name has at most {NAME_CHARACTERS}", "shorten it")
    odd = next((c for c in value if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _DIRECTION_MARKS), None)
    if odd is not None:
        raise fail(f"holds a character that cannot be shown (U+{ord(odd):04X})", "write plain text on one line")
    return value


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, tuple, bool)) or value is None:
        raise fail(f"expects text, got {named(value)}", "write text, in quotation marks where it holds ': '")
    return str(value)


_NAME_SCHEMA: dict[str, Any] = {
    "not": {"type": ["object", "array", "boolean", "null"]},
    "minLength": 1,
    "maxLength": 500,
}
Name = Annotated[str, _Reader(_name, {**_NAME_SCHEMA, "x-amount": True, "description": "a name"})]
Text = Annotated[str, _Reader(_text, {"not": {"type": ["object", "array", "boolean"]}, "description": "text"})]

TableName = Annotated[
    str, WithJsonSchema({"type": "string", "description": "a table beside the case, as in `rates.csv`"})
]


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise fail(f"expects true or false, got {named(value)}", "write `true` or `false`")


Truth = Annotated[bool, _Reader(_truth, {"type": "boolean"})]
