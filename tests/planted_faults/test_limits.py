"""Limits, rules and what contracts sell: a fault in the formulation, or in the check of a plan, shows in a small case."""

from __future__ import annotations

import pytest
from planted_faults import in_costing, in_program, in_verification
from planted_faults.planting import Fault, StaleFaultError, planted
from planted_faults.small import SMALL


@pytest.mark.parametrize("name", SMALL)
def test_without_a_fault_each_case_has_its_plan_and_refuses_the_other(name: str) -> None:
    """The best plan costs what it costs by hand, and the plan that breaks the case is refused."""
    assert SMALL[name].refused() is None


@pytest.mark.slow
@pytest.mark.parametrize("name", in_program.FAULTS)
def test_a_fault_in_the_program_is_found(name: str) -> None:
    """With the fault in place the plan is refused, or is not the best by hand."""
    fault, case = in_program.FAULTS[name]
    with planted(fault):
        assert SMALL[case].planned() is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", in_verification.LIMITS)
def test_a_fault_in_the_verifier_is_found(name: str) -> None:
    """With the fault in place a plan that breaks the case is accepted, or the best one is not."""
    fault, case = in_verification.LIMITS[name]
    with planted(fault):
        assert SMALL[case].refused() is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "case"),
    [
        ("rebates doubled", "rebate"),
        ("rebates of one kind as the other", "rebate by steps"),
        ("seats rounded down", "seats"),
        ("starts of products asked twice", "fees"),
    ],
)
def test_a_plan_is_refused_where_the_invoice_is_wrong(fault: str, case: str) -> None:
    """No plan is shown with the fault in place, not even where program and invoice read the contract alike."""
    with planted(in_costing.FAULTS[fault]):
        assert str(SMALL[case].planned()).startswith("refused")


def test_the_list_is_long_and_has_every_clause_and_rule_on_both_sides() -> None:
    """Two hundred faults; each file of a clause or rule that says what is owed or kept has some, here and there."""
    counted = {"program": [fault for fault, _ in in_program.FAULTS.values()], "invoice": [*in_costing.FAULTS.values()]}
    counted["verifier"] = [*in_verification.MONEY.values(), *(fault for fault, _ in in_verification.LIMITS.values())]
    assert sum(map(len, counted.values())) >= 200
    names = {where: {fault.clause for fault in some} - {None} for where, some in counted.items()}
    assert names["program"] | names["invoice"] == names["verifier"]
    assert len(names["verifier"]) >= 25


@pytest.mark.slow
def test_a_fault_whose_text_has_gone_is_not_taken_for_one_that_is_found() -> None:
    """A fault that is there no more, or changes nothing, says so."""
    with (
        pytest.raises(StaleFaultError, match="0 times"),
        planted(Fault("allocate/exact.py", "no such text", "another")),
    ):
        pass
    with (
        pytest.raises(StaleFaultError, match="no function"),
        planted(Fault("allocate/exact.py", "__future__", "__future__")),
    ):
        pass
