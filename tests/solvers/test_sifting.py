"""Sifting finds what the whole program gives: status, optimum, duals, plan; from any columns, good or bad."""

from __future__ import annotations

import os
import re
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from draws import examples, some
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import formulate, read_case
from allocate import solve as solve_case
from allocate.cli.commands.solve import command
from allocate.program.arrays import ProgramArrays
from allocate.program.program import Program
from allocate.program.structure import Side, Structure
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.search import Clock, Found
from allocate.solvers.sifting import bound, coarse, method, sift
from allocate.solvers.sifting import lexicographic_objectives as faces
from allocate.solvers.solve import Goal, solve
from allocate.solvers.watch import Watch

CASES = Path(__file__).parents[2] / "cases"
INF = np.inf
NUMBERS = st.integers(-3, 3).map(float)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A small program with every kind of row and column; many are degenerate, infeasible or unbounded."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    program = Program("random", maximise=draw(st.booleans()))
    sides = [(-INF, 4.0), (2.0, INF), (3.0, 3.0), (0.0, 0.0), (1.0, 6.0), (-INF, INF), (-INF, 0.0)]
    bounds = [
        (0.0, INF),
        (0.0, INF),
        (0.0, INF),
        (0.0, 5.0),
        (-INF, INF),
        (-2.0, 3.0),
        (1.0, 1.0),
        (-INF, 0.0),
        (0.0, 0.0),
    ]
    row = [draw(st.sampled_from(sides)) for _ in range(rows)]
    column = [draw(st.sampled_from(bounds)) for _ in range(columns)]
    matrix = np.array(draw(st.lists(NUMBERS, min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)
    costs = draw(st.lists(NUMBERS, min_size=columns, max_size=columns))
    lower, upper = np.array(column).T
    program.add_columns("items", {"period": np.arange(columns) % 3}, lower=lower, upper=upper, cost=costs)
    program.add_rows("limit", count=rows, lower=np.array(row)[:, 0], upper=np.array(row)[:, 1])
    at, of = np.nonzero(matrix)
    program.add_terms(at, of, matrix[at, of])
    return program


def structure_of(program: Program) -> Structure:
    return Structure(Side(program.columns, program.column_count), Side(program.rows, program.row_count))


def from_nothing(arrays: ProgramArrays, seconds: float | None = None) -> Found:
    """Sifting that begins with no column that can be left out, all columns of one group."""
    none, one = np.zeros(arrays.column_count, dtype=bool), np.zeros(arrays.column_count, np.int32)
    return sift.sift(arrays, none, one, Watch(), Clock(seconds))[0]


def proves(arrays: ProgramArrays, found: Found) -> None:
    """Duals of the right sign that price no column in, and meet the objective: a proof of the optimum."""
    sense = 1.0 if arrays.maximise else -1.0
    assert found.values is not None
    assert found.row_duals is not None
    assert found.reduced_costs is not None
    assert is_feasible(arrays, found.values)
    assert found.reduced_costs == pytest.approx(arrays.costs - arrays.priced(found.row_duals), abs=1e-7)
    total = arrays.offset
    for prices, lower, upper in (
        (sense * found.row_duals, arrays.row_lower, arrays.row_upper),
        (sense * found.reduced_costs, arrays.lower, arrays.upper),
    ):
        side = np.where(prices > 1e-7, upper, np.where(prices < -1e-7, lower, 0.0))
        assert np.isfinite(side).all()
        total += sense * float(prices @ side)
    assert total == pytest.approx(found.objective, abs=1e-6)


@pytest.mark.slow
@given(programs())
@settings(deadline=None, max_examples=examples(300), derandomize=True)
def test_from_no_columns_at_all_it_ends_as_the_whole_program_does(program: Program) -> None:
    """Status, objective and a proof by duals, where rows first have to be made feasible too."""
    arrays = program.arrays()
    whole = solve_arrays(arrays)
    if method.evident(arrays) is not None:
        return
    found = from_nothing(arrays)
    assert found.status is whole.status
    if found.status is Status.OPTIMAL:
        assert found.objective == pytest.approx(whole.objective, abs=1e-6)
        proves(arrays, found)


@pytest.mark.slow
@given(programs())
@settings(deadline=None, max_examples=examples(100), derandomize=True)
def test_by_name_it_solves_any_linear_program(program: Program) -> None:
    """The method as users call it, by the program's periods, agrees with the plain one; so does HiGHS with scipy."""
    sifted, plain = solve(program, method="sifting"), solve(program, method="plain")
    assert (sifted.status, sifted.limit) == (plain.status, plain.limit)
    assert sifted.method == "sifting"
    if plain.status is Status.OPTIMAL:
        assert sifted.objective == pytest.approx(plain.objective, abs=1e-6)
        assert sifted.bound == sifted.objective


def portfolio(seed: int, weeks: int = 9, products: int = 5, vendors: int = 4) -> Program:
    """Products made by vendors in weeks: dear seasons, weekly hours, a budget, demand."""
    random = np.random.default_rng(seed)
    program = Program("portfolio", maximise=True)
    shape = (products, vendors, weeks)
    product, vendor, week = (axis.ravel() for axis in np.indices(shape))
    axes = {"product": product, "vendor": vendor, "period": week}
    items = program.add_columns("items", axes)
    value = program.add_columns("stretch", {"product": np.repeat(np.arange(products), 3)}, upper=20.0)
    program.add_cost(value.ids, random.uniform(1, 9, 3 * products))
    money = (random.uniform(1, 3, shape[:2])[:, :, None] * random.uniform(0.8, 1.2, (1, vendors, weeks))).ravel()
    budget = program.add_rows("budget", upper=60.0 * products)
    hours = program.add_rows(
        "hours",
        {"vendor": np.repeat(np.arange(vendors), weeks), "period": np.tile(np.arange(weeks), vendors)},
        upper=random.uniform(2, 6, vendors * weeks),
    )
    link = program.add_rows("link", {"product": np.arange(products)}, lower=0.0, upper=0.0)
    demand = program.add_rows("demand", {"product": np.arange(products)}, lower=5.0)
    program.add_terms(budget.start, items.ids, money)
    program.add_terms(hours.start + vendor * weeks + week, items.ids, random.uniform(0.5, 2.0, items.stop))
    program.add_terms(link.start + product, items.ids, 1.0)
    program.add_terms(link.start + np.repeat(np.arange(products), 3), value.ids, -1.0)
    program.add_terms(demand.start + product, items.ids, 1.0)
    return program


@pytest.mark.parametrize("seed", range(6))
def test_goals_in_order_end_at_the_plan_of_the_whole_program(seed: int) -> None:
    """Where the last goal leaves no tie, both methods give the same plan, and each goal the same objective."""
    program = portfolio(seed)
    random = np.random.default_rng(seed)
    spend = np.zeros(program.column_count)
    spend[:180] = program.arrays().value[program.arrays().index == 0]
    early = np.zeros(program.column_count)
    early[:180] = program.columns["items"].index["period"] + random.random(180)
    goals = [Goal("less spend", spend, False), Goal("earlier", early, False, breaks_ties=True)]
    sifted, plain = (solve(program, method=name, then=goals) for name in ("sifting", "plain"))
    assert [one.objective for one in sifted.stages] == pytest.approx([one.objective for one in plain.stages], rel=1e-9)
    assert sifted.values == pytest.approx(plain.values, abs=1e-6)
    again = solve(program, method="sifting", then=goals)
    assert again.values.tobytes() == sifted.values.tobytes()


def test_few_columns_enter() -> None:
    """Merged periods say which columns matter: most of them never come in."""
    program = portfolio(1, weeks=40, products=12, vendors=10)
    outcome = solve(program, method="sifting")
    entered = int(outcome.method_reason.split("; ")[1].split(" ")[0].replace(",", ""))
    assert entered < 0.35 * program.column_count
    assert outcome.objective == pytest.approx(solve(program, method="plain").objective, rel=1e-9)


def test_goals_fall_back_to_fences_when_the_face_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is held lets an earlier objective move, a row keeps it in place."""
    monkeypatch.setattr(faces, "held_columns", lambda *_: (np.empty(0, np.int32), np.empty(0)))
    monkeypatch.setattr(faces, "held_rows", lambda *_: (np.empty(0, np.int32), np.empty(0)))
    program = portfolio(2)
    goals = [Goal("fewest items", np.arange(program.column_count) < 180, False), Goal("other", np.arange(195.0), True)]
    sifted, plain = (solve(program, method=name, then=goals) for name in ("sifting", "plain"))
    assert [one.status for one in sifted.stages] == [Status.OPTIMAL] * 3
    assert [one.objective for one in sifted.stages] == pytest.approx([one.objective for one in plain.stages], rel=1e-6)


@given(st.integers(0, 2**20), st.integers(2, 6))
@settings(deadline=None, max_examples=examples(30), derandomize=True)
def test_a_merged_program_has_every_plan_that_spreads_its_work_evenly(seed: int, blocks: int) -> None:
    """A plan with the same work in all weeks of a block has the same objective and rows when the weeks are merged."""
    program = portfolio(seed)
    arrays = program.arrays()
    kinds = coarse.kinds(arrays, structure_of(program))
    part = coarse.merged(arrays, kinds, blocks)
    spread = np.random.default_rng(seed).random(part.arrays.column_count)
    members = np.bincount(part.column)
    whole = (spread / members)[part.column]
    assert part.arrays.objective(spread) == pytest.approx(arrays.objective(whole))
    summed = np.bincount(part.row, weights=arrays.activity(whole))
    assert part.arrays.activity(spread) == pytest.approx(summed)
    assert part.arrays.row_upper == pytest.approx(np.bincount(part.row, weights=arrays.row_upper))


def test_small_programs_are_left_to_the_plain_method_and_large_ones_of_many_periods_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By itself the choice goes by size, by columns per row, and by what columns differ in."""
    program = portfolio(1, weeks=20)
    assert solve(program).method == "plain"
    monkeypatch.setattr(method, "LARGE", 300)
    outcome = solve(program)
    assert outcome.method == "sifting"
    words = (
        r"a large linear program, 5 columns for each row, 96% of them alike but for their period; "
        r"\d+ of 415 columns entered"
    )
    assert re.fullmatch(words, outcome.method_reason)
    monkeypatch.setattr(method, "WIDE", 5)
    assert solve(program).method == "plain"


def test_whole_numbers_are_refused() -> None:
    """Sifting an integer program would prove nothing; the message says so."""
    program = portfolio(1)
    program.set_integer(0)
    with pytest.raises(ValueError, match=r"sifting cannot be used here: .*1 column of this one is whole-numbered"):
        solve(program, method="sifting")


def test_another_back_end_is_refused() -> None:
    """Columns are added to a live HiGHS; no other back end takes them."""
    with pytest.raises(ValueError, match="sifting works on HiGHS only, not on cbc"):
        solve(portfolio(1), method="sifting", solver="cbc")


def test_what_proves_nothing_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where HiGHS ends with neither an optimum nor a proof, the whole program is solved instead, and that is said."""
    lost = Found(Status.STOPPED, Limit.OTHER, message="HiGHS ended with: Unknown")
    monkeypatch.setattr(method, "sift", lambda *_, **__: (lost, 7))
    outcome = solve(portfolio(1), method="sifting")
    assert outcome.objective == pytest.approx(solve(portfolio(1), method="plain").objective)
    assert outcome.method_reason == "asked for; handed over to HiGHS as a whole: HiGHS ended with: Unknown"


class After:
    """A cancel event that is set after it was asked so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def is_set(self) -> bool:
        """Whether it was asked so many times."""
        self.left -= 1
        return self.left < 0


@pytest.mark.slow
def test_stopped_early_it_keeps_the_last_plan_with_a_bound() -> None:
    """Whenever it is interrupted: no plan, or one that keeps all rows, is not called optimal, and has a bound."""
    program = portfolio(3, weeks=30, products=12, vendors=10)
    best = solve(program, method="plain").objective
    seen = set()
    for times in range(0, 4000, 80):
        outcome = solve(program, method="sifting", cancel=After(times))
        seen.add(outcome.status)
        if outcome.status is Status.FEASIBLE:
            assert (outcome.limit, outcome.message) == (Limit.INTERRUPT, "interrupted")
            assert best - 1e-6 <= outcome.bound < 2 * best
            assert is_feasible(program.arrays(), outcome.values)
            assert outcome.objective <= best + 1e-6
        elif outcome.status is Status.STOPPED:
            assert (outcome.limit, outcome.values) == (Limit.INTERRUPT, None)
    assert Status.STOPPED in seen


class Presses:
    """Presses Ctrl-C when asked for the tenth time, then gives the main thread the time to take it."""

    asked = 0

    def is_set(self) -> bool:
        """Never set by itself."""
        self.asked += 1
        if self.asked == 10:
            os.kill(os.getpid(), signal.SIGINT)
        if self.asked >= 10:
            threading.Event().wait(0.02)
        return False


def test_ctrl_c_ends_it_and_leaves_the_handler_as_it_was() -> None:
    """The signal is taken in the main thread and asks sifting to stop; no KeyboardInterrupt comes out."""
    before = signal.getsignal(signal.SIGINT)
    outcome = solve(portfolio(3, weeks=30, products=12, vendors=10), method="sifting", cancel=Presses())
    assert (outcome.limit, outcome.message) == (Limit.INTERRUPT, "interrupted")
    assert signal.getsignal(signal.SIGINT) is before


def test_a_time_limit_ends_it() -> None:
    """A limit too short for anything leaves no plan and says which limit it was."""
    outcome = solve(portfolio(1, weeks=30, products=12), method="sifting", time_limit=1e-9)
    assert (outcome.status, outcome.limit) == (Status.STOPPED, Limit.TIME)
    assert outcome.message == "the time limit was reached"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(one.parent.name for one in CASES.glob("*/case.yaml")))
def test_shipped_cases_have_the_same_plan_bound_and_prices(name: str) -> None:
    """Every shipped case and scenario: the same either way, line by line; refused where it has whole numbers."""
    for scenario in some((None, *(read_case(CASES / name).file.scenarios or ())), 3):
        case = read_case(CASES / name, scenario)
        built = formulate(case)
        if built.program.arrays().integer.any():
            with pytest.raises(ValueError, match="it solves linear programs"):
                solve_case(case, formulation=built, method="sifting")
            continue
        sifted, plain = (solve_case(case, method=method, conflicts=False) for method in ("sifting", "plain"))
        assert sifted.run["method"]["name"] == "sifting"
        assert sifted.status is plain.status
        assert [one.sentence for one in sifted.reasons] == [one.sentence for one in plain.reasons]
        if plain.plan is None:
            continue
        mine, theirs = sifted.plan.lines, plain.plan.lines
        keys = ["product", "vendor", "workflow", "period"]
        assert mine[keys].to_numpy().tolist() == theirs[keys].to_numpy().tolist()
        assert mine["items"].to_numpy() == pytest.approx(theirs["items"].to_numpy(), rel=1e-6)
        assert (sifted.objective, sifted.bound) == pytest.approx((plain.objective, plain.bound), rel=1e-9)


def test_the_command_line_takes_the_method_and_says_it() -> None:
    """`--method sifting` is said under the plan; on a case with whole numbers it is refused as wrong usage."""
    found = CliRunner().invoke(command, [str(CASES / "vendor-comparison"), "--method", "sifting"])
    assert found.exit_code == 0
    assert re.search(r"^Method: sifting \(asked for; \d+ of \d+ columns entered\)\.$", found.output, re.MULTILINE)
    refused = CliRunner().invoke(command, [str(CASES / "contracts"), "--method", "sifting"])
    assert refused.exit_code == 2
    assert "the method sifting cannot be used here: it solves linear programs" in refused.output


@pytest.mark.slow
@given(programs(), st.integers(0, 2**20))
@settings(deadline=None, max_examples=examples(200), derandomize=True)
def test_a_bound_from_any_prices_is_never_passed(program: Program, seed: int) -> None:
    """Prices drawn at random give a bound that the optimum keeps, or none; those of the optimum give the optimum."""
    arrays = program.arrays()
    whole = solve_arrays(arrays)
    if whole.status is not Status.OPTIMAL or whole.row_duals is None:
        return
    sense = 1.0 if arrays.maximise else -1.0
    drawn = np.random.default_rng(seed).integers(-3, 4, arrays.row_count).astype(float)
    for prices in (drawn, whole.row_duals):
        found = bound.bound_at(arrays, prices, sense * (arrays.costs - arrays.priced(prices)))
        assert found is None or sense * found >= sense * whole.objective - 1e-6
    assert found == pytest.approx(whole.objective, abs=1e-6)
