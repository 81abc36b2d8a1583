"""How likely further qualities of what is delivered are kept, against draws of single items made apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import read_case, solve
from allocate.odds.hedged_plan import Drawing
from allocate.odds.hedging import hedge
from allocate.odds.odds import plan_odds


def case_of(quality: dict[str, Any], workflows: dict[str, Any] | None = None) -> dict[str, Any]:
    """100 images by v (1 USD) or w (1.2 USD), which are good in one way beside accuracy."""
    return {
        "case": "qualities",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            "p": {"item": "image", "effort": "36 s/image", "demand": "100 images", "qualities": {"outline": quality}}
        },
        "vendors": {
            "v": {"accuracy": "90%", "contract": {"price": "1 USD/image"}},
            "w": {"accuracy": "90%", "contract": {"price": "1.2 USD/image"}},
        },
        "workflows": workflows or {"plain": {}},
        "review-team": {"wage": "1 USD/h"},
    }


def kept_of(right: int, of: int, limit: float, left: float = 1.0) -> float:
    """The chance that 100 images have a share of good ones of at least a limit, of one million draws; left: of faults, after checks."""
    draw = np.random.default_rng(7)
    share = 1.0 - (1.0 - draw.beta(right + 0.5, of - right + 0.5, 1_000_000)) * left
    good = draw.binomial(100, share)
    # The sum is taken for a normal one: what is exactly at the limit lies on both sides of it.
    return float((good > 100 * limit + 1e-9).mean() + 0.5 * (np.abs(good - 100 * limit) < 1e-9).mean())


CHECKED = {"checked": {"review": {"share": "50%", "time": "1 s/image", "catch": "0%", "accuracy": "100%"}}}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("quality", "workflows", "chances"),
    [
        ({"at-least": "94%", "vendors": {"v": "190 of 200", "w": "10%"}}, None, (190, 200, 0.94)),
        ({"at-most": "6%", "vendors": {"v": "10 of 200", "w": "90%"}}, None, (190, 200, 0.94)),
        (
            {"at-least": "92%", "of": "each-vendor", "catch": "60%", "vendors": {"v": "182 of 200", "w": "10%"}},
            CHECKED,
            (182, 200, 0.92, 0.7),
        ),
    ],
    ids=["of something good", "of a fault", "of each vendor, checked"],
)
def test_odds_of_a_further_quality(quality: dict[str, Any], workflows: Any, chances: tuple[Any, ...]) -> None:
    """Its spread and luck with single items are both in it."""
    found = plan_odds(read_case(case_of(quality, workflows)), scenarios=2048)
    by = {one.promise.name: one for one in found.limits}
    name = "outline of p by v" if "of" in quality else "outline of p"
    assert by[name].promise.kind == "quality"
    assert by[name].kept.value == pytest.approx(kept_of(*chances), abs=0.03)
    assert "luck with outline of p" in found.table


@pytest.mark.slow
def test_a_hedge_buys_what_keeps_a_further_quality() -> None:
    """At odds of three in four some goes to the dearer and better vendor; the plan as it stands keeps the quality every other time."""
    quality = {"at-least": "94%", "vendors": {"v": "190 of 200", "w": "995 of 1000"}}
    case = read_case(case_of(quality))
    plain = solve(case)
    assert plain.plan is not None
    assert plain.plan.spend == pytest.approx(100.0)
    found = hedge(case, 0.75, ["outline of p"], Drawing(scenarios=64, fresh=512))
    assert 100.5 < found.with_it.plan.spend < 120.0
    assert found.without.odds.value < 0.65
    assert found.with_it.odds.value > 0.75
