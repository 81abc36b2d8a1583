"""The independent check: it finds every tampered figure and every broken limit, and knows nothing of the program."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from allocate import Plan, read_case, routes, solve, verify
from allocate.case.load import Case
from allocate.costing.bill.lines import Lines
from allocate.costing.value.values import product_values
from allocate.plan import make_plan
from allocate.tables.column import names
from allocate.tables.plan import LINES

CURVE = [{"labels": 0, "score": 0}, {"labels": 1000, "score": 10}, {"labels": 4000, "score": 16}]


def case_of(**changes: Any) -> Case:
    """Two products, two vendors, two weeks; a workflow with review."""
    value = {"curve": CURVE, "worth": "100 USD/point"}
    one = {"item": "image", "effort": "36 s/image", "value": value, "error-cost": "0.1 USD/image"}
    two = {"item": "page", "effort": "72 s/page", "demand": {"at-least": "0 pages"}}
    review = {"share": "50%", "catch": "80%", "accuracy": "95%", "time": "36 s/item", "rework": "reviewer"}
    base: dict[str, Any] = {
        "case": "two",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"one": {**one, **changes.pop("one", {})}, "two": {**two, **changes.pop("two", {})}},
        "vendors": {"v": changes.pop("v", {}), "w": changes.pop("w", {})},
        "workflows": {"plain": {}, "checked": {"review": review}},
        "review-team": {"wage": "40 USD/h", **changes.pop("team", {})},
        "rates": [
            {"product": "one", "vendor": "v", "price": "0.1 USD/image", "accuracy": "90%", **changes.pop("rate", {})},
            {"product": "one", "vendor": "w", "price": "0.2 USD/image", "accuracy": "95%", **changes.pop("other", {})},
            {"product": "two", "vendor": "w", "price": "0.3 USD/page", "accuracy": "80%"},
        ],
    }
    return read_case({**base, **changes})


def plan_of(case: Case, *lines: tuple[str, str, str, int, float]) -> Plan:
    """A plan of lines (product, vendor, workflow, week, items), kept to or not."""
    ways = routes(case)
    names = [
        (ways.products[p], ways.vendors[v], ways.workflows[w])
        for p, v, w in zip(ways.product, ways.vendor, ways.workflow, strict=True)
    ]
    route = np.array([names.index(line[:3]) for line in lines], dtype=np.int32)
    period = np.array([line[3] - 1 for line in lines], dtype=np.int32)
    items = np.array([line[4] for line in lines])
    return make_plan(product_values(case, ways), Lines(case, ways, route, period, items))


def good() -> tuple[Case, Plan]:
    """A case and a plan for it that holds."""
    case = case_of()
    return case, plan_of(
        case, ("one", "v", "plain", 1, 500.0), ("one", "w", "checked", 2, 300.0), ("two", "w", "plain", 2, 40.0)
    )


def test_a_good_plan_holds() -> None:
    """Nothing is found where nothing is wrong."""
    found = verify(*good())
    assert found.violations == ()
    assert found.holds


@pytest.mark.parametrize("column", names(LINES)[6:])
@pytest.mark.parametrize("row", [0, 2])
def test_every_column_of_the_lines_is_checked(column: str, row: int) -> None:
    """A figure of a line raised by a thousandth is found, with its line and name."""
    case, plan = good()
    lines = plan.lines.copy()
    lines[column] = lines[column].astype(float)
    lines.loc[row, column] = lines.loc[row, column] * 1.001 + 0.001
    found = verify(case, dataclasses.replace(plan, lines=lines)).violations
    assert found
    if column != "items":  # a different amount is a different line: its other figures no longer follow
        assert any(f"line {row + 1}: {column} is" in words for words in found)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("product", "two", "two with v, plain, week 1: the case has no such route"),
        ("vendor", "w", "line 1: "),
        ("workflow", "checked", "line 1: "),
        ("workflow", "magic", "one with v, magic, week 1: the case has no such route"),
        ("period", 3, "one with v, plain, week 3: outside the horizon's 2 weeks"),
        ("period", 1.5, "outside the horizon's 2 weeks"),
        ("period", float("nan"), "outside the horizon's 2 weeks"),
        ("items", -1.0, "-1.0 items is not an amount"),
        ("items", float("nan"), "nan items is not an amount"),
        ("items", float("inf"), "inf items is not an amount"),
    ],
)
def test_the_keys_of_the_lines_are_checked(column: str, value: Any, message: str) -> None:
    """A line for no route, no week of the horizon or no amount is found, in words."""
    case, plan = good()
    lines = plan.lines.astype({"period": object, "product": object, "vendor": object, "workflow": object})
    lines.loc[0, column] = value
    found = verify(case, dataclasses.replace(plan, lines=lines)).violations
    assert any(message in words for words in found)


def test_a_line_taken_away_or_written_twice_is_found() -> None:
    """The totals no longer follow from the lines."""
    case, plan = good()
    for lines in (plan.lines.iloc[1:], pd.concat([plan.lines, plan.lines.iloc[:1]])):
        found = verify(case, dataclasses.replace(plan, lines=lines.reset_index(drop=True))).violations
        assert any(words.startswith("the spend is") for words in found)


@pytest.mark.parametrize("name", ["spend", "value", "value_error", "escaped_error_cost", "hurdle"])
def test_every_total_is_checked(name: str) -> None:
    """A total raised by a thousandth is found."""
    case, plan = good()
    wrong = dataclasses.replace(plan, **{name: getattr(plan, name) * 1.001 + 0.001})
    assert verify(case, wrong).violations


def test_the_currency_is_checked() -> None:
    """The same figures in another currency are another plan."""
    case, plan = good()
    assert verify(case, dataclasses.replace(plan, currency="EUR")).violations == (
        "the plan is in EUR, the case in USD",
    )


@pytest.mark.parametrize("table", ["products", "vendors"])
def test_every_figure_of_the_tables_is_checked(table: str) -> None:
    """Every column of the totals by product and vendor, and the names themselves."""
    case, plan = good()
    right = getattr(plan, table)
    for column in right.columns[1:]:
        wrong = right.copy()
        wrong.loc[1, column] = 1.0 if np.isnan(wrong.loc[1, column]) else wrong.loc[1, column] * 1.001 + 0.001
        found = verify(case, dataclasses.replace(plan, **{table: wrong})).violations
        assert len(found) == 1
        assert f"{right.iloc[1, 0]}: {column} is" in found[0]
    swapped = right.iloc[::-1].reset_index(drop=True)
    assert verify(case, dataclasses.replace(plan, **{table: swapped})).violations


def broken(changes: dict[str, Any], *lines: tuple[str, str, str, int, float]) -> tuple[str, ...]:
    """What is found in a plan whose figures are right."""
    case = case_of(**changes)
    return verify(case, plan_of(case, *lines)).violations


ONE = ("one", "v", "plain", 1, 500.0)
LIMITS: dict[str, tuple[dict[str, Any], str]] = {
    "budget": ({"budget": "40 USD"}, "budget: 50 USD, at most 40"),
    "budget by week": ({"budget": {"per-week": "49 USD"}}, "budget of week 1: 50 USD, at most 49"),
    "budget limit": (
        {"budget": {"limits": [{"name": "cap", "at-most": "45 USD", "vendors": ["v"]}]}},
        "budget limit 'cap': 50 USD, at most 45",
    ),
    "demand at least": ({"one": {"demand": {"at-least": "600 images"}}}, "items of one: 500 image, at least 600"),
    "demand at most": ({"one": {"demand": {"at-most": "400 images"}}}, "items of one: 500 image, at most 400"),
    "milestone": (
        {"one": {"milestones": [{"by": "week 1", "at-least": "501 images"}]}},
        "milestone of one by week 1: 500 image, at least 501",
    ),
    "accuracy": ({"one": {"accuracy": "92%"}}, "accuracy of one: 0.9 share, at least 0.92"),
    "hours": ({"v": {"capacity": "4 h/week"}}, "hours of v in week 1: 5 h, at most 4"),
    "people": (
        {"v": {"people": 1, "hours": "8 h/week", "ramp": ["50%"]}},
        "hours of v in week 1: 5 h, at most 4",
    ),
    "items": ({"v": {"capacity": "450 images/week"}}, "capacity of v in week 1: 500 image, at most 450"),
    "equivalent units": (
        {"v": {"capacity": "2_000 EU/week"}},
        "capacity of v in week 1: 2,432.43 EU, at most 2,000",
    ),
    "total": ({"v": {"capacity": "450 images"}}, "capacity of v: 500 image, at most 450"),
    "rate by week": (
        {"rate": {"capacity": "400 images/week"}},
        "items of one with v in week 1: 500 image, at most 400",
    ),
    "rate in total": ({"rate": {"capacity": "400 images"}}, "items of one with v: 500 image, at most 400"),
    "share at most": (
        {"rules": [{"name": "mix", "share": {"vendor": "v", "of": "items", "at-most": "60%"}}]},
        "rule 'mix': share of v in items: 1 share, at most 0.6",
    ),
    "share at least": (
        {"rules": [{"name": "mix", "share": {"vendor": "w", "products": ["one"], "of": "spend", "at-least": "10%"}}]},
        "rule 'mix': share of w in spend of one: 0 share, at least 0.1",
    ),
    "share in each week": (
        {"rules": [{"name": "mix", "share": {"vendor": "v", "of": "hours", "at-most": "60%", "in": "each-period"}}]},
        "rule 'mix': share of v in hours in week 1: 1 share, at most 0.6",
    ),
    "value": (
        {"one": {"value": {"curve": CURVE, "worth": "100 USD/point", "at-least": "460 USD"}}},
        "value of one: 450 USD, at least 460",
    ),
    "value of all": ({"targets": {"value": "500 USD"}}, "value of the portfolio: 450 USD, at least 500"),
    "score": (
        {"one": {"value": {"curve": CURVE, "worth": "100 USD/point", "score-at-least": "5 points"}}},
        "score of one: 4.5 points, at least 5",
    ),
}


@pytest.mark.parametrize("kind", list(LIMITS))
def test_every_kind_of_limit_is_checked(kind: str) -> None:
    """500 images of one with v in week 1 break exactly one limit, and it is named with both figures."""
    changes, words = LIMITS[kind]
    assert broken(changes, ONE) == (words,)


def test_hours_of_the_review_team_are_checked() -> None:
    """Half of 500 images looked at for 36 s each, and what is rejected corrected in 36 s: 2.7 h."""
    found = broken({"team": {"capacity": "2 h/week"}}, ("one", "v", "checked", 1, 500.0))
    assert found == ("hours of the review team in week 1: 2.7 h, at most 2",)


def test_late_delivery_is_found() -> None:
    """Work of week 2 with a week's lead arrives after the horizon, and after a deadline in week 1 any other."""
    words = "one with v, plain, week 2: delivered in week 3, after the deadline"
    assert broken({"rate": {"lead": "1 week"}}, ("one", "v", "plain", 2, 5.0)) == (words,)
    words = "one with v, plain, week 2: delivered in week 2, after the deadline"
    assert broken({"one": {"deadline": "week 1"}}, ("one", "v", "plain", 2, 5.0)) == (words,)


def test_two_broken_limits_are_both_found() -> None:
    """Every violation is listed, not the first."""
    both = {**LIMITS["budget"][0], **LIMITS["hours"][0]}
    assert broken(both, ONE) == (LIMITS["budget"][1], LIMITS["hours"][1])


def test_limits_are_kept_to_a_millionth() -> None:
    """A passing of a tenth of a millionth is rounding, of ten millionths a violation."""
    line = ("one", "v", "plain", 1)
    assert broken({"budget": "100 USD"}, (*line, 1000.0001)) == ()
    assert broken({"budget": "100 USD"}, (*line, 1000.01)) != ()


def test_shares_of_little_are_not_held_to_rounding() -> None:
    """A share of a ten-thousandth of an item cannot be finer than the millionth items are kept to."""
    rule = {"rules": [{"name": "mix", "share": {"vendor": "v", "of": "items", "at-most": "50%"}}]}
    lines = (("one", "v", "plain", 1, 0.000051), ("one", "w", "plain", 1, 0.00005))
    assert broken(rule, *lines) == ()
    assert broken(rule, ("one", "v", "plain", 1, 51.0), ("one", "w", "plain", 1, 50.0)) != ()


def test_limits_with_nothing_left_are_binding() -> None:
    """A plan at its budget says so; one below it does not."""
    case = case_of(budget="50 USD")
    assert [check.subject for check in verify(case, plan_of(case, ONE)).binding] == ["budget"]
    assert verify(case, plan_of(case, ("one", "v", "plain", 1, 400.0))).binding == ()


def test_checks_and_prices_name_the_same_limits() -> None:
    """Every limit that is checked has a price under the same family and key."""
    rules = [{"name": "mix", "share": {"vendor": "each", "of": "items", "products": "each", "at-most": "80%"}}]
    case = case_of(
        budget={"total": "200 USD", "per-week": "150 USD"},
        v={"capacity": "4 h/week"},
        w={"capacity": "450 images/week"},
        rate={"capacity": "300 images/week"},
        team={"capacity": "2 h/week"},
        one={
            "accuracy": "91%",
            "demand": {"at-least": "100 images"},
            "milestones": [{"by": "week 1", "at-least": "9 images"}],
        },
        rules=rules,
    )
    answer = solve(case)
    assert answer.verification is not None
    missing = [check for check in answer.verification.checks if answer.worth(check) is None]
    assert missing == []


@pytest.mark.slow
def test_the_check_does_not_know_the_program() -> None:
    """Importing and using it loads neither the program, nor a solver, nor PuLP."""
    code = (
        "import sys, allocate.verification; "
        "print([m for m in sys.modules if m.startswith(('allocate.program', 'allocate.solve', 'pulp', 'highspy'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
