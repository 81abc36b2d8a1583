"""A spread as a case writes it: `12 s/image ±20%`, `0.38 .. 0.42 .. 0.55 USD/page`, `188 of 200`, or keys and values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from allocate.case.names import nearest
from allocate.case.reading import Spreadable, named
from allocate.case.sources import KEYS as KEYS
from allocate.case.sources import OF_SPREADS
from allocate.case.spreads.spread import Family, amount
from allocate.numerals import AROUND, BETWEEN, plainly
from allocate.units import Quantity, UnitError, Units, kind_of, split_text

COUNTED = re.compile(r"\s*(?P<right>[\d_.,]+)\s+(?:out\s+)?of\s+(?P<of>[\d_.,]+(?:\s+[^\W\d]+)?)\s*")
_LOOSE = re.compile(
    r"\s*[\d_.,'\u2019]+[^\d–—]*?\s*(?:–|—|\bto\b)\s*[\d_.,'\u2019]+.*|\s*[\d_.,'\u2019]+(?:k|M|bn)?\s*-\s*[\d_.,'\u2019]+.*"
    r"|\s*\d+\s*/\s*\d+\s*",
    re.DOTALL,
)
"""What is meant as a range or a count, and written otherwise: `8 – 24 s/image`, `8 to 24 s/image`, `188/200`."""
_INSIDE = re.compile(r"(?P<number>[^±]*?\d[\d_.,]*)\s*±\s*(?P<by>[\d_.,]+\s*(?:%|percent))\s*(?P<unit>\S.*)", re.DOTALL)
_LIKELY = ("value", "likely")
_COUNTED = {"right": "write it as in `188`", "of": "write it as in `200`"}
_AS_IN = "write it as in `12 s/image ±20%`"


class SpreadError(Exception):
    """A spread that is not right: what is wrong, to follow the name of the key; what to write; at which key below; what else to do."""

    def __init__(
        self, message: str, fix: str | None = None, key: str | None = None, otherwise: str | None = None
    ) -> None:
        self.message, self.fix, self.key, self.otherwise = message, fix, key, otherwise
        super().__init__(message)


class RangeOfTwoError(SpreadError):
    """A text with two amounts, of which one can only know what is meant."""


@dataclass(frozen=True)
class Written:
    """What a spread says by itself, without its place in the case."""

    low: float
    middle: float
    high: float
    unit: str
    text: str
    """P50 as an amount."""
    family: Family
    weekly: tuple[float, float] | None = None
    right: float = 0.0
    of: float = 0.0


def is_text(value: Any) -> bool:
    """Whether a value is meant as a spread written in one text."""
    if not isinstance(value, str):
        return False
    if "±" in value or ".." in value or "…" in value:
        return any(character.isdigit() for character in value)
    return bool(("+" in value and AROUND.search(value)) or (" of " in value and COUNTED.fullmatch(value)))


def is_loose(value: Any) -> bool:
    """Whether a text would be meant as a spread where an amount stands, though it is not written as one."""
    return isinstance(value, str) and value[:1].isdigit() and _LOOSE.fullmatch(value) is not None


def is_keys(value: Any) -> bool:
    """Whether keys and values are meant as a spread, where an amount may stand; a slip in a key of one is meant as that key."""
    if not isinstance(value, dict):
        return False
    if not OF_SPREADS.isdisjoint(value):
        return True
    return not set(_LIKELY).isdisjoint(value) and any(nearest(str(key), OF_SPREADS) for key in value if key not in KEYS)


def read_spread(value: Any, units: Units, spread: Spreadable) -> Written:
    """A spread from its text or its keys and values.

    Raises SpreadError for what is no spread, and for three points no distribution passes through.
    """
    return checked(_keys(value, units, spread) if isinstance(value, dict) else _text(value, units, spread), spread)


def _text(text: str, units: Units, spread: Spreadable) -> Written:
    if counted := COUNTED.fullmatch(text):
        return _counted(counted["right"], counted["of"], units, spread)
    if BETWEEN.search(text):
        return _between(text, units, spread)
    parts = AROUND.split(text.strip())
    if len(parts) == 2 and all(parts):
        if inside := _INSIDE.fullmatch("±".join(parts)):
            fix = f"write `{inside['number']} {inside['unit']} ±{inside['by']}`"
            raise SpreadError(f"has its range before its unit ('{text}')", fix)
        return _around(parts[0], parts[1], units, spread)
    if re.fullmatch(r"\s*\d+\s*/\s*\d+\s*", text):
        right, of = text.split("/")
        raise SpreadError(f"counts with a slash ('{text}')", f"write `{right.strip()} of {of.strip()}`")
    if len(parts) == 1:
        raise RangeOfTwoError(f"is a range of two ('{text}')", _three_as_in(spread))
    raise SpreadError(f"is not an amount with one range around it ('{text}')", _AS_IN)


def _three_as_in(spread: Spreadable) -> str:
    example = "92 .. 95 .. 97%" if spread == "share" else "8 .. 12 .. 24 s/image"
    return f"write low, likely and high, as in `{example}`"


def _between(text: str, units: Units, spread: Spreadable) -> Written:
    """Low, likely and high; the unit of the last is that of those without one."""
    parts = BETWEEN.split(text.strip())
    if len(parts) != 3 or not all(parts):
        raise SpreadError(f"does not have three parts, low .. likely .. high ('{text}')", _three_as_in(spread))
    unit = unit_of(parts[2])
    whole = [part if unit_of(part) else with_unit(part, unit) for part in parts]
    # The last first: what is wrong with its unit is wrong with all.
    found = {at: _read(whole[at], units, partial(_replaced, parts, at)) for at in (2, 0, 1)}
    return _of_amounts(found[0], found[1], found[2], spread)


def _replaced(parts: list[str], at: int, other: str) -> str:
    return " .. ".join([*parts[:at], other, *parts[at + 1 :]])


def unit_of(text: str) -> str:
    """The unit an amount is written with; nothing where it has none, or is not an amount."""
    try:
        return split_text(text)[1]
    except (UnitError, ArithmeticError):  # such as 1e999999999
        return ""


def with_unit(number: str, unit: str) -> str:
    """A number as written, with a unit."""
    return f"{number}{unit}" if unit in ("", "%") else f"{number} {unit}"


def _around(text: str, by: str, units: Units, spread: Spreadable, key: str | None = None) -> Written:
    """An amount and the range around it: a percentage of it, or an amount of its own kind; of a share also points."""
    middle = _read(text, units, lambda other: other if key else f"{other} ±{by}", key and "value")
    width = _read(by, units, lambda other: other if key else f"{text} ±{other}", key)
    number, unit = float(split_text(middle.text)[0]), split_text(middle.text)[1]
    off = _width(number, unit, middle, width, by, spread)
    if isinstance(off, str):
        raise SpreadError(off, f"write `{text} ±{by.strip()}%`" if not unit_of(by) and not key else _AS_IN, key)
    if off < 0.0:
        raise SpreadError(
            f"has a range below zero ('{by}')",
            f"write `{by.lstrip('-')}`" if key else f"write `{text} ±{by.lstrip('-')}`",
            key,
        )
    if off >= abs(number) > 0.0:
        ends = sorted((number / 3.0, number * 2.5))
        example = _as_text(ends[0], number, ends[1], unit, 3)
        side = "down to zero or below" if number > 0.0 else "up to zero or above"
        raise SpreadError(f"reaches {side} (±{by})", f"write low, likely and high, as in `{example}`", key)
    return _of_family(_decimal(number - off), number, _decimal(number + off), unit, middle.text, spread)


def _decimal(number: float) -> float:
    """A number as people write it: 7.2 for 7.199999999999999."""
    return float(f"{number:.14g}")


def _width(number: float, unit: str, middle: Quantity, width: Quantity, by: str, spread: Spreadable) -> float | str:
    """Half the width of a range in the unit of the amount; what is wrong with it, where it cannot be had."""
    if "%" in width.text or "percent" in width.text:
        return abs(number) * width.number
    if spread == "share" and width.dimensions == (("point", 1),):
        return width.number * (1.0 if unit else 0.01)
    if width.dimensions == middle.dimensions and (width.dimensions or unit == unit_of(by)) and middle.number:
        return number * (width.each / middle.each)
    if not unit_of(by):
        return f"has a range without a unit ('{by}')"
    return f"has a range that is neither a percentage nor in the unit of the amount ('{by}')"


def _of_amounts(low: Quantity, middle: Quantity, high: Quantity, spread: Spreadable) -> Written:
    number, unit = float(split_text(middle.text)[0]), split_text(middle.text)[1]
    for key, one in (("low", low), ("high", high)):
        if one.dimensions != middle.dimensions:
            message = f"has a {key} of another kind than its middle: '{one.text}' beside '{middle.text}'"
            raise SpreadError(message, f"write its {key} in the unit of '{middle.text}'", key)
    numbers = [_in_unit(one, middle, number, unit) for one in (low, high)]
    return _of_family(numbers[0], number, numbers[1], unit, middle.text, spread)


def _in_unit(one: Quantity, middle: Quantity, number: float, unit: str) -> float:
    """An amount as a number in the unit of the middle."""
    written, own = split_text(one.text)
    if own == unit or not middle.number:
        return float(written)
    same_time = one.time == middle.time
    return number * (one.each / middle.each if same_time else one.number / middle.number)


def _of_family(low: float, middle: float, high: float, unit: str, text: str, spread: Spreadable) -> Written:
    return Written(low, middle, high, "%" if unit == "percent" else unit, text, "logit" if spread == "share" else "log")


def _counted(right: str, of: str, units: Units, spread: Spreadable) -> Written:
    """Items right of items checked: a Beta distribution of the share, by Jeffreys' prior and the counts."""
    from allocate.quantiles import beta_quantile

    text = f"{right} of {of}"
    if spread != "share":
        raise SpreadError(f"is a count of items ('{text}'), and no share is asked here", _AS_IN)
    found = [
        _read(right, units, lambda other: f"{other} of {of}", "right"),
        _read(of, units, lambda other: f"{right} of {other}", "of"),
    ]
    many, checked_ = found[0].number, found[1].number
    if many % 1.0 or checked_ % 1.0 or checked_ < 1.0 or many < 0.0 or kind_of(found[1]) not in ("fraction", "count"):
        raise SpreadError(f"does not count whole items ('{text}')", "write it as in `188 of 200`", "right")
    if many > checked_:
        raise SpreadError(
            f"has more items right than were checked ('{text}')",
            "write the items right first, as in `188 of 200`",
            "right",
        )
    low, middle, high = beta_quantile([0.1, 0.5, 0.9], many + 0.5, checked_ - many + 0.5).tolist()
    shown = plainly(f"{middle:.12f}".rstrip("0"))
    return Written(low, float(shown), high, "", shown, "beta", None, many, checked_)


def _keys(value: Mapping[str, Any], units: Units, spread: Spreadable) -> Written:
    """A spread from keys and values."""
    for key in value:
        if key not in KEYS:
            close = nearest(str(key), KEYS)
            fix = f"write `{close}`" if close else f"known keys: {', '.join(KEYS)}"
            told = f"has an unknown key '{key}' in its spread"
            raise SpreadError(told, fix, str(key), f"known keys: {', '.join(KEYS)}")
    said = {key: _said(value, key) for key in value if key not in ("source", "status")}
    if "right" in said or "of" in said:
        return _weeks(_counts(said, units, spread), said, units)
    likely = [key for key in _LIKELY if key in said]
    if len(likely) != 1:
        fix = "keep one of them" if likely else "add its P50, as in `value: 1_200 h/week`"
        raise SpreadError(
            "has both value and likely" if likely else "has a spread without a value",
            fix,
            likely[0] if likely else None,
        )
    middle = said[likely[0]]
    if is_text(middle):
        told = f"has a spread in its {likely[0]} ('{middle}') and in keys beside it"
        raise SpreadError(told, "keep one of them", likely[0])
    if "spread" in said and ("low" in said or "high" in said):
        raise SpreadError("has both a spread and a low or high", "keep one of them", "spread")
    if "spread" in said:
        return _weeks(_around(middle, said["spread"].lstrip("±+/ "), units, spread, "spread"), said, units)
    if ("low" in said) != ("high" in said):
        missing, what = ("high", "exceeded") if "low" in said else ("low", "not reached")
        raise SpreadError(f"has no {missing}", f"add `{missing}: …`, what is {what} in one case in ten")
    keys = ("low", likely[0], "high") if "low" in said else (likely[0],) * 3
    found = [_read(said[key], units, lambda other: other, key) for key in keys]
    return _weeks(_of_amounts(found[0], found[1], found[2], spread), said, units)


def _counts(said: Mapping[str, str], units: Units, spread: Spreadable) -> Written:
    missing = next((key for key in ("right", "of") if key not in said), None)
    if missing is not None:
        raise SpreadError(f"counts items without '{missing}'", "write it as in `{right: 188, of: 200}`")
    other = next((key for key in ("value", "likely", "low", "high", "spread") if key in said), None)
    if other is not None:
        raise SpreadError(f"has both counts and '{other}'", "keep one of them", other)
    return _counted(said["right"], said["of"], units, spread)


def _weeks(found: Written, said: Mapping[str, str], units: Units) -> Written:
    """The same with the spread of each week by itself."""
    if "weekly" not in said:
        return found
    text = said["weekly"].lstrip("±+/ ")
    width = _read(text, units, lambda other: other, "weekly")
    if width.dimensions or not 0.0 <= width.number < 1.0 or ("%" not in text and "percent" not in text):
        raise SpreadError(
            f"has a weekly spread that is not a percentage below 100% ('{text}')",
            "write it as in `weekly: 15%`",
            "weekly",
        )
    return checked_weeks(replace(found, weekly=(1.0 - width.number, 1.0 + width.number)), text)


def checked_weeks(found: Written, text: str) -> Written:
    """The same, where a distribution passes through the weeks' range."""
    from allocate.quantiles import fits

    low, high = found.weekly or (1.0, 1.0)
    if not fits(low, 1.0, high):
        told = f"has a weekly spread too wide for any distribution ('{text}')"
        raise SpreadError(told, "write it as in `weekly: 15%`", "weekly")
    return found


def _said(value: Mapping[str, Any], key: str) -> str:
    one = value[key]
    if isinstance(one, bool) or not isinstance(one, (str, int, float)):
        raise SpreadError(
            f"has a {key} that is not an amount (got {named(one)})", f"write one amount, as in `{key}: 12 s/image`", key
        )
    return one.strip() if isinstance(one, str) else plainly(str(one))


def _read(text: str, units: Units, whole: Callable[[str], str], key: str | None = None) -> Quantity:
    """An amount of a spread; whole: what the text that is marked is with another amount in place of this one."""
    try:
        return units.quantity(text)
    except UnitError as error:
        found = list(dict.fromkeys(whole(one.text) for one in error.corrections))[:2]
        fix = (
            "write " + " or ".join(f"`{one}`" for one in found)
            if found
            else error.fix or _COUNTED.get(key or "", _AS_IN)
        )
        instead = (
            f"write that part as {' or '.join(f'`{one.text}`' for one in error.corrections[:2])}" if found else None
        )
        raise SpreadError(error.told(lambda _: False)[0], fix, key, instead) from None


def checked(found: Written, spread: Spreadable) -> Written:
    """The same, where its three points lie in order and a distribution passes through them."""
    from allocate.quantiles import fits, log_odds, middles

    low, middle, high, unit = found.low, found.middle, found.high, found.unit
    if found.family == "beta":
        return found
    whole = 100.0 if unit == "%" else 1.0
    shown = _as_text(low, middle, high, unit)
    if not low <= middle <= high:
        raise SpreadError(f"does not rise from low to high: {shown}", "write low, likely and high in this order")
    if middle < 0.0 <= high:
        fix = f"write what it exceeds in one case in ten, below zero too, as in `{_as_text(low, middle, middle / 2.0, unit)}`"
        raise SpreadError(f"has a high that is not below zero, as its middle is: {shown}", fix, "high")
    if low <= 0.0 <= high:
        raise SpreadError(
            f"has a low that is not above zero: {shown}", "write what it falls below in one case in ten", "low"
        )
    if spread == "share" and high >= whole:
        if unit == "" and high <= 100.0 and low > 1.0:
            raise SpreadError(f"is a share without a percent sign: {shown}", f"write `{shown}%`")
        fix = "write low, likely and high, each below 100%"
        if middle < whole:
            far = log_odds(middle / whole) * 2.0 - log_odds(low / whole)
            fix = (
                f"write low, likely and high, as in `{_as_text(low, middle, whole / (1.0 + math.exp(-far)), unit, 3)}`"
            )
        raise SpreadError(f"reaches up to {amount(high, unit)}, and a share stays below 100%: {shown}", fix, "high")
    # What is below zero is as far from it as something above it may be.
    least, likely, most = (one / whole for one in ((low, middle, high) if low > 0.0 else (-high, -middle, -low)))
    if not fits(least, likely, most, spread == "share"):
        first, last = sorted(math.copysign(one, low) * whole for one in middles(least, most, spread == "share"))
        ends = with_unit(" to ".join(_figures(_rounded(*pair), 15) for pair in ((first, last), (last, first))), unit)
        end = "low" if middle <= first else "high"
        nearer = f"take a middle from {ends}, or a nearer {end}"
        raise SpreadError(f"has its middle too near its {end}: {shown}", nearer)
    return found


def _rounded(limit: float, towards: float) -> float:
    """A number of few digits just beyond a limit, on the side of another number."""
    for digits in range(3, 17):
        step = 10.0 ** (math.floor(math.log10(abs(limit))) - digits + 1)
        near = float(f"{limit:.{digits}g}")
        for one in (near, near + step, near - step):
            one = float(f"{one:.{digits}g}")
            if (one - limit) * (towards - one) > 0.0:
                return one
    return (limit + towards) / 2.0


def _as_text(low: float, middle: float, high: float, unit: str, digits: int = 10) -> str:
    return with_unit(" .. ".join(plainly(_figures(one, digits)) for one in (low, middle, high)), unit)


def _figures(number: float, digits: int) -> str:
    """A number to so many digits, without powers of ten."""
    return f"{Decimal(f'{number:.{digits}g}'):f}"
