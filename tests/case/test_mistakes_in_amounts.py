"""Mistakes in amounts: units, numbers, currencies, shares. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from allocate.errors import Problem

MISTAKES = [
    pytest.param(
        [("case.yaml", "90 s/scan", "90 sek/scan")],
        "case.yaml:22:13",
        "products.triage.effort does not know the unit 'sek', did you mean 'sec'?",
        "write `90 sec/scan`",
        id="a unit misspelt",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90 s/widget")],
        "case.yaml:22:13",
        "products.triage.effort does not know the unit 'widget'",
        "use a unit of time, a currency code, or a noun listed under `units:`",
        id="a unit nobody knows",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90 USD/scan")],
        "case.yaml:22:13",
        "products.triage.effort expects working time per unit, got money per item ('90 USD/scan')",
        "write it as in `12 s/image`",
        id="a unit of another kind",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90")],
        "case.yaml:22:13",
        "products.triage.effort expects working time per unit, got a number without a unit ('90')",
        "write it as in `12 s/image`",
        id="a unit left out",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90s/scan")],
        "case.yaml:22:13",
        "products.triage.effort: '90s/scan' has no space between number and unit",
        "write `90 s/scan`",
        id="a unit without a space",
    ),
    pytest.param(
        [("case.yaml", "40 h/week", "40 hours per week")],
        "case.yaml:27:33",
        "vendors.in-house.hours: '40 hours per week' has 'per' in words",
        "write `40 hours/week`",
        id="units in words",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90 s/")],
        "case.yaml:22:13",
        "products.triage.effort: '90 s/' has a '/' with nothing on one side of it",
        "write both units, as in `12 s/image`",
        id="a unit with nothing after the slash",
    ),
    pytest.param(
        [("case.yaml", "0.40 USD/image", "40 USD/0 images")],
        "case.yaml:18:17",
        "products.moderation.error-cost: '40 USD/0 images' divides by zero",
        "write how many units the amount is for, as in `63 USD/1000 boxes`",
        id="an amount divided by zero",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "a lot")],
        "case.yaml:6:17",
        "budget.total: 'a lot' is not an amount",
        "write it as in `250k USD`",
        id="an amount that is no number",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "[1, 2]")],
        "case.yaml:6:17",
        "budget.total expects an amount, got a list",
        "write it as in `250k USD`",
        id="an amount that is a list",
    ),
    pytest.param(
        [("case.yaml", "20_000 images", "'20,000 images'")],
        "case.yaml:14:24",
        "products.moderation.demand.at-least: '20,000 images' has commas in its number",
        "write `20_000 images`",
        id="commas in a number",
    ),
    pytest.param(
        [("case.yaml", "18k USD/point", '"18,5 USD/point"')],
        "case.yaml:19:43",
        "products.moderation.value.worth: '18,5 USD/point' has a comma in its number",
        "write `18.5 USD/point`",
        id="a comma for the point",
    ),
    pytest.param(
        [("case.yaml", "20_000 images", "20 000 images")],
        "case.yaml:14:24",
        "products.moderation.demand.at-least: '20 000 images' has spaces in its number",
        "write `20_000 images`",
        id="spaces in a number",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "250 k USD")],
        "case.yaml:6:17",
        "budget.total: '250 k USD' has a space before 'k'",
        "write `250k USD`",
        id="a space before the k",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "250k $")],
        "case.yaml:6:17",
        "budget.total: '$' does not say which currency",
        "write its code, as in `250k USD`",
        id="a currency sign",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "USD 250k")],
        "case.yaml:6:17",
        "budget.total: 'USD 250k' has its currency before the number",
        "write `250k USD`",
        id="a currency before the number",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "1e400 USD")],
        "case.yaml:6:17",
        "budget.total: '1e400 USD' is too large to calculate with",
        "write a smaller amount",
        id="an amount too large",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "1" * 300 + " USD")],
        "case.yaml:6:17",
        "budget.total: '1111111111111111111111111111111111111111…' is not an amount: it has 304 characters",
        "write it as in `250k USD`",
        id="an amount of 300 digits of text",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD", "-0.52 USD")],
        "rates.csv:2:21",
        "rates.moderation.in-house.price is below 0 ('-0.52 USD/image')",
        "write an amount of zero or more",
        id="a negative price",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "nan USD/image")],
        "rates.csv:2:21",
        "rates.moderation.in-house.price: 'nan USD/image' is not a finite number",
        "write the amount, or leave the key out",
        id="a price that is not a number",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "inf USD/image")],
        "rates.csv:2:21",
        "rates.moderation.in-house.price: 'inf USD/image' is not a finite number",
        "write the amount, or leave the key out",
        id="an infinite price",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "0.52")],
        "rates.csv:2:21",
        "rates.moderation.in-house.price expects money per item or money per hour, got a number without a unit ('0.52')",
        "write it as in `0.50 USD/image`",
        id="a price without a unit",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "0.52 USD/frame")],
        "rates.csv:2:21",
        "'0.52 USD/frame' is per frame, and moderation has no frames",
        "its prices can be /image, /box, /label, /h, /EU",
        id="a price per a noun the product does not have",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "0.52 USD/week")],
        "rates.csv:2:21",
        "rates.moderation.in-house.price expects money per item or money per hour, got money per week or month ('0.52 USD/week')",
        "write it as in `0.50 USD/image`",
        id="a price per a unit of time",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "0.52 EUR/image")],
        "rates.csv:2:21",
        "there is no exchange rate for EUR ('0.52 EUR/image')",
        "add `exchange: {EUR: … USD}` with what one EUR is worth, or write the amount in USD",
        id="a currency without a rate",
    ),
    pytest.param(
        [("case.yaml", "250k USD", "250k EUR")],
        "case.yaml:6:17",
        "there is no exchange rate for EUR ('250k EUR')",
        "add `exchange: {EUR: … USD}` with what one EUR is worth, or write the amount in USD",
        id="a budget in a currency without a rate",
    ),
    pytest.param(
        [("case.yaml", "    region: PH\n", "    region: PH\n    currency: EUR\n")],
        "case.yaml:30:15",
        "there is no exchange rate for EUR",
        "add `exchange: {EUR: … USD}` with what one EUR is worth",
        id="a vendor's currency without a rate",
    ),
    pytest.param(
        [("case.yaml", "0.0172 USD", "0.0172 EUR")],
        "case.yaml:3:17",
        "exchange.PHP is in EUR, the case in USD",
        "write what one PHP is worth in USD",
        id="an exchange rate in another currency",
    ),
    pytest.param(
        [("case.yaml", "0.0172 USD", "0 USD")],
        "case.yaml:3:17",
        "exchange.PHP is not above zero ('0 USD')",
        "write what one PHP is worth in USD",
        id="an exchange rate of zero",
    ),
    pytest.param(
        [("case.yaml", "{PHP: 0.0172 USD}", "{PHP: 0.0172 USD, USD: 1 USD}")],
        "case.yaml:3:29",
        "USD is the case's own currency",
        "remove this rate",
        id="an exchange rate for the case's own currency",
    ),
    pytest.param(
        [("case.yaml", "0.0172 USD", "0.0172")],
        "case.yaml:3:17",
        "exchange.PHP expects an amount of money, got a number without a unit ('0.0172')",
        "write it as in `250k USD`",
        id="an exchange rate that is no money",
    ),
    pytest.param(
        [("case.yaml", "{PHP: 0.0172 USD}", "{PHP: 0.0172 USD, PHX: 1 USD}")],
        "case.yaml:3:29",
        "'PHX' is not a currency code",
        "did you mean 'PHP'?",
        id="an exchange rate for no currency",
    ),
    pytest.param(
        [("case.yaml", "currency: USD\n", "currency: UDS\n")],
        "case.yaml:2:11",
        "'UDS' is not a currency code",
        "did you mean 'USD'?",
        id="a currency code misspelt",
    ),
    pytest.param(
        [("case.yaml", "0.0172 USD", "[{from: week 4, rate: 0.017 USD}, {from: week 1, rate: 0.018 USD}]")],
        "case.yaml:3:17",
        "the steps of exchange.PHP are not in order of time",
        "list each period once, earliest first",
        id="exchange rates out of order",
    ),
    pytest.param(
        [("case.yaml", "0.0172 USD", "[{from: week 4, rate: 0.017 USD}]")],
        "case.yaml:3:17",
        "exchange.PHP starts after the horizon does",
        "add the rate that holds in week 1",
        id="exchange rates that start late",
    ),
    pytest.param(
        [("case.yaml", "accuracy: 97%", "accuracy: 97")],
        "case.yaml:17:15",
        "products.moderation.accuracy is outside 0% to 100% ('97')",
        "did you mean `97%`?",
        id="an accuracy of 97 where 97% is meant",
    ),
    pytest.param(
        [("rates.csv", "95%", "105%")],
        "rates.csv:3:18",
        "rates.moderation.acme.accuracy is outside 0% to 100% ('105%')",
        "write a share, as in `50%`",
        id="a percentage above 100",
    ),
    pytest.param(
        [("case.yaml", "shrinkage: 15%", "shrinkage: -15%")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage is outside 0% to 100% ('-15%')",
        "write a share, as in `50%`",
        id="a negative share",
    ),
    pytest.param(
        [("case.yaml", "shrinkage: 15%", "shrinkage: 100%")],
        "case.yaml:27:55",
        "a shrinkage of 100% leaves no hours to work",
        "write a smaller share",
        id="a shrinkage of everything",
    ),
    pytest.param(
        [("rates.csv", "95%", "0%")],
        "rates.csv:3:18",
        "an accuracy of 0% makes no right labels",
        "write the measured accuracy, or leave it blank",
        id="an accuracy of zero",
    ),
    pytest.param(
        [("case.yaml", "shrinkage: 15%", "shrinkage: 15 h")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage expects a percentage, got '15 h'",
        "write it as in `50%`",
        id="a share with a unit",
    ),
]


@pytest.mark.parametrize(("edits", "place", "message", "fix"), MISTAKES)
def test_mistake_is_told_once_with_place_and_fix(
    problems_of: Callable[..., tuple[Problem, ...]],
    edits: list[Any],
    place: str,
    message: str,
    fix: str,
) -> None:
    """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
    problems = problems_of(edits)
    assert [(str(problem.place), problem.message, problem.fix) for problem in problems] == [(place, message, fix)]
