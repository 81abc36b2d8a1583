"""Bounds by choices that open columns: any prices prove something true, and what is no proof is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_cases import checked
from facility_location_programs import drawn_program, optimum
from hypothesis import given
from hypothesis import strategies as st

from allocate.certificate.branched import TreeError
from allocate.certificate.facility_location.facilities import facilities_of
from allocate.certificate.facility_location.lagrangian_relaxation import Box, Relaxation
from allocate.certificate.facility_location.proof import Opened, Priced, opened_bound
from allocate.program.arrays import ProgramArrays, maximised
from allocate.program.program import Program
from allocate.solvers.facility_location.proof_tree import written
from allocate.solvers.facility_location.search import Search
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch
from allocate.tolerances import PROVEN


def proof_of(arrays: ProgramArrays) -> Opened | None:
    """The proof a search leaves, None where it finds no plan."""
    program = maximised(arrays)
    facilities = facilities_of(program)
    if facilities is None:
        return None
    search = Search(program, facilities, PROVEN, Watch(), Clock(None))
    search.run(1.0)
    sign = 1.0 if arrays.maximise else -1.0
    if search.best is None or search.tree is None:
        return None
    return written(search.tree, facilities, sign * search.bound, sign)


@pytest.mark.slow
@checked(20)
@given(st.integers(0, 2**20))
def test_no_prices_prove_a_bound_that_a_plan_passes(seed: int) -> None:
    """With prices and targets changed at will what is proven is never better than the optimum; as written it is as good."""
    arrays = drawn_program(seed)
    proof, best = proof_of(arrays), optimum(arrays)
    if proof is None or best is None:
        return
    sense, random = (1.0 if arrays.maximise else -1.0), np.random.default_rng(seed)
    near = max(1.0, abs(best))
    assert opened_bound(arrays, proof) == pytest.approx(best, abs=2 * PROVEN * near)
    for spread in (0.0, 0.3, 3.0):
        boxes = tuple(
            replace(one, duals=tuple((np.array(one.duals) * random.uniform(1 - spread, 1 + spread)).tolist()))
            for one in proof.boxes
        )
        for target in (proof.target, best - near, best + near):
            changed = replace(proof, boxes=boxes, target=target)
            assert sense * opened_bound(arrays, changed) >= sense * best - 1e-9 * near


def knapsack() -> ProgramArrays:
    """One vendor of room 10 for a fee of 4, and three products of which it can make 4, 5 and 6 at gains of 6, 5 and 3."""
    program = Program("knapsack", maximise=True)
    opens = program.add_columns("used", count=1, cost=-4.0, upper=1.0, integer=True)
    made = program.add_columns("items", count=3, cost=np.array([6.0, 5.0, 3.0]))
    engaged = program.add_rows("engaged", count=3, upper=0.0)
    program.add_terms(engaged.ids, made.ids, 1.0)
    program.add_terms(engaged.ids, np.repeat(opens.ids, 3), np.array([-4.0, -5.0, -6.0]))
    room = program.add_rows("room", count=1, upper=0.0)
    program.add_terms(np.repeat(room.ids, 3), made.ids, np.array([2.0, 1.0, 1.0]))
    program.add_terms(room.ids, opens.ids, -10.0)
    return program.arrays()


def test_a_hub_is_worth_the_knapsack_of_what_it_opens() -> None:
    """By hand: gains for room 3, 5 and 3; 5 of the second fill 5, the first and third share the rest: 25 + 15 - 4 = 36."""
    arrays = knapsack()
    facilities = facilities_of(arrays)
    assert facilities is not None
    assert facilities.room.tolist() == [10.0]
    assert facilities.linking.tolist() == []
    look = Relaxation(arrays, facilities).look(np.zeros(0), Box(np.array([False]), np.array([True])))
    assert look.bound == 36.0
    assert look.gains.tolist() == [36.0]
    shut = Relaxation(arrays, facilities).look(np.zeros(0), Box(np.array([False]), np.array([False])))
    assert shut.bound == 0.0


def test_as_many_hubs_are_open_as_have_room_for_what_is_asked() -> None:
    """Rooms of 10, 8 and 3, and 12 asked for: two at least; with the first two closed none are enough."""
    program = Program("needed", maximise=False)
    opens = program.add_columns("used", count=3, cost=1.0, upper=1.0, integer=True)
    made = program.add_columns("items", count=3, cost=1.0)
    room = program.add_rows("room", count=3, upper=0.0)
    program.add_terms(room.ids, made.ids, 1.0)
    program.add_terms(room.ids, opens.ids, np.array([-10.0, -8.0, -3.0]))
    asked = program.add_rows("asked", count=1, lower=12.0)
    program.add_terms(np.repeat(asked.ids, 3), made.ids, 1.0)
    single = program.add_columns("more", count=3, cost=1.0)
    program.add_terms(room.ids, single.ids, 1.0)
    facilities = facilities_of(program.arrays())
    assert facilities is not None
    assert facilities.needed == 12.0
    none, every = np.zeros(3, bool), np.ones(3, bool)
    assert facilities.least_open(none, every) == 2
    assert facilities.least_open(np.array([False, False, True]), every) == 2
    assert facilities.least_open(none, np.array([False, True, True])) == 4


def test_whole_numbers_that_open_nothing_are_no_hubs() -> None:
    """A count of people, and a choice without columns of its own."""
    program = Program("seats", maximise=False)
    seats = program.add_columns("seats", count=1, cost=1.0, upper=5.0, integer=True)
    made = program.add_columns("items", count=1)
    row = program.add_rows("carried", count=1, upper=0.0)
    program.add_terms(row.ids, made.ids, 1.0)
    program.add_terms(row.ids, seats.ids, -2.0)
    assert facilities_of(program.arrays()) is None
    lonely = Program("lonely", maximise=False)
    lonely.add_columns("used", count=1, cost=1.0, upper=1.0, integer=True)
    assert facilities_of(lonely.arrays()) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: replace(one, boxes=one.boxes[:-1]), "not looked at"),
        (lambda one: replace(one, boxes=(*one.boxes, one.boxes[-1])), "more boxes"),
        (lambda one: replace(one, boxes=(replace(one.boxes[0], column=3), *one.boxes[1:])), "no choice"),
        (lambda one: replace(one, rows=(10**6, *one.rows[1:])), "does not have"),
        (lambda one: replace(one, boxes=(replace(one.boxes[0], duals=()), *one.boxes[1:])), "not one for each"),
    ],
    ids=["a box missing", "a box too many", "a cut at no choice", "a row that is not there", "prices missing"],
)
def test_what_is_no_proof_is_told(change: object, words: str) -> None:
    """Boxes that do not cover all choices, cuts and prices of what the program does not have."""
    arrays = drawn_program(3)
    proof = proof_of(arrays)
    assert proof is not None
    assert len(proof.boxes) > 1
    assert callable(change)
    with pytest.raises(TreeError, match=words):
        opened_bound(arrays, change(proof))


@pytest.mark.slow
def test_prices_that_are_no_numbers_prove_nothing_more() -> None:
    """Infinite prices and nan count as none: the bound is weaker, and still one."""
    arrays = drawn_program(3)
    proof, best = proof_of(arrays), optimum(arrays)
    assert proof is not None
    assert best is not None
    wild = tuple(
        Priced(tuple(np.nan if n % 2 else np.inf for n, _ in enumerate(one.duals)), one.column) for one in proof.boxes
    )
    sense = 1.0 if arrays.maximise else -1.0
    assert sense * opened_bound(arrays, replace(proof, boxes=wild)) >= sense * best - 1e-9
