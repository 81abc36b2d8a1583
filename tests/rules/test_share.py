"""Shares of the mix: mistakes in the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mistakes import product, rule, rules, told_once_each

from allocate.errors import Problem

MISTAKES: list[Any] = [
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
        rules("share: {vendor: acme, at-least: 60%}", "share: {vendor: in-house, at-least: 50%}"),
        "case.yaml:42:52",
        "with this rule and 'r0' (line 41), vendors must have 110% of spend together",
        "lower at-least here or there",
        id="floors above all there is",
    ),
]

test_mistakes = told_once_each(MISTAKES)


def test_words_that_may_stand_for_vendors_are_listed_where_they_may(
    problems_of: Callable[..., tuple[Problem, ...]],
) -> None:
    """An unknown vendor of a share may be meant as `each` or `incumbent`, one of a budget limit may not."""
    limit = ("case.yaml", "at-most: 90k USD", "vendors: [somebody], at-most: 90k USD")
    found = problems_of([*rule("share: {vendor: somebody, at-most: 50%}"), limit])
    assert [one.fix for one in found] == ["known: acme, in-house", "known: acme, each, in-house, incumbent"]
