"""Reports of drawn contracts: prices at which work goes elsewhere, inputs moved, returns and award sheets, each against a solve of its own."""

from __future__ import annotations

import pytest
from contract_cases import contract_case
from planned_again import faults

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 11])
def test_figures_of_a_report_are_those_of_solves_of_their_own(seed: int) -> None:
    """Lots, rebates, commitments, fees, teams, tiers, levers and rules; `python -m tests.bench.figures` draws hundreds."""
    assert faults(contract_case(seed), register=False) == []
