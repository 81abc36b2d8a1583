"""First plans from the program with its periods merged."""

from __future__ import annotations

import numpy as np
import pytest
from company_cases import company_case

from allocate import formulate, read_case
from allocate.program.arrays import maximised
from allocate.solvers.branching import merged_periods
from allocate.solvers.branching.merged_periods import first_plan
from allocate.solvers.highs import solve_arrays
from allocate.solvers.learning.method import solved_truly
from allocate.solvers.outcome import Outcome, Status, is_feasible
from allocate.solvers.scaled import scaled
from allocate.solvers.search import Clock
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch

MIXES = ("onboard,startfee,minorder,count,top,team,shares", "startfee,minorder,count,tiers,seats,rebate,lots,shares")


def task(flags: str, tightness: float, size: str = "20x8x26", seed: int = 11) -> Task:
    """A case drawn with some clauses, at its own scale."""
    program = formulate(read_case(company_case(size, flags.split(","), seed, tightness))).program
    return scaled(Task(program.arrays(), program.structure(), [], None, 0.0, None, None, None, None, None)).task


@pytest.mark.slow
@pytest.mark.parametrize("flags", MIXES)
def test_a_mix_of_clauses_has_a_first_plan_that_keeps_all_rows(flags: str) -> None:
    """Whole numbers chosen with merged periods leave a plan of the whole program, with prices at which amounts earn nothing."""
    one = task(flags, 0.75)
    arrays = maximised(one.arrays)
    found = first_plan(arrays, one.structure, Watch(), Clock(None))
    assert found is not None
    assert found.reduced_costs is not None
    assert is_feasible(arrays, found.values)
    whole = found.values[arrays.integer]
    assert (whole == np.round(whole)).all()
    between = (found.values > arrays.lower + 1e-6) & (found.values < arrays.upper - 1e-6) & ~arrays.integer
    assert np.abs(found.reduced_costs[between]).max() < 1e-5


@pytest.mark.parametrize(
    ("flags", "tightness", "seed"),
    [
        ("onboard,startfee,minorder,count,shares", 0.7, 1),
        ("onboard,tiers,top,seats,rebate", 0.5, 2),
        ("minorder,count,gcount,lots,scurve", 0.7, 3),
        ("startfee,tiers,lots,shares", 0.9, 4),
        ("onboard,startfee,team,rebate", 0.7, 5),
    ],
)
def test_a_first_plan_is_one_that_a_whole_search_knows(
    flags: str, tightness: float, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In small drawn cases it keeps all rows, is not better than the optimum of the plain search, and not far from it."""
    monkeypatch.setattr(merged_periods, "LARGE", 0)
    monkeypatch.setattr(merged_periods, "MANY", 0)
    one = task(flags, tightness, "4x4x8", seed)
    arrays = maximised(one.arrays)
    best = solve_arrays(arrays, gap=0.02)
    found = first_plan(arrays, one.structure, Watch(), Clock(None))
    assert best.objective is not None
    assert best.bound is not None
    assert found is not None
    assert is_feasible(arrays, found.values)
    reached, size = arrays.objective(found.values), max(1.0, abs(best.objective))
    assert best.objective - 0.5 * size <= reached <= best.bound + 1e-6 * size


def test_a_plan_of_a_part_is_not_told_as_one_of_the_whole() -> None:
    """Searches of other programs on the way stop with the search they belong to, and nobody is told of their plans."""
    watch = Watch()
    apart = watch.apart()
    apart.best = 5.0
    assert watch.best is None
    assert not apart.stopped
    watch._stop.set()
    assert apart.stopped


@pytest.mark.slow
def test_without_room_there_is_no_first_plan() -> None:
    """A budget far below what demand costs leaves no whole numbers with a plan, and none is made up."""
    one = task(MIXES[0], 0.05)
    assert first_plan(maximised(one.arrays), one.structure, Watch(), Clock(None)) is None


def test_few_choices_are_left_to_the_whole_program() -> None:
    """Without starts on products the whole program is quick by itself: nothing is merged."""
    one = task("onboard,tiers,top", 0.75)
    assert first_plan(maximised(one.arrays), one.structure, Watch(), Clock(None)) is None


@pytest.mark.slow
def test_a_wide_program_without_a_plan_in_time_leaves_one_where_vendors_learn() -> None:
    """A plan that keeps its hours by the curves is made before the wide program is searched: it is the answer where that finds none."""
    flags = "onboard,startfee,minorder,count,learn"
    program = formulate(read_case(company_case("20x8x26", flags.split(","), 11, 0.75))).program
    assert program.learned is not None
    asked = Task(program.arrays(), program.structure(), [], None, 0.0, None, None, None, None, None)
    ended: list[Outcome] = []

    def without_time(one: Task) -> Outcome:
        ended.append(solve_arrays(one.arrays, time_limit=1e-9))
        return ended[0]

    found = solved_truly(asked, program.learned, without_time)
    assert ended[0].values is None
    assert found.values is not None
    assert found.status is Status.FEASIBLE
    assert is_feasible(program.arrays(), found.values)
