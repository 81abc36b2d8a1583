"""Products that go with others: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import rules, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        rules("needs: {product: triage, needs: moderation, at-least: 10 scans}"),
        "case.yaml:41:70",
        "moderation counts images, not scans ('10 scans')",
        "write `10 images`",
        id="a needed amount in another noun",
    ),
    pytest.param(
        rules("needs: {product: triage, needs: moderation, at-least: 130_000 images}"),
        "case.yaml:41:70",
        "triage needs 130_000 images of moderation, whose demand is at most 120_000 images",
        "ask for fewer, or raise the demand",
        id="a needed amount above the demand",
    ),
    pytest.param(
        rules("needs: {product: triage, needs: triage}"),
        "case.yaml:41:23",
        "triage cannot need itself",
        "name another product",
        id="a product that needs itself",
    ),
    pytest.param(
        rules("needs: {product: triage, needs: moderaton}"),
        "case.yaml:41:48",
        "there is no product 'moderaton'",
        "did you mean 'moderation'?",
        id="an unknown product needed",
    ),
]

test_mistakes = told_once_each(MISTAKES)
