"""Retainers: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import contract, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        contract("price: 300 PHP/h, fees: {retainer: 300 USD}"),
        "case.yaml:32:51",
        "vendors.acme.contract.fees.retainer expects money per week or month, got an amount of money ('300 USD')",
        "write it as in `1k USD/month`",
        id="a retainer that is not by time",
    ),
]

test_mistakes = told_once_each(MISTAKES)
