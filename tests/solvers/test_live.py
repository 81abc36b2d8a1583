"""A live solver: changed, solved and put back; ranges of duals as in the textbooks."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from allocate import formulate, read_case
from allocate.program.program import Program
from allocate.solvers.engine import Engine
from allocate.solvers.live import Change, Live
from allocate.solvers.outcome import Status
from allocate.solvers.sifting import method
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch

CASES = Path(__file__).parents[2] / "cases"
INF = float("inf")
ROWS = np.array([0, 1, 2], dtype=np.int32)


def wyndor(integer: bool = False) -> Live:
    """Wyndor Glass (Hillier and Lieberman, Introduction to Operations Research)."""
    program = Program(maximise=True)
    columns = program.add_columns("batches", count=2, cost=np.array([3.0, 5.0]), integer=integer)
    rows = program.add_rows("hours", count=3, upper=[4.0, 12.0, 18.0])
    program.add_terms(rows.ids[[0, 1, 2, 2]], columns.ids[[0, 1, 0, 1]], np.array([1.0, 2.0, 3.0, 2.0]))
    return Live(program.arrays())


def test_ranges_of_wyndor_are_the_published_ones() -> None:
    """Plant 1 from 2 hours on, plant 2 from 6 to 18, plant 3 from 12 to 24; duals 0, 1.5, 1."""
    found, ranges = wyndor().ranges()
    assert ranges is not None
    assert found.row_duals == pytest.approx([0, 1.5, 1])
    assert ranges.lower[1:] == pytest.approx([6, 12])
    assert ranges.upper[1:] == pytest.approx([18, 24])


def test_ranges_of_dakota_are_the_published_ones() -> None:
    """Finishing hours from 16 to 24, carpentry hours from 20/3 to 10; duals 0, 10, 10, 0 (Winston)."""
    program = Program(maximise=True)
    columns = program.add_columns("furniture", count=3, cost=np.array([60.0, 30.0, 20.0]))
    rows = program.add_rows("limit", count=4, upper=[48.0, 20.0, 8.0, 5.0])
    matrix = np.array([[8, 6, 1], [4, 2, 1.5], [2, 1.5, 0.5], [0, 1, 0]])
    row, column = np.nonzero(matrix)
    program.add_terms(rows.ids[row], columns.ids[column], matrix[row, column])
    found, ranges = Live(program.arrays()).ranges()
    assert ranges is not None
    assert found.row_duals == pytest.approx([0, 10, 10, 0])
    assert (ranges.lower[1], ranges.upper[1]) == pytest.approx((16, 24))
    assert (ranges.lower[2], ranges.upper[2]) == pytest.approx((20 / 3, 10))


@pytest.mark.parametrize("integer", [False, True])
def test_a_change_is_solved_and_taken_back(integer: bool) -> None:
    """Sides, bounds and coefficients change for one solve; the next finds the program as it was."""
    live = wyndor(integer)
    freed = Change(rows=ROWS[2:], row_lower=np.array([-INF]), row_upper=np.array([INF]))
    held = Change(columns=ROWS[:1], lower=np.array([0.0]), upper=np.array([1.0]))
    entry = int(np.flatnonzero(live.arrays.index == 2)[0])
    dearer = Change(entries=np.array([entry], dtype=np.int32), values=np.array([6.0]))
    for change, best in ((freed, 42.0), (held, 33.0), (dearer, 33.0), (Change(), 36.0)):
        assert live.after(change).objective == pytest.approx(best)
    other = dearer.applied(live.arrays)
    assert live.instead(other).objective == pytest.approx(33)
    assert live.after(Change()).objective == pytest.approx(36)
    assert live.base.objective == pytest.approx(36)


def test_a_change_that_leaves_no_plan_or_no_end_says_so() -> None:
    """Infeasible and unbounded programs are told apart, and the next solve is not the worse for them."""
    live = wyndor()
    crossed = Change(rows=ROWS[:1], row_lower=np.array([5.0]), row_upper=np.array([4.0]))
    too_much = Change(rows=ROWS[:1], row_lower=np.array([40.0]), row_upper=np.array([INF]))
    open_ = Change(rows=ROWS, row_lower=np.full(3, -INF), row_upper=np.full(3, INF))
    assert live.after(crossed).status is Status.INFEASIBLE
    assert live.after(too_much).status is Status.INFEASIBLE
    assert live.after(open_).status is Status.UNBOUNDED
    assert live.after(Change()).objective == pytest.approx(36)


def test_without_time_nothing_is_found() -> None:
    """A solve that may take no seconds ends without a plan."""
    found = wyndor().after(Change(), 0.0)
    assert found.status is Status.STOPPED
    assert found.values is None


@pytest.mark.slow
def test_an_engine_that_nobody_holds_is_freed() -> None:
    """It and the HiGHS behind it: a study makes thousands of them."""
    engine = Engine(Watch())
    known = weakref.ref(engine), weakref.ref(engine.highs)
    del engine
    gc.collect()
    assert [one() for one in known] == [None, None]


def test_a_row_that_all_columns_share_is_taken_away_and_put_back() -> None:
    """Without plant 3 there are 4 and 6 batches, 42 in all; with it again 36, and one more hour of plant 2 is worth 1.5."""
    live = wyndor()
    free = Change(rows=ROWS[2:], row_lower=np.array([-INF]), row_upper=np.array([INF]))
    more = Change(rows=ROWS[1:2], row_lower=np.array([-INF]), row_upper=np.array([13.0]))
    for change, objective in ((free, 42.0), (more, 37.5), (free, 42.0), (Change(), 36.0)):
        found = live.after(change)
        assert (found.status, found.objective) == (Status.OPTIMAL, pytest.approx(objective))


def test_a_large_program_without_its_budget_is_sifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is known of its columns or without, the plan without a budget is worth the same, and so is the next."""
    monkeypatch.setattr(method, "LARGE", 100)
    monkeypatch.setattr(method, "WIDE", 0)
    program = formulate(read_case(CASES / "portfolio")).program
    arrays, row = program.arrays(), program.rows["budget"].ids
    without = Change(rows=row, row_lower=np.array([-INF]), row_upper=np.array([INF]))
    plain, sifted = Live(arrays), Live(arrays, structure=program.structure())
    assert sifted._leads_far(without.applied(arrays))
    assert method.suits(Task(arrays, program.structure()))
    for change in (without, Change()):
        one, other = plain.after(change), sifted.after(change)
        assert (one.status, other.status) == (Status.OPTIMAL, Status.OPTIMAL)
        assert other.objective == pytest.approx(one.objective, rel=1e-9)
    assert sifted.base.objective < sifted.after(without).objective


@pytest.mark.parametrize("integer", [False, True])
def test_time_that_has_run_out_ends_a_search_and_not_the_program(integer: bool) -> None:
    """With no time left a search ends at once, with the best it has or nothing; it raises no error."""
    ended = {Status.OPTIMAL, Status.FEASIBLE, Status.STOPPED}
    live = wyndor(integer)
    assert Live(live.arrays, 0.0).base.status in ended
    assert live.after(Change(rows=ROWS[:1], row_lower=np.array([-INF]), row_upper=np.array([3.0])), 0.0).status in ended
    assert live.instead(live.arrays, 0.0).status in ended
