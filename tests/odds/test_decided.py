"""Cases as scenarios of one decision: which columns are common, and what their plans come to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from allocate.api.solving import formulate, solve
from allocate.case.load import Case, read_case, revised
from allocate.odds.decided import decided_before, further_goals, scenario_of
from allocate.odds.stacked import Scenario, stacked
from allocate.odds.two_stage import two_stage
from allocate.program.build import Built
from allocate.solvers.solve import solve as run

DATA = Path(__file__).parent.parent / "data"
CASES = Path(__file__).parent.parent.parent / "cases"
CHANCES = {"30_000 images": 0.4, "50_000 images": 0.3, "70_000 images": 0.3}


def scenarios_of(cases: list[tuple[float, Case]], known: int) -> tuple[list[Scenario], list[Built]]:
    """Cases with their chances as scenarios, and their programs."""
    made = [formulate(case) for _, case in cases]
    return [scenario_of(built, known, chance) for built, (chance, _) in zip(made, cases, strict=True)], made


def with_demand(amount: str):
    """The take-or-pay case with another demand."""
    return revised(read_case(DATA / "take_or_pay.yaml"), {"products.scans.demand.at-least": amount})


def test_take_or_pay_as_a_case_has_the_figures_worked_out_by_hand():
    """Six weeks, demand known from week 3: 30,000 are ordered, RP 22,800, WS 19,200, EEV 23,520, EVPI 3,600, VSS 720."""
    scenarios, made = scenarios_of([(chance, with_demand(amount)) for amount, chance in CHANCES.items()], known=2)
    middle = scenario_of(formulate(with_demand("48_000 images")), known=2)
    found = two_stage(
        scenarios, middle, lambda stack, numbers: further_goals(stack, [made[number] for number in numbers])
    )
    assert found.rp.middle == pytest.approx(22800)
    assert found.ws.middle == pytest.approx(19200)
    assert found.eev is not None
    assert found.eev.middle == pytest.approx(23520)
    assert found.evpi.middle == pytest.approx(3600)
    assert found.vss is not None
    assert found.vss.middle == pytest.approx(720)
    decided = found.stochastic.decided
    assert sum(decided.values()) == pytest.approx(30_000)
    assert {key[2] for key in decided} == {"ordered-now", "spot"}
    assert found.broken == ()


@pytest.mark.slow
def test_one_scenario_is_the_deterministic_plan_to_the_digit():
    """The stack of one scenario has the values that the case's own program has, column by column."""
    case = read_case(CASES / "portfolio")
    plain = solve(case)
    scenarios, made = scenarios_of([(1.0, case)], known=5)
    stack = stacked(scenarios)
    found = run(stack.program, then=further_goals(stack, made))
    assert found.values is not None
    items = found.values[stack.columns[0]][made[0].layout.items.ids]
    assert plain.plan is not None
    assert np.flatnonzero(items > 1e-6).size == len(plain.plan.lines)
    assert np.sort(items[items > 1e-6]) == pytest.approx(np.sort(plain.plan.lines["items"]), rel=1e-9)


@pytest.mark.parametrize("name", ["contracts", "in-house-team", "launch-gate", "make-or-buy", "video-throughput"])
def test_scenarios_that_do_not_differ_come_to_what_the_case_comes_to(name):
    """With every clause and rule: three scenarios that are the case itself have its objective, on average and each."""
    case = read_case(CASES / name)
    built = formulate(case)
    scenarios = [scenario_of(built, case.periods.count // 2, 1 / 3) for _ in range(3)]
    stack = stacked(scenarios)
    found, once = run(stack.program), run(stacked([scenario_of(built, 0)]).program)
    assert found.objective == pytest.approx(once.objective, rel=1e-6)
    assert stack.reached(found.values) == pytest.approx([once.objective] * 3, rel=1e-5)


def test_what_is_decided_before_a_period():
    """Items, overtime and levers of the weeks before it, and hires whose notice begins before it; nothing before week 1."""
    built = formulate(read_case(CASES / "in-house-team"))
    assert len(decided_before(built, 0)[0]) == 0
    _, keys = decided_before(built, 2)
    assert {key[0] for key in keys} >= {"items", "overtime", "hired"}
    assert max(key[-1] for key in keys if key[0] == "items") == 1
    notice = {team.hire_from for team in built.layout.teams}
    assert max(key[-1] for key in keys if key[0] == "hired") == 1 + max(notice)
    assert len(set(keys)) == len(keys)
