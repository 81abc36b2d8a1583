"""Mistakes in contracts: tiers, commitments, orders, ceilings. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def contract(clauses: str) -> list[Any]:
    """The edit that gives acme another contract."""
    return [("case.yaml", "contract: {per: hour, price: 300 PHP/h}", f"contract: {{{clauses}}}")]


MISTAKES = [
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h/week}, {price: 280 PHP/h}]}"),
        "case.yaml:32:58",
        "vendors.acme.contract.tiers.steps.0.up-to expects a number of items or working time or an amount of money, got working hours per week or month ('200 h/week')",
        "write it as in `50_000 boxes`",
        id="a step that ends at a rate of work",
    ),
    pytest.param(
        [
            *contract("tiers: {products: [moderation, triage], steps: [{price: 300 PHP/h}]}"),
            ("rates.csv", "triage,in-house", "triage,acme,,,\ntriage,in-house"),
        ],
        "case.yaml:6:36",
        "the limit 'boxes' cuts through tiers of acme (line 32) that count other products too",
        "name all products of the tiers, or count them with `over: product`",
        id="tiers that a budget limit cuts through",
    ),
    pytest.param(
        [("rates.csv", "pace\n", "pace,minimum-order\n"), ("rates.csv", "60 images/h", "60 images/h,200_000 images")],
        "rates.csv:2:52",
        "the minimum order is 200_000 images, and moderation is wanted for 120_000 images",
        "lower it, raise the demand, or drop the rate",
        id="a pair's minimum order above its demand",
    ),
    pytest.param(
        contract(
            "tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 280 PHP/h, up-to: 200 h}, {price: 250 PHP/h}]}"
        ),
        "case.yaml:32:92",
        "the steps overlap: this one ends at 200 h, and the step before ends at 200 h (line 32)",
        "write the steps in order, each with a higher `up-to`",
        id="steps that overlap",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 250 PHP/h, from: 300 h}]}"),
        "case.yaml:32:91",
        "a gap: the step starts at 300 h, and the step before ends at 200 h (line 32)",
        "let it start where the one before ends, or leave `from` out",
        id="a gap between steps",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 250 PHP/h, from: 100 h}]}"),
        "case.yaml:32:91",
        "an overlap: the step starts at 100 h, and the step before ends at 200 h (line 32)",
        "let it start where the one before ends, or leave `from` out",
        id="a step that starts before the last one ends",
    ),
    pytest.param(
        contract("tiers: [{steps: [{price: 300 PHP/h}]}, {products: [moderation], steps: [{price: 250 PHP/h}]}]"),
        "case.yaml:32:55",
        "two tiers price moderation: these and those (line 32)",
        "name each product in one of them; the last may leave `products` out, for all others",
        id="a product in two tiers",
    ),
    pytest.param(
        contract(
            "tiers: {steps: [{price: 300 PHP/h, up-to: 500 h}, {price: 280 PHP/h, up-to: 200 h}, {price: 250 PHP/h}]}"
        ),
        "case.yaml:32:92",
        "the steps overlap: this one ends at 200 h, and the step before ends at 500 h (line 32)",
        "write the steps in order, each with a higher `up-to`",
        id="steps out of order",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 280 PHP/h}, {price: 250 PHP/h}]}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: only the last step may have no `up-to`",
        "write where each earlier step ends",
        id="an open step in the middle",
    ),
    pytest.param(
        contract("tiers: {steps: []}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: tiers need at least one step",
        "write it as in `steps: [{price: 63 USD/1000 boxes}]`",
        id="tiers without steps",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 3 PHP/image}]}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: the steps' prices count different things",
        "write all prices in one currency and per one unit",
        id="prices of different nouns",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 5 USD/h}]}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: the steps' prices count different things",
        "write all prices in one currency and per one unit",
        id="prices in different currencies",
    ),
    pytest.param(
        contract(
            "tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 280 PHP/h, up-to: 90k PHP}, {price: 250 PHP/h}]}"
        ),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: the steps' `from` and `up-to` count different things",
        "write all of them in one unit",
        id="ends in different units",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 frames}, {price: 280 PHP/h}]}"),
        "case.yaml:32:58",
        "the step ends at '200 frames', and moderation has no frames",
        "moderation counts `200 images`, `200 boxes`; items, labels, h and EU count products of all kinds",
        id="an end in a unit the product does not have",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 2k USD}, {price: 280 PHP/h}]}"),
        "case.yaml:32:58",
        "'2k USD' is not money of the price '300 PHP/h'",
        "write it in PHP",
        id="an end in another currency",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 0 PHP/h, up-to: 2k PHP}, {price: 280 PHP/h}]}"),
        "case.yaml:32:56",
        "no step ends at money that is counted at a price of nothing ('0 PHP/h')",
        "write how many units it ends at",
        id="a free step that ends at money",
    ),
    pytest.param(
        contract("tiers: {kind: all-unit, steps: [{price: 0 PHP/h, up-to: 90k PHP}, {price: 280 PHP/h}]}"),
        "case.yaml:32:72",
        "no step ends at money that is counted at a price of nothing ('0 PHP/h')",
        "write how many units it ends at",
        id="an all-unit step that ends at money of a list price of nothing",
    ),
    pytest.param(
        contract("tiers: {kind: all-units, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:30",
        "vendors.acme.contract.tiers.kind does not know 'all-units'",
        "did you mean 'all-unit'?",
        id="a kind of tiers that is not there",
    ),
    pytest.param(
        contract("tiers: {window: year, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:32",
        "vendors.acme.contract.tiers.window does not know 'year'",
        "write one of period, week, month, quarter, horizon",
        id="a window that is not there",
    ),
    pytest.param(
        contract("tiers: {products: [], steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:34",
        "the tiers name no product",
        "write a name, or leave `products` out",
        id="tiers of no product",
    ),
    pytest.param(
        contract("price: 300 PHP/h, tiers: {products: moderaton, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:52",
        "there is no product 'moderaton'",
        "did you mean 'moderation'?",
        id="tiers of an unknown product",
    ),
    pytest.param(
        contract("price: 300 PHP/h, tiers: {products: triage, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:52",
        "the tiers price triage, and no rate of acme leaves its price to them",
        "add a rate of triage with acme, its price left blank",
        id="tiers of a product without a rate",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 3 PHP/polygon}]}"),
        "case.yaml:32:40",
        "'3 PHP/polygon' is per polygon, and moderation has no polygons",
        "its prices can be /image, /box, /label, /h, /EU",
        id="tiers in a noun the product does not have",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: 9M PHP"),
        "case.yaml:32:46",
        "acme is promised 9M PHP, and all its hours (line 30) come to 4,752,000",
        "lower the commitment, or raise the capacity",
        id="a commitment above all capacity",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: {at-least: 3M PHP, window: month}"),
        "case.yaml:32:57",
        "acme is promised 3M PHP, and all its hours of a month (line 30) come to 1,753,714",
        "lower the commitment, or raise the capacity",
        id="a commitment above the capacity of a month",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: 90k PHP, ceiling: 80k PHP"),
        "case.yaml:32:46",
        "the commitment (90k PHP) is above the ceiling (80k PHP) (line 32)",
        "lower it, or raise the ceiling",
        id="a commitment above the ceiling",
    ),
    pytest.param(
        contract(
            "commitment: {at-least: 9k PHP, window: month}, tiers: {window: quarter, steps: [{price: 300 PHP/h}]}"
        ),
        "case.yaml:32:28",
        "the commitment counts by month, the tiers (line 32) by quarter",
        "write `window: quarter` for both, or `window: horizon` here",
        id="windows that clash",
    ),
    pytest.param(
        contract("commitment: {at-least: 9k PHP, window: month}, tiers: {steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:28",
        "the commitment counts by month, the tiers (line 32) by horizon",
        "write `window: horizon` here",
        id="a window within tiers over the horizon",
    ),
    pytest.param(
        contract(
            "tiers: {window: quarter, steps: [{price: 300 PHP/h}]}, "
            "rebate: {window: month, steps: [{at-least: 9k PHP, back: 2%}]}"
        ),
        "case.yaml:32:79",
        "the rebate counts by month, the tiers (line 32) by quarter",
        "write `window: quarter` for both, or `window: horizon` here",
        id="a rebate within the window of tiers",
    ),
    pytest.param(
        contract("price: 300 PHP/h, quality-window: month"),
        "case.yaml:32:50",
        "`quality-window` says over what accuracy is averaged, and no `quality` says what for",
        "add `quality: [{below: 95%, price: -10%}]`, or leave it out",
        id="a window of no bonus or malus",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 500 frames"),
        "case.yaml:32:49",
        "'500 frames' counts frames, the products count images, scans",
        "write `500 items`",
        id="a minimum order in another noun",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 500 images"),
        "case.yaml:32:49",
        "'500 images' counts one kind of item, and the vendor may make others too",
        "write `500 items`",
        id="a minimum order in one of two nouns",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 200_000 items"),
        "case.yaml:32:49",
        "acme takes no order below 200_000 items, and no product it makes is wanted above 120_000 images",
        "lower it, raise the demand, or leave the vendor out",
        id="a minimum order above every demand",
    ),
    pytest.param(
        contract("price: 300 PHP/h, order-multiple: 200_000 items"),
        "case.yaml:32:50",
        "acme takes no order below 200_000 items, and no product it makes is wanted above 120_000 images",
        "lower it, raise the demand, or leave the vendor out",
        id="a lot above every demand",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 0 items"),
        "case.yaml:32:49",
        "minimum-order is not above zero ('0 items')",
        "leave it out",
        id="a minimum order of nothing",
    ),
    pytest.param(
        contract("price: 300 PHP/h, fees: {retainer: 300 USD}"),
        "case.yaml:32:51",
        "vendors.acme.contract.fees.retainer expects money per week or month, got an amount of money ('300 USD')",
        "write it as in `1k USD/month`",
        id="a retainer that is not by time",
    ),
]


@pytest.mark.parametrize(("edits", "place", "message", "fix"), MISTAKES)
def test_mistake_is_told_once_with_place_and_fix(
    told_once: Callable[..., None],
    edits: list[Any],
    place: str,
    message: str,
    fix: str,
) -> None:
    """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
    told_once(edits, place, message, fix)
