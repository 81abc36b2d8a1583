"""Steps that count something else than the price, or money: items, labels, hours, EU and boxes in any combination."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import checked, exact, only, spend_of, written
from hypothesis import given
from hypothesis import strategies as st

from allocate import read_case, solve
from allocate.costing.trace import trace
from allocate.numerals import plainly

ENDS = {"image": (5, 60), "label": (5, 60), "box": (10, 150), "h": (0.1, 1.0), "EU": (30, 300), "USD": (5, 60)}
"""What steps count, and between which amounts the drawn ones end."""


def two_kinds(tiers: dict[str, Any], least: int = 40, **more: Any) -> dict[str, Any]:
    """Two products of one vendor: images of one box and 36 s, and images of three boxes and 72 s."""
    more.setdefault("vendors", {"v": {"contract": {"tiers": tiers}}})
    case = written(more.pop("vendors"), products=("one", "two"), least=least, most=least, **more)
    case["products"]["one"]["drivers"] = {"box": "1/image"}
    case["products"]["two"].update(drivers={"box": "3/image"}, effort="72 s/image")
    return case


def by_box(kind: str, end: str, **more: Any) -> dict[str, Any]:
    """A dollar a box up to an end, half a dollar above."""
    return {"kind": kind, "steps": [{"price": "1 USD/box", "up-to": end}, {"price": "0.5 USD/box"}], **more}


def test_all_unit_steps_end_at_money_at_the_list_price() -> None:
    """120 items are 120 USD at the list price: above 100 USD all cost 80 cents, 96 USD, which is below 100 and stays."""
    listed = [{"price": "1 USD/image", "up-to": "100 USD"}, {"price": "0.8 USD/image"}]
    assert spend_of(only({"tiers": {"kind": "all-unit", "steps": listed}}, 120)) == pytest.approx(96)
    assert spend_of(only({"tiers": {"kind": "all-unit", "steps": listed}}, 100)) == pytest.approx(100)


def test_money_counts_season() -> None:
    """At 120% of the price 90 items are 108 USD: above 100 USD. Incremental, 100 USD buy 83.33 items at 1.20 USD."""
    season = [{"from": "week 1", "factor": "120%"}]
    listed = [{"price": "1 USD/image", "up-to": "100 USD"}, {"price": "0.5 USD/image"}]
    for kind, spend in (("all-unit", 90 * 0.6), ("incremental", 100 + (90 - 100 / 1.2) * 0.6)):
        vendors = {"v": {"contract": {"tiers": {"kind": kind, "steps": listed}}, "season": season}}
        assert spend_of(written(vendors, least=90, most=90)) == pytest.approx(spend)


def test_all_unit_prices_per_box_by_images() -> None:
    """80 images of both kinds are above 60: their 40 + 120 boxes all cost half a dollar."""
    assert spend_of(two_kinds(by_box("all-unit", "60 images"))) == pytest.approx(80)
    assert spend_of(two_kinds(by_box("all-unit", "80 images"))) == pytest.approx(160)


def test_incremental_steps_by_images_fill_in_the_order_of_the_case() -> None:
    """60 images at the first price: 40 of one box, then 20 of three; the other 20 of three boxes at half a dollar."""
    assert spend_of(two_kinds(by_box("incremental", "60 images"))) == pytest.approx(40 + 60 + 30)


def test_incremental_steps_by_images_fill_in_the_order_of_the_weeks() -> None:
    """With two weeks the plan makes the images of one box first, and none of three boxes before it must."""
    case = two_kinds(by_box("incremental", "40 images"), weeks=2)
    assert spend_of(case) == pytest.approx(40 + 60)
    case["products"]["two"]["deadline"] = "week 1"
    case["products"]["one"]["demand"] = "40 images"
    assert spend_of(
        {**case, "vendors": {"v": {**case["vendors"]["v"], "capacity": "40 images/week"}}}
    ) == pytest.approx(120 + 20)


@pytest.mark.parametrize(("over", "spend"), [("all", 40 + 60 + 30), ("task", 160), ("product", 160)])
def test_steps_of_another_unit_count_what_over_says(over: str, spend: float) -> None:
    """Products without a task are tasks of their own: neither passes 60 images alone."""
    assert spend_of(two_kinds(by_box("incremental", "60 images", over=over))) == pytest.approx(spend)


def test_hours_and_passes_count_as_they_would_be_billed() -> None:
    """Each of 40 images is made three times: 120 labels, above 50, and 1.2 hours, above 0.5."""
    for end in ("50 labels", "0.5 h", "50 images"):
        listed = [{"price": "1 USD/image", "up-to": end}, {"price": "0.5 USD/image"}]
        case = only(
            {"tiers": {"kind": "all-unit", "steps": listed}}, 40, workflows={"thrice": {"passes": 3, "majority": True}}
        )
        assert spend_of(case) == pytest.approx(60)


def test_the_invoice_names_the_step_each_box_fell_into() -> None:
    """100 boxes at a dollar in the first step, 60 at half a dollar in the second."""
    plan = solve(read_case(two_kinds(by_box("incremental", "60 images")))).plan
    assert plan is not None
    assert plan.invoice[["quantity", "unit", "unit_price"]].to_numpy().tolist() == [[100, "box", 1.0], [60, "box", 0.5]]
    assert dict(zip(plan.lines["product"], plan.lines["spend"], strict=True)) == {"one": 40, "two": 60 + 30}


@pytest.mark.slow
def test_nothing_is_for_sale_after_a_last_step_in_another_unit() -> None:
    """70 of 80 images at most: no plan without another vendor."""
    listed = [{"price": "1 USD/box", "up-to": "60 images"}, {"price": "0.5 USD/box", "up-to": "70 images"}]
    assert solve(read_case(two_kinds({"steps": listed}))).plan is None
    tiers = {"v": {"contract": {"tiers": {"steps": listed}}}, "w": {"contract": {"price": "9 USD/box"}}}
    assert spend_of(two_kinds({}, vendors=tiers)) == pytest.approx(30 + 90 + 15 + 90)


@pytest.mark.parametrize(("end", "spend"), [(100, 80 + 10), (140, 80 + 30), (220, 80 + 70), (240, 160)])
def test_surplus_of_another_unit_is_of_the_items_that_bill_least_of_it(end: int, spend: float) -> None:
    """80 images of 160 boxes at a dollar; above the end all cost half a dollar: what is missing is bought as images of one box."""
    case = two_kinds(by_box("all-unit", f"{end} images", surplus="allowed"))
    assert spend_of(case) == pytest.approx(spend, abs=1e-3)
    plan = solve(read_case(case)).plan
    assert plan is not None
    assert plan.lines["items"].sum() == pytest.approx(80)
    many = plan.invoice.set_index("clause")["quantity"]
    assert many["tier"] == pytest.approx(160)
    assert many.get("surplus", 0.0) == pytest.approx(end - 80 if end < 240 else 0.0, abs=1e-3)


@pytest.mark.parametrize(
    "more",
    [
        {"rules": [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "55%"}}]},
        {"rebate": {"steps": [{"at-least": "60 USD", "back": "50%"}]}},
        {"quality": [{"below": "99%", "price": "-60%"}]},
    ],
)
def test_surplus_is_what_costs_least_whatever_else_it_would_earn(more: dict[str, Any]) -> None:
    """Neither a share of the spend, nor a rebate, nor a price reduction on the dear price is reached by another purchase."""
    clauses = {name: one for name, one in more.items() if name != "rules"}
    contract = {"tiers": by_box("all-unit", "30 images", surplus="allowed"), **clauses}
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "0.6 USD/box"}}}
    exact(two_kinds({}, 20, vendors=vendors, rules=more.get("rules", [])))


@st.composite
def counted(draw: st.DrawFn) -> dict[str, Any]:
    """Tiers of two or three steps of any prices, per anything, that count anything."""
    basis, counts = (draw(st.sampled_from(sorted(ENDS))) for _ in range(2))
    basis = "image" if basis == "USD" else basis
    low, high = ENDS[counts]
    ends = sorted(draw(st.sets(st.integers(1, 10), min_size=1, max_size=2)))
    scale = {"box": 0.4, "h": 60.0, "EU": 0.1}.get(basis, 1.0)
    listed: list[dict[str, Any]] = [
        {"price": f"{plainly(format(draw(st.integers(1, 20)) / 10 * scale, '.4g'))} USD/{basis}"}
        for _ in range(len(ends) + 1)
    ]
    for step, end in zip(listed, ends, strict=False):
        step["up-to"] = f"{plainly(format(low + (high - low) * end / 10, '.4g'))} {counts}"
    kind = draw(st.sampled_from(["incremental", "all-unit"]))
    more = {"surplus": "allowed"} if kind == "all-unit" and draw(st.booleans()) else {}
    return {
        "kind": kind,
        "steps": listed,
        "window": draw(st.sampled_from(["period", "month", "horizon"])),
        "over": draw(st.sampled_from(["all", "task", "product"])),
        **more,
    }


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Two products of other boxes and hours, one or two weeks, and a vendor of any tiers beside one of another kind."""
    least, weeks = draw(st.sampled_from([(40, 1), (20, 2)]))
    other = (
        {"tiers": draw(counted())} if draw(st.booleans()) else {"price": f"{draw(st.integers(5, 20)) / 10} USD/image"}
    )
    first: dict[str, Any] = {"contract": {"tiers": draw(counted())}}
    if draw(st.booleans()):
        first["season"] = [{"from": "week 1", "factor": draw(st.sampled_from(["80%", "120%"]))}]
    if draw(st.integers(0, 3)) == 0:
        first["contract"]["commitment"] = {"at-least": f"{draw(st.integers(1, 60))} USD", "window": "horizon"}
    if draw(st.integers(0, 3)) == 0:
        first["platform-fee"] = "10%"
    more: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        side = draw(st.sampled_from(["at-most", "at-least"]))
        more["rules"] = [{"name": "r", "share": {"vendor": "v", "of": "spend", side: "60%"}}]
    return two_kinds({}, least, weeks=weeks, vendors={"v": first, "w": {"contract": other}}, **more)


@pytest.mark.slow
@checked(25)
@given(cases())
def test_no_plan_on_the_grid_is_cheaper(case: dict[str, Any]) -> None:
    """Whatever steps count, the plan costs what its invoice says, and none on the grid costs less."""
    exact(case)


def test_the_trace_of_a_cost_names_the_price_of_every_step() -> None:
    """What a route rests on lists each step with where it ends."""
    case = read_case(two_kinds(by_box("incremental", "60 images")))
    named = {one.what: one.value for one in trace(case, "one", "v", "plain")}
    assert named["price, up to 60 images"] == "1 USD/box"
    assert named["price, from there on"] == "0.5 USD/box"
