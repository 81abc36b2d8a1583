"""What holds of checking, however a case is drawn: accuracies are shares, more checking and more reviewers never do harm."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from drawn_cases import Case, cases, checked
from hypothesis import given
from hypothesis import strategies as st

from allocate import read_case, routes, solve
from allocate.costing.table import Routes
from allocate.numerals import plainly

share = st.floats(0.0, 1.0).map(lambda value: round(value, 6))
"""Shares to the millionth: amounts below 1e-20 are refused."""
REWORKS = ("reviewer", "vendor", "none")


def case_of(workflows: dict[str, Any], classes: int = 4, accuracy: float = 0.8, **more: Any) -> Case:
    """A product of some classes, a vendor paid by the hour, a review team."""
    product = {"item": "image", "effort": "36 s/image", "classes": classes, "error-cost": "1 USD/image"}
    return {
        "case": "checking",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"p": {**product, "demand": "100 images"}},
        "vendors": {"v": {"accuracy": accuracy, "contract": {"price": "9 USD/h"}, "platform-fee": "10%"}},
        "review-team": {"wage": "30 USD/h"},
        "workflows": workflows,
        **more,
    }


def ways(workflows: dict[str, Any], **more: Any) -> Routes:
    """Its routes."""
    return routes(read_case(case_of(workflows, **more)))


@pytest.mark.slow
@checked(40)
@given(st.floats(0.05, 1.0), share, share, share.map(lambda one: 0.9 * one), share, st.integers(2, 20), share)
def test_every_workflow_gives_an_accuracy_that_is_a_share(
    accuracy: float, f: float, d: float, q: float, c: float, classes: int, g: float
) -> None:
    """Accuracy and effective labels lie in [0, 1] whatever the workflow, and no more labels train than are delivered."""
    review = {"share": f, "catch": d, "accuracy": g, "false-reject": q, "time": "9 s/image"}
    menu: dict[str, Any] = {f"reviewed-{who}": {"review": {**review, "rework": who}} for who in REWORKS}
    menu |= {
        "majority": {"passes": 3, "majority": True, "correlation": c},
        "plurality": {"passes": 4, "plurality": True, "correlation": c},
        "settled": {"passes": 2, "correlation": c, "adjudicate": {"accuracy": g, "time-factor": 1}},
        "proposed": {"pre-label": {"time-factor": 0.5, "accuracy-change": "-9 points"}},
        "lots": {"review": {**review, "rework": "reviewer", "lots": {"size": 100, "sample": 20, "accept": 1}}},
    }
    menu["lots"]["review"].pop("share")
    found = ways(menu, classes=classes, accuracy=accuracy)
    for figures in (found.accuracy, found.assured, found.effective):
        assert np.all((figures >= 0.0) & (figures <= 1.0))


@pytest.mark.slow
@checked(40)
@given(st.floats(0.01, 1.0), share, share, st.sampled_from(REWORKS))
def test_more_review_never_makes_a_route_worse(accuracy: float, d: float, g: float, who: str) -> None:
    """With right items left alone and a reviewer no worse than the vendor, accuracy and labels that train rise with the share."""
    shares = (0.0, 0.2, 0.5, 0.9, 1.0)
    review = {"catch": 0.99 * d, "accuracy": g, "time": "9 s/image", "rework": who}
    menu = {f"w{number}": {"review": {**review, "share": share_}} for number, share_ in enumerate(shares)}
    found = ways(menu, accuracy=accuracy)
    assert np.all(np.diff(found.accuracy) >= -1e-12)
    assert np.all(np.diff(found.effective) >= -1e-12)
    assert np.all(np.diff(found.error_cost[:, 0]) <= 1e-12)
    assert np.all(np.diff(found.review_hours) >= -1e-12)


@pytest.mark.slow
@checked(30)
@given(share, share, share, share, st.sampled_from(REWORKS))
def test_a_review_of_nothing_costs_what_a_single_pass_costs(
    accuracy: float, d: float, g: float, q: float, who: str
) -> None:
    """The table of costs, every figure of it, is that of a single pass to the byte."""
    review = {"share": 0.0, "catch": d, "accuracy": g, "false-reject": q, "time": "9 s/image", "rework": who}
    plain = ways({"way": {}}, accuracy=accuracy)
    nothing = ways({"way": {"review": review}}, accuracy=accuracy)
    assert nothing.table.to_csv() == plain.table.to_csv()
    assert nothing.unit_cost.tobytes() == plain.unit_cost.tobytes()


@pytest.mark.parametrize("who", REWORKS)
def test_a_review_of_nothing_plans_as_a_single_pass(who: str) -> None:
    """The plan is the same to the byte as well."""
    review = {"share": 0.0, "catch": 0.8, "accuracy": 0.9, "false-reject": 0.1, "time": "9 s/image", "rework": who}
    plans = [solve(read_case(case_of({"way": way}))).plan for way in ({}, {"review": review})]
    assert plans[0] is not None
    assert plans[1] is not None
    assert plans[0].lines.to_csv() == plans[1].lines.to_csv()
    assert plans[0].invoice.to_csv() == plans[1].invoice.to_csv()


@pytest.mark.slow
@checked(8)
@given(st.integers(1, 12), st.floats(0.5, 0.97), st.floats(0.5, 60.0), share, share.map(lambda one: 2.0 * one))
def test_one_more_reviewer_never_makes_fewer_items(
    people: int, kept: float, minutes: float, arrivals: float, work: float
) -> None:
    """Every item has to be checked; with another reviewer under the same promise the plan makes as many, or more."""
    answer = {
        "share": kept,
        "within": f"{minutes} min",
        "arrivals": "steady",
        "arrival-variability": arrivals,
        "work-variability": work,
    }
    review = {"share": "100%", "catch": "80%", "accuracy": "100%", "time": "6 min/image", "rework": "reviewer"}
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "90_000 images"}}
    value = {"curve": [{"labels": 0, "score": 0}, {"labels": 90_000, "score": 90}], "worth": "1k USD/point"}
    made = []
    for count in (people, people + 1):
        team = {"wage": "1 USD/h", "people": count, "hours": "40 h/week", "answer": answer}
        more = {"products": {"p": {**product, "value": value}}, "objective": "value", "review-team": team}
        plan = solve(read_case(case_of({"checked": {"review": review}}, **more))).plan
        assert plan is not None
        made.append(float(plan.products["items"].sum()))
    assert made[1] >= made[0] * (1 - 1e-9)
    assert made[1] > 0.0


@pytest.mark.slow
@checked(12)
@given(cases(objective="value"), st.floats(1.05, 3.0))
def test_more_hours_of_review_are_never_worse(drawn: Case, factor: float) -> None:
    """With more hours of the review team a plan stays possible, and its value is at least as high."""
    more = copy.deepcopy(drawn)
    hours = float(drawn["review-team"]["capacity"].split()[0])
    more["review-team"]["capacity"] = f"{plainly(str(hours * factor))} h/week"
    before, after = solve(read_case(drawn)), solve(read_case(more))
    if before.plan is not None:
        assert after.plan is not None
        assert after.plan.value >= before.plan.value * (1 - 1e-9) - 1e-7
