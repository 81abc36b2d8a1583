"""Branch and bound on a live simplex: the same ends as HiGHS's own search, from whatever parts it starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocate import formulate, read_case
from allocate.program.arrays import ProgramArrays, frozen
from allocate.program.program import Program
from allocate.solvers import branch_and_bound
from allocate.solvers.branch_and_bound import Branching
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch

CASES = Path(__file__).parents[2] / "cases"


def drawn(seed: int) -> ProgramArrays:
    """A small program with start fees: yes-or-no choices that open amounts, some of them tied together."""
    r = np.random.default_rng(seed)
    count, maximise = int(r.integers(3, 9)), bool(r.integers(2))
    sign = 1.0 if maximise else -1.0
    program = Program(maximise=maximise)
    amounts = program.add_columns("amount", count=count, cost=sign * r.uniform(1, 5, count))
    opened = program.add_columns("open", count=count, cost=-sign * r.uniform(2, 30, count), upper=2.0, integer=True)
    links = program.add_rows("link", count=count, upper=0.0)
    program.add_terms(links.ids, amounts.ids, 1.0)
    program.add_terms(links.ids, opened.ids, -r.uniform(5, 15, count))
    shared = program.add_rows("shared", count=2, lower=-np.inf, upper=r.uniform(10, 40, 2))
    for row in shared.ids:
        program.add_terms(row, amounts.ids, r.uniform(0.2, 1.5, count))
    if not maximise or r.random() < 0.3:
        least = program.add_rows("least", lower=float(r.uniform(1, 60)))
        program.add_terms(least.start, amounts.ids, 1.0)
    return program.arrays()


def changed(arrays: ProgramArrays, seed: int) -> ProgramArrays:
    """The same program with other costs and sides, and with other most, or least, of its choices."""
    r = np.random.default_rng(1000 + seed)
    upper = np.where(arrays.row_upper > 0, arrays.row_upper * r.uniform(0.5, 1.5, arrays.row_count), arrays.row_upper)
    costs = arrays.costs * r.uniform(0.7, 1.4, arrays.column_count)
    most = np.where(arrays.integer, arrays.upper + r.integers(-1, 3, arrays.column_count), arrays.upper)
    least = np.where(arrays.integer, r.integers(0, 2, arrays.column_count), arrays.lower)
    return replace(
        arrays, row_upper=frozen(upper), costs=frozen(costs), upper=frozen(most), lower=frozen(np.minimum(least, most))
    )


@pytest.mark.parametrize("seed", range(40))
def test_ends_as_the_solver_s_own_search_does(seed: int) -> None:
    """Status, objective and bound of drawn programs, and of changed ones searched from the parts of the first."""
    arrays = drawn(seed)
    branching = Branching(Watch(), arrays)
    asked = (arrays, changed(arrays, seed), changed(arrays, seed + 500))
    found = [branching.base(arrays, Clock(None)), *(branching.search(one, Clock(None)) for one in asked[1:])]
    for one, end in zip(asked, found, strict=True):
        known = solve_arrays(one)
        assert end is not None
        assert end.status is known.status
        if end.values is not None:
            assert end.objective == pytest.approx(known.objective, rel=1e-6, abs=1e-6)
            assert end.bound == pytest.approx(end.objective, rel=1e-8, abs=1e-8)
            assert is_feasible(one, end.values)
            assert end.row_duals is not None


def test_choices_may_go_beyond_where_the_first_program_let_them() -> None:
    """Lots of 1,000 for 10,000 images are ten at most; the program of 11,000 has its eleventh, though none had before."""
    program = Program(maximise=False)
    made = program.add_columns("made")
    lots = program.add_columns("lots", upper=10.0, integer=True, cost=100.0)
    asked = program.add_rows("asked", lower=10_000.0)
    whole = program.add_rows("whole", lower=0.0, upper=0.0)
    program.add_terms(
        [asked.start, whole.start, whole.start], [made.start, made.start, lots.start], [1.0, 1.0, -1000.0]
    )
    arrays = program.arrays()
    branching = Branching(Watch(), arrays)
    branching.base(arrays, Clock(None))
    more = replace(
        arrays,
        upper=frozen(np.array([np.inf, 11.0])),
        row_lower=frozen(np.array([11_000.0, 0.0])),
    )
    found = branching.search(more, Clock(None))
    assert found is not None
    assert (found.status, found.objective) == (Status.OPTIMAL, 1100.0)


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    """The same question after others has the same answer, to the last digit."""
    arrays = drawn(3)
    first, second = Branching(Watch(), arrays), Branching(Watch(), arrays)
    first.base(arrays, Clock(None))
    second.base(arrays, Clock(None))
    for seed in range(4):
        second.search(changed(arrays, seed), Clock(None))
    one, other = (some.search(changed(arrays, 9), Clock(None)) for some in (first, second))
    assert one is not None
    assert other is not None
    assert one.objective == other.objective
    assert np.array_equal(one.values, other.values)  # type: ignore[arg-type]


def test_a_search_without_end_is_left_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many parts are needed, nothing is said rather than something wrong."""
    monkeypatch.setattr(branch_and_bound, "MOST", 2)
    arrays = formulate(read_case(CASES / "published-prices")).program.arrays()
    assert Branching(Watch(), arrays).base(arrays, Clock(None)) is None


def test_larger_programs_get_fewer_linear_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many fewer as each takes longer, so that a tree which does not do is soon given up; and none beyond a size."""
    arrays = drawn(3)
    assert branch_and_bound.most(arrays) == branch_and_bound.MOST
    monkeypatch.setattr(branch_and_bound, "SMALL", arrays.nonzeros // 4)
    assert branch_and_bound.most(arrays) == pytest.approx(branch_and_bound.MOST / 4, abs=20)
    assert branch_and_bound.suits(arrays)
    monkeypatch.setattr(branch_and_bound, "LARGE", arrays.nonzeros - 1)
    assert not branch_and_bound.suits(arrays)


def test_a_search_that_is_cancelled_says_so() -> None:
    """Ended from outside there is no plan, and it does not count as proven."""

    class Off:
        def is_set(self) -> bool:
            return True

    arrays = drawn(1)
    found = Branching(Watch(Off()), arrays).base(arrays, Clock(None))
    assert found is not None
    assert (found.status, found.limit) == (Status.STOPPED, Limit.INTERRUPT)
