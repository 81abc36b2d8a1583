"""Money is counted twice by different hands: a fault planted in either is found by the other."""

from __future__ import annotations

import pytest
from draws import some
from planted_faults import in_costing, in_verification, money
from planted_faults.planting import Fault, planted

FAULTS = {"invoice": in_costing.FAULTS, "verifier": in_verification.MONEY}


@pytest.mark.slow
def test_the_plan_holds_without_a_fault() -> None:
    """Every clause that puts money on a bill is owed, and nothing is said against it."""
    assert money.objections() == ()
    assert len({clause for _, clause in money.clauses_owed()}) >= 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    some([pytest.param(one, id=f"{where}: {name}") for where, found in FAULTS.items() for name, one in found.items()]),
)
def test_a_fault_is_found(fault: Fault) -> None:
    """With the fault in place, invoice and verifier come to different sums, and the plan is refused."""
    with planted(fault):
        assert money.objections() != ()
