"""Rebates by total spend, and discounts for paying early."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import exact, only, pays_its_invoice, spend_of, steps, written

from allocate import read_case, solve

REBATE = {"steps": [{"at-least": "100 USD", "back": "2%"}, {"at-least": "200 USD", "back": "5%"}]}


@pytest.mark.parametrize(
    ("kind", "items", "spend"),
    [
        ("all-unit", 99, 99.0), ("all-unit", 100, 98.0), ("all-unit", 199, 199 * 0.98), ("all-unit", 200, 190.0),
        ("incremental", 99, 99.0), ("incremental", 100, 100.0), ("incremental", 150, 149.0),
        ("incremental", 200, 198.0), ("incremental", 300, 300 - 2 - 5),
    ],
)  # fmt: skip
def test_what_is_paid_back_by_step(kind: str, items: int, spend: float) -> None:
    """A dollar an image: from 100 USD on 2 % of all money come back, or of the money above; from 200 USD on 5 %."""
    assert spend_of(only({"price": "1 USD/image", "rebate": {"kind": kind, **REBATE}}, items)) == pytest.approx(spend)


def test_more_is_bought_where_the_rebate_makes_it_cheaper() -> None:
    """99.50 USD without, 100 USD less 2 % with: half an image more saves 1.50 USD, where the demand allows it."""
    vendors = {"v": {"contract": {"price": "0.5 USD/image", "rebate": {"steps": REBATE["steps"][:1]}}}}
    assert spend_of(written(vendors, least=199, most=300)) == pytest.approx(98.0)


def test_a_rebate_counts_tiers_and_is_paid_in_the_last_week() -> None:
    """60 USD in tiers and a week's budget of 62 USD: the 10 % come back in week 2, as an entry of their own."""
    contract = {
        "tiers": steps("incremental", (20, 1.0), (None, 0.5)),
        "rebate": {"steps": [{"at-least": "50 USD", "back": "10%"}]},
    }
    answer = solve(read_case(only(contract, 100, weeks=2)))
    assert pays_its_invoice(answer) == pytest.approx(60 - 6)
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'rebate'").to_dict("records")
    assert (row["window"], row["about"], row["quantity"]) == ("the horizon", "v, step 1 of 1", pytest.approx(60.0))
    assert (row["unit_price"], row["amount"]) == (pytest.approx(-0.1), pytest.approx(-6.0))


def test_fees_and_commitments_are_no_part_of_what_a_rebate_counts() -> None:
    """50 USD of work, 30 USD of onboarding and 20 USD of a commitment not used up do not reach 60 USD."""
    contract: dict[str, Any] = {"price": "1 USD/image", "commitment": "70 USD", "fees": {"onboarding": "30 USD"}}
    contract["rebate"] = {"steps": [{"at-least": "60 USD", "back": "10%"}]}
    assert spend_of(only(contract, 50)) == pytest.approx(70 + 30)


@pytest.mark.parametrize("side", ["at-least", "at-most"])
def test_a_rebate_is_not_given_up_to_reach_a_share(side: str) -> None:
    """Paying v more, by forgoing its rebate, would move its share of the spend; it is owed all the same."""
    vendors = {"v": {"contract": {"price": "1 USD/image", "rebate": {"steps": [{"at-least": "20 USD", "back": "25%"}]}}},
               "w": {"contract": {"price": "1 USD/image"}}}  # fmt: skip
    rule = {"name": "share", "share": {"vendor": "v", "of": "spend", side: "45%"}}
    exact(written(vendors, least=80, most=80, rules=[rule]))


def test_two_ten_is_counted_on() -> None:
    """2 % off 100 USD of work, as an entry of its own; a commitment counts the price before it."""
    terms = {"early-payment": {"discount": "2%", "within": "10 days"}}
    answer = solve(read_case(only({"price": "1 USD/image", "commitment": "100 USD", **terms}, 100)))
    assert pays_its_invoice(answer) == pytest.approx(98.0)
    assert answer.plan is not None
    rows = answer.plan.invoice.set_index("clause")["amount"]
    assert rows.to_dict() == {"items": pytest.approx(100.0), "early payment": pytest.approx(-2.0)}
    assert answer.plan.lines["spend"].sum() == pytest.approx(98.0)


def test_a_discount_is_taken_off_tiers_and_off_a_malus() -> None:
    """20 at a dollar and 40 at half less a malus of 6 USD: 34 USD, less a tenth of them."""
    contract = {
        "tiers": steps("incremental", (20, 1.0), (None, 0.5)),
        "quality": [{"below": "99%", "price": "-0.1 USD/image"}],
        "early-payment": "10%",
    }
    answer = solve(read_case(only(contract, 60)))
    assert pays_its_invoice(answer) == pytest.approx(34 * 0.9)
    assert answer.plan is not None
    assert answer.plan.lines["spend"].sum() == pytest.approx(34 * 0.9)
