"""Capacities: people, shrinkage, ramp, steps and calendar; hours, items, equivalent units and totals."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from allocate import CaseError, read_case, routes
from allocate.case.load import Case
from allocate.costing.supply.throughput import Capacity, review_hours, vendor_capacities, work_content


def case_of(vendor: dict[str, Any], horizon: dict[str, Any] | None = None, **changes: Any) -> Case:
    """One product in images with 3 boxes, one vendor."""
    product = {"task": "image.bounding-box", "drivers": {"box": "3/image"}, "demand": "1000 images"}
    return read_case(
        {
            "case": "one",
            "currency": "USD",
            "objective": "cost",
            "horizon": horizon or {"start": "2027-01-04", "weeks": 4},
            "products": {"p": product},
            "vendors": {"v": {"contract": {"price": "1 USD/image"}, **vendor}},
            **changes,
        }
    )


def capacity_of(vendor: dict[str, Any], horizon: dict[str, Any] | None = None, **changes: Any) -> Capacity:
    """The only capacity of the vendor."""
    (found,) = vendor_capacities(case_of(vendor, horizon, **changes))
    return found


def test_people_work_their_hours_less_shrinkage() -> None:
    """10 people x 40 h x 85 % = 340 h a week."""
    found = capacity_of({"people": 10, "hours": "40 h/week", "shrinkage": "15%"})
    assert found.noun == "h"
    np.testing.assert_allclose(found.amounts, [340.0] * 4)


def test_hours_of_the_region_stand_in() -> None:
    """People of a region work its hours: 40 a week in the Philippines."""
    np.testing.assert_allclose(capacity_of({"people": 2, "region": "PH"}).amounts, [80.0] * 4)


def test_ramp_applies_to_its_periods_only() -> None:
    """60 %, 80 %, then all of it."""
    found = capacity_of({"people": 1, "hours": "40 h/week", "ramp": ["60%", "80%"]})
    np.testing.assert_allclose(found.amounts, [24, 32, 40, 40])
    np.testing.assert_allclose(capacity_of({"capacity": "100 h/week", "ramp": ["50%"]}).amounts, [50, 100, 100, 100])


def test_months_have_their_own_length() -> None:
    """40 h a week are 40 x 31/7 in January and 40 x 28/7 in February."""
    found = capacity_of({"capacity": "40 h/week"}, {"start": "2027-01-01", "months": 2})
    np.testing.assert_allclose(found.amounts, [40 * 31 / 7, 40 * 28 / 7])


@pytest.mark.parametrize(
    ("capacity", "noun", "amount", "content"),
    [
        ("1_200 h/week", "h", 1200, 3 * 7.4 / 3600),
        ("5_000 images/week", "image", 5000, 1.0),
        ("5_000 items/week", "item", 5000, 1.0),
        ("900 EU/week", "EU", 900, 3.0),
        ("9_000 boxes/week", "box", 9000, 3.0),
    ],
)
def test_capacity_is_counted_in_its_own_unit(capacity: str, noun: str, amount: float, content: float) -> None:
    """An image of 3 boxes takes 22.2 s, 1 image, 1 item, 3 EU or 3 boxes of a capacity."""
    case = case_of({"capacity": capacity})
    (found,) = vendor_capacities(case)
    assert (found.noun, found.by_period) == (noun, True)
    np.testing.assert_allclose(found.amounts, [amount] * 4)
    np.testing.assert_allclose(work_content(case, routes(case), noun), [content])


def test_a_total_holds_for_the_whole_horizon() -> None:
    """`20_000 images` is one limit, not one by week, and no ramp applies to it."""
    found = capacity_of({"capacity": "20_000 images", "ramp": ["50%"]})
    assert (found.noun, found.by_period, found.amounts.tolist()) == ("image", False, [20_000.0])


def test_capacity_steps_and_calendar_change_single_periods() -> None:
    """A step holds from its week on, a calendar row in its week only; before the first step the general figure."""
    steps = [{"from": "week 3", "amount": "80 h/week"}]
    vendor = {"capacity": "100 h/week", "capacity-steps": steps}
    np.testing.assert_allclose(capacity_of(vendor).amounts, [100, 100, 80, 80])
    row = {"vendor": "v", "week": 4, "capacity": "0 h/week"}
    np.testing.assert_allclose(capacity_of(vendor, calendar=[row]).amounts, [100, 100, 80, 0])


def test_periods_before_the_first_statement_are_free() -> None:
    """A vendor whose calendar names one week has no limit in the others."""
    row = {"vendor": "v", "week": 2, "capacity": "10 h/week"}
    np.testing.assert_allclose(capacity_of({}, calendar=[row]).amounts, [np.inf, 10, np.inf, np.inf])


def test_a_vendor_may_have_hours_and_items() -> None:
    """People give hours, the capacity items a week: two limits."""
    both = vendor_capacities(case_of({"people": 1, "hours": "40 h/week", "capacity": "500 images/week"}))
    assert [(one.noun, one.amounts.tolist()) for one in both] == [("h", [40.0] * 4), ("image", [500.0] * 4)]


def test_a_vendor_without_capacity_has_none() -> None:
    """Nothing said is no limit."""
    assert vendor_capacities(case_of({})) == ()


@pytest.mark.parametrize(
    ("vendor", "message"),
    [
        ({"capacity": "100 pages/week"}, "in page, which no product has"),
        (
            {"capacity": "100 h/week", "capacity-steps": [{"from": "week 2", "amount": "5 images/week"}]},
            "not of the kind",
        ),
        (
            {"people": 1, "hours": "40 h/week", "capacity-steps": [{"from": "week 2", "amount": "5 h/week"}]},
            "hours twice",
        ),
        ({"capacity-steps": [{"from": "week 2", "amount": "500 images"}]}, "per week or month"),
    ],
)
def test_capacities_that_mean_nothing_are_problems(vendor: dict[str, Any], message: str) -> None:
    """A capacity that would limit nothing, or twice, is refused and not passed over."""
    with pytest.raises(CaseError, match=message):
        vendor_capacities(case_of(vendor))


def hours_of(team: dict[str, Any] | None) -> Any:
    """Hours of checking by period; every item is checked for 45 s on average, 360 s of work."""
    full = {"review": {"share": "100%", "time": "45 s/image", "catch": "80%", "accuracy": "99%"}}
    more = {"review-team": team} if team else {}
    case = case_of({}, workflows={"full": full} if team else {"single-pass": None}, **more)
    return review_hours(case, routes(case))


def test_a_promise_leaves_fewer_hours_of_checking() -> None:
    """55 people who begin 86.68 % of checks of 240 s within 20 s carry 48 erlang: 48 of 55 hours (published example)."""
    answer = {"share": "86.68%", "within": "20 s", "arrivals": "steady", "handling": "240 s"}
    team = {"wage": "40 USD/h", "people": 55, "hours": "40 h/week"}
    np.testing.assert_allclose(hours_of(team), [55 * 40.0] * 4)
    np.testing.assert_allclose(hours_of({**team, "answer": answer}), [48 * 40.0] * 4, rtol=2e-4)


def test_a_check_takes_as_long_as_the_longest_route_unless_said() -> None:
    """Without a stated time the 45 s of the one route are the time of a check."""
    answer = {"share": "90%", "within": "60 s", "arrivals": "steady"}
    team = {"wage": "40 USD/h", "people": 3, "hours": "40 h/week"}
    said = hours_of({**team, "answer": {**answer, "handling": "45 s"}})
    np.testing.assert_allclose(hours_of({**team, "answer": answer}), said)


def test_steadier_checks_carry_more() -> None:
    """Equal checking times leave more hours than times at random, and more people never leave fewer."""
    answer = {"share": "90%", "within": "60 s", "arrivals": "steady", "handling": "240 s"}
    team = {"wage": "40 USD/h", "hours": "40 h/week"}
    even = hours_of({**team, "people": 6, "answer": {**answer, "work-variability": 0}})
    hours = [hours_of({**team, "people": people, "answer": answer})[0] for people in range(1, 12)]
    assert even[0] > hours[5]
    assert all(more > fewer for fewer, more in itertools.pairwise(hours))


@pytest.mark.parametrize(
    ("team", "says"),
    [
        ({"people": 4}, "people and hours go together"),
        ({"hours": "40 h/week"}, "people and hours go together"),
        ({"people": 4, "hours": "40 h/week", "capacity": "100 h/week"}, "either capacity, or people and hours"),
        (
            {"capacity": "100 h/week", "answer": {"share": "90%", "within": "1 min", "arrivals": "steady"}},
            "how many people answer",
        ),
        ({"people": "2.5 people", "hours": "40 h/week"}, "come whole"),
        (
            {"people": 4, "hours": "40 h/week", "answer": {"share": "100%", "within": "1 min", "arrivals": "steady"}},
            "no team can promise to begin every item",
        ),
    ],
)
def test_review_teams_that_cannot_be(team: dict[str, Any], says: str) -> None:
    """Half a team, two capacities, and a promise nobody keeps are problems with a fix."""
    with pytest.raises(CaseError) as caught:
        hours_of({"wage": "40 USD/h", **team})
    assert says in caught.value.problems[0].message
    assert caught.value.problems[0].fix


def test_review_hours_are_less_shrinkage() -> None:
    """80 h a week less 10 % are 72; without a capacity there are as many as needed."""
    team = {"wage": "40 USD/h", "capacity": "80 h/week", "shrinkage": "10%"}
    found = hours_of(team)
    assert found is not None
    np.testing.assert_allclose(found, [72.0] * 4)
    assert hours_of({"wage": "40 USD/h"}) is None
    assert hours_of(None) is None


@pytest.mark.parametrize(
    ("vendor", "amounts"),
    [
        ({"people": 10, "hours": "40 h/week", "shrinkage": "15%", "utilisation": "90%"}, [306.0] * 4),
        ({"capacity": "500 images/week", "utilisation": "80%"}, [400.0] * 4),
        ({"capacity": "500 images/week", "utilisation": "80%", "ramp": ["50%"]}, [200.0, 400.0, 400.0, 400.0]),
    ],
)
def test_utilisation_keeps_part_of_a_week_free(vendor: dict[str, Any], amounts: list[float]) -> None:
    """10 x 40 h x 85 % x 90 % = 306 h; 80 % of 500 images, of a ramp's weeks too."""
    np.testing.assert_allclose(capacity_of(vendor).amounts, amounts)


@pytest.mark.parametrize(
    ("vendor", "says"),
    [
        ({"utilisation": "85%"}, "no capacity by week"),
        ({"capacity": "900 images", "utilisation": "85%"}, "no capacity by week"),
        ({"capacity": "90 h/week", "utilisation": "0%"}, "leaves nothing"),
    ],
)
def test_utilisations_that_mean_nothing_are_problems(vendor: dict[str, Any], says: str) -> None:
    """Of nothing, of a total for the horizon, and none at all: each is told with its place."""
    with pytest.raises(CaseError, match=says) as told:
        case_of(vendor)
    assert told.value.problems[0].fix


def test_reviewers_may_be_kept_from_being_busy_all_the_time() -> None:
    """4 people x 40 h x 85 % = 136 h; with a promise, the smaller of that and what the queue leaves."""
    team: dict[str, Any] = {"wage": "30 USD/h", "people": 4, "hours": "40 h/week"}
    answer = {"share": "90%", "within": "10 min", "arrivals": "steady", "handling": "4 min"}
    hours = []
    for more in ({"utilisation": "85%"}, {"answer": answer}, {"utilisation": "85%", "answer": answer}):
        case = case_of({}, workflows=["full-review"], **{"review-team": team | more})
        found = review_hours(case, routes(case))
        assert found is not None
        hours.append(float(found[0]))
    assert hours[0] == pytest.approx(136.0)
    assert hours[2] == pytest.approx(min(hours[:2]))


@pytest.mark.parametrize(
    ("team", "says"),
    [
        ({"wage": "30 USD/h", "utilisation": "85%"}, "needs hours"),
        ({"wage": "30 USD/h", "capacity": "40 h/week", "utilisation": "0%"}, "leaves no hours"),
    ],
)
def test_utilisations_of_reviewers_that_cannot_be(team: dict[str, Any], says: str) -> None:
    """A share of hours nobody states, and none of them."""
    with pytest.raises(CaseError, match=says):
        case_of({}, workflows=["full-review"], **{"review-team": team})
