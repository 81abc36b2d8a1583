"""Integer programs of the OR-Library as case folders: the plan costs what is published, and is proven to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orlib
import pytest
from draws import some

from allocate import formulate, read_case, solve, verify
from allocate.answers import Answer
from allocate.api.solving import planned
from allocate.solvers.facility_location import method as facility_location
from allocate.solvers.outcome import Outcome, Status
from allocate.solvers.solve import solve as run

pytestmark = pytest.mark.slow


# Published optima: OR-Library, files capopt.txt and gap1.txt to gap3.txt (maximised).
LOCATION = {
    "cap41": 1040444.375,
    "cap42": 1098000.450,
    "cap43": 1153000.450,
    "cap44": 1235500.450,
    "cap51": 1025208.225,
    "cap61": 932615.750,
    "cap62": 977799.400,
    "cap63": 1014062.050,
    "cap64": 1045650.250,
}
# 25 and 50 warehouses: files that differ from cap101 (cap131) in the capacity and the fixed cost of their warehouses only.
LARGER = {
    "cap81": 838499.288,
    "cap84": 1069369.525,
    "cap94": 946051.325,
    "cap104": 928941.750,
    "cap111": 826124.713,
    "cap114": 1063356.488,
    "cap124": 946051.325,
    "cap134": 928941.750,
}
SINGLE_SOURCE = {
    "sscflp1": 932615.75,
    "sscflp2": 977799.40,
    "sscflp3": 1014099.61,
    "sscflp4": 1053197.44,
    "sscflp5": 932615.75,
    "sscflp6": 977799.40,
}
MOST_VALUE = {
    "gap1": (336, 327, 339, 341, 326),
    "gap2": (434, 436, 420, 419, 428),
    "gap3": (580, 564, 573, 570, 564),
}
# The same files minimised, by the bounds table of AssignmentProblems.jl (R. Martinelli, MIT licence).
LEAST_COST = {
    "gap1": (261, 269, 256, 274, 251),
    "gap2": (277, 269, 260, 269, 267),
    "gap3": (438, 415, 446, 430, 411),
}
PROBLEMS = [(name, number) for name in MOST_VALUE for number in range(5)]


def assert_best(answer: Answer | Outcome, published: float) -> None:
    """Proven, and as good as published to 1e-6."""
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(published, rel=1e-6)
    assert answer.bound == pytest.approx(published, rel=2e-6)


@pytest.mark.parametrize("name", some(list(LOCATION)))
def test_warehouses_with_fixed_costs(name: str, tmp_path: Path) -> None:
    """Customers may be served by several warehouses; a warehouse used is paid its fixed cost."""
    orlib.write_location(orlib.read_location(orlib.DATA / f"{name}.txt"), tmp_path)
    assert_best(solve(read_case(tmp_path)), LOCATION[name])


def larger(name: str) -> Any:
    """A problem of the series cap81 to cap134, as its file has it."""
    series = orlib.SERIES[name[:-1]]
    base = orlib.read_location(orlib.DATA / f"{series.file}.txt")
    fixed = orlib.FIXED[int(name[-1]) - 1]
    return replace(
        base, capacity=np.full_like(base.capacity, series.capacity), fixed=np.where(base.fixed == 0, 0.0, fixed)
    )


@pytest.mark.parametrize("name", some(list(LARGER)))
def test_more_warehouses_with_fixed_costs(name: str, tmp_path: Path) -> None:
    """25 and 50 warehouses, 50 customers: the published optimum, and every digit of the gap proven without the solver."""
    orlib.write_location(larger(name), tmp_path)
    answer = solve(read_case(tmp_path))
    assert_best(answer, LARGER[name])
    assert answer.certificate is not None
    assert answer.certificate.proven_gap < 1e-6


@pytest.mark.parametrize("name", some(list(SINGLE_SOURCE)))
def test_warehouses_with_one_source_each(name: str, tmp_path: Path) -> None:
    """A rule lets each customer be served by one warehouse only, and the plan has one line a customer."""
    problem = orlib.read_single_source(orlib.DATA / f"{name}.txt")
    orlib.write_location(problem, tmp_path, single_source=True)
    answer = solve(read_case(tmp_path))
    assert_best(answer, SINGLE_SOURCE[name])
    assert answer.plan is not None
    assert len(answer.plan.lines) == len(problem.demand)


def searched(folder: Path) -> Outcome:
    """A case's program solved, and its plan verified; without the proof of the bound, which takes these longer than the search."""
    case = read_case(folder)
    built = formulate(case)
    outcome = run(built.program)
    plan = planned(built, outcome)
    assert plan is not None
    assert verify(case, plan).holds
    return outcome


@pytest.mark.parametrize("name", some(list(MOST_VALUE), 3))
def test_jobs_by_the_ordinary_solve(name: str, tmp_path: Path) -> None:
    """The first problem of each file all the way: the plan at least cost, with what prices prove beside the solver's claim."""
    problem = orlib.read_assignments(orlib.DATA / f"{name}.txt")[0]
    orlib.write_assignment(problem, tmp_path, problem.value)
    answer = solve(read_case(tmp_path))
    assert_best(answer, LEAST_COST[name][0])
    assert answer.certificate is not None
    assert answer.certificate.proven_gap < 0.02


@pytest.mark.parametrize(("name", "number"), some(PROBLEMS, 3))
def test_jobs_at_least_cost(name: str, number: int, tmp_path: Path) -> None:
    """Every job to one agent within its hours, at least cost."""
    problem = orlib.read_assignments(orlib.DATA / f"{name}.txt")[number]
    orlib.write_assignment(problem, tmp_path, problem.value)
    assert_best(searched(tmp_path), LEAST_COST[name][number])


@pytest.mark.parametrize(("name", "number"), some(PROBLEMS, 3))
def test_jobs_at_most_value(name: str, number: int, tmp_path: Path) -> None:
    """Most value is least cost where a job costs what it falls short of the greatest value."""
    problem = orlib.read_assignments(orlib.DATA / f"{name}.txt")[number]
    most = problem.value.max()
    orlib.write_assignment(problem, tmp_path, most - problem.value)
    assert_best(searched(tmp_path), problem.value.shape[1] * most - MOST_VALUE[name][number])


@pytest.mark.parametrize("name", some(["cap64", "cap84", "sscflp3"]))
def test_warehouses_by_the_prices_of_their_capacity(name: str, tmp_path: Path) -> None:
    """Decomposition, each customer by itself at given prices of the warehouses, comes to the published optimum."""
    single = name in SINGLE_SOURCE
    read = orlib.read_single_source if single else orlib.read_location
    problem = larger(name) if name in LARGER else read(orlib.DATA / f"{name}.txt")
    orlib.write_location(problem, tmp_path, single_source=single)
    answer = solve(read_case(tmp_path), method="decomposition")
    assert answer.run["method"]["name"] == "decomposition"
    assert_best(answer, {**LOCATION, **LARGER, **SINGLE_SOURCE}[name])


@pytest.mark.parametrize("name", some(["cap62", "cap111", "cap84", "cap134"]))
def test_warehouses_by_the_choice_of_those_that_are_open(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the files of 100 warehouses and 1,000 customers are solved: the published optimum, proven node by node."""
    monkeypatch.setattr(facility_location, "LARGE", 0)
    problem = larger(name) if name in LARGER else orlib.read_location(orlib.DATA / f"{name}.txt")
    # A warehouse without a fixed cost is open to all, and no choice: its customers hang on nothing.
    orlib.write_location(problem, tmp_path)
    answer = solve(read_case(tmp_path), method="decomposition")
    assert "branch-and-bound node" in answer.run["method"]["reason"]
    assert_best(answer, {**LOCATION, **LARGER}[name])
    assert answer.certificate is not None
    assert answer.certificate.proven_gap < 2e-6
