"""Review by people of your own: what their hours cost; mistakes in the case."""

from __future__ import annotations

import math
from typing import Any

import pytest
from contract_grid import only, spend_of, written
from mistakes import told_once_each

from allocate import CaseError, read_case

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


MONTGOMERY = {"size": 1_000, "sample": 50, "accept": 1, "reject": 4, "second": 100, "accept-both": 3}
"""n1 = 50, c1 = 1, r1 = 4, n2 = 100, c2 = 3 (Introduction to Statistical Quality Control, section 15.3)."""


def twice(lots: dict[str, Any]) -> dict[str, Any]:
    """1,000 images at 0.10 USD, 95% right, in lots of which a reviewer who sees every wrong item looks at some for 36 s each."""
    review = {"lots": lots, "catch": "100%", "time": "36 s/image"}
    item = {"item": "image", "effort": "36 s/image", "demand": "1_000 images"}
    vendor = {"v": {"accuracy": "95%", "contract": {"price": "0.10 USD/image"}}}
    return {**written(vendor, workflows={"w": {"review": review}}, **TEAM), "products": {"one": item}}


def test_a_lot_that_the_first_sample_does_not_decide_has_a_second_one() -> None:
    """Of lots with 5% wrong items the first sample accepts 0.2794, both together 0.0110 (Montgomery's 0.2904 in all); of the former
    50 of 1,000 items are looked at, of the latter 150, and all of every other lot, at 0.40 USD an item."""
    first, both = 0.27943, 0.01099
    looked_at = 0.05 * first + 0.15 * both + (1.0 - first - both)
    assert spend_of(twice(MONTGOMERY)) == pytest.approx(100 + 400 * looked_at, abs=0.02)


@pytest.mark.parametrize(
    "lots",
    [
        {"size": 300, "sample": 10, "accept": 0, "second": 20, "accept-both": 2},
        {"size": 60, "sample": 20, "accept": 1, "reject": 3, "second": 40, "accept-both": 5},
        {"size": 50, "sample": 3, "accept": 0, "reject": 2, "second": 2, "accept-both": 1},
    ],
)
def test_every_number_of_wrong_items_in_both_samples_is_gone_through(lots: dict[str, Any]) -> None:
    """What is looked at is the mean over every count of wrong items in either sample, each as often as it comes."""

    def chance(wrong: int, of: int) -> float:
        return math.comb(of, wrong) * 0.05**wrong * 0.95 ** (of - wrong)

    n, m, looked_at = lots["sample"], lots["second"], 0.0
    for k in range(n + 1):
        for j in range(m + 1):
            second = lots["accept"] < k < lots.get("reject", lots["accept-both"] + 1)
            passes = k <= lots["accept"] or (second and k + j <= lots["accept-both"])
            looked_at += chance(k, n) * chance(j, m) * ((n + m if second else n) if passes else lots["size"])
    assert spend_of(twice(lots)) == pytest.approx(100 + 400 * looked_at / lots["size"])


def test_a_second_sample_has_one_decision_for_each_number_of_wrong_items() -> None:
    """What is missing or decides twice is refused, with what may be written."""
    for change, words in (
        ({"accept-both": None}, "a second sample needs sample, accept, second and accept-both"),
        ({"second": None}, "a second sample needs sample, accept, second and accept-both"),
        ({"accept-both": 1}, "accept-both is to be from 2 to 101, got 1"),
        ({"reject": 5}, "reject is to be from 3 to 4, got 5"),
        ({"second": 951}, "the samples of 1001 together are more than the lot of 1000"),
        ({"sample": None, "accept": None, "good": "1%", "bad": "5%"}, "a second sample needs sample, accept"),
    ):
        lots = {key: value for key, value in {**MONTGOMERY, **change}.items() if value is not None}
        with pytest.raises(CaseError, match=words):
            read_case(twice(lots))


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
