"""Discounts for paying in time: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import clause, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        clause("payment: 30 days, early-payment: {discount: 2%, within: 45 days}"),
        "case.yaml:32:101",
        "paying within 45 days is no earlier than the contract's 30 days (line 32)",
        "write fewer days than 30 days",
        id="early is later",
    ),
    pytest.param(
        clause("payment: in advance, early-payment: {discount: 2%, within: 10 days}"),
        "case.yaml:32:104",
        "all is paid in advance (line 32), and nothing can be paid earlier for a discount",
        "leave `within` out, or write `payment: 30 days`",
        id="earlier than in advance",
    ),
    pytest.param(
        clause("payment: 30 days, early-payment: {discount: 2%, taken: when-it-pays}"),
        "case.yaml:32:100",
        "nothing says how many days sooner is paid for the discount",
        "write `payment: 30 days` in the contract and `within: 10 days` here, or `taken: always`",
        id="no days to weigh the discount by",
    ),
    pytest.param(
        clause("payment: 30 days, early-payment: {discount: 2%, within: 10 days, taken: when-it-pays}"),
        "case.yaml:32:117",
        "nothing says what money loses in worth until it would be paid without the discount",
        "add `discount: 8 %/year` to the case, or write `taken: always`",
        id="no rate to weigh the discount by",
    ),
]

test_mistakes = told_once_each(MISTAKES)
