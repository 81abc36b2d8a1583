"""Two stages scenario by scenario: what it proves, held against the program of all scenarios, wherever the work is done."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from allocate.odds import by_scenario
from allocate.odds.by_scenario import Decision, answers_by, columns_of, decided_by_scenario
from allocate.odds.of_all_scenarios import worst_of_all
from allocate.odds.scenario_cuts import Question, tried
from allocate.odds.stacked import Scenario
from allocate.odds.two_stage import NoPlanError, TwoStage, two_stage
from allocate.program.program import Program
from allocate.workers.executors import InProcess, executor
from tests.command_line import Run
from tests.odds.test_stages import KNOWN, SPREAD, TAKE_OR_PAY
from tests.odds.test_two_stage import FARMER, farmer, order


@pytest.fixture
def few_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The master has two scenarios whole and knows all others by cuts alone."""
    monkeypatch.setattr(by_scenario, "WHOLE", 0)


def shop(seed: int, number: int, count: int, *, whole: bool) -> Scenario:
    """Six kinds bought before demand is known; after it a fee opens more of a kind, and the rest is bought dearly."""
    common, own = np.random.default_rng(seed), np.random.default_rng([seed, number])
    program = Program(maximise=False)
    first = program.add_columns("first", count=6, upper=5, integer=whole, cost=common.uniform(5, 9, 6))
    opened = program.add_columns("opened", count=5, upper=1, integer=whole, cost=own.uniform(3, 12, 5))
    dear = program.add_columns("dear", count=5, upper=2.5, cost=own.uniform(6, 20, 5))
    rows = program.add_rows("demand", {"kind": np.arange(5)}, lower=own.uniform(2, 8, 5))
    for kind, row in enumerate(rows.ids.tolist()):
        program.add_terms(row, first.ids, common.uniform(0, 1.5, 6))
        program.add_terms(row, opened.ids[[kind]], own.uniform(2, 4, 1))
        program.add_terms(row, dear.ids[[kind]], 1.0)
    return Scenario(1 / count, program.arrays(), np.arange(6, dtype=np.int32), range(6))


def figures(found: TwoStage) -> tuple[object, ...]:
    """All that was found, to the last bit."""
    plans = [one.values.tobytes() for one in found.stochastic.outcomes if one.values is not None]
    return found.rp, found.ws, found.eev, found.stochastic.decided, found.stochastic.rounds, plans


@pytest.mark.slow
@pytest.mark.usefixtures("few_whole")
def test_published_problems_come_out_by_cuts_alone() -> None:
    """The farmer's -108,390 and the order's 22,800, each with a proven bound that meets it."""
    for scenarios, middle, rp in (
        (FARMER, farmer(1.0, 1.0), -108390),
        ([order(0.4, 30e3), order(0.3, 50e3), order(0.3, 70e3)], order(1.0, 48e3), 22800),
    ):
        found = two_stage(scenarios, middle, method="decomposition")
        assert found.stochastic.method == "decomposition"
        assert (found.rp.low, found.rp.high) == pytest.approx((rp, rp), rel=1e-6)
        assert found.broken == ()


@pytest.mark.slow
@pytest.mark.usefixtures("few_whole")
@pytest.mark.parametrize("seed", range(4))
def test_a_linear_problem_is_solved_to_the_same_figure(seed: int) -> None:
    """Cuts close the gap: both ends are the optimum of the program of all scenarios, some of which have no plan with most decisions."""
    some = [shop(seed, number, 7, whole=False) for number in range(7)]
    apart, once = (two_stage(some, some[0], method=method) for method in ("decomposition", "plain"))
    assert (apart.rp.low, apart.rp.high) == pytest.approx((once.rp.middle, once.rp.middle), rel=2e-6)
    assert apart.stochastic.reached @ apart.probabilities == pytest.approx(once.rp.middle, rel=2e-6)


@pytest.mark.slow
@pytest.mark.usefixtures("few_whole")
def test_small_units_of_money_end_at_the_same_figure() -> None:
    """Costs in millions: the search goes on until the gap is small beside the figure itself."""
    some = [shop(0, number, 7, whole=False) for number in range(7)]
    small = [replace(one, arrays=replace(one.arrays, costs=one.arrays.costs * 1e-6)) for one in some]
    apart, once = two_stage(small, small[0], method="decomposition"), two_stage(some, some[0], method="plain")
    assert (apart.rp.low, apart.rp.high) == pytest.approx((once.rp.middle * 1e-6,) * 2, rel=2e-6)


@pytest.mark.slow
def test_an_integer_problem_is_solved_or_bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for whole scenarios the gap closes; by cuts alone the optimum lies between the figures that are told."""
    some = [shop(11, number, 3, whole=True) for number in range(3)]
    optimum = two_stage(some, some[0], method="plain").rp.middle
    closed = two_stage(some, some[0], method="decomposition").rp
    assert (closed.low, closed.high) == pytest.approx((optimum, optimum), rel=1e-5)
    monkeypatch.setattr(by_scenario, "WHOLE", 0)
    between = two_stage(some, some[0], method="decomposition").rp
    assert between.low <= optimum * (1 + 1e-9)
    assert between.high >= optimum * (1 - 1e-9)


@pytest.mark.parametrize("whole", [False, True])
def test_a_search_that_has_no_time_leaves_a_plan_and_a_bracket(whole: bool) -> None:
    """What suits the worst of all scenarios is a plan in each, and what all reach by themselves bounds the best."""
    some = [shop(23, number, 6, whole=whole) for number in range(6)]
    optimum = two_stage(some, some[0], method="plain").rp.middle
    knowing, answers = two_stage(some, some[0]).knowing, answers_by(InProcess(), None)

    def last(decided: dict[Hashable, float]) -> list[Question]:
        return [Question(one, np.array([decided[key] for key in one.keys])) for one in some]

    found = decided_by_scenario(some, knowing, answers, last, until=0.0)
    assert isinstance(found, Decision)
    assert (found.rounds, found.method) == (1, "decomposition")
    assert len(found.outcomes) == len(some)
    assert found.best.low <= optimum * (1 + 1e-9)
    assert optimum * (1 - 1e-9) <= found.best.high < 2 * optimum


def test_the_worst_of_all_is_no_better_than_any() -> None:
    """Its plan is one in every scenario; where rows have two sides and other coefficients nothing is the worst."""
    some = [shop(31, number, 4, whole=False) for number in range(4)]
    worst = worst_of_all(some)
    assert worst is not None
    plan = tried(Question(worst)).outcome.values
    assert plan is not None
    for one in some:
        assert tried(Question(one, plan[one.common])).best is not None
        rows = np.bincount(one.arrays.index, one.arrays.value * plan[one.arrays.column], one.arrays.row_count)
        assert (rows >= one.arrays.row_lower - 1e-6).all()
    both_sides = replace(some[0], arrays=replace(some[0].arrays, row_upper=some[0].arrays.row_lower + 1.0))
    assert worst_of_all([both_sides, some[1]]) is None


@pytest.mark.slow
def test_cuts_hold_wherever_they_are_not_made() -> None:
    """No decision leaves a scenario less cost than a cut says; one it says to leave no plan leaves none."""
    random, told = np.random.default_rng(3), {True: 0, False: 0}
    for whole in (False, True):
        one = shop(5, 0, 1, whole=whole)
        points = random.integers(0, 3, (8, 6)).astype(float)
        found = [tried(Question(one, point, cuts=True)) for point in points]
        for cut in (other.cut for other in found if other.cut is not None):
            told[cut.of_value] += 1
            for point, there in zip(points, found, strict=True):
                if cut.of_value and there.best is not None:
                    assert there.best.high >= cut.side + cut.slope @ point - 1e-5
                elif not cut.of_value and cut.slope @ point > cut.side + 1e-5:
                    assert there.best is None
    assert min(told.values()) > 0


@pytest.mark.slow
def test_where_it_is_done_changes_no_bit(dask_cluster: Any) -> None:
    """In this process, in two others and on a cluster: the same decisions, plans, bound and rounds."""
    some = [shop(3, number, 5, whole=False) for number in range(5)]
    here = figures(two_stage(some, some[0], method="decomposition"))
    for asked in ({"workers": 2}, {"cluster": dask_cluster.scheduler_address}):
        with executor(**asked) as pool:
            assert figures(two_stage(some, some[0], method="decomposition", executor=pool)) == here


def test_large_programs_are_parted_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method follows from the columns of all scenarios."""
    some = [order(0.5, 30e3), order(0.5, 50e3)]
    assert columns_of(some) == 3
    assert two_stage(some, order(1.0, 40e3)).stochastic.method == "plain"
    monkeypatch.setattr("allocate.odds.two_stage.LARGE", 2)
    assert two_stage(some, order(1.0, 40e3)).stochastic.method == "decomposition"


def test_no_common_decision_is_told() -> None:
    """Scenarios that each have a plan, and none together, are refused with either method."""

    def asks(low: float, high: float) -> Scenario:
        program = Program(maximise=False)
        column = program.add_columns("ordered", cost=1.0, upper=10.0)
        row = program.add_rows("asked", lower=low, upper=high)
        program.add_terms(row.start, column.ids, np.ones(1))
        return Scenario(0.5, program.arrays(), np.zeros(1, np.int32), ["ordered"])

    for method in ("decomposition", "plain"):
        with pytest.raises(NoPlanError, match="no plan keeps all limits"):
            two_stage([asks(1, 2), asks(3, 4)], asks(1, 4), method=method)


@pytest.mark.slow
def test_the_command_tells_bound_and_gap(run: Run) -> None:
    """`--method decomposition` has the first stage and the figures of `plain`, says how it went, and refuses what it is not for."""
    asked = [word for path, value in {**SPREAD, **KNOWN}.items() for word in ("--set", f"{path}={value}")]
    words = ["solve", str(TAKE_OR_PAY), "--stages", "--most-scenarios", "8", *asked, "--no-save", "--format", "json"]
    found = {method: run(*words, "--method", method) for method in ("plain", "decomposition")}
    told = {method: json.loads(one.out) for method, one in found.items()}
    rp = {method: one["figures"][2] for method, one in told.items()}
    assert rp["decomposition"]["low"] == pytest.approx(rp["plain"]["low"], rel=2e-6)
    assert math.isfinite(rp["decomposition"]["high"])
    assert told["plain"]["rounds"] == 0
    assert told["decomposition"]["rounds"] > 0
    assert told["decomposition"]["gap"] <= 2e-6
    assert "scenario by scenario" in found["decomposition"].err
    assert run(*words, "--method", "sifting").code == 2
