"""The case reference: generated from the schema, complete, and right in its examples."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from allocate.case.json_schema import case_schema
from allocate.case.load import read_case
from allocate.case.reference import CASES, _models, reference
from allocate.case.yaml_text import parse
from allocate.units import Units

PAGE = (Path(__file__).resolve().parents[2] / "cases" / "README.md").read_text(encoding="utf-8")
ROWS = re.compile(r"^\| `([^`]+)` \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)


def _sections() -> dict[str, str]:
    return {part.split("\n", 1)[0]: part for part in PAGE.split("\n## ")[1:]}


@pytest.mark.slow
def test_the_page_is_what_the_schema_says() -> None:
    """cases/README.md is the generated page, to the letter: `python -m allocate.case.reference > cases/README.md`."""
    assert reference() == PAGE


def test_every_block_and_every_key_is_on_the_page() -> None:
    """Each block of the JSON Schema has its heading, and under it all its keys, no others; a spread is told at the top."""
    schema, sections = case_schema(), _sections()
    blocks = {name: block for name, block in {**schema["$defs"], "CaseFile": schema}.items() if name != "Spread"}
    assert set(sections) == set(blocks)
    for name, block in blocks.items():
        assert [row[0] for row in ROWS.findall(sections[name])] == list(block["properties"]), name


def test_every_key_says_what_it_takes_and_means() -> None:
    """No cell is left empty."""
    rows = ROWS.findall(PAGE)
    assert rows
    assert [row for row in rows if not all(cell.strip() for cell in row)] == []


def test_every_block_says_where_it_stands() -> None:
    """A block below the case has at least one path, as `--set` writes it."""
    without = [name for name, text in _sections().items() if name != "CaseFile" and "\nWhere: `" not in text]
    assert without == []


def test_links_lead_to_headings() -> None:
    """Each link on the page leads to a block of it, or to a file."""
    headings = {line[3:].lower() for line in PAGE.splitlines() if line.startswith("## ")}
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert target[1:] in headings if target.startswith("#") else (CASES / target).exists(), target


@pytest.mark.slow
def test_every_block_has_an_example_that_is_right() -> None:
    """Each example reads as YAML and is a valid block; where no shipped case has one, `reference.EXAMPLES` gives it."""
    own = [read_case(path.parent).file.units for path in sorted(CASES.glob("*/case.yaml"))]
    nouns = {noun: plural for units in own for noun, plural in units.items()}
    models, units = _models(), Units({**read_case(CASES / "portfolio").model.units, **nouns, "frame": "frames"})
    for name, text in _sections().items():
        if name == "CaseFile":
            continue
        found = re.search(r"^Example: `(.*)`$", text, re.MULTILINE)
        assert found is not None, name
        data = parse(f"example: {found[1]}", "README.md").data["example"]
        models[name].model_validate(data, context={"units": units})


@pytest.mark.slow
def test_cases_are_read_without_their_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keys mean is looked up in the source for the page and the JSON Schema only: blocks are built and read without it."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a source was read")

    blocks = _models().values()
    monkeypatch.setattr(inspect, "getsource", refused)
    monkeypatch.setattr(inspect, "findsource", refused)
    for block in blocks:
        block.model_rebuild(force=True)
    assert read_case(CASES / "portfolio").products
