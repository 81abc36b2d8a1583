"""A program of arrays that is a PuLP problem at the same time."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pulp
import pytest

from allocate.program.program import Program
from allocate.solvers.highs import Highs

pytestmark = pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")


@pytest.fixture
def program() -> Program:
    """Wyndor Glass as columns and rows: 36 at (2, 6)."""
    made = Program()
    batches = made.add_columns("batches", {"product": [0, 1]}, cost=[3, 5])
    plants = made.add_rows("plant", {"vendor": [0, 1, 2]}, upper=[4, 12, 18])
    made.add_terms(plants.ids[[0, 1, 2, 2]], batches.ids[[0, 1, 0, 1]], [1, 2, 3, 2])
    return made


def cbc() -> pulp.LpSolver:
    return pulp.PULP_CBC_CMD(msg=False)


SOLVERS = pytest.mark.parametrize("solver", [Highs, cbc], ids=["highs", "cbc"])


def optimum(program: Program) -> float:
    assert program.solve(Highs()) == pulp.LpStatusOptimal
    return float(pulp.value(program.objective))


def test_bounds_of_no_row_may_be_given_as_no_bounds(program: Program) -> None:
    """An empty choice of rows with as many sides changes nothing, and is no mistake."""
    before = program.arrays()
    program.set_row_bounds(np.empty(0, dtype=int), np.empty(0), np.empty(0))
    assert program.arrays().row_upper.tolist() == before.row_upper.tolist()


def test_blocks_number_columns_and_rows_by_family(program: Program) -> None:
    """Each family takes the next numbers; arrays hold bounds, costs and coefficients in that order."""
    more = program.add_columns("hours", count=3, upper=[1, 2, 3], integer=[True, False, True])
    assert (more.start, more.stop, more.ids.tolist()) == (2, 5, [2, 3, 4])
    arrays = program.arrays()
    assert arrays.upper.tolist() == [np.inf, np.inf, 1, 2, 3]
    assert arrays.integer.tolist() == [False, False, True, False, True]
    assert arrays.start.tolist() == [0, 2, 4, 4, 4, 4]
    assert program.arrays() is arrays, "nothing changed, so nothing is made again"


def test_coefficients_naming_one_place_add_up(program: Program) -> None:
    """Later terms for a place are added to the earlier, also after the arrays were read."""
    program.arrays()
    program.add_terms(0, 0, 1.0)
    program.add_terms([0, 0], [0, 1], [2.0, 0.0])
    assert program.arrays().activity(np.array([1.0, 0])).tolist() == [4, 0, 3]
    assert program.arrays().nonzeros == 4


def test_writing_to_an_array_handed_in_changes_nothing(program: Program) -> None:
    """Arrays given to the program stay the caller's."""
    values, columns = np.array([1.0, 1.0]), np.array([0, 1], np.int32)
    program.add_terms(0, columns, values)
    values[:], columns[:] = 7.0, 0
    assert program.arrays().activity(np.array([0.0, 1]))[0] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.add_columns("hours", cost=np.nan), "cost"),
        (lambda p: p.add_columns("hours", lower=np.nan), "lower bound"),
        (lambda p: p.add_columns("hours", upper=-np.inf), "upper bound"),
        (lambda p: p.add_columns("hours", upper=1e25), "upper bound"),
        (lambda p: p.add_columns("hours", count=2, cost=[1, 2, 3]), "expected a number or 2"),
        (lambda p: p.add_columns("batches"), "added before"),
        (lambda p: p.add_rows("plant"), "added before"),
        (lambda p: p.add_terms(0, 0, np.nan), "finite"),
        (lambda p: p.add_terms(0, 0, [1.0, np.inf]), "finite"),
        (lambda p: p.add_terms(3, 0, 1.0), "row 3 does not exist"),
        (lambda p: p.add_terms(0, [-1], 1.0), "column -1 does not exist"),
        (lambda p: p.add_terms(0, [0.5], 1.0), "whole number"),
        (lambda p: p.add_terms([0, 1], [0, 1, 1], 1.0), "broadcast"),
        (lambda p: p.set_costs([1.0]), "costs"),
        (lambda p: p.add_cost(0, np.inf), "cost"),
    ],
)
def test_numbers_no_solver_can_take_are_refused(program: Program, change, message: str) -> None:
    """Nan, infinite costs, lengths that differ and places that do not exist raise before any solver sees them."""
    with pytest.raises(ValueError, match=message):
        change(program)
    assert optimum(program) == 36


def test_costs_are_added_to_and_replaced(program: Program) -> None:
    """add_cost adds, set_costs replaces all with sense and constant."""
    program.add_cost([0, 0], 0.5)
    assert program.arrays().costs.tolist() == [4, 5]
    program.set_costs([1.0, 0.0], offset=2.0, maximise=False)
    assert (program.arrays().offset, program.arrays().maximise) == (2.0, False)
    assert optimum(program) == 2.0
    program.set_costs(None)
    assert program.arrays().costs.tolist() == [0, 0]


def test_bounds_can_change_after_reading(program: Program) -> None:
    """Earlier arrays keep what they were; the next ones show the change."""
    before = program.arrays()
    program.set_row_bounds([1], upper=10)
    program.set_column_bounds(0, lower=1, upper=1)
    assert before.row_upper.tolist() == [4, 12, 18]
    assert program.arrays().row_upper.tolist() == [4, 10, 18]
    assert optimum(program) == 28


@SOLVERS
def test_a_rule_in_pulp_words_is_honoured(program: Program, solver) -> None:
    """A PuLP expression over columns of the program binds on every solver, and carries a dual in our sign."""
    program += program.variable("batches", 0) + program.variable("batches", 1) <= 7, "not too many"
    assert program.solve(solver()) == pulp.LpStatusOptimal
    assert pulp.value(program.objective) == pytest.approx(33)
    assert program.variable("batches", 1).varValue == pytest.approx(6)
    rule = program.get_constraint_by_name("not_too_many")
    assert (rule.pi, rule.slack) == pytest.approx((3, 0))
    assert [program.row("plant", n).pi for n in range(3)] == pytest.approx([0, 1, 0])


@SOLVERS
def test_variables_of_the_user_join_in(program: Program, solver) -> None:
    """A new PuLP variable in a rule and in the objective is solved with the rest and comes last in the arrays."""
    extra = pulp.LpVariable("extra shift", 0, 1, pulp.LpInteger)
    program += program.variable("batches", 1) <= 5 + extra
    program.objective += -2 * extra
    arrays = program.arrays()
    assert arrays.integer.tolist() == [False, False, True]
    assert (arrays.costs.tolist(), arrays.row_upper.tolist()) == ([3, 5, -2], [4, 12, 18, 5])
    assert program.solve(solver()) == pulp.LpStatusOptimal
    assert pulp.value(program.objective) == pytest.approx(34)
    assert extra.varValue == pytest.approx(1)
    extra.upBound = 0
    assert program.solve(solver()) == pulp.LpStatusOptimal
    assert pulp.value(program.objective) == pytest.approx(33)


@SOLVERS
def test_deleting_a_rule_takes_it_back(program: Program, solver) -> None:
    """A rule of the user can be changed and deleted the PuLP way."""
    program += program.variable("batches", 1) <= 1, "late"
    program.constraints["late"].changeRHS(3)
    program.solve(solver())
    assert pulp.value(program.objective) == pytest.approx(27)
    del program.constraints["late"]
    program.solve(solver())
    assert pulp.value(program.objective) == pytest.approx(36)


@SOLVERS
def test_an_objective_changed_through_pulp_counts(program: Program, solver) -> None:
    """Adding to, replacing and turning the objective all reach the solver."""
    first = program.variable("batches", 0)
    program.objective += 10 * first
    program.solve(solver())
    assert first.varValue == pytest.approx(4)
    program.add_cost(0, -11)
    assert program.arrays().costs.tolist() == [2, 5]
    with pytest.warns(UserWarning, match="Overwriting"):
        program += first + 1
    program.solve(solver())
    assert pulp.value(program.objective) == pytest.approx(5)
    program.sense = pulp.LpMinimize
    program.solve(solver())
    assert pulp.value(program.objective) == pytest.approx(1)
    assert program.arrays().costs.tolist() == [1, 0]
    program.set_costs([0.0, 1.0], maximise=True)
    assert optimum(program) == pytest.approx(6)


@SOLVERS
def test_bounds_and_kinds_set_on_variables_change_the_program(program: Program, solver) -> None:
    """A bound set the PuLP way is a bound of the program."""
    second = program.variable("batches", 1)
    second.upBound = 4.5
    second.cat = pulp.LpInteger
    assert program.arrays().upper.tolist() == [np.inf, 4.5]
    program.solve(solver())
    assert second.varValue == pytest.approx(4)
    second.fixValue()
    assert program.column_bounds(1) == (4, 4)
    second.unfixValue()
    second.cat = pulp.LpContinuous
    assert (second.lowBound, second.upBound) == (0, None)
    assert optimum(program) == 36


def test_own_rows_refuse_changes_through_pulp(program: Program) -> None:
    """Changes PuLP would make to a row of the program raise instead of being lost; a copy is free."""
    row = program.row("plant", 2)
    column = program.variable("batches", 0)
    with pytest.raises(pulp.PulpError, match="set_row_bounds"):
        row.changeRHS(1)
    with pytest.raises(pulp.PulpError, match="belongs to the program"):
        row.expr[column] = 5
    with pytest.raises(pulp.PulpError, match="belongs to the program"):
        row.addInPlace(column)
    with pytest.raises(pulp.PulpError, match="row of the program"):
        del program.constraints["plant_v2"]
    with pytest.raises(pulp.PulpError, match="overlapping"):
        program += column <= 1, "plant_v0"
    assert str(row.copy() + column) == "4.0*batches_p0 + 2.0*batches_p1 <= 18.0"
    assert optimum(program) == 36


def test_columns_of_another_program_are_refused(program: Program) -> None:
    """A rule cannot mix the columns of two programs."""
    other = Program()
    other.add_columns("items")
    with pytest.raises(pulp.PulpError, match="another program"):
        program += other.variable("items", 0) <= 1


def test_a_family_cannot_take_the_name_of_a_rule(program: Program) -> None:
    """Rows added later do not hide a rule of the same name."""
    program += program.variable("batches", 0) <= 1, "budget"
    with pytest.raises(ValueError, match="name of a rule"):
        program.add_rows("budget", upper=5)


@SOLVERS
def test_a_row_with_two_sides_has_one_dual(solver) -> None:
    """The side that presses carries the dual, the other none."""
    program = Program(maximise=False)
    program.add_columns("items", count=2, cost=[1, 2])
    program.add_rows("total", lower=2, upper=4)
    program.add_terms(0, [0, 1], 1.0)
    program.solve(solver())
    named = {name: rule.pi for name, rule in program._constraints.items()}
    assert named == pytest.approx({"total__at_least": 1.0, "total__at_most": 0.0})
    program.set_costs([1.0, 2.0], maximise=True)
    program.solve(solver())
    named = {name: rule.pi for name, rule in program._constraints.items()}
    assert named == pytest.approx({"total__at_least": 0.0, "total__at_most": 2.0})
    assert [v.dj for v in program.variables()] == pytest.approx([-1, 0])


@SOLVERS
def test_columns_that_appear_nowhere_are_solved_all_the_same(solver) -> None:
    """A column without cost and terms, and a row that demands nothing, trouble no solver."""
    program = Program()
    program.add_columns("items", count=2, cost=[1, 0], upper=3, lower=1)
    program.add_rows("open")
    program.add_terms(0, [0, 1], 1.0)
    assert program.solve(solver()) == pulp.LpStatusOptimal
    assert program.variable("items", 0).varValue == 3
    assert 1 <= program.variable("items", 1).varValue <= 3


def test_a_failed_solve_leaves_no_values(program: Program) -> None:
    """Values of an earlier plan do not outlive a solve that found none."""
    assert optimum(program) == 36
    program.set_row_bounds(0, lower=5, upper=5)
    program.set_column_bounds(0, upper=4)
    assert program.solve(Highs()) == pulp.LpStatusInfeasible
    assert program.variable("batches", 0).varValue is None
    assert program.row("plant", 1).pi is None


def test_pulp_reads_what_the_program_holds(program: Program) -> None:
    """Counts, names and the printed problem agree with the arrays."""
    assert (program.numVariables(), program.numConstraints(), program.isMIP()) == (2, 3, False)
    assert [v.name for v in program.variables()] == ["batches_p0", "batches_p1"]
    assert "plant_v2: 3 batches_p0 + 2 batches_p1 <= 18" in str(program)
    assert program.variable("batches", 1) is program.variables()[1]
    with pytest.raises(IndexError, match="none at 2"):
        program.variable("batches", 2)


def test_copies_and_pickles(program: Program) -> None:
    """A deep copy goes its own way; one with PuLP rules in it says it cannot be copied."""
    twin = copy.deepcopy(program)
    twin.set_row_bounds(1, upper=0)
    assert (optimum(pickle.loads(pickle.dumps(program))), optimum(twin)) == (36, 12)
    program += program.variable("batches", 0) <= 1
    with pytest.raises(pulp.PulpError, match="copied"):
        copy.deepcopy(program)
