"""Items that are worth something by themselves: one worth, or steps that fall or rise, against every plan of a grid."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from mistakes import product, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine

FALLING = [
    {"up-to": "20 images", "worth": "3 USD/image"},
    {"up-to": "50 images", "worth": "1.4 USD/image"},
    {"worth": "1 USD/image"},
]
RISING = [{"up-to": "20 images", "worth": "1 USD/image"}, {"worth": "3 USD/image"}]
ENDING = [{"up-to": "30 images", "worth": "2 USD/image"}]


def earned(value: dict[str, Any], items: float) -> float:
    """Worth of so many images on top of those there are, by the words of the value."""
    before = float(str(value.get("existing", "0")).split()[0])
    if "worth" in value:
        return float(value["worth"].split()[0]) * items
    money, start = 0.0, 0.0
    for step in value["steps"]:
        end = float(step["up-to"].split()[0]) if "up-to" in step else np.inf
        inside = max(0.0, min(before + items, end) - max(before, start))
        money, start = money + inside * float(step["worth"].split()[0]), end
    return money


VALUES: list[dict[str, Any]] = [
    {"worth": "1.5 USD/image"},
    {"steps": FALLING},
    {"steps": RISING},
    {"steps": ENDING},
    {"steps": FALLING, "existing": "10 images"},
    {"steps": RISING, "existing": "30 images"},
]


def case_of(first: dict[str, Any], second: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Two products, made by v for 1 USD (60 images) and w for 2 USD, a tenth of which are wrong."""
    item = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "60 images"}}
    return {
        "case": "worth",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "budget": "150 USD",
        "products": {"p": {**item, "value": first}, "q": {**item, "value": second, "error-cost": "2 USD/image"}},
        "vendors": {
            "v": {"accuracy": "90%", "capacity": "60 images", "contract": {"price": "1 USD/image"}},
            "w": {"accuracy": "100%", "contract": {"price": "2 USD/image"}},
        },
        "workflows": {"plain": {}},
        **more,
    }


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations_with_replacement(VALUES, 2)))
def test_no_plan_of_the_grid_is_worth_more(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Value is what the words say of the plan's images, right or wrong, and no plan in tens has a higher net value."""
    answer = solve(read_case(case_of(first, second)))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    made = dict(zip(answer.plan.products["product"], answer.plan.products["items"], strict=True))
    assert answer.plan.value == pytest.approx(earned(first, made["p"]) + earned(second, made["q"]))
    tens = range(0, 61, 10)
    best = max(
        earned(first, pv + pw) + earned(second, qv + qw) - (pv + qv) - 2 * (pw + qw) - 2 * 0.1 * qv
        for pv, pw, qv, qw in itertools.product(tens, repeat=4)
        if pv + pw <= 60 and qv + qw <= 60 and pv + qv <= 60 and pv + qv + 2 * (pw + qw) <= 150
    )
    assert answer.plan.net_value >= best - 1e-6


def test_a_worth_counts_in_its_currency_and_with_rules() -> None:
    """Euros at 2 USD make 1 EUR an image pay for 1.8 USD; a rule on the number of products leaves the better one."""
    value = {"worth": "1 EUR/image"}
    case = case_of(value, {"worth": "1.9 USD/image"}, exchange={"EUR": "2 USD"}, objective="value", budget="40 USD")
    case["rules"] = [{"name": "one", "funded": {"at-most": 1}}]
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.products["items"].tolist() == pytest.approx([40.0, 0.0])
    assert answer.plan.value == pytest.approx(80.0)


def test_a_plan_held_is_worth_what_the_steps_say() -> None:
    """A plan of one's own is priced by the same steps, and no score is shown for items."""
    read = read_case(case_of({"steps": FALLING}, {"steps": RISING}))
    found = evaluate(read, [PlanLine("p", "v", "plain", 1, 30.0), PlanLine("q", "v", "plain", 1, 30.0)])
    assert found.verification.holds
    assert found.plan.value == pytest.approx(3 * 20 + 1.4 * 10 + 20 + 3 * 10)
    assert np.isnan(found.plan.products["score_before"]).all()


@pytest.mark.parametrize(
    ("value", "worth"),
    [
        ({"worth": "20 USD/1_000_000 images"}, 100_000.0),
        ({"steps": [{"up-to": "2e9 images", "worth": "10 USD/1_000_000 images"}, {"worth": "20 USD/1_000_000 images"}]}, 80_000.0),
        ({"steps": [{"up-to": "1e6 images", "worth": "20 USD/1_000_000 images"}, {"worth": "10 USD/1_000_000 images"}]}, 50_010.0),
    ],
    ids=["one", "rising", "falling"],
)  # fmt: skip
def test_thousands_of_millions_of_items_are_all_worth_something(value: dict[str, Any], worth: float) -> None:
    """5e9 images for 5,000 USD are all made: no number of items is where a worth without end ends."""
    case = case_of(value, {"worth": "0 USD/image"})
    case["products"] = {"p": {**case["products"]["p"], "demand": {"at-most": "5e9 images"}}}
    case["vendors"] = {"v": {"contract": {"price": "1 USD/1_000_000 images"}}}
    answer = solve(read_case(case | {"budget": "9000 USD"}))
    assert answer.plan is not None
    assert (answer.plan.value, answer.plan.spend) == (pytest.approx(worth), pytest.approx(5000.0))


def told(text: str, message: str, fix: str, name: str) -> Any:
    """A mistake in the value of triage."""
    return pytest.param(product(text), "case.yaml:24:12", f"products.triage.value: {message}", fix, id=name)


MISTAKES: list[Any] = [
    told(
        "value: {worth: 5 USD/point}", "'5 USD/point' is for a score point, and there is no curve that scores",
        "add `curve: …`, or write what an item is worth, as in `worth: 0.50 USD/image`", "points without a curve",
    ),
    told(
        "value: {curve: [{labels: 0, score: 1}, {labels: 9, score: 2}], worth: 5 USD/scan}",
        "a value is by a curve or by items, not by both", "remove the curve, or write `worth: 18k USD/point`", "both",
    ),
    told(
        "value: {existing: 9 scans}", "a value has neither a curve nor a worth of items",
        "add `curve: …`, or `worth: 0.50 USD/image`", "neither",
    ),
    told(
        "value: {worth: 1 USD/scan, score-at-least: 90 points}", "gates and scores stand on a curve, and there is none",
        "add `curve: …`, or remove them", "a score of items",
    ),
    told(
        "value: {worth: 1 USD/scan, steps: [{worth: 1 USD/scan}]}", "a value has either worth or steps",
        "write the first worth as the first of the steps", "worth and steps",
    ),
    told(
        "value: {steps: [{worth: 1 USD/scan}, {worth: 2 USD/scan}]}", "the steps of a worth do not follow one another",
        "write `up-to` in all but the last, smallest first", "steps without ends",
    ),
    pytest.param(
        product("value: {worth: 1 USD/image}"), "case.yaml:24:20",
        "products.triage counts scans, not images ('1 USD/image')", "write `1 USD/scan`", id="a worth of others",
    ),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)
