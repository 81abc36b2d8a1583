"""Quantities set by hand: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import rules, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        rules(
            "fix: {product: triage, vendor: in-house, items: 10 scans}",
            "fix: {product: triage, vendor: in-house, items: 20 scans}",
        ),
        "case.yaml:42:21",
        "two rules hold triage with in-house at different quantities (line 41)",
        "keep one of them",
        id="two rules that hold one line differently",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: in-house, items: 6_000 scans}"),
        "case.yaml:41:64",
        "the rule holds 6_000 scans, the demand asks for at most 5_000 scans",
        "hold fewer, or raise the demand",
        id="a quantity held above the demand",
    ),
    pytest.param(
        rules(
            "fix: {product: moderation, vendor: in-house, items: 70_000 images}",
            "fix: {product: moderation, vendor: acme, items: 60_000 images}",
        ),
        "case.yaml:42:21",
        "the rules hold 130,000 items of moderation together, its demand is at most 120_000 images",
        "hold fewer, or raise the demand",
        id="quantities held above the demand together",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: in-house, items: 10 images}"),
        "case.yaml:41:64",
        "triage counts scans, not images",
        "write `10 scans`",
        id="a quantity held in another noun",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: in-house, workflow: sampled-55, items: 10 scans}"),
        "case.yaml:41:67",
        "there is no workflow 'sampled-55'",
        "did you mean 'sampled-5'?",
        id="a quantity held in an unknown workflow",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: acme, items: 10 scans}"),
        "case.yaml:41:47",
        "the rule holds triage with acme, which has no rate for it",
        "add a rate, or name another vendor",
        id="a quantity held without a rate",
    ),
    pytest.param(
        rules(
            "only: {products: moderation, vendors: in-house}",
            "fix: {product: moderation, vendor: acme, items: 10 images}",
        ),
        "case.yaml:42:21",
        "the rule holds moderation with acme, which the rule 'r0' (line 41) forbids",
        "hold another vendor, or change that rule",
        id="a quantity held that another rule forbids",
    ),
]

test_mistakes = told_once_each(MISTAKES)
