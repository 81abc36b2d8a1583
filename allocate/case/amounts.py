"""Field types of the schema: amounts with a kind (`money/count`, `labour/calendar` …), fractions, plain numbers.

Names and moments are to be had from here too, so that a block's keys read alike: `a.Money`, `a.Name`, `a.Date`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from allocate.case.moments import Date as Date
from allocate.case.moments import Lead as Lead
from allocate.case.moments import RampFrom as RampFrom
from allocate.case.moments import When as When
from allocate.case.moments import WhenType as WhenType
from allocate.case.reading import Spreadable, fail, in_own, read, reader
from allocate.case.texts import Name as Name
from allocate.case.texts import TableName as TableName
from allocate.case.texts import Text as Text
from allocate.case.texts import Truth as Truth
from allocate.input_limits import PEOPLE, WHOLE
from allocate.tolerances import AT_WORK
from allocate.units import Quantity, Units, in_words, kind_of, split_text

SMALLER_UNIT = (
    "count in a smaller unit, as in frames in place of hours of video, and state effort, prices and capacities by it"
)
HOURS_OF_A_DAY = 8
"""Of the example that is offered where a price by the day stands for one by the hour."""
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


def _amount(
    example: str,
    *kinds: str,
    least: float | None = 0.0,
    above: float | None = None,
    refused: Callable[[Quantity], str | None] = lambda quantity: None,
) -> Any:
    """An amount of one of the kinds; `least` and `above` bound its number. refused: what else is wrong with it, to follow its name."""

    def accepts(quantity: Quantity) -> bool:
        enough = (least is None or quantity.number >= least) and (above is None or quantity.number > above)
        return kind_of(quantity) in kinds and enough and refused(quantity) is None

    def validate(value: Any, info: ValidationInfo) -> Quantity:
        quantity = read(value, info, example, accepts)
        kind = kind_of(quantity)
        if kind not in kinds:
            got = "a percentage" if "%" in quantity.text else "a number without a unit"
            got = got if kind == "fraction" else _WORDS.get(kind, in_words(quantity))
            got = "money per day" if kind == "money/calendar" and quantity.time == "day" else got
            raise fail(
                f"expects {_any_of(kinds)}, got {got} ('{quantity.text}')", _of_kind(quantity, info, example, accepts)
            )
        if kind in ("count", "count/calendar") and 0 < quantity.each < AT_WORK:
            raise fail(
                f"is less than the least that is planned with, {AT_WORK:f} items ('{quantity.text}')",
                SMALLER_UNIT,
            )
        if least is not None and quantity.number < least:
            raise without_sign(quantity, info, accepts, "write an amount of zero or more")
        if above is not None and quantity.number <= above:
            raise fail(f"is not above {above:g} ('{quantity.text}')", "write an amount above zero")
        if (wrong := refused(quantity)) is not None:
            raise fail(f"{wrong} ('{quantity.text}')", f"write it as in `{example}`")
        return quantity

    described = f"amount with unit, e.g. `{example}`"
    return Annotated[Quantity, reader(validate, described, "above zero", examples=[example])]


def _any_of(kinds: Sequence[str]) -> str:
    """Kinds in words, work and items by time together; commas where there are more than two, or one has an "or" itself."""
    words = [_WORDS[kind] for kind in kinds]
    if {"labour/calendar", "count/calendar"} <= set(kinds):
        words = ["working hours or items per week or month", *(_WORDS[k] for k in kinds if not k.endswith("/calendar"))]
    plain = len(words) < 3 and " or " not in " ".join(words)
    return " or ".join(words) if plain or len(words) == 1 else f"{', '.join(words[:-1])}, or {words[-1]}"


def _of_kind(quantity: Quantity, info: ValidationInfo, example: str, accepts: Callable[[Quantity], bool]) -> str:
    """What to write for an amount of another kind: points for a percentage, an hour's price for a day's, else an example."""
    units: Units = (info.context or {}).get("units") or Units()
    if kind_of(quantity) == "money/calendar" and quantity.time == "day":
        hourly = f"{(Decimal(repr(quantity.each)) / HOURS_OF_A_DAY).normalize():f} {quantity.currency}/h"
        if accepts(units.quantity(hourly)):
            whole = f"where whole days are billed, `tiers: {{window: week, whole: {HOURS_OF_A_DAY} h, steps: [{{price: {hourly}}}]}}`"
            return f"write the price of an hour: of a day of {HOURS_OF_A_DAY} hours it is `{hourly}`; {whole}"
    points = re.sub(r"\s*(%|percent)\s*$", " points", quantity.text)
    if points != quantity.text and units.reads(points) and accepts(units.quantity(points)):
        return f"write `{points}`"
    return f"write it as in `{in_own(example, units)}`"


def without_sign(
    quantity: Quantity, info: ValidationInfo, accepts: Callable[[Quantity], bool], fix: str
) -> PydanticCustomError:
    """The error of an amount below zero; it says to leave out the minus sign where the rest may stand here, else the fix given."""
    units: Units = (info.context or {}).get("units") or Units()
    message = f"has a minus sign, and cannot be below 0 ('{quantity.text}')"
    rest = quantity.text.lstrip().removeprefix("-").lstrip()
    for text, found in ((rest, f"write `{rest}`"), (f"{rest}%", f"did you mean `{rest}%`?")):
        if units.reads(text) and accepts(units.quantity(text)):
            return fail(message, found, fix)
    return fail(message, fix)


def _beyond_the_clock(quantity: Quantity) -> str | None:
    """What is wrong with hours of one person that no day or week has."""
    if quantity.time == "day":
        return f"is more than the {DAY} hours of a day" if (quantity.in_time or 0.0) > DAY else None
    return f"is more than the {7 * DAY} hours of a week" if quantity.number > 7 * DAY else None


Money = _amount("250k USD", "money")
SignedMoney = _amount("-1_200 USD", "money", least=None)
MoneyOrShare = _amount("10k USD", "money", "fraction")
Worth = _amount("18k USD/point", "money/points", "money/count")
MoneyPerItem = _amount("0.40 USD/image", "money/count")
PerMissingItem = _amount("0.40 USD/image", "money/count", above=0.0)
PerMissingRight = _amount("500 USD/point", "money/points", "money/count", above=0.0)
PerLateItem = _amount("0.10 USD/image/week", "money/calendar*count", above=0.0)
PerItemAndTime = _amount("0.02 USD/image/week", "money/calendar*count")
PerMissingOrLate = _amount("0.05 USD/image/week", "money/calendar*count", "money/count", above=0.0)
Off = _amount("10%", "fraction", "money/count", "money/labour", above=0.0)
Pay = _amount("25 USD/h", "money/labour", "money/calendar")
PerUnit = _amount("0.02 USD/label", "money/count", "money/labour", "money")
Wage = _amount("40 USD/h", "money/labour")
Price = _amount("0.50 USD/image", "money/count", "money/labour")
Items = _amount("20_000 images", "count")
ItemsOrNumber = _amount("200 images", "count", "fraction")
CountsFrom = _amount("5%", "fraction", "count")
Volume = _amount("50_000 boxes", "count", "labour", "money", above=0.0)
Promise = _amount("250k USD", "money", "count", "labour")
Start = _amount("50_000 boxes", "count", "labour", "money")
MoneyPerTime = _amount("1k USD/month", "money/calendar")
SeatPrice = _amount("99 USD/month", "money/calendar", "money")
SeatWork = _amount("160 h/month", "labour/calendar", "count/calendar", "labour", "count", above=0.0)
Effort = _amount("12 s/image", "labour/count")
Duration = _amount("20 min", "labour", above=0.0)
Interval = _amount("1 h", "labour", "calendar", above=0.0)
HoursPerWeek = _amount("40 h/week", "labour/calendar", above=0.0)
HoursOfOne = _amount("40 h/week", "labour/calendar", above=0.0, refused=_beyond_the_clock)
Penalty = _amount("0.15 USD/USD", "fraction", "money/count", "money/labour")
WorkPerTime = _amount("200 h/week", "labour/calendar", "count/calendar")
ChangeInCapacity = _amount("+200 h/week", "labour/calendar", "count/calendar", "count", "labour", least=None)
PoolAmount = _amount("5k USD/month", "money/calendar", "money")
CapacityByTime = _amount("1_200 h/week", "labour/calendar", "count/calendar", "count")
Capacity = _amount("1_200 h/week", "labour/calendar", "count/calendar", "count", "labour")
Pace = _amount("100 frames/h", "count/labour", above=0.0)
Points = _amount("78 points", "points")
ChangeInPoints = _amount("-0.4 points", "points", least=None)
People = _amount("10 people", "person", "fraction")


def is_share(quantity: Quantity, kinds: tuple[str, ...] = (), low: float = 0.0, high: float = math.inf) -> bool:
    """Whether an amount is a plain number or a percentage within bounds, or of one of the kinds."""
    kind = kind_of(quantity)
    return kind in kinds or (kind == "fraction" and low <= quantity.number <= high)


def _heads(value: Any, info: ValidationInfo) -> int:
    quantity = read(value, info, "10 people", lambda one: is_share(one, ("person",)) and one.number % 1 == 0)
    if kind_of(quantity) in ("person/calendar", "number/calendar"):
        over = " over the whole horizon" if info.field_name == "at_most" else ""
        message = f"expects a number of people{over}, got people per {quantity.time} ('{quantity.text}')"
        whole_people = quantity.each >= 0 and quantity.each % 1 == 0
        rest = quantity.text.split("/")[0].strip()
        fix = f"write `{rest}`, without the {quantity.time}" if whole_people else "write it as in `10 people`"
        raise fail(message, fix)
    if kind_of(quantity) not in ("person", "fraction"):
        raise fail(f"expects a number of people, got '{quantity.text}'", "write it as in `10 people`")
    if quantity.number < 0 or quantity.number != math.floor(quantity.number):
        raise fail(f"is not a whole number of people ('{quantity.text}')", "write it as in `10 people`")
    if quantity.number > PEOPLE:
        raise fail(f"has more than {PEOPLE:,} people ('{quantity.text}')", "write it as in `10 people`")
    return int(quantity.number)


Heads = Annotated[int, reader(_heads, "a whole number of people, e.g. `10 people`")]
DriverCount = _amount("5.2/image", "number/count", "count/count", "fraction")
PerYear = _amount("4 %/year", "number/calendar", least=None)
YearlyRate = _amount("8 %/year", "number/calendar")
LeavingRate = _amount("3 %/month", "number/calendar")


def _fraction(low: float, high: float, example: str, plain: float = 1.0) -> Any:
    """A share; `plain`: the largest number without `%` that can only be meant as it stands, as 1.25 for 125%."""

    def validate(value: Any, info: ValidationInfo) -> float:
        quantity = read(value, info, example, lambda one: is_share(one, (), low, high))
        if kind_of(quantity) != "fraction":
            raise fail(f"expects a percentage, got '{quantity.text}'", f"write it as in `{example}`")
        number, bare = quantity.number, "%" not in quantity.text and "percent" not in quantity.text
        percent = f"{quantity.text.lstrip('+')}%"
        if number < 0.0 <= low:
            most = min(high, plain)
            fix = f"write a share, as in `{example}`"
            raise without_sign(
                quantity, info, lambda one: is_share(one, (), low, most if "%" not in one.text else high), fix
            )
        if not low <= number <= high:
            is_percent = bare and abs(number) > 1 and low <= number / 100 <= high
            fix = f"did you mean `{percent}`?" if is_percent else f"write a share, as in `{example}`"
            raise fail(f"is outside {low:.0%} to {high:.0%} ('{quantity.text}')", fix)
        if bare and abs(number) > plain:
            many = f"{Decimal(split_text(quantity.text)[0]) * 100:,f}%".replace(",", "_")
            fix = f"write `{percent}` or `{many}`"
            raise fail(f"has two readings, {percent} and {many.replace('_', ',')} ('{quantity.text}')", fix)
        return number

    of: Spreadable = "share" if (low, high) == (0.0, 1.0) else "above zero"
    return Annotated[float, reader(validate, f"fraction or percentage, e.g. `{example}`", of)]


Share = _fraction(0.0, 1.0, "50%")
Factor = _fraction(0.0, 100.0, "110%", plain=10.0)
Change = _fraction(-1.0, 10.0, "-45%")
Correlation = _fraction(-1.0, 1.0, "60%")


def _price_change(value: Any, info: ValidationInfo) -> Quantity:
    quantity = read(value, info, "-10%", lambda one: is_share(one, ("money/count", "money/labour"), -1.0, 1.0))
    if kind_of(quantity) not in ("fraction", "money/count", "money/labour"):
        raise fail(f"expects a share of the price or money per unit, got '{quantity.text}'", "write it as in `-10%`")
    if kind_of(quantity) == "fraction" and not -1 <= quantity.number <= 1:
        fix = f"did you mean `{quantity.text}%`?" if "%" not in quantity.text else "write it as in `-10%`"
        raise fail(f"changes the price by more than itself ('{quantity.text}')", fix)
    return quantity


PriceChange = Annotated[
    Quantity, reader(_price_change, "change of a price: `-10%`, `+3%` or `-0.02 USD/box`", "above zero")
]


LIKELY = 100_000
"""The largest whole number that a correction offers: `12m` weeks are not 12 million of them."""
DAY = 24
"""Hours by the clock."""
_NUMBER = re.compile(r"\s*[+-]?[\d_.]+(?:[eE][+-]?\d+)?(?:k|M|bn)?(?=\s|/|$)")
"""What stands before a unit, with the letters that belong to the number."""


def _plain(low: float, example: str, whole: bool = False, points: bool = False) -> Any:
    """points: of score, of which a share says nothing: 78% would be 0.78 of them."""

    def fits(quantity: Quantity) -> bool:
        return is_share(quantity, (), low) and not (whole and (quantity.number % 1 or quantity.number > LIKELY))

    def validate(value: Any, info: ValidationInfo) -> float | int:
        quantity = read(value, info, example, fits)
        if kind_of(quantity) != "fraction":
            number = _NUMBER.match(str(value))
            units = (info.context or {}).get("units") or Units()
            fine = number is not None and units.reads(number[0]) and fits(units.quantity(number[0]))
            fix = f"write `{number[0].strip()}`" if fine and number else f"write it as in `{example}`"
            raise fail(f"expects a plain number, got '{quantity.text}'", fix)
        if points and "%" in quantity.text:
            bare = quantity.text.replace("%", "").strip()
            fix = f"write `{bare}`: a perfect model has 100 points, or what `ceiling` says"
            raise fail(f"expects points of score, got a share ('{quantity.text}')", fix)
        if quantity.number < low:
            raise fail(f"is below {low:g} ('{quantity.text}')", f"write it as in `{example}`")
        if whole and quantity.number != math.floor(quantity.number):
            raise fail(f"is not a whole number ('{quantity.text}')", f"write it as in `{example}`")
        if whole and quantity.number > WHOLE:
            raise fail(f"is too large: at most {WHOLE:,} ('{quantity.text}')", f"write it as in `{example}`")
        return int(quantity.number) if whole else quantity.number

    of: Spreadable | None = None if whole else "above zero"
    return Annotated[int if whole else float, reader(validate, f"plain number, e.g. `{example}`", of, minimum=low)]


Number = _plain(0.0, "1.2")
Score = _plain(-1e12, "78.2", points=True)
ScorePart = _plain(0.0, "1.2", points=True)
Whole = _plain(1.0, "12", whole=True)
Count = _plain(0.0, "3", whole=True)
Classes = _plain(2.0, "5", whole=True)


def _are_working_days(quantity: Quantity) -> bool:
    return kind_of(quantity) == "fraction" and quantity.number in range(1, 8)


def _days_of_a_week(value: Any, info: ValidationInfo) -> int:
    quantity = read(value, info, "6", _are_working_days)
    if not _are_working_days(quantity):
        raise fail(f"expects the working days of a week, 1 to 7, got '{quantity.text}'", "write `5`, or `6` or `7`")
    return int(quantity.number)


WorkingDays = Annotated[int, reader(_days_of_a_week, "working days of a week, e.g. `6`", minimum=1, maximum=7)]
