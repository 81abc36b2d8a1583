"""Programs at their own size: scales are powers of two, change no digit, and follow whatever unit a case is written in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocate import formulate, read_case
from allocate.certificate.no_plan import proves_no_plan
from allocate.program.arrays import Matrix, ProgramArrays, frozen
from allocate.program.program import Program
from allocate.program.scaling import Scaling, scaling_of
from allocate.solvers import solve as solving
from allocate.solvers.confirmed import other_scale
from allocate.solvers.goals import Goal
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.scaled import scaled
from allocate.solvers.solve import solve
from allocate.solvers.task import Task

CASES = Path(__file__).parents[2] / "cases"


def program_of(name: str) -> Program:
    return formulate(read_case(CASES / name / "case.yaml")).program


@pytest.mark.parametrize("name", ["portfolio", "contracts", "make-or-buy"])
def test_scales_are_powers_of_two_and_leave_whole_numbers_alone(name: str) -> None:
    """Multiplying by them and back gives the same bits; a whole number stays one."""
    program = program_of(name)
    arrays = program.arrays()
    scaling = scaling_of(arrays, program.structure())
    for scales in (scaling.rows, scaling.columns, np.array([scaling.objective])):
        assert (np.frexp(scales)[0] == 0.5).all()
    assert (scaling.columns[arrays.integer] == 1.0).all()
    own = scaling.scaled(arrays)
    back = Scaling(1.0 / scaling.rows, 1.0 / scaling.columns, 1.0 / scaling.objective).scaled(own)
    for part in ("costs", "lower", "upper", "row_lower", "row_upper", "value"):
        assert np.array_equal(getattr(back, part), getattr(arrays, part))


@pytest.mark.parametrize("name", ["portfolio", "contracts", "make-or-buy", "published-prices"])
def test_a_program_at_its_own_size_has_numbers_near_one(name: str) -> None:
    """Coefficients, sides and bounds lie within a few powers of ten around 1, whatever they were."""
    program = program_of(name)
    own = scaling_of(program.arrays(), program.structure()).scaled(program.arrays())
    for part in (own.value, own.row_lower, own.row_upper, own.upper):
        sizes = np.abs(part[np.isfinite(part) & (part != 0.0)])
        assert sizes.max(initial=1.0) < 1e3
        assert sizes.min(initial=1.0) > 1e-3


@pytest.mark.parametrize("name", ["portfolio", "contracts", "make-or-buy"])
@pytest.mark.parametrize("power", [-20, 7, 31])
def test_other_units_lead_to_the_same_program(name: str, power: int) -> None:
    """Rows of any kinds and columns counted in other units, by powers of two, are scaled to the same bits."""
    program, random = program_of(name), np.random.default_rng(abs(power))
    arrays, structure = program.arrays(), program.structure()
    rows, columns = np.ones(arrays.row_count), np.ones(arrays.column_count)
    for blocks, scales in ((structure.rows.blocks, rows), (structure.columns.blocks, columns)):
        for block in blocks.values():
            scales[block.start : block.stop] = 2.0 ** (power * int(random.integers(-1, 2)))
    columns[arrays.integer] = 1.0
    other = Scaling(frozen(rows), frozen(columns), 2.0**power).scaled(arrays)
    first, second = (scaling_of(one, structure).scaled(one) for one in (arrays, other))
    for part in ("costs", "lower", "upper", "row_lower", "row_upper", "value", "offset"):
        assert np.array_equal(getattr(first, part), getattr(second, part)), part


@pytest.mark.parametrize("name", ["portfolio", "contracts", "published-prices"])
def test_what_is_found_of_a_scaled_program_holds_for_the_program(name: str) -> None:
    """Objective, bound, plan, duals and reduced costs scaled back are those of the program itself."""
    program = program_of(name)
    arrays = program.arrays()
    outcome, plain = solve(program), solve_arrays(arrays)
    assert outcome.status is plain.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(plain.objective, rel=1e-6)
    assert outcome.bound == pytest.approx(plain.bound, rel=1e-6)
    assert outcome.row_duals is not None
    assert outcome.reduced_costs == pytest.approx(arrays.costs - arrays.priced(outcome.row_duals), rel=1e-6, abs=1e-6)


def wide(factor: float, *, integer: bool = True) -> ProgramArrays:
    """Two makers of two million items at prices in a small unit, the cheap one behind a fee paid by choice."""
    program = Program("wide", maximise=False)
    items = program.add_columns("items", count=2, cost=[2_500.0 * factor, 2_900.0 * factor])
    fee = program.add_columns("fee", cost=5e7 * factor, upper=1.0, integer=integer)
    made = program.add_rows("made", lower=2e6)
    program.add_terms(int(made.ids[0]), items.ids, 1.0)
    opened = program.add_rows("opened", upper=0.0)
    program.add_terms(int(opened.ids[0]), items.ids[:1], 1.0)
    program.add_terms(int(opened.ids[0]), fee.ids, -2e6)
    return program.arrays()


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1.0, 1e6, 1e12])
def test_a_fee_is_not_dodged_by_a_fraction_of_a_choice(factor: float) -> None:
    """What is made without its fee is nothing at all, at any size of money."""
    arrays = wide(factor)
    own = scaled(Task(arrays, Program("any").structure(), [Goal("none", np.array([1.0, 0.0, 0.0]), False)]), None)
    outcome = own.outward(arrays, solve_arrays(own.task.arrays))
    assert outcome.values is not None
    assert outcome.objective == pytest.approx(5.05e9 * factor)
    dear = replace(arrays, costs=frozen(np.array([2_500.0, 2_900.0, 1e9]) * factor))
    own = scaled(Task(dear, Program("any").structure()))
    outcome = own.outward(dear, solve_arrays(own.task.arrays))
    assert outcome.values is not None
    assert outcome.values[0] == 0.0
    assert outcome.values[2] == 0.0


def impossible(*, whole: bool) -> Program:
    """At most one of two, at least three halves: without a plan; with whole numbers only the search can tell."""
    program = Program("impossible")
    columns = program.add_columns("items", count=2, cost=1.0, upper=1.0, integer=whole)
    rows = program.add_rows("both", count=2, lower=[-np.inf, 0.5 if whole else 1.5], upper=[1.0, np.inf])
    program.add_terms(int(rows.ids[0]), columns.ids, 1.0)
    program.add_terms(int(rows.ids[1]), columns.ids, 1.0)
    if whole:
        extra = program.add_rows("half", lower=0.4, upper=0.6)
        program.add_terms(int(extra.ids[0]), columns.ids, np.array([1.0, 1.0]))
    return program


def test_a_ray_proves_that_there_is_no_plan_without_rounding() -> None:
    """One and a half of at most one: the ray of both rows says so; the same ray proves nothing where there is room."""
    arrays = impossible(whole=False).arrays()
    assert proves_no_plan(arrays, np.array([1.0, -1.0]))
    assert proves_no_plan(arrays, np.array([-1.0, 1.0]))
    assert not proves_no_plan(arrays, np.array([1.0, 0.0]))
    assert not proves_no_plan(replace(arrays, row_lower=frozen(np.array([-np.inf, 1.0]))), np.array([1.0, -1.0]))
    hair = replace(arrays, row_lower=frozen(np.array([-np.inf, np.nextafter(1.0, 2.0)])))
    assert proves_no_plan(hair, np.array([1.0, -1.0]))


@pytest.mark.parametrize("whole", [False, True])
def test_no_plan_is_said_where_it_is_proven_or_found_twice(whole: bool) -> None:
    """A linear program has its ray; of whole numbers two searches at two scales agree."""
    assert solve(impossible(whole=whole)).status is Status.INFEASIBLE


def claims_nothing(outcome: Outcome) -> Outcome:
    """The same end, called impossible."""
    return replace(
        outcome, status=Status.INFEASIBLE, values=None, objective=None, bound=None, row_duals=None, stages=()
    )


def test_a_plan_that_one_search_missed_is_found_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a first search wrongly says that there is no plan, the second one's plan is the answer, and says so."""
    real = solving.solve_by
    monkeypatch.setattr(solving, "solve_by", lambda *given: claims_nothing(real(*given)))
    program = program_of("contracts")
    outcome = solve(program)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(solve_arrays(program.arrays()).objective)
    assert "second one" in outcome.method_reason


def test_what_a_second_search_cannot_tell_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second search ends without an answer nothing is called impossible: the outcome says what is not known."""
    monkeypatch.setattr(solving, "solve_by", lambda *given: claims_nothing(solve_arrays(given[1].arrays)))
    real = solving.confirmed.__globals__["solve_arrays"]

    def stopped(*given, **named) -> Outcome:
        return replace(
            claims_nothing(real(*given, **named)), status=Status.STOPPED, limit=Limit.OTHER, message="no word"
        )

    monkeypatch.setitem(solving.confirmed.__globals__, "solve_arrays", stopped)
    outcome = solve(program_of("contracts"))
    assert (outcome.status, outcome.limit) == (Status.STOPPED, Limit.OTHER)
    assert "it is not known whether there is a plan" in outcome.message


def test_duals_of_the_least_break_prove_what_a_search_gave_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portfolio that asks for more than its budget buys: HiGHS ends its search for a ray with "Unknown", and the duals of the program
    that breaks rows as little as can be prove it; no second search is asked."""
    monkeypatch.setitem(solving.confirmed.__globals__, "solve_arrays", lambda *_, **__: pytest.fail("a second search"))
    case = read_case(CASES / "portfolio", settings=["products.speech.demand.at-least=290_000 clips"])
    outcome = solve(formulate(case).program)
    assert outcome.status is Status.INFEASIBLE


def test_the_second_search_sees_another_program() -> None:
    """The other scale differs in rows and columns, whole numbers aside."""
    program = program_of("contracts")
    arrays = program.arrays()
    own = scaling_of(arrays, program.structure())
    other = other_scale(own, arrays)
    assert not np.array_equal(own.rows, other.rows)
    assert not np.array_equal(own.columns, other.columns)
    assert (other.columns[arrays.integer] == 1.0).all()
    assert (np.frexp(other.rows)[0] == 0.5).all()


def test_a_row_with_nothing_in_it_stays_as_it_is() -> None:
    """A row without coefficients and sides is of no size: the second search takes it as it is, without a warning."""
    program = Program("empty")
    items = program.add_columns("items", upper=4.0, cost=1.0)
    rows = program.add_rows("limits", count=2, upper=[8.0, 0.0])
    program.add_terms(int(rows.ids[0]), items.ids, 2.0)
    arrays = program.arrays()
    assert other_scale(scaling_of(arrays, program.structure()), arrays).rows[1] == 1.0


@pytest.mark.parametrize("room", [1e-9, 1e-7])
def test_a_fee_is_owed_for_a_thousand_millionth_of_the_work(room: float) -> None:
    """A maker that may have next to nothing of the work makes nothing where its fee does not fit the budget."""
    program = Program("dodged")
    items = program.add_columns("items", count=2, cost=[3.0, 1.0])
    fee = program.add_columns("fee", upper=1.0, integer=True)
    rows = program.add_rows("limits", count=3, upper=[500.0, 0.0, 0.0])
    program.add_terms(int(rows.ids[0]), items.ids, [0.1, 0.5])
    program.add_terms(int(rows.ids[0]), fee.ids, 501.0)
    program.add_terms(int(rows.ids[1]), items.ids[:1], 1.0)
    program.add_terms(int(rows.ids[1]), fee.ids, -2000.0)
    program.add_terms(int(rows.ids[2]), items.ids, [1.0 - room, -room])
    outcome = solve(program)
    assert outcome.values is not None
    assert outcome.values[0] <= 1e-9 * outcome.values.sum()
    assert outcome.objective == pytest.approx(1_000.0)


@pytest.mark.parametrize("name", ["portfolio", "contracts", "make-or-buy"])
def test_specks_of_rounding_make_no_scale(name: str) -> None:
    """A fortieth of the coefficients turned into what rounding leaves of them: all others keep their size near 1."""
    program = program_of(name)
    arrays = program.arrays()
    size = np.ones(arrays.nonzeros)
    size[np.random.default_rng(3).choice(arrays.nonzeros, arrays.nonzeros // 40, replace=False)] = 1e-17
    value = frozen(arrays.value * size)
    specked = replace(arrays, matrix=Matrix(arrays.start, arrays.index, value))
    own = scaling_of(specked, program.structure()).scaled(specked)
    others = np.abs(own.value[(size == 1.0) & (value != 0.0)])
    assert others.max() < 1e3
    assert others.min() > 1e-3
