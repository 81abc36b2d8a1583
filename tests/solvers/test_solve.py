"""How solves end: each status, each limit, the same on every solver; goals in order; the same bytes twice."""

from __future__ import annotations

import importlib.util
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from draws import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from allocate.program.program import Program
from allocate.solvers import lexicographic_objectives
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.solve import Goal, solve
from allocate.solvers.watch import Watch
from allocate.tolerances import PROVEN

_spec = importlib.util.spec_from_file_location("instances", Path(__file__).with_name("instances.py"))
assert _spec is not None
assert _spec.loader is not None
instances = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(instances)

INF = np.inf
BOTH = pytest.mark.parametrize("solver", ["highs", "cbc"])


def made(costs, matrix, lower, upper, *, maximise=True, at_least=0.0, at_most=INF, integer=False) -> Program:
    program = Program(maximise=maximise)
    full = np.atleast_2d(np.array(matrix, float))
    program.add_columns("items", count=len(costs), cost=costs, lower=at_least, upper=at_most, integer=integer)
    program.add_rows("limit", count=len(full), lower=lower, upper=upper)
    row, column = np.nonzero(full)
    program.add_terms(row, column, full[row, column])
    return program


@BOTH
@pytest.mark.parametrize(
    ("program", "status"),
    [
        (lambda: made([1, 1], [[1, -1]], -INF, 0.5), Status.UNBOUNDED),
        (lambda: made([1, 1], [[1, -1]], -INF, 0.5, integer=True), Status.UNBOUNDED),
        (lambda: made([1, 1], [[1, 1]], -INF, 5, at_least=-INF, maximise=False), Status.UNBOUNDED),
        (lambda: made([1, 1], [[1, 1]], 5, 9, at_most=2), Status.INFEASIBLE),
        (lambda: made([1, 1], [[2, 4]], 3, 3, at_most=10, integer=True), Status.INFEASIBLE),
        (lambda: made([1, 0], [[1, 0], [0, 1]], [-INF, 3], [INF, 2]), Status.INFEASIBLE),
        (lambda: made([1], [[0]], 5, INF), Status.INFEASIBLE),
        (lambda: made([1], [[1]], -INF, 5, at_least=3, at_most=2), Status.INFEASIBLE),
        (lambda: made([1], [[0]], -1, 5, at_most=2), Status.OPTIMAL),
        (lambda: made([0, 0], [[1, 1]], 2, 4), Status.OPTIMAL),
        (lambda: made([1, 1], [[1, 1]], -INF, 5, at_least=2, at_most=2), Status.OPTIMAL),
        (lambda: made([1, -1], [[1, 1], [1, -1]], -INF, [5, 3], at_least=-INF), Status.OPTIMAL),
        (lambda: made([], np.empty((1, 0)), -1, 5), Status.OPTIMAL),
        (lambda: made([], np.empty((1, 0)), 1, 5), Status.INFEASIBLE),
        (Program, Status.OPTIMAL),
    ],
)
def test_status_is_the_same_on_every_solver(program, status: Status, solver: str) -> None:
    """Unbounded and infeasible are told apart, with integers too; empty programs and rows are no special case."""
    outcome = solve(program(), solver=solver)
    assert (outcome.status, outcome.limit) == (status, None)
    assert outcome.has_plan == (status is Status.OPTIMAL)
    assert (outcome.objective is None) == (status is not Status.OPTIMAL)


def test_bounds_without_rows_are_a_program() -> None:
    """A program without any row is solved at its bounds, with its constant."""
    program = Program()
    program.add_columns("items", count=2, cost=[2, -1], lower=-1, upper=3)
    program.offset = 10
    outcome = solve(program)
    assert (outcome.objective, outcome.values.tolist(), outcome.reduced_costs.tolist()) == (17, [3, -1], [2, -1])


@BOTH
def test_duals_of_integer_programs_are_those_of_the_fixed_one(solver: str) -> None:
    """Fixed charge of 10 to open, 3 a unit saved up to 8: with the opening fixed, a unit of room is worth 2."""
    program = Program()
    items = program.add_columns("items", cost=2)
    opened = program.add_columns("opened", cost=-10, upper=1, integer=True)
    program.add_rows("room", upper=8)
    program.add_rows("link", upper=0)
    program.add_terms([0, 1], items.ids, 1.0)
    program.add_terms(1, opened.ids, -100.0)
    outcome = solve(program, solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(6)
    assert outcome.values == pytest.approx([8, 1])
    assert outcome.duals_are_local
    assert outcome.row_duals == pytest.approx([2, 0])
    assert outcome.reduced_costs == pytest.approx([0, -10])


@pytest.mark.slow
@BOTH
def test_a_time_limit_never_ends_as_optimal(solver: str) -> None:
    """A plan without a proof is feasible, by the limit that ended it; its bound is not better than it."""
    outcome = solve(instances.market_split(), solver=solver, time_limit=1.0)
    assert (outcome.status, outcome.limit) == (Status.FEASIBLE, Limit.TIME)
    assert outcome.objective == pytest.approx(float(outcome.values[50:].sum()), abs=1e-6)
    assert outcome.bound is None or outcome.bound <= outcome.objective
    assert "time limit" in outcome.message


def test_a_gap_asked_for_ends_as_feasible() -> None:
    """A plan within the gap but not proven is feasible with its true bound; a proven one is optimal."""
    random = np.random.default_rng(11)
    weights = random.integers(10, 60, (5, 60))
    program = made(weights.sum(0), weights, -INF, weights.sum(1) / 2, at_most=1, integer=True)
    outcome = solve(program, gap=0.3)
    assert (outcome.status, outcome.limit) == (Status.FEASIBLE, Limit.GAP)
    assert PROVEN < outcome.gap <= 0.3
    assert outcome.bound >= outcome.objective
    small = solve(made([3, 5], [[1, 0], [0, 2], [3, 2]], -INF, [4, 12, 18], integer=True), gap=0.3)
    assert (small.status, small.gap) == (Status.OPTIMAL, 0.0)


def test_an_interrupted_linear_program_has_no_plan_unless_it_is_one() -> None:
    """The dual simplex method passes through points that break rows; none of them is handed out as a plan."""

    class After:
        """Says stop from the third question on."""

        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 2

    outcome = solve(instances.assignment(), cancel=After())
    assert (outcome.status, outcome.limit) == (Status.STOPPED, Limit.INTERRUPT)
    assert outcome.values is None


def test_equal_programs_give_equal_bytes() -> None:
    """Same program, same plan, same duals, bit for bit, where many plans are equally good."""
    plans = [solve(made([1] * 6, [[1] * 6, [1, 2] * 3], -INF, [7, 9], at_most=3, integer=i)) for i in (0, 0, 1, 1)]
    for one, other in itertools.pairwise(plans[:2] + plans[:1]):
        assert one.values.tobytes() == other.values.tobytes()
        assert one.row_duals.tobytes() == other.row_duals.tobytes()
    assert plans[2].values.tobytes() == plans[3].values.tobytes()


@pytest.mark.slow
def test_a_start_is_taken_up() -> None:
    """A search that may not search still returns a plan at least as good as the one it was given."""
    program = instances.market_split(3)
    best = solve(program)
    again = solve(program, start=best.values)
    assert best.status is again.status is Status.OPTIMAL
    assert again.objective == pytest.approx(best.objective)


def test_a_search_keeps_time_for_what_follows_but_not_before_it_has_a_plan() -> None:
    """With nearly all of a limit kept it ends with the first plan it finds, long before the limit."""
    axes = {"product": np.repeat(np.arange(6), 6)}
    random, program = np.random.default_rng(3), Program("split", maximise=False)
    chosen = program.add_columns("chosen", axes, upper=1.0, integer=True, cost=random.integers(5, 99, 36).astype(float))
    for name, shared in (("own", False), ("shared", True)):
        rows = program.add_rows(name, {"product": np.arange(6)}, lower=random.integers(40, 90, 6) / 10 + 5.0)
        at = rows.ids[random.permutation(axes["product"]) if shared else axes["product"]]
        program.add_terms(at, chosen.ids, random.integers(20, 99, 36) / 10)
    found = solve(program, method="decomposition", time_limit=600.0, closing=600.0)
    assert found.values is not None
    assert found.seconds < 60.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"solver": "nonsense"}, "no solver 'nonsense'.*highs, .*cbc"),
        ({"solver": "gurobi_cmd"}, "not installed"),
        ({"time_limit": 0.0}, "time limit"),
        ({"time_limit": np.nan}, "time limit"),
        ({"gap": -0.1}, "gap"),
        ({"then": [Goal("short", np.ones(1), True)]}, "goal short needs 2"),
        ({"then": [Goal("odd", np.array([1.0, np.nan]), True)]}, "goal odd"),
    ],
)
def test_requests_that_make_no_sense_are_refused(options, message: str) -> None:
    """Unknown solvers, limits and goals that cannot be are ValueErrors that name what there is."""
    with pytest.raises(ValueError, match=message):
        solve(made([1, 1], [[1, 1]], -INF, 5), **options)


@st.composite
def linear(draw):
    """A random program with a handful of whole coefficients, bounds of every kind, in either sense."""
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    number = st.integers(-5, 5).map(float)
    matrix = np.array(draw(st.lists(number, min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)
    costs = np.array(draw(st.lists(number, min_size=columns, max_size=columns)))
    lower = np.array(draw(st.lists(st.sampled_from([-INF, -3.0, 0.0]), min_size=columns, max_size=columns)))
    upper = np.array(draw(st.lists(st.sampled_from([INF, 0.0, 4.0]), min_size=columns, max_size=columns)))
    sides = draw(
        st.lists(
            st.tuples(st.sampled_from([-INF, -6.0, 2.0]), st.sampled_from([INF, 2.0, 7.0])),
            min_size=rows,
            max_size=rows,
        )
    )
    row_lower, row_upper = np.array(sides).T
    return costs, matrix, row_lower, row_upper, lower, upper, draw(st.booleans())


@pytest.mark.slow
@given(linear())
@settings(deadline=None, max_examples=examples(150))
def test_random_linear_programs_end_as_in_scipy(program) -> None:
    """Status and objective agree with scipy's solver, and duals prove the optimum by weak duality alone."""
    costs, matrix, row_lower, row_upper, lower, upper, maximise = program
    outcome = solve(made(costs, matrix, row_lower, row_upper, maximise=maximise, at_least=lower, at_most=upper))
    sign = -1.0 if maximise else 1.0
    tops, bottoms = np.isfinite(row_upper), np.isfinite(row_lower)
    some = (tops | bottoms).any()
    rows = {
        "A_ub": np.vstack([matrix[tops], -matrix[bottoms]]) if some else None,
        "b_ub": np.concatenate([row_upper[tops], -row_lower[bottoms]]) if some else None,
        "bounds": np.column_stack([lower, upper]),
    }
    other = linprog(sign * costs, **rows)
    if other.status == 0:
        expected = Status.OPTIMAL
    else:
        # scipy calls some unbounded programs infeasible, so feasibility is asked for alone.
        expected = Status.UNBOUNDED if linprog(0 * costs, **rows).status == 0 else Status.INFEASIBLE
    assert outcome.status is expected
    if outcome.status is not Status.OPTIMAL:
        return
    assert outcome.objective == pytest.approx(sign * other.fun, abs=1e-6)
    assert outcome.reduced_costs == pytest.approx(costs - matrix.T @ outcome.row_duals, abs=1e-6)
    prices = -sign * np.concatenate([outcome.row_duals, outcome.reduced_costs])
    highs, lows = np.concatenate([row_upper, upper]), np.concatenate([row_lower, lower])
    bound = 0.0
    for price, high, low in zip(prices, highs, lows, strict=True):
        bound += price * (high if price > 1e-9 else low if price < -1e-9 else 0.0)
    assert bound == pytest.approx(-sign * outcome.objective, abs=1e-6)


SMALL = st.integers(-3, 3).map(float)


@st.composite
def ties(draw):
    """A small bounded program full of ties, three objectives and their senses."""
    matrix = np.array(draw(st.lists(SMALL, min_size=6, max_size=6))).reshape(2, 3)
    upper = np.array(draw(st.lists(st.integers(0, 6).map(float), min_size=2, max_size=2)))
    goals = [np.array(draw(st.lists(st.integers(-1, 1).map(float), min_size=3, max_size=3))) for _ in range(3)]
    return matrix, upper, goals, draw(st.lists(st.booleans(), min_size=3, max_size=3))


def in_order(matrix, upper, goals, senses, integer: bool, solver: str = "highs"):
    program = made(goals[0], matrix, -INF, upper, maximise=senses[0], at_most=3, integer=integer)
    then = [Goal(f"goal {n}", goals[n], senses[n]) for n in (1, 2)]
    return solve(program, then=then, solver=solver)


def brute_force(matrix, upper, goals, senses) -> list[float]:
    plans = [np.array(plan) for plan in itertools.product(range(4), repeat=3)]
    plans = [plan for plan in plans if (matrix @ plan <= upper).all()]
    best = []
    for costs, maximise in zip(goals, senses, strict=True):
        best.append((max if maximise else min)(float(costs @ plan) for plan in plans))
        plans = [plan for plan in plans if costs @ plan == best[-1]]
    return best


@pytest.mark.slow
@given(ties())
@settings(deadline=None, max_examples=examples(60))
def test_integer_goals_in_order_are_those_of_brute_force(case) -> None:
    """Each goal reaches the best value left by the goals before it, over all whole plans."""
    outcome = in_order(*case, integer=True)
    assert [stage.objective for stage in outcome.stages] == pytest.approx(brute_force(*case), abs=1e-6)
    assert [float(costs @ outcome.values) for costs in case[2]] == pytest.approx(brute_force(*case), abs=1e-6)


@pytest.mark.slow
@given(ties())
@settings(deadline=None, max_examples=6)
def test_integer_goals_in_order_on_another_back_end(case) -> None:
    """The same by rows that fence earlier goals in, on CBC."""
    outcome = in_order(*case, integer=True, solver="cbc")
    assert [stage.objective for stage in outcome.stages] == pytest.approx(brute_force(*case), abs=1e-5)


def by_scipy(matrix, upper, goals, senses) -> list[float]:
    best: list[float] = []
    for n, (costs, maximise) in enumerate(zip(goals, senses, strict=True)):
        held = {"A_eq": np.array(goals[:n]), "b_eq": best} if n else {}
        sign = -1.0 if maximise else 1.0
        found = linprog(sign * costs, A_ub=matrix, b_ub=upper, bounds=[(0, 3)] * 3, **held)
        best.append(sign * found.fun)
    return best


@pytest.mark.slow
@given(ties())
@settings(deadline=None, max_examples=examples(100))
def test_linear_goals_in_order_are_those_of_scipy(case) -> None:
    """Holding a plan on the optimal face of a goal gives what equations on the earlier objectives give."""
    outcome = in_order(*case, integer=False)
    assert [stage.status for stage in outcome.stages] == [Status.OPTIMAL] * 3
    assert [stage.objective for stage in outcome.stages] == pytest.approx(by_scipy(*case), abs=1e-6)
    assert outcome.objective == outcome.stages[0].objective
    first = made(case[2][0], case[0], -INF, case[1], maximise=case[3][0], at_most=3)
    assert outcome.row_duals == pytest.approx(solve(first).row_duals)


def test_goals_fall_back_to_fences_when_the_face_does_not_hold(monkeypatch) -> None:
    """Where fixing by duals lets an earlier objective move, a row keeps it in place."""
    nothing = lambda *_: (np.empty(0, np.int32), np.empty(0))  # noqa: E731
    monkeypatch.setattr(lexicographic_objectives, "held_columns", nothing)
    monkeypatch.setattr(lexicographic_objectives, "held_rows", nothing)
    case = (
        np.array([[1.0, 1, 1], [1, 0, 0]]),
        np.array([5.0, 2]),
        [np.ones(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])],
    )
    outcome = in_order(*case, [True, False, False], integer=False)
    assert [stage.objective for stage in outcome.stages] == pytest.approx([5, 0, 2])
    assert outcome.values == pytest.approx([0, 2, 3], abs=1e-6)


@BOTH
def test_a_goal_without_an_end_leaves_the_plan_before_it(solver: str) -> None:
    """The own objective stays optimal, the plan is the one found before, and the message says what was not reached."""
    program = made([1, 0], [[1, 0]], -INF, 5)
    goals = [Goal("more of the second", np.array([0.0, 1]), True), Goal("never tried", np.ones(2), False)]
    outcome = solve(program, then=goals, solver=solver)
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, 5)
    assert outcome.values[0] == 5
    assert [stage.status for stage in outcome.stages] == [Status.OPTIMAL, Status.UNBOUNDED]
    assert "the goal more of the second was not reached" in outcome.message
    assert "not tried: never tried" in outcome.message


def test_goals_wait_for_a_finished_objective() -> None:
    """A search ended by its time limit is not followed by goals, and says so."""
    program = instances.market_split()
    goal = Goal("fewest", np.ones(program.column_count), False)
    outcome = solve(program, time_limit=0.5, then=[goal])
    assert outcome.status is Status.FEASIBLE
    assert len(outcome.stages) == 1
    assert "not tried: fewest" in outcome.message


def test_goals_may_leave_users_variables_out() -> None:
    """A goal over the program's own columns leaves variables added through PuLP free of cost."""
    program = made([1, 1], [[1, 1]], -INF, 5)
    extra = program.add_variable("extra", 0, 2)
    program += extra + program.variable("items", 0) <= 4
    outcome = solve(program, then=[Goal("first", np.array([1.0, 0]), True)])
    assert outcome.values[:2] == pytest.approx([4, 1])
    assert extra.varValue == pytest.approx(0)
    assert outcome.row_values == pytest.approx([5, 4])


def test_no_bound_is_told_that_is_worse_than_one_known() -> None:
    """A search that goes on from a plan with a proven bound tells that bound until it has a better one, in both senses."""
    for maximise in (True, False):
        engine = Engine(Watch())
        engine.maximises, engine.known = maximise, 10.0
        told = [engine._better(bound) for bound in (12.0, 8.0, math.inf)]
        assert told == ([10.0, 8.0, 10.0] if maximise else [12.0, 10.0, 10.0])
        engine.known = None
        assert engine._better(12.0) == 12.0
        assert engine._better(math.inf) is None


@pytest.mark.slow
def test_progress_is_reported_while_solving() -> None:
    """A long search reports seconds, best and bound; the bound is not better than the best."""
    told: list[tuple[float, float | None, float | None]] = []
    solve(instances.market_split(), time_limit=1.6, progress=lambda *news: told.append(news))
    assert told
    assert [news[0] for news in told] == sorted(news[0] for news in told)
    for _, best, bound in told:
        assert best is None or bound is None or bound <= best
