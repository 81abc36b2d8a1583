"""Commitments above all that a vendor could bill: found whatever the capacity and the price count, and never by mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from contract_grid import checked, steps, written
from hypothesis import given
from hypothesis import strategies as st

from allocate import CaseError, formulate, read_case, routes
from allocate.costing.bill.lines import Lines
from allocate.costing.invoice import invoice
from allocate.costing.terms.windows import parts_of, windows
from allocate.numerals import plainly


def case_of(vendor: dict[str, Any], contract: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One vendor of images with two boxes each, made in 36 s; two weeks."""
    case = written(
        {"v": {**vendor, "contract": contract}},
        least=0,
        most=100_000,
        **{"weeks": 2, "exchange": {"EUR": "1.25 USD"}, **more},
    )
    for product in case["products"].values():
        product["drivers"] = {"box": "2/image"}
    return case


def refused(case: dict[str, Any]) -> str:
    """What `check` says of a commitment, empty where it says nothing."""
    try:
        formulate(read_case(case))
    except CaseError as error:
        (problem,) = error.problems
        assert problem.fix == "lower the commitment, or raise the capacity"
        return problem.message
    return ""


COUNTED = [
    {"capacity": "10 h/week"},
    {"people": 1, "hours": "12.5 h/week", "shrinkage": "20%"},
    {"capacity": "1_000 images/week"},
    {"capacity": "1_000 items/week"},
    {"capacity": "2_000 boxes/week"},
    {"capacity": "2_000 images"},
]
"""A thousand images a week, two thousand in all, said in several ways."""
PRICED = ["1 USD/image", "1 USD/item", "1 USD/label", "0.5 USD/box", "100 USD/h", "0.8 EUR/image"]
"""A dollar an image, said in several ways."""


@pytest.mark.parametrize("price", PRICED)
@pytest.mark.parametrize("capacity", COUNTED)
def test_a_commitment_is_held_against_any_capacity_at_any_price(capacity: dict[str, Any], price: str) -> None:
    """2,000 USD are all there is, for images, boxes, hours, in dollars or euros: 1,999 may be promised, 2,001 not."""
    assert refused(case_of(capacity, {"price": price, "commitment": "1_999 USD"})) == ""
    found = refused(case_of(capacity, {"price": price, "commitment": "2_001 USD"}))
    assert found.startswith("v is promised 2_001 USD, and all it")
    assert "2,000" in found


@pytest.mark.parametrize(
    ("contract", "most"),
    [
        ({"tiers": steps("incremental", (500, 1.0), (None, 0.5))}, 500 + 750),
        ({"tiers": steps("all-unit", (500, 1.0), (None, 0.5))}, 1000),
        ({"tiers": steps("all-unit", (1500, 1.0), (None, 0.5))}, 1500),
        ({"tiers": steps("incremental", (500, 1.0), (None, 0.5), window="week")}, 2 * 750),
        ({"tiers": {"steps": [{"price": "1 USD/box", "up-to": "500 images"}, {"price": "0.5 USD/box"}]}}, 1000 + 1500),
    ],
)
def test_prices_by_volume_count_as_they_would_be_billed(contract: dict[str, Any], most: int) -> None:
    """2,000 images fill cheap steps too; what they come to is the most, not all of them at the dearest price."""
    capacity = {"capacity": "1_000 images/week"}
    assert refused(case_of(capacity, {**contract, "commitment": f"{most - 1} USD"})) == ""
    assert f"comes to {most:,} USD" in refused(case_of(capacity, {**contract, "commitment": f"{most + 1} USD"}))


@pytest.mark.parametrize(
    ("window", "words", "most"), [("week", " in a week", 1000), ("month", " in a month", 2000), ("horizon", "", 2000)]
)
def test_a_window_is_held_against_what_it_holds(window: str, words: str, most: int) -> None:
    """Of a month no more than the two weeks there are counts."""
    for promised in (most - 1, most + 1):
        commitment = {"at-least": f"{promised} USD", "window": window}
        found = refused(case_of({"capacity": "1_000 images/week"}, {"price": "1 USD/image", "commitment": commitment}))
        wanted = f"v is promised {promised} USD{words}, and all it could bill with what it can do comes to {most:,} USD"
        assert found == (wanted if promised > most else "")


def test_the_rate_card_and_seasons_count() -> None:
    """60 images a week by one line and 40 by the other, the second at twice the price, half as much again from week 2 on."""
    lines = [
        {"product": "one", "vendor": "v", "price": "1 USD/image", "capacity": "60 images/week"},
        {"product": "two", "vendor": "v", "price": "2 USD/image", "capacity": "40 images/week"},
    ]
    vendor = {"season": [{"from": "week 2", "factor": "150%"}]}
    for promised in (349, 351):
        case = case_of(vendor, {"commitment": f"{promised} USD"}, products=("one", "two"), rates=lines)
        assert ("comes to 350 USD" in refused(case)) == (promised > 350)


@pytest.mark.parametrize("more", [{}, {"capacity": "10 tokens/week"}])
def test_what_nothing_limits_may_be_promised(more: dict[str, Any]) -> None:
    """Without a capacity, or with one of something that only other products have, any commitment may be used up."""
    case = case_of(more, {"price": "1 USD/image", "commitment": "9M USD"}, products=("one", "two"))
    case["products"]["two"]["drivers"]["token"] = "3/image"
    assert refused(case) == ""


def test_the_place_and_the_line_of_the_capacity_are_named(tmp_path: Path) -> None:
    """As a user sees it in a file, with the line of the culprit at the other end."""
    text = (
        "case: c\ncurrency: USD\nobjective: cost\nhorizon: {start: 2027-01-04, weeks: 2}\nworkflows: {plain: {}}\n"
        "products: {one: {item: image, effort: 36 s/image, demand: {at-most: 9_000 images}}}\n"
        "vendors:\n  v:\n    capacity: 900 EU/week\n    contract: {price: 1 USD/image, commitment: 5k USD}\n"
    )
    path = tmp_path / "case.yaml"
    path.write_text(text)
    with pytest.raises(CaseError) as raised:
        formulate(read_case(path))
    (problem,) = raised.value.problems
    assert str(problem.place).endswith("case.yaml:10:48")
    assert "what it can do (line 9) comes to" in problem.message


@st.composite
def vendors(draw: st.DrawFn) -> dict[str, Any]:
    """A vendor of any capacities and prices, and a plan that keeps them."""
    per_week = draw(st.integers(1, 5)) * 100
    capacity = draw(st.sampled_from([f"{per_week / 100} h/week", f"{per_week} images/week", f"{per_week} boxes/week"]))
    unit = draw(st.sampled_from(["image", "box", "h", "label"]))
    scale = {"h": 100.0, "box": 0.5}.get(unit, 1.0)
    prices = [f"{plainly(format(draw(st.integers(1, 20)) / 10 * scale, '.4g'))} USD/{unit}" for _ in range(2)]
    contract: dict[str, Any] = {"price": prices[0]}
    inner = draw(st.sampled_from(["week", "month", "horizon"]))
    if draw(st.booleans()):
        end = f"{draw(st.integers(1, 8)) * 50} {draw(st.sampled_from(['images', 'boxes', 'USD']))}"
        contract = {
            "tiers": {
                "kind": draw(st.sampled_from(["incremental", "all-unit"])),
                "window": inner,
                "steps": [{"price": prices[0], "up-to": end}, {"price": prices[1]}],
            }
        }
    window = draw(st.sampled_from(["week", "month", "horizon"][["week", "month", "horizon"].index(inner) :]))
    season = [{"from": "week 2", "factor": draw(st.sampled_from(["80%", "130%"]))}]
    contract["commitment"] = {"at-least": "0 USD", "window": window}
    return {"capacity": capacity, "season": season, "contract": contract}


@pytest.mark.slow
@checked(30)
@given(vendors(), st.integers(0, 4), st.floats(0, 1), st.integers(0, 3))
def test_what_some_plan_bills_is_never_refused(vendor: dict[str, Any], weeks: int, mixed: float, passes: int) -> None:
    """A plan that fills the capacity week by week with any mix of two products bills an amount that may be promised."""
    flows = {"plain": {"passes": 3, "majority": True}} if passes == 3 else {"plain": {}}
    case = case_of(vendor, vendor["contract"], products=("one", "two"), weeks=weeks + 1, workflows=flows)
    case["products"]["two"] |= {"drivers": {"box": "5/image"}, "effort": "90 s/image"}
    read = read_case(case)
    ways, periods = routes(read), read.periods
    noun = read.vendors["v"].capacity.of()  # type: ignore[union-attr]
    each = {None: ways.hours, "h": ways.hours, "image": np.ones(2), "box": np.array([2.0, 5.0])}[noun]
    most = read.vendors["v"].capacity.number  # type: ignore[union-attr]
    items = np.outer(np.array([mixed, 1 - mixed]) * most / each, np.ones(periods.count)) * (1 - 1e-9)
    route, period = np.nonzero(items)
    owed = invoice(Lines(read, ways, route.astype(np.int32), period.astype(np.int32), items[route, period]))
    over = windows(periods, vendor["contract"]["commitment"]["window"])
    shares, billed = parts_of(periods, over), np.zeros(len(over.labels))
    for entry in owed.entries:
        billed += entry.amount * shares[entry.window]
    case["vendors"]["v"]["contract"]["commitment"]["at-least"] = f"{billed.max() * (1 - 1e-6):.9f} USD"
    assert refused(case) == ""
