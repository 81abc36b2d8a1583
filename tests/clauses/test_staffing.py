"""`staffing`: people on call are paid for the hours they work, employed ones for all their hours, as the team that they are."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import CaseError, read_case, solve
from allocate.costing.lifted import lifted
from allocate.explaining.conflicts.diagnosis import diagnose


def _case(own: dict[str, Any], items: int = 60_000, **changed: Any) -> dict[str, Any]:
    """Eight weeks of frames that take 36 s each, by people of one's own or by a vendor at 0.30 USD a frame."""
    return {
        "case": "staffing",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 8},
        "objective": "cost",
        "products": {"video": {"item": "frame", "effort": "36 s/frame", "demand": f"{items} frames"}},
        "vendors": {
            "own": {"accuracy": "98%", **own},
            "other": {"accuracy": "97%", "contract": {"price": "0.30 USD/frame"}},
        },
        **changed,
    }


PEOPLE = {"people": 4, "hours": "40 h/week", "shrinkage": "10%", "contract": {"price": "25 USD/h"}}
EMPLOYED = {**PEOPLE, "staffing": "employed"}


def test_employed_people_are_paid_for_every_hour_by_hand() -> None:
    """Four people, 40 h, eight weeks, 25 USD: 32,000 USD on a payroll; on call 600 h of work are 15,000 USD."""
    paid, called = solve(_case(EMPLOYED)), solve(_case({**PEOPLE, "staffing": "on-call"}))
    assert paid.plan is not None
    assert called.plan is not None
    assert paid.plan.spend == pytest.approx(4 * 40 * 8 * 25)
    assert called.plan.spend == pytest.approx(60_000 * 36 / 3600 * 25)
    assert paid.plan.staff["idle"].sum() == pytest.approx(4 * 40 * 8 * 0.9 - 600)


def test_the_payroll_alone_makes_own_work_free_and_a_dearer_vendor_idle() -> None:
    """At 0.20 USD a frame the other vendor beats 25 USD an hour, and does not beat people who are paid anyhow."""
    cheap = {"accuracy": "97%", "contract": {"price": "0.20 USD/frame"}}
    found = {}
    for staffing in ("employed", "on-call"):
        case = _case({**PEOPLE, "staffing": staffing})
        case["vendors"]["other"] = cheap
        plan = solve(case).plan
        assert plan is not None
        found[staffing] = set(plan.lines["vendor"])
    assert found == {"employed": {"own"}, "on-call": {"other"}}


def test_it_is_the_team_written_in_short() -> None:
    """The same plan, money and staff as `team: {people, hours, shrinkage, wage}`, with another currency and rising wages."""
    rest = {"currency": "PHP", "escalation": "6 %/year"}
    team = {"people": 4, "hours": "40 h/week", "shrinkage": "10%", "wage": "1_400 PHP/h"}
    exchange = {"exchange": {"PHP": "0.0172 USD"}}
    short = solve(_case({**EMPLOYED, **rest, "contract": {"per": "hour", "price": "1_400 PHP/h"}}, **exchange)).plan
    whole = solve(_case({"team": team, **rest}, **exchange)).plan
    assert short is not None
    assert whole is not None
    assert short.lines.equals(whole.lines)
    assert short.staff.equals(whole.staff)
    assert short.spend == whole.spend


@pytest.mark.slow
def test_limits_and_repairs_name_the_keys_that_were_written() -> None:
    """What keeps a plan from being possible is the people of the vendor, and the repair sets them there."""
    case = read_case(_case(EMPLOYED, 200_000, vendors={"own": {"accuracy": "98%", **EMPLOYED}}))
    settings = [path for repair in diagnose(case).repairs for path, _ in repair.settings]
    assert any(path.startswith("vendors.own.people") for path in settings), settings
    assert not any(".team" in path for path in settings)


@pytest.mark.slow
def test_no_repair_cuts_what_may_be_a_wage() -> None:
    """Money is short: a contractor's price may give way, that of people whose staffing the case does not say does not."""
    found = {}
    for staffing in ({}, {"staffing": "on-call"}):
        own = {"accuracy": "98%", **PEOPLE, **staffing}
        repairs = diagnose(read_case(_case({}, 12_000, vendors={"own": own}, budget="2_900 USD"))).repairs
        found[len(staffing)] = {step.subject for repair in repairs for step in repair.steps}
    assert "price of own" not in found[0]
    assert "price of own" in found[1]
    assert {"budget", "demand of video"} <= found[0]


def test_the_inputs_of_the_workbook_are_what_the_case_says() -> None:
    """The wage is a figure of the contract's price, where a change of it is read back."""
    found: list[tuple[Any, ...]] = []

    def figure(one: Any, number: float) -> float:
        found.append(one.path)
        return number

    lifted(read_case(_case(EMPLOYED)), figure)
    assert ("vendors", "own", "contract", "price") in found
    assert not any("team" in path for path in found)


NOT_MEANT = {
    "parts of people": ({**EMPLOYED, "people": 3.5}, "the people of own are employed, and 3.5 are not whole people"),
    "a price per frame": (
        {**EMPLOYED, "contract": {"price": "0.20 USD/frame"}},
        "the people of own are employed, and its contract has no price of an hour",
    ),
    "a ramp": ({**EMPLOYED, "ramp": ["50%"]}, "the people of own are employed, and `ramp` stands beside it"),
    "turnover": (
        {**EMPLOYED, "turnover": "3 %/month"},
        "the people of own are employed, and `turnover` stands beside it",
    ),
    "no people": (
        {"staffing": "on-call", "capacity": "160 h/week", "contract": {"price": "25 USD/h"}},
        "vendors.own says how its people are paid, and has no people",
    ),
    "a team": (
        {"staffing": "employed", "team": {"people": 4, "hours": "40 h/week", "wage": "25 USD/h"}},
        "vendors.own has a team, and `staffing` beside it",
    ),
    "a utilisation": ({**EMPLOYED, "utilisation": "80%"}, "vendors.own has a team, and `utilisation` beside it"),
    "no hours": (
        {key: value for key, value in EMPLOYED.items() if key != "hours"},
        "the team of own does not say how many hours its people work",
    ),
}


@pytest.mark.parametrize(("own", "message"), NOT_MEANT.values(), ids=NOT_MEANT.keys())
def test_what_cannot_be_meant_is_refused(own: dict[str, Any], message: str) -> None:
    """Each mistake is found before anything is planned, with its fix."""
    with pytest.raises(CaseError) as raised:
        read_case(_case(own))
    assert message in [problem.message for problem in raised.value.problems]
    assert all(problem.fix for problem in raised.value.problems)


def test_a_lever_changes_no_teams_hours() -> None:
    """Hours of employed people follow from how many they are: a lever that takes some away is refused with that reason."""
    lever = {"fewer": {"cost": "1 USD", "effect": {"vendors": "own", "capacity": "-40 h/week"}}}
    with pytest.raises(CaseError, match="own is a team, whose hours follow from its people"):
        read_case(_case(EMPLOYED, levers=lever))
