"""Files that are not a plan, or are made to break the check: each is refused with its place, none with a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.errors import CaseError, Problem
from allocate.input_limits import PLAN_BRANCHES, PLAN_DEPTH, PLAN_NUMBER, PLAN_PROBLEMS, PLAN_VALUES
from allocate.record.as_json import as_json
from allocate.record.check import check
from allocate.record.shape import shape_problems
from allocate.record.text import read_json

CASE: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "products": {"a": {"item": "image", "effort": "36 s/image", "demand": "900 images"}},
    "vendors": {
        "v": {"capacity": "6 h/week", "contract": {"price": "0.30 USD/item"}, "onboarding": "20 USD"},
        "w": {"capacity": "6 h/week", "contract": {"price": "0.40 USD/item"}},
    },
}


READ = read_case(CASE)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The plan of the case, as a reader of its file gets it."""
    return json.loads(json.dumps(as_json(solve(READ))))  # type: ignore[no-any-return]


def refused(path: Path, text: str) -> tuple[Problem, ...]:
    """What the check objects to in a file of this text, read or not."""
    path.write_text(text, encoding="utf-8")
    try:
        read = read_json(path)
        if problems := shape_problems(read):
            return tuple(problems)
        found = check(read, READ)
    except CaseError as error:
        return error.problems
    assert not found.holds
    return found.objections


def put(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The document with one value replaced; what is not on the way to it is shared."""
    if not path:
        return value
    changed = dict(document) if isinstance(document, dict) else list(document)
    changed[path[0]] = put(document[path[0]], path[1:], value) if path[1:] else value  # type: ignore[call-overload,index]
    return changed


ITEMS = ("lines", 0, "items")
NUMBERS = ["9" * 5_000, "1e999", "-1e999", "1e308", "NaN", "Infinity", "-Infinity", "1" + "0" * 31, "0." + "1" * 500]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:12])
@pytest.mark.parametrize(
    "path",
    [
        ITEMS,
        ("spend",),
        ("value_error",),
        ("certificate", "bound", "claimed_by_solver"),
        ("certificate", "bound", "proven"),
        ("run", "seconds", "solve"),
        ("lines", 0, "period"),
    ],
    ids=str,
)
def test_numbers_that_are_none_or_too_large(
    document: dict[str, Any], tmp_path: Path, path: tuple[str | int, ...], number: str
) -> None:
    """A number beyond what any plan has is refused at its place, wherever it stands: infinity equals every figure."""
    text = json.dumps(put(document, path, "@"), indent=1).replace('"@"', number)
    problems = refused(tmp_path / "plan.json", text)
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    assert len(problems) == 1
    assert problems[0].message.startswith(f"{where}: ")
    assert problems[0].place is not None
    line = text.splitlines()[problems[0].place.line - 1]
    assert line[problems[0].place.column - 1 :].startswith(number[:20])


def test_every_figure_at_infinity_at_once(document: dict[str, Any], tmp_path: Path) -> None:
    """A file whose every figure is 1e999 is refused for each of them, not found equal."""
    text = json.dumps(document)
    text = re.sub(r"(?<=[ \[])-?[0-9]+\.[0-9e+-]+", "1e999", text)
    problems = refused(tmp_path / "plan.json", text)
    assert len(problems) > 40
    assert all("is too large a number" in one.message for one in problems)


@pytest.mark.slow
def test_keys_written_twice_are_each_named(tmp_path: Path) -> None:
    """Twenty thousand keys written twice are refused, the first thousand with the place of their second time."""
    keys = [f'"k{number}": {number}' for number in range(20_001)]
    problems = refused(tmp_path / "plan.json", "{\n" + ",\n".join([*keys, *keys]) + "\n}")
    assert len(problems) == PLAN_PROBLEMS
    assert problems[0].message == "'k0' is written twice in the document"
    assert str(problems[0].place) == "plan.json:20003:1"


def test_depth(document: dict[str, Any], tmp_path: Path) -> None:
    """Lists inside lists, deeper than any plan's, are refused, however deep."""
    for depth in (PLAN_DEPTH + 1, 500, 900, 100_000):
        text = json.dumps(document).replace('"message": ""', f'"message": {"[" * depth}0{"]" * depth}')
        problems = refused(tmp_path / "plan.json", text)
        assert "deep inside one another" in problems[0].message


def test_half_a_character(document: dict[str, Any], tmp_path: Path) -> None:
    """A lone surrogate, as a key or a value, is refused at its place and never printed."""
    for changed in ({**document, "x\ud800": 1}, put(document, ("lines", 0, "vendor"), "v\udfff")):
        problems = refused(tmp_path / "plan.json", json.dumps(changed))
        assert "half of a character" in problems[0].message
        assert problems[0].message.isascii()


@pytest.mark.slow
def test_a_thousand_problems_are_enough(document: dict[str, Any], tmp_path: Path) -> None:
    """A file of twenty thousand wrong lines is refused with the first thousand of them."""
    line = {**document["lines"][0], "vendor": "nobody"}
    problems = refused(tmp_path / "plan.json", json.dumps({**document, "lines": [line] * 20_000}))
    assert len(problems) == PLAN_PROBLEMS
    assert all(one.place is not None and one.place.line == 1 for one in problems)


@pytest.mark.slow
def test_a_proof_of_very_many_branches(document: dict[str, Any], tmp_path: Path) -> None:
    """Branches without an end are not gone through."""
    size = PLAN_BRANCHES
    tree = {"branchings": [[0, 0]] * size + [None] * (size + 1), "leaves": [{"rows": [], "duals": []}] * (size + 1)}
    proof = {"by": "whole program", "trees": [tree]}
    by = document["certificate"]["bound"]["branched"]
    proof["by"] = by["by"] if by else "whole"
    problems = refused(tmp_path / "plan.json", json.dumps(put(document, ("certificate", "bound", "branched"), proof)))
    assert any("branches; at most" in one.message for one in problems)


LINES: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "negative items": (ITEMS, -5.0, "lines[0].items is -5: no amount is below 0"),
    "no items": (ITEMS, 0, "lines[0].items: 0 is not an amount of a line"),
    "minus nought": (ITEMS, -0.0, "lines[0].items: -0 is not an amount of a line"),
    "true items": (ITEMS, True, "lines[0].items expects a number"),
    "items in words": (ITEMS, "900", "lines[0].items expects a number"),
    "no product": (("lines", 0, "product"), "b", "lines[0].product: there is no product 'b'"),
    "no vendor": (("lines", 0, "vendor"), "V", "lines[0].vendor: there is no vendor 'V'"),
    "no workflow": (("lines", 0, "workflow"), "none", "lines[0].workflow: there is no workflow 'none'"),
    "period 0": (("lines", 0, "period"), 0, "lines[0].period: 0 is not one of 2 periods"),
    "period 3": (("lines", 0, "period"), 3, "lines[0].period: 3 is not one of 2 periods"),
    "half a period": (("lines", 0, "period"), 1.5, "lines[0].period expects a whole number"),
    "true period": (("lines", 0, "period"), True, "lines[0].period expects a whole number"),
    "levers of numbers": (("lines", 0, "levers"), [1], "lines[0].levers expects names of levers"),
    "unknown lever": (("lines", 0, "levers"), "faster", "lines[0].levers: there is no lever 'faster'"),
    "line in words": (("lines", 0), "a line", "lines[0] expects an object"),
    "held line in words": (("run", "options", "held"), ["x"], "run.options.held[0] expects an object"),
    "held levers": (
        ("run", "options", "held"),
        [{"product": "a", "vendor": "v", "workflow": "single-pass", "period": 1, "items": 1, "levers": [None]}],
        "run.options.held[0].levers expects names of levers",
    ),
    "staff in words": (("staff",), ["x"], "staff[0] expects an object"),
    "settings of numbers": (("run", "settings"), [1], "run.settings expects texts"),
    "inputs of numbers": (("run", "inputs"), {"case.yaml": 1}, "run.inputs expects a hash"),
    "another status": (("status",), "perfect", "there is no status 'perfect' of a plan"),
    "another solver status": (("solver_status",), "infeasible", "there is no solver_status 'infeasible' of a plan"),
    "another limit": (("limit",), "patience", "there is no limit 'patience'"),
}


@pytest.mark.parametrize("what", LINES)
def test_values_of_the_wrong_kind(document: dict[str, Any], tmp_path: Path, what: str) -> None:
    """What is not an amount, no name of the case or of the wrong kind is refused in words, at its place."""
    path, value, words = LINES[what]
    problems = refused(tmp_path / "plan.json", json.dumps(put(document, path, value), indent=1))
    assert problems[0].message.startswith(words)
    assert problems[0].place is not None
    assert problems[0].place.line > 1


def test_the_same_work_twice(document: dict[str, Any], tmp_path: Path) -> None:
    """A line written twice is refused at its second place, with the number of the first."""
    lines = document["lines"]
    problems = refused(tmp_path / "plan.json", json.dumps({**document, "lines": [*lines, lines[0]]}))
    assert problems[0].message == f"lines[{len(lines)}]: the same work is written twice, here and in lines[0]"


def containers(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths of every value that is not inside a long list, and of the first two of those that are."""
    yield path
    if isinstance(data, dict):
        for key in data:
            yield from containers(data[key], (*path, key))
    elif isinstance(data, list):
        for number in range(min(2, len(data))):
            yield from containers(data[number], (*path, number))


@pytest.mark.slow
def test_wrong_kinds_everywhere(document: dict[str, Any], tmp_path: Path) -> None:
    """Any value of another kind, anywhere, is refused with a place and without a traceback."""
    free = ("run", "message", "digest")
    kinds: list[Any] = [None, True, 7, -1.5, "text", [], {}, [[]], [None], {"x": []}]
    tried = 0
    for number, path in enumerate(containers(document)):
        if path[:1] in [(one,) for one in free]:
            continue
        value = kinds[number % len(kinds)]
        now: Any = document
        for step in path:
            now = now[step]
        if type(value) is type(now) and value == now:
            continue
        problems = refused(tmp_path / "plan.json", json.dumps(put(document, path, value)))
        assert problems, path
        tried += 1
    assert tried > 100


def test_very_many_values(tmp_path: Path) -> None:
    """A file of more values than any plan's is refused before they are read."""
    problems = refused(tmp_path / "plan.json", '{"lines": [' + "0," * (PLAN_VALUES + 1) + "0]}")
    assert [one.message for one in problems] == [
        f"plan.json has {PLAN_VALUES + 1:,} values; at most {PLAN_VALUES:,} are read"
    ]


def test_a_number_may_be_as_large_as_is_said(tmp_path: Path) -> None:
    """The limit itself is read, so that plans in small units are."""
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"a": PLAN_NUMBER}), encoding="utf-8")
    assert read_json(path).data == {"a": float(PLAN_NUMBER)}
