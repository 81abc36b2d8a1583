"""Plan files of every clause and rule, forged in one thing each: every one is refused, at a place in the file."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from case_kinds import KINDS, case_with
from draws import ALL, some
from finance.every_clause import FURTHER_CLAUSES
from forgeries import CHEATS, forged
from planted_faults.small import SMALL
from proofs import short

from allocate.answers import Answer
from allocate.api.solving import solve
from allocate.case.load import Case, read_case
from allocate.errors import CaseError, Problem
from allocate.record.as_json import as_json
from allocate.record.asked import asked_otherwise
from allocate.record.check import check
from allocate.record.compared import differences
from allocate.record.proof import digest
from allocate.record.shape import shape_problems
from allocate.record.text import Text

pytestmark = pytest.mark.slow

CASES = Path(__file__).resolve().parents[2] / "cases"
CLAUSES = (
    "rebate",
    "seats",
    "bonus",
    "malus",
    "early-payment",
    "switching",
    "surplus",
    "no-share",
    "one-price",
    "late",
)
SHIPPED = ("vendor-comparison", "in-house-team", "launch-gate", "video-throughput", "make-or-buy", "contracts")
SEEDS = range(6)
ALIKE = 5
"""Of a kind of case so many cheats are tried: those that were tried least before."""


def _solved(source: Any, scenario: str | None = None) -> tuple[Case, Answer] | None:
    try:
        case = read_case(source, scenario)
        with short():
            answer = solve(case)
    except CaseError:
        return None
    return (case, answer) if answer.plan is not None else None


def plans() -> list[tuple[str, Case, dict[str, Any]]]:
    """A plan of each kind of clause and rule, as a reader of its file gets it."""
    drawn = {kind: [(case_with(kind, seed), None) for seed in SEEDS] for kind in KINDS}
    shipped = {f"contracts {name}": [(CASES / "contracts", name)] for name in CLAUSES}
    shipped |= {name: [(CASES / name, None)] for name in SHIPPED}
    found = []
    for kind, sources in some(list({**drawn, **shipped}.items())):
        solved = next(filter(None, (_solved(*one) for one in sources)), None)
        if solved is not None:
            found.append((kind, solved[0], json.loads(json.dumps(as_json(solved[1])))))
    return found


def objections(document: dict[str, Any], case: Case) -> tuple[Problem, ...]:
    """What the check of a file objects to, as `allocate verify` does it."""
    text = Text("plan.json", json.dumps(document, indent=1), document)
    try:
        problems = shape_problems(text) or asked_otherwise(text, case, (), ["plan.json", "CASE"])
        if problems:
            return tuple(problems)
        found = check(text, case)
        return (*found.objections, *(Problem(words, found.inputs) for words in found.changed))
    except CaseError as error:
        return error.problems


def test_every_forged_file_is_refused_with_its_place() -> None:
    """Files forged over all kinds of clauses, a hundred and fifty where all are drawn; each is objected to at a line of the file."""
    tried, missed, names = Counter[str](), list[tuple[str, str]](), list(CHEATS)
    genuine = plans()
    for kind, case, document in genuine:
        assert check(Text("plan.json", json.dumps(document), document), case).holds, kind
        seldom = sorted(names, key=lambda name: tried[name])
        for name, made in islice(forged(document, case, seldom), ALIKE):
            found = objections(made, case)
            tried[name] += 1
            if not found or not all(one.place is not None and one.place.line > 1 for one in found):
                missed.append((kind, name))
    assert missed == []
    assert len(genuine) >= (30 if ALL else 15)
    assert sum(tried.values()) >= (150 if ALL else 75)
    assert not ALL or set(tried) == set(CHEATS)


IN_ORDER: dict[str, Any] = {
    **SMALL["budget by payment"].source,
    "objective": ["cost", "finish"],
    "give": {"cost": "10%"},
}
LATER = {
    "further clauses": FURTHER_CLAUSES,
    "a lock with a term": SMALL["price lock with a term"].source,
    "a budget by due date, and a finish": IN_ORDER,
}
"""Sampling in lots, work done again that is paid, learners by the hour, a least fee for each invoice, bundles, accuracy by window."""


def of_each_clause(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of one clause after the other an entry a twentieth smaller, totals made to follow, or one in the period before (after the first)."""
    for number, clause in enumerate(sorted({entry["clause"] for entry in document["invoice"]})):
        made = copy.deepcopy(document)
        entry = next(one for one in made["invoice"] if one["clause"] == clause and one["amount"])
        if number % 2:
            entry["period"] += 1 if entry["period"] == 1 else -1
        else:
            gone = 0.05 * entry["amount"]
            entry |= {"amount": entry["amount"] - gone, "unit_price": 0.95 * (entry["unit_price"] or 0.0)}
            made |= {"spend": made["spend"] - gone, "objective": made["objective"] - gone}
        made["digest"] = digest(made)
        yield clause, made


@pytest.mark.parametrize("name", LATER)
def test_no_entry_of_any_clause_can_be_made_smaller_or_moved(name: str) -> None:
    """What is owed by each clause, a twentieth less with all totals, or in another period, differs; files are refused at a line."""
    case = read_case(LATER[name])
    with short():
        document = json.loads(json.dumps(as_json(solve(case, gap=0.02))))
    genuine = check(Text("plan.json", json.dumps(document), document), case)
    assert genuine.holds
    right, money = as_json(genuine.answer), max(abs(document[key]) for key in ("spend", "value", "objective"))
    clauses = dict(of_each_clause(document))
    # What such a file is compared with hangs on its lines alone, and those are as they were.
    for of, made in clauses.items():
        assert list(differences(made["invoice"], right["invoice"], money, ("invoice",))), of
    whole = {of: made for of, made in clauses.items() if of in some(list(clauses), 8)}
    for of, made in [*whole.items(), *forged(document, case, ["work a period earlier", "fewer checks"])]:
        found = objections(made, case)
        assert found, of
        assert all(one.place is not None and one.place.line > 1 for one in found), of


@pytest.mark.parametrize("name", ["work with a dearer vendor", "more than is worth its money"])
def test_a_worse_plan_claimed_the_best_is_refused_at_its_status(name: str) -> None:
    """A plan worse than the best, right in every figure: nothing is wrong with it but what is said of it."""
    case = read_case(CASES / "contracts", "rebate")
    document = json.loads(json.dumps(as_json(solve(case))))
    [(_, made)] = forged(document, case, [name])
    found = objections(made, case)
    assert any(one.message.startswith("the plan is said to be optimal") for one in found)
