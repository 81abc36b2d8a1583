"""Lots: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import contract, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        contract("price: 300 PHP/h, order-multiple: 200_000 items"),
        "case.yaml:32:50",
        "acme takes no order below 200_000 items, and no product it makes is wanted above 120_000 images",
        "lower it, raise the demand, or leave the vendor out",
        id="a lot above every demand",
    ),
]

test_mistakes = told_once_each(MISTAKES)
