"""Prices by volume: what steps cost, counted where and when the contract says."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import only, spend_of, steps, written
from mistakes import contract, told_once_each

from allocate import formulate, read_case, routes, solve
from allocate.errors import CaseError
from allocate.numerals import plainly

# Google Cloud's data labelling, bounding boxes, public price page of 2020: 63, then 49 USD per 1,000, by month.
TWO_STEPS = {"window": "month", "steps": [{"up-to": "50_000 images", "price": "63 USD/1000 images"},
                                          {"up-to": "1_000_000 images", "price": "49 USD/1000 images"}]}  # fmt: skip


def test_monthly_steps_count_each_month_from_the_start() -> None:
    """60,000 in one week of January: 50,000 at 63 USD and 10,000 at 49 USD the thousand, 3,640 USD."""
    case = only({"tiers": TWO_STEPS}, 60_000, exchange={}, horizon={"start": "2027-01-04", "weeks": 1})
    assert spend_of(case) == pytest.approx(3150 + 490)


def test_a_week_is_split_over_two_months_by_its_days() -> None:
    """Of seven days from Wednesday 27 January five are January's: 50,000 of 70,000 at 63 USD, 20,000 again at 63 USD."""
    case = only({"tiers": TWO_STEPS}, 70_000, exchange={}, horizon={"start": "2027-01-27", "weeks": 1})
    assert spend_of(case) == pytest.approx(70 * 63)
    case["products"]["one"]["demand"] = "84_000 images"  # 60,000 in January, 24,000 in February
    assert spend_of(case) == pytest.approx(50 * 63 + 10 * 49 + 24 * 63)


def test_no_speck_of_money_stands_beside_a_price_by_volume() -> None:
    """With a fee of 10 % and a discount of 3 % an item costs nothing beside its steps, where a price taken off it left 7e-18.

    Such a speck had programs scaled by it: 40 items of each product at 0.01 USD an EU came to 34.77 USD as an optimum, where
    9.37 USD are right.
    """
    tiers = {"steps": [{"price": "0.01 USD/EU", "up-to": "57 EU"}, {"price": "0.01 USD/EU"}], "window": "period"}
    vendors = {
        "v": {"contract": {"tiers": tiers, "early-payment": "3%"}, "platform-fee": "10%"},
        "w": {"contract": {"price": "0.5 USD/image"}},
    }
    share = {"name": "r", "share": {"vendor": "v", "of": "spend", "at-most": "60%"}}
    case = written(vendors, products=("one", "two"), rules=[share])
    case["products"]["two"]["effort"] = "72 s/image"
    layout = formulate(read_case(case)).layout
    assert layout.cost[layout.vendor == 0].tolist() == [0.0] * int((layout.vendor == 0).sum())
    del vendors["v"]["contract"]["early-payment"]
    assert spend_of(case) == pytest.approx(9.36613, rel=1e-5)


def test_work_moves_to_the_month_in_which_it_is_cheap() -> None:
    """With two whole months and 60,000 to make, all of it in one month costs 3,640 USD, halves 3,780 USD."""
    case = only({"tiers": TWO_STEPS}, 60_000, exchange={}, horizon={"start": "2027-01-01", "months": 2})
    assert spend_of(case) == pytest.approx(3640)


@pytest.mark.parametrize(("items", "spend"), [(99, 99.0), (100, 100.0), (101, 50.5), (150, 75.0)])
def test_all_unit_prices_change_just_above_the_end_of_a_step(items: int, spend: float) -> None:
    """Up to 100 a dollar each, above it half a dollar for all: 100 cost 100 USD and 101 cost 50.50 USD."""
    assert spend_of(only({"tiers": steps("all-unit", (100, 1.0), (None, 0.5))}, items)) == pytest.approx(spend)


def test_buying_more_than_needed_is_cheaper_where_it_is() -> None:
    """60 are needed; just over 100 at half the price cost 50 USD, ten less than 60 at a dollar."""
    case = written({"v": {"contract": {"tiers": steps("all-unit", (100, 1.0), (None, 0.5))}}}, least=60, most=200)
    assert spend_of(case) == pytest.approx(50.0, abs=1e-3)


def test_all_unit_prices_may_rise() -> None:
    """Below the end of a cheap step a second vendor takes the rest."""
    tiers = steps("all-unit", (100, 1.0), (None, 2.0))
    case = written(
        {"v": {"contract": {"tiers": tiers}}, "w": {"contract": {"price": "3 USD/image"}}}, least=110, most=110
    )
    assert spend_of(case) == pytest.approx(100 + 30)


@pytest.mark.parametrize(("over", "spend"), [("all", 150 + 45), ("task", 150 + 45), ("product", 240)])
def test_steps_count_products_together_or_each_for_itself(over: str, spend: float) -> None:
    """Two products of one task, 120 each, a dollar up to 150 and half above: together 150 + 45, each for itself 240."""
    tiers = steps("incremental", (150, 1.0), (None, 0.5), over=over)
    case = written({"v": {"contract": {"tiers": tiers}}}, products=("one", "two"), least=120, most=120)
    for product in case["products"].values():
        product.update(task="image.bounding-box", drivers={"box": "1/image"})
    assert spend_of(case) == pytest.approx(spend)


def test_products_of_other_tasks_are_counted_apart() -> None:
    """Two products without a task are two tasks."""
    tiers = steps("incremental", (150, 1.0), (None, 0.5), over="task")
    case = written({"v": {"contract": {"tiers": tiers}}}, products=("one", "two"), least=120, most=120)
    assert spend_of(case) == pytest.approx(240)


def test_nothing_more_is_for_sale_after_the_last_step() -> None:
    """100 a dollar each and no more; the other 20 come from elsewhere, or there is no plan."""
    contract = {"tiers": steps("incremental", (60, 1.5), (100, 1.0))}
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "9 USD/image"}}}
    assert spend_of(written(vendors, least=120, most=120)) == pytest.approx(90 + 40 + 180)
    assert solve(read_case(only(contract, 120))).plan is None


def test_a_step_may_end_at_money() -> None:
    """The first 100 USD at 2 USD each are 50 items, the next 50 USD at 1 USD each 50 more, then half a dollar."""
    listed = [{"price": "2 USD/image", "up-to": "100 USD"}, {"price": "1 USD/image", "up-to": "150 USD"}]
    case = only({"tiers": {"steps": [*listed, {"price": "0.5 USD/image"}]}}, 120)
    assert spend_of(case) == pytest.approx(100 + 50 + 10)


def test_steps_may_count_hours() -> None:
    """120 images of 36 s are 1.2 h: one hour at 20 USD, the rest at 10 USD an hour."""
    tiers = {"steps": [{"price": "20 USD/h", "up-to": "1 h"}, {"price": "10 USD/h"}]}
    assert spend_of(only({"tiers": tiers}, 120)) == pytest.approx(22)


@pytest.mark.slow
def test_a_platform_fee_follows_the_tiers_and_is_paid_with_them() -> None:
    """A tenth of 40 USD, not of the first step's 60 USD; tiers over the horizon are paid in its last week."""
    tiers = steps("incremental", (20, 1.0), (None, 0.5))
    case = written({"v": {"contract": {"tiers": tiers}, "platform-fee": "10%"}}, least=60, most=60, weeks=2)
    assert spend_of(case) == pytest.approx(44)
    assert spend_of({**case, "budget": {"per-week": "44 USD"}}) == pytest.approx(44)
    assert solve(read_case({**case, "budget": {"per-week": "43 USD"}})).plan is None


def test_tiers_without_a_most_are_refused() -> None:
    """A step that is chosen needs to know how many could be bought; where nothing says so, the case is told so."""
    case = only({"tiers": steps("incremental", (20, 1.0), (None, 0.5))}, 40)
    case["products"]["one"]["demand"] = {"at-least": "40 images"}
    with pytest.raises(CaseError, match="nothing limits how many items of one could be ordered"):
        solve(read_case(case))
    case["vendors"]["v"]["contract"] = {"tiers": steps("incremental", (20, 0.5), (None, 1.0))}
    assert spend_of(case) == pytest.approx(30)


def test_steps_may_count_equivalent_units() -> None:
    """Half of the work content at 2 USD an EU, the other half at 1 USD."""
    case = only({"price": "1 USD/EU"}, 120)
    work = float(routes(read_case(case)).equivalent_units[0]) * 120
    tiers = {"steps": [{"price": "2 USD/EU", "up-to": f"{plainly(repr(work / 2))} EU"}, {"price": "1 USD/EU"}]}
    assert spend_of(only({"tiers": tiers}, 120)) == pytest.approx(1.5 * work)


def test_steps_may_count_a_group_of_products() -> None:
    """Two of three products fill the steps together, 150 + 45; the third has a plain price."""
    tiers = steps("incremental", (150, 1.0), (None, 0.5), products=["one", "two"])
    contract = {"price": "3 USD/image", "tiers": tiers}
    case = written({"v": {"contract": contract}}, products=("one", "two", "three"), least=120, most=120)
    assert spend_of(case) == pytest.approx(150 + 45 + 360)


MISTAKES: list[Any] = [
    pytest.param(
        [("case.yaml", "price: 300 PHP/h}", "tiers: {surplus: allowed, steps: [{price: 300 PHP/h}]}}")],
        "case.yaml:32:34",
        "vendors.acme.contract.tiers: buying more than is used never makes incremental steps cheaper",
        "leave `surplus` out, or write `kind: all-unit`",
        id="surplus of incremental steps",
    ),
    pytest.param(
        [("case.yaml", "price: 300 PHP/h}", "tiers: {surplus: maybe, kind: all-unit, steps: [{price: 300 PHP/h}]}}")],
        "case.yaml:32:44",
        "vendors.acme.contract.tiers.surplus does not know 'maybe'",
        "write one of allowed, paid-only",
        id="surplus neither allowed nor absent",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h/week}, {price: 280 PHP/h}]}"),
        "case.yaml:32:58",
        "vendors.acme.contract.tiers.steps.0.up-to expects a number of items, working time, or an amount of money, got working hours per week or month ('200 h/week')",
        "write it as in `50_000 boxes`",
        id="a step that ends at a rate of work",
    ),
    pytest.param(
        [
            *contract("tiers: {products: [moderation, triage], steps: [{price: 300 PHP/h}]}"),
            ("rates.csv", "triage,in-house", "triage,acme,,,\ntriage,in-house"),
        ],
        "case.yaml:6:36",
        "the limit 'boxes' cuts through tiers of acme (line 32) that count other products too",
        "name all products of the tiers, or count them with `over: product`",
        id="tiers that a budget limit cuts through",
    ),
    pytest.param(
        contract(
            "tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 280 PHP/h, up-to: 200 h}, {price: 250 PHP/h}]}"
        ),
        "case.yaml:32:92",
        "the steps overlap: this one ends at 200 h, and the step before ends at 200 h (line 32)",
        "write the steps in order, each with a higher `up-to`",
        id="steps that overlap",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 250 PHP/h, from: 300 h}]}"),
        "case.yaml:32:91",
        "a gap: the step starts at 300 h, and the step before ends at 200 h (line 32)",
        "let it start where the one before ends, or leave `from` out",
        id="a gap between steps",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 250 PHP/h, from: 300 h}]}"),
        "case.yaml:32:57",
        "a gap: the step starts at 300 h, and the first step starts at 0",
        "write a first step `{up-to: 300 h, price: …}` before it",
        id="a first step that starts above nothing",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 250 PHP/h, from: 100 h}]}"),
        "case.yaml:32:91",
        "an overlap: the step starts at 100 h, and the step before ends at 200 h (line 32)",
        "let it start where the one before ends, or leave `from` out",
        id="a step that starts before the last one ends",
    ),
    pytest.param(
        contract("tiers: [{steps: [{price: 300 PHP/h}]}, {products: [moderation], steps: [{price: 250 PHP/h}]}]"),
        "case.yaml:32:55",
        "two tiers price moderation: these and those (line 32)",
        "name each product in one of them; the last may leave `products` out, for all others",
        id="a product in two tiers",
    ),
    pytest.param(
        contract(
            "tiers: {steps: [{price: 300 PHP/h, up-to: 500 h}, {price: 280 PHP/h, up-to: 200 h}, {price: 250 PHP/h}]}"
        ),
        "case.yaml:32:92",
        "the steps overlap: this one ends at 200 h, and the step before ends at 500 h (line 32)",
        "write the steps in order, each with a higher `up-to`",
        id="steps out of order",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 280 PHP/h}, {price: 250 PHP/h}]}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: only the last step may have no `up-to`",
        "write where each earlier step ends",
        id="an open step in the middle",
    ),
    pytest.param(
        contract("tiers: {steps: []}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: tiers need at least one step",
        "write it as in `steps: [{price: 63 USD/1000 boxes}]`",
        id="tiers without steps",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 3 PHP/image}]}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: the steps' prices count different things",
        "write all prices in one currency and per one unit",
        id="prices of different nouns",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 5 USD/h}]}"),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: the steps' prices count different things",
        "write all prices in one currency and per one unit",
        id="prices in different currencies",
    ),
    pytest.param(
        contract(
            "tiers: {steps: [{price: 300 PHP/h, up-to: 200 h}, {price: 280 PHP/h, up-to: 90k PHP}, {price: 250 PHP/h}]}"
        ),
        "case.yaml:32:23",
        "vendors.acme.contract.tiers: the steps' `from` and `up-to` count different things",
        "write all of them in one unit",
        id="ends in different units",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 200 frames}, {price: 280 PHP/h}]}"),
        "case.yaml:32:58",
        "the step ends at '200 frames', and moderation has no frames",
        "moderation counts `200 images`, `200 boxes`; items, labels, h and EU count products of all kinds",
        id="an end in a unit the product does not have",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h, up-to: 2k USD}, {price: 280 PHP/h}]}"),
        "case.yaml:32:58",
        "'2k USD' is not money of the price '300 PHP/h'",
        "write it in PHP",
        id="an end in another currency",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 0 PHP/h, up-to: 2k PHP}, {price: 280 PHP/h}]}"),
        "case.yaml:32:56",
        "no step ends at money that is counted at a price of nothing ('0 PHP/h')",
        "write how many units it ends at",
        id="a free step that ends at money",
    ),
    pytest.param(
        contract("tiers: {kind: all-unit, steps: [{price: 0 PHP/h, up-to: 90k PHP}, {price: 280 PHP/h}]}"),
        "case.yaml:32:72",
        "no step ends at money that is counted at a price of nothing ('0 PHP/h')",
        "write how many units it ends at",
        id="an all-unit step that ends at money of a list price of nothing",
    ),
    pytest.param(
        contract("tiers: {kind: all-units, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:30",
        "vendors.acme.contract.tiers.kind does not know 'all-units'",
        "did you mean 'all-unit'?",
        id="a kind of tiers that is not there",
    ),
    pytest.param(
        contract("tiers: {window: year, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:32",
        "vendors.acme.contract.tiers.window does not know 'year'",
        "write one of period, week, month, quarter, horizon",
        id="a window that is not there",
    ),
    pytest.param(
        contract("tiers: {products: [], steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:34",
        "the tiers name no product",
        "write a name, or leave `products` out",
        id="tiers of no product",
    ),
    pytest.param(
        contract("price: 300 PHP/h, tiers: {products: moderaton, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:52",
        "there is no product 'moderaton'",
        "did you mean 'moderation'?",
        id="tiers of an unknown product",
    ),
    pytest.param(
        contract("price: 300 PHP/h, tiers: {products: triage, steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:52",
        "the tiers price triage, and no rate of acme leaves its price to them",
        "add a rate of triage with acme, its price left blank",
        id="tiers of a product without a rate",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 3 PHP/polygon}]}"),
        "case.yaml:32:40",
        "'3 PHP/polygon' is per polygon, and moderation has no polygons",
        "its prices can be /image, /box, /label, /h, /EU",
        id="tiers in a noun the product does not have",
    ),
]

test_mistakes = told_once_each(MISTAKES)
