"""Where a case has no rate card, a team makes every product: what names it is read, and what must be said of it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve
from allocate.errors import CaseError

Case = dict[str, Any]


def case_of(**more: Any) -> Case:
    """A hundred images of p: a vendor for 1 USD each, or a team of two that is paid 80 USD in all and has four hours, 400 images."""
    return {
        "case": "teams",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "workflows": {"plain": {}},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "100 images", **more.pop("p", {})}},
        "vendors": {
            "v": {"contract": {"price": "1 USD/image"}},
            "t": {"team": {"people": 2, "hours": "1 h/week", "wage": "20 USD/h", "shrinkage": "0%"}},
        },
        **more,
    }


@pytest.mark.parametrize(
    ("more", "cost"),
    [
        ({"rules": [{"name": "r", "fix": {"product": "p", "vendor": "t", "items": "10 images"}}]}, 170.0),
        ({"rules": [{"name": "r", "count": {"products": "each", "at-least": 2}}]}, 85.0),
        ({"rules": [{"name": "r", "only": {"products": ["p"], "vendors": ["t"]}}]}, 80.0),
        ({"levers": {"l": {"cost": "1 USD", "effect": {"vendors": ["t"], "hours": "-20%"}}}}, 80.0),
        ({"p": {"incumbent": {"vendor": "t", "switching": "5 USD"}}}, 80.0),
    ],
    ids=["fix", "count", "only", "lever", "incumbent"],
)
def test_a_team_can_be_named_like_a_vendor_with_a_price(more: Case, cost: float) -> None:
    """What is said about the team's work is planned; a rate card that lists the same pairs changes nothing."""
    written = case_of(**more)
    for case in (written, {**written, "rates": [{"product": "p", "vendor": name} for name in "vt"]}):
        answer = solve(read_case(case))
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(cost)


def test_a_quality_has_to_be_stated_of_a_team_too() -> None:
    """A team of which a quality is not stated is told with the line to write, as any vendor is."""
    with pytest.raises(CaseError) as told:
        read_case(case_of(p={"qualities": {"faint": {"at-most": "3%", "vendors": {"v": "1%"}}}}))
    assert [problem.message for problem in told.value.problems] == ["the faint of what t makes of p is not stated"]
