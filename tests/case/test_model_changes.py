"""Figures of the cost model: spreads in it, and a case that changes some of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocate import solve
from allocate.case.load import read_case, revised
from allocate.errors import CaseError
from allocate.odds.drawing import draw
from allocate.odds.scenarios import scenario_case

CASE: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "products": {"photos": {"task": "image.bounding-box", "drivers": {"box": "5/image"}, "demand": "3_600 images"}},
    "vendors": {"acme": {"contract": {"price": "20 USD/h"}, "productivity": "100%"}},
}
BASE = "tasks.image.bounding-box.base"
PATH = f'model-changes."{BASE}"'


def spend(source: Any) -> float:
    """What the least plan of a case costs."""
    plan = solve(source).plan
    assert plan is not None
    return float(plan.spend)


@pytest.mark.slow
def test_a_case_changes_a_figure_of_its_model() -> None:
    """One second more of base time is an hour more for 3,600 images, in a setting, the case and a case laid over it alike."""
    before = read_case(CASE)
    longer = before.model.tasks["image.bounding-box"].base.number * 3600 + 1
    changed = {BASE: f"{longer:.4f} s/image"}
    at_all = [
        read_case(CASE, settings={PATH: changed[BASE]}),
        read_case({**CASE, "model-changes": changed}),
        revised(before, {PATH: changed[BASE]}),
    ]
    assert [spend(one) for one in at_all] == pytest.approx([spend(before) + 20.0] * 3)
    assert spend(revised(at_all[0], {"vendors.acme.contract.price": "40 USD/h"})) == pytest.approx(2 * spend(at_all[0]))


def test_a_spread_in_a_cost_model_is_drawn(tmp_path: Path) -> None:
    """A model file of one's own has ranges too: plans count P50, scenarios set the figure in the case."""
    (tmp_path / "own.yaml").write_text(
        "model: own\nextends: annotation\ntasks: {image.bounding-box: {item: image, base: 1 s/image .. 2 s/image .. 6 s/image}}\n",
        encoding="utf-8",
    )
    (tmp_path / "case.yaml").write_text(
        "case: c\nmodel: ./own.yaml\ncurrency: USD\nobjective: cost\nhorizon: {start: 2027-01-04, weeks: 4}\n"
        "products: {photos: {task: image.bounding-box, drivers: {box: 5/image}, demand: 3_600 images}}\n"
        "vendors: {acme: {contract: {price: 20 USD/h}}}\n"
        f"uncertain: {{known: [{{of: '{PATH}', from: week 2}}]}}\n",
        encoding="utf-8",
    )
    case = read_case(tmp_path)
    assert (case.spreads.amounts[PATH].low, case.spreads.amounts[PATH].high) == (1, 6)
    assert str(case.spreads.amounts[PATH].place) == "own.yaml:3:49"
    assert case.model.tasks["image.bounding-box"].base.text == "2 s/image"
    drawn = draw(case, 16)
    there = scenario_case(case, drawn, 5)
    assert there.model.tasks["image.bounding-box"].base.number * 3600 == pytest.approx(drawn.amounts[PATH][5])
    assert not there.spreads


@pytest.mark.parametrize(
    ("changes", "message", "fix"),
    [
        ({"task.image.bounding-box.base": "2 s/image"}, "the cost model has no 'task'", "did you mean 'tasks'?"),
        (
            {BASE: "2 s/imge"},
            "tasks.\"image.bounding-box\".base does not know the unit 'imge', did you mean 'image'?",
            "write `2 s/image`",
        ),
        ({BASE: "2 s/image ±120%"}, 'tasks."image.bounding-box".base reaches down to zero or below (±120%)', None),
    ],
)
def test_changes_that_cannot_be_are_told(changes: dict[str, str], message: str, fix: str | None) -> None:
    """A key the model does not have, a unit misspelt, a spread below zero: each once, with what to write."""
    with pytest.raises(CaseError) as raised:
        read_case({**CASE, "model-changes": changes})
    (problem,) = raised.value.problems
    assert problem.message == message
    assert fix is None or problem.fix == fix
