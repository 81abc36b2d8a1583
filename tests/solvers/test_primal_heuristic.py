"""First plans of integer programs, and ties broken with whole numbers as they are."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from allocate.program.arrays import ProgramArrays
from allocate.program.program import Program
from allocate.solvers import primal_heuristic
from allocate.solvers.backends import solve_with
from allocate.solvers.goals import Goal
from allocate.solvers.highs import solve_arrays
from allocate.solvers.improvement_heuristic import Choices
from allocate.solvers.outcome import Status, is_feasible
from allocate.solvers.primal_heuristic import make_start, rounded
from allocate.solvers.search import Clock, Start
from allocate.solvers.watch import Watch


def lots(seed: int, maximise: bool = False) -> ProgramArrays:
    """Orders from six sellers, of which three at most may be used, each for a fee and a minimum; drawn from a seed."""
    draw = np.random.default_rng(seed)
    program = Program("lots", maximise)
    sign = -1.0 if maximise else 1.0
    amount = program.add_columns("amount", count=6, cost=sign * draw.uniform(1, 3, 6))
    used = program.add_columns("used", count=6, upper=1.0, cost=sign * draw.uniform(5, 60, 6), integer=True)
    most = draw.uniform(40, 60, 6)
    opened = program.add_rows("opened", count=6, upper=0.0)
    program.add_terms(opened.ids, amount.ids, 1.0)
    program.add_terms(opened.ids, used.ids, -most)
    least = program.add_rows("least", count=6, lower=0.0)
    program.add_terms(least.ids, amount.ids, 1.0)
    program.add_terms(least.ids, used.ids, -20.0)
    few = program.add_rows("few", count=1, upper=3.0)
    program.add_terms(few.ids[0], used.ids, 1.0)
    wanted = program.add_rows("wanted", count=1, lower=100.0)
    program.add_terms(wanted.ids[0], amount.ids, 1.0)
    return program.arrays()


@pytest.fixture
def _every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small programs get a first plan too."""
    monkeypatch.setattr(primal_heuristic, "LARGE", 0)


def test_small_programs_are_left_to_the_solver() -> None:
    """No first plan is made where the solver soon has one."""
    assert make_start(Watch(), lots(1), Clock(None)) is None


@pytest.mark.usefixtures("_every_size")
@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_a_first_plan_keeps_the_program_and_is_no_better_than_the_best(seed: int, maximise: bool) -> None:
    """A first plan is feasible; the search from it ends at the same proven optimum as the search without."""
    arrays = lots(seed, maximise)
    start = make_start(Watch(), arrays, Clock(None))
    found = solve_arrays(arrays)
    assert start is not None
    assert is_feasible(arrays, start.values)
    plain = solve_arrays(arrays, start=np.full(arrays.column_count, np.nan))
    assert found.status is plain.status is Status.OPTIMAL
    assert found.objective == pytest.approx(plain.objective, rel=1e-9)
    assert plain.objective is not None
    worse = arrays.objective(start.values) - plain.objective
    assert (-worse if maximise else worse) >= -1e-6
    assert start.bound is not None
    assert (start.bound - plain.objective if maximise else plain.objective - start.bound) >= -1e-6


@pytest.mark.usefixtures("_every_size")
def test_a_rough_relaxation_leads_to_a_plan_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Very large programs begin with a first-order method; what comes out is a plan all the same, without a bound."""
    monkeypatch.setattr(primal_heuristic, "VERY_LARGE", 0)
    arrays = lots(3)
    start = make_start(Watch(), arrays, Clock(None))
    assert start is not None
    assert is_feasible(arrays, start.values)


@pytest.mark.usefixtures("_every_size")
def test_an_infeasible_program_has_no_first_plan() -> None:
    """The solver is left to prove it."""
    arrays = lots(2)
    arrays.row_lower.flags.writeable = True
    arrays.row_lower[-1] = 1000.0
    assert make_start(Watch(), arrays, Clock(None)) is None
    assert solve_arrays(arrays).status is Status.INFEASIBLE


def test_rounding_keeps_the_heaviest_of_a_count() -> None:
    """Of five sellers a relaxed plan uses, the three it uses most stay."""
    relaxed = np.concatenate([np.zeros(6), [0.1, 0.9, 0.4, 0.0, 0.2, 0.3]])
    assert rounded(lots(1), relaxed, 1e-6).tolist() == [0, 1, 1, 0, 0, 1]


def test_a_choice_goes_on_with_another_off_where_the_count_is_full() -> None:
    """A seller that promises to gain 9 replaces the one whose loss is least."""
    values = np.concatenate([np.full(6, 30.0), [1.0, 1, 1, 0, 0, 0]])
    reduced = np.concatenate([np.zeros(6), [-5.0, -2, -7, -9, 1, 1]])
    promising = Choices(lots(1)).promising(Start(values, None, reduced, None))
    assert promising[0] == (7.0, ((9, 1.0), (7, 0.0)))


def test_ties_are_broken_with_whole_numbers_as_they_are() -> None:
    """Of two sellers equally good, the one the first search chose stays; amounts between plans as good move."""
    program = Program("ties", maximise=False)
    used = program.add_columns("used", count=2, upper=1.0, cost=1.0, integer=True)
    amount = program.add_columns("amount", count=2, upper=10.0)
    one = program.add_rows("one", count=1, lower=1.0)
    program.add_terms(one.ids[0], used.ids, 1.0)
    sum_ = program.add_rows("sum", count=1, lower=10.0, upper=10.0)
    program.add_terms(sum_.ids[0], amount.ids, 1.0)
    arrays = program.arrays()
    first = solve_arrays(arrays)
    assert first.values is not None
    other = np.concatenate([first.values[:2], [1.0, 0.0]])
    for breaks_ties in (True, False):
        outcome = solve_arrays(arrays, goals=[Goal("other", other, False, breaks_ties=breaks_ties)])
        assert outcome.status is Status.OPTIMAL
        assert outcome.values is not None
        same = bool((np.round(outcome.values[:2]) == np.round(first.values[:2])).all())
        assert same is breaks_ties
        assert outcome.values[2:].tolist() == pytest.approx([0.0, 10.0])


def test_a_goal_that_comes_to_little_is_kept_as_closely() -> None:
    """A first goal of 0.001 among figures of 10 gives up no more than a millionth of itself for the next one."""
    program = Program("small", maximise=True)
    program.add_columns("made", count=1, upper=1e-3, cost=1.0)
    program.add_columns("chosen", count=1, upper=1.0, integer=True)
    arrays = program.arrays()
    for solver in (solve_arrays, partial(solve_with, "cbc")):
        outcome = solver(arrays, goals=[Goal("less", np.array([1000.0, 1.0]), False)])
        assert outcome.values is not None
        assert outcome.values[0] == pytest.approx(1e-3, rel=1e-6)
