"""The discount for paying early as a choice: always, never, or where it saves more a year than money is worth."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine
from allocate.costing.clauses.early_payment import worth_of_paying_early
from allocate.plan import Plan


def case_of(early: dict[str, Any], rate: str = "8 %/year", payment: str = "30 days") -> dict[str, Any]:
    """100 images at a dollar in one week, paid in time or later."""
    contract = {"price": "1 USD/image", "payment": payment, "early-payment": early}
    return {
        "case": "early", "currency": "USD", "objective": "cost", "discount": rate,
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": "100 images"}},
        "vendors": {"acme": {"contract": contract}}, "workflows": {"plain": {}},
    }  # fmt: skip


def plan_of(case: dict[str, Any]) -> Plan:
    """All images in the one week there is."""
    return evaluate(read_case(case), [PlanLine("cats", "acme", "plain", 1, 100.0)]).plan


def test_two_ten_net_thirty_is_worth_45_percent_a_year() -> None:
    """2 % for paying 20 days sooner is 44.6 % a year (by a year of 365.25 days), as textbooks have it."""
    case = read_case(case_of({"discount": "2%", "within": "10 days"}))
    assert worth_of_paying_early(case.vendors["acme"]) == pytest.approx((1 / 0.98) ** (365.25 / 20) - 1)
    assert worth_of_paying_early(case.vendors["acme"]) == pytest.approx(0.446, abs=5e-4)


@pytest.mark.parametrize("discount", ["0.1%", "0.5%", "2%", "100%"])
@pytest.mark.parametrize("rate", ["1 %/year", "9 %/year", "60 %/year"])
def test_when_it_pays_is_the_better_of_both(discount: str, rate: str) -> None:
    """21 days are three weeks to the day, so the plan's own present value decides alike; always and never are both tried."""
    asked = {"discount": discount, "within": "7 days"}
    always, never, chosen = (
        plan_of(case_of({**asked, "taken": taken}, rate, "28 days")) for taken in ("always", "never", "when-it-pays")
    )
    assert always.present is not None
    assert never.present is not None
    assert chosen.present is not None
    assert chosen.present.spend == min(always.present.spend, never.present.spend)
    assert never.spend == 100.0
    assert always.spend == pytest.approx(100.0 * (1 - float(discount.rstrip("%")) / 100))


@pytest.mark.parametrize(
    ("taken", "rate", "spend", "says"),
    [
        (
            "when-it-pays",
            "50 %/year",
            100.0,
            "saves 44.6% a year, less than the 50% that money is worth: and so it is not taken",
        ),
        (
            "when-it-pays",
            "8 %/year",
            98.0,
            "saves 44.6% a year, no less than the 8% that money is worth: and so it is taken",
        ),
        ("always", "50 %/year", 98.0, "saves 44.6% a year, less than the 50% that money is worth: taken anyway"),
        ("always", "8 %/year", 98.0, ""),
        ("never", "8 %/year", 100.0, ""),
    ],
)
def test_the_plan_says_why_a_discount_is_taken(taken: str, rate: str, spend: float, says: str) -> None:
    """A note where the rate decided, or speaks against what the contract was told to do; the check of the plan agrees."""
    answer = solve(read_case(case_of({"discount": "2%", "within": "10 days", "taken": taken}, rate)))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.plan.spend == pytest.approx(spend)
    notes = [note for note in answer.notes if "paying within" in note]
    assert [note.removeprefix("the 2% acme gives for paying within 10 days ") for note in notes] == (
        [says] if says else []
    )
