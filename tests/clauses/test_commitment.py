"""Take or pay; and no money is paid that is not owed."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import checked, exact, only, pays_its_invoice, spend_of, steps, written
from hypothesis import given
from hypothesis import strategies as st
from mistakes import contract, told_once_each

from allocate import read_case, solve


def test_take_or_pay_is_paid_partly_for_nothing() -> None:
    """200 USD are committed, and no more than 120 USD can be used: 80 USD are paid for nothing, in a line of their own."""
    answer = solve(read_case(only({"price": "2 USD/image", "commitment": "200 USD"}, 60)))
    assert pays_its_invoice(answer) == pytest.approx(200)
    assert answer.plan is not None
    rows = answer.plan.invoice
    assert rows.loc[rows["clause"] == "commitment", "amount"].tolist() == pytest.approx([80.0])
    assert answer.plan.vendors["fees"].tolist() == pytest.approx([80.0])


def test_a_commitment_by_month_is_not_used_up_by_another_month() -> None:
    """90 USD a month over two months; 100 USD of work come to 180 USD when no month has more than its 90 USD."""
    contract = {"price": "1 USD/image", "commitment": {"at-least": "90 USD", "window": "month"}}
    case = only(contract, 100, exchange={}, horizon={"start": "2027-01-01", "months": 2})
    assert spend_of(case) == pytest.approx(180)


def test_fees_are_not_part_of_what_a_commitment_counts() -> None:
    """100 USD of work use up a commitment of 100 USD; onboarding, platform and retainer come on top."""
    contract = {
        "price": "1 USD/image",
        "commitment": "100 USD",
        "fees": {"onboarding": "7 USD", "retainer": "3 USD/week"},
    }
    case = written({"v": {"contract": contract, "platform-fee": "10%"}}, least=100, most=100, weeks=2)
    assert spend_of(case) == pytest.approx(100 + 10 + 7 + 6)


@pytest.mark.parametrize(
    ("commitment", "spend"),
    [
        ({"at-least": "100 images", "shortfall": "20%"}, 120 + 40 * 2 * 0.2),
        ({"at-least": "100 images"}, 200.0),
        ({"at-least": "60 images", "shortfall": "20%"}, 120.0),
        ({"at-least": "1 h", "price": "50 USD/h", "shortfall": "50%"}, 120 + 0.4 * 25),
        ({"at-least": "1 h", "price": "40 EUR/h"}, 120 + 0.4 * 40 * 1.25),
        ({"at-least": "200 USD", "shortfall": "25%"}, 120 + 80 * 0.25),
        ({"at-least": "160 EUR", "shortfall": "25%"}, 120 + 80 * 0.25),
        ({"at-least": "90 items", "price": "1 USD/item", "window": "period"}, 120 + 30),
    ],
)  # fmt: skip
def test_of_what_is_missing_a_share_is_paid_in_money_or_work(commitment: dict[str, Any], spend: float) -> None:
    """60 images of 36 s at 2 USD are 120 USD; a deficiency payment is a share of the price of what was promised and not taken."""
    assert spend_of(only({"price": "2 USD/image", "commitment": commitment}, 60)) == pytest.approx(spend)


@pytest.mark.slow
def test_a_month_without_work_owes_no_invoice() -> None:
    """50 USD of work in two months owe 80 USD in one, or 160 in both where a milestone needs work in the first."""
    contract = {"price": "1 USD/image", "minimum-invoice": "80 USD/month"}
    case = only(contract, 50, exchange={}, horizon={"start": "2027-01-01", "months": 2})
    assert spend_of(case) == pytest.approx(80)
    case["products"]["one"] |= {"milestones": [{"by": "month 1", "at-least": "10 images"}]}
    assert spend_of(case) == pytest.approx(80)
    case["vendors"]["v"]["capacity"] = "40 images/month"
    assert spend_of(case) == pytest.approx(160)
    case["vendors"]["w"] = {"contract": {"price": "2 USD/image"}}
    assert spend_of(case) == pytest.approx(80 + 10 * 2)


def test_a_minimum_invoice_counts_prices_of_its_window_in_its_currency() -> None:
    """Ten of a week's fourteen images fall into January: 20 USD, or 16 EUR, of the 24 EUR at least, and 8 of 24 in February."""
    week = {"horizon": {"start": "2027-01-27", "weeks": 1}, "exchange": {"EUR": "1.25 USD"}}
    case = only({"price": "2 USD/image", "minimum-invoice": "24 EUR/month"}, 14, **week)
    answer = solve(read_case(case))
    assert pays_its_invoice(answer) == pytest.approx(2 * 24 * 1.25)
    assert answer.plan is not None
    rows = answer.plan.invoice.query("clause == 'minimum invoice'").set_index("window")
    assert rows["quantity"].to_dict() == pytest.approx({"2027-01": 8.0, "2027-02": 17.6})


def test_a_commitment_by_month_counts_tiers_by_quarter_at_their_first_step() -> None:
    """90 images in a quarter, at 1 USD and all at 0.5 USD from 80 on: they count 90 USD of three months' 40, and 45 are billed."""
    tiers = steps("all-unit", (80, 1.0), (None, 0.5), window="quarter")
    contract = {"tiers": tiers, "commitment": {"at-least": "40 USD", "window": "month"}}
    case = only(contract, 90, exchange={}, horizon={"start": "2027-01-01", "months": 3})
    case["vendors"]["v"]["capacity"] = "45 images/month"
    assert spend_of(case) == pytest.approx(45 + 3 * 40 - 90)


@st.composite
def promises(draw: st.DrawFn) -> dict[str, Any]:
    """A contract with promises of any kind."""
    windows = draw(st.sampled_from(["period", "horizon"]))
    least = draw(st.sampled_from(["20 images", "0.3 h", "30 items", "25 USD", "20 EUR"]))
    commitment = {"at-least": least, "window": windows, "shortfall": draw(st.sampled_from(["30%", "100%"]))}
    if "images" not in least and least.split()[1] not in ("USD", "EUR"):
        commitment["price"] = {"h": "50 EUR/h", "items": "0.4 USD/item"}[least.split()[1]]
    contract = {"price": f"{draw(st.sampled_from([0.5, 0.8, 1.0]))} USD/image"}
    kinds = draw(st.sets(st.sampled_from(["commitment", "invoice"]), min_size=1))
    if "commitment" in kinds:
        contract["commitment"] = commitment  # type: ignore[assignment]
    if "invoice" in kinds:
        contract["minimum-invoice"] = draw(st.sampled_from(["9 USD/week", "16 EUR/week", "20 USD/month"]))
    return contract


@pytest.mark.slow
@checked(15)
@given(promises(), promises(), st.integers(1, 2), st.booleans())
def test_no_plan_on_the_grid_is_cheaper(one: dict[str, Any], other: dict[str, Any], weeks: int, shared: bool) -> None:
    """Forty images over two vendors that are promised something: no way to share them out on a grid of ten costs less."""
    more: dict[str, Any] = {}
    if shared:
        more["rules"] = [{"name": "r", "share": {"vendor": "v", "of": "spend", "at-least": "40%"}}]
    exact(written({"v": {"contract": one}, "w": {"contract": other}}, least=40, most=40, weeks=weeks, **more))


KEEP = [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}]


@pytest.mark.slow
@pytest.mark.parametrize(
    "contract",
    [{"price": "1 USD/image", "commitment": "5 USD"}, {"tiers": steps("incremental", (50, 1.0), (None, 9.0))}],
    ids=["a commitment", "a dear step"],
)
def test_more_than_is_owed_is_not_paid_to_reach_a_share(contract: dict[str, Any]) -> None:
    """Ten images at a dollar are a tenth of the spend; a commitment paid twice or a dear step first are not owed."""
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "1 USD/image"}}}
    hold = {"name": "hold v", "fix": {"product": "one", "vendor": "v", "items": "10 images"}}
    assert solve(read_case(written(vendors, least=100, most=100, rules=[*KEEP, hold]))).plan is None
    low = {"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "10%"}}
    assert spend_of(written(vendors, least=100, most=100, rules=[low, hold])) == pytest.approx(100)


def test_a_commitment_with_a_vendor_that_has_no_price_is_planned_around() -> None:
    """A vendor without a price makes nothing and owes nothing, also where a rule on the spend makes paying worth while."""
    price = {"price": "1 USD/image"}
    case = {
        "case": "committed",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "products": {"p": {"item": "image", "effort": "60 s/image", "demand": "100 images"}},
        "vendors": {"idle": {"contract": {"commitment": "50 USD"}}, "a": {"contract": price}},
        "workflows": ["single-pass"],
        "rules": [{"name": "r", "owner": "o", "share": {"vendor": "a", "of": "spend", "at-least": "25%"}}],
    }
    assert spend_of(case) == pytest.approx(100.0)


MISTAKES: list[Any] = [
    pytest.param(
        contract("price: 300 PHP/h, commitment: 5_000 images"),
        "case.yaml:32:46",
        "nothing says what is paid for missing images of '5_000 images'",
        "add `price: … PHP/image`, the price of what is missing",
        id="work without a price of what is missing",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: {at-least: 500 masks, price: 1 PHP/mask}"),
        "case.yaml:32:57",
        "'500 masks' counts masks, of which no product has any",
        "write items, hours, EU, or a driver of the products",
        id="work that no product has",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-invoice: 500 PHP/year"),
        "case.yaml:32:51",
        "no invoice comes by the year ('500 PHP/year')",
        "write it by the week, month or quarter",
        id="an invoice by the year",
    ),
    pytest.param(
        contract("tiers: {steps: [{price: 300 PHP/h}]}, minimum-invoice: 500 PHP/month"),
        "case.yaml:32:71",
        "the minimum invoice comes by month, the tiers (line 32) are billed by horizon",
        "write the tiers with `window: month`, or leave the minimum invoice out",
        id="an invoice by the month of tiers by the horizon",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: 90k PHP, ceiling: 80k PHP"),
        "case.yaml:32:46",
        "the commitment (90k PHP) is above the ceiling (80k PHP) (line 32)",
        "lower it, or raise the ceiling",
        id="a commitment above the ceiling",
    ),
]

test_mistakes = told_once_each(MISTAKES)


def test_a_month_cut_to_a_part_of_a_week_counts_its_own_prices() -> None:
    """Two of seven days of 70 items are February's: 20 at 2 USD, 10 USD short of 50; in March 100 USD are enough."""
    tiers = {
        "kind": "all-unit",
        "window": "month",
        "steps": [{"up-to": "30 images", "price": "2 USD/image"}, {"price": "2 USD/image"}],
    }
    contract = {"tiers": tiers, "commitment": {"at-least": "50 USD", "window": "month"}}
    case = written(
        {"v": {"contract": contract}}, least=70, most=70, exchange={}, horizon={"start": "2027-02-27", "weeks": 1}
    )
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(140.0 + 10.0)
