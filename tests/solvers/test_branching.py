"""Branching on the few whole numbers of a program: the plans of HiGHS, and a proof that needs no solver."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from window_cases import drawn

from allocate import Answer, read_case, solve
from allocate.api.solving import formulate
from allocate.certificate.branched import Branched, Tree, TreeError, unbranched
from allocate.certificate.certificate import proven, worst_looked_at
from allocate.program.arrays import maximised
from allocate.program.partition import WHOLE
from allocate.solvers.branching.method import suits
from allocate.solvers.branching.nodes import Relaxation
from allocate.solvers.branching.plans import Planner
from allocate.solvers.highs import solve_arrays
from allocate.solvers.improvement_heuristic import Choices
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.search import Clock, Start
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch


def branched(case: dict[str, Any], **more: Any) -> Answer:
    """The answer by branching."""
    return solve(read_case(case), method="branching", **more)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 3, 5, 7, 9, 10, 232])
def test_plans_are_those_of_highs_and_proven_by_arithmetic(seed: int) -> None:
    """Least cost and most net value, with steps, seats, rebates and commitments: the same money, and no gap is left."""
    found, known = branched(drawn(seed)), solve(read_case(drawn(seed)), method="plain")
    assert found.status == known.status
    if known.certificate is not None:
        assert found.certificate is not None
        assert found.certificate.objective == pytest.approx(known.certificate.objective, rel=2e-6)
        assert found.certificate.proven_gap <= 2e-6


def with_proof() -> tuple[Any, Answer, Branched]:
    """A case whose proof has several leaves."""
    case = read_case(drawn(3))
    answer = solve(case, method="branching")
    assert answer.certificate is not None
    tree = answer.certificate.branched
    assert isinstance(tree, Branched)
    assert tree.by == WHOLE
    assert tree.leaves > 2
    return case, answer, tree


def test_a_tree_without_a_part_of_its_leaves_is_none() -> None:
    """Whoever checks a proof finds every whole number in one of its leaves, or says that one is missing."""
    case, answer, tree = with_proof()
    built = formulate(case)
    assert answer.certificate is not None
    duals = np.zeros(built.program.row_count)
    worst = worst_looked_at(built, answer.certificate.objective)
    only = tree.branches[0].trees[0]
    with pytest.raises(TreeError):
        proven(built, duals, worst, unbranched(WHOLE, (Tree(only.branchings, only.leaves[:-1]),)))


def test_leaves_with_other_duals_prove_less() -> None:
    """With the duals of its leaves taken away a tree proves no more than those that are common."""
    case, answer, tree = with_proof()
    built, certificate = formulate(case), answer.certificate
    assert certificate is not None
    only = tree.branches[0].trees[0]
    bare = tuple(replace(leaf, rows=(), values=()) for leaf in only.leaves)
    worst = worst_looked_at(built, certificate.objective)
    less = proven(built, np.zeros(built.program.row_count), worst, unbranched(WHOLE, (Tree(only.branchings, bare),)))
    distance = abs(less["proven"] - certificate.objective)
    assert distance > 0.01 * abs(certificate.objective)


@pytest.mark.slow
def test_the_same_case_has_the_same_plan_and_proof() -> None:
    """Nothing in the search depends on what was searched before."""
    first, again = branched(drawn(5)), branched(drawn(5))
    assert first.plan is not None
    assert again.plan is not None
    assert first.plan.lines.equals(again.plan.lines)
    assert first.certificate is not None
    assert again.certificate is not None
    assert first.certificate.branched == again.certificate.branched


@pytest.mark.slow
def test_more_than_vendors_can_do_has_no_plan() -> None:
    """A demand of ten times the hours there are: no plan, whichever vendors are used."""
    case = drawn(3)
    for product in case["products"].values():
        product["demand"] = {"at-least": "100_000 images", "at-most": "200_000 images"}
    assert branched(case).status is Status.INFEASIBLE


def test_a_search_that_is_not_wanted_ends() -> None:
    """One that is cancelled before it began says so, without a plan."""
    cancel = threading.Event()
    cancel.set()
    found = branched(drawn(3), cancel=cancel)
    assert found.limit is Limit.INTERRUPT


def test_it_is_chosen_for_few_whole_numbers_of_large_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole numbers of vendors and months among many columns; not of a small program, which HiGHS proves sooner."""
    program = formulate(read_case(drawn(3))).program
    task = Task(program.arrays(), program.structure())
    assert suits(task) is None
    monkeypatch.setattr("allocate.solvers.branching.method.LARGE", 0)
    assert "are whole numbers" in str(suits(task))


def test_a_plan_has_no_whole_number_that_its_amounts_do_without() -> None:
    """Two idle seats and the step below the one reached: for the same amounts the program and the bill say the same."""
    case = drawn(3)
    fee = {"seat": {"price": "10 USD/month", "carries": "15 h/month"}}
    case["vendors"]["v"]["contract"] = {"price": "0.5 USD/image", "fees": fee}
    program = formulate(read_case(case)).program
    arrays, watch = maximised(program.arrays()), Watch()
    relaxation = Relaxation(arrays, watch, Clock(None))
    known = solve_arrays(arrays)
    assert known.values is not None
    seats = np.isin(relaxation.ids, program.columns["seats"].ids)
    whole = np.round(known.values[relaxation.ids])
    idle = np.where(seats, relaxation.upper, whole)
    assert (idle > whole).any()
    planner = Planner(relaxation, np.full(len(whole), 2), program.columns["items"].ids)
    assert planner.offer(idle)
    assert planner.objective == pytest.approx(arrays.objective(known.values), rel=1e-6)


def test_one_seat_less_is_tried_where_it_could_pay() -> None:
    """Numbers beyond yes and no move by one, the way their reduced cost points and their bounds allow."""
    case = drawn(3)
    fee = {"seat": {"price": "10 USD/month", "carries": "5 h/month"}}
    case["vendors"]["v"]["contract"] = {"price": "0.5 USD/image", "fees": fee}
    program = formulate(read_case(case)).program
    arrays, seats = program.arrays(), program.columns["seats"].ids
    values, reduced = np.zeros(arrays.column_count), np.zeros(arrays.column_count)
    values[seats[0]], values[seats[1]] = 2.0, 0.0
    sense = 1.0 if arrays.maximise else -1.0
    reduced[seats[0]], reduced[seats[1]] = -10.0 * sense, -20.0 * sense
    moves = Choices(arrays).promising(Start(values, None, reduced, None))
    assert ((int(seats[0]), 1.0),) in [move for _, move in moves]
    assert not any(column == seats[1] for _, move in moves for column, _ in move)
