"""Choices that open columns: the optimum of brute force and of the plain search, ends that say how they came about."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_cases import checked
from facility_location_programs import drawn_program, optimum
from hypothesis import given
from hypothesis import strategies as st

from allocate import formulate, read_case, solve, verify
from allocate.answers import Answer
from allocate.certificate.facility_location.facilities import facilities_of
from allocate.program.arrays import ProgramArrays, maximised
from allocate.solvers.facility_location import method
from allocate.solvers.facility_location.search import Search
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.search import Clock
from allocate.solvers.solve import solve as solve_program
from allocate.solvers.watch import Watch
from allocate.tolerances import PROVEN


@pytest.fixture
def of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are small enough to be solved here, and decomposed all the same."""
    monkeypatch.setattr(method, "LARGE", 0)
    monkeypatch.setattr(method, "MANY", 1)
    monkeypatch.setattr(method, "FAR", np.inf)
    monkeypatch.setattr(method, "OTHERS", 1.0)


def searched(arrays: ProgramArrays, watch: Watch | None = None) -> Search | None:
    """A search to its end, None for a program whose whole numbers open nothing."""
    program = maximised(arrays)
    facilities = facilities_of(program)
    if facilities is None:
        return None
    search = Search(program, facilities, PROVEN, watch or Watch(), Clock(None))
    search.run(1.0)
    return search


@pytest.mark.slow
@checked(30)
@given(st.integers(0, 2**20))
def test_it_finds_the_optimum_of_brute_force(seed: int) -> None:
    """Capacities by week and in all, budgets, counts, pieces that are limited, penalties: the best of all choices."""
    arrays = drawn_program(seed)
    search, best = searched(arrays), optimum(arrays)
    if search is None:
        return
    if best is None:
        assert search.best is None
        assert search.bound == -np.inf
        return
    assert search.best is not None
    sense, room = (1.0 if arrays.maximise else -1.0), PROVEN * max(1.0, abs(best))
    assert is_feasible(arrays, search.best.values)
    assert arrays.objective(search.best.values) == pytest.approx(best, abs=room)
    assert sense * best - 1e-9 * max(1.0, abs(best)) <= search.bound <= sense * best + room


@pytest.mark.slow
def test_choices_that_bounds_have_taken_leave_one_plan() -> None:
    """All choices held open or closed by their bounds: the best of what that leaves, proven at once."""
    arrays = drawn_program(4)
    best = searched(arrays)
    assert best is not None
    assert best.best is not None
    whole = arrays.integer
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[whole] = upper[whole] = np.round(best.best.values[whole])
    held = searched(replace(arrays, lower=lower, upper=upper))
    assert held is not None
    assert held.objective == pytest.approx(best.objective, rel=1e-9)
    assert held.bound == pytest.approx(held.objective, rel=1e-9)
    assert held.looked == 1


@pytest.mark.slow
@checked(15)
@given(st.integers(0, 2**20))
def test_duals_of_the_plan_prove_it_with_its_choices_held(seed: int) -> None:
    """Reduced costs and duals meet the plan: each column lies at the bound its reduced cost presses it to."""
    arrays = maximised(drawn_program(seed))
    search = searched(arrays)
    if search is None or search.best is None:
        return
    values, duals = search.best.values, search.best.row_duals
    reduced = np.where(arrays.integer, 0.0, arrays.costs - arrays.priced(duals))
    room = 1e-6 * (1.0 + np.abs(arrays.costs).max())
    assert (np.abs(reduced * np.minimum(arrays.upper - values, 1e6))[reduced > room] < 1e-4).all()
    assert (np.abs(reduced * values)[reduced < -room] < 1e-4).all()
    activity = arrays.activity(values)
    assert (np.abs(arrays.row_upper - activity)[duals > room] < 1e-5).all()
    assert (np.abs(arrays.row_lower - activity)[duals < -room] < 1e-5).all()


def case(products: int = 12, vendors: int = 9, weeks: int = 2, **more: Any) -> dict[str, Any]:
    """Products asked for exactly, vendors that must be onboarded, each with a capacity in all and by week."""
    random = np.random.default_rng(5)
    return {
        "case": "openings",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": {
            f"p{n}": {"item": "image", "effort": "60 s/image", "demand": f"{random.integers(40, 90)} images"}
            for n in range(products)
        },
        "vendors": {
            f"v{n}": {"capacity": "160 items/week", "onboarding": f"{random.integers(80, 160)} USD"}
            for n in range(vendors)
        },
        "rates": [
            {"product": f"p{p}", "vendor": f"v{v}", "price": f"{random.uniform(1, 3):.2f} USD/image"}
            for p in range(products)
            for v in range(vendors)
        ],
        **more,
    }


def solved(written: dict[str, Any], **options: Any) -> tuple[Answer, Answer]:
    """The case solved by its choices, and by HiGHS as a whole."""
    read = read_case(written)
    return solve(read, method="decomposition", **options), solve(read, method="plain")


@pytest.mark.slow
@pytest.mark.usefixtures("of_any_size")
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"budget": "2_000 USD"},
        {"rules": [{"name": "few", "count": {"vendors": "any", "at-most": 6}}]},
        {"rules": [{"name": "half", "share": {"vendor": "each", "of": "spend", "at-most": "30%"}}]},
    ],
    ids=["capacities", "a budget", "a count", "a share"],
)
def test_a_case_ends_as_the_plain_search_does(more: dict[str, Any]) -> None:
    """The same cost, proven without a solver, and a plan that keeps everything, ties broken alike."""
    ours, plain = solved(case(**more))
    assert ours.run["method"]["name"] == "decomposition"
    assert "branch-and-bound node" in ours.run["method"]["reason"]
    assert ours.status is plain.status is Status.OPTIMAL
    assert ours.objective == pytest.approx(plain.objective, rel=2e-6)
    assert ours.plan is not None
    assert verify(read_case(case(**more)), ours.plan).holds
    assert ours.certificate is not None
    assert ours.certificate.proven_gap < 2e-6
    assert ours.certificate.fixed is not None
    assert ours.certificate.fixed.proven == pytest.approx(ours.objective, rel=1e-6)


@pytest.mark.slow
@pytest.mark.usefixtures("of_any_size")
def test_the_same_case_gives_the_same_plan() -> None:
    """To the last digit, in the plan and in its proof."""
    first, second = solve(read_case(case()), method="decomposition"), solve(read_case(case()), method="decomposition")
    assert first.certificate is not None
    assert second.certificate is not None
    assert first.certificate.branched == second.certificate.branched
    assert first.plan is not None
    assert second.plan is not None
    assert first.plan.lines.equals(second.plan.lines)


@pytest.mark.slow
@pytest.mark.usefixtures("of_any_size")
def test_a_case_without_a_plan_is_told_so() -> None:
    """More is asked for than all vendors together can make."""
    short = case(vendors=2)
    ours, plain = solved(short)
    assert ours.status is plain.status is Status.INFEASIBLE


@pytest.mark.slow
@pytest.mark.usefixtures("of_any_size")
def test_where_prices_prove_too_little_highs_has_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """However near the first bound and plan are, HiGHS goes on where that counts as far; the reason says so."""
    monkeypatch.setattr(method, "FAR", -1.0)
    ours, plain = solved(case())
    assert "handed over to HiGHS as a whole" in ours.run["method"]["reason"]
    assert ours.status is Status.OPTIMAL
    assert ours.objective == pytest.approx(plain.objective, rel=2e-6)


@pytest.mark.slow
@pytest.mark.usefixtures("of_any_size")
def test_a_gap_ends_it_early() -> None:
    """Within the gap asked for there is a plan and a bound that the optimum does not pass."""
    ours, plain = solved(case(), gap=0.1)
    assert ours.gap is not None
    assert ours.gap <= 0.1
    assert ours.bound is not None
    assert plain.objective is not None
    assert ours.bound <= plain.objective * (1 + 1e-9)
    assert ours.status is Status.OPTIMAL or ours.limit is Limit.GAP


@pytest.mark.slow
@pytest.mark.usefixtures("of_any_size")
def test_when_it_is_stopped_the_bound_still_holds() -> None:
    """An event ends the search after some looks: a plan if there is one, and no bound that the optimum passes."""
    program = formulate(read_case(case())).program
    best = solve_program(program, method="plain").objective
    assert best is not None
    for looks in (1, 50, 400, 2000):
        cancel = Countdown(looks)
        found = solve_program(program, method="decomposition", cancel=cancel)
        if found.bound is not None:
            assert found.bound <= best * (1 + 1e-9)
        if found.objective is not None:
            assert found.objective >= best * (1 - 1e-6)
        assert (found.status is Status.OPTIMAL) == (found.limit is None)


class Countdown(threading.Event):
    """An event that is set after it was asked so often."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def is_set(self) -> bool:
        """Whether it was asked often enough."""
        self.left -= 1
        return self.left <= 0


@pytest.mark.slow
def test_programs_tied_together_in_other_ways_go_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vendors limited week by week, and shares of each: too many kinds of prices; with demands alone it is chosen."""
    monkeypatch.setattr(method, "LARGE", 0)
    share = {"vendor": "each", "of": "items", "products": "each", "at-most": "60%"}
    weekly = case(rules=[{"name": "shares", "share": share}])
    assert solve(read_case(weekly)).run["method"]["name"] == "plain"
    total = case(weeks=1)
    assert solve(read_case(total)).run["method"]["name"] == "decomposition"


@pytest.mark.slow
def test_small_programs_and_others_go_elsewhere(tmp_path: Path) -> None:
    """Below the size it is made for, and where whole numbers open nothing of their own, other methods are chosen."""
    small = solve(read_case(case()))
    assert small.run["method"]["name"] == "plain"
    counted = case(rules=[{"name": "one each", "count": {"products": "each", "at-most": 1}}])
    assert facilities_of(formulate(read_case(case())).program.arrays()) is not None
    answer = solve(read_case(counted), method="decomposition")
    assert answer.run["method"]["name"] == "decomposition"
    assert "choices" not in answer.run["method"]["reason"]
