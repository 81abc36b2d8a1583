"""Cases written in other units: every amount of money times a power of ten, items counted by the thousand."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Case = dict[str, Any]

MONEY = re.compile(r"(-?[0-9][0-9_.]*k?) (USD|EUR|VND)\b(?!/(?:USD|EUR|VND)\b)")
COUNTED = re.compile(r"([0-9][0-9_.]*) images?(/week|/month)?$")
PER_ITEM = re.compile(r"([0-9][0-9_.]*) (USD|EUR|s|h)/image\b")
DRIVEN = re.compile(r"^([\d_.]+k?)/image$")
"""A driver, as in 2/image."""


def with_money_times(case: Case, factor: str) -> Case:
    """The case with every amount of money times a factor; rates of exchange stay as they are."""
    by = Decimal(factor)
    found = _texts(case, lambda text: MONEY.sub(lambda m: f"{_written(_read(m[1]) * by)} {m[2]}", text))
    if "exchange" in case:
        found["exchange"] = copy.deepcopy(case["exchange"])
    return found


def with_thousands_of_items(case: Case) -> Case:
    """The case with images counted by the thousand: a thousandth of the amounts, a thousand times what each takes or costs."""
    return with_items_by(case, 1000)


def with_items_by(case: Case, many: int | Decimal) -> Case:
    """The case with so many images counted as one."""

    def change(text: str) -> str:
        fewer = COUNTED.sub(lambda m: f"{_written(_read(m[1]) / many)} images{m[2] or ''}", text)
        driven = DRIVEN.sub(lambda m: f"{_written(_read(m[1]) * many)}/image", fewer)
        return PER_ITEM.sub(lambda m: f"{_written(_read(m[1]) * many)} {m[2]}/image", driven)

    return _bare(_texts(case, change), many)


def _bare(part: Any, many: int | Decimal) -> Any:
    """A copy with the numbers that count images without saying so: labels of curves, items that are done or ordered."""
    if isinstance(part, dict):
        return {
            key: value / float(many)
            if key in ("labels", "items") and isinstance(value, int | float)
            else _bare(value, many)
            for key, value in part.items()
        }
    return [_bare(value, many) for value in part] if isinstance(part, list | tuple) else part


def _read(text: str) -> Decimal:
    return Decimal(text.replace("_", "").removesuffix("k")) * (1000 if text.endswith("k") else 1)


def _written(number: Decimal) -> str:
    """A number in figures, never with three decimals alone: those could be thousands."""
    text = f"{number.normalize():f}"
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _texts(part: Any, change: Callable[[str], str]) -> Any:
    """A copy of a mapping with every text in it changed."""
    if isinstance(part, dict):
        return {key: _texts(value, change) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_texts(value, change) for value in part]
    return change(part) if isinstance(part, str) else part
