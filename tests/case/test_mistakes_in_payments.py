"""Mistakes in terms of payment and budgets by what is paid. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable

import pytest

CONTRACT = "contract: {per: hour, price: 300 PHP/h}"


def terms(text: str) -> tuple[str, str]:
    """The edit that adds terms to the contract of acme."""
    return CONTRACT, f"contract: {{per: hour, price: 300 PHP/h, {text}}}"


MISTAKES = [
    pytest.param(
        terms("payment: -30 days"),
        "case.yaml:32:54",
        "vendors.acme.contract.payment is before the work ('-30 days')",
        "write `in advance`, or days after it as in `30 days`",
        id="before signing",
    ),
    pytest.param(
        terms("payment: 30"),
        "case.yaml:32:54",
        "vendors.acme.contract.payment expects days after which it is paid, got '30'",
        "write it as in `30 days`, or `in advance`",
        id="no unit",
    ),
    pytest.param(
        terms("payment: 30 h"),
        "case.yaml:32:54",
        "vendors.acme.contract.payment expects days after which it is paid, got '30 h'",
        "write it as in `30 days`, or `in advance`",
        id="hours",
    ),
    pytest.param(
        terms("payment: 30 days, early-payment: {discount: 2%, within: 45 days}"),
        "case.yaml:32:101",
        "paying within 45 days is no earlier than the contract's 30 days (line 32)",
        "write fewer days than 30 days",
        id="early is later",
    ),
    pytest.param(
        terms("payment: in advance, early-payment: {discount: 2%, within: 10 days}"),
        "case.yaml:32:104",
        "all is paid in advance (line 32), and nothing can be paid earlier for a discount",
        "leave `within` out, or write `payment: 30 days`",
        id="earlier than in advance",
    ),
    pytest.param(
        terms("payment: 30 days, early-payment: {discount: 2%, taken: when-it-pays}"),
        "case.yaml:32:100",
        "nothing says how many days sooner is paid for the discount",
        "write `payment: 30 days` in the contract and `within: 10 days` here, or `taken: always`",
        id="no days to weigh the discount by",
    ),
    pytest.param(
        terms("payment: 30 days, early-payment: {discount: 2%, within: 10 days, taken: when-it-pays}"),
        "case.yaml:32:117",
        "nothing says what money loses in worth until it would be paid without the discount",
        "add `discount: 8 %/year` to the case, or write `taken: always`",
        id="no rate to weigh the discount by",
    ),
    pytest.param(
        ("budget: {total: 250k USD, ", "budget: {total: 250k USD, by: payed, "),
        "case.yaml:6:31",
        "budget.by does not know 'payed'",
        "write one of worked, paid",
        id="a word for the budget",
    ),
]


@pytest.mark.parametrize(("edit", "place", "message", "fix"), MISTAKES)
def test_mistake_is_found(
    told_once: Callable[..., None], edit: tuple[str, str], place: str, message: str, fix: str
) -> None:
    """A term that cannot be meant is one problem, where it is written."""
    told_once([("case.yaml", *edit)], place, message, fix)
