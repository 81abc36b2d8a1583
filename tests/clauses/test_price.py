"""Plain prices: what they count, prices of several parts, and whether work done again is paid; mistakes in the case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract_grid import checked, only, pays_its_invoice, spend_of, written
from hypothesis import given
from hypothesis import strategies as st
from mistakes import clause, contract, told_once_each

from allocate import read_case, solve

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


def videos(contract: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A hundred videos of 3,000 frames, labelled at a contract's prices."""
    return {
        "case": "videos",
        "currency": "USD",
        "objective": "cost",
        "units": {"video": "videos", "frame": "frames"},
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            "clips": {
                "item": "video",
                "effort": "10 min/video",
                "drivers": {"frame": "3_000/video"},
                "demand": "100 videos",
            }
        },
        "vendors": {"labelbox": {"accuracy": "95%", "contract": contract, **more}},
    }


BY_VIDEO_AND_FRAME = "0.10 USD/video + 0.10 USD/150 frames"


@pytest.mark.parametrize(
    "price", [{"price": BY_VIDEO_AND_FRAME}, {"price": "0.10 USD/video", "plus": "0.10 USD/150 frames"}]
)
def test_a_price_may_have_parts_in_units_of_their_own(price: dict[str, Any]) -> None:
    """Labelbox bills a unit of 0.10 USD a video and one for 150 frames: 10 USD for 100 videos, 200 for their 300,000 frames."""
    answer = solve(read_case(videos(price)))
    assert answer.plan is not None
    owed = answer.plan.invoice
    assert dict(zip(owed["unit"], owed["amount"], strict=True)) == pytest.approx({"video": 10.0, "frame": 200.0})
    assert dict(zip(owed["unit"], owed["quantity"], strict=True)) == pytest.approx({"video": 100.0, "frame": 300_000.0})


def test_parts_stand_in_one_order_whoever_names_them_first() -> None:
    """A vendor with a part by the hour before one with parts by the frame and the hour: 100 videos of the latter are 10 USD, 300 USD
    by their 300,000 frames and 50 by their 1,000 minutes, and the contract's own text has the lines of the bill so too."""
    case = videos({"price": "0.10 USD/video + 0.001 USD/frame + 3 USD/h"})
    case["vendors"] = {"other": {"contract": {"price": "9 USD/video + 5 USD/h"}}, **case["vendors"]}
    assert spend_of(case) == pytest.approx(10 + 300 + 50)


def test_all_parts_of_a_price_count_as_price() -> None:
    """What is a share of prices, and what counts them, counts 210 USD: a fee of 10%, a rebate of 5%, 90 USD not used up, 2% off."""
    contract = {
        "price": BY_VIDEO_AND_FRAME,
        "rebate": {"steps": [{"at-least": "200 USD", "back": "5%"}]},
        "commitment": "300 USD",
    }
    assert spend_of(videos(contract, **{"platform-fee": "10%"})) == pytest.approx(210 * 1.1 - 10.5 + 90)
    early = {"price": BY_VIDEO_AND_FRAME, "early-payment": {"discount": "2%", "within": "10 days"}}
    assert spend_of(videos(early, season=[{"from": "week 1", "factor": "120%"}])) == pytest.approx(210 * 1.2 * 0.98)


def test_a_rate_may_have_parts(tmp_path: Path) -> None:
    """A price in a table is read as one in a contract, whose price it stands for with all its parts."""
    case = videos({"price": "7 USD/video + 9 USD/h"})
    lines = f"product,vendor,price\nclips,labelbox,{BY_VIDEO_AND_FRAME}\n"
    (tmp_path / "rates.csv").write_text(lines, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(json.dumps({**case, "rates": "rates.csv"}), encoding="utf-8")
    assert pays_its_invoice(solve(read_case(tmp_path))) == pytest.approx(210)


PARTS = {"0.2 EUR/image": 1, "0.01 EUR/box": 4, "0.05 EUR/label": 1, "30 EUR/h": 0.01, "0.03 EUR/item": 1}
"""Prices, and how many of what each counts one pass over an image of four boxes and 36 s has."""


@pytest.mark.slow
@checked(15)
@given(
    st.permutations(sorted(PARTS)).flatmap(lambda some: st.integers(2, 3).map(lambda many: some[:many])),
    st.sampled_from([None, True, False]),
    st.sampled_from(["100%", "90%"]),
)
def test_every_part_is_counted_in_every_pass_and_again_where_that_is_paid(
    parts: list[str], paid: bool | None, season: str
) -> None:
    """Three passes, all looked at, a share sent back: each part as often as a price of it alone would be, by hand."""
    if {"0.2 EUR/image", "0.03 EUR/item"} <= set(parts):
        parts = [one for one in parts if "item" not in one] + ["0.05 EUR/label"] * ("0.05 EUR/label" not in parts)
    review = {"share": "100%", "catch": "100%", "time": "0 s/image", "rework": "vendor"}
    item = {"item": "image", "effort": "36 s/image", "classes": 2, "drivers": {"box": "4/image"}, "demand": "10 images"}

    def spend(price: str) -> float:
        contract = {"price": price, **({} if paid is None else {"rework-paid": paid})}
        vendor = {"v": {"accuracy": "80%", "contract": contract, "season": [{"from": "week 1", "factor": season}]}}
        case = written(
            vendor,
            least=10,
            most=10,
            workflows={"checked": {"passes": 3, "majority": True, "correlation": 0, "review": review}},
        )
        return spend_of({**case, "products": {"one": item}, "review-team": {"wage": "9 USD/h"}})

    accuracy = 0.8**3 + 3 * 0.8**2 * 0.2
    again = {"h": paid is not False}
    by_hand = sum(
        10
        * 3
        * PARTS[one]
        * float(one.split()[0])
        * (1 / accuracy if again.get(one.split("/")[1], paid is True) else 1)
        for one in parts
    )
    assert spend(" + ".join(parts)) == pytest.approx(by_hand * 1.25 * float(season.rstrip("%")) / 100)


MISTAKES: list[Any] = [
    pytest.param(
        contract("price: 300 PHP/h + 1 USD/scan"),
        "case.yaml:32:15",
        "vendors.acme.contract: the parts of the price are in two currencies ('300 PHP/h', '1 USD/scan')",
        "write all in PHP",
        id="parts in two currencies",
    ),
    pytest.param(
        contract("price: 300 PHP/h + 20 PHP/h"),
        "case.yaml:32:15",
        "vendors.acme.contract: two parts of the price are per h",
        "write their sum",
        id="two parts per the same",
    ),
    pytest.param(
        contract("plus: 20 PHP/h"),
        "case.yaml:32:15",
        "vendors.acme.contract: '20 PHP/h' is a further part of a price, and there is none",
        "write its first part as `price`",
        id="a further part of no price",
    ),
    pytest.param(
        clause("plus: 20 PHP/page"),
        "case.yaml:32:34",
        "'20 PHP/page' is per page, and moderation has no pages",
        "its prices can be /image, /box, /label, /h, /EU",
        id="a part that products have no count of",
    ),
    pytest.param(
        clause("plus: 20 PHP/image, tiers: {steps: [{price: 250 PHP/h}]}"),
        "case.yaml:32:72",
        "the price of acme has several parts, and tiers is about a price of one",
        "write a price of one part, or parts in the rates",
        id="parts beside tiers",
    ),
    pytest.param(
        [("case.yaml", "per: hour", "per: item")],
        "case.yaml:32:34",
        "the contract is per item, its price per h ('300 PHP/h')",
        "make them agree, or remove `per`",
        id="a contract per one thing and priced per another",
    ),
]

test_mistakes = told_once_each(MISTAKES)
