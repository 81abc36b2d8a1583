"""Cases written in other units: every amount of money times a power of ten, items counted by the thousand, time in seconds."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Case = dict[str, Any]

MONEY = re.compile(r"(-?[0-9][0-9_.]*) (USD|EUR|VND)\b")


def with_money_times(case: Case, factor: str) -> Case:
    """The case with every amount of money times a factor; rates of exchange stay as they are."""
    by = Decimal(factor)
    found = _texts(case, lambda text: MONEY.sub(lambda m: f"{Decimal(m[1].replace('_', '')) * by:f} {m[2]}", text))
    if "exchange" in case:
        found["exchange"] = copy.deepcopy(case["exchange"])
    return found


def _texts(part: Any, change: Callable[[str], str]) -> Any:
    """A copy of a mapping with every text in it changed."""
    if isinstance(part, dict):
        return {key: _texts(value, change) for key, value in part.items()}
    if isinstance(part, list):
        return [_texts(value, change) for value in part]
    return change(part) if isinstance(part, str) else part
