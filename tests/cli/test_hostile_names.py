"""Names that would be formulas, tags, links or terminal commands come out as plain text, and plans are read back with them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from draws import some
from hypothesis import given
from hypothesis import strategies as st

from allocate.case.spreadsheet_text import inert, meant, name_meant

NAMES = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "'=1+1",
    "＝1+1",
    "a\u200fb \u05d0",
    "[a](javascript:b)",
    "`code` *b* a|b \\ c",
    'a, "b""',
    "&lt;b&gt;",
    "x" * 500,
)
CASE: dict[str, Any] = {
    "case": "=<b>&\u200f|x",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "objective": "cost",
    "budget": "20k USD",
    "products": {
        name: {"item": "image", "effort": "36 s/image", "demand": {"at-least": "100 images"}, "accuracy": "90%"}
        for name in NAMES
    },
    "vendors": {
        name: {"capacity": "3 h/week", "contract": {"price": f"{10 + number} USD/h"}, "accuracy": "94%"}
        for number, name in enumerate(NAMES)
    },
    "levers": {name: {"cost": "1 USD", "effect": {"vendors": "+1", "price": "-60%"}} for name in ("=x", "-y")},
    "scenarios": {"<b>=none": {"budget": "1 USD"}},
}
TEXTS = (
    ("check",),
    ("solve",),
    ("solve", "--format", "md"),
    ("solve", "--invoice"),
    ("solve", "--scenario", "<b>=none"),
    ("costs",),
    ("costs", "--format", "md"),
    ("explain", "--time-limit", "1"),
    ("explain", "--time-limit", "1", "--format", "md"),
    ("explain", "--time-limit", "1", "--scenario", "<b>=none"),
    ("solve", "--format", "json"),
)
TABLES = (
    ("solve", "--format", "csv"),
    ("solve", "--invoice", "--format", "csv"),
    ("costs", "--format", "csv"),
    ("export", "--legend"),
)
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of such names."""
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("words", some(TEXTS), ids=" ".join)
def test_the_terminal_gets_characters_it_can_show(run: Run, case: Path, words: tuple[str, ...]) -> None:
    """No control character and no direction mark reaches the terminal, on stdout or stderr."""
    ran = run(words[0], case, *words[1:])
    assert ran.code == (3 if "--scenario" in words else 0), ran.err
    shown = (ran.out if "json" not in words else "") + ran.err
    assert [c for c in shown if not c.isprintable() and c != "\n"] == []
    if "md" in words:
        assert not re.search(r"<script|(?<!\\)\[a\]|(?<!\\)`code", ran.out)


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_no_cell_of_a_table_begins_like_a_formula(run: Run, case: Path, words: tuple[str, ...]) -> None:
    """Each cell of a CSV output is a number, or a text that a spreadsheet shows as it is; the names are all there."""
    ran = run(words[0], case, *words[1:])
    assert ran.code == 0, ran.err
    cells = {cell for row in csv.reader(io.StringIO(ran.out)) for cell in row}
    texts = [cell for cell in cells if FORMULA.match(cell) and not re.fullmatch(r"-[\d.]+(e-?\d+)?", cell)]
    assert texts == []
    assert {meant(cell) for cell in cells} >= set(NAMES if "export" in words or "costs" in words else ["+1"])


@pytest.mark.slow
def test_a_plan_with_such_names_is_read_back(run: Run, case: Path, tmp_path: Path) -> None:
    """The lines that `solve --format csv` prints can be held and priced again: the same plan, with its levers."""
    lines = run("solve", case, "--format", "csv").out
    plan = tmp_path / "plan.csv"
    plan.write_text(lines, encoding="utf-8")
    assert "'-y" in lines or "'=x" in lines
    again = run("solve", case, "--fix", plan, "--format", "csv")
    assert (again.code, again.out) == (0, lines)
    priced = run("solve", case, "--fix", plan, "--as-is", "--format", "json")
    assert json.loads(priced.out)["broken"] == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("\x1b[31mred", "U+001B"),
        ("evil\u202egnp.exe", "U+202E"),
        ("a\nb", "U+000A"),
        ("x" * 501, "has 501 characters; a name has at most 500"),
    ],
)
def test_names_that_cannot_be_shown_are_refused(run: Run, tmp_path: Path, name: str, says: str) -> None:
    """Terminal escapes, reversed text, line ends and longer names are problems `check` names, without printing them."""
    path = tmp_path / "case.yaml"
    vendors = {name: CASE["vendors"]["+1"]}
    path.write_text(json.dumps({**CASE, "vendors": vendors, "levers": {}}), encoding="utf-8")
    ran = run("check", path)
    assert ran.code == 1
    assert says in ran.err
    assert [c for c in ran.err if not c.isprintable() and c != "\n"] == []


@pytest.mark.slow
@given(st.text(st.sampled_from("'=+-@a1 \t"), max_size=6))
def test_every_text_comes_back(text: str) -> None:
    """What is written for a spreadsheet never begins a formula, and is read back as it was."""
    assert not FORMULA.match(inert(text))
    assert meant(inert(text)) == text


def test_a_name_typed_by_hand_is_found_as_it_stands() -> None:
    """A plan may name `=x` with its apostrophe or without, and `'=x` where that is the name."""
    assert name_meant("=x", {"=x"}) == "=x"
    assert name_meant("'=x", {"=x"}) == "=x"
    assert name_meant("'=x", {"'=x"}) == "'=x"
    assert name_meant("x", {" x ", "y"}) == " x "
    assert name_meant("z", {"=x"}) == "z"
