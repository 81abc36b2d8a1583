"""Platform fees that change by date: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import fee, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        fee("platform-fee-steps: [{from: week 3, amount: 20%}]"),
        "case.yaml:29:5",
        "vendors.acme: platform-fee-steps has nothing that holds before its first step",
        "add `platform-fee: 20%`",
        id="fee steps without a fee before them",
    ),
    pytest.param(
        fee("platform-fee: 20%\n    platform-fee-steps: [{from: week 3, amount: 1 USD/h}]"),
        "case.yaml:29:5",
        "vendors.acme: the step '1 USD/h' of platform-fee-steps is not of the kind of platform-fee ('20%')",
        "use one unit and one currency for both",
        id="a fee that becomes another kind",
    ),
    pytest.param(
        fee("platform-fee: 20%\n    platform-fee-steps: [{from: week 5, amount: 21%}, {from: week 3, amount: 22%}]"),
        "case.yaml:33:25",
        "the steps of vendors.acme.platform-fee-steps are not in order of time",
        "list each period once, earliest first",
        id="fee steps out of order",
    ),
    pytest.param(
        [
            *fee("platform-fee: 20%\n    platform-fee-steps: [{from: week 5, amount: 21%}]"),
            ("case.yaml", "price: 300 PHP/h}", "tiers: {steps: [{price: 300 PHP/h}]}}"),
        ],
        "case.yaml:33:25",
        "the platform fee is a share of prices in tiers, which are counted over time: it cannot change by date",
        "write money per item, as in `0.02 USD/image`",
        id="a share of tiers that changes",
    ),
]

test_mistakes = told_once_each(MISTAKES)
