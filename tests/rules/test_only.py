"""Who may work on products: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import rules, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        rules("only: {vendors-with: hipaa}"),
        "case.yaml:41:37",
        "no vendor is certified 'hipaa'",
        "write `certified: [hipaa]` at a vendor that is",
        id="a certificate nobody holds",
    ),
    pytest.param(
        rules("only: {regions: [PL]}"),
        "case.yaml:41:32",
        "no vendor is in the region 'PL'",
        "known: PH",
        id="a region nobody is in",
    ),
    pytest.param(
        rules("only: {products: triage, vendors: acme}"),
        "case.yaml:41:22",
        "with this rule no vendor that has a rate for triage may make it",
        "allow one that has, add a rate for one that may, or ask for nothing of it",
        id="a rule that leaves nobody with a rate",
    ),
    pytest.param(
        rules("only: {products: triage, vendors: in-house}", "only: {regions: PH}"),
        "case.yaml:42:22",
        "with this rule beside 'r0' (line 41) no vendor that has a rate for triage may make it",
        "allow one that has, add a rate for one that may, or ask for nothing of it",
        id="two rules that leave nobody",
    ),
    pytest.param(
        rules("only: {products: triage}"),
        "case.yaml:41:22",
        'rules."r0".only: the rule does not say who may',
        "write it as in `vendors: […]`, `vendors-with: hipaa` or `regions: […]`",
        id="a rule that does not say who may",
    ),
    pytest.param(
        rules("only: {vendors: []}"),
        "case.yaml:41:32",
        "the rule names no vendor",
        "write a name, or leave `vendors` out",
        id="a rule that names nobody",
    ),
]

test_mistakes = told_once_each(MISTAKES)
