"""Stock and backlog: published plans, every plan of a grid, the sums of the bill, and mistakes in the case."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from mistakes import product, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine


def red_tomato(people: int, hours: str, hire: float, release: float) -> dict[str, Any]:
    """Chopra and Meindl, Supply Chain Management, chapter 8: Red Tomato Tools, six months, 80 people."""
    needs = [1600, 3000, 3200, 3800, 2200, 2200]
    stock = {
        "start": "1_000 tools",
        "needs": [{"by": f"month {number}", "items": f"{many} tools"} for number, many in enumerate(needs, 1)],
        "holding": "2 USD/tool/month",
        "backlog": "5 USD/tool/month",
    }
    team = {
        "people": people,
        "hours": hours,
        "wage": "4 USD/h",
        "shrinkage": "0%",
        "hire": {"cost": f"{hire} USD"},
        "release": {"cost": f"{release} USD"},
        "overtime": {"at-most": "6.25%", "premium": "50%"},
    }
    return {
        "case": "red-tomato",
        "currency": "USD",
        "units": {"tool": "tools"},
        "horizon": {"start": "2027-01-01", "months": 6},
        "objective": "cost",
        "products": {"tools": {"item": "tool", "effort": "4 h/tool", "demand": "15_500 tools", "stock": stock}},
        "vendors": {
            "plant": {"platform-fee": "10 USD/tool", "team": team},
            "subcontractor": {"contract": {"price": "30 USD/tool"}},
        },
        "workflows": ["single-pass"],
    }


@pytest.mark.slow
def test_red_tomato_tools_has_its_published_plan() -> None:
    """64 people in all months, 140 tools from outside: 422,660; in hundredths of people 422,275, within two dollars."""
    answer = solve(read_case(red_tomato(80, "160 h/month", 300, 500)))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(422_660.0)
    clauses = answer.plan.invoice.groupby("clause")["amount"].sum()
    assert clauses["backlog"] == pytest.approx(5 * 220.0)
    assert clauses["holding"] == pytest.approx(2 * (1960 + 1520 + 880 + 140 + 500))
    part = solve(read_case(red_tomato(8000, "1.6 h/month", 3, 5)))
    assert part.objective is not None
    assert 422_275.0 <= part.objective <= 422_278.0


WEEKS, NEEDS, START = 3, np.array([20.0, 10.0, 40.0]), 10.0
PRICE = np.array([[1.0, 1.4, 1.2], [1.5, 1.5, 1.5]])


def case_of(**more: Any) -> dict[str, Any]:
    """Three weeks of one product, 70 images needed beside 10 there: v has time for 30 a week, w delivers a week later."""
    stock = {
        "start": "10 images",
        "needs": [{"by": f"week {n}", "items": f"{many:g} images"} for n, many in enumerate(NEEDS, 1)],
        "holding": "0.3 EUR/image/week",
        **more,
    }
    return {
        "case": "stock",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": [{"rate": "1 USD"}, {"from": "week 2", "rate": "2 USD"}]},
        "horizon": {"start": "2027-01-04", "weeks": WEEKS},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "60 images", "stock": stock}},
        "vendors": {
            "v": {
                "capacity": "30 images/week",
                "contract": {"price": "1 USD/image"},
                "season": [{"from": "week 2", "factor": 1.4}, {"from": "week 3", "factor": 1.2}],
            },
            "w": {"lead": "1 week", "contract": {"price": "1.5 USD/image"}},
        },
        "workflows": {"plain": {}},
    }


@pytest.mark.slow
@pytest.mark.parametrize("backlog", [None, "0.1 USD/image/week", "1 USD/image/week", "0.7 USD/image/day"])
def test_no_plan_of_the_grid_is_cheaper(backlog: str | None) -> None:
    """Prices, keeping in euros and delay by its own time, counted here week by week; the plan's bill adds up to its spend."""
    read = read_case(case_of(**({} if backlog is None else {"backlog": backlog})))
    answer = solve(read)
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.plan.invoice["amount"].sum() == pytest.approx(answer.plan.spend)
    each = 0.0 if backlog is None else float(backlog.split()[0]) * (7.0 if "day" in backlog else 1.0)
    best, spends = np.inf, {}
    for parts in itertools.product(range(0, 61, 10), repeat=5):
        v, w = np.array(parts[:3], dtype=float), np.array([*parts[3:], 0], dtype=float)
        if sum(parts) != 60 or v.max() > 30:
            continue
        there = START + np.cumsum(v + np.array([0.0, w[0], w[1]])) - np.cumsum(NEEDS)
        if there[-1] < 0 or (backlog is None and there.min() < 0):
            continue
        kept, short = np.maximum(there, 0.0) @ np.array([0.3, 0.6, 0.6]), np.maximum(-there, 0.0).sum() * each
        spends[parts] = float((v * PRICE[0]).sum() + (w * PRICE[1]).sum() + kept + short)
        best = min(best, spends[parts])
    assert answer.plan.spend <= best + 1e-6
    for parts, spend in list(spends.items())[::7]:
        cells = [("v", week, many) for week, many in enumerate(parts[:3], 1)]
        cells += [("w", week, many) for week, many in enumerate(parts[3:], 1)]
        found = evaluate(read, [PlanLine("p", who, "plain", week, float(many)) for who, week, many in cells if many])
        assert found.verification.holds
        assert found.plan.spend == pytest.approx(spend)


def test_a_case_without_a_plan_says_what_is_short() -> None:
    """More is needed in the first week than anybody can make."""
    case = case_of()
    case["vendors"]["v"]["capacity"] = "5 images/week"
    assert "short" in str(solve(read_case(case)).reasons)


STOCK = "stock: {needs: [{by: week 2, items: 900 scans}], holding: 1 USD/scan/week"
MISTAKES: list[Any] = [
    pytest.param(
        product(STOCK.replace("week 2", "week 90") + "}"), "case.yaml:24:26",
        "'week 90' is after the horizon ends (2027-03-28)", "write an earlier one, or lengthen the horizon", id="after the end",
    ),
    pytest.param(
        product(STOCK.replace("900", "9_000") + "}"), "case.yaml:24:20",
        "9,000 items are needed beyond those in stock, and the demand asks for at most 5_000 scans",
        "lower the needs, or raise the demand", id="more than is made",
    ),
    pytest.param(
        product(STOCK + ", backlog: 1 USD/image/week}"), "case.yaml:24:89",
        "products.triage counts scans, not images ('1 USD/image/week')", "write `1 USD/scan/week`", id="a price of others",
    ),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)
