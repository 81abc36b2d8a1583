"""Searches that go on from one another: less room in a row, the same answers as from nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from company_cases import company_case

from allocate import formulate, read_case
from allocate.program.arrays import frozen
from allocate.solvers.kept import Kept, tightened
from allocate.solvers.solve import solve

SHARES = (1.4, 0.9, 0.7, 0.2)
"""Parts of the case's budget; the last is too little for any plan."""


def built(flags):
    """The program of a small drawn case, the row of its budget, and how much money that is."""
    program = formulate(read_case(company_case("6x4x5", flags.split(","), 12, 0.6))).program
    row = program.rows["budget"].start
    return program, row, float(program.arrays().row_upper[row])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "flags"),
    [
        ("branching", "onboard,tiers,seats"),
        ("branching", "startfee,minorder,count"),
        ("decomposition", "onboard,startfee,minorder,count"),
        ("decomposition", "onboard,startfee,count,learn"),
        ("plain", "onboard,rebate"),
    ],
)
def test_searches_that_go_on_find_what_searches_from_nothing_find(
    method: str, flags: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Budgets from the largest down: plans within the gap of those of searches of their own, no bound below either, and no plan where there is none."""
    monkeypatch.setattr("allocate.solvers.decomposition.engagement.method.LARGE", 0)
    program, row, money = built(flags)
    kept = Kept()
    for share in SHARES:
        program.set_row_bounds(row, upper=share * money)
        alone = solve(program, method=method, gap=1e-4)
        one = solve(program, method=method, gap=1e-4, kept=kept)
        assert one.status.name == alone.status.name or {one.status.name, alone.status.name} == {"OPTIMAL", "FEASIBLE"}
        if one.objective is None:
            assert share == SHARES[-1]
            continue
        size = max(1.0, abs(alone.objective))
        assert one.objective == pytest.approx(alone.objective, abs=2e-4 * size)
        assert min(one.bound, alone.bound) >= max(one.objective, alone.objective) - 1e-7 * size
    assert kept.method == method


def test_a_search_goes_on_only_with_less_room_in_the_same_program() -> None:
    """More room in a row, another cost or another size begins anew: a plan or a bound of the last program need not hold there."""
    arrays = built("onboard")[0].arrays()
    less, more = (replace(arrays, row_upper=frozen(arrays.row_upper - step)) for step in (1.0, -1.0))
    assert tightened(arrays, less)
    assert not tightened(arrays, more)
    assert not tightened(arrays, replace(less, costs=frozen(2.0 * arrays.costs)))
    kept = Kept(method="branching", plan=np.zeros(3))
    assert not kept.goes_on(arrays)
    assert (kept.method, kept.plan) == ("", None)
    kept.method = "branching"
    assert kept.goes_on(less)
    assert kept.method == "branching"
    assert len(kept.moved) == int(np.isfinite(arrays.row_upper).sum())
    assert not kept.goes_on(arrays)
