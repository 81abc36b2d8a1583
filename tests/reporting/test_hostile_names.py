"""Names and texts that would do harm elsewhere come out as text: on the page, in Markdown, in CSV, on a terminal."""

from __future__ import annotations

import csv
import io
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from allocate import read_case
from allocate.cli import cli
from allocate.errors import CaseError
from allocate.reporting.markdown import markdown
from allocate.reporting.page import page

FORMULA, LONG = '=HYPERLINK("http://evil.example","click")', "<b>x" * 125
TITLE = "\u202egnp.exe <img src=x onerror=alert(1)> =1+1"
IMAGES = {"task": "image.bounding-box", "drivers": {"box": "2/image"}, "accuracy": "95%", "demand": "900 images"}
CASE: dict[str, Any] = {
    "case": "<script>alert(1)</script>",
    "title": TITLE,
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 6},
    "objective": "cost",
    "products": {"<script>alert(2)</script>": IMAGES, FORMULA: IMAGES, "שלום | [a](http://b) @you": IMAGES},
    "vendors": {
        "@SUM(1+1)*cmd|' /C calc'!A0": {"accuracy": "97%", "contract": {"price": "0.06 USD/box"}},
        LONG: {"people": 4, "hours": "38 h/week", "accuracy": "98%", "contract": {"price": "31 USD/h"}},
        "-2+3 {{ 7*7 }} ${x}": {
            "people": 4,
            "hours": "38 h/week",
            "accuracy": "96%",
            "contract": {"price": "21 USD/h"},
        },
    },
    "workflows": ["single-pass"],
    "rules": [
        {
            "name": '"><svg onload=alert(1)>',
            "owner": "a</td>",
            "reason": "=1+1",
            "share": {"vendor": "each", "of": "spend", "at-most": "60%"},
        }
    ],
}


@cache
def written(folder: Path) -> Path:
    """The case as a file."""
    from ruamel.yaml import YAML

    path = folder / "case.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(CASE, file)
    return path


def shown(path: Path, *options: str) -> str:
    """What `allocate` prints."""
    done = CliRunner().invoke(cli, [options[0], str(path), *options[1:]])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the case and its report."""
    folder = tmp_path_factory.mktemp("hostile")
    assert "wrote" in shown(written(folder), "report", "--award", "--out", str(folder / "out"))
    return folder


class Elements(HTMLParser):
    """Names of all elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.slow
def test_the_page_shows_names_as_text(files: Path) -> None:
    """No name becomes an element, an attribute or a direction mark of the page; each can be read on it."""
    text = (files / "out" / "report.html").read_text(encoding="utf-8")
    found = Elements()
    found.feed(text)
    assert not found.names & {"script", "img", "b", "a", "iframe", "object"}
    assert not {name for name in found.attributes if name.startswith("on") or name in ("src", "href")}
    assert "\u202e" not in text
    assert "\\u202egnp.exe" in text
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in text
    assert "(500 characters)" in text


def test_sheets_for_procurement_show_names_as_text(files: Path) -> None:
    """The buyer's page and every sheet hold no element, direction mark or link of a name, and no file lies elsewhere."""
    found = [*(files / "out").rglob("*.html"), *(files / "out").rglob("*.md")]
    assert {one.parent.name for one in found} >= {"award", "feedback", "out"}
    for path in found:
        text = path.read_text(encoding="utf-8")
        for harm in (
            "<script",
            "<img",
            "<svg onload",
            "<b>x",
            "\u202e",
            *(["[a](", "@you"] if path.suffix == ".md" else []),
        ):
            assert harm not in text, path


def test_markdown_shows_names_as_text(files: Path) -> None:
    """No name becomes HTML, a link, a mention, or another column."""
    text = (files / "out" / "report.md").read_text(encoding="utf-8")
    for harm in ("<script", "<img", "<svg", "<b>", "[a](", "@SUM", "@you", "http://", "\u202e"):
        assert harm not in text
    assert text.count("\\| \\[a\\]") > 3  # the name with a bar keeps to its cell
    assert "@you" not in shown(written(files), "solve", "--format", "md")


def test_csv_holds_no_formula_and_reads_back(files: Path) -> None:
    """No cell begins like a formula, and the plan is read back with its names."""
    text = shown(written(files), "solve", "--format", "csv")
    rows = list(csv.reader(io.StringIO(text)))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert any(row[0] == f"'{FORMULA}" for row in rows)
    plan = files / "plan.csv"
    plan.write_text(text, encoding="utf-8")
    assert "keeps every limit" in shown(written(files), "solve", "--fix", str(plan), "--as-is")


def test_the_terminal_shows_names_as_text(files: Path) -> None:
    """No control or direction mark reaches the terminal."""
    text = shown(written(files), "solve")
    assert all(one.isprintable() or one == "\n" for one in text)


def test_names_with_direction_marks_are_refused() -> None:
    """A name that would read backwards is a mistake in the case, with its place."""
    backwards = {**CASE, "vendors": {**CASE["vendors"], "\u202eemca": {"contract": {"price": "1 USD/image"}}}}
    with pytest.raises(CaseError, match="U\\+202E"):
        read_case(backwards)


@pytest.mark.slow
def test_reports_of_hostile_cases_come_from_the_library_too() -> None:
    """Page and Markdown need no command line to be safe."""
    from allocate import solve
    from allocate.reporting.compose import compose

    report = compose(solve(read_case(CASE)))
    assert "<script" not in page(report)
    assert "<script" not in markdown(report)
