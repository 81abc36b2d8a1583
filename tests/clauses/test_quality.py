"""Bonus and price reduction on the average accuracy of what a vendor delivers of a product in a window."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_grid import checked, exact, priced, spend_of, written
from hypothesis import given
from hypothesis import strategies as st
from mistakes import clause, contract, told_once_each

from allocate import read_case, routes, solve
from allocate.api.solving import formulate

REDUCTION = [{"below": "95%", "price": "-10%"}]


def reviewed(contract: dict[str, Any], least: int = 40, **more: Any) -> dict[str, Any]:
    """A vendor of 90 % accuracy, and a review that finds and mends all errors: 22 cents at 20 USD an hour."""
    weeks = {
        "plain": {},
        "reviewed": {
            "review": {"share": "100%", "time": "36 s/image", "catch": "100%", "rework": "reviewer", "accuracy": "100%"}
        },
    }
    team = {"wage": "20 USD/h"}
    vendors = {"v": {"accuracy": "90%", "contract": {"price": "1 USD/image", **contract}}, **more.pop("vendors", {})}
    return written(vendors, least=least, most=least, workflows=weeks, **{"review-team": team, **more})


def floor(accuracy: str, case: dict[str, Any]) -> dict[str, Any]:
    """The case with a floor on the product's accuracy."""
    case["products"]["one"]["accuracy"] = accuracy
    return case


def test_the_average_of_all_deliveries_decides() -> None:
    """At a floor of 96 % six of ten are reviewed: no route alone reaches the bonus above 95 %, their mix does."""
    bonus = {"quality": [{"above": "95%", "price": "+10%"}], "quality-window": "horizon"}
    case = floor("96%", reviewed(bonus, 100))
    plan = solve(read_case(case)).plan
    assert plan is not None
    rows = plan.invoice[plan.invoice["clause"] == "quality"]
    assert rows[["window", "about", "quantity", "amount"]].to_numpy().tolist() == [
        ["the horizon", "one", pytest.approx(100), pytest.approx(10)]
    ]
    assert float(plan.invoice["amount"].sum()) == pytest.approx(plan.spend)


def test_a_malus_can_make_the_worse_mix_the_cheaper_one() -> None:
    """Without a floor 90 % gets a tenth off; at a floor of 94.9 % the mix stays below 95 % and keeps the price reduction."""
    clause = {"quality": REDUCTION, "quality-window": "horizon"}
    assert spend_of(reviewed(clause, 100)) == pytest.approx(90)
    by_route = floor("94%", reviewed({"quality": REDUCTION}, 100))
    by_window = floor("94%", reviewed(clause, 100))
    assert spend_of(by_window) < spend_of(by_route) - 1


@pytest.mark.parametrize(("reviewed_too", "change"), [(49, -10.0), (50, 0.0), (51, 10.0)])
def test_an_average_at_the_bound_changes_nothing(reviewed_too: int, change: float) -> None:
    """Half reviewed is 95 %, neither below nor above it; one image fewer or more is."""
    clause = {"quality": [*REDUCTION, {"above": "95%", "price": "+10%"}], "quality-window": "horizon"}
    case = read_case(reviewed(clause, 100))
    owed = priced(case, routes(case), np.array([[100.0 - reviewed_too], [reviewed_too]]))
    assert sum(entry.amount for entry in owed.entries if entry.clause == "quality") == pytest.approx(change)


def test_each_window_is_measured_by_what_is_delivered_in_it_and_paid_at_its_end() -> None:
    """Work of January is delivered in February where it takes a week: its price reduction is February's."""
    clause = {"quality": REDUCTION, "quality-window": "month"}
    case = reviewed(clause, 40, weeks=3)
    case["vendors"]["v"]["lead"] = "2 weeks"
    plan = solve(read_case(case)).plan
    assert plan is not None
    rows = plan.invoice[plan.invoice["clause"] == "quality"]
    assert rows["window"].tolist() == ["2027-02"]
    assert plan.spend == pytest.approx(36)


def test_paying_early_takes_its_share_of_bonus_and_malus() -> None:
    """100 USD less a tenth less 2 % of what is left: 88.20 USD."""
    clause = {"quality": REDUCTION, "quality-window": "horizon", "early-payment": "2%"}
    assert spend_of(reviewed(clause, 100)) == pytest.approx(100 * 0.9 * 0.98)


def test_one_accuracy_needs_no_choice() -> None:
    """A vendor with one route has one average: no whole number is in the program."""
    case = read_case(written({"v": {"accuracy": "90%", "contract": {"price": "1 USD/image", "quality": REDUCTION,
                                                                  "quality-window": "month"}}}))  # fmt: skip
    assert not formulate(case).program.arrays().integer.any()
    plan = solve(case).plan
    assert plan is not None
    assert plan.spend == pytest.approx(36)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Vendors whose average accuracy changes prices, by any window, in shares or money, with floors that force mixes."""
    steps = []
    for side, low, high in (("below", 86, 94), ("above", 95, 99)):
        for bound in sorted(draw(st.sets(st.integers(low, high), max_size=2))):
            size = draw(st.sampled_from([-30, -10, 10, 40]))
            steps.append({side: f"{bound}%", "price": draw(st.sampled_from([f"{size}%", f"{size / 100} USD/image"]))})
    clause: dict[str, Any] = {"quality-window": draw(st.sampled_from(["week", "month", "horizon"]))}
    clause["quality"] = steps or [{"below": "95%", "price": "-20%"}]
    if draw(st.booleans()):
        clause["early-payment"] = "5%"
    if draw(st.integers(0, 3)) == 0:
        clause["commitment"] = f"{draw(st.integers(5, 50))} USD"
    weeks, least = draw(st.sampled_from([(1, 50), (2, 30)]))
    other = {"w": {"accuracy": "97%", "contract": {"price": f"{draw(st.integers(8, 15)) / 10} USD/image"}}}
    vendors = other if weeks == 1 and draw(st.booleans()) else {}
    more: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        more["rules"] = [{"name": "r", "share": {"vendor": "v", "of": "spend", "at-most": "60%"}}]
    case = reviewed(clause, least, weeks=weeks, vendors=vendors, **more)
    case["vendors"]["v"]["lead"] = draw(st.sampled_from(["0 weeks", "0 weeks", "1 week"]))
    case["products"]["one"]["demand"] = {"at-least": f"{least} images", "at-most": f"{least} images"}
    return case


@pytest.mark.slow
@checked(25)
@given(cases())
def test_no_plan_on_the_grid_is_cheaper(case: dict[str, Any]) -> None:
    """Whatever the steps, the plan costs what its invoice says, and none on the grid costs less."""
    exact(case)


MISTAKES: list[Any] = [
    pytest.param(
        clause("quality: [{price: -10%}]"),
        "case.yaml:32:55",
        "vendors.acme.contract.quality.0: a quality step is for accuracies below or above one bound",
        "write it as in `below: 95%` or `above: 99%`",
        id="a quality step without a bound",
    ),
    pytest.param(
        clause("quality: [{below: 97%, price: -10%}, {above: 95%, price: 3%}]"),
        "case.yaml:32:63",
        "an accuracy between 95% and 97% is both below this step and above another (line 32)",
        "write `95%` or less",
        id="quality steps that overlap",
    ),
    pytest.param(
        clause("quality: [{below: 97%, price: -10%}, {below: 97%, price: -20%}]"),
        "case.yaml:32:82",
        "two steps are for accuracies below 97% (line 32)",
        "keep one of them",
        id="a quality step twice",
    ),
    pytest.param(
        clause("quality: [{below: 97%, price: -10}]"),
        "case.yaml:32:75",
        "vendors.acme.contract.quality.0.price: changes the price by more than itself ('-10')",
        "did you mean `-10%`?",
        id="a price reduction of more than the price",
    ),
    pytest.param(
        contract("price: 300 PHP/h, quality-window: month"),
        "case.yaml:32:50",
        "`quality-window` says over what accuracy is averaged, and no `quality` says what for",
        "add `quality: [{below: 95%, price: -10%}]`, or leave it out",
        id="a window of no bonus or price reduction",
    ),
]

test_mistakes = told_once_each(MISTAKES)
