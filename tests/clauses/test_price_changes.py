"""Bonus and price reduction by accuracy and by lead: exact for each route, in entries of their own."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import only, pays_its_invoice, spend_of, steps, written

from allocate import read_case, solve

QUALITY = [{"below": "95%", "price": "-10%"}, {"below": "90%", "price": "-25%"}, {"above": "98.5%", "price": "+3%"}]


@pytest.mark.parametrize(
    ("accuracy", "spend"),
    [("89.9%", 75.0), ("90%", 90.0), ("94.9%", 90.0), ("95%", 100.0), ("98.5%", 100.0), ("98.6%", 103.0)],
)
def test_the_step_of_the_accuracy_holds(accuracy: str, spend: float) -> None:
    """Below 95 % a tenth less, below 90 % a quarter, above 98.5 % three hundredths more; at a bound the plain price."""
    case = written(
        {"v": {"accuracy": accuracy, "contract": {"price": "1 USD/image", "quality": QUALITY}}}, least=100, most=100
    )
    assert spend_of(case) == pytest.approx(spend)


def test_the_accuracy_is_that_of_the_route_after_its_workflow() -> None:
    """At 90 % single passes cost a tenth less; reviewed they are above 95 % and cost the full price, and the review."""
    review = {"share": "100%", "catch": "100%", "accuracy": "100%", "time": "36 s/image", "rework": "reviewer"}
    case = written(
        {"v": {"accuracy": "90%", "contract": {"price": "1 USD/image", "quality": QUALITY[:1]}}}, least=100, most=100
    )
    case |= {"workflows": {"plain": {}, "checked": {"review": review}}, "review-team": {"wage": "10 USD/h"}}
    assert spend_of(case) == pytest.approx(90)
    case["products"]["one"]["accuracy"] = "99%"
    answer = solve(read_case(case))
    assert answer.plan is not None
    checked = answer.plan.lines.query("workflow == 'checked'")["items"].sum()
    assert answer.plan.spend == pytest.approx(90 + checked * 0.1 + answer.plan.lines["review_hours"].sum() * 10)


@pytest.mark.parametrize(("lead", "spend"), [("1 week", 100.0), ("8 days", 95.0), ("3 weeks", 80.0)])
def test_the_step_of_the_lead_holds(lead: str, spend: float) -> None:
    """A contract promises a week: later costs 5 % less, later than two weeks a fifth; the lead itself is compared."""
    lateness = [{"beyond": "1 week", "price": "-5%"}, {"beyond": "2 weeks", "price": "-20%"}]
    case = written(
        {"v": {"lead": lead, "contract": {"price": "1 USD/image", "lateness": lateness}}}, least=100, most=100, weeks=5
    )
    assert spend_of(case) == pytest.approx(spend)


def test_under_tiers_a_malus_is_money_for_each_unit() -> None:
    """20 at a dollar, 40 at half a dollar, and a tenth of a dollar off each of the 60."""
    contract: dict[str, Any] = {"tiers": steps("incremental", (20, 1.0), (None, 0.5))}
    contract["quality"] = [{"below": "99%", "price": "-0.1 USD/image"}]
    answer = solve(read_case(only(contract, 60)))
    assert pays_its_invoice(answer) == pytest.approx(34)
    assert answer.plan is not None
    rows = answer.plan.invoice.groupby("clause")["amount"].sum().to_dict()
    assert rows == {"tier": pytest.approx(40.0), "quality": pytest.approx(-6.0)}


def test_money_for_each_box_counts_the_boxes() -> None:
    """Three boxes an image at a cent of price reduction each, in euros: 100 images give back 3 EUR."""
    contract = {"price": "0.1 EUR/box", "quality": [{"below": "99%", "price": "-0.01 EUR/box"}]}
    case = only(contract, 100)
    case["products"]["one"]["drivers"] = {"box": "3/image"}
    assert spend_of(case) == pytest.approx((30 - 3) * 1.25)


def test_commitments_count_the_price_before_bonus_and_malus() -> None:
    """100 USD of work use up a commitment of 100 USD though a tenth of them is given back."""
    contract = {"price": "1 USD/image", "commitment": "100 USD", "quality": [{"below": "99%", "price": "-10%"}]}
    assert spend_of(only(contract, 100)) == pytest.approx(90)
