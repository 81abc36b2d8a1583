"""Transportation problems of the OR-Library as case folders: the plan costs what an independent program says."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from allocate import read_case, solve
from allocate.api import Status

FILES = sorted((Path(__file__).parent / "data" / "orlib").glob("cap*.txt"))


@dataclass(frozen=True)
class Problem:
    """A warehouse location problem without its fixed costs."""

    capacity: NDArray[np.float64]
    """By warehouse."""
    demand: NDArray[np.float64]
    """By customer."""
    cost: NDArray[np.float64]
    """Of serving all of a customer's demand (row) from a warehouse (column)."""


def read_problem(path: Path) -> Problem:
    """Read a file of the library: see the README beside the files."""
    numbers = np.array(path.read_text().replace("capacity", "").split(), dtype=float)
    warehouses, customers = int(numbers[0]), int(numbers[1])
    capacity = numbers[2 : 2 + 2 * warehouses : 2]
    table = numbers[2 + 2 * warehouses :].reshape(customers, 1 + warehouses)
    return Problem(capacity, table[:, 0], table[:, 1:])


def write_case(problem: Problem, folder: Path) -> None:
    """The problem as a case folder: a warehouse is a vendor, a customer is a product ordered exactly."""
    lines = ["case: transport", "currency: USD", "objective: cost", "horizon: {start: 2027-01-04, weeks: 1}"]
    lines += ["rates: rates.csv", "products:"]
    lines += [
        f"  c{n}: {{item: image, effort: 1 s/image, demand: {d!r} images}}"
        for n, d in enumerate(problem.demand.tolist())
    ]
    lines += ["vendors:"]
    lines += [f"  w{n}: {{capacity: {float(capacity)!r} items}}" for n, capacity in enumerate(problem.capacity)]
    (folder / "case.yaml").write_text("\n".join(lines) + "\n")
    with (folder / "rates.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["product", "vendor", "price [USD/image]"])
        for customer, (demand, costs) in enumerate(zip(problem.demand, problem.cost, strict=True)):
            writer.writerows([f"c{customer}", f"w{n}", repr(float(cost / demand))] for n, cost in enumerate(costs))


def least_cost(problem: Problem) -> float:
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_plan_costs_what_the_transportation_problem_does(path: Path, tmp_path: Path) -> None:
    """Least cost to 1e-9, every customer served, no warehouse beyond its capacity."""
    problem = read_problem(path)
    write_case(problem, tmp_path)
    answer = solve(read_case(tmp_path))
    assert answer.status is Status.OPTIMAL
    assert answer.plan is not None
    assert answer.objective == pytest.approx(least_cost(problem), rel=1e-9)
    np.testing.assert_allclose(answer.plan.products["items"], problem.demand, rtol=1e-9)
    assert (answer.plan.vendors["items"].to_numpy() <= problem.capacity * (1 + 1e-9)).all()


def test_the_files_are_there() -> None:
    """Nine problems of 16 warehouses and 50 customers."""
    assert [read_problem(path).cost.shape for path in FILES] == [(50, 16)] * 9
