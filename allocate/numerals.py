"""Numbers as people write them: `1,234.50`, `1.234,50`, `1'000`, `10 000`; and which of them can be read in two ways."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACES = " \u00a0\u2009\u202f\u2007"
"""A space, a no-break space, a thin space, a narrow no-break space, a figure space: what parts thousands in many countries."""
MINUS = "\u2212-"
"""The minus sign of typesetters, and the hyphen; in this order they can stand in a class of a regular expression."""
_GROUPS = re.compile(rf"\d{{1,3}}(?:([_'\u2019{SPACES}])\d{{3}})(?:\1\d{{3}})*")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})*,\d{3}")
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
NUMERAL = re.compile(
    rf"(?:\d|[.,](?=\d))(?:\d|[.,'\u2019_](?=\d)|[{SPACES}](?=\d{{3}}(?!\d)))*(?:[eE][+-]?\d+)?", re.ASCII
)
"""A number in any notation, without its sign."""
AROUND = re.compile(r"\s*(?:±|\+\s*/?\s*-)\s*")
"""What stands between an amount and the range around it: `±`, `+-`, `+/-`."""
BETWEEN = re.compile(r"\s*(?:\.{2,}|…)\s*")
"""What stands between low, likely and high: `..`."""
RANGE = re.compile(rf"({AROUND.pattern}|{BETWEEN.pattern})")
"""Either, kept where a text is split at it."""


@dataclass(frozen=True)
class Reading:
    """One way to read a number: how this tool writes it, and the decimal mark it takes (empty: it makes no difference)."""

    text: str
    mark: str = ""


def readings(numeral: str) -> tuple[Reading, ...]:
    """Every way a number without sign can be read; none for what is not a number.

    One group of three digits after a point or comma, as in `2.500`, has two: decimals or thousands. The reading with a
    decimal point comes first.
    """
    mantissa, exponent = re.fullmatch(r"(.*?)([eE][+-]?\d+)?", numeral, re.DOTALL).groups("")  # type: ignore[union-attr]
    parts = re.split(r"[.,]", mantissa)
    marks = re.findall(r"[.,]", mantissa)
    if _TWO_WAYS.fullmatch(mantissa) and not exponent:
        both = Reading(plainly(".".join(parts)), marks[0]), Reading("_".join(parts), ".,".strip(marks[0]))
        return both if marks[0] == "." else both[::-1]
    found = [_read(mantissa, mark) for mark in ".,"]
    if exponent:
        found = [(text, mark) for text, mark in found if "_" not in text or "_" in mantissa]
    return tuple(dict.fromkeys(Reading(f"{text}{exponent}", mark) for text, mark in found if text))


def _read(mantissa: str, mark: str) -> tuple[str, str]:
    """The number with a decimal mark, as this tool writes it; empty where it cannot be read so."""
    whole, point, decimals = mantissa.rpartition(mark) if mantissa.count(mark) == 1 else (mantissa, "", "")
    other = ".,".strip(mark)
    if point and not re.fullmatch(r"\d+(?:_\d+)*", decimals):
        return "", mark
    if other in whole:
        fine = re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(other)}\d{{3}})+", whole) or (
            other == "," and _INDIAN.fullmatch(whole)
        )
        if not fine:
            return "", mark
        whole = "_".join(re.split(re.escape(other), whole))
    elif _GROUPS.fullmatch(whole):
        whole = re.sub(rf"['\u2019{SPACES}]", "_", whole)
    elif not re.fullmatch(r"(?:\d+(?:_\d+)*)?", whole) or not (whole or decimals):
        return "", mark
    return (f"{whole or '0'}.{decimals}" if point else whole), mark if point or other in mantissa else ""


def two_ways(numeral: str) -> bool:
    """Whether a number without sign can be read as decimals and as thousands: `2.500`, not `0.500` nor `2.50`."""
    return _TWO_WAYS.fullmatch(numeral) is not None


def plainly(numeral: str) -> str:
    """A number with a decimal point, written so that it has one reading: `2.5` for `2.500`, `1.2340` for `1.234`."""
    sign = numeral[: len(numeral) - len(numeral.lstrip("+-"))]
    if not two_ways(numeral[len(sign) :]):
        return numeral
    shorter = numeral.rstrip("0").rstrip(".")
    return shorter if shorter != numeral else f"{numeral}0"
