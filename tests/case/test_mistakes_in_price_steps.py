"""Mistakes in platform fees and API prices that change by date. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def fee(text: str) -> list[Any]:
    """The edit that gives acme a fee and its steps."""
    return [("case.yaml", "    lead: 1 week\n", f"    lead: 1 week\n    {text}\n")]


def service(text: str) -> list[Any]:
    """The edit that puts a workflow with an API on the menu."""
    menu = f"workflows: {{single-pass: , sampled-5: , proposed: {{pre-label: {{time-factor: 50%, {text}}}}}}}"
    return [("case.yaml", "workflows: [single-pass, sampled-5]", menu)]


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


@pytest.mark.parametrize(("edits", "place", "message", "fix"), MISTAKES)
def test_mistake_is_told_once_with_place_and_fix(
    told_once: Callable[..., None], edits: list[Any], place: str, message: str, fix: str
) -> None:
    """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
    told_once(edits, place, message, fix)
