"""A spread as a case writes it: `12 s/image ±20%`, `0.38 .. 0.42 .. 0.55 USD/page`, `188 of 200`, or keys and values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from allocate.case.names import nearest
from allocate.case.reading import Spreadable, named
from allocate.case.spreads.spread import Family, amount
from allocate.numerals import plainly
from allocate.units import Quantity, UnitError, Units, in_words, split_text

AROUND = re.compile(r"\s*(?:±|\+\s*/?\s*-)\s*")
BETWEEN = re.compile(r"\s*(?:\.{2,}|…)\s*")
COUNTED = re.compile(r"\s*([\d_.,]+)\s+(?:out\s+)?of\s+([\d_.,]+)\s*", re.ASCII)
_LIKELY = ("value", "likely")
_RANGE = ("low", "high", "spread")
KEYS = ("value", "likely", "low", "high", "spread", "weekly", "right", "of", "source", "status")
_OF_SPREADS = frozenset(("likely", "low", "high", "spread", "weekly", "right"))
"""Keys of which one says that keys and values stand for a spread."""
_EXAMPLE = "8 .. 12 .. 24"


class SpreadError(Exception):
    """A spread that is not right: what is wrong, to follow the name of the key; what to write; at which key below."""

    def __init__(self, message: str, fix: str | None = None, key: str | None = None) -> None:
        self.message, self.fix, self.key = message, fix, key
        super().__init__(message)


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


def is_keys(value: Any) -> bool:
    """Whether keys and values are meant as a spread, where an amount may stand."""
    return isinstance(value, dict) and not _OF_SPREADS.isdisjoint(value)


def read_spread(value: Any, units: Units, spread: Spreadable) -> Written:
    """A spread from its text or its keys and values.

    Raises SpreadError for what is no spread, and for three points no distribution passes through.
    """
    return _checked(_keys(value, units, spread) if isinstance(value, dict) else _text(value, units, spread), spread)


def _text(text: str, units: Units, spread: Spreadable) -> Written:
    if counted := COUNTED.fullmatch(text):
        return _counted(counted[1], counted[2], units, spread)
    if BETWEEN.search(text):
        return _between(text, units, spread)
    parts = AROUND.split(text.strip())
    if len(parts) != 2 or not all(parts):
        raise SpreadError(f"is no amount with a range around it ('{text}')", "write it as in `12 s/image ±20%`")
    return _around(parts[0], parts[1], units, spread)


def _between(text: str, units: Units, spread: Spreadable) -> Written:
    parts = BETWEEN.split(text.strip())
    if len(parts) != 3 or not all(parts):
        fix = f"write low, likely and high, as in `{_EXAMPLE} s/image`"
        raise SpreadError(f"does not have three parts, low .. likely .. high ('{text}')", fix)
    unit = split_text(_read(parts[2], units, text).text)[1]
    whole = [part if _has_unit(part) else amount_text(part, unit) for part in parts]
    return _three(whole[0], whole[1], whole[2], units, spread, text)


def _has_unit(part: str) -> bool:
    try:
        return bool(split_text(part)[1])
    except UnitError:
        return True


def amount_text(number: str, unit: str) -> str:
    """A number as written, with a unit."""
    return f"{number}{unit}" if unit in ("", "%") else f"{number} {unit}"


def _around(text: str, by: str, units: Units, spread: Spreadable, key: str | None = None) -> Written:
    """An amount and the range around it: a share of it, or an amount of its own kind."""
    middle = _read(text, units, text, key and "value")
    width = _read(by, units, f"{text} ±{by}", key)
    number, unit = float(split_text(middle.text)[0]), split_text(middle.text)[1]
    if "%" in width.text or "percent" in width.text:
        down = up = number * width.number
        far = width.number
    elif width.dimensions == middle.dimensions and not (width.dimensions == () and spread != "share"):
        down = up = number * width.number / middle.number if middle.number else 0.0
        far = down / number if number else 0.0
    elif spread == "share" and width.dimensions == (("point", 1),):
        down = up = width.number * (100.0 if unit else 1.0) / 100.0
        far = down / number if number else 0.0
    else:
        raise SpreadError(
            f"has a range that is neither a share of it nor {in_words(middle)} ('{by}')", f"write `{text} ±20%`", key
        )
    if width.number < 0.0:
        raise SpreadError(f"has a range below zero ('{by}')", f"write `{text} ±{by.lstrip('-')}`", key)
    if far >= 1.0:
        fix = f"write low, likely and high, as in `{_as_text(number / 3, number, number * 2.5, unit)}`"
        raise SpreadError(f"reaches down to zero or below (±{by})", fix, key)
    return _of_family(number - down, number, number + up, unit, middle.text, spread)


def _three(low: str, middle: str, high: str, units: Units, spread: Spreadable, text: str) -> Written:
    found = [_read(part, units, text) for part in (low, middle, high)]
    return _of_amounts(found[0], found[1], found[2], spread)


def _of_amounts(low: Quantity, middle: Quantity, high: Quantity, spread: Spreadable) -> Written:
    for key, one in (("low", low), ("high", high)):
        if one.dimensions != middle.dimensions:
            message = f"has a {key} of another kind than its middle: '{one.text}' beside '{middle.text}'"
            raise SpreadError(message, f"write its {key} as in `{middle.text}`", key)
    number, unit = float(split_text(middle.text)[0]), split_text(middle.text)[1]
    numbers = [_in_unit(one, middle, number, unit) for one in (low, high)]
    return _of_family(numbers[0], number, numbers[1], unit, middle.text, spread)


def _in_unit(one: Quantity, middle: Quantity, number: float, unit: str) -> float:
    """An amount as a number in the unit of the middle."""
    written, own = split_text(one.text)
    return float(written) if own == unit or not middle.number else number * (one.each / middle.each)


def _of_family(low: float, middle: float, high: float, unit: str, text: str, spread: Spreadable) -> Written:
    return Written(low, middle, high, "%" if unit == "percent" else unit, text, "logit" if spread == "share" else "log")


def _counted(right: str, of: str, units: Units, spread: Spreadable) -> Written:
    """Items right of items checked: a Beta distribution of the share, Jeffreys' prior and the count."""
    if spread != "share":
        raise SpreadError(
            f"is a count of items ('{right} of {of}'), and no share is asked here", "write it as in `12 s/image ±20%`"
        )
    many, all_ = (_read(one, units, f"{right} of {of}").number for one in (right, of))
    if many % 1.0 or all_ % 1.0 or all_ < 1.0:
        raise SpreadError(f"does not count whole items ('{right} of {of}')", "write it as in `188 of 200`", "right")
    if many > all_:
        raise SpreadError(
            f"has more items right than were checked ('{right} of {of}')", f"write `{of} of {right}`", "right"
        )
    from allocate.quantiles import beta_quantile

    low, middle, high = beta_quantile([0.1, 0.5, 0.9], many + 0.5, all_ - many + 0.5).tolist()
    middle = float(f"{middle:.12g}")
    return Written(low, middle, high, "", plainly(f"{middle:.12f}".rstrip("0")), "beta", None, many, all_)


def _keys(value: Mapping[str, Any], units: Units, spread: Spreadable) -> Written:
    """A spread from keys and values."""
    for key in value:
        if key not in KEYS:
            close = nearest(str(key), KEYS)
            raise SpreadError(
                f"has no key '{key}' in a spread",
                f"write `{close}`" if close else f"known keys: {', '.join(KEYS)}",
                str(key),
            )
    said = {key: _said(value, key) for key in value if key not in ("source", "status")}
    if "right" in said or "of" in said:
        return _weeks(_counts(said, units, spread), said, units)
    likely = [key for key in _LIKELY if key in said]
    if len(likely) != 1:
        raise SpreadError(
            "has no value to spread" if not likely else "has both value and likely",
            "give it one `value`, as in `value: 1_200 h/week`",
        )
    middle = said[likely[0]]
    if "spread" in said and ("low" in said or "high" in said):
        raise SpreadError("has both a spread and a low or high", "keep one of them", "spread")
    if "spread" in said:
        return _weeks(_around(middle, said["spread"].lstrip("±+-/ "), units, spread, "spread"), said, units)
    if ("low" in said) != ("high" in said):
        missing = "high" if "low" in said else "low"
        raise SpreadError(
            f"has no {missing}",
            f"add `{missing}: {middle}`, with what is exceeded in one case of ten"
            if missing == "high"
            else f"add `{missing}: {middle}`, with what it falls below in one case of ten",
        )
    if "low" in said:
        found = [_read(said[key], units, said[key], key) for key in ("low", likely[0], "high")]
        return _weeks(_of_amounts(found[0], found[1], found[2], spread), said, units)
    middle_amount = _read(middle, units, middle, likely[0])
    number, unit = split_text(middle_amount.text)
    return _weeks(
        _of_family(float(number), float(number), float(number), unit, middle_amount.text, spread), said, units
    )


def _counts(said: Mapping[str, str], units: Units, spread: Spreadable) -> Written:
    missing = next((key for key in ("right", "of") if key not in said), None)
    if missing is not None:
        raise SpreadError(f"counts items without '{missing}'", "write it as in `{right: 188, of: 200}`")
    other = next((key for key in ("value", "likely", "low", "high", "spread") if key in said), None)
    if other is not None:
        raise SpreadError(f"has both counts and '{other}'", f"remove `{other}`", other)
    return _counted(said["right"], said["of"], units, spread)


def _weeks(found: Written, said: Mapping[str, str], units: Units) -> Written:
    """The same with the spread of each week by itself."""
    if "weekly" not in said:
        return found
    text = said["weekly"].lstrip("±+-/ ")
    width = _read(text, units, text, "weekly")
    if width.dimensions or not 0.0 <= width.number < 1.0 or ("%" not in text and "percent" not in text):
        raise SpreadError(
            f"has a weekly spread that is no percentage below 100% ('{text}')", "write it as in `weekly: 15%`", "weekly"
        )
    return replace(found, weekly=(1.0 - width.number, 1.0 + width.number))


def _said(value: Mapping[str, Any], key: str) -> str:
    one = value[key]
    if isinstance(one, bool) or not isinstance(one, (str, int, float)):
        raise SpreadError(
            f"has a {key} that is no amount (got {named(one)})", f"write it as in `{key}: 12 s/image`", key
        )
    return one.strip() if isinstance(one, str) else plainly(str(one))


def _read(text: str, units: Units, whole: str, key: str | None = None) -> Quantity:
    """An amount of a spread; what can be written in its place is offered as the whole spread."""
    try:
        return units.quantity(text)
    except UnitError as error:
        found = [whole.replace(text, one.text) for one in error.corrections]
        fix = "write " + " or ".join(f"`{one}`" for one in found[:2]) if found else error.fix
        raise SpreadError(f"{error.told(lambda _: False)[0]}", fix, key) from None


def _checked(found: Written, spread: Spreadable) -> Written:
    """The same, where its three points lie in order and a distribution passes through them."""
    if found.family == "beta":
        return found
    low, middle, high, unit = found.low, found.middle, found.high, found.unit
    whole = 100.0 if unit == "%" else 1.0
    if not low <= middle <= high:
        fix = (
            f"write `{_as_text(min(low, middle, high), sorted((low, middle, high))[1], max(low, middle, high), unit)}`"
        )
        raise SpreadError(f"does not rise from low to high: {_as_text(low, middle, high, unit)}", fix)
    if low <= 0.0 and not low == middle == high:
        raise SpreadError(f"has a low that is not above zero ({amount(low, unit)})", "write a low above zero", "low")
    if spread == "share" and high >= whole and not low == middle == high:
        raise SpreadError(
            f"has a high that is not below 100% ({amount(high, unit)})", "write a high below 100%", "high"
        )
    from allocate.quantiles import fits, middles

    if low == middle == high or fits(low / whole, middle / whole, high / whole, spread == "share"):
        return found
    first, last = (one * whole for one in middles(low / whole, high / whole, spread == "share"))
    near = _rounded(first, last) if middle <= first else _rounded(last, first)
    end = "low" if middle <= first else "high"
    fix = f"write `{_as_text(low, near, high, unit)}`"
    raise SpreadError(f"has its middle too near its {end}: {_as_text(low, middle, high, unit)}", fix)


def _rounded(limit: float, towards: float) -> float:
    """A number of few digits just beyond a limit, on the side of another number."""
    pick: Callable[[float, float], float] = max if towards > limit else min
    for digits in range(3, 17):
        step = 10.0 ** (int(f"{limit:e}".partition("e")[2]) - digits + 1)
        near = pick(float(f"{limit:.{digits}g}"), float(f"{limit + (step if towards > limit else -step):.{digits}g}"))
        if (near - limit) * (towards - near) > 0.0:
            return near
    return (limit + towards) / 2.0


def _as_text(low: float, middle: float, high: float, unit: str) -> str:
    return amount_text(" .. ".join(plainly(f"{one:.10g}") for one in (low, middle, high)), unit)
