"""Spreads that stand in a cost model, and those of value curves: the arrays of the odds count them as `evaluate` does."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import solve
from allocate.case.load import read_case
from allocate.odds.drawing import draw
from allocate.odds.drawn import drawn_of
from allocate.odds.outcomes import held_plan, outcomes
from allocate.odds.scenarios import scenario_case
from tests.odds_evaluated import differences

POINTS = [{"labels": n, "score": s} for n, s in ((500, 60.0), (1000, 68.0), (2000, 74.0), (4000, 78.5))]
CURVE = {"points": POINTS, "fit": "fan", "quantile": "10% .. 50% .. 90%"}
CASE: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "model-changes": {"tasks.image.bounding-box.base": "3 s/image .. 6 s/image .. 15 s/image"},
    "products": {
        "photos": {
            "task": "image.bounding-box",
            "drivers": {"box": "5/image"},
            "demand": {"at-most": "9_000 images"},
            "value": {"curve": CURVE, "worth": "1k USD/point", "existing": "4_000 images"},
        }
    },
    "vendors": {"acme": {"contract": {"price": "20 USD/h"}, "accuracy": "96%"}},
}


@pytest.mark.slow
def test_arrays_count_spreads_of_models_and_curves_as_evaluate_does() -> None:
    """Money and value of each scenario are those of the lines done in it, in the case of that scenario, to 1e-9."""
    case = read_case(CASE)
    draws = draw(case, 16)
    assert len(draws.amounts) == 2
    answer = solve(case)
    assert answer.plan is not None
    drawn = drawn_of(case, draws)
    found = outcomes(held_plan(answer.routes, answer.plan, drawn), drawn)
    assert found.track.spend.std() > 0.0
    assert found.track.value.std() > 0.0
    assert max(differences(found, scenario_case(case, draws, s), s) for s in range(0, 16, 3)) <= 1e-9
