"""Vendors paid by the hour while their people learn: hours are paid whole, and items cost more until they are at full pace."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import told_once_each

from allocate import solve
from allocate.answers import UnverifiedPlanError
from allocate.verification import exchange


def learners(**vendor: Any) -> dict[str, Any]:
    """Two people of 40 hours a week at 30 USD, 20 items an hour at full pace, at 50% and 80% of it in their first two weeks."""
    return {
        "case": "learners",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "objective": "cost",
        "products": {"scans": {"item": "image", "effort": "180 s/image", "demand": "3_680 images"}},
        "vendors": {
            "agency": {
                "people": 2, "hours": "40 h/week", "shrinkage": "0%", "ramp": ["50%", "80%"], "ramp-paid": True,
                "contract": {"price": "30 USD/h"}, **vendor,
            }
        },
        "workflows": ["single-pass"],
    }  # fmt: skip


def test_by_hand() -> None:
    """800 items in week 1, 1,280 in week 2 and 1,600 in week 3: each week's 80 hours are paid, 2,400 USD, whatever they make."""
    answer = solve(learners())
    assert answer.plan is not None
    spend = answer.plan.lines.set_index("period")["spend"].to_dict()
    assert spend == pytest.approx({1: 2_400.0, 2: 2_400.0, 3: 2_400.0})
    assert answer.plan.lines.set_index("period")["items"].to_dict() == pytest.approx({1: 800, 2: 1_280, 3: 1_600})


def test_a_ramp_that_begins_later() -> None:
    """A ramp from week 2 on is paid from there: 50% in week 2, 80% in week 3."""
    document = learners(**{"ramp-from": "week 2"})
    document["products"]["scans"]["demand"] = "2_080 images"
    answer = solve(document)
    assert answer.plan is not None
    assert answer.plan.lines.set_index("period")["spend"].to_dict() == pytest.approx({2: 2_400.0, 3: 2_400.0})


def test_both_counts_know_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verifier that takes learning for free refuses the plan."""
    real = exchange.price_factor
    monkeypatch.setattr("allocate.verification.stated.price_factor", lambda case, *key: min(real(case, *key), 1.0))
    with pytest.raises(UnverifiedPlanError):
        solve(learners())


def acme(text: str) -> list[Any]:
    """The edit that gives acme, who is paid by the hour, more keys."""
    return [("case.yaml", "    lead: 1 week\n", f"    lead: 1 week\n    {text}\n")]


test_mistakes = told_once_each(
    [
        (acme("ramp-paid: true"), "case.yaml:32:16", "no ramp says how its people learn", "add `ramp: [60%, 80%]`"),
        (acme("ramp: [0%, 50%]\n    ramp-paid: true"), "case.yaml:33:16", "with 0% in the ramp nothing is made of the hours paid", "write a share above 0%"),
        (acme("ramp: [50%]\n    ramp-from: first-work\n    ramp-paid: true"), "case.yaml:34:16", "what its hours make depends on the first work, and so would its prices", "write the date the ramp begins on, as in `ramp-from: week 3`"),
        ([*acme("ramp: [50%]\n    ramp-paid: true"), ("rates.csv", "moderation,acme,,", "moderation,acme,5 PHP/image,")], "case.yaml:33:16", "'5 PHP/image' does not rise while people learn: only prices by the hour do", "leave `ramp-paid` out, or write prices by the hour"),
    ]
)  # fmt: skip
