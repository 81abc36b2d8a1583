"""Whole numbers that cost something and that nothing needs are taken out of a plan of a search that ended early."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocate.api.solving import formulate
from allocate.case.load import read_case
from allocate.program.arrays import ProgramArrays
from allocate.solvers.outcome import Outcome, Status, violation
from allocate.solvers.solve import solve
from allocate.solvers.waste import tidied, without_waste

FEES: dict[str, Any] = {
    "case": "fees", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 2}, "objective": "cost",
    "products": {name: {"item": "image", "effort": "30 s/image", "demand": "500 images"} for name in ("p", "q")},
    "vendors": {
        name: {"capacity": "40 h/week", "contract": {"price": price, "fees": {"onboarding": "200 USD", "product-start": "50 USD"}}}
        for name, price in (("a", "0.20 USD/image"), ("b", "0.21 USD/image"), ("c", "0.30 USD/image"))
    },
    "workflows": ["single-pass"],
}  # fmt: skip


def _solved(tmp_path: Path) -> tuple[ProgramArrays, Outcome, Any]:
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(FEES), encoding="utf-8")
    built = formulate(read_case(path))
    return built.program.arrays(), solve(built.program), built.program.structure()


def test_a_start_without_work_is_dropped(tmp_path: Path) -> None:
    """The optimum with fees that nothing needs on top, as an early end may leave it: it becomes the optimum again."""
    arrays, best, structure = _solved(tmp_path)
    assert best.values is not None
    assert best.objective is not None
    assert tidied(arrays, best.values) is None
    wasteful = best.values.copy()
    for family in ("starts", "used"):
        block = structure.columns.blocks[family]
        wasteful[block.start : block.stop] = 1.0
    assert violation(arrays, wasteful) < 1e-9
    early = replace(best, status=Status.FEASIBLE, values=wasteful, objective=arrays.objective(wasteful), stages=())
    found = without_waste(arrays, early)
    assert early.objective is not None
    assert early.objective > best.objective + 100.0
    assert found.objective == pytest.approx(best.objective)
    assert found.values is not None
    assert np.array_equal(found.values, best.values)
    assert violation(arrays, found.values) < 1e-9


def test_what_is_needed_stays(tmp_path: Path) -> None:
    """Drawn points that keep every row: what is left keeps every row, no whole number rises, and none can fall by itself."""
    arrays, best, structure = _solved(tmp_path)
    assert best.values is not None
    chance = np.random.default_rng(3)
    for _ in range(50):
        point = best.values.copy()
        for family in ("starts", "used"):
            block = structure.columns.blocks[family]
            extra = chance.random(block.stop - block.start) < 0.5
            point[block.start : block.stop] = np.maximum(point[block.start : block.stop], extra)
        if violation(arrays, point) > 1e-9:
            continue
        left = tidied(arrays, point)
        left = point if left is None else left
        assert violation(arrays, left) < 1e-9
        assert (left <= point + 1e-12).all()
        for column in np.flatnonzero(arrays.integer & (left > 0.5) & (arrays.costs > 0)).tolist():
            less = left.copy()
            less[column] -= 1.0
            assert violation(arrays, less) > 1e-9


def test_an_optimum_and_ordered_goals_are_left_alone(tmp_path: Path) -> None:
    """A proven plan is what it is; where goals follow one another, a later one may have chosen it so."""
    arrays, best, _ = _solved(tmp_path)
    assert without_waste(arrays, best) is best
