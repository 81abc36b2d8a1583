"""Money of scenarios as arrays is the money of `evaluate`: two scenarios of every shipped case; the bench does twenty."""

from __future__ import annotations

from pathlib import Path

import pytest
from draws import some

from allocate import read_case, solve
from allocate.odds.drawn import as_written
from allocate.odds.outcomes import held_plan, outcomes
from tests.contract_cases import contract_case
from tests.odds_evaluated import largest_difference

FOLDERS = sorted(one.parent for one in (Path(__file__).parents[2] / "cases").glob("*/case.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("folder", some(FOLDERS), ids=lambda one: one.name)
def test_arrays_are_evaluate(folder: Path) -> None:
    """Spend, value, penalties and cost of errors of every scenario are those of its own case, to 1e-9 of the spend."""
    assert largest_difference(folder, 2) <= 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_without_spreads_a_scenario_is_the_plan(folder: Path) -> None:
    """As written, every line is made when it is planned, every limit is kept, and money is that of `solve`."""
    case = read_case(folder)
    answer = solve(case)
    assert answer.plan is not None
    found = outcomes(held_plan(answer.routes, answer.plan, as_written(case)), as_written(case))
    assert found.track.spend[0] == pytest.approx(answer.plan.spend, rel=1e-12)
    assert found.track.value[0] == pytest.approx(answer.plan.value, rel=1e-12)
    assert found.net_value[0] == pytest.approx(answer.plan.net_value, rel=1e-12)
    assert found.kept[0]
    assert sorted(found.track.done.items[:, 0].tolist()) == sorted(answer.plan.lines["items"].tolist())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [15, 18, 35, 39, 73, 121])
def test_arrays_are_evaluate_for_every_clause(seed: int) -> None:
    """So it is with teams, levers, tiers, rebates, retainers, early payment and penalties, and for a plan that makes nothing."""
    assert largest_difference(contract_case(seed), 2) <= 1e-9
