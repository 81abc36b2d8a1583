"""The status of a plan file says what is proven; what the solver claims is a claim."""

from __future__ import annotations

import json
from typing import Any

import pytest
from case_kinds import case_with
from proofs import short

from allocate.answers import Answer
from allocate.api.solving import solve
from allocate.case.load import Case, read_case
from allocate.cli.checked import print_checked
from allocate.record.as_json import as_json
from allocate.record.check import Checked, check
from allocate.record.proof import digest
from allocate.record.text import Text
from allocate.solvers.outcome import Status

SMALL: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "products": {"a": {"item": "image", "effort": "36 s/image", "demand": "900 images"}},
    "vendors": {
        "v": {"capacity": "8 h/week", "contract": {"price": "0.30 USD/item"}, "onboarding": "20 USD"},
        "w": {"capacity": "8 h/week", "contract": {"price": "0.34 USD/item"}},
    },
}
LINEAR = {
    **SMALL,
    "vendors": {**SMALL["vendors"], "v": {"capacity": "8 h/week", "contract": {"price": "0.30 USD/item"}}},
}
WEAK = ("goals in order", 8)
"""A drawn case whose proof is weaker than what HiGHS claims."""


@pytest.fixture(scope="module")
def weak() -> tuple[Case, Answer]:
    """The drawn case, and its plan, solved once; a tree that ends early has the proof as weak in a tenth of the time."""
    case = read_case(case_with(*WEAK))
    with short():
        return case, solve(case)


def written(answer: Any) -> dict[str, Any]:
    """An answer as a reader of its file gets it."""
    return json.loads(json.dumps(as_json(answer)))  # type: ignore[no-any-return]


def checked(document: dict[str, Any], case: Case) -> Checked:
    """The check of a document that was read from a file."""
    return check(Text("plan.json", json.dumps(document, indent=1), document), case)


def dearer(case: Case, factor: float) -> dict[str, Any]:
    """The file of a plan so much dearer than the best, right in every figure and claimed to be the best of all."""
    document = written(solve(case))
    line = next(one for one in document["lines"] if one["vendor"] == "v")
    extra = (factor - 1) * document["objective"]
    moved = min(line["items"], extra / 0.04)
    other = dict(line, vendor="w", items=moved)
    line["items"] -= moved
    document["lines"] = [one for one in [*document["lines"], other] if one["items"] > 0]
    right = checked({**document, "certificate": document["certificate"]}, case).answer
    forged = written(right)
    forged["certificate"]["bound"] |= {"claimed_by_solver": forged["objective"], "gap_in_money": 0.0}
    forged |= {"status": "optimal", "solver_status": "optimal", "bound": forged["objective"], "gap": 0.0}
    forged["digest"] = digest(forged)
    return forged


@pytest.mark.parametrize("source", [SMALL, LINEAR], ids=["integer", "linear"])
@pytest.mark.parametrize("factor", [1.05, 1.001, 1.0001])
def test_a_dear_plan_that_is_called_optimal_does_not_hold(source: dict[str, Any], factor: float) -> None:
    """A plan dearer than the best, right in all figures, with gap 0 by the solver's claim, is refused at its status."""
    case = read_case(source)
    forged = dearer(case, factor)
    assert forged["objective"] > written(solve(case))["objective"] * (1 + (factor - 1) / 2)
    found = checked(forged, case)
    places = {str(one.place) for one in found.objections if one.message.startswith("the plan is said to be optimal")}
    lines = json.dumps(forged, indent=1).splitlines()
    assert [lines[int(place.split(":")[1]) - 1] for place in places] == [' "status": "optimal",']


def test_the_same_plan_called_feasible_is_shown_with_what_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing more is said than is proven, the file holds, and the claim is printed as one."""
    case = read_case(SMALL)
    forged = {**dearer(case, 1.05), "status": "feasible"}
    forged["digest"] = digest(forged)
    found = checked(forged, case)
    assert found.objections == ()
    assert found.answer.proven_status is Status.FEASIBLE
    print_checked(found, "table")
    said = capsys.readouterr().out
    assert "Status: feasible, proven to within 4.7" in said
    assert "the solver claims the plan is optimal" in said
    assert "which this file does not prove" in said


@pytest.mark.slow
def test_a_genuine_plan_with_a_weaker_proof_holds_and_says_so(
    weak: tuple[Case, Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan that only the solver calls optimal is written as feasible with its proven gap, holds, and is no more."""
    case, answer = weak
    document = written(answer)
    assert answer.status is Status.OPTIMAL
    assert (document["status"], document["solver_status"]) == ("feasible", "optimal")
    assert document["certificate"]["bound"]["proven_gap"] > 1e-3
    found = checked(document, case)
    assert found.holds
    print_checked(found, "json")
    said = json.loads(capsys.readouterr().out)
    assert (said["status"], said["claimed"]["status"]) == ("feasible", "optimal")
    assert said["proven_gap"] == pytest.approx(document["certificate"]["bound"]["proven_gap"])
    document |= {"status": "optimal"}
    document["digest"] = digest(document)
    assert [one.message[:31] for one in checked(document, case).objections] == ["the plan is said to be optimal,"]


def test_a_proven_plan_is_not_called_less() -> None:
    """A file that says less than its proof does is not what `solve` wrote."""
    case = read_case(SMALL)
    document = {**written(solve(case)), "status": "feasible"}
    document["digest"] = digest(document)
    assert any("is proven optimal" in one.message for one in checked(document, case).objections)


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e6])
def test_the_tolerance_grows_and_shrinks_with_the_money(scale: float) -> None:
    """In small money and in large a plan 1 % dearer than the best is not called optimal."""
    price = {"v": 0.30 * scale, "w": 0.34 * scale}
    vendors = {name: {"capacity": "8 h/week", "contract": {"price": f"{price[name]:.12f} USD/item"}} for name in price}
    case = read_case({**SMALL, "vendors": vendors})
    document = written(solve(case))
    answer = checked(document, case).answer
    assert answer.proven_status is Status.OPTIMAL
    assert answer.room == pytest.approx(1e-5 * document["objective"])


@pytest.mark.slow
def test_the_table_says_whose_word_it_is(weak: tuple[Case, Answer]) -> None:
    """A plan that only the solver calls optimal is printed as optimal, according to the solver."""
    from allocate.cli.answer import headline

    assert "optimal, according to the solver" in headline(weak[1])[0]
    assert "small: optimal." in headline(solve(read_case(SMALL)))[0]
