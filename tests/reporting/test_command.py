"""`allocate report`: what it writes, where, and what it says when it cannot."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from allocate.cli import cli
from allocate.reporting import report as writing

CASE = Path(__file__).resolve().parents[2] / "cases" / "vendor-comparison"


def run(*options: str) -> Result:
    """`allocate report` on the vendor comparison."""
    return CliRunner().invoke(cli, ["report", str(CASE), *options])


@pytest.mark.slow
def test_files_are_written_whole_and_again(tmp_path: Path) -> None:
    """Both files stand in a new folder, nothing else is left there, and a second run writes the same."""
    folder = tmp_path / "a" / "b"
    assert run("--out", str(folder)).exit_code == 0
    assert sorted(one.name for one in folder.iterdir()) == ["report.html", "report.md", "vendor-comparison.xlsx"]
    first = {one.name: one.read_bytes() for one in folder.iterdir()}
    assert run("--out", str(folder)).exit_code == 0
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == first


@pytest.mark.slow
def test_scenarios_and_settings_are_named(tmp_path: Path) -> None:
    """The page says which scenario and which settings it is about."""
    done = run("--out", str(tmp_path), "--scenario", "accurate-97", "--set", "review-team.wage=30 USD/h")
    assert done.exit_code == 0
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "scenario accurate-97" in text
    assert "review-team.wage=30 USD/h" in text


def test_no_plan_is_written_down_too(tmp_path: Path) -> None:
    """A case without a plan ends with 3 and a page that says what is missing."""
    done = run("--out", str(tmp_path), "--set", "budget=1k USD")
    assert done.exit_code == 3
    assert "5,166.67 USD needed" in (tmp_path / "report.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_large_cases_are_not_solved_again_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large case gets prices of limits and is told how to have more; --thorough has it."""
    monkeypatch.setattr(writing, "LARGE", 1)
    portfolio = str(CASE.parent / "portfolio")
    assert CliRunner().invoke(cli, ["report", portfolio, "--out", str(tmp_path)]).exit_code == 0
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "allocate report --thorough" in text
    assert "Start with" in text
    assert "| accuracy of speech | point | 1 | -31,005 |" in text
    assert run("--out", str(tmp_path), "--thorough").exit_code == 0
    assert "What could change the answer" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what a report needs, nothing is planned, and the message says what to install."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    done = run("--out", str(tmp_path))
    assert done.exit_code == 1
    message = str(done.exception)
    assert message == "a report needs vl-convert-python, which is not installed"


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A file in the folder's place is refused before anything is written."""
    (tmp_path / "file").write_text("x")
    assert run("--out", str(tmp_path / "file")).exit_code == 2
    done = run("--out", str(tmp_path / "file" / "below"))
    assert done.exit_code == 1
    assert "cannot write" in str(done.exception)


@pytest.mark.slow
def test_a_plan_that_makes_nothing_has_a_page(tmp_path: Path) -> None:
    """With no items asked for, or no vendor worth its price alone, the page is written and says so."""
    case: dict[str, Any] = {
        "case": "nothing",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "objective": "cost",
        "products": {"p": {"item": "item", "effort": "1 h/item", "demand": {"exactly": "0 items"}}},
        "vendors": {
            name: {"capacity": "100 items/week", "accuracy": "100%", "contract": {"price": price}}
            for name, price in (("a", "1 USD/item"), ("b", "2 USD/item"))
        },
        "workflows": ["single-pass"],
    }
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    done = CliRunner().invoke(cli, ["report", str(tmp_path), "--out", str(tmp_path / "none")])
    assert done.exit_code == 0, done.exception
    assert "The plan makes nothing" in (tmp_path / "none" / "report.md").read_text(encoding="utf-8")
    assert (tmp_path / "none" / "nothing.xlsx").exists()
    case["products"]["p"]["demand"] = {"at-least": "50 items", "penalty": "1.50 USD/item"}
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    done = CliRunner().invoke(cli, ["report", str(tmp_path), "--out", str(tmp_path / "some")])
    assert done.exit_code == 0, done.exception
    assert "b alone would make nothing" in (tmp_path / "some" / "report.md").read_text(encoding="utf-8")
