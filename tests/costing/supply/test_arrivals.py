"""Promises where work comes in batches, with the hours of the day, or all at once: against formulas and a simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from draws import some
from queue_simulation import simulated

from allocate.case.clauses.review import ReviewTeam
from allocate.case.load import read_case
from allocate.costing.routes import routes
from allocate.costing.supply.arrivals import Arrivals, arrivals_of, in_time, load_kept, swinging
from allocate.costing.supply.queueing import Queue, load_within, waiting_longer
from allocate.costing.supply.throughput import review_hours
from allocate.errors import CaseError
from allocate.units import Units
from allocate.verification.arrivals import _Day, _Shape, load_promised

SINE = tuple(1.0 + 0.2 * math.sin(2 * math.pi * (part + 0.5) / 16) for part in range(16))
CALLS = 20.0 / 240.0
"""Twenty seconds, of calls of 240 s."""


def team(**answer: Any) -> ReviewTeam:
    """Fifty-five people who promise 80 % within 20 s, checks of 240 s; answer: other words of the promise."""
    promise = {"share": "80%", "within": "20 s", "handling": "240 s", **answer}
    words = {"people": 55, "hours": "40 h/week", "wage": "30 USD/h", "answer": promise}
    return ReviewTeam.model_validate(words, context={"units": Units()})


@pytest.mark.parametrize(("people", "load", "within"), [(55, 48.0, CALLS), (4, 2.5, 1.0), (1, 0.6, 3.0)])
def test_batches_of_one_wait_as_erlang_says(people: int, load: float, within: float) -> None:
    """With one piece in each batch the queue is M/M/c, whose waits Erlang's formula has."""
    erlang = 1.0 - waiting_longer(Queue(people, 1.0), load, within)
    assert in_time(people, load, within, Arrivals()) == pytest.approx(erlang, abs=1e-9)


def test_a_single_person_and_batches_by_the_formula_of_the_mean() -> None:
    """One person: the mean number of pieces that a batch of b finds is that of M^[b]/M/1, A (b + 1) / (2 (1 - A)), so Little holds.

    Source: Gross et al., Fundamentals of Queueing Theory, section 3.1 (bulk input, constant size).
    """
    load, batch = 0.6, 5
    times = np.linspace(0.0, 200.0, 8_001)
    late = [1.0 - in_time(1, load, within, Arrivals(batch=batch)) for within in times[::40]]
    mean_wait = float(np.trapezoid(late, times[::40]))
    in_system = load * (batch + 1) / (2 * (1 - load))
    assert mean_wait + 1.0 == pytest.approx(in_system / load, rel=5e-3)


@pytest.mark.parametrize(
    ("people", "load", "within", "arrivals"),
    [
        (55, 35.0, CALLS, Arrivals(batch=10)),
        (4, 2.5, 1.25, Arrivals(60.0, SINE)),
        (10, 7.0, 1.0, Arrivals(30.0, (0.5, 0.8, 1.2, 1.5), 2)),
        (4, 3.0, 1.25, Arrivals(5.0, at_once=True)),
        (10, 9.0, 3.0, Arrivals(4.0, at_once=True)),
    ],
)
@pytest.mark.slow
def test_shares_in_time_are_those_of_a_simulation(people: int, load: float, within: float, arrivals: Arrivals) -> None:
    """Within three points of a simulation in continuous time, event by event; tests/bench has longer ones."""
    found = simulated(people, load, within, arrivals, 40_000)
    assert in_time(people, load, within, arrivals) == pytest.approx(found, abs=0.03)


def test_eighty_percent_promised_are_fewer_where_the_rate_swings_or_batches_come() -> None:
    """What a plan by steady arrivals promises at its full load: 46 % with ±20 % over the day, few with uploads and deliveries."""
    load = load_within(Queue(55, 1.0), 0.8, CALLS)
    assert in_time(55, load, CALLS, Arrivals(120.0, SINE)) == pytest.approx(0.46, abs=0.02)
    assert in_time(55, load, CALLS, Arrivals(batch=50)) < 0.2
    assert in_time(55, load, CALLS, Arrivals(batch=10)) == pytest.approx(0.34, abs=0.05)
    assert in_time(55, load, CALLS, Arrivals(15.0, at_once=True)) == pytest.approx(0.07, abs=0.01)


@pytest.mark.slow
def test_the_load_that_is_kept_keeps_the_promise_and_a_little_more_does_not() -> None:
    """At the load found the share is kept to the digit; where even a single batch is too large, no load keeps it."""
    for arrivals in (Arrivals(batch=7), Arrivals(10.0, (0.7, 1.3)), Arrivals(3.0, at_once=True)):
        load = load_kept(5, 0.9, 1.0, arrivals)
        assert in_time(5, load, 1.0, arrivals) == pytest.approx(0.9, abs=1e-7)
        assert in_time(5, load * 1.001, 1.0, arrivals) < 0.9
    assert load_kept(5, 0.9, 1.0, Arrivals(batch=100)) == 0.0


@pytest.mark.slow
def test_a_queue_that_carries_over_many_days_is_told_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person with an hour to begin checks of 200 s: day after day settles after some forty, guessed ahead in fewer."""
    arrivals = Arrivals(144.0, swinging(0.2))
    ahead = in_time(1, 0.9, 18.0, arrivals)
    monkeypatch.setattr("allocate.costing.supply.arrivals.PLAIN", 5_000)
    assert ahead == pytest.approx(in_time(1, 0.9, 18.0, arrivals), abs=1e-9)
    assert ahead == pytest.approx(1.0 - _Day(1, 0.9, 18.0, _Shape(144.0, swinging(0.2), 1, False)).late(), abs=1e-9)


def test_large_queues_counted_in_groups_are_on_the_safe_side() -> None:
    """Where there are too many states, people are counted in groups: the share in time is not above that of a simulation."""
    arrivals = Arrivals(15.0, at_once=True)
    grouped = in_time(400, 300.0, 4.0, arrivals)
    assert grouped == pytest.approx(
        400 * (1 + 4) / (300 * 15.0), abs=0.01
    )  # all idle when a delivery comes, then 400 at work


@pytest.mark.slow
@pytest.mark.parametrize(
    "arrivals",
    some(
        [
            {"batch": 50},
            {"batch": 3, "profile": ["60%", "140%"]},
            {"every": "1 day"},
            {"swing": "50%"},
            {"every": "2 h"},
        ]
    ),
)
def test_both_hands_find_the_same_load(arrivals: dict[str, Any]) -> None:
    """The verifier's own queue carries the load that plans are made with, to eight digits."""
    small = team(arrivals=arrivals, within="8 min")
    small = small.model_copy(update={"people": Units().quantity("6 people"), "hours": Units().quantity("10 h/week")})
    handling = 240.0 / 3600.0
    pattern = arrivals_of(small, handling)
    assert pattern is not None
    load = load_kept(6, 0.8, 2.0, pattern)
    assert load_promised(small, handling) == pytest.approx(load, abs=1e-7)


@pytest.mark.parametrize(
    ("every", "hours"),
    [("2 h", 2.0), ("1 day", 8.0), ("2 days", 16.0), ("1 week", 40.0)],
)
def test_intervals_are_in_hours_of_work(every: str, hours: float) -> None:
    """A day is the hours of a person in a working day, a week as many as the working days have."""
    pattern = arrivals_of(team(arrivals={"every": every}), 0.5)
    assert pattern is not None
    assert pattern.cycle == pytest.approx(hours / 0.5)


def case(**answer: Any) -> dict[str, Any]:
    """A case whose work is all checked by a team with a promise."""
    promise = {"share": "80%", "within": "10 min", "handling": "240 s", **answer}
    return {
        "case": "checked",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "objective": "cost",
        "products": {"p": {"item": "image", "effort": "60 s/image", "demand": "100 images"}},
        "vendors": {"v": {"accuracy": "90%", "contract": {"price": "1 USD/image"}}},
        "workflows": {"checked": {"review": {"share": "100%", "time": "200 s/image", "catch": "80%"}}},
        "review-team": {"people": 6, "hours": "40 h/week", "wage": "30 USD/h", "answer": promise},
    }


def test_a_pattern_leaves_fewer_hours_in_the_plan() -> None:
    """Hours of checking fall from steady arrivals to batches to deliveries, in program and verifier alike."""
    hours = []
    for arrivals in ("steady", {"batch": 10}, {"every": "1 day"}):
        read = read_case(case(arrivals=arrivals))
        found = review_hours(read, routes(read))
        assert found is not None
        hours.append(found[0])
    assert hours[0] > hours[1] > hours[2] > 0


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "does not say how items arrive"),
        ({"arrivals": "evenly"}, "does not know the pattern 'evenly'"),
        ({"arrivals": {"batch": 5, "every": "1 h"}}, "either at intervals, or at random"),
        ({"arrivals": {"swing": "20%", "profile": ["1", "2"]}}, "either a swing or a profile"),
        ({"arrivals": {"profile": ["1"]}}, "2 to 96 parts"),
        ({"arrivals": {"profile": ["0", "0"]}}, "nothing ever arrives"),
        ({"arrivals": {"batch": 5}, "work-variability": 0.5}, "variabilities go with `arrivals: steady` only"),
    ],
)
def test_a_promise_says_how_items_arrive(answer: dict[str, Any], message: str) -> None:
    """Without a pattern, with one nobody knows or two that clash, the promise is refused."""
    with pytest.raises(CaseError) as raised:
        read_case(case(**answer))
    assert message in str(raised.value.problems[0].message)
