"""Optima are proven: duals price every column, and both solvers agree; in drawn cases and in all that ship."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases.pages import AS_IT_STANDS
from drawn_cases import Case, cases, checked
from draws import some
from hypothesis import given

from allocate import formulate, read_case, solve, verify
from allocate.api.solving import planned
from allocate.program.build import Built
from allocate.solvers.outcome import Outcome, Status
from allocate.solvers.solve import solve as run


def assert_optimal(program: Any, outcome: Any) -> None:
    """A point and its duals satisfy the Karush-Kuhn-Tucker conditions of the program: feasible, priced, complementary."""
    arrays = program.arrays()
    x, y, z = outcome.values, outcome.row_duals, outcome.reduced_costs
    activity = arrays.activity(x)
    size = 1 + np.bincount(arrays.index, np.abs(arrays.value * x[arrays.column]), minlength=arrays.row_count)
    scale = 1 + np.abs(arrays.costs).max(initial=0.0)
    assert (arrays.row_lower - activity <= 1e-6 * size).all()
    assert (activity - arrays.row_upper <= 1e-6 * size).all()
    assert (x >= arrays.lower - 1e-7).all()
    assert (x <= arrays.upper + 1e-6 * (1 + np.abs(x))).all()
    np.testing.assert_allclose(z, arrays.costs - arrays.priced(y), atol=1e-7 * scale)
    sense = 1.0 if arrays.maximise else -1.0
    below, above = activity - arrays.row_lower > 1e-5 * size, arrays.row_upper - activity > 1e-5 * size
    assert (np.abs(y[below & above]) <= 1e-6 * scale).all()
    assert (sense * y[~above & below] >= -1e-6 * scale).all()
    assert (sense * y[~below & above] <= 1e-6 * scale).all()
    off_lower, off_upper = x - arrays.lower > 1e-5 * (1 + np.abs(x)), arrays.upper - x > 1e-5 * (1 + np.abs(x))
    assert (np.abs(z[off_lower & off_upper]) <= 1e-6 * scale).all()
    assert (sense * z[off_lower & ~off_upper] >= -1e-6 * scale).all()
    assert (sense * z[~off_lower & off_upper] <= 1e-6 * scale).all()


@pytest.mark.slow
@checked(15)
@given(cases())
def test_highs_and_cbc_agree_and_prove_it(drawn: Case) -> None:
    """Both solvers reach the same objective, each with duals that prove it: feasible, priced, complementary."""
    found = {}
    for solver in ("highs", "cbc"):
        built = formulate(read_case(drawn))
        outcome = run(built.program, solver=solver)
        found[solver] = outcome
        # CBC's files carry few digits: duals that prove nothing are left out, and its objective is still compared.
        if outcome.values is not None and (solver == "highs" or outcome.row_duals is not None):
            assert_optimal(built.program, outcome)
    assert found["highs"].status is found["cbc"].status
    if found["highs"].objective is not None:
        # What is compared is a difference of value and cost, each of eight digits in CBC's files.
        size = float(np.abs(built.program.arrays().costs * found["highs"].values).sum())
        assert found["highs"].objective == pytest.approx(found["cbc"].objective, abs=1e-7 * size + 1e-6)


SHIPPED = [
    pytest.param(folder, scenario, id=f"{folder.name}-{scenario or 'base'}")
    for folder in sorted(path.parent for path in (Path(__file__).resolve().parents[2] / "cases").glob("*/case.yaml"))
    for scenario in (None, *list(json.loads((folder / "expected.json").read_text(encoding="utf-8")))[1:])
]
"""Each case as it stands and each of its scenarios; tests/test_cases.py holds that these are all there are."""


def assert_as_kept(built: Built, outcome: Outcome, expected: dict[str, Any]) -> None:
    """To a millionth the optimum that is expected, with a plan that keeps every limit.

    A plan's objective is told by the value curves themselves, the optimum by the straight pieces the solver saw: plans
    equally good by the pieces may differ by what those hide, which is stated with each plan.
    """
    case = built.layout.case
    name, answer = case.file.objective[0], None
    if (
        name != "cost" or case.file.give
    ):  # goals behind the first choose among plans that are as good, or get part of it
        answer = solve(case, solver="cbc")
    plan = planned(built, outcome) if answer is None else answer.plan
    assert plan is not None
    objective, bound = (plan.amount(name), outcome.bound) if answer is None else (answer.objective, answer.bound)
    if name == "cost":
        assert objective == pytest.approx(expected["objective"], rel=1e-6)
    else:
        assert bound == pytest.approx(expected["bound"], rel=1e-6)
        assert objective == pytest.approx(expected["objective"], rel=1e-6, abs=plan.value_error)
    assert verify(case, plan).violations == ()


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize(("folder", "scenario"), some(SHIPPED, 3))
def test_shipped_cases_are_proven_on_both_solvers(folder: Path, scenario: str | None, solver: str) -> None:
    """Every shipped case, every scenario: feasible, priced and complementary; with whole numbers, at their values.

    CBC finds the status and the optimum that are kept of HiGHS, and its plan keeps every limit.
    """
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[scenario or AS_IT_STANDS]
    built = formulate(read_case(folder, scenario))
    outcome = run(built.program, solver=solver)
    assert outcome.status.value == expected["status"]
    if outcome.values is None:
        assert outcome.status is Status.INFEASIBLE
        return
    assert outcome.status is Status.OPTIMAL
    if solver == "cbc":
        assert_as_kept(built, outcome, expected)
    assert outcome.row_duals is not None
    if built.program.learned is not None:
        return  # its duals are those of a program near the plan, and the proof of its bound has others
    whole = np.flatnonzero(built.program.arrays().integer)
    if len(whole):
        assert outcome.duals_are_local
        fixed = np.round(outcome.values[whole])
        built.program.set_column_bounds(whole, fixed, fixed)
    assert_optimal(built.program, outcome)
