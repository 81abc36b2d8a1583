"""Products no vendor makes together: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import rule, told_once_each

MISTAKES: list[Any] = [
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

test_mistakes = told_once_each(MISTAKES)
