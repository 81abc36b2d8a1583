"""Mistakes in in-house teams. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mistakes import team, told_once_each

from allocate.errors import Problem

GOOD = "people: 10, hours: 40 h/week, wage: 25 USD/h"

MISTAKES = [
    pytest.param(
        team(GOOD, ", people: 10"),
        "case.yaml:27:76",
        "vendors.in-house has a team, and `people` beside it",
        "write it once, as `team: {people: …}`",
        id="people beside the team",
    ),
    pytest.param(
        team(GOOD, ", capacity: 400 h/week"),
        "case.yaml:27:78",
        "vendors.in-house has a team, whose hours follow from its people",
        "remove `capacity`, or write a vendor with a capacity and no team",
        id="a capacity beside the team",
    ),
    pytest.param(
        team(GOOD, ", contract: {price: 40 USD/h}"),
        "case.yaml:27:86",
        "in-house is a team and paid wages, busy or not: its contract can have no `price`",
        "remove `price`: the wage stands in the team",
        id="a price beside the wage",
    ),
    pytest.param(
        team("people: 10, hours: 40 h/week, wage: 3_200 USD/month", ", contract: {price: 40 USD/h}"),
        "case.yaml:27:93",
        "in-house is a team and paid wages, busy or not: its contract can have no `price`",
        "remove `price`: the wage stands in the team",
        id="a price beside a salary",
    ),
    pytest.param(
        team(GOOD)[:2],
        "rates.csv:4:17",
        "in-house is a team and paid wages, busy or not, and its rate for triage has a price",
        "leave the price blank: the wage stands in the team",
        id="a price in the rates",
    ),
    pytest.param(
        team(GOOD, ", platform-fee: 20%"),
        "case.yaml:27:82",
        "in-house is a team without a price that the platform fee could be a share of ('20%')",
        "write money per item or hour, as in `1 USD/h`",
        id="a platform fee as a share of no price",
    ),
    pytest.param(
        [
            *team(GOOD),
            (
                "case.yaml",
                "vendor: acme, week: 3, capacity: 900 h/week",
                "vendor: in-house, week: 3, capacity: 900 h/week",
            ),
        ],
        "case.yaml:38:43",
        "in-house has a team, whose hours follow from its people",
        "leave the capacity blank",
        id="a capacity in the calendar",
    ),
    pytest.param(
        team("people: 10, wage: 25 USD/h"),
        "case.yaml:27:14",
        "the team of in-house does not say how many hours its people work",
        "add `hours: 40 h/week`",
        id="no hours",
    ),
    pytest.param(
        team("people: 10.5, hours: 40 h/week, wage: 25 USD/h"),
        "case.yaml:27:29",
        "vendors.in-house.team.people is not a whole number of people ('10.5')",
        "write it as in `10 people`",
        id="half a person",
    ),
    pytest.param(
        team("people: 10 h, hours: 40 h/week, wage: 25 USD/h"),
        "case.yaml:27:29",
        "vendors.in-house.team.people expects a number of people, got '10 h'",
        "write it as in `10 people`",
        id="people in hours",
    ),
    pytest.param(
        team(f"{GOOD}, hire: {{at-most: 1 people/month}}"),
        "case.yaml:27:83",
        "vendors.in-house.team.hire.at-most expects a number of people over the whole horizon, got people per month ('1 people/month')",
        "write `1 people`, without the month",
        id="people hired per month",
    ),
    pytest.param(
        team("people: 10/week, hours: 40 h/week, wage: 25 USD/h"),
        "case.yaml:27:29",
        "vendors.in-house.team.people expects a number of people, got people per week ('10/week')",
        "write `10`, without the week",
        id="people per week",
    ),
    pytest.param(
        team("people: 1.5 people/week, hours: 40 h/week, wage: 25 USD/h"),
        "case.yaml:27:29",
        "vendors.in-house.team.people expects a number of people, got people per week ('1.5 people/week')",
        "write it as in `10 people`",
        id="half a person per week",
    ),
    pytest.param(
        team("people: -1, hours: 40 h/week, wage: 25 USD/h"),
        "case.yaml:27:29",
        "vendors.in-house.team.people is not a whole number of people ('-1')",
        "write it as in `10 people`",
        id="fewer than nobody",
    ),
    pytest.param(
        team("people: 0, hours: 40 h/week, wage: 25 USD/h"),
        "case.yaml:27:29",
        "the team of in-house has nobody, and nobody is hired",
        "add `hire: {cost: …}`, or leave the vendor out",
        id="nobody",
    ),
    pytest.param(
        team(f"{GOOD}, shrinkage: 100%"),
        "case.yaml:27:78",
        "a shrinkage of 100% leaves no hours to work",
        "write a smaller share",
        id="no hours left",
    ),
    pytest.param(
        team(f"{GOOD}, ramp: [50%]"),
        "case.yaml:27:73",
        "the team of in-house has a ramp for newcomers, and nobody is hired",
        "add `hire: {cost: …}`, or remove the ramp",
        id="a ramp for nobody",
    ),
    pytest.param(
        team(f"{GOOD}, hire: {{notice: 12 weeks}}"),
        "case.yaml:27:82",
        "nobody can start before the horizon ends with a notice of 12 weeks",
        "shorten the notice, lengthen the horizon, or remove `hire`",
        id="a notice as long as the horizon",
    ),
    pytest.param(
        team(f"{GOOD}, release: {{notice: 3 months}}"),
        "case.yaml:27:85",
        "nobody can leave before the horizon ends with a notice of 3 months",
        "shorten the notice, lengthen the horizon, or remove `release`",
        id="a notice to leave longer than the horizon",
    ),
    pytest.param(
        team(f"{GOOD}, shifts: {{seats: 4, further: [{{premium: 10%}}]}}"),
        "case.yaml:27:75",
        "there are 10 people and seats for 8 in 2 shifts",
        "add seats, or a further shift",
        id="people without seats",
    ),
    pytest.param(
        team(f"{GOOD}, overtime: {{at-most: 20}}"),
        "case.yaml:27:87",
        "vendors.in-house.team.overtime.at-most is outside 0% to 100% ('20')",
        "did you mean `20%`?",
        id="overtime of twenty times the hours",
    ),
    pytest.param(
        team(f"{GOOD}, overtime: {{premium: 50%}}"),
        "case.yaml:27:67",
        "vendors.in-house.team.overtime needs the key 'at-most'",
        "add `at-most: …`",
        id="overtime without a limit",
    ),
    pytest.param(
        team("people: 10, hours: 40 h/week, wage: 25 EUR/h"),
        "case.yaml:27:57",
        "there is no exchange rate for EUR ('25 EUR/h')",
        "add `exchange: {EUR: … USD}` with what one EUR is worth, or write the amount in USD",
        id="a wage in another currency",
    ),
]


test_mistakes = told_once_each(MISTAKES)


def test_two_mistakes_are_both_found(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    """Everything wrong with a team is told at once."""
    found = problems_of(team(f"{GOOD}, ramp: [50%], shifts: {{seats: 4}}", ", people: 10"))
    assert len(found) == 3
