"""Amounts as they are written: the number and the unit of a text, and a text of another number."""

from __future__ import annotations

from decimal import Decimal

from allocate.numerals import plainly
from allocate.units import split_text


def number_of(text: str) -> Decimal:
    """The number of an amount as written, its scale multiplied out."""
    return Decimal(split_text(text)[0])


def unit_of(text: str) -> str:
    """The unit of an amount as written."""
    return split_text(text)[1]


def with_number(text: str, number: Decimal) -> str:
    """The amount with another number in the same unit."""
    plain = plainly(f"{number.normalize():,f}".replace(",", "_")) if number else "0"
    return f"{plain}%" if unit_of(text) == "%" else in_unit(plain, unit_of(text), number == 1)


def in_unit(number: str, unit: str, is_one: bool) -> str:
    """A number with its unit, in the plural of common words unless it is one."""
    plural = {
        "person": "people",
        "week": "weeks",
        "day": "days",
        "month": "months",
        "point": "points",
        "vendor": "vendors",
    }
    singular = {many: one for one, many in plural.items()}
    return f"{number} {singular.get(unit, unit) if is_one else plural.get(unit, unit)}".strip()


def shown(text: str) -> str:
    """An amount as a sentence has it."""
    return str(text).replace("_", ",")
