"""The README is a tutorial that runs: every command and every Python line in it is executed and compared.

`REGENERATE=1 python -m pytest tests/test_readme.py` writes today's outputs into the README; read the difference.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
from pathlib import Path

import pytest
from shell_lines import shell

from allocate.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(?P<code>>>> .*?)```", re.DOTALL)


def _shell(command: str, folder: Path) -> str:
    """What a command of the README prints in a folder that has the cases, and is taken for the place of temporary files."""
    if not (folder / "cases").exists():
        (folder / "cases").symlink_to(ROOT / "cases")
    return _tidy(shell(command.replace("/tmp/", f"{folder}/"), folder)[0].replace(f"{folder}/", "/tmp/"))


def _tidy(text: str) -> str:
    return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def _session(code: str, names: dict[str, object]) -> str:
    """A Python session as typed: each input with what it shows."""
    import pandas as pd

    shown: list[str] = []
    with pd.option_context("display.width", 110, "display.max_columns", 20), contextlib.chdir(ROOT):
        for line in (line for line in code.splitlines() if line.startswith(">>> ")):
            shown.append(line)
            tree = ast.parse(line[4:])
            if isinstance(tree.body[-1], ast.Expr):
                value = eval(compile(ast.Expression(tree.body[-1].value), "README", "eval"), names)
                if value is not None:
                    shown += repr(value).splitlines()
                continue
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, "README", "exec"), names)
    return "".join(line.rstrip() + "\n" for line in shown)


def _regenerated(folder: Path) -> str:
    text = CONSOLE.sub(lambda m: f"```console\n$ {m['command']}\n{_shell(m['command'], folder)}```", TEXT)
    names: dict[str, object] = {}
    return PYTHON.sub(lambda m: f"```python\n{_session(m['code'], names)}```", text)


@pytest.mark.skipif("REGENERATE" not in os.environ, reason="only when asked to write the README's outputs again")
def test_regenerate(tmp_path: Path) -> None:
    """With REGENERATE set the README gets today's outputs."""
    README.write_text(_regenerated(tmp_path), encoding="utf-8")
    assert README.read_text(encoding="utf-8") == _regenerated(tmp_path)


def _together() -> list[list[re.Match[str]]]:
    """The commands of the README; those that read a folder which an earlier one wrote together with it."""
    groups: list[list[re.Match[str]]] = []
    for block in CONSOLE.finditer(TEXT):
        folders = re.findall(r"/tmp/[\w-]+", block["command"])
        earlier = [one for one in groups if any(f"--out {folder}" in one[0]["command"] for folder in folders)]
        if earlier:
            earlier[0].append(block)
        else:
            groups.append([block])
    return groups


@pytest.mark.slow
@pytest.mark.parametrize("blocks", _together(), ids=lambda found: found[0]["command"][:60])
def test_commands_print_what_the_readme_shows(blocks: list[re.Match[str]], tmp_path: Path) -> None:
    """Each command of the README prints exactly what stands below it."""
    for block in blocks:
        assert _shell(block["command"], tmp_path) == block["output"]


def test_python_shows_what_the_readme_shows() -> None:
    """The Python of the README runs in order and shows exactly what stands below each line."""
    names: dict[str, object] = {}
    for block in PYTHON.finditer(TEXT):
        assert _session(block["code"], names) == block["code"]


def test_yaml_of_the_readme_is_a_case(tmp_path: Path) -> None:
    """The case shown in the README checks and has a plan."""
    from allocate import read_case, solve

    path = tmp_path / "case.yaml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0], encoding="utf-8")
    assert solve(read_case(path)).status.value == "optimal"


@pytest.mark.slow
def test_contracts_of_the_readme_are_what_a_case_may_say() -> None:
    """The vendor and the rules shown in the README fit a case that has what they name, and it has a plan."""
    from allocate import read_case, solve
    from allocate.case.yaml_text import parse

    shown = parse(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1], "README.md").data
    other = {"certified": ["hipaa"], "contract": {"price": "0.05 USD/box"}}
    item = {"item": "image", "effort": "30 s/image", "drivers": {"box": "3/image"}, "demand": "200_000 images"}
    page = {**item, "item": "page", "effort": "30 s/page", "drivers": {"box": "3/page"}, "demand": "200_000 pages"}
    case = {
        "case": "readme",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 12},
        "objective": "cost",
        "products": {"ct-scans": item, "document-ocr": page, "signs": item, "lanes": item},
        "vendors": {
            "acme": {"region": "PH", **shown["vendors"]["acme"]},
            "other": {"region": "IN", **other},
            "third": {"contract": {"price": "0.06 USD/box"}},
        },
        "rules": shown["rules"],
    }
    answer = solve(read_case(case))
    assert answer.status.value == "optimal"
    assert answer.plan is not None
    assert answer.plan.invoice["amount"].sum() == pytest.approx(answer.plan.spend)


def test_every_command_is_in_the_readme() -> None:
    """No command goes undocumented."""
    missing = [name for name in COMMANDS if f"allocate {name}" not in TEXT]
    assert not missing


def _anchors(page: Path) -> set[str]:
    """What a link can name of a page: its headings, as the hosts of such pages write them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_somewhere() -> None:
    """Files and headings the README links to are there."""
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", TEXT) if "://" not in t]
    anchors = _anchors(README)
    assert targets
    elsewhere = [t.partition("#") for t in targets if "#" in t and not t.startswith("#")]
    assert [t for t in targets if t not in anchors and not (ROOT / t.partition("#")[0]).exists()] == []
    assert [f"{file}#{name}" for file, _, name in elsewhere if f"#{name}" not in _anchors(ROOT / file)] == []


def test_ci_runs_the_readme_test_command() -> None:
    """The command for tests stands in the README where the checks read it from."""
    assert re.search(r"<!-- tests -->\n```sh\n[^\n]*pytest[^\n]*\n```", TEXT)
