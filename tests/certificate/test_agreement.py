"""Solver, plan and verifier must come to the same sum before a plan is shown, and a plan must not pass its bound."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contract_cases import contract_case

from allocate import answers, read_case, solve
from allocate.api import proving, solving
from allocate.certificate.agreement import Figures, disagreements
from allocate.certificate.certificate import Certificate
from allocate.costing.clauses import rebate as rebate_module
from allocate.program.clauses import rebate as rebate_rows
from allocate.study import live

CASES = Path(__file__).parents[2] / "cases"
NAMES = ("contracts", "portfolio", "make-or-buy")
OFF = 1.0 + 1e-4
Patch = pytest.MonkeyPatch


def refused(name: str) -> str:
    """What is said in place of a plan."""
    with pytest.raises(answers.FiguresDisagreeError) as error:
        solve(read_case(CASES / name))
    return str(error.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_solver_that_tells_another_objective_is_refused(name: str, monkeypatch: Patch) -> None:
    """An objective a ten-thousandth off what the solver's own point comes to: no plan, both sums."""
    real = solving.run

    def off(*given: Any, **named: Any) -> Any:
        outcome = real(*given, **named)
        return replace(outcome, objective=outcome.objective * OFF)

    monkeypatch.setattr(solving, "run", off)
    assert "the solver says" in refused(name)


@pytest.mark.parametrize("name", ["contracts", "make-or-buy"])
def test_a_program_that_counts_otherwise_than_the_plan_is_refused(name: str, monkeypatch: Patch) -> None:
    """Costs in the program a ten-thousandth off those of the invoice: no plan, both sums."""
    real = solving.formulate

    def off(case: Any) -> Any:
        built = real(case)
        aim = replace(built.aims[0], costs=built.aims[0].costs * OFF)
        built.program.set_costs(aim.costs, maximise=aim.maximise)
        return replace(built, aims=(aim, *built.aims[1:]))

    monkeypatch.setattr(solving, "formulate", off)
    assert "the program says" in refused(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_verifier_that_comes_to_another_sum_is_refused(name: str, monkeypatch: Patch) -> None:
    """The verifier's objective a ten-thousandth off the plan's: no plan, both sums."""
    real = solving.verify

    def off(*given: Any) -> Any:
        found = real(*given)
        return replace(found, reached={key: amount * OFF for key, amount in found.reached.items()})

    monkeypatch.setattr(solving, "verify", off)
    assert "the check comes to" in refused(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_past_its_own_bound_is_refused_and_not_clamped(name: str, monkeypatch: Patch) -> None:
    """A proof that claims a ten-thousandth less than the plan reaches is told as it is, and no plan is shown."""
    real = proving.certify

    def off(*given: Any, **named: Any) -> Certificate:
        found = real(*given, **named)
        worse = abs(found.objective) * 1e-4
        bound = found.objective - worse if found.maximise else found.objective + worse
        assert replace(found, proven=bound, claimed=None).bound == bound
        return replace(found, proven=bound, claimed=None)

    monkeypatch.setattr(proving, "certify", off)
    assert "which no plan is to pass" in refused(name)


def test_along_budgets_the_figures_are_compared_too(monkeypatch: Patch) -> None:
    """A study that follows one program over budgets shows no figures whose program counts otherwise."""
    real = live.along

    def off(*given: Any) -> Any:
        for outcome in real(*given):
            yield replace(outcome, objective=outcome.objective * OFF)

    monkeypatch.setattr(live, "along", off)
    case = read_case(CASES / "portfolio")
    with pytest.raises(answers.UnverifiedPlanError):
        list(live.along_budgets(case, [100_000.0, 200_000.0]))


@pytest.mark.parametrize("name", NAMES)
def test_both_sums_are_printed_with_the_digits_that_tell_them_apart(name: str) -> None:
    """A cent's difference in millions is printed; rounding, and what value curves hide, is no difference."""
    built = solving.formulate(read_case(CASES / name))
    apart = disagreements(built, Figures(None, None, 100.0, 100.001, 100.001, None), 100.0, 100.0)
    assert (not apart) == (name == "portfolio")
    if apart:
        assert "100.0000 USD" in apart[0]
        assert "100.0010 USD" in apart[0]
    assert not disagreements(built, Figures(1e9, 1e9 + 1, 1e9 + 2, 1e9, 1e9 - 1, None), 1e9, 0.0)
    nan = Figures(float("nan"), 1.0, 1.0, 1.0, 1.0, None)
    assert disagreements(built, nan, 1.0, 1.0)


@pytest.mark.parametrize("seed", [335, 854, 1012, 1108])
def test_a_plan_of_nothing_is_shown_although_the_solver_leaves_crumbs(seed: int) -> None:
    """Least cost first, where nothing is asked for: a further goal leaves columns of 1e-7 items, which no plan lists."""
    answer = solve(read_case(contract_case(seed)))
    assert answer.plan is not None
    assert answer.objective == pytest.approx(0.0, abs=1e-6)


def test_what_invoice_and_contract_ask_is_told_clause_by_clause(monkeypatch: Patch) -> None:
    """A rebate read twice as large by program and invoice: both its sums, and what all other clauses come to, stand first."""
    real = rebate_module.rebates

    def doubled(case: Any) -> Any:
        return tuple(replace(one, shares=tuple(2 * share for share in one.shares)) for one in real(case))

    for module in (rebate_module, rebate_rows):
        monkeypatch.setattr(module, "rebates", doubled)
    with pytest.raises(answers.UnverifiedPlanError) as error:
        solve(read_case(CASES / "contracts", "rebate"))
    first, others = error.value.violations[:2]
    sums = re.fullmatch(r"rebate in all: the invoice asks (-[0-9.]+), the contract says (-[0-9.]+)", first)
    assert sums is not None
    assert float(sums[1]) == pytest.approx(2 * float(sums[2]))
    assert re.fullmatch(r"all other clauses: [0-9.]+ by both", others)


def test_a_point_found_early_may_pay_for_more_than_its_plan() -> None:
    """A search that ended early leaves a seat nobody takes: the plan costs less. Of a proven plan, or the other way round, that is a fault."""
    built = solving.formulate(read_case(CASES / "contracts"))
    less = Figures(110.0, 110.0, 110.0, 100.0, 100.0, 95.0, early=True)
    assert not disagreements(built, less, 100.0, 0.0)
    for fault in (
        replace(less, early=False),
        replace(less, aim=90.0),
        replace(less, verifier=101.0),
        replace(less, bound=105.0),
    ):
        assert disagreements(built, fault, 100.0, 0.0), fault
