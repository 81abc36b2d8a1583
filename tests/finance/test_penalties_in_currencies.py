"""Penalties in another currency than the case's cost what they are worth in the period they fall due in."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import Answer, read_case, solve

RATES = [{"rate": "1 USD"}, {"from": "week 2", "rate": "2 USD"}, {"from": "week 3", "rate": "4 USD"}]


def answered(product: dict[str, Any], **more: Any) -> Answer:
    """The best plan of three weeks, 10 images a week at 9 USD; verified, and of the money its parts say."""
    case = {
        "case": "late",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": RATES},
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "products": {"p": {"item": "image", "effort": "36 s/image", **product}},
        "vendors": {"v": {"contract": {"price": "9 USD/image"}, "capacity": "10 images/week"}},
        "workflows": {"plain": {}},
        **more,
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.plan.invoice["amount"].sum() == pytest.approx(answer.plan.spend)
    assert answer.objective == pytest.approx(answer.plan.spend + answer.plan.penalty)
    return answer


def penalty(answer: Answer, cash: bool) -> float:
    """What is paid, or weighs, beside the work."""
    assert answer.plan is not None
    rows = answer.plan.invoice[answer.plan.invoice["clause"] == "penalty"]
    assert bool(len(rows)) is cash
    return float(rows["amount"].sum()) if cash else float(answer.plan.penalty)


@pytest.mark.parametrize("cash", [True, False])
def test_demand_missed_costs_what_it_is_worth_at_its_end(cash: bool) -> None:
    """Of 40 images 10 cannot be made: 3 EUR each fall due in week 3, at 4 USD. Without a deadline at 8 they are made."""
    demand = {"exactly": "40 images", "penalty": "3 EUR/image", "cash": cash}
    assert penalty(answered({"demand": demand}), cash) == pytest.approx(10 * 3 * 4)
    early = answered({"demand": {**demand, "exactly": "20 images"}, "deadline": "week 2"})
    assert early.objective == pytest.approx(20 * 3 * 2)
    assert penalty(early, cash) == pytest.approx(20 * 3 * 2)


@pytest.mark.parametrize("cash", [True, False])
def test_a_milestone_missed_costs_what_it_is_worth_then(cash: bool) -> None:
    """20 images by week 1, of which there are 10: ten times 3 EUR at the 1 USD of week 1."""
    milestone = {"by": "week 1", "at-least": "20 images", "penalty": "3 EUR/image", "cash": cash}
    answer = answered({"demand": "30 images", "milestones": [milestone]})
    assert penalty(answer, cash) == pytest.approx(10 * 3 * 1)


@pytest.mark.parametrize("cash", [True, False])
def test_each_week_a_milestone_is_missed_costs_what_it_is_worth_then(cash: bool) -> None:
    """30 images by week 1: 20 are missing in week 2 at 2 USD, 10 in week 3 at 4 USD, each week 1 EUR an image."""
    milestone = {"by": "week 1", "at-least": "30 images", "penalty": "1 EUR/image/week", "cash": cash}
    answer = answered({"demand": "30 images", "milestones": [milestone]})
    assert penalty(answer, cash) == pytest.approx(20 * 2 + 10 * 4)


@pytest.mark.parametrize("cash", [True, False])
def test_what_is_late_costs_what_it_is_worth_when_it_comes(cash: bool) -> None:
    """10 images come a week late, in week 2, and 10 two weeks late, in week 3: 10 weeks at 2 USD, 20 at 4 USD."""
    deadline = {"date": "week 1", "late": "1 EUR/image/week", "cash": cash}
    answer = answered({"demand": "30 images", "deadline": deadline})
    assert penalty(answer, cash) == pytest.approx(10 * 2 + 20 * 4)


def test_accuracy_missed_costs_what_it_is_worth_at_the_end() -> None:
    """Of 10 images 9 are right where all should be: the one missing weighs 5 EUR at 4 USD; by delivery at that week's rate."""
    vendors = {"v": {"contract": {"price": "9 USD/image"}, "capacity": "10 images/week", "accuracy": "90%"}}
    floor = {"at-least": "100%", "penalty": "5 EUR/image"}
    answer = answered({"demand": "10 images", "accuracy": floor}, vendors=vendors)
    assert penalty(answer, cash=False) == pytest.approx(5 * 4)
    answer = answered({"demand": "10 images", "accuracy": {**floor, "of": "each-delivery"}}, vendors=vendors)
    assert penalty(answer, cash=False) == pytest.approx(5 * 1)
    assert answer.plan is not None
    assert answer.plan.lines["period"].tolist() == [1]


def test_a_rule_broken_costs_what_it_is_worth_in_its_period_or_at_the_end() -> None:
    """A vendor that may have nothing has all 10 images: 10 times 1 EUR, at 4 USD; in each week at that week's, so in the first."""
    rule = {"name": "none", "share": {"of": "items", "vendor": "v", "at-most": "0%"}, "penalty": "1 EUR/item"}
    answer = answered({"demand": "10 images"}, rules=[rule])
    assert penalty(answer, cash=False) == pytest.approx(10 * 4)
    rule = {**rule, "share": {**rule["share"], "in": "each-period"}}
    answer = answered({"demand": "10 images"}, rules=[rule])
    assert penalty(answer, cash=False) == pytest.approx(10 * 1)
