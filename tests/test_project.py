"""The project's own files agree: one version, a changelog cut by release, a citation that can be read, one list of exit codes."""

from __future__ import annotations

import datetime
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from ruamel.yaml import YAML

from allocate.cli import cli
from allocate.cli.commands.solve import EXIT

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) — (\d{4}-\d{2}-\d{2})$")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _headings() -> list[str]:
    return [line for line in _text("CHANGELOG.md").splitlines() if line.startswith("## ")]


def test_the_changelog_is_cut_by_release() -> None:
    """What is not released stands first; below it releases with their dates, newest first, the top one this version."""
    unreleased, *releases = _headings()
    assert unreleased == "## Unreleased"
    found = [RELEASE.match(line) for line in releases]
    assert all(found), releases
    numbers = [tuple(map(int, one[1].split("."))) for one in found if one]
    dates = [datetime.date.fromisoformat(one[2]) for one in found if one]
    assert numbers == sorted(set(numbers), reverse=True)
    assert dates == sorted(dates, reverse=True)
    assert ".".join(map(str, numbers[0])) == PROJECT["version"]


def test_what_is_installed_is_this_version() -> None:
    """`allocate --version` and plan files name the version that pyproject.toml has."""
    assert version("allocate") == PROJECT["version"]


def test_exit_codes_are_written_down() -> None:
    """The page on what is stable has every code that the help names, and those of the states of a plan."""
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", _text("docs/stability.md"), re.MULTILINE)]
    help_text = cli.help or ""
    named = [int(code) for code in re.findall(r"(?:: |, |\s)(\d+) [a-z]", help_text[help_text.index("Exit status") :])]
    assert listed == named
    assert set(EXIT.values()) <= set(listed)


def test_the_citation_is_of_this_version() -> None:
    """CITATION.cff has what its format asks for, and version, date, licence and keywords are those of the project."""
    cited = YAML(typ="safe").load(_text("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["authors"] == [{"name": "allocate contributors"}]
    assert cited["version"] == PROJECT["version"]
    top = next(one for line in _headings() if (one := RELEASE.match(line)))
    assert cited["date-released"] == datetime.date.fromisoformat(top[2])
    assert (cited["license"], cited["keywords"]) == (PROJECT["license"], PROJECT["keywords"])
