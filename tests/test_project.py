"""The project's own files agree: one version, a changelog cut by release, a citation that can be read, one list of exit codes."""

from __future__ import annotations

import datetime
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from ruamel.yaml import YAML
from test_words import BANNED

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
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", _text("docs/about/stability.md"), re.MULTILINE)]
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


def test_the_dictionary_of_codespell_has_the_banned_words() -> None:
    """A commit is held to the words that the tests of plain English ban, phrases apart."""
    listed = dict(line.split("->") for line in _text(".codespell-words").splitlines())
    assert {word: said.rstrip(",") for word, said in listed.items()} == {
        word: said for word, said in BANNED.items() if " " not in word
    }


def test_hooks_and_forms_can_be_read() -> None:
    """Hooks pin their tools; each form for issues has a name, a description and fields with labels of their own."""
    hooks = YAML(typ="safe").load(_text(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    pinned = [one for hook in hooks for one in hook["additional_dependencies"]]
    assert [one for one in pinned if not re.fullmatch(r"[a-z]+==\d+\.\d+\.\d+", one)] == []
    forms = sorted(
        set((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) - {ROOT / ".github/ISSUE_TEMPLATE/config.yml"}
    )
    assert forms
    for path in forms:
        form = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        assert form["name"], path
        assert form["description"], path
        fields = [one for one in form["body"] if one["type"] != "markdown"]
        assert (
            len({one["id"] for one in fields}) == len({one["attributes"]["label"] for one in fields}) == len(fields) > 0
        )


def test_files_about_the_project_are_found() -> None:
    """README and CONTRIBUTING lead to security, conduct and citation; links of the project's own pages lead somewhere."""
    for page in ("README.md", "CONTRIBUTING.md"):
        assert [
            name for name in ("SECURITY.md", "CODE_OF_CONDUCT.md", "CITATION.cff") if f"]({name})" not in _text(page)
        ] == []
    for page in ("CODE_OF_CONDUCT.md", "docs/about/stability.md", "CHANGELOG.md"):
        links = [one.split("#")[0] for one in re.findall(r"\]\(([^)]+)\)", _text(page)) if "://" not in one]
        assert [one for one in links if one and not ((ROOT / page).parent / one).exists()] == [], page
