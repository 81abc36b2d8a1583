"""How many people of a team start and leave in one period at most, against every way to staff it."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from allocate import read_case, solve
from allocate.api.evaluating import evaluate
from allocate.api.goals import lines_of_plan
from allocate.costing.supply.teams import Staff

WAGE, HIRE, RELEASE, PEOPLE = 10.0, 6.0, 4.0, 3


def case_of(arrives: list[int], hire: dict[str, str], release: dict[str, str]) -> dict[str, Any]:
    """A team of three people who make an image a week each; images come week by week, and all are made in four."""
    return {
        "case": "team",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "products": {
            "p": {
                "item": "image", "effort": "1 h/image", "demand": f"{sum(arrives)} images",
                "arrives": [{"from": f"week {n + 1}", "items": f"{many} images"} for n, many in enumerate(arrives)],
            }
        },
        "vendors": {
            "team": {
                "accuracy": "100%",
                "team": {
                    "people": PEOPLE, "hours": "1 h/week", "wage": f"{WAGE} USD/h", "shrinkage": "0%",
                    "hire": {"cost": f"{HIRE} USD", **hire}, "release": {"cost": f"{RELEASE} USD", **release},
                },
            }
        },
        "workflows": {"plain": {}},
    }  # fmt: skip


def cheapest(arrives: list[int], hires: int, releases: int) -> float:
    """Cost of the cheapest of all ways to hire and release so many people a week at most; infinite where none makes all."""
    hired = np.array(list(itertools.product(range(hires + 1), repeat=4)))[:, None, :]
    gone = np.array(list(itertools.product(range(releases + 1), repeat=4)))[None, :, :]
    people = PEOPLE + np.cumsum(hired - gone, axis=2)
    left, cost = np.zeros(people.shape[:2]), WAGE * people.sum(axis=2) + HIRE * hired.sum(2) + RELEASE * gone.sum(2)
    for week, many in enumerate(arrives):
        left = np.maximum(left + many - people[:, :, week], 0.0)
    # Who leaves was there before the week: nobody leaves in the week of the start, who then never came.
    fine = (people >= 0).all(axis=2) & (left == 0)
    return float(np.where(fine, cost, np.inf).min())


@pytest.mark.parametrize(
    ("arrives", "hires", "releases"),
    [([6, 4, 2, 0], 1, 1), ([2, 8, 4, 4], 2, 1), ([0, 0, 9, 5], 2, 3), ([5, 5, 5, 9], 1, 2), ([9, 1, 1, 1], 1, 0)],
)
def test_no_way_to_staff_is_cheaper(arrives: list[int], hires: int, releases: int) -> None:
    """The plan costs what the cheapest way of all costs, or there is no plan where no way makes everything."""
    case = case_of(arrives, {"per-period": f"{hires} people"}, {"per-period": f"{releases} people"})
    answer, best = solve(read_case(case)), cheapest(arrives, hires, releases)
    assert (answer.plan is None) == np.isinf(best)
    if answer.plan is not None:
        assert answer.objective == pytest.approx(best)
        assert answer.plan.staff["hired"].max() <= hires
        assert answer.plan.staff["released"].max() <= releases


def test_more_at_once_is_found_and_said() -> None:
    """A plan that hires two in a week where one may start is refused by name; without the limit it holds."""
    free, bound = (case_of([5, 5, 5, 5], hire, {}) for hire in ({}, {"per-period": "1 people"}))
    found = solve(read_case(free))
    assert found.plan is not None
    assert found.plan.staff["hired"].tolist() == [2, 0, 0, 0]
    staff = Staff(np.array([[2.0, 0, 0, 0]]), np.zeros((1, 4)), np.zeros((1, 4)))
    made = evaluate(read_case(bound), lines_of_plan(found.plan), staff)
    assert len(made.verification.violations) == 1
    assert "people hired by team in week 1" in made.verification.violations[0]


def test_without_it_there_are_no_rows() -> None:
    """A team that says nothing of it has no rows of it."""
    from allocate.api.solving import formulate

    rows = formulate(read_case(case_of([5, 5, 5, 5], {"at-most": "3 people"}, {}))).program.rows
    assert not {"team_hires_at_once", "team_releases_at_once"} & rows.keys()
