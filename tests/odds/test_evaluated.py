"""Money of scenarios as arrays is the money of `evaluate`: two scenarios of every shipped case; the bench does twenty."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract_cases import contract_case
from tests.odds_evaluated import largest_difference

FOLDERS = sorted(one.parent for one in (Path(__file__).parents[2] / "cases").glob("*/case.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_arrays_are_evaluate(folder: Path) -> None:
    """Spend, value, penalties and cost of errors of every scenario are those of its own case, to 1e-9 of the spend."""
    assert largest_difference(folder, 2) <= 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("seed", [15, 18, 35, 39, 73, 121])
def test_arrays_are_evaluate_for_every_clause(seed: int) -> None:
    """So it is with teams, levers, tiers, rebates, retainers, early payment and penalties, and for a plan that makes nothing."""
    assert largest_difference(contract_case(seed), 2) <= 1e-9
