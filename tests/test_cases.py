"""The shipped cases: their answers, and every figure of their READMEs; `tests/certificate/test_proofs.py` has a second solver.

`REGENERATE=1 python -m pytest tests/test_cases.py` writes today's answers and output into them; read the difference.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from allocate.case.load import read_case
from allocate.verification import verify
from cases import pages

CASES = Path(__file__).resolve().parents[1] / "cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/case.yaml"))
WRITTEN_AGAIN = os.environ.get("REGENERATE") == "1"
AS_IT_STANDS: str = pages.AS_IT_STANDS


def _scenarios(folder: Path) -> list[str]:
    return [AS_IT_STANDS, *read_case(folder).file.scenarios]


def _expected(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


# Which there are is read where the answers are kept, which is quicker than reading every case; a test holds that these are all.
_asked = _scenarios if WRITTEN_AGAIN else _expected
QUESTIONS = [(folder, scenario) for folder in FOLDERS for scenario in _asked(folder)]
each_question = pytest.mark.parametrize(
    ("folder", "scenario"), QUESTIONS, ids=[f"{folder.name}-{name.replace(' ', '-')}" for folder, name in QUESTIONS]
)
each_case = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])


def _answer(folder: Path, scenario: str) -> Any:
    return pages.answer(folder, None if scenario == AS_IT_STANDS else scenario)


def summary(folder: Path, scenario: str) -> dict[str, Any]:
    """What is kept of an answer: its status, its money, and who makes what; or why there is no plan."""
    answer = _answer(folder, scenario)
    if answer.plan is None:
        return {"status": answer.status.value, "reasons": [reason.sentence for reason in answer.reasons]}
    lines = answer.plan.lines.groupby(["product", "vendor", "workflow"], sort=False)["items"].sum()
    return {
        "status": answer.status.value,
        "objective": round(answer.objective, 6),
        "bound": round(answer.bound, 6),
        "spend": round(answer.plan.spend, 4),
        "value": round(answer.plan.value, 4),
        "mix": {" / ".join(route): round(float(items), 2) for route, items in lines.items() if items >= 0.005},
    }


@each_case
def test_every_scenario_has_an_expected_answer(folder: Path) -> None:
    """expected.json holds the case as it stands and each of its scenarios, nothing else."""
    assert list(_expected(folder)) == _scenarios(folder)


@each_question
def test_the_answer_is_the_expected_one(folder: Path, scenario: str) -> None:
    """Status, objective, bound, spend, value and mix are those kept, and every limit is; without a plan, so are the reasons."""
    expected, found, answer = _expected(folder)[scenario], summary(folder, scenario), _answer(folder, scenario)
    if answer.plan is None:
        assert answer.reasons
    else:
        assert verify(answer.case, answer.plan).violations == ()
    assert found["status"] == expected["status"]
    assert found.get("reasons") == expected.get("reasons")
    if "objective" in expected:
        assert found["objective"] == pytest.approx(expected["objective"], rel=1e-6)
        assert found["bound"] == pytest.approx(expected["bound"], rel=1e-6)
        assert found["spend"] == pytest.approx(expected["spend"], rel=1e-5)
        assert found["value"] == pytest.approx(expected["value"], rel=1e-5)
        routes = expected["mix"] | found["mix"]
        kept, made = ([mix.get(route, 0.0) for route in routes] for mix in (expected["mix"], found["mix"]))
        assert made == pytest.approx(kept, rel=1e-4, abs=0.5), list(routes)


@pytest.mark.slow
@each_case
def test_the_page_shows_what_commands_print(folder: Path) -> None:
    """Each console block of a README is, to the letter, what its commands print."""
    found = pages.blocks((folder / "README.md").read_text(encoding="utf-8"), "console")
    assert found
    for body in found:
        assert pages.run_console(body) == body


@pytest.mark.slow
@each_case
def test_the_tables_of_the_page_are_right(folder: Path) -> None:
    """Each table of a README holds the figures of the answers its rows ask for."""
    found = pages.tables((folder / "README.md").read_text(encoding="utf-8"))
    assert found
    for cells, rows in found:
        assert pages.fill_table(folder, cells, rows) == rows


@each_case
def test_the_sums_of_the_page_are_right(folder: Path) -> None:
    """Each sum done by hand is right to its last decimal, and those marked are what a command prints."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = [one for body in pages.blocks(text, "by-hand") for one in pages.sums(body)]
    assert found
    assert [one.line for one in found if not one.right] == []
    rest = pages.without_sums(text)
    assert [one.line for one in found if one.elsewhere and one.shown not in rest] == []


@each_case
def test_the_page_names_every_scenario(folder: Path) -> None:
    """No scenario is left without a word in the README."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert [name for name in _scenarios(folder) if name not in text] == []


def test_every_row_of_a_table_has_a_source() -> None:
    """Each price and each measured point says where it comes from; records of work, and what was made of them, are a source themselves."""
    for path in CASES.rglob("*.csv"):
        if {"exports", "actuals"} & set(path.parts):
            continue
        with path.open(encoding="utf-8", newline="") as file:
            without = [row for row in csv.DictReader(file) if not (row.get("source") or "").strip()]
        assert without == [], path


def test_the_index_names_every_case() -> None:
    """The list of cases leaves none out."""
    text = (CASES / "README.md").read_text(encoding="utf-8")
    assert [folder.name for folder in FOLDERS if f"({folder.name}/" not in text] == []


def test_too_much_work_is_told_in_plain_figures() -> None:
    """Without levers, the video case says how far its team is overloaded and how many frames are missing."""
    sentences = " ".join(_expected(CASES / "video-throughput")["no-levers"]["reasons"])
    assert "5,000 h needed, 3,200 h can be staffed" in sentences
    assert "180,000 frames short" in sentences


def test_a_sum_that_is_wrong_is_found() -> None:
    """The arithmetic of pages is really calculated: a wrong last digit does not pass."""
    right, wrong = pages.sums("a: 10,000 × 5% × 30 s ÷ 3,600 s/h × 40 USD/h = 166.67 USD\nb: 2 × 3 = 6.1")
    assert right.right
    assert not wrong.right


def _write_again() -> None:
    for folder in FOLDERS:
        found = {scenario: summary(folder, scenario) for scenario in _scenarios(folder)}
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        (folder / "expected.json").write_text(text, encoding="utf-8")
        page = folder / "README.md"
        page.write_text(pages.refreshed(folder, page.read_text(encoding="utf-8")), encoding="utf-8")


if WRITTEN_AGAIN:
    _write_again()
