"""Turnover: places that people leave and fill again, against simulation; vendors that shrink; teams that pay for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import read_case, solve
from allocate.costing.supply.teams import teams
from allocate.costing.supply.throughput import vendor_capacities
from allocate.costing.supply.turnover import places, remaining

YEAR = 365.25 / 7
"""Weeks."""
# Leavers of 2022 as a share of the people there: CCAP and WTW, attrition in Philippine business process outsourcing.
LEAVING = 0.45 / YEAR


def written(vendor: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One product of 36 s an image (100 an hour), one vendor, and a dear one with any number of hours."""
    return {
        "case": "turnover",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "products": {"frames": {"item": "image", "effort": "36 s/image", "demand": "60_000 images"}},
        "vendors": {"crew": vendor, "outside": {"contract": {"price": "5 USD/image"}}},
        "workflows": {"plain": {}},
        **more,
    }


def simulated(rate: float, vacancy: float, ramp: list[float], rounds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Length of each round of vacancy and tenure, and the weeks of proficient work in it; steps are weeks."""
    tenure = np.random.default_rng(seed).exponential(1.0 / rate, rounds)
    lost = sum((1.0 - worth) * np.clip(tenure - step, 0.0, 1.0) for step, worth in enumerate(ramp))
    return tenure + vacancy, tenure - lost


@pytest.mark.parametrize(
    ("rate", "vacancy", "ramp"), [(LEAVING, 6.0, [0.3, 0.5, 0.8, 0.9]), (0.1, 2.0, [0.0, 0.5]), (0.5, 0.0, [0.2])]
)
def test_the_share_there_is_that_of_simulated_places(rate: float, vacancy: float, ramp: list[float]) -> None:
    """A hundred thousand rounds of leaving and filling agree with the formula within three standard errors."""
    length, work = simulated(rate, vacancy, ramp, 100_000, seed=7)
    formula = places(rate, vacancy, ramp, 1.0)
    for per_round, expected in (
        (work, formula.there),
        (length - vacancy, formula.filled),
        (np.ones(len(length)), rate * formula.filled),
    ):
        ratio = per_round.sum() / length.sum()
        error = np.std(per_round - ratio * length, ddof=1) / np.sqrt(len(length)) / length.mean()
        assert abs(ratio - expected) <= 3 * error + 1e-12


def test_people_who_are_not_replaced_dwindle_as_simulated() -> None:
    """The people left, averaged over each of three periods of unequal length, are those of 100,000 simulated tenures."""
    weeks, tenure = [4.0, 5.0, 4.5], np.random.default_rng(3).exponential(1.0 / LEAVING, 100_000)
    start = 0.0
    for share, length in zip(remaining(LEAVING, weeks), weeks, strict=True):
        there = np.clip(tenure - start, 0.0, length) / length
        assert abs(there.mean() - share) <= 3 * there.std() / np.sqrt(len(there))
        start += length


def test_nobody_leaving_changes_nothing() -> None:
    """At a rate of zero places are always filled by proficient people."""
    still = places(0.0, 6.0, [0.2], 1.0)
    assert (still.filled, still.worth) == (1.0, 1.0)
    assert remaining(0.0, [1.0, 1.0]).tolist() == [1.0, 1.0]


def test_a_vendor_that_fills_its_places_keeps_a_share_of_its_hours() -> None:
    """45 % a year and six weeks until somebody comes leave 1 / (1 + 0.45 x 6 / 52.18) of 400 hours, in every week."""
    turnover = {"rate": "45 %/year", "vacancy": "6 weeks"}
    (found,) = vendor_capacities(read_case(written({"capacity": "400 h/week", "turnover": turnover})))
    np.testing.assert_allclose(found.amounts, [400 / (1 + LEAVING * 6)] * 4)


def test_a_vendor_that_fills_no_places_shrinks() -> None:
    """With a bare rate each week has fewer hours than the week before, by the share that leaves in a week."""
    (found,) = vendor_capacities(
        read_case(written({"people": 10, "hours": "40 h/week", "shrinkage": "0%", "turnover": "1 %/week"}))
    )
    np.testing.assert_allclose(found.amounts[1:] / found.amounts[:-1], np.exp(-0.01))
    assert found.amounts[0] < 400


def test_a_team_pays_for_filled_places_and_for_those_who_come() -> None:
    """Ten places at 1 % a week, empty for 5 weeks: wages for 1/1.05 of the hours, 0.095 starts a week at 2,000 USD each."""
    team = {
        "people": 10,
        "hours": "40 h/week",
        "wage": "20 USD/h",
        "shrinkage": "0%",
        "ramp": ["50%"],
        "turnover": {"rate": "1 %/week"},
        "hire": {"cost": "2k USD", "notice": "5 weeks", "at-most": 0},
    }
    case = read_case({**written({"team": team}), "horizon": {"start": "2027-01-04", "weeks": 6}})
    (found,) = teams(case)
    answer = solve(case)
    assert answer.plan is not None
    assert answer.verification is not None
    owed = answer.plan.invoice.groupby("clause")["amount"].sum()
    assert owed["wages"] == pytest.approx(6 * 10 * 40 / 1.05 * 20)
    assert owed["replacement"] == pytest.approx(6 * 10 * 0.01 / 1.05 * 2000)
    np.testing.assert_allclose(found.worked, 1 - 0.5 * (1 - np.exp(-0.01)))
    assert answer.plan.staff["worked"].max() <= 400 / 1.05 * found.worked.max() * (1 + 1e-9)
    assert answer.plan.staff["hiring"].sum() == pytest.approx(owed["replacement"])
