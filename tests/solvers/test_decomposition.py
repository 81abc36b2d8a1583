"""Decomposition by prices: the optimum of the plain search, and bounds no plan passes, whatever the contracts."""

from __future__ import annotations

import threading
from typing import Any

import highspy
import numpy as np
import pytest
from case_kinds import KINDS, case_with
from contract_cases import contract_case
from drawn_cases import checked
from draws import some
from hypothesis import given
from hypothesis import strategies as st

from allocate import formulate, read_case, verify
from allocate.api.solving import planned
from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import branched_bound
from allocate.program.arrays import Floats, maximised
from allocate.program.partition import AXIS, partition
from allocate.program.program import Program
from allocate.solvers.decomposition.blocks import cut
from allocate.solvers.decomposition.oracle import Node
from allocate.solvers.decomposition.pricing import Pricing
from allocate.solvers.decomposition.proof import Deadline, prove
from allocate.solvers.decomposition.reach import reach, weak_bound
from allocate.solvers.goals import Goal
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.solve import solve
from allocate.solvers.watch import Watch


def bound_at(program: Program, prices: Floats) -> float:
    """What anybody computes from the trees made at prices, product by product; no solver is asked but for the trees."""
    arrays, structure = program.arrays(), program.structure()
    worst = -1e6 if arrays.maximise else 1e6
    proof = prove(arrays, structure, AXIS, prices, (0.0, 0.0, worst), Deadline(None), Watch())
    parts = partition(arrays, structure.columns.axis(AXIS))
    return branched_bound(arrays, parts, proof.duals, proof.branched.branches[0].trees, boxes(arrays, worst))


SEEDS = st.integers(0, 2**20)


def agrees_with_plain(written: dict[str, Any]) -> None:
    """Decomposition ends as the plain search does: the same best of every goal, no bound below it, a verified plan."""
    case = read_case(written)
    built = formulate(case)
    if not built.program.arrays().integer.any():
        return
    then = [Goal(aim.name, aim.costs, aim.maximise) for aim in built.aims[1:]]
    plain, other = (solve(built.program, method=method, then=then) for method in ("plain", "decomposition"))
    assert other.status is plain.status
    assert other.method == "decomposition"
    plan = planned(built, other)
    if plan is None:
        return
    assert plain.objective is not None
    assert other.bound is not None
    room, sense = 2e-6 * max(1.0, abs(plain.objective)), 1.0 if built.program.maximise else -1.0
    assert other.objective == pytest.approx(plain.objective, abs=room)
    assert sense * other.bound >= sense * plain.objective - room
    for one, reached in zip(plain.stages[1:], other.stages[1:], strict=True):
        assert reached.objective == pytest.approx(one.objective, rel=1e-4, abs=1e-4)
    assert verify(case, plan).holds


@pytest.mark.slow
@checked(12)
@given(SEEDS)
def test_it_finds_the_optimum_of_the_plain_search(seed: int) -> None:
    """Whatever contracts and rules say: the same end, the same optimum, and a verified plan."""
    agrees_with_plain(contract_case(seed))


@pytest.mark.slow
@pytest.mark.parametrize("kind", some(list(KINDS)))
def test_nothing_a_case_can_say_is_left_out(kind: str) -> None:
    """Learning, turnover, shifts, cash, goals in order and all other kinds beside contracts: as the plain search."""
    quick = {"learning": 0, "work in progress": 0}  # drawn otherwise they take seconds
    agrees_with_plain(case_with(kind, quick.get(kind, 2)))


@pytest.mark.slow
def test_what_has_no_end_is_planned_once_before_it_is_priced() -> None:
    """Whole numbers that rounding leaves without a plan, and amounts without an end: there are prices and a bound at last."""
    built = formulate(read_case(case_with("learning", 2)))
    found = solve(built.program, method="decomposition", gap=0.2)
    assert found.shared_prices is not None
    assert found.status is not Status.STOPPED


@pytest.mark.slow
@checked(20)
@given(SEEDS)
def test_no_prices_give_a_bound_that_a_plan_passes(seed: int) -> None:
    """At zero, at the relaxation's duals and at prices drawn about them the bound is never below the optimum."""
    program = formulate(read_case(contract_case(seed))).program
    arrays = program.arrays()
    best = solve(program, method="plain")
    relaxed = solve(relaxation(program), method="plain")
    if best.objective is None or relaxed.row_duals is None:
        return
    sense = 1.0 if arrays.maximise else -1.0
    random = np.random.default_rng(seed)
    for prices in (
        np.zeros(arrays.row_count),
        relaxed.row_duals,
        relaxed.row_duals * random.uniform(0, 2, arrays.row_count),
    ):
        bound = bound_at(program, prices)
        assert sense * bound >= sense * best.objective - 1e-9 * max(1.0, abs(best.objective))
    at_duals = bound_at(program, relaxed.row_duals)
    assert relaxed.objective is not None
    assert sense * at_duals <= sense * relaxed.objective + 1e-5 * max(1.0, abs(relaxed.objective))


@pytest.mark.slow
def test_a_highs_of_ones_own_on_the_same_thread_disturbs_nothing() -> None:
    """After HiGHS has run here with another number of threads, prices still bound as tightly as the relaxation."""
    own = highspy.Highs()
    own.setOptionValue("output_flag", False)
    own.setOptionValue("threads", 2)
    own.addVar(0.0, 1.0)
    own.run()
    program = portfolio()
    best = solve(program, method="decomposition")
    relaxed = solve(relaxation(program), method="plain")
    assert relaxed.objective is not None
    assert best.objective == pytest.approx(solve(portfolio(), method="plain").objective, rel=1e-6)
    assert bound_at(program, relaxed.row_duals) <= relaxed.objective * (1 + 1e-6)


def relaxation(program: Program) -> Program:
    """The same program, whole numbers let go; the program itself is changed."""
    program.set_integer(np.arange(program.column_count), False)
    return program


def portfolio(products: int = 6, seed: int = 0) -> Program:
    """Products with three vendors each, start fees, one limit shared by all and one capacity a vendor."""
    random = np.random.default_rng(seed)
    program = Program("portfolio", maximise=True)
    pair = {"product": np.repeat(np.arange(products), 3), "vendor": np.tile(np.arange(3), products)}
    items = program.add_columns("items", pair, cost=random.uniform(2, 4, 3 * products))
    starts = program.add_columns("starts", pair, upper=1.0, integer=True, cost=-random.uniform(1, 9, 3 * products))
    on = program.add_rows("on", pair, upper=0.0)
    program.add_terms(on.ids, items.ids, 1.0)
    program.add_terms(on.ids, starts.ids, -10.0)
    few = program.add_rows("few", {"product": np.arange(products)}, upper=2.0)
    program.add_terms(few.ids[pair["product"]], starts.ids, 1.0)
    hours = program.add_rows("hours", {"vendor": np.arange(3)}, upper=6.0 * products / 3)
    program.add_terms(hours.ids[pair["vendor"]], items.ids, random.uniform(0.5, 1.5, 3 * products))
    return program


def test_rows_of_one_product_are_cut_off_from_those_that_link() -> None:
    """Blocks are the products; vendors' hours link them."""
    program = portfolio()
    parts = cut(program.arrays(), program.structure().columns.axis(AXIS))
    assert len(parts.blocks) == 6
    assert not len(parts.free)
    assert parts.linking.tolist() == program.rows["hours"].ids.tolist()
    assert sorted(np.concatenate([block.columns for block in parts.blocks]).tolist()) == list(range(36))


def test_a_column_without_a_group_joins_the_one_product_it_speaks_of() -> None:
    """A product's total belongs to it, what two products share to none."""
    program = portfolio(2)
    total, shared = program.add_columns("total", count=1), program.add_columns("shared", count=1)
    rows = program.add_rows("sum", count=2, lower=0.0, upper=0.0)
    items = program.columns["items"].ids
    program.add_terms(rows.start, items[:3], 1.0)
    program.add_terms(rows.start, total.start, -1.0)
    program.add_terms(rows.start + 1, items, 1.0)
    program.add_terms(rows.start + 1, shared.start, -1.0)
    parts = cut(program.arrays(), program.structure().columns.axis(AXIS))
    assert parts.block[total.start] == 0
    assert parts.free.tolist() == [shared.start]
    assert rows.start in parts.blocks[0].rows
    assert rows.start + 1 in parts.linking


@pytest.mark.parametrize("seed", range(4))
def test_the_patterns_of_a_round_keep_their_blocks_rows(seed: int) -> None:
    """The best of every block, put together, breaks linking rows only; it gains what the bound says."""
    program = portfolio(seed=seed)
    arrays = program.arrays()
    parts = cut(arrays, program.structure().columns.axis(AXIS))
    prices = np.random.default_rng(seed).uniform(0, 3, len(parts.linking))
    found = Pricing(parts).round(prices)
    values = np.zeros(arrays.column_count)
    for pattern in found.patterns:
        values[pattern.columns] = pattern.values
    activity = arrays.activity(values)
    own = parts.owner >= 0
    assert (activity[own] <= arrays.row_upper[own] + 1e-9).all()
    assert np.array_equal(values[arrays.integer], np.round(values[arrays.integer]))
    gained = arrays.objective(values) + float(prices @ (arrays.row_upper - activity)[parts.linking])
    assert found.bound == pytest.approx(gained, abs=1e-6)


@pytest.mark.parametrize("maximise", [True, False])
def test_the_prices_of_an_outcome_give_its_bound_again(maximise: bool) -> None:
    """Anyone recomputes the bound from the prices; it is not passed by the plan, and near it."""
    program = portfolio(12)
    if not maximise:
        program.set_costs(-program.costs, maximise=False)
    found = solve(program, method="decomposition", gap=0.2)
    assert found.shared_prices is not None
    assert found.objective is not None
    again = bound_at(program, found.shared_prices)
    sense = 1.0 if maximise else -1.0
    assert sense * again >= sense * found.objective
    assert again == pytest.approx(found.objective, rel=0.2)
    assert is_feasible(program.arrays(), found.values)


def test_the_same_program_gives_the_same_plan() -> None:
    """To the last bit, also where the gap ends the search."""
    one, other = (solve(portfolio(12), method="decomposition", gap=0.01) for _ in range(2))
    assert one.values is not None
    assert other.values is not None
    assert one.values.tobytes() == other.values.tobytes()
    assert one.bound == other.bound


def test_it_stops_when_asked_to() -> None:
    """A cancelled search says that it was interrupted and claims no optimum."""
    cancel = threading.Event()
    cancel.set()
    found = solve(portfolio(12), method="decomposition", cancel=cancel)
    assert found.limit is Limit.INTERRUPT
    assert found.status in (Status.FEASIBLE, Status.STOPPED)


def test_a_linear_program_is_refused() -> None:
    """It is made for whole numbers."""
    with pytest.raises(ValueError, match="this one is linear"):
        solve(relaxation(portfolio()), method="decomposition")


def test_a_program_without_products_is_refused() -> None:
    """There is nothing to cut it by."""
    program = Program("plain", maximise=True)
    program.add_columns("items", count=3, upper=2.0, integer=True, cost=1.0)
    with pytest.raises(ValueError, match="does not fall into parts"):
        solve(program, method="decomposition")


def test_a_program_without_a_plan_is_reported() -> None:
    """Where the parts alone, or together, have no plan the end is infeasible."""
    alone, together = portfolio(), portfolio()
    alone.set_row_bounds(alone.rows["few"].ids[:1], lower=3.0)
    together.set_row_bounds(together.rows["hours"].ids, lower=1000.0, upper=2000.0)
    assert solve(alone, method="decomposition").status is Status.INFEASIBLE
    assert solve(together, method="decomposition").status is Status.INFEASIBLE


@pytest.mark.parametrize("seed", range(20))
def test_weak_duality_bounds_whatever_the_prices(seed: int) -> None:
    """No feasible point gains more, at prices drawn at random; what rows say of a column holds for it."""
    random = np.random.default_rng(seed)
    program = maximised(portfolio(3, seed).arrays())
    best = solve(portfolio(3, seed), method="plain")
    assert best.values is not None
    lower, upper = reach(program)
    assert (best.values >= lower - 1e-9).all()
    assert (best.values <= upper + 1e-9).all()
    assert np.isfinite(upper).all()
    prices = random.normal(0, 2, program.row_count)
    gains = random.normal(0, 2, program.column_count)
    bound, _ = weak_bound(program, gains, prices, lower, upper)
    assert bound >= float(gains @ best.values)


def test_a_whole_number_that_gains_next_to_nothing_keeps_its_bounds() -> None:
    """Steps of 1e-320 each do not overflow, nor do those of nothing; one that loses 2 a step has room for three."""
    lower, upper = np.zeros(4), np.full(4, 1e9)
    node = Node(10.0, lower, upper, None, proof=10.0, rest=np.array([-1e-320, 1e-320, 0.0, -2.0]))
    low, high = node.within(4.0)
    assert low.tolist() == [0.0] * 4
    assert high.tolist() == [1e9, 1e9, 1e9, 3.0]
