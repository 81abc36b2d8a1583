"""Values of a case by their dotted path, and the same value made larger or smaller."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from allocate.numerals import plainly

_NUMBER = re.compile(r"\s*([+-]?(?:\d[\d_]*)?(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)(.*)", re.DOTALL)
LARGER = re.compile(r"\s*max\s*\(([^,]+),([^,]+)\)\s*")
"""The larger of two parts, as in `max(20%, 0.01 USD/label)`."""


def dotted(*steps: str | int) -> str:
    """A path as `--set` takes it; names with dots in quotes."""
    return ".".join(f'"{step}"' if "." in str(step) else str(step) for step in steps)


def dotted_in(data: Any, path: Sequence[str | int], several: Container[tuple[str, str]] = ()) -> str:
    """A path in a case's data as `--set` takes it: lines of the rate card by their names.

    several: pairs of product and vendor that have several rates, of which one for all workflows is named by its position.
    """
    if path[:1] != ("rates",) or len(path) < 2:
        return dotted(*path)
    row = data["rates"][path[1]]
    names = [str(row[key]) for key in ("product", "vendor", "workflow") if row.get(key) is not None]
    return dotted("rates", *([path[1]] if tuple(names) in several else names), *path[2:])


def with_several_rates(data: Any) -> frozenset[tuple[str, str]]:
    """Pairs of product and vendor that have more than one line in the rate card."""
    rows = data.get("rates") if isinstance(data, dict) else None
    pairs = Counter((str(row.get("product")), str(row.get("vendor"))) for row in rows or () if isinstance(row, dict))
    return frozenset(pair for pair, many in pairs.items() if many > 1)


def scaled(value: Any, factor: Decimal) -> str | None:
    """A written amount times a factor, with the same unit, each part of a sum; None for what is not an amount."""
    if isinstance(value, str) and " + " in value:
        parts = [scaled(part.strip(), factor) for part in value.split(" + ")]
        return None if None in parts else " + ".join(filter(None, parts))
    if isinstance(value, str) and (larger := LARGER.fullmatch(value)):
        both = [scaled(part, factor) for part in larger.groups()]
        return None if None in both else f"max({', '.join(filter(None, both))})"
    found = _split(value)
    return None if found is None else f"{_text(found[0] * factor)}{found[1]}"


def in_whole(value: Any, factor: Decimal) -> str | None:
    """A written count of people or seats times a factor, rounded away from what it is; None for none of them."""
    found = _split(value)
    if found is None or found[0] <= 0 or found[0] % 1:
        return None
    number = (found[0] * factor).to_integral_value(ROUND_FLOOR if factor < 1 else ROUND_CEILING)
    return f"{_text(number)}{found[1]}"


def with_errors(value: Any, factor: Decimal) -> str | None:
    """A written accuracy whose errors are multiplied by a factor; None where no accuracy would be left."""
    found = _split(value)
    if found is None:
        return None
    whole = Decimal(100) if found[1].strip() == "%" else Decimal(1)
    accuracy = whole - (whole - found[0]) * factor
    return f"{_text(accuracy)}{found[1]}" if 0 <= accuracy <= whole else None


def _split(value: Any) -> tuple[Decimal, str] | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    match = _NUMBER.fullmatch(str(value))
    try:
        return (Decimal(match[1].replace("_", "")), match[2]) if match else None
    except InvalidOperation:
        return None


def _text(number: Decimal) -> str:
    text = f"{number:f}"
    return plainly(text.rstrip("0").rstrip(".")) if "." in text else text
