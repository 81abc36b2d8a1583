"""Whole numbers held: over a growing part of the columns the same plan as over all of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from allocate import formulate, read_case
from allocate.numerals import plainly
from allocate.program.arrays import Floats, ProgramArrays, frozen, maximised
from allocate.program.program import Program
from allocate.solvers.decomposition import restricted_lp
from allocate.solvers.decomposition.restricted_lp import Rest
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Status
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch

VENDORS, WEEKS = 4, 6


@pytest.fixture(scope="module")
def program() -> Program:
    """Three products in six weeks; what a vendor may make takes a start fee, and least cost leaves most columns out."""
    random = np.random.default_rng(5)
    vendors = [f"v{n}" for n in range(VENDORS)]
    rates = [
        {
            "product": f"p{p}",
            "vendor": vendor,
            "price": f"{plainly(format(random.uniform(1, 3), '.3f'))} USD/image",
            "start-fee": f"{random.integers(5, 60)} USD",
        }
        for p in range(3)
        for vendor in vendors
    ]
    case: dict[str, Any] = {
        "case": "rest",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": WEEKS},
        "workflows": {"plain": {}},
        "products": {
            f"p{p}": {"item": "image", "effort": "36 s/image", "demand": {"exactly": "100 images"}} for p in range(3)
        },
        "vendors": {vendor: {"capacity": "25 images/week"} for vendor in vendors},
        "rates": rates,
    }
    return formulate(read_case(case)).program


def held(arrays: ProgramArrays, whole: Floats) -> ProgramArrays:
    """The linear program with whole numbers fixed."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[arrays.integer] = upper[arrays.integer] = whole
    return replace(arrays.relaxed(), lower=frozen(lower), upper=frozen(upper))


def test_any_whole_numbers_have_the_plan_of_the_whole_program(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One choice of vendors after the other, drawn at random: equal optima and duals, and none where there is none."""
    monkeypatch.setattr(restricted_lp, "LARGE", 0)
    arrays, random, ends = maximised(program.arrays()), np.random.default_rng(1), set()
    rest = Rest(arrays, program.structure(), Watch(), Clock(None))
    relaxed = solve_arrays(arrays.relaxed())
    assert rest.relaxed().objective == pytest.approx(relaxed.objective, rel=1e-9)
    for _ in range(30):
        whole = (random.random(len(rest.ids)) < 0.4).astype(float)
        alone = solve_arrays(held(arrays, whole))
        found = rest.best(whole, Clock(None))
        ends.add(alone.status)
        if found is None:
            assert alone.status is Status.INFEASIBLE
            continue
        assert found.objective == pytest.approx(alone.objective, rel=1e-9)
        assert found.values is not None
        assert found.row_duals is not None
        assert np.array_equal(found.values[rest.ids], whole)
        free = ~arrays.integer
        gain = (arrays.costs - arrays.priced(found.row_duals))[free]
        assert (gain <= 1e-6).all()
        assert np.abs(gain[found.values[free] > 1e-9]).max(initial=0.0) <= 1e-6
    assert ends == {Status.OPTIMAL, Status.INFEASIBLE}


def test_what_a_smaller_program_has_for_whole_numbers_is_a_start_like_any_other(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weeks merged: the guess lies near the relaxation, and choices have the plan of the whole program, or none yet."""
    monkeypatch.setattr(restricted_lp, "LARGE", 0)
    arrays, random, found_some = maximised(program.arrays()), np.random.default_rng(2), False
    rest = Rest(arrays, program.structure(), Watch(), Clock(None))
    assert rest.guess is not None
    assert arrays.objective(rest.guess) == pytest.approx(solve_arrays(arrays.relaxed()).objective, rel=1e-6)
    for _ in range(20):
        whole = (random.random(len(rest.ids)) < 0.6).astype(float)
        alone, found = solve_arrays(held(arrays, whole)), rest.soon(whole, Clock(None))
        if found is not None:
            assert found.objective == pytest.approx(alone.objective, rel=1e-9)
            found_some = True
    assert found_some


def test_columns_come_in_only_where_they_are_asked_for(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the columns a choice needs it has no plan; asked thoroughly, it has that of the whole program or less."""
    monkeypatch.setattr(restricted_lp, "LARGE", 0)
    arrays = maximised(program.arrays())
    dear = np.ones(int(arrays.integer.sum()))
    dear[::2] = 0.0
    rest = Rest(arrays, program.structure(), Watch(), Clock(None))
    rest.relaxed()
    alone = solve_arrays(held(arrays, dear))
    values = rest.rough(dear, thorough=True)
    assert values is not None
    assert alone.objective is not None
    assert arrays.objective(values) <= alone.objective + 1e-6
    rest.enter(np.ones(arrays.column_count, dtype=bool))
    everything = rest.rough(dear)
    assert everything is not None
    assert arrays.objective(everything) == pytest.approx(alone.objective, rel=1e-9)
