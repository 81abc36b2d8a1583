"""What the page says of people of one's own and of levers: who leaves when, who is paid, and what a raise would do."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from allocate import formulate, read_case, solve
from allocate.explaining.inputs import swings
from allocate.reporting.compose import compose
from allocate.reporting.material import Material
from allocate.reporting.sections.decided import people
from allocate.study.assumptions import register

TEAM = {"people": 3, "hours": "40 h/week", "wage": "4_000 USD/month", "release": {"notice": "1 week"}}


def case_of(**team: Any) -> dict[str, Any]:
    """Two weeks of work for a team of three whom a partner could do without, and a tool that is bought."""
    return {
        "case": "people",
        "currency": "USD",
        "horizon": {"start": "2027-02-01", "weeks": 4},
        "objective": "cost",
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "12_000 images"}},
        "vendors": {"crew": {"team": {**TEAM, **team}}, "far": {"contract": {"price": "0.45 USD/image"}}},
        "levers": {
            "tool": {
                "title": "Two of ours check",
                "cost": "100 USD",
                "running-cost": "400 USD/month",
                "running-cost-to": "review-team",
                "bought": True,
                "effect": {"vendors": "far", "hours": "-10%"},
            }
        },
        "review-team": {"wage": "30 USD/h"},
    }


@cache
def shown(notice: str = "1 week", cost: str | None = None) -> Material:
    """What the page knows of the plan, with what moves it."""
    case = read_case(case_of(release={"notice": notice, **({"cost": cost} if cost else {})}))
    answer = solve(case)
    assert answer.plan is not None
    return Material(answer, answer.plan, None, swings(formulate(case), answer.plan))


def test_a_raise_and_a_dearer_tool_are_among_what_could_change_the_answer() -> None:
    """Salaries by the month and running costs move whole: a tenth of each is what ten per cent more changes while the plan stays."""
    m = shown()
    found = {one.input: one for one in m.swings}
    by_clause = {clause: sum(e.amount for e in m.plan.entries if e.clause == clause) for clause in ("wages", "lever")}
    assert found["wages of crew"].less.gain == pytest.approx(0.1 * by_clause["wages"])
    assert found["cost of lever tool"].more.gain == pytest.approx(-0.1 * by_clause["lever"])
    assert found["cost of lever tool"].less.gain == pytest.approx(0.1 * by_clause["lever"])
    assert "prices of crew" not in found


def test_the_page_says_who_leaves_when_and_by_when_that_is_decided() -> None:
    """Three leave after a week of notice; what it costs and who is paid by the tool stands beside it."""
    m = shown(cost="50 USD")
    section = people(m)
    assert section is not None
    assert section.sentences[0] == "crew: 3 released (week 2), which costs 150.00 USD; no hour is idle."
    assert any(
        one.startswith("tool pays the review team") and one.endswith(": Two of ours check.")
        for one in section.sentences
    )
    (steps,) = [one for one in compose(m.answer).sections if one.title == "Next steps"]
    assert "Decide by the start of week 1 that 3 people of crew leave in week 2: the notice is 1 week." in steps.points


def test_a_release_that_costs_nothing_is_an_assumption() -> None:
    """What if nobody leaves is tried; where the case states a cost, even of nothing, nothing is assumed."""
    assumed = {one.figure: one for one in register(shown().case)}
    assert assumed["release of people of crew"].low == {"vendors.crew.team.release": None}
    assert "release of people of crew" not in {one.figure for one in register(shown(cost="0 USD").case)}
