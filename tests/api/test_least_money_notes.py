"""Plans with whole numbers whose goals count no money: a note says among which plans the least money was sought, and what seeks it among all."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve

FEW = {"curve": [{"labels": 0, "score": 0}, {"labels": 100, "score": 50}], "worth": "10 USD/point"}
PRODUCT = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "1_000 images"}, "value": FEW}
HIRED = {"contract": {"price": "0.5 USD/image", "fees": {"onboarding": "20 USD"}}}
IN_LOTS = {"contract": {"price": "0.6 USD/image", "order-multiple": "40 images"}}


def answered(objective: Any, **vendors: Any) -> Any:
    """Two products whose curves end at 100 labels, and money enough for far more."""
    return solve(
        read_case(
            {
                "case": "enough",
                "currency": "USD",
                "objective": objective,
                "budget": "500 USD",
                "horizon": {"start": "2027-01-04", "weeks": 4},
                "workflows": {"plain": {}},
                "products": {"p": PRODUCT, "q": PRODUCT},
                "vendors": vendors or {"a": HIRED, "b": IN_LOTS},
            }
        )
    )


@pytest.mark.parametrize("goals", ["value", ["value", "accuracy"]])
def test_the_note_names_an_objective_with_which_less_is_spent(goals: Any) -> None:
    """The named objective reaches as much value, spends no more, and has no such note."""
    alone = answered(goals)
    (note,) = [one for one in alone.notes if "no goal counts money" in one]
    named = note.rsplit("`", 2)[1].removeprefix("objective: [").removesuffix("]").split(", ")
    least = answered(named)
    assert not [one for one in least.notes if "no goal counts money" in one]
    assert least.objective == pytest.approx(alone.objective)
    assert least.plan.spend == pytest.approx(2 * 0.5 * 100 / (1.0 - 0.033) + 20.0, rel=1e-2)
    assert least.plan.spend <= alone.plan.spend + 1e-6


def test_a_linear_program_and_goals_of_money_need_no_note() -> None:
    """Without whole numbers the least money is found among all plans; net value counts it anyway."""
    linear = answered("value", a={"contract": {"price": "0.5 USD/image"}})
    for one in (linear, answered("net-value"), answered("cost")):
        assert not [note for note in one.notes if "no goal counts money" in note]
