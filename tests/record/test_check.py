"""A plan file is checked against its case: what is right passes, everything else is named with its place."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from draws import ALL, some

from allocate.api.solving import solve
from allocate.case.load import Case, read_case
from allocate.case.plan_file import PlanLine
from allocate.errors import CaseError
from allocate.record.as_json import as_json
from allocate.record.check import FREE, Checked, check, check_file
from allocate.record.compared import differences
from allocate.record.proof import digest
from allocate.record.shape import shape_problems
from allocate.record.text import Path_, Text
from allocate.record.write import write_answer
from allocate.solvers.outcome import Status

CASES = Path(__file__).resolve().parents[2] / "cases"

LINEAR: dict[str, Any] = {
    "case": "linear",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "objective": "net-value",
    "budget": "2_000 USD",
    "hurdle": "1.1",
    "products": {
        "a": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-least": "500 images", "at-most": "9_000 images"},
            "accuracy": "94%",
            "error-cost": "0.02 USD/image",
            "value": {
                "curve": {"power-law": {"a": 50, "b": 0.3}},
                "worth": "500 USD/point",
                "existing": "1_000 images",
            },
        },
        "b": {"item": "page", "effort": "90 s/page", "demand": {"at-least": "800 pages"}},
    },
    "vendors": {
        "good": {"people": 1, "hours": "40 h/week", "contract": {"price": "25 USD/h"}, "accuracy": "98%"},
        "fast": {"capacity": "60 h/week", "contract": {"price": "0.10 USD/item"}, "accuracy": "93%"},
    },
    "rules": [
        {
            "name": "no vendor alone",
            "owner": "risk",
            "reason": "resilience",
            "share": {"vendor": "fast", "of": "items", "at-most": "80%"},
        },
        {
            "name": "mostly the cheap one",
            "owner": "finance",
            "reason": "savings",
            "share": {"vendor": "good", "of": "items", "at-most": "10%"},
            "penalty": "0.01 USD/item",
        },
    ],
}
INTEGER: dict[str, Any] = {
    **{key: value for key, value in LINEAR.items() if key != "hurdle"},
    "case": "integer",
    "objective": "cost",
    "vendors": {
        "good": {**LINEAR["vendors"]["good"], "onboarding": "40 USD"},
        "fast": {
            "capacity": "60 h/week",
            "accuracy": "93%",
            "contract": {
                "tiers": {
                    "kind": "incremental",
                    "steps": [
                        {"up-to": "300 items", "price": "0.12 USD/item"},
                        {"price": "0.09 USD/item"},
                    ],
                },
            },
        },
    },
}


def written(case: Case, **options: Any) -> dict[str, Any]:
    """The JSON of a case's plan, as a reader of the file gets it."""
    return json.loads(json.dumps(as_json(solve(case, **options))))  # type: ignore[no-any-return]


def checked(document: dict[str, Any], case: Case) -> Checked:
    """The check of a document that was read from a file."""
    return check(Text("plan.json", json.dumps(document), document), case)


@pytest.fixture(scope="module", params=[LINEAR, INTEGER], ids=["linear", "integer"])
def made(request: pytest.FixtureRequest) -> tuple[Case, dict[str, Any]]:
    """A case and its plan."""
    case = read_case(request.param)
    return case, written(case)


def test_a_plan_holds_for_its_case(made: tuple[Case, dict[str, Any]]) -> None:
    """What `solve` writes is right in every figure, and proven."""
    found = checked(made[1], made[0])
    assert found.objections == ()
    assert found.holds


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", some([path.parent for path in sorted(CASES.glob("*/case.yaml"))]), ids=lambda path: path.name
)
def test_plans_of_shipped_cases_hold(folder: Path, tmp_path: Path) -> None:
    """Every shipped case that has a plan: the file holds and its bound is there, for linear ones proven to be reached."""
    for scenario in (None, *list(read_case(folder).file.scenarios)[: 2 if ALL else 1]):
        answer = solve(read_case(folder, scenario))
        if answer.plan is None or answer.certificate is None:
            continue
        write_answer(answer, tmp_path / "plan.json")
        found = check_file(tmp_path / "plan.json", folder, scenario)
        assert found.objections == ()
        assert found.holds
        one = answer.certificate
        if one.kind == "linear":
            assert one.proven_of_pieces == pytest.approx(one.objective, rel=1e-9, abs=one.curve_error)
            assert answer.status is Status.OPTIMAL
        else:
            assert one.fixed is not None
            assert one.fixed.proven == pytest.approx(one.objective, rel=1e-6)
            room = one.proven - one.objective if one.maximise else one.objective - one.proven
            assert room >= -1e-9 * max(1.0, abs(one.objective))  # a plan may pass its rows by their tolerance


LITTLE = 1e-6
"""A little more: a millionth of the figure, or of one."""


def leaves(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every leaf of a document with its path; empty containers are leaves."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    inner = [leaf for key, value in items for leaf in leaves(value, (*path, key))]
    yield from inner or [(path, data)]


def mutations(value: Any) -> list[Any]:
    """Other values a leaf could have: a little and a lot off, another name, the opposite, nothing."""
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int):
        return [value + 1, value * 10 + 7, None]
    if isinstance(value, float):
        return [
            value + LITTLE * max(1.0, abs(value)),
            value - LITTLE * max(1.0, abs(value)),
            value * 2 + 1,
            -value - 1,
            None,
        ]
    if isinstance(value, str):
        return [other for other in (value + "x", "", None) if other != value]
    return [1.0, "x"] if value is None else [None, 1.0]


def put(document: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    """A copy of a document with one value replaced, and the digest made good: a forger would."""
    changed = replaced(document, path, value)
    changed["digest"] = digest(changed)
    return changed


def replaced(data: Any, path: Path_, value: Any) -> Any:
    """The document with one value replaced; what is not on the way to it is shared."""
    if not path:
        return value
    changed = dict(data) if isinstance(data, dict) else list(data)
    changed[path[0]] = replaced(data[path[0]], path[1:], value)
    return changed


def passed(document: dict[str, Any], case: Case) -> Checked | None:
    """The check of a document in which nothing is wrong; None where something is, or it cannot be read as a plan."""
    text = Text("plan.json", json.dumps(document, indent=1), document)
    if shape_problems(text):
        return None
    try:
        found = check(text, case)
    except CaseError:
        return None
    return found if found.holds else None


def objected(document: dict[str, Any], case: Case) -> bool:
    """Whether the check finds anything wrong; a file that cannot be read as a plan is wrong too."""
    return passed(document, case) is None


SOURCES = {"linear": LINEAR, "integer": INTEGER}
PROOF: Path_ = ("certificate", "bound")


def is_free(path: Path_) -> bool:
    """Whether a leaf is only reported by the run, so that nothing but the digest covers it."""
    return any(path[: len(free)] == free for free in FREE) or path == ("limit",) or path == ("digest",)


def is_proof(path: Path_) -> bool:
    """Whether a leaf is a part of the proof: changed, it may still prove what is said."""
    return (
        path[:2] == PROOF
        and len(path) > 2
        and path[2] in ("duals", "branched", "same_whole_numbers")
        and path[-1] != "proven"
    )


def is_read(path: Path_) -> bool:
    """Whether the check reads a leaf to work from, rather than only compare it with what it works out."""
    named = path[0] == "lines" and path[-1] in ("items", "product", "vendor", "workflow", "period")
    return named or path[0] in ("run", "status", "solver_status") or path[-1] == "claimed_by_solver"


@pytest.mark.slow
def test_what_the_check_works_from_cannot_be_changed(made: tuple[Case, dict[str, Any]]) -> None:
    """Quantities, names, scenario, held lines, status and claims, changed by a little or a lot with the digest made good."""
    case, document = made
    missed = [
        (path, other)
        for path, value in leaves(document)
        if is_read(path) and not is_free(path)
        for other in mutations(value)
        if not objected(put(document, path, other), case)
    ]
    assert missed == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["linear", "integer", "portfolio", "in-house-team", "video-throughput"])
def test_every_other_figure_is_compared(name: str) -> None:
    """Every other leaf of a plan, changed by a little or a lot, differs from what the case and the lines make of it.

    In the large files of shipped cases one change of each leaf is tried, of all kinds in turn.
    """
    case = read_case(SOURCES.get(name, CASES / name))
    document = written(case)
    right = as_json(checked(document, case).answer)
    scale = max(abs(document[name]) for name in ("spend", "value", "objective"))
    missed = []
    for number, (path, value) in enumerate(leaves(document)):
        if is_read(path) or is_free(path) or is_proof(path):
            continue
        key, others = path[0], mutations(value)
        turn = number % len(others)
        for other in others if name in SOURCES or ALL else others[turn : turn + 1]:
            part = replaced(document[key], path[1:], other)
            if not list(differences(part, right[key], scale, (key,))):
                missed.append((path, other))
    assert missed == []


@pytest.mark.slow
def test_a_proof_that_was_changed_proves_no_more(made: tuple[Case, dict[str, Any]]) -> None:
    """A changed dual (or whole number), up or down in turn, either still proves what is said, or is objected to."""
    case, document = made
    stated = document["certificate"]["bound"]["proven"]
    caught = 0
    proof = [leaf for leaf in leaves(document["certificate"]["bound"], PROOF) if is_proof(leaf[0])]
    for number, (path, value) in enumerate(proof):
        for other in mutations(value)[:2] if ALL else mutations(value)[number % 2 : number % 2 + 1]:
            found = passed(put(document, path, other), case)
            if found is None:
                caught += 1
                continue
            again = found.answer.certificate
            assert again is not None
            assert again.proven == pytest.approx(stated, rel=1e-8)
    assert caught > 10


@pytest.mark.slow
def test_the_digest_covers_what_nothing_else_does(made: tuple[Case, dict[str, Any]]) -> None:
    """What the run alone reports, changed and nothing else, is objected to, but for the seconds it took."""
    case, document = made
    for path, value in leaves(document):
        if is_free(path) and path[:2] != ("run", "seconds"):
            assert objected(replaced(document, path, mutations(value)[0]), case), path


@pytest.mark.parametrize("change", ["removed", "added", "twice", "swapped vendors", "swapped items"])
def test_lines_removed_added_or_swapped_are_found(made: tuple[Case, dict[str, Any]], change: str) -> None:
    """Lines that are not those of the plan, digest made good, are objected to."""
    case, document = made
    changed = copy.deepcopy(document)
    lines = changed["lines"]
    if change == "removed":
        del lines[0]
    elif change == "added":
        lines.append({**lines[0], "items": 1.0, "period": 2})
    elif change == "twice":
        lines.append(dict(lines[0]))
    else:
        key = change.split()[1].rstrip("s") if "vendor" in change else "items"
        other = next(line for line in lines if line[key] != lines[0][key])
        lines[0][key], other[key] = other[key], lines[0][key]
    changed["digest"] = digest(changed)
    assert objected(changed, case)


@pytest.mark.slow
def test_parts_left_out_or_put_in_are_found(made: tuple[Case, dict[str, Any]]) -> None:
    """Each key of the document and of its parts taken out, or one put in, is objected to."""
    case, document = made
    for part in ((), ("certificate",), PROOF, ("run",), ("lines", 0), ("invoice", 0), ("binding", 0)):
        whole: Any = document
        for step in part:
            whole = whole[step]
        for key in [*some(list(whole)), "surprise"]:
            if is_free((*part, key)):
                continue
            changed = copy.deepcopy(document)
            place: Any = changed
            for step in part:
                place = place[step]
            if key == "surprise":
                place[key] = 1.0
            else:
                del place[key]
            changed["digest"] = digest(changed)
            assert objected(changed, case), (*part, key)


def test_a_plan_is_not_that_of_another_case(made: tuple[Case, dict[str, Any]]) -> None:
    """A case that changed makes the plan wrong, and the change shows in limits or figures."""
    _, document = made
    source = copy.deepcopy(SOURCES[document["case"]])
    source["budget"] = "100 USD"
    found = checked(document, read_case(source))
    assert any("breaks a limit: budget" in one.message for one in found.objections)


@pytest.mark.slow
def test_it_says_which_input_changed(tmp_path: Path) -> None:
    """A file of the case that was touched is named, even where nothing else is wrong."""
    folder = tmp_path / "case"
    shutil.copytree(CASES / "portfolio", folder)
    write_answer(solve(read_case(folder)), tmp_path / "plan.json")
    table = folder / "curves" / "speech.csv"
    table.write_text(table.read_text() + "\n", encoding="utf-8")
    found = check_file(tmp_path / "plan.json", folder)
    assert found.changed == ("curves/speech.csv has changed",)
    assert found.objections == ()
    assert not found.holds


@pytest.fixture(scope="module")
def richer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A plan of a scenario with settings and a line held: its file, its case and the table of what was held."""
    folder = tmp_path_factory.mktemp("richer")
    plan, case, held = folder / "plan.json", folder / "case.yaml", folder / "held.csv"
    case.write_text(json.dumps({**LINEAR, "scenarios": {"richer": {"budget": "3_000 USD"}}}), encoding="utf-8")
    held.write_text("product,vendor,workflow,period,items\nb,good,single-pass,1,100\n", encoding="utf-8")
    lines = (PlanLine("b", "good", "single-pass", 1, 100.0),)
    write_answer(solve(read_case(case, "richer", ["hurdle=1.3"]), held=lines), plan)
    return plan, case, held


def test_a_plan_is_checked_with_the_scenario_settings_and_lines_asked_for(richer: tuple[Path, Path, Path]) -> None:
    """A plan of a scenario with settings and lines held holds where just that is asked for."""
    plan, case, held = richer
    found = check_file(plan, case, "richer", ["hurdle=1.3"], held)
    assert found.objections == ()
    assert found.holds


@pytest.mark.parametrize(
    ("scenario", "settings", "fix", "places"),
    [
        (None, [], False, ["run.scenario", "run.settings", "run.options.held"]),
        (None, ["hurdle=1.3"], True, ["run.scenario"]),
        ("richer", [], True, ["run.settings"]),
        ("richer", ["hurdle=1.2"], True, ["run.settings"]),
        ("richer", ["hurdle=1.3", "budget=1_000 USD"], True, ["run.settings"]),
        ("richer", ["hurdle=1.3"], False, ["run.options.held"]),
    ],
)
def test_nothing_in_the_file_decides_what_it_is_checked_against(
    richer: tuple[Path, Path, Path], scenario: str | None, settings: list[str], fix: bool, places: list[str]
) -> None:
    """A scenario, setting or line held that was not asked for is refused, with its place and the command to check it."""
    plan, case, held = richer
    with pytest.raises(CaseError) as raised:
        check_file(plan, case, scenario, settings, held if fix else None)
    problems = raised.value.problems
    assert [one.message.partition(":")[0] for one in problems] == places
    assert all(one.place is not None and one.place.line > 0 for one in problems)
    command = f"`allocate verify {plan} {case} --scenario richer --set hurdle=1.3 --fix HELD.csv`"
    assert all(one.fix is not None and one.fix.startswith(command) for one in problems)


def test_every_line_held_proves_nothing_of_the_rest(tmp_path: Path) -> None:
    """A poor plan whose lines are all written down as held has no proof against the case as it is."""
    case = tmp_path / "case.yaml"
    case.write_text(json.dumps(LINEAR), encoding="utf-8")
    poor = tuple(
        PlanLine(*line)
        for line in (
            ("b", "good", "single-pass", 1, 800.0),
            ("a", "good", "single-pass", 1, 500.0),
            ("a", "good", "single-pass", 2, 1.0),
        )
    )
    answer = solve(read_case({**LINEAR, "rules": []}), held=poor)
    write_answer(answer, tmp_path / "plan.json")
    held = "800 of b with good in period 1, 500 of a with good in period 1, 1 of a with good in period 2"
    with pytest.raises(CaseError, match=rf"run\.options\.held: the plan was made with the lines held {held}, and"):
        check_file(tmp_path / "plan.json", case)


def test_a_plan_without_a_search_to_its_end_has_a_bound() -> None:
    """Stopped before the relaxation is done there is a bound all the same, made without a solver, and it verifies."""
    from allocate.api.solving import formulate
    from allocate.certificate.certificate import certify

    for source in (LINEAR, INTEGER):
        case = read_case(source)
        answer = solve(case)
        assert answer.objective is not None
        loose = certify(formulate(case), answer.objective, duals=None)
        assert answer.certificate is not None
        assert loose.gap < 100
        assert loose.gap_in_money >= answer.certificate.gap_in_money - 1e-6


def test_the_file_must_be_a_plan(tmp_path: Path) -> None:
    """Files that are not a plan are refused with all that is missing, each with its place."""
    path = tmp_path / "plan.json"
    for text, words in (
        ("{", "is not JSON"),
        ("[]", "holds no object"),
        ('{"a": NaN}', "NaN is not a number of JSON"),
        ('{"a": 1, "a": 2}', "'a' is written twice"),
        ('{"status": "infeasible"}', "holds no plan"),
        ("[" * 100_000, "cannot be read"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CaseError, match=words):
            check_file(path, LINEAR)
    path.write_text('{\n  "status": 3,\n  "limit": null,\n  "lines": {}\n}', encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        check_file(path, LINEAR)
    places = {one.message: str(one.place) for one in raised.value.problems}
    assert places["status expects a text"] == "plan.json:2:13"
    assert places["lines expects a list"] == "plan.json:4:12"
    assert "the file has no certificate" in places
    assert "the file has no run" in places
