"""Mistakes in seats, bonus and malus, rebates, incumbents. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def clause(text: str) -> list[Any]:
    """The edit that adds clauses to acme's contract."""
    return [
        ("case.yaml", "contract: {per: hour, price: 300 PHP/h}", f"contract: {{per: hour, price: 300 PHP/h, {text}}}")
    ]


def tiered(text: str) -> list[Any]:
    """The edit that gives acme tiers and other clauses."""
    return [("case.yaml", "price: 300 PHP/h}", f"tiers: {{steps: [{{price: 300 PHP/h}}]}}, {text}}}")]


def rule(text: str) -> list[Any]:
    """The edit that puts another rule before the last."""
    return [("case.yaml", "rules:\n", f"rules:\n  - {{name: r, {text}}}\n")]


def product(text: str) -> list[Any]:
    """The edit that adds a key to the product triage."""
    return [("case.yaml", "    demand: 5_000 scans\n", f"    demand: 5_000 scans\n    {text}\n")]


MISTAKES: list[Any] = [
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 40 h/week}}"),
        "case.yaml:32:89",
        "the seat is paid by the month ('99 USD/month') and carries work by the week ('40 h/week')",
        "write `40 h/month`, with the work of a month",
        id="a seat paid by one time that carries by another",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/year, carries: 2_000 h/year}}"),
        "case.yaml:32:66",
        "seats are not sold by the year",
        "write both by week, month or quarter",
        id="a seat by the year",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 9 labels/month}}"),
        "case.yaml:32:89",
        "a seat carries labels, which no product has",
        "write hours, items or EU",
        id="a seat that carries what nobody counts",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 9 h/month, products: [triag]}}"),
        "case.yaml:32:110",
        "there is no product 'triag'",
        "did you mean 'triage'?",
        id="a seat for a product that is not there",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 0 h/month}}"),
        "case.yaml:32:89",
        "vendors.acme.contract.fees.seat.carries is not above 0 ('0 h/month')",
        "write an amount above zero",
        id="a seat that is free of work",
    ),
    pytest.param(
        clause("fees: {seat: {price: 9 USD/h, carries: 9 h/month}}"),
        "case.yaml:32:66",
        "vendors.acme.contract.fees.seat.price expects money per week or month or an amount of money, got money per hour ('9 USD/h')",
        "write it as in `99 USD/month`",
        id="a seat priced by the hour",
    ),
    pytest.param(
        clause("quality: [{price: -10%}]"),
        "case.yaml:32:55",
        "vendors.acme.contract.quality.0: a quality step is for accuracies below or above one bound",
        "write it as in `below: 95%` or `above: 99%`",
        id="a quality step without a bound",
    ),
    pytest.param(
        clause("quality: [{below: 97%, price: -10%}, {above: 95%, price: 3%}]"),
        "case.yaml:32:63",
        "an accuracy between 95% and 97% is both below this step and above another (line 32)",
        "write `95%` or less",
        id="quality steps that overlap",
    ),
    pytest.param(
        clause("quality: [{below: 97%, price: -10%}, {below: 97%, price: -20%}]"),
        "case.yaml:32:82",
        "two steps are for accuracies below 97% (line 32)",
        "keep one of them",
        id="a quality step twice",
    ),
    pytest.param(
        clause("quality: [{below: 97%, price: -10}]"),
        "case.yaml:32:75",
        "vendors.acme.contract.quality.0.price: changes the price by more than itself ('-10')",
        "did you mean `-10%`?",
        id="a malus of more than the price",
    ),
    pytest.param(
        clause("lateness: [{beyond: 1 week, price: -400 PHP/h}]"),
        "case.yaml:32:80",
        "'-400 PHP/h' takes off more than the price ('300 PHP/h') (line 32)",
        "write a smaller malus",
        id="a malus of more money than the price",
    ),
    pytest.param(
        clause("lateness: [{beyond: 1 week, price: -4 PHP/image}]"),
        "case.yaml:32:80",
        "'-4 PHP/image' is per image, and a price ('300 PHP/h') (line 32) is not",
        "write it per h",
        id="a malus for another unit than the price",
    ),
    pytest.param(
        clause("rebate: {steps: [{at-least: 9k PHP, back: 2%}, {at-least: 8k PHP, back: 3%}]}"),
        "case.yaml:32:103",
        "the steps overlap: this one holds from 8k PHP, the one before (line 32) from 9k PHP",
        "write the steps in order, each with a higher `at-least`",
        id="rebate steps out of order",
    ),
    pytest.param(
        clause("rebate: {steps: [{at-least: 9k PHP, back: 2%}, {at-least: 80k USD, back: 3%}]}"),
        "case.yaml:32:53",
        "vendors.acme.contract.rebate: the steps are in different currencies",
        "write all of them in one",
        id="rebate steps in two currencies",
    ),
    pytest.param(
        clause("rebate: {steps: []}"),
        "case.yaml:32:53",
        "vendors.acme.contract.rebate: a rebate needs at least one step",
        "write it as in `steps: [{at-least: 100k USD, back: 2%}]`",
        id="a rebate without steps",
    ),
    pytest.param(
        clause("ceiling: 8k PHP, rebate: {steps: [{at-least: 9k PHP, back: 2%}]}"),
        "case.yaml:32:90",
        "nobody reaches 9k PHP: the contract's ceiling (line 32) is 8k PHP",
        "lower it, or raise the ceiling",
        id="a rebate above the ceiling",
    ),
    pytest.param(
        clause("rebate: {steps: [{at-least: 9k PHP, back: 200}]}"),
        "case.yaml:32:87",
        "vendors.acme.contract.rebate.steps.0.back is outside 0% to 100% ('200')",
        "write a share, as in `50%`",
        id="a rebate of more than all",
    ),
    pytest.param(
        [("case.yaml", "price: 300 PHP/h}", "tiers: {surplus: allowed, steps: [{price: 300 PHP/h}]}}")],
        "case.yaml:32:34",
        "vendors.acme.contract.tiers: buying more than is used never makes incremental steps cheaper",
        "leave `surplus` out, or write `kind: all-unit`",
        id="surplus of incremental steps",
    ),
    pytest.param(
        [("case.yaml", "price: 300 PHP/h}", "tiers: {surplus: maybe, kind: all-unit, steps: [{price: 300 PHP/h}]}}")],
        "case.yaml:32:44",
        "vendors.acme.contract.tiers.surplus does not know 'maybe'",
        "write one of allowed, paid-only",
        id="surplus neither allowed nor absent",
    ),
    pytest.param(
        product("incumbent: acmee"),
        "case.yaml:24:16",
        "there is no vendor 'acmee'",
        "did you mean 'acme'?",
        id="an incumbent that is not there",
    ),
    pytest.param(
        product("incumbent: acme"),
        "case.yaml:24:16",
        "the incumbent of triage, acme, has no rate for it",
        "add a rate, or name another vendor",
        id="an incumbent without a rate",
    ),
    pytest.param(
        product("incumbent: {vendor: in-house, switching: 5k USD, paid-to: acmee}"),
        "case.yaml:24:63",
        "there is no vendor 'acmee'",
        "did you mean 'acme'?",
        id="the cost of switching paid to nobody there is",
    ),
    pytest.param(
        product("incumbent: {vendor: in-house, paid-to: acme}"),
        "case.yaml:24:44",
        "`paid-to` says who gets the cost of switching, and no `switching` says how much it is",
        "add `switching: 5k USD`, or leave `paid-to` out",
        id="somebody paid for switching that costs nothing",
    ),
    pytest.param(
        product("incumbent: {vendor: in-house, below: 20%}"),
        "case.yaml:24:42",
        "`below` says when switching costs, and no `switching` says how much",
        "add `switching: 5k USD`, or leave `below` out",
        id="a part to keep that costs nothing",
    ),
    pytest.param(
        rule("share: {of: items, at-most: 50%}"),
        "case.yaml:41:22",
        'rules."r".share: a share is that of vendors or of a region',
        "write it as in `vendor: …` or `region: …`",
        id="a share of nobody",
    ),
    pytest.param(
        rule("share: {vendor: acme, region: PH, at-most: 50%}"),
        "case.yaml:41:22",
        'rules."r".share: a share is that of vendors or of a region',
        "write it as in `vendor: …` or `region: …`",
        id="a share of vendors and of a region",
    ),
    pytest.param(
        rule("share: {region: PHL, at-most: 50%}"),
        "case.yaml:41:31",
        "no vendor is in the region 'PHL'",
        "did you mean 'PH'?",
        id="a region nobody is in",
    ),
    pytest.param(
        rule("share: {vendor: incumbent, at-least: 50%}"),
        "case.yaml:41:31",
        "no product has an incumbent",
        "add `incumbent: …` to those that have one",
        id="incumbents where there are none",
    ),
    pytest.param(
        [*rule("share: {vendor: incumbent, products: moderation, at-least: 50%}"), *product("incumbent: in-house")],
        "case.yaml:42:52",
        "moderation has no incumbent",
        "add `incumbent: …` to moderation",
        id="incumbents of a product without one",
    ),
    pytest.param(
        rule("share: {vendor: [incumbent, acme], at-least: 50%}"),
        "case.yaml:41:31",
        "`incumbent` stands alone",
        "write `vendor: incumbent`, or the names",
        id="incumbents beside names",
    ),
    pytest.param(
        rule("incompatible: {products: [triage, triage]}"),
        "case.yaml:41:29",
        'rules."r".incompatible: one product alone is incompatible with nothing',
        "name two products or more",
        id="one product incompatible with itself",
    ),
    pytest.param(
        rule("incompatible: {products: [triage, moderatoin]}"),
        "case.yaml:41:40",
        "there is no product 'moderatoin'",
        "did you mean 'moderation'?",
        id="incompatible with a product that is not there",
    ),
    pytest.param(
        rule("incompatible: {products: [triage, moderation]}, penalty: 9 USD/image"),
        "case.yaml:41:72",
        "the rule 'r' is about a number of products, its penalty is '9 USD/image'",
        "write `9 USD/product`",
        id="a penalty for another thing than products",
    ),
]


@pytest.mark.parametrize(("edits", "place", "message", "fix"), MISTAKES)
def test_mistake_is_told_once_with_place_and_fix(
    told_once: Callable[..., None], edits: list[Any], place: str, message: str, fix: str | None
) -> None:
    """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
    told_once(edits, place, message, fix)
