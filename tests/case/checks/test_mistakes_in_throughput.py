"""Mistakes in what people do over time: learning, turnover, stages, work in progress. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import team, told_once_each

PEOPLE = "in-house: {people: 10, hours: 40 h/week, shrinkage: 15%, ramp: [60%, 80%, 100%]}"


def in_house(more: str) -> list[Any]:
    """The edit that says more of the in-house vendor."""
    return [("case.yaml", PEOPLE, f"{PEOPLE[:-1]}, {more}}}")]


PER_ITEM = ("rates.csv", "40 USD/h", "2 USD/scan")


def unpaid(more: str) -> list[Any]:
    """The edits that say more of the in-house vendor, and pay it by the item."""
    return [*in_house(more), PER_ITEM]


def staffed(clauses: str, beside: str = "") -> list[Any]:
    """The edits that make the in-house vendor a team that says more."""
    return team(f"people: 10, hours: 40 h/week, wage: 25 USD/h, {clauses}", beside)


def checked(leads: str) -> list[Any]:
    """The edit that writes a workflow out, with leads."""
    review = "review: {share: 10%, time: 30 s/item}"
    return [
        (
            "case.yaml",
            "workflows: [single-pass, sampled-5]",
            f"workflows: {{single-pass: , mine: {{{review}, leads: {leads}}}}}",
        )
    ]


MISTAKES = [
    pytest.param(
        in_house("learning: {rate: 190%, from: 500 items}"),
        "case.yaml:27:101",
        "vendors.in-house.learning.rate is outside 0% to 100% ('190%')",
        "write a share, as in `50%`",
        id="learning that takes longer",
    ),
    pytest.param(
        in_house("learning: {rate: 50%, from: 500 items}"),
        "case.yaml:27:94",
        "vendors.in-house.learning: a learning rate of 50% makes more items take no more time than fewer",
        "write what hours fall to at each doubling, as in `90%`",
        id="learning without end",
    ),
    pytest.param(
        in_house("learning: {rate: 90%}"),
        "case.yaml:27:84",
        "vendors.in-house.learning needs the key 'from'",
        "add `from: …`",
        id="learning from no items",
    ),
    pytest.param(
        unpaid("learning: {rate: 90%, from: 500 scans}"),
        "case.yaml:27:112",
        "moderation counts images, not scans ('500 scans')",
        "write `500 items`, which holds for all",
        id="learning in items of one product",
    ),
    pytest.param(
        in_house("learning: {rate: 90%, from: 500 items}, contract: {ceiling: 9k USD}"),
        "case.yaml:27:144",
        "vendors.in-house learns and is paid by the hour, and `ceiling` counts prices of items, which hours that fall do not have",
        "write its price per item, or leave that out",
        id="a ceiling of prices that follow learning",
    ),
    pytest.param(
        [
            *in_house("learning: {rate: 90%, from: 500 items}"),
            ("rates.csv", "triage,in-house,40 USD/h", "triage,in-house,40 USD/h + 1 USD/scan"),
        ],
        "rates.csv:4:17",
        "vendors.in-house learns and is paid by the hour beside other prices: prices of several parts, steps and fees do not follow the hours of learning",
        "write its price per item, or plan its people as a `team`",
        id="parts of a price beside hours of learning",
    ),
    pytest.param(
        unpaid("learning: [{rate: 90%, from: 9 items}, {rate: 80%, from: 9 items, products: triage}]"),
        "case.yaml:27:123",
        "vendors.in-house learns triage twice",
        "name each product once",
        id="a product learnt twice",
    ),
    pytest.param(
        [("case.yaml", f"{PEOPLE}\n", "in-house: {learning: {rate: 90%, from: 500 items}}\n"), PER_ITEM],
        "case.yaml:27:24",
        "vendors.in-house learns, and its hours limit nothing",
        "add `capacity: 400 h/week`, people and hours, or a team; or remove `learning`",
        id="learning that lessens nothing",
    ),
    pytest.param(
        checked("{}"),
        "case.yaml:39:81",
        "workflows.mine.leads: leads name no stage",
        "write it as in `leads: {review: 1 week}`",
        id="leads of no stage",
    ),
    pytest.param(
        checked("{rework: 1 week}"),
        "case.yaml:39:34",
        "workflows.mine: leads name rework, and nothing is sent back",
        "remove `rework` from `leads`, or write `rework: vendor` in the review",
        id="a lead of rework that is not done",
    ),
    pytest.param(
        checked("{adjudicate: 1 week}"),
        "case.yaml:39:34",
        "workflows.mine: leads name adjudication, which the workflow does not have",
        "remove `adjudicate` from `leads`",
        id="a lead of adjudication that is not done",
    ),
    pytest.param(
        [("case.yaml", "    accuracy: 97%\n", "    accuracy: 97%\n    work-in-progress: 900 scans\n")],
        "case.yaml:18:23",
        "products.moderation counts images, not scans ('900 scans')",
        "write `900 images`",
        id="work in progress of other items",
    ),
    pytest.param(
        [
            ("case.yaml", "    accuracy: 97%\n", "    accuracy: 97%\n    work-in-progress: 900 images\n"),
            ("case.yaml", "    lead: 1 week\n", ""),
        ],
        "case.yaml:18:23",
        "products.moderation limits its work in progress, and everything is delivered when it is made",
        "give a vendor a `lead`, or a workflow `leads`",
        id="work in progress where nothing waits",
    ),
    pytest.param(
        in_house("turnover: 3%"),
        "case.yaml:27:94",
        "vendors.in-house.turnover expects a share per year, got a percentage ('3%')",
        "write it as in `3 %/month`",
        id="turnover without a time",
    ),
    pytest.param(
        in_house("turnover: {rate: 3 %/month, ramp: [50%]}"),
        "case.yaml:27:118",
        "vendors.in-house has a ramp for those who come after leavers, and nobody is hired in their place",
        "add `vacancy: 3 weeks`, or remove the ramp",
        id="a ramp of nobody",
    ),
    pytest.param(
        [("case.yaml", f"{PEOPLE}\n", "in-house: {turnover: 3 %/month}\n")],
        "case.yaml:27:24",
        "vendors.in-house has no people and no capacity by week for its turnover to lessen",
        "add `capacity: 400 h/week`, or people and hours",
        id="turnover of nothing",
    ),
    pytest.param(
        staffed("turnover: 3 %/month"),
        "case.yaml:27:77",
        "the team of in-house does not say how long a leaver's place stays empty",
        "say how long, as in `turnover: {rate: 3 %/month, vacancy: 3 weeks}`",
        id="a team that never says when places are filled",
    ),
    pytest.param(
        staffed("ramp: [50%], hire: {cost: 2k USD}", ", turnover: 3 %/month"),
        "case.yaml:27:113",
        "vendors.in-house has a team, and `turnover` beside it",
        "write it once, as `team: {turnover: …}`",
        id="turnover beside the team",
    ),
]


test_mistakes = told_once_each(MISTAKES)
