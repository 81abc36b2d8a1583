"""Take or pay, fees, minimum orders and lots; and no money is paid that is not owed."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import exact, only, pays_its_invoice, spend_of, steps, written
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


def test_the_minimum_order_or_nothing() -> None:
    """Of the cheap vendor 20 or none: for 15 it makes 20, for 9 nothing, and nothing where it can make no more than 15."""
    cheap = {"contract": {"price": "1 USD/image", "minimum-order": "20 images"}}
    vendors = {"v": cheap, "w": {"contract": {"price": "2 USD/image"}}}
    assert spend_of(written(vendors, least=15, most=40)) == pytest.approx(20)
    assert spend_of(written(vendors, least=9, most=40)) == pytest.approx(18)
    vendors["v"]["capacity"] = "15 images/week"
    assert spend_of(written(vendors, least=30, most=40)) == pytest.approx(60)


def test_items_come_in_whole_lots() -> None:
    """25 are needed: three lots of ten cost 30 USD; two lots and five of the other vendor cost 28 USD at 1.60 USD."""
    lots = {"contract": {"price": "1 USD/image", "order-multiple": "10 images"}}
    assert spend_of(written({"v": lots}, least=25, most=40)) == pytest.approx(30)
    vendors = {"v": lots, "w": {"contract": {"price": "1.6 USD/image"}}}
    assert spend_of(written(vendors, least=25, most=40)) == pytest.approx(28)


KEEP = [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}]


def test_fees_are_not_paid_to_reach_a_share_of_the_spend() -> None:
    """A fifth of the spend with v takes work of v: its onboarding alone would do, and is not owed without an item."""
    contract = {"price": "1 USD/image", "fees": {"onboarding": "30 USD"}}
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "1 USD/image"}}}
    case = written(vendors, least=100, most=100, rules=KEEP)
    exact(case)
    assert spend_of(case) == pytest.approx(130)


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


@pytest.mark.parametrize("more", [{}, {"minimum-order": "10 images"}], ids=["a start fee", "a minimum order"])
def test_a_few_hundred_thousandths_of_an_item_pay_their_fee_too(more: dict[str, Any]) -> None:
    """Just above 20 images all cost 0.10: reached with a second product, whose start fee and minimum order hold in full."""
    contract = {"tiers": steps("all-unit", (20, 0.3), (60, 0.1)), "fees": {"product-start": "1 EUR"}, **more}
    vendors = {
        "v": {"contract": {"price": "0.1 USD/image"}, "lead": "1 week", "capacity": "20 images/week"},
        "w": {"contract": contract},
    }
    case = written(vendors, products=("one", "two"), least=20, most=20, weeks=2)
    assert spend_of(case) == pytest.approx(2 + 2 + 2 * 1.25, abs=1e-4)


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
        contract("price: 300 PHP/h, commitment: 9M PHP"),
        "case.yaml:32:46",
        "acme is promised 9M PHP, and all its hours (line 30) come to 4,752,000",
        "lower the commitment, or raise the capacity",
        id="a commitment above all capacity",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: {at-least: 3M PHP, window: month}"),
        "case.yaml:32:57",
        "acme is promised 3M PHP, and all its hours of a month (line 30) come to 1,753,714",
        "lower the commitment, or raise the capacity",
        id="a commitment above the capacity of a month",
    ),
    pytest.param(
        contract("price: 300 PHP/h, commitment: 90k PHP, ceiling: 80k PHP"),
        "case.yaml:32:46",
        "the commitment (90k PHP) is above the ceiling (80k PHP) (line 32)",
        "lower it, or raise the ceiling",
        id="a commitment above the ceiling",
    ),
    pytest.param(
        contract(
            "commitment: {at-least: 9k PHP, window: month}, tiers: {window: quarter, steps: [{price: 300 PHP/h}]}"
        ),
        "case.yaml:32:28",
        "the commitment counts by month, the tiers (line 32) by quarter",
        "write `window: quarter` for both, or `window: horizon` here",
        id="windows that clash",
    ),
    pytest.param(
        contract("commitment: {at-least: 9k PHP, window: month}, tiers: {steps: [{price: 300 PHP/h}]}"),
        "case.yaml:32:28",
        "the commitment counts by month, the tiers (line 32) by horizon",
        "write `window: horizon` here",
        id="a window within tiers over the horizon",
    ),
]

test_mistakes = told_once_each(MISTAKES)
