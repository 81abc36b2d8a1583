"""What CONTRIBUTING.md and the page on installing say of the repository and of the shell is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_layers_are_those_imports_are_held_to() -> None:
    """The table of layers is that of pyproject.toml, in its order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    assert re.findall(r"^\| `(allocate[\w.]*)` \|", TEXT, re.MULTILINE) == layers


def test_what_it_names_is_there() -> None:
    """Links, modules to run and files in backticks lead somewhere."""
    targets = re.findall(r"\]\(([^)]+)\)", TEXT)
    targets += [name.replace(".", "/") + ".py" for name in re.findall(r"python -m (allocate\.[\w.]+)", TEXT)]
    targets += re.findall(r"`((?:tests|\.ci)/[\w/.]+)`", TEXT)
    assert len(targets) > 10
    assert [one for one in targets if not (ROOT / one).exists()] == []


def test_files_have_at_most_400_lines() -> None:
    """A longer file of the program is two."""
    long = {str(path): path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "allocate").rglob("*.py")}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


BESIDE = {"bench", "cases", "clauses", "data", "fuzz", "planted_faults", "rules"}
"""Folders of tests that go through all floors, or hold none."""


def test_tests_stand_where_what_they_test_stands() -> None:
    """A folder of tests is a package of the program; a module's own test is in the folder of its package, or above it."""
    homes: dict[tuple[str, str], set[Path]] = {}
    for path in (ROOT / "allocate").rglob("*.py"):
        own = path.relative_to(ROOT / "allocate")
        named = own.parent if path.name == "__init__.py" else own.with_suffix("")
        homes.setdefault((own.parts[0], f"test_{named.name}"), set()).update([named.parent, *named.parents, named])
    elsewhere = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        folder = path.parent.relative_to(ROOT / "tests")
        if not folder.parts or folder.parts[0] in BESIDE:
            continue
        if not (ROOT / "allocate" / folder).is_dir() or folder not in homes.get((folder.parts[0], path.stem), {folder}):
            elsewhere.append(str(path.relative_to(ROOT)))
    assert elsewhere == []


def _complete(words: str, position: int) -> str:
    command = [sys.executable, "-c", "from allocate.cli import main; main()"]
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(position), "_ALLOCATE_COMPLETE": "bash_complete"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **asked})
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("words", "position", "found"),
    [
        ("allocate so", 1, "plain,solve\n"),
        ("allocate solve --scen", 2, "plain,--scenario\n"),
        ("allocate runs d", 2, "plain,diff\n"),
        ("allocate solv --scen", 2, "\n"),
    ],
)
def test_the_shell_completes(words: str, position: int, found: str) -> None:
    """Commands, their parts and options complete; a command that is not there completes to nothing, quietly."""
    assert _complete(words, position) == found


def test_the_page_on_installing_names_the_shells_there_are() -> None:
    """Each completion line asks for a shell's script by the name that is understood."""
    install = ROOT / "docs" / "install.md"
    block = re.search(r"<!-- completion -->\n```sh\n(.*?)```", install.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert re.findall(r"_ALLOCATE_COMPLETE=(\w+)_source allocate", block[1]) == ["bash", "zsh", "fish"]
