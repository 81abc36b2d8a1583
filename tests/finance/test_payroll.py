"""People paid by the hour: what the same people would cost on a payroll stands in a note."""

from __future__ import annotations

from typing import Any

import pytest

from allocate.api.solving import solve
from allocate.case.load import read_case


def _notes(vendor: dict[str, Any], items: int = 1_000) -> list[str]:
    """Notes on a plan of eight weeks with one vendor."""
    case = read_case(
        {
            "case": "payroll",
            "currency": "USD",
            "horizon": {"start": "2027-01-04", "weeks": 8},
            "objective": "cost",
            "products": {"p": {"item": "image", "effort": "36 s/image", "demand": f"{items} images"}},
            "vendors": {"own": {"accuracy": "98%", **vendor}},
        }
    )
    return [note for note in solve(case).notes if "payroll" in note]


def test_idle_people_are_named_with_what_a_payroll_would_come_to() -> None:
    """Four people of 40 h a week at 32 USD/h over eight weeks: 1,280 h, 40,960 USD on a payroll, where 10 h are worked."""
    vendor = {"people": 4, "hours": "40 h/week", "contract": {"price": "32 USD/h"}}
    assert _notes(vendor) == [
        "own is paid for the 10.0 h it works; on a payroll, its 4 people would be paid for 1,280.0 h, 40,960.00 USD at the "
        "same price. Write `staffing: employed` where they are on a payroll, `staffing: on-call` where they are not"
    ]


@pytest.mark.slow
def test_nothing_is_said_where_nobody_is_idle_or_not_paid_by_the_hour() -> None:
    """People who are busy all the time, a price per item, a capacity without people, a team, staffing stated: no such note."""
    people = {"people": 4, "hours": "40 h/week"}
    for staffing in ("on-call", "employed"):
        assert _notes({**people, "staffing": staffing, "contract": {"price": "32 USD/h"}}) == []
    assert _notes({**people, "contract": {"price": "32 USD/h"}}, 128_000) == []
    assert _notes({**people, "contract": {"price": "0.30 USD/image"}}) == []
    assert _notes({"capacity": "160 h/week", "contract": {"price": "32 USD/h"}}) == []
    assert _notes({"team": {"people": 4, "hours": "40 h/week", "wage": "32 USD/h"}}) == []
