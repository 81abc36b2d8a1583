"""Textbook problems on every solver at hand: objective, plan, duals and complementarity, maximised and minimised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp
import pytest

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.weak_duality import proven_bound
from allocate.program.program import Program
from allocate.solvers.highs import Highs
from allocate.solvers.outcome import Status
from allocate.solvers.solve import solve

pytestmark = pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")


@dataclass(frozen=True)
class Textbook:
    """A problem with its published answer; ``duals`` by row, ``plan`` None where it is not unique."""

    maximise: bool
    costs: list[float]
    matrix: list[list[float]]
    lower: list[float]
    upper: list[float]
    objective: float
    plan: list[float] | None
    duals: list[float]


INF = float("inf")
FREIGHT = [0.225, 0.153, 0.162, 0.225, 0.162, 0.126]
PROBLEMS = {
    # Hillier and Lieberman, Introduction to Operations Research, Wyndor Glass.
    "wyndor": Textbook(True, [3, 5], [[1, 0], [0, 2], [3, 2]], [-INF] * 3, [4, 12, 18], 36, [2, 6], [0, 1.5, 1]),
    # Winston, Operations Research, Dakota Furniture.
    "dakota": Textbook(
        True,
        [60, 30, 20],
        [[8, 6, 1], [4, 2, 1.5], [2, 1.5, 0.5], [0, 1, 0]],
        [-INF] * 4,
        [48, 20, 8, 5],
        280,
        [2, 0, 8],
        [0, 10, 10, 0],
    ),
    # Winston, Operations Research, Dorian Auto.
    "dorian": Textbook(False, [50, 100], [[7, 2], [2, 12]], [28, 24], [INF] * 2, 320, [3.6, 1.4], [5, 7.5]),
    # Dantzig's transport problem as in the GAMS model library: 2 plants, 3 markets, 90 dollars per 1000 case-miles.
    "transport": Textbook(
        False,
        FREIGHT,
        [
            [1, 1, 1, 0, 0, 0],
            [0, 0, 0, 1, 1, 1],
            [1, 0, 0, 1, 0, 0],
            [0, 1, 0, 0, 1, 0],
            [0, 0, 1, 0, 0, 1],
        ],
        [-INF, -INF, 325, 300, 275],
        [350, 600, INF, INF, INF],
        153.675,
        None,
        [0, 0, 0.225, 0.153, 0.126],
    ),
}
BOTH = pytest.mark.parametrize("solver", ["highs", "cbc"])
EACH = pytest.mark.parametrize("name", PROBLEMS)


def program_of(book: Textbook, turned: bool = False) -> Program:
    sign = -1.0 if turned else 1.0
    program = Program(maximise=book.maximise != turned)
    columns = program.add_columns("items", count=len(book.costs), cost=sign * np.array(book.costs))
    rows = program.add_rows("limit", count=len(book.matrix), lower=book.lower, upper=book.upper)
    row, column = np.nonzero(book.matrix)
    program.add_terms(rows.ids[row], columns.ids[column], np.array(book.matrix)[row, column])
    return program


@EACH
@BOTH
@pytest.mark.parametrize("turned", [False, True])
def test_objective_plan_and_duals_are_the_published_ones(name: str, solver: str, turned: bool) -> None:
    """Turning the objective around and its sense too changes the signs of objective and duals, nothing else."""
    book, sign = PROBLEMS[name], -1.0 if turned else 1.0
    outcome = solve(program_of(book, turned), solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert outcome.limit is None
    assert outcome.objective == pytest.approx(sign * book.objective)
    assert outcome.bound == pytest.approx(outcome.objective)
    if book.plan is not None:
        assert outcome.values == pytest.approx(book.plan)
    assert sign * outcome.row_duals == pytest.approx(book.duals)
    assert not outcome.duals_are_local


@EACH
@BOTH
def test_plan_and_prices_complement_each_other(name: str, solver: str) -> None:
    """Reduced costs are c - A'y, vanish on what is used, and the prices of the sides make up the objective."""
    book = PROBLEMS[name]
    outcome = solve(program_of(book), solver=solver)
    matrix = np.array(book.matrix)
    assert outcome.row_values == pytest.approx(matrix @ outcome.values)
    assert outcome.reduced_costs == pytest.approx(np.array(book.costs) - matrix.T @ outcome.row_duals)
    assert outcome.reduced_costs * outcome.values == pytest.approx(0)
    sides = np.where(np.isfinite(book.upper), book.upper, book.lower)
    assert outcome.row_duals * (sides - outcome.row_values) == pytest.approx(0)
    assert float(sides @ outcome.row_duals) == pytest.approx(book.objective)


@EACH
@pytest.mark.parametrize("turned", [False, True])
def test_sifting_gives_the_published_prices_too(name: str, turned: bool) -> None:
    """Objective, plan and duals of the method that prices columns in are those of the books."""
    book, sign = PROBLEMS[name], -1.0 if turned else 1.0
    outcome = solve(program_of(book, turned), method="sifting")
    assert (outcome.status, outcome.method) == (Status.OPTIMAL, "sifting")
    assert outcome.objective == pytest.approx(sign * book.objective)
    assert sign * outcome.row_duals == pytest.approx(book.duals)
    if book.plan is not None:
        assert outcome.values == pytest.approx(book.plan)


@EACH
def test_a_dual_is_the_change_per_unit_of_the_right_hand_side(name: str) -> None:
    """Moving a side by a little moves the objective by dual times that, which needs no sign convention to check."""
    book = PROBLEMS[name]
    base = solve(program_of(book))
    for number, (lower, upper) in enumerate(zip(book.lower, book.upper, strict=True)):
        program = program_of(book)
        step = 1e-3 if base.row_duals[number] <= 0 or not book.maximise else -1e-3
        program.set_row_bounds(number, lower=lower + step, upper=upper + step)
        moved = solve(program)
        assert (moved.objective - base.objective) / step == pytest.approx(base.row_duals[number], abs=1e-6)


@EACH
def test_the_solver_class_serves_problems_written_as_in_tutorials(name: str) -> None:
    """An ordinary LpProblem gets status, values, duals, reduced costs and slacks, rightly signed."""
    book = PROBLEMS[name]
    problem = pulp.LpProblem("textbook", pulp.LpMaximize if book.maximise else pulp.LpMinimize)
    x = [pulp.LpVariable(f"x{n}", 0) for n in range(len(book.costs))]
    problem += pulp.lpDot(book.costs, x) + 7
    for number, row in enumerate(book.matrix):
        left = pulp.lpDot(row, x)
        rule = left <= book.upper[number] if np.isfinite(book.upper[number]) else left >= book.lower[number]
        problem += rule, f"limit{number}"
    assert problem.solve(Highs()) == pulp.LpStatusOptimal
    assert problem.sol_status == pulp.LpSolutionOptimal
    assert pulp.value(problem.objective) == pytest.approx(book.objective + 7)
    rules = problem.constraints()
    assert [rule.pi for rule in rules] == pytest.approx(book.duals)
    assert [rule.pi * rule.slack for rule in rules] == pytest.approx([0] * len(rules))
    for column, variable in enumerate(x):
        charged = sum(row[column] * rule.pi for row, rule in zip(book.matrix, rules, strict=True))
        assert variable.dj == pytest.approx(book.costs[column] - charged)


@EACH
def test_published_prices_prove_the_published_optimum(name: str) -> None:
    """The published duals, and nothing else, prove by weak duality that no plan is better than the published optimum."""
    book = PROBLEMS[name]
    arrays = program_of(book).arrays()
    sense = 1 if book.maximise else -1
    bound = proven_bound(arrays, np.array(book.duals), boxes(arrays, worst=book.objective - sense))
    assert sense * (bound - book.objective) >= -1e-12 * abs(book.objective)
    assert bound == pytest.approx(book.objective, rel=1e-9)
