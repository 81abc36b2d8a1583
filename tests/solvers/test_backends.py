"""Back ends of PuLP are believed only as far as arithmetic goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pulp
import pytest

from allocate.program.program import Program
from allocate.solvers import backends
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.solve import Goal, solve

pytestmark = pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")


class Claims(pulp.LpSolver):
    """A back end that says and writes what a test tells it to, one entry per solve."""

    name = "claims"

    def __init__(self, *claims: tuple[int, int, list[float] | None]) -> None:
        super().__init__()
        self.claims = list(claims)

    def actualSolve(self, lp: Any, **_: Any) -> int:
        """Write the next claim."""
        status, solution, values = self.claims.pop(0)
        for variable, value in zip(lp.variables(), values or [], strict=False):
            variable.varValue = value
        lp.assignStatus(status, solution)
        return status


OPTIMAL = (pulp.LpStatusOptimal, pulp.LpSolutionOptimal)
LIMITED = (pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible)
INFEASIBLE = (pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible)


def program(integer: bool = False) -> Program:
    # Of the size 1, so that the back end is given these numbers as they are.
    made = Program()
    made.add_columns("items", count=2, cost=[1, 1], upper=[1, 1], integer=integer)
    made.add_rows("total", upper=1.25)
    made.add_terms(0, [0, 1], 1.0)
    return made


def claimed(monkeypatch: pytest.MonkeyPatch, *claims: tuple, **options: Any) -> Any:
    solver = Claims(*claims)
    monkeypatch.setattr(backends, "back_end", lambda *_: solver)
    return solve(program(options.pop("integer", False)), solver="claims", **options)


def test_an_optimum_that_breaks_a_row_is_no_plan(monkeypatch) -> None:
    """A claimed optimum is checked against bounds and rows before it is called anything."""
    outcome = claimed(monkeypatch, (*OPTIMAL, [1, 1]))
    assert outcome.status is Status.STOPPED
    assert outcome.values is None
    assert "breaks a row" in outcome.message


def test_whole_numbers_are_checked_too(monkeypatch) -> None:
    """Half a unit is not a plan of an integer program."""
    assert claimed(monkeypatch, (*OPTIMAL, [0.5, 0.5]), integer=True).status is Status.STOPPED


def test_an_optimum_without_duals_is_taken_as_claimed(monkeypatch) -> None:
    """A feasible plan claimed optimal counts, without duals where the back end gave none."""
    outcome = claimed(monkeypatch, (*OPTIMAL, [1, 0.25]))
    assert (outcome.status, outcome.objective, outcome.row_duals) == (Status.OPTIMAL, 1.25, None)


def test_a_plan_at_a_limit_is_feasible_only(monkeypatch) -> None:
    """PuLP's Optimal after a limit is a feasible plan."""
    outcome = claimed(monkeypatch, (*LIMITED, [1, 0]), time_limit=9.0)
    assert (outcome.status, outcome.limit, outcome.bound) == (Status.FEASIBLE, Limit.TIME, None)


def test_missing_values_are_no_plan(monkeypatch) -> None:
    """An optimum with values left out is stopped."""
    assert claimed(monkeypatch, (*OPTIMAL, [1.0])).status is Status.STOPPED


@pytest.mark.parametrize(
    ("second", "status"),
    [
        ((*OPTIMAL, [0, 0]), Status.UNBOUNDED),
        ((*INFEASIBLE, None), Status.OPTIMAL),
        ((pulp.LpStatusNotSolved, 0, None), Status.STOPPED),
    ],
)
def test_infeasible_is_asked_for_alone(monkeypatch, second: tuple, status: Status) -> None:
    """Back ends call unbounded programs infeasible; a second solve without objective tells which it is.

    Where that one says so too, and is wrong, HiGHS finds the plan there is.
    """
    assert claimed(monkeypatch, (*INFEASIBLE, None), second).status is status


def test_an_error_of_the_back_end_is_an_outcome(monkeypatch) -> None:
    """A back end that fails has stopped, with what it said."""

    class Fails(Claims):
        def actualSolve(self, lp: Any, **_: Any) -> int:
            raise pulp.PulpSolverError("out of licences")

    monkeypatch.setattr(backends, "back_end", lambda *_: Fails())
    outcome = solve(program(), solver="fails")
    assert (outcome.status, outcome.limit) == (Status.STOPPED, Limit.OTHER)
    assert "out of licences" in outcome.message


def test_a_gap_is_not_called_optimal() -> None:
    """CBC says Optimal within the gap it was given; the bound is then the gap away."""
    outcome = solve(program(integer=True), solver="cbc", gap=0.5)
    assert (outcome.status, outcome.limit) == (Status.FEASIBLE, Limit.GAP)
    assert outcome.bound == pytest.approx(1.5 * outcome.objective)
    assert outcome.gap == pytest.approx(0.5)


def test_goals_keep_earlier_ones_in_place() -> None:
    """On a linear program the fence costs the earlier objective nothing that can be seen."""
    outcome = solve(program(), solver="cbc", then=[Goal("little of the first", np.array([1.0, 0]), False)])
    assert outcome.values == pytest.approx([0.25, 1], abs=1e-6)
    assert len(outcome.stages[1].row_duals) == 1
