"""Steady work: paces that change by no more than so much, and the level plan among equal ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mistakes import rules, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine


def case_of(steady: dict[str, Any], penalty: str | None = None, **more: Any) -> dict[str, Any]:
    """2,000 hours of work, of an hour an image, in thirteen weeks; the vendor has 500 hours a week."""
    soft = {"penalty": penalty} if penalty else {}
    return {
        "case": "steady",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 13},
        "products": {"p": {"item": "image", "effort": "1 h/image", "demand": "2_000 images"}},
        "vendors": {"v": {"capacity": "500 h/week", "contract": {"price": "1 USD/image"}}},
        "workflows": {"plain": {}},
        "rules": [{"name": "steady", "steady": {"vendors": "each", **steady}, **soft}],
        **more,
    }


def by_week(case: dict[str, Any]) -> list[float]:
    """Items of the best plan in each period."""
    read = read_case(case)
    answer = solve(read)
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    lines = answer.plan.lines
    return np.bincount(lines["period"] - 1, lines["items"], read.periods.count).tolist()


def test_the_level_plan_is_the_same_every_week() -> None:
    """Without the rule the work is done in four weeks; the level plan has a thirteenth in each."""
    plain = {**case_of({"level": True}), "rules": []}
    assert by_week(plain) == pytest.approx([500.0] * 4 + [0.0] * 9)
    assert by_week(case_of({"level": True})) == pytest.approx([2000 / 13] * 13)


def test_a_level_plan_costs_no_more_than_the_best() -> None:
    """Prices that rise in week 9 keep all work in the eight weeks before, level among them."""
    season = {"v": {**case_of({})["vendors"]["v"], "season": [{"from": "week 9", "factor": 2}]}}
    assert by_week(case_of({"level": True}, vendors=season)) == pytest.approx([250.0] * 8 + [0.0] * 5)


def test_a_pace_before_counts_for_the_level_plan() -> None:
    """From 500 hours a week the level plan falls once."""
    weeks = by_week(case_of({"level": True, "before": "100 h/week"}))
    assert abs(weeks[0] - 100) + np.abs(np.diff(weeks)).sum() == pytest.approx(2000 / 13 - 100)


def test_paces_change_by_no_more_than_the_rule_says() -> None:
    """Dearer week by week, the work is done as early as a pace that rises and falls by 50 hours lets it."""
    dearer = [{"from": f"week {week}", "factor": 1 + week / 10} for week in range(2, 14)]
    vendors = {"v": {"capacity": "500 h/week", "contract": {"price": "1 USD/image"}, "season": dearer}}
    weeks = by_week(case_of({"at-most": "50 h/week", "before": "150 h/week"}, vendors=vendors))
    assert weeks[0] == pytest.approx(200.0)
    assert np.abs(np.diff(weeks)).max() == pytest.approx(50.0)
    assert sum(weeks) == pytest.approx(2000.0)
    spent = sum(many * (1 + 0.1 * (week + 1) * (week > 0)) for week, many in enumerate(weeks))
    assert spent <= _cheapest_in_fifties() + 1e-6


def _cheapest_in_fifties() -> float:
    """Least cost of 2,000 hours in weeks of whole fifties, each within fifty of the week before: all of them, week by week."""
    costs = {(3, 0): 0.0}
    for week in range(13):
        after: dict[tuple[int, int], float] = {}
        for (before, done), cost in costs.items():
            for pace in range(max(0, before - 1), min(10, before + 1) + 1):
                key, price = (pace, done + pace), 1 + 0.1 * (week + 1) * (week > 0)
                if key[1] <= 40:
                    after[key] = min(after.get(key, np.inf), cost + 50 * pace * price)
        costs = after
    return min(cost for (_, done), cost in costs.items() if done == 40)


@pytest.mark.parametrize(("penalty", "kept"), [("0.01 USD/h", False), ("9 USD/h", True)])
def test_a_pace_changes_more_where_that_costs_less(penalty: str, kept: bool) -> None:
    """At a cent an hour the work is done early as prices rise; at 9 USD the pace keeps to the rule."""
    dearer = [{"from": f"week {week}", "factor": 1 + week / 10} for week in range(2, 14)]
    vendors = {"v": {"capacity": "500 h/week", "contract": {"price": "1 USD/image"}, "season": dearer}}
    case = case_of({"at-most": "50 h/week", "before": "150 h/week"}, penalty, vendors=vendors)
    assert bool(np.abs(np.diff([150.0, *by_week(case)])).max() <= 50 + 1e-6) is kept


def test_months_of_different_lengths_have_one_pace() -> None:
    """By the month paces count hours a week: 31 days have more hours than 28 at one pace, a fixed sum by the month none."""
    case = case_of({"at-most": "0 h/week"}, horizon={"start": "2027-01-01", "months": 3})
    case["vendors"]["v"]["capacity"] = "900 h/month"
    months = by_week(case)
    assert np.array(months) / np.array([31, 28, 31]) == pytest.approx([2000 / 90] * 3)
    case["rules"][0]["steady"] = {"vendors": "v", "at-most": "0 images/month"}
    assert by_week(case) == pytest.approx([2000 / 3] * 3)


def test_the_verifier_tells_a_pace_that_jumps() -> None:
    """Up and down, each in its week; what is within the limit is let be."""
    read = read_case(case_of({"at-most": "100 images/week"}))
    lines = [PlanLine("p", "v", "plain", week, many) for week, many in ((1, 100.0), (2, 250.0), (3, 150.0), (5, 90.0))]
    told = [words for words in evaluate(read, lines).verification.violations if "'steady'" in words]
    assert [("rise" in words, "week 2" in words) for words in told if "rise" in words] == [(True, True)]
    assert [words.split(":")[1].split(" in ")[-1].strip() for words in told if "fall" in words] == ["week 4"]


MISTAKES: list[Any] = [
    pytest.param(
        rules("steady: {vendors: each}"),
        "case.yaml:41:24",
        'rules."r0".steady: steady work needs at-most or level',
        "write it as in `at-most: 200 h/week`, or `level: true`",
        id="nothing that is steady",
    ),
    pytest.param(
        rules("steady: {vendors: acne, level: true}"),
        "case.yaml:41:34",
        "there is no vendor 'acne'",
        "did you mean 'acme'?",
        id="an unknown vendor",
    ),
    pytest.param(
        rules("steady: {vendors: acme, at-most: 200 h}"),
        "case.yaml:41:49",
        "rules.\"r0\".steady.at-most expects working hours or items per week or month, got working time ('200 h')",
        "write it as in `200 h/week`",
        id="hours of no time",
    ),
    pytest.param(
        rules("steady: {vendors: acme, at-most: 200 h/week, before: 40 images/week}"),
        "case.yaml:41:24",
        "rules.\"r0\".steady: the pace before ('40 images/week') is not in the unit of the change ('200 h/week')",
        "use one unit for both",
        id="two units",
    ),
    pytest.param(
        rules("steady: {vendors: acme, at-most: 200 pages/week}"),
        "case.yaml:41:49",
        "no product counts '200 pages/week'",
        "this case counts box, image, scan, item, EU, h",
        id="what no product counts",
    ),
    pytest.param(
        rules("steady: {vendors: acme, level: true}, penalty: 2 USD/h"),
        "case.yaml:41:63",
        "the rule 'r0' asks for no limit that could be broken for a penalty",
        "add `at-most: 200 h/week`, or remove the penalty",
        id="a penalty for a wish",
    ),
]

test_mistakes = told_once_each(MISTAKES)
