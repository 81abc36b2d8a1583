"""Plain prices: what they count, and whether work done again is paid; mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import only, spend_of, written
from mistakes import told_once_each

FLOW = {"passes": 3, "majority": True}


@pytest.mark.parametrize(
    ("price", "each"),
    [
        ("2 USD/image", 2 * 3),
        ("0.5 USD/label", 0.5 * 3),
        ("0.1 USD/box", 0.1 * 4 * 3),
        ("100 USD/h", 100 * 36 / 3_600 * 3),
    ],
)
def test_an_item_is_billed_for_what_its_price_counts(price: str, each: float) -> None:
    """Ten images of four boxes and 36 s, three times each: an image, a label, a box and an hour are counted in every pass."""
    item = {"item": "image", "effort": "36 s/image", "classes": 2, "drivers": {"box": "4/image"}, "demand": "10 images"}
    case = {**only({"price": price}, 10, workflows={"thrice": FLOW}), "products": {"one": item}}
    assert spend_of(case) == pytest.approx(10 * each)


@pytest.mark.parametrize(
    ("more", "times"),
    [({}, 1.0), ({"rework-paid": True}, 1.25), ({"price": "100 USD/h"}, 1.25)],
    ids=["item", "paid", "hour"],
)
def test_work_done_again_is_paid_by_the_hour_or_where_the_contract_says_so(more: dict[str, Any], times: float) -> None:
    """All items are looked at and a fifth goes back: 100 images are made 125 times, at 1 USD an image or as much an hour."""
    review = {"share": "100%", "catch": "100%", "time": "0 s/image", "rework": "vendor"}
    contract = {"price": "1 USD/image", **more}
    vendor = {"v": {"accuracy": "80%", "contract": contract}}
    flow = {"workflows": {"checked": {"review": review}}, "review-team": {"wage": "9 USD/h"}}
    case = written(vendor, least=100, most=100, **flow)
    assert spend_of(case) == pytest.approx(100 * times)


MISTAKES: list[Any] = [
    pytest.param(
        [("case.yaml", "per: hour", "per: item")],
        "case.yaml:32:34",
        "the contract is per item, its price per h ('300 PHP/h')",
        "make them agree, or remove `per`",
        id="a contract per one thing and priced per another",
    ),
]

test_mistakes = told_once_each(MISTAKES)
