"""Money of scenarios as arrays is the money of `evaluate`: two scenarios of every shipped case; the bench does twenty."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.odds_evaluated import largest_difference

FOLDERS = sorted(one.parent for one in (Path(__file__).parents[2] / "cases").glob("*/case.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_arrays_are_evaluate(folder: Path) -> None:
    """Spend, value, penalties and cost of errors of every scenario are those of its own case, to 1e-9 of the spend."""
    assert largest_difference(folder, 2) <= 1e-9
