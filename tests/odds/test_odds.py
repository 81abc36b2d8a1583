"""A plan in many scenarios: odds that can be worked by hand, what rolls over, and what all of it does not depend on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import solve
from allocate.api.evaluating import evaluate
from allocate.case.load import Case, read_case
from allocate.errors import CaseError
from allocate.odds.drawing import draw
from allocate.odds.drawn import as_written, drawn_of
from allocate.odds.estimates import Estimate
from allocate.odds.estimates import odds as odds_of
from allocate.odds.odds import Odds, plan_odds
from allocate.odds.outcomes import held_plan, outcomes
from allocate.odds.scenarios import scenario_case
from allocate.odds.shown import chance
from allocate.study.figures import figures
from tests.odds_evaluated import differences, really_done

SCANS: dict[str, Any] = {
    "case": "scans",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 14},
    "products": {
        "scans": {
            "item": "image",
            "effort": "96 .. 120 .. 150 s/image",
            "demand": "40_000 images",
            "deadline": "week 10",
        }
    },
    "vendors": {"acme": {"capacity": "150 h/week", "contract": {"price": "0.42 USD/image"}}},
}


def scans(**settings: str) -> Case:
    """40,000 images, 1,500 hours before their deadline; amounts by dotted path, `.` written as `__`."""
    return read_case(
        SCANS, settings={path.replace("__", ".").replace("_at_", "-"): one for path, one in settings.items()}
    )


def limit(found: Odds, name: str) -> Any:
    """The odds of a limit."""
    return next(one for one in found.limits if one.promise.name == name)


@pytest.mark.parametrize(("pace", "chance"), [("96 .. 120 .. 150", 0.761290), ("100 .. 120 .. 150", 0.767799)])
def test_odds_of_a_deadline_are_the_closed_form(pace: str, chance: float) -> None:
    """1,500 h make 40,000 images at 135 s each: the chance of that or less is that of the log-metalog, to the scenario.

    Log-logistic at 96, 120, 150: 1 / (1 + exp(-ln(135/120) 2 ln 9 / ln(150/96))) = .761290.
    """
    found = plan_odds(scans(products__scans__effort=f"{pace} s/image"), scenarios=4096)
    one = limit(found, "deadline of scans").kept
    assert one.value == pytest.approx(chance, abs=1e-3)
    assert abs(one.value - chance) <= one.error + 1.0 / 4096


def test_what_is_late_is_told_in_weeks_and_items() -> None:
    """At 150 s an image 36,000 of 40,000 are there by the deadline, all of them two weeks later."""
    case = scans(products__scans__effort="149.99 .. 150 .. 150.01 s/image", products__scans__deadline="week 12")
    plan = solve(case).plan
    found = plan_odds(read_case(SCANS, settings={"products.scans.effort": "149.99 .. 150 .. 150.01 s/image"}), plan)
    one = limit(found, "deadline of scans")
    assert one.kept.value == 0.0
    assert one.kept.error == pytest.approx(3 / 1024)
    assert one.missed_by.value == 2.0
    assert one.items_missing.value == pytest.approx(4_000.0, abs=1.0)
    assert not one.open_ended


def test_no_spread_reproduces_the_plan() -> None:
    """With P10 and P90 at P50 every scenario is the plan itself, to the byte."""
    case = scans(products__scans__effort="119.99 .. 120 .. 120.01 s/image")
    answer = solve(case)
    assert answer.plan is not None
    held = held_plan(answer.routes, answer.plan, as_written(case))
    found = outcomes(held, as_written(case))
    assert found.track.spend[0] == answer.plan.spend
    assert found.track.done.items[:, 0].tolist() == answer.plan.lines["items"].tolist()
    assert (found.track.done.period + 1).tolist() == answer.plan.lines["period"].tolist()


def test_duplicated_scenarios_change_nothing() -> None:
    """Each scenario stands by itself: twice the same ones give the same results twice."""
    case = scans(vendors__acme__capacity="150 h/week ±20%")
    drawn = drawn_of(case, draw(case, 32))
    answer = solve(case)
    assert answer.plan is not None
    held = held_plan(answer.routes, answer.plan, drawn)
    once, twice = outcomes(held, drawn), outcomes(held, drawn.only(np.tile(np.arange(32), 2)))
    assert (np.tile(once.track.spend, 2) == twice.track.spend).all()
    assert (np.tile(once.kept, 2) == twice.kept).all()


@pytest.mark.slow
def test_odds_rise_with_the_budget() -> None:
    """A larger budget is kept in more scenarios, those in which the smaller one is among them."""
    base = {
        "vendors__acme__contract__price": "0.36 .. 0.42 .. 0.50 USD/image",
        "products__scans__effort": "120 s/image",
    }
    found = [plan_odds(scans(**base, budget=f"{k} USD")) for k in (17_000, 18_000, 20_000)]
    kept = [limit(one, "budget").promise.kept for one in found]
    assert (kept[0] <= kept[1]).all()
    assert (kept[1] <= kept[2]).all()
    assert 0.4 < kept[0].mean() < kept[1].mean() < kept[2].mean()


def test_an_amount_more_changes_no_other_draw_and_no_other_result() -> None:
    """A spread of what nothing depends on leaves every scenario as it was."""
    plain, more = plan_odds(scans()), plan_odds(scans(vendors__acme__accuracy="97% .. 98% .. 99%"))
    assert (plain.outcomes.track.spend == more.outcomes.track.spend).all()
    assert (limit(plain, "deadline of scans").promise.reached == limit(more, "deadline of scans").promise.reached).all()


def test_a_floor_met_exactly_is_kept_in_half_of_the_scenarios() -> None:
    """Of 40,000 items that are right with 97 % each, 97 % or more come out right about as often as not: luck with items."""
    case = scans(products__scans__accuracy="97%", vendors__acme__accuracy="97%")
    one = limit(plan_odds(case), "accuracy of scans")
    assert one.kept.value == pytest.approx(0.5, abs=0.01)
    spread = (one.reached.p90.value - one.reached.p10.value) / (2 * 1.2816)
    assert spread == pytest.approx(np.sqrt(0.97 * 0.03 / 40_000), rel=0.05)


@pytest.mark.slow
def test_work_ends_when_the_budget_is_spent() -> None:
    """With `stop-at-budget` no scenario spends more than the budget, and what it does not pay for is missing."""
    case = scans(vendors__acme__contract__price="0.36 .. 0.42 .. 0.50 USD/image", budget="17_000 USD")
    on, ended = plan_odds(case), plan_odds(case, policy="stop-at-budget")
    assert on.outcomes.track.spend.max() > 18_000.0
    assert ended.outcomes.track.spend.max() <= 17_000.0 * (1 + 1e-6)
    over = on.outcomes.track.spend > 17_000.0
    price = ended.outcomes.track.spend / ended.outcomes.track.delivered[0, -1]
    assert ended.outcomes.track.delivered[0, -1][over] == pytest.approx(17_000.0 / price[over], rel=1e-6)
    assert (on.outcomes.track.spend[~over] == ended.outcomes.track.spend[~over]).all()


def test_work_of_learners_paid_by_the_hour_ends_where_its_learned_hours_have_cost_the_budget() -> None:
    """Hours fall with what is made: 30 USD for each of the hours that the curve comes to, times what a scenario's effort is of P50."""
    learns = {"rate": "80%", "model": "crawford", "from": "10 images"}
    case = read_case(
        {
            "case": "learners", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 3}, "budget": "3_000 USD",
            "products": {"a": {"item": "image", "effort": "1 h/image ±20%", "demand": {"at-least": "200 images", "penalty": "100 USD/image"}}},
            "vendors": {"l": {"capacity": "60 h/week", "learning": learns, "contract": {"price": "30 USD/h"}}},
            "workflows": {"plain": {}},
        }
    )  # fmt: skip
    ended = plan_odds(case, scenarios=16, policy="stop-at-budget")
    track = ended.outcomes.track
    made, fall = track.delivered[0, -1], np.log2(0.8)
    whole = np.arange(1, 300) ** fall
    hours = [10.0**-fall * (whole[: int(n)].sum() + (n % 1) * whole[int(n)]) for n in made.tolist()]
    effort = track.spend / (30.0 * np.array(hours))
    drawn = ended.table.filter(like="effort").iloc[:, 0].to_numpy()
    assert effort == pytest.approx(drawn / np.median(drawn) * np.median(effort), rel=1e-6)
    assert track.spend.max() == pytest.approx(3_000.0, rel=1e-6)
    assert (track.spend > 2_999.9).sum() > 3


@pytest.mark.slow
def test_a_precision_asked_for_draws_more() -> None:
    """Scenarios double until every odds is as close as asked, and a note says what was reached."""
    case = scans(vendors__acme__capacity="150 h/week ±20%")
    found = plan_odds(case, scenarios=64, within=0.02)
    assert found.count > 64
    assert all(one.kept.error <= 0.02 for one in found.limits)
    assert f"{found.count:,} scenarios" in found.notes[-1]


def test_a_case_without_spreads_has_no_odds() -> None:
    """What to write is said."""
    with pytest.raises(CaseError, match="no amount"):
        plan_odds(scans(products__scans__effort="120 s/image"))


def test_weeks_that_differ_by_themselves_even_out() -> None:
    """A capacity that differs by week by 20 % costs far fewer deadlines than one that differs as a whole."""
    whole = plan_odds(scans(products__scans__effort="120 s/image", vendors__acme__capacity="150 h/week ±20%"))
    case = {
        **SCANS,
        "vendors": {"acme": {**SCANS["vendors"]["acme"], "capacity": {"value": "150 h/week", "weekly": "20%"}}},
    }
    weekly = plan_odds(read_case(case, settings={"products.scans.effort": "120 s/image"}))
    assert limit(whole, "deadline of scans").kept.value < 0.8
    assert limit(weekly, "deadline of scans").kept.value > 0.95


@pytest.mark.slow
def test_every_scenario_costs_what_evaluate_says() -> None:
    """The money of each scenario is that of the lines done in it, priced by `evaluate` in the case of that scenario, to 1e-9."""
    settings = {
        "vendors.acme.contract": "{price: 0.36 .. 0.42 .. 0.50 USD/image, commitment: {at-least: 16k USD, window: horizon}}",
        "vendors.acme.accuracy": "96% .. 97% .. 98%", "products.scans.error-cost": "0.1 USD/image ±30%",
    }  # fmt: skip
    case = read_case({**SCANS, "budget": "20_000 USD"}, settings=settings)
    drawn = draw(case, 16)
    answer = solve(case)
    assert answer.plan is not None
    held = held_plan(answer.routes, answer.plan, drawn_of(case, drawn))
    found = outcomes(held, drawn_of(case, drawn))
    assert max(differences(found, scenario_case(case, drawn, s), s) for s in range(0, 16, 3)) <= 1e-9


def test_pairs_that_learn_do_more_as_they_go() -> None:
    """A vendor on a learning curve makes in each week what its hours allow by then, as `evaluate` counts them."""
    vendor = {"people": "6 people", "hours": "40 h/week", "shrinkage": "0%", "contract": {"price": "0.42 USD/image"},
              "learning": {"rate": "85%", "from": "2_000 images"}}  # fmt: skip
    case = read_case({**SCANS, "vendors": {"acme": vendor}})
    answer = solve(case)
    assert answer.plan is not None
    drawn = draw(case, 16)
    held = held_plan(answer.routes, answer.plan, as_written(case))
    found = outcomes(held, drawn_of(case, drawn))
    for scenario in range(0, 16, 5):
        there = evaluate(scenario_case(case, drawn, scenario), really_done(found, scenario))
        used = there.plan.lines.groupby("period")["hours"].sum()
        assert used.max() <= 240.0 * (1 + 1e-6)
        if found.track.delivered[0, -1, scenario] < 40_000 * (1 - 1e-9):
            assert used.min() == pytest.approx(240.0, rel=1e-6)


def test_figures_of_a_study_and_of_odds_agree() -> None:
    """Where every amount comes out at P50, odds plan what `solve` plans."""
    case = scans(vendors__acme__accuracy="97%")
    answer, found = solve(case), plan_odds(case)
    assert found.planned["spend"] == pytest.approx(figures(answer).spend, rel=1e-12)


@pytest.mark.slow
def test_what_is_known_in_time_is_planned_again() -> None:
    """From week 4 on the pace is known, and a second vendor helps: 450 h, then 210 h a week for seven weeks, make 172.8 s each.

    Log-logistic at 96, 120, 150: 1 / (1 + (172.8 / 120) ** -9.846686) = .9732, where the plan that is held keeps 76 %.
    """
    backup = {"capacity": "60 h/week", "contract": {"price": "0.60 USD/image"}}
    known = {"known": [{"of": "work in scans", "from": "week 4"}]}
    case = read_case({**SCANS, "vendors": {**SCANS["vendors"], "backup": backup}, "uncertain": known})
    held, again = plan_odds(case), plan_odds(case, policy="re-plan")
    assert limit(held, "deadline of scans").kept.value == pytest.approx(0.7613, abs=0.01)
    assert limit(again, "deadline of scans").kept.value == pytest.approx(0.9732, abs=0.015)
    assert "planned again from week 4 on" in again.notes[-1]
    # Until then nothing differs: what is made in three weeks is the same in both.
    assert (held.outcomes.track.delivered[0, 2] == again.outcomes.track.delivered[0, 2]).all()


def test_planning_again_needs_to_know_when() -> None:
    """Without `known:` there is nothing to wait for."""
    with pytest.raises(CaseError, match="which amounts will be known"):
        plan_odds(scans(), policy="re-plan")


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (1.0, 3 / 64, "at least 95.3%"),
        (0.0, 3 / 1024, "at most 0.3%"),
        (0.9997, 0.001, "99.97%, at least 99.9%"),
        (0.98, 0.04, "98%, at least 94.0%"),
        (0.02, 0.03, "2%, at most 5.0%"),
        (0.75, 0.047, "75% ±4.7"),
    ],
)
def test_a_chance_is_said_so_that_its_interval_stays_within_nothing_and_all(
    value: float, error: float, said: str
) -> None:
    """An interval past 0 % or 100 % is told by the end that says something; what is not all is not rounded to all."""
    assert chance(Estimate(value, error)) == said


def test_odds_are_known_no_better_than_scenarios_allow() -> None:
    """Eight blocks that agree, as where a quarter of each is missed, leave what none of them drew: 3 in 64."""
    blocks = np.repeat(np.arange(8), 8)
    found = odds_of(np.tile(np.arange(8) < 6, 8), blocks)
    assert (found.value, found.error) == (0.75, 3 / 64)
