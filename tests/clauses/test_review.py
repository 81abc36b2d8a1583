"""Review by people of your own: what their hours cost; mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import only, spend_of, written
from mistakes import told_once_each

TEAM = {"review-team": {"wage": "40 USD/h"}}


def test_the_hours_of_checking_are_paid_at_the_wage() -> None:
    """Of 1,000 images at 0.10 USD a tenth is looked at for 36 s: one hour of 40 USD."""
    flow = {"review": {"share": "10%", "catch": "90%", "time": "36 s/image"}}
    assert spend_of(only({"price": "0.10 USD/image"}, 1_000, workflows={"w": flow}, **TEAM)) == pytest.approx(100 + 40)


def test_what_two_passes_disagree_on_is_settled_at_the_wage() -> None:
    """Two answers of 90% among two classes differ for 18% of 1,000 images, each settled in 36 s: 1.8 hours of 40 USD."""
    flow = {"passes": 2, "adjudicate": {"accuracy": "99%", "time": "36 s/image"}}
    item = {"item": "image", "effort": "36 s/image", "classes": 2, "demand": "1_000 images"}
    vendor = {"v": {"accuracy": "90%", "contract": {"price": "0.10 USD/image"}}}
    case = {**written(vendor, workflows={"w": flow}, **TEAM), "products": {"one": item}}
    assert spend_of(case) == pytest.approx(200 + 1.8 * 40)


MISTAKES: list[Any] = [
    pytest.param(
        [("case.yaml", "review-team: {wage: 40 USD/h, capacity: 60 h/week}\n", "")],
        "case.yaml:38:12",
        "'sampled-5' needs somebody to check, and there is no review-team",
        "add `review-team: {wage: 40 USD/h}`",
        id="a review without a review-team",
    ),
]

test_mistakes = told_once_each(MISTAKES)
