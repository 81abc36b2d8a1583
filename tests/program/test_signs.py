"""Duals are kept only when they prove the plan, in one sign whoever computed them."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.program.program import Program
from allocate.program.signs import signed_duals


@pytest.fixture
def wyndor() -> Program:
    """Hillier and Lieberman's Wyndor Glass: 36 at (2, 6), duals 0, 1.5 and 1."""
    program = Program()
    batches = program.add_columns("batches", {"product": [0, 1]}, cost=[3, 5])
    plants = program.add_rows("plant", count=3, upper=[4, 12, 18])
    program.add_terms(plants.ids[[0, 1, 2, 2]], batches.ids[[0, 1, 0, 1]], [1, 2, 3, 2])
    return program


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_either_sign_comes_back_as_ours(wyndor: Program, sign: float) -> None:
    """Duals of the opposite convention are turned around."""
    certain = signed_duals(wyndor.arrays(), np.array([2.0, 6]), sign * np.array([0, 1.5, 1]))
    assert certain is not None
    assert certain[0].tolist() == [0, 1.5, 1]
    assert certain[1].tolist() == [0, 0]


@pytest.mark.parametrize(("values", "duals"), [((2, 6), (0, 1.4, 1)), ((4, 3), (0, 1.5, 1)), ((2, 6), (0, np.nan, 1))])
def test_numbers_that_prove_nothing_are_dropped(wyndor: Program, values: tuple, duals: tuple) -> None:
    """Wrong prices, a plan that is not the optimum, and missing numbers give None."""
    assert signed_duals(wyndor.arrays(), np.array(values, float), np.array(duals, float)) is None
