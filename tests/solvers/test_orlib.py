"""Transportation problems of the OR-Library as case folders: the plan costs what an independent program says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import orlib
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array

from allocate import read_case, solve
from allocate.solvers.outcome import Status

FILES = sorted(orlib.DATA.glob("cap*.txt"))


def least_cost(problem: orlib.Location) -> float:
    """The transportation problem over shares of each customer's demand, solved by scipy."""
    customers, warehouses = problem.cost.shape
    column = np.arange(customers * warehouses)
    customer, warehouse = np.divmod(column, warehouses)
    met = coo_array((np.ones(len(column)), (customer, column)))
    used = coo_array((problem.demand[customer], (warehouse, column)))
    found = linprog(
        problem.cost.ravel(), used, problem.capacity, met, np.ones(customers), bounds=(0, None), method="highs"
    )
    assert found.status == 0
    return float(found.fun)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_plan_costs_what_the_transportation_problem_does(path: Path, tmp_path: Path) -> None:
    """Without fixed costs: least cost to 1e-9, every customer served, no warehouse beyond its capacity."""
    problem = replace(orlib.read_location(path), fixed=np.empty(0))
    orlib.write_location(problem, tmp_path)
    answer = solve(read_case(tmp_path))
    assert answer.status is Status.OPTIMAL
    assert answer.plan is not None
    assert answer.objective == pytest.approx(least_cost(problem), rel=1e-9)
    np.testing.assert_allclose(answer.plan.products["items"], problem.demand, rtol=1e-9)
    assert (answer.plan.vendors["items"].to_numpy() <= problem.capacity * (1 + 1e-9)).all()


def test_the_files_are_there() -> None:
    """Nine problems of 16 warehouses and 50 customers, one of 25 and one of 50 warehouses."""
    assert sorted(orlib.read_location(path).cost.shape for path in FILES) == [(50, 16)] * 9 + [(50, 25), (50, 50)]
