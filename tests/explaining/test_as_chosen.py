"""Prices at which work moves, looked for first with the plan's whole-number choices: the same, in fewer searches."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve
from allocate.api.explaining import explain
from allocate.explaining.thresholds import Priced
from allocate.solvers.live import Live

CASE: dict[str, Any] = {
    "case": "hiring",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "products": {
        "p": {"item": "image", "effort": "36 s/image", "demand": "30_000 images"},
        "q": {"item": "image", "effort": "90 s/image", "demand": "6_000 images"},
    },
    "vendors": {
        "crew": {
            "accuracy": "100%",
            "team": {"people": 2, "hours": "40 h/week", "wage": "25 USD/h", "hire": {"cost": "900 USD", "at-most": 3}},
        },
        "near": {"accuracy": "100%", "capacity": "90 h/week", "contract": {"price": "22 USD/h"}},
        "far": {"accuracy": "100%", "contract": {"price": "31 USD/h"}},
    },
    "workflows": ["single-pass"],
}
"""Two people are on the payroll and more may be hired; two vendors are paid by the hour."""


@pytest.mark.slow
def test_the_same_prices_with_fewer_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every price at which a vendor gains or loses work is found without the first look too, by more integer searches."""
    case, searches = read_case(CASE), [0]
    answer = solve(case)
    instead = Live.instead

    def counted(self: Live, *about: Any) -> Any:
        searches[0] += self.mixed
        return instead(self, *about)

    monkeypatch.setattr(Live, "instead", counted)
    quick, first = explain(case, answer=answer), searches[0]
    monkeypatch.setattr(Priced, "as_chosen", None)
    slow = explain(case, answer=answer)
    assert quick is not None
    assert slow is not None
    assert 0 < first < searches[0] - first
    for one, other in zip(quick.offers, slow.offers, strict=True):
        for part in ("enters", "loses_some", "loses_all"):
            mine, theirs = getattr(one, part), getattr(other, part)
            assert (mine is None) == (theirs is None), (one.vendor, part)
            if mine is not None:
                assert mine.state == theirs.state, (one.vendor, part)
                assert mine.factor == pytest.approx(theirs.factor, rel=2e-3), (one.vendor, part)


@pytest.mark.slow
def test_it_says_what_it_looks_into() -> None:
    """Who waits is told which limit, and which vendor of how many, is looked into."""
    told: list[str] = []
    explain(read_case(CASE), tell=told.append)
    assert [one for one in told if one.startswith("prices")][-1] == "prices at which vendors gain or lose work, 3 of 3"
    assert told[0].startswith("what limits cost, 1 of ")
