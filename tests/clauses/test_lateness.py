"""Price reduction by lateness: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import clause, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        clause("lateness: [{beyond: 1 week, price: -400 PHP/h}]"),
        "case.yaml:32:80",
        "'-400 PHP/h' takes off more than the price ('300 PHP/h') (line 32)",
        "write a smaller price reduction",
        id="a price reduction of more money than the price",
    ),
    pytest.param(
        clause("lateness: [{beyond: 1 week, price: -4 PHP/image}]"),
        "case.yaml:32:80",
        "'-4 PHP/image' is per image, and a price ('300 PHP/h') (line 32) is not",
        "write it per h",
        id="a price reduction for another unit than the price",
    ),
]

test_mistakes = told_once_each(MISTAKES)
