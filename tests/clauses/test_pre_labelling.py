"""API prices that change by date: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import service, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        service("cost-steps: [{from: week 3, amount: 0.01 USD/item}]"),
        "case.yaml:39:63",
        "workflows.proposed.pre-label: cost-steps has nothing that holds before its first step",
        "add `cost: 0.01 USD/item`",
        id="API prices without one before them",
    ),
    pytest.param(
        service("cost: 0.01 USD/item, cost-steps: [{from: week 3, amount: 0.01 PHP/item}]"),
        "case.yaml:39:63",
        "workflows.proposed.pre-label: the step '0.01 PHP/item' of cost-steps is not of the kind of cost ('0.01 USD/item')",
        "use one unit and one currency for both",
        id="API prices in two currencies",
    ),
    pytest.param(
        service(
            "cost: 0.01 USD/item, cost-steps: [{from: week 3, amount: 2 USD/item}, {from: week 3, amount: 1 USD/item}]"
        ),
        "case.yaml:39:115",
        "the steps of workflows.proposed.pre-label.cost-steps are not in order of time",
        "list each period once, earliest first",
        id="two API prices at once",
    ),
]

test_mistakes = told_once_each(MISTAKES)
