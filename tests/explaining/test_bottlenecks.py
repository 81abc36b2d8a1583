"""How full stages are, how many people a plan takes, and how far demand can grow: by hand, and by solving again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocate import read_case, solve
from allocate.api.explaining import bottlenecks
from allocate.case.load import Case
from allocate.costing.supply.queueing import Queue, load_within

REVIEW = Path(__file__).resolve().parents[2] / "cases" / "review-bottleneck"


def case_of(**changes: Any) -> dict[str, Any]:
    """1,000 images of 180 s in two weeks: 50 h by one vendor of 2 people at 40 h a week."""
    case: dict[str, Any] = {
        "case": "tight",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"p": {"item": "image", "effort": "180 s/image", "demand": {"at-least": "1000 images"}}},
        "vendors": {
            "v": {
                "contract": {"price": "1 USD/image"},
                "accuracy": "95%",
                "people": "2",
                "hours": "40 h/week",
                "shrinkage": "0%",
            }
        },
        "workflows": ["single-pass"],
    }
    return case | changes


def test_utilisation_is_what_is_used_of_what_is_there() -> None:
    """50 h of 160 h in two weeks; the peak is the fullest week's."""
    found = bottlenecks(read_case(case_of()))
    (stage,) = found.stages
    assert (stage.name, stage.unit) == ("hours of v", "h")
    assert stage.mean == pytest.approx(50 / 160)
    assert stage.peak.utilisation == pytest.approx(max(use.used for use in stage.uses) / 80)
    assert [use.there for use in stage.uses] == [80, 80]


def test_demand_grows_until_the_hours_are_full() -> None:
    """160 h there, 50 h asked: 3.2 times; one per cent more hours in both weeks let in 3.2 points of demand."""
    growth = bottlenecks(read_case(case_of())).growth
    assert growth is not None
    assert growth.factor == pytest.approx(3.2)
    assert growth.proven
    (stop,) = growth.stops
    assert (stop.subject, stop.periods, stop.limit) == ("hours of v", 2, 160)
    assert stop.further == pytest.approx(0.032)


def test_a_limit_at_a_kink_gives_way_at_the_rate_of_its_looser_side() -> None:
    """In review-bottleneck a higher floor would cost four times the growth a lower one gains; the lower one is what is told."""
    at, a_little_lower = (
        bottlenecks(read_case(REVIEW, settings={"products.clips.accuracy": f"{floor}%"})) for floor in (98, 97.99)
    )
    assert at.growth is not None
    assert at.growth.factor is not None
    assert a_little_lower.growth is not None
    assert a_little_lower.growth.factor is not None
    told = next(stop for stop in at.growth.stops if stop.subject == "accuracy of clips")
    assert told.further == pytest.approx((a_little_lower.growth.factor - at.growth.factor) * 98, rel=0.01)


def test_demand_that_cannot_be_met_says_how_much_can() -> None:
    """8,000 images are 400 h, 160 h are there: two fifths, though there is no plan and so no stages."""
    case = case_of()
    case["products"]["p"]["demand"] = "8000 images"
    found = bottlenecks(read_case(case))
    assert found.stages == ()
    assert found.growth is not None
    assert found.growth.factor == pytest.approx(0.4)


def test_demand_that_nothing_stops_is_followed_to_ten_times() -> None:
    """Without limits the factor ends at ten and nothing is said to stop it."""
    case = case_of()
    case["vendors"]["v"] = {"contract": {"price": "1 USD/image"}, "accuracy": "95%"}
    found = bottlenecks(read_case(case))
    assert found.growth is not None
    assert found.growth.endless
    assert found.growth.stops == ()


def test_without_demand_there_is_nothing_to_grow() -> None:
    """A ceiling alone asks for no items."""
    value = {"curve": [{"labels": 0, "score": 0}, {"labels": 500, "score": 10}], "worth": "100 USD/point"}
    case = case_of(objective="value", budget="300 USD")
    case["products"]["p"] |= {"demand": {"at-most": "500 images"}, "value": value}
    assert bottlenecks(read_case(case)).growth is None


def _with_choices() -> dict[str, Any]:
    """Two products, two vendors with minimum orders, one at most for each product, a budget and a milestone."""
    contract = {"price": "1 USD/image", "minimum-order": "300 images"}
    dear = {"price": "1.4 USD/image", "fees": {"onboarding": "50 USD"}}
    return case_of(
        budget="3500 USD",
        products={
            "p": {
                "item": "image",
                "effort": "120 s/image",
                "demand": "400 images",
                "milestones": [{"by": "week 1", "at-least": "200 images"}],
            },
            "q": {"item": "image", "effort": "60 s/image", "demand": {"at-least": "500 images"}},
        },
        vendors={
            "a": {"contract": contract, "accuracy": "95%", "capacity": "20 h/week"},
            "b": {"contract": dear, "accuracy": "95%", "capacity": "500 items/week"},
        },
        rules=[{"name": "one each", "count": {"products": "each", "at-most": 1}}],
    )


def _times(case: dict[str, Any], factor: float) -> Case:
    def more(text: str) -> str:
        number, noun = text.split()
        return f"{float(number) * factor:.6f} {noun}"  # three decimals would have two readings

    products = {}
    for name, one in case["products"].items():
        demand = one["demand"]
        grown = more(demand) if isinstance(demand, str) else {side: more(text) for side, text in demand.items()}
        stones = [{**stone, "at-least": more(stone["at-least"])} for stone in one.get("milestones", ())]
        products[name] = one | {"demand": grown, "milestones": stones}
    return read_case(case | {"products": products})


@pytest.mark.slow
def test_factor_with_choices_is_where_solving_again_finds_no_plan() -> None:
    """With whole choices: a plan a little below the factor, none a little above it."""
    case = _with_choices()
    growth = bottlenecks(read_case(case)).growth
    assert growth is not None
    assert growth.factor is not None
    assert 1.0 < growth.factor < 10.0
    assert solve(_times(case, growth.factor * (1 - 1e-5))).plan is not None
    assert solve(_times(case, growth.factor * (1 + 1e-4))).plan is None


def test_people_are_the_fewest_that_can_do_the_plan() -> None:
    """1,000 images of 180 s in one week are 50 h: two people of 40 h, of the three there are; one could not."""
    case = case_of(horizon={"start": "2027-01-04", "weeks": 1})
    case["vendors"]["v"]["people"] = "3"
    (one,) = bottlenecks(read_case(case)).people
    assert (one.who, one.there, one.needed) == ("v", 3, 2)
    for people, possible in (("2", True), ("1", False)):
        case["vendors"]["v"]["people"] = people
        assert (solve(read_case(case)).plan is not None) is possible


def test_reviewers_are_enough_for_their_promise() -> None:
    """The fewest reviewers whose queue carries the plan's load: one fewer could not keep the promise."""
    answer = {"share": "90%", "within": "10 min", "arrivals": "steady", "handling": "180 s"}
    team = {"wage": "30 USD/h", "people": "9", "hours": "40 h/week", "answer": answer}
    case = case_of(workflows=["full-review"], horizon={"start": "2027-01-04", "weeks": 1}, **{"review-team": team})
    answered = solve(read_case(case))
    assert answered.plan is not None
    load = answered.plan.lines["review_hours"].sum() / 40
    found = {one.who: one for one in bottlenecks(read_case(case), answer=answered).people}["review team"]
    queue = [load_within(Queue(count, 180 / 3600), 0.9, 10 / 60) for count in range(1, 9)]
    assert found.needed == 1 + sum(carried < load for carried in queue)
    assert found.needed > load
