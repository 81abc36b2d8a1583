"""Value and floors on it in another currency than the case's: at the rate of the period a product's time ends in."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import Answer, read_case, solve

RATES = [{"rate": "1 USD"}, {"from": "week 2", "rate": "2 USD"}]


def answered(value: dict[str, Any], deadline: str = "week 2", **more: Any) -> Answer:
    """The answer to a case in two weeks: a line of 10 images to a point, at 0.01 USD an image."""
    points = [{"labels": labels, "score": 50 + labels / 10} for labels in (0, 100, 200)]
    case = {
        "case": "worth",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": RATES},
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {
            "p": {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"at-most": "200 images"},
                "deadline": deadline,
                "value": {"curve": points, **value},
            }
        },
        "vendors": {"v": {"contract": {"price": "1 USD/image"}, "accuracy": "100%"}},
        "workflows": {"plain": {}},
        **more,
    }
    return solve(read_case(case))


def items(answer: Answer) -> float:
    """Items of a plan that is verified."""
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    return float(answer.plan.lines["items"].sum())


@pytest.mark.parametrize(("deadline", "rate"), [("week 1", 1), ("week 2", 2)])
def test_a_floor_in_the_currency_of_the_worth_does_not_depend_on_rates(deadline: str, rate: int) -> None:
    """5 points of 3 EUR are the 15 EUR asked, whatever they are worth; 15 USD are 5 points in week 1 and 2.5 in week 2."""
    answer = answered({"worth": "3 EUR/point", "at-least": "15 EUR"}, deadline)
    assert items(answer) == pytest.approx(50)
    assert answer.plan is not None
    assert answer.plan.value == pytest.approx(15 * rate)
    assert items(answered({"worth": "3 EUR/point", "at-least": "15 USD"}, deadline)) == pytest.approx(50 / rate)


def test_a_target_of_the_portfolio_counts_in_its_own_currency() -> None:
    """8 points of 3 USD, there in week 2, are the 12 EUR asked; of 36 EUR only 30 can be reached, and the reason says so."""
    answer = answered({"worth": "3 USD/point"}, targets={"value": "12 EUR"})
    assert items(answer) == pytest.approx(80)
    assert answer.verification is not None
    (one,) = (check for check in answer.verification.checks if check.family == "value_floor")
    assert (one.unit, one.used, one.limit) == ("EUR", pytest.approx(12), 12)
    answer = answered({"worth": "3 USD/point"}, targets={"value": "36 EUR"})
    assert answer.plan is None
    assert "6 EUR of value short (30 of 36 can be reached)" in answer.reasons[0].sentence


def test_a_gate_pays_at_the_rate_of_the_end() -> None:
    """A gate of 40 EUR at 60 points is 80 USD in week 2: more than the 100 images' 75 USD; in week 1 it is not."""
    vendors = {"v": {"contract": {"price": "0.75 USD/image"}, "accuracy": "100%"}}
    gate = {"gates": [{"score-at-least": "60 points", "worth": "40 EUR"}]}
    for deadline, made in (("week 2", 100.0), ("week 1", 0.0)):
        answer = answered(gate, deadline, objective="net-value", vendors=vendors)
        assert items(answer) == pytest.approx(made)
