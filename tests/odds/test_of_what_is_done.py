"""Odds and hedges of a case of which a part is done: facts have no spread, the rest is drawn as ever."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from replanning.records import as_planned, with_bill

from allocate import Plan, read_case, replan, solve
from allocate.api.evaluating import evaluate
from allocate.api.goals import lines_of_plan
from allocate.case.load import Case
from allocate.odds.hedged_plan import Drawing
from allocate.odds.hedging import hedge
from allocate.odds.odds import plan_odds
from allocate.odds.scenarios import scenario_case


def _source(start: str, weeks: int, items: int) -> dict[str, Any]:
    """Two vendors of which v, by the hour, is not known exactly; half of the items are checked."""
    return {
        "case": "two", "currency": "USD", "objective": "cost", "horizon": {"start": start, "weeks": weeks},
        "workflows": {"checked": {"review": {"share": "50%", "time": "5 s/image", "catch": "80%"}}},
        "review-team": {"wage": "20 USD/h"}, "budget": {"per-week": "200 USD"},
        "products": {"p": {"item": "image", "effort": "36 s/image ±20%", "demand": f"{items} images", "accuracy": "90%"}},
        "vendors": {
            "v": {"accuracy": "95%", "capacity": "0.6 .. 0.7 .. 0.8 h/week", "contract": {"price": "90 .. 100 .. 120 USD/h"}},
            "w": {"accuracy": "96%", "capacity": "60 images/week", "contract": {"price": "2 USD/image"}},
        },
    }  # fmt: skip


@cache
def _half_done(bill: float) -> tuple[Case, Plan]:
    """Four of eight weeks are done as planned, 280 of 480 images; bill: what v billed for them, 0 for no bill."""
    case = read_case(_source("2027-01-04", 8, 480))
    plan = solve(case).plan
    assert plan is not None
    records = as_planned(case, plan)
    records = with_bill(records, "v", "2027-01-25", bill, "USD") if bill else records
    found = replan(case, plan, records, "week 5")
    assert found.answer.plan is not None
    return found.case, found.answer.plan


@pytest.mark.slow
@pytest.mark.parametrize("bill", [0.0, 250.0])
def test_money_of_each_scenario_is_that_of_its_case_with_the_facts(bill: float) -> None:
    """Weeks that are past cost what they did in all scenarios, later ones what `evaluate` says of the scenario's case."""
    case, plan = _half_done(bill)
    found = plan_odds(case, plan, scenarios=64)
    by_week = found.outcomes.track.spend_by_period
    assert np.ptp(by_week[:4]) < 1e-9 or bill
    assert np.ptp(by_week, axis=1)[:4].max() < 1e-9
    assert np.ptp(by_week, axis=1)[4:].min() > 1.0
    for s in range(0, 64, 16):
        alone = evaluate(scenario_case(case, found.draws, s), lines_of_plan(plan))
        assert found.results["spend"][s] == pytest.approx(alone.plan.spend, rel=1e-9)


def test_nothing_of_a_period_that_is_past_is_promised() -> None:
    """Budgets by week are promises of weeks 5 to 8 alone; what is done is made in its week, whatever the scenario could."""
    case, plan = _half_done(0.0)
    found = plan_odds(case, plan, scenarios=64)
    assert [one.promise.name for one in found.limits if "budget" in one.promise.name] == [
        f"budget of week {number}" for number in (5, 6, 7, 8)
    ]
    delivered = found.outcomes.track.delivered[0]
    assert np.ptp(delivered[:4], axis=1).tolist() == [0.0] * 4
    assert delivered[3, 0] == pytest.approx(280.0)
    stopped = plan_odds(case, plan, scenarios=64, policy="stop-at-budget")
    assert np.array_equal(stopped.outcomes.track.delivered[0][:4], delivered[:4])


@pytest.mark.slow
def test_luck_is_drawn_of_items_to_come() -> None:
    """With all of it done the accuracy is a fact, as everything is."""
    case = read_case(_source("2027-01-04", 8, 280))
    plan = solve(case).plan
    assert plan is not None
    done = replan(case, plan, as_planned(case, plan), "week 6")
    assert done.answer.plan is not None
    found = plan_odds(done.case, done.answer.plan, scenarios=64)
    assert np.ptp(found.results["spend"]) == 0.0
    accuracy = next(one.promise.reached for one in found.limits if one.promise.kind == "accuracy")
    assert np.ptp(accuracy) == 0.0


@pytest.mark.slow
def test_a_hedge_is_that_of_the_rest_by_itself() -> None:
    """200 images in the four weeks left, whoever made those before: the same lines, odds and premium as a case of its own."""
    drawing = Drawing(scenarios=32, fresh=128)
    case, _ = _half_done(0.0)
    found = hedge(case, 0.95, drawing=drawing)
    alone = hedge(read_case(_source("2027-02-01", 4, 200)), 0.95, drawing=drawing)
    rest = [(one.vendor, one.period - 4, one.items) for one in lines_of_plan(found.with_it.plan) if one.period > 4]
    own = [(one.vendor, one.period, one.items) for one in lines_of_plan(alone.with_it.plan)]
    assert [one[:2] for one in rest] == [one[:2] for one in own]
    assert [one[2] for one in rest] == pytest.approx([one[2] for one in own], rel=1e-6)
    assert found.premium == pytest.approx(alone.premium, abs=1e-6)
    assert found.with_it.odds.value == pytest.approx(alone.with_it.odds.value, abs=0.01)
