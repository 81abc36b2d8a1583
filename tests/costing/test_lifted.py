"""A case whose figures are cells: costing writes formulas that hold when the cells change."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from formula_values import evaluated
from workbook_cases import CLAUSES, FULL

from allocate import read_case
from allocate.costing.lifted import Input, lifted
from allocate.costing.routes import TRACED, routes, traced
from allocate.formula import Formula
from allocate.numbers import by_value

CASES = Path(__file__).resolve().parents[2] / "cases"
KINDS = {"portfolio": CASES / "portfolio", "contracts": CASES / "contracts", "clauses": CLAUSES, "full": FULL}


def changed(one: Hashable, value: float) -> float:
    """An input a little off, each by something of its own."""
    assert isinstance(one, Input)
    if one.path[-1] in ("size", "sample", "accept"):
        return int(value) + 1
    share = sum(map(ord, f"{one.path}")) % 7 / 200.0
    return value * (1.0 - share) if one.unit == "%" else value * (1.0 + share)


def of_inputs(formula: Any, figures: dict[Hashable, float]) -> float:
    return evaluated(formula, figures) if isinstance(formula, Formula) else float(formula)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(KINDS))
def test_formulas_of_routes_are_the_librarys_figures(name: str) -> None:
    """Of every route hours, accuracy, prices, fees and bonus are what the numbers come to, now and with all inputs changed."""
    case = read_case(KINDS[name])
    figures: dict[Hashable, float] = {}

    def other(one: Hashable, value: float) -> float:
        figures[one] = changed(one, value)
        return figures[one]

    now, then = routes(case), routes(lifted(case, other))
    formulas = traced(lifted(case), now, range(now.count))
    moved = 0
    for column in TRACED:
        written, before, after = getattr(formulas, column), getattr(now, column), getattr(then, column)
        np.testing.assert_allclose(by_value(written).astype(float), before, rtol=1e-12, atol=1e-12, err_msg=column)
        found = np.vectorize(lambda one: of_inputs(one, figures), otypes=[float])(written)
        np.testing.assert_allclose(found, after, rtol=1e-9, atol=1e-12, err_msg=column)
        moved += not np.array_equal(before, after)
    assert moved >= 4
