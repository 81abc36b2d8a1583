"""Pairs that learn: their curves of hours, and plans whose hours fall along them, against trying everything."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest

from allocate import Answer, formulate, read_case, solve, verify
from allocate.costing.work.learners import Learner
from allocate.costing.work.learning import Learning, total_time

WRIGHT = {"rate": "85%", "from": "2_000 items", "experience": "1_000 items"}
CRAWFORD = {"rate": "80%", "model": "crawford", "from": "500 items", "floor": "60%"}


def learner(**changes: Any) -> Learner:
    """A pair of 0.01 h an item, with changes."""
    given = {"product": 0, "vendor": 0, "each": 0.01, "rate": 0.85, "kind": Learning.WRIGHT, "start": 2000.0}
    return Learner(**{**given, "experience": 1000.0, "floor": 0.0, **changes})


def written(weeks: int = 2, demand: str = "40_000 images", **crew: Any) -> dict[str, Any]:
    """Images of 36 s (100 an hour), a crew of 40 h a week at 0.10 USD, and somebody dear with any number of hours."""
    vendor = {"capacity": "40 h/week", "contract": {"price": "0.1 USD/image"}, **crew}
    return {
        "case": "learning",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": demand}},
        "vendors": {"crew": vendor, "outside": {"contract": {"price": "0.3 USD/image"}}},
        "workflows": {"plain": {}},
    }


def planned(case: dict[str, Any]) -> Answer:
    """The answer, proven and verified."""
    answer = solve(read_case(case))
    assert answer.status.value == "optimal"
    assert answer.plan is not None
    return answer


def made(answer: Answer, vendor: str = "crew") -> float:
    """Items of a vendor."""
    assert answer.plan is not None
    return float(answer.plan.lines.loc[answer.plan.lines["vendor"] == vendor, "items"].sum())


@pytest.mark.parametrize(("kind", "hours"), [("wright", 256.0), ("crawford", 314.21)])
def test_four_units_at_eighty_per_cent(kind: str, hours: float) -> None:
    """The textbook's four units, the first in 100 h: 4 x 64 on Wright's average, 100 + 80 + 70.21 + 64 on Crawford's."""
    one = learner(each=100.0, rate=0.8, kind=Learning(kind), start=1.0, experience=0.0)
    assert float(one.hours(400.0)) == pytest.approx(hours, abs=0.005)


def test_experience_and_reference_lie_on_one_curve() -> None:
    """From 1,000 items on, hours are those of all items so far less those of the first 1,000; at 2,000 the pace is the stated."""
    one, first = learner(), 0.01 * 2000 ** -np.log2(0.85)
    expected = total_time(3000.0, first, 0.85, "wright") - total_time(1000.0, first, 0.85, "wright")
    assert float(one.hours(20.0)) == pytest.approx(float(expected))
    assert float(learner(experience=0.0).hours(20.0)) == pytest.approx(20.0)
    assert one.work(float(one.hours(20.0))) == pytest.approx(20.0, rel=1e-8)


@pytest.mark.parametrize("kind", list(Learning))
def test_no_item_takes_less_than_the_floor(kind: Learning) -> None:
    """Beyond some items each takes the floor, 60 % of 0.01 h; before it more, and never more than the one before."""
    one = learner(kind=kind, floor=0.6, start=100.0, experience=0.0)
    each = np.diff(one.hours(np.arange(0, 3000) * 0.01))
    assert each[-1] == pytest.approx(0.006)
    assert (each >= 0.006 * (1 - 1e-9)).all()
    assert (np.diff(each) <= 1e-12).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes", [{}, {"experience": 0.0}, {"kind": Learning.CRAWFORD, "experience": 3.0, "floor": 0.5}]
)
def test_averages_and_slopes_lie_under_the_curve_and_tangents_above(changes: dict[str, Any]) -> None:
    """At ten thousand places: the chord from none is under the curve, each tangent above it, by either side's slope."""
    one, places = learner(**changes), np.linspace(0.0, 300.0, 10_001)[1:]
    hours = one.hours(places)
    assert (one.least_average(np.array([300.0])) * places <= hours).all()
    assert (one.least_average(places) * places <= hours).all()
    assert one.least_average(places) * places == pytest.approx(hours, rel=2e-8)
    assert (one.least_slope(places) <= one.slope_before(places)).all()
    for at in (0.003, 0.7, 12.3, 150.0, 300.0):
        here = float(one.hours(at))
        assert (here + one.slope_before(at) * (places - at) >= hours - 1e-9).all()
        assert (here + one.slope(at) * (places - at) >= hours - 1e-9).all()
    assert (one.work(hours) >= places * (1 - 1e-9)).all()
    assert one.work(hours) == pytest.approx(places, rel=1e-6)


def by_trying(case: dict[str, Any], pairs: list[Learner], grid: int) -> float:
    """Least cost of two products that share 40 h in each of two weeks, by trying shares of the hours on a grid."""
    demands = [float(str(one["demand"]).split()[0].replace("_", "")) for one in case["products"].values()]
    best = np.inf
    for shares in itertools.product(np.linspace(0.0, 1.0, grid), repeat=2):
        work = [0.0, 0.0]
        for share in shares:
            for number, part in enumerate((share, 1.0 - share)):
                work[number] = pairs[number].work(float(pairs[number].hours(work[number])) + 40.0 * part)
        cost = 0.0
        for number, one in enumerate(pairs):
            crew = min(work[number] / one.each, demands[number])
            cost += 0.1 * crew + 0.3 * (demands[number] - crew)
        best = min(best, cost)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("block", [WRIGHT, CRAWFORD])
def test_the_plan_is_the_best_of_all_tried(block: dict[str, Any]) -> None:
    """Two products share a crew that learns each: no split of its hours on a grid costs less than the proven bound."""
    case = written(demand="9_000 images", learning=block)
    case["products"]["dogs"] = {"item": "image", "effort": "50 s/image", "demand": "9_000 images"}
    answer = planned(case)
    pairs = list(answer.routes.learners)
    tried = by_trying(case, pairs, 17)
    assert answer.bound is not None
    assert answer.bound <= tried * (1 + 1e-9)
    assert answer.objective is not None
    assert answer.objective <= tried * (1 + 1e-6)
    assert answer.objective >= answer.bound


def test_hours_by_the_curve_are_kept_and_used() -> None:
    """Work comes to 40 h in each week by the curve itself; each week makes more."""
    answer = planned(written(4, learning=WRIGHT))
    assert answer.plan is not None
    assert answer.verification is not None
    crew = answer.plan.lines[answer.plan.lines["vendor"] == "crew"].sort_values("period")
    one = answer.routes.learners[0]
    work = np.concatenate([[0.0], np.cumsum(crew["items"]) * one.each])
    np.testing.assert_allclose(crew["hours"], np.diff(one.hours(work)), rtol=1e-9)
    assert crew["hours"].between(40.0 * (1 - 1e-7), 40.0 * (1 + 1e-7)).all()
    assert (np.diff(crew["items"]) > 0).all()
    assert made(answer) > made(planned(written(4)))


def test_a_rate_of_a_hundred_per_cent_changes_nothing() -> None:
    """Who learns nothing makes what it would without the block, and no choice is needed for it."""
    still = {**WRIGHT, "rate": "100%"}
    assert made(planned(written(learning=still))) == pytest.approx(made(planned(written())))
    assert not formulate(read_case(written(learning=still))).program.arrays().integer.any()


def test_work_done_early_makes_a_milestone() -> None:
    """By week 3 of four, learning lets through what the stated pace would not: 12,000 images in 120 h."""
    case = written(4, "20_000 images", learning=WRIGHT)
    del case["vendors"]["outside"]
    case["products"]["cats"] |= {
        "demand": "16_000 images",
        "milestones": [{"by": "week 3", "at-least": "12_500 images"}],
    }
    answer = planned(case)
    assert answer.plan is not None
    by_then = answer.plan.lines.loc[answer.plan.lines["period"] <= 3, "items"].sum()
    assert by_then >= 12_500 * (1 - 1e-9)
    without = {
        **case,
        "vendors": {"crew": {key: one for key, one in case["vendors"]["crew"].items() if key != "learning"}},
    }
    assert solve(read_case(without)).plan is None


def test_a_team_that_learns_needs_fewer_people() -> None:
    """A team is hired for the hours of the curve: with learning one of two newcomers is not needed."""
    team = {"people": 1, "hours": "40 h/week", "wage": "20 USD/h", "shrinkage": "0%", "hire": {"cost": "500 USD"}}
    hired = []
    for block in ({}, {"learning": WRIGHT}):
        case = written(3, "30_000 images")
        case["vendors"] = {"crew": {"team": team, **block}}
        answer = planned(case)
        assert answer.plan is not None
        hired.append(answer.plan.staff["hired"].sum())
        assert (answer.plan.staff["idle"] >= -1e-6).all()
    assert hired[1] < hired[0]


def test_stages_and_learning_agree() -> None:
    """What is sent back a week later is done by who has learnt more by then; the check follows both."""
    review = {"share": "100%", "catch": "80%", "time": "3 s/image", "rework": "vendor"}
    case = written(4, learning=WRIGHT, accuracy="90%")
    case["workflows"] = {"checked": {"review": review, "leads": {"review": "1 week"}}}
    case["review-team"] = {"wage": "30 USD/h"}
    case["vendors"]["outside"]["accuracy"] = "90%"
    answer = planned(case)
    assert answer.verification is not None
    assert answer.verification.holds


def test_a_plan_of_more_than_the_hours_is_found_out() -> None:
    """A crew that has learnt less than the plan was made for breaks its hours; hours told otherwise are wrong figures."""
    answer = planned(written(learning=WRIGHT))
    assert answer.plan is not None
    slower = read_case(written(learning={**WRIGHT, "rate": "95%"}))
    assert any("hours of crew" in words for words in verify(slower, answer.plan).violations)
    lines = answer.plan.lines.assign(hours=answer.plan.lines["items"] * 0.01)
    told = verify(answer.case, dataclasses.replace(answer.plan, lines=lines)).violations
    assert any("hours" in words for words in told)


def test_another_solver_finds_the_same() -> None:
    """CBC comes to the objective HiGHS comes to."""
    case = read_case(written(learning=CRAWFORD))
    assert solve(case, solver="cbc").objective == pytest.approx(solve(case).objective, rel=1e-4)
