"""Take or pay; and no money is paid that is not owed."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import only, pays_its_invoice, spend_of, steps, written
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


KEEP = [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}]


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
