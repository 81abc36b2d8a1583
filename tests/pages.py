"""Every block that a page of the documentation shows, run again: commands, Python, cases and parts of cases.

A page is README.md or any Markdown file below docs; new ones are found by themselves. Each page runs from its top in a folder of
its own, which has the shipped `cases` and nothing else.

- ``console``: lines for a shell, each behind ``$ ``, and all they print. ``/tmp/`` stands for that folder.
- ``python`` with ``>>> ``: a session, each line with what it shows; ``python`` without: a script, and what it prints in a block
  ``text`` right below. Names last to the end of the page.
- ``yaml``: a case, or a part of one, which is laid over a small case and planned. What else it needs stands above it as
  ``<!-- with: {objective: net-value} -->``; ``<!-- no case -->`` above YAML for another program has it read only.
- ``yaml``, ``csv``, ``json`` or ``python`` with ``title="NAME"``: a file of that name, for the blocks that follow.
- ``by-hand``: sums, as `tests/cases/pages.py` reads them; ``math`` is drawn by KaTeX.
- ``json`` and ``toml`` are read; ``sh`` is for the reader's machine: its lines of `allocate` name commands and options there are.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import shlex
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from cases.pages import sums
from shell_lines import shell

from allocate import read_case, solve
from allocate.case.yaml_text import parse
from allocate.cli import cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?:^<!-- (?P<above>[^\n]*) -->\n)?^```(?P<kind>[\w-]+)(?P<more>[^\n]*)\n(?P<body>.*?)^```$"
    r"(?:\n\n```text\n(?P<shown>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
_CASE = {"case": "page", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 12}, "objective": "cost"}
_ITEM = {"item": "image", "effort": "30 s/image", "demand": "5_000 images"}
_VENDOR = {"capacity": "400 h/week", "accuracy": "95%", "contract": {"price": "20 USD/h"}}


@dataclass
class Page:
    """A page that is being run: where, and what its Python has named so far."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})

    def __post_init__(self) -> None:
        """Lay the shipped cases into the folder."""
        for name in ("cases", "models"):
            (self.folder / name).symlink_to(ROOT / name)


def blocks(text: str) -> Iterator[re.Match[str]]:
    """Each block of a page, with the comment above and the output below it."""
    return (found for found in BLOCK.finditer(text))


def renewed(text: str, folder: Path) -> str:
    """The page with what its blocks print today; AssertionError for a block that shows what is not so."""
    page = Page(folder)

    def block(found: re.Match[str]) -> str:
        kind, body, shown = found["kind"], found["body"], found["shown"]
        if title := re.search(r'title="([^"]+)"', found["more"]):
            path = page.folder / title[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
            return found[0]
        begins, whole = found.start("body") - found.start(), found[0]
        if kind == "python" and not body.startswith(">>> "):
            printed = _script(page, body)
            head = whole[:begins] + body + "```"
            return f"{head}\n\n```text\n{printed}```" if printed or shown is not None else head
        assert kind in RUN, f"a block of {kind} is not tested; see {Path(__file__).name}"
        assert shown is None, "only Python without >>> has a block of text below it"
        return whole[:begins] + RUN[kind](page, body, found["above"] or "") + "```"

    return BLOCK.sub(block, text)


def _console(page: Page, body: str, _above: str) -> str:
    lines = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    assert body.startswith("$ "), "a console block begins with a command"
    return "".join(f"$ {line}\n{_printed(page, line)}" for line in lines)


def _printed(page: Page, line: str) -> str:
    named(line)
    if _is_pure(line) and {one.name for one in page.folder.iterdir()} <= {"cases", "models", ".allocate"}:
        return _once(line)
    return _tidy(shell(line.replace("/tmp/", f"{page.folder}/"), page.folder)[0].replace(f"{page.folder}/", "/tmp/"))


def _is_pure(line: str) -> bool:
    """Whether a line reads nothing but shipped cases, and writes nothing that a later one could read."""
    named = re.findall(r"\bcases/", line)
    return bool(named) and not re.search(
        r"/tmp/|--out\b|--tables|--plan\b|>(?!&1)|\bruns\b|latest|;|&&|@|\.json|\binit\b", line
    )


@cache
def _once(line: str) -> str:
    with tempfile.TemporaryDirectory() as name:
        return _tidy(shell(line, Page(Path(name)).folder)[0])


def _tidy(text: str) -> str:
    return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def _session(page: Page, code: str, _above: str) -> str:
    """A Python session as typed: each input with what it shows."""
    import pandas as pd

    shown: list[str] = []
    with pd.option_context("display.width", 110, "display.max_columns", 20), contextlib.chdir(page.folder):
        for line in (line for line in code.splitlines() if line.startswith(">>> ")):
            shown.append(line)
            tree = ast.parse(line[4:])
            if isinstance(tree.body[-1], ast.Expr):
                value = eval(compile(ast.Expression(tree.body[-1].value), "page", "eval"), page.names)
                if value is not None:
                    shown += repr(value).splitlines()
                continue
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, "page", "exec"), page.names)
    return "".join(line.rstrip() + "\n" for line in shown)


def _script(page: Page, code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as stream, contextlib.chdir(page.folder):
        exec(compile(code, "page", "exec"), page.names)
    return _tidy(stream.getvalue())


def _yaml(page: Page, body: str, above: str) -> str:
    data = parse(body, "page").data
    if above == "no case":
        return body
    more = parse(above.removeprefix("with:"), "page").data if above.startswith("with:") else {}
    path = page.folder / "block.yaml"
    path.write_text(json.dumps(data if "case" in data else completed(data, more)), encoding="utf-8")
    answer = solve(read_case(path))
    assert answer.plan is not None, [one.sentence for one in answer.reasons]
    assert answer.status.value == "optimal"
    assert answer.plan.invoice["amount"].sum() == pytest.approx(answer.plan.spend)
    return body


def completed(part: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A case that has such a part: products and vendors get what they leave out, and one of each is there."""
    case = _laid({**_CASE, **more}, part)
    products = case.get("products") or {"cats": {}}
    vendors = case.get("vendors") or {"acme": {}}
    return {
        **case,
        "products": {name: {**({} if "task" in one else _ITEM), **one} for name, one in products.items()},
        "vendors": {name: one if "team" in one else {**_VENDOR, **one} for name, one in vendors.items()},
    }


def _laid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Two mappings as one; where both have a key, that of the upper counts, and mappings are laid over each other."""
    both = {
        key: _laid(below[key], one)
        for key, one in above.items()
        if isinstance(one, dict) and isinstance(below.get(key), dict)
    }
    return {**below, **above, **both}


def _sh(_page: Page, body: str, _above: str) -> str:
    for line in body.splitlines():
        named(line)
    return body


def named(line: str) -> None:
    """AssertionError where a line for a shell names a command or option of `allocate` that is not there."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("|;&"):
            _known(words, line)
            words = []
        elif words or not re.match(r"\w+=", word):
            words.append(word)


def _known(words: list[str], line: str) -> None:
    if not words or words[0].rpartition("/")[2] != "allocate":
        return
    command: click.Command = cli
    known: set[str] = {"-h", "--help", "--version"}
    for word in words[1:]:
        if word.startswith("--"):
            assert word.partition("=")[0] in known, f"{line.strip()}: no option {word}"
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            assert found is not None or not re.fullmatch(r"[a-z]+", word), f"{line.strip()}: no command {word}"
            if found is not None:
                command = found
                known |= {name for one in command.params for name in (*one.opts, *one.secondary_opts)}


def _by_hand(_page: Page, body: str, _above: str) -> str:
    assert [one.line for one in sums(body) if not one.right] == []
    return body


def _json(_page: Page, body: str, _above: str) -> str:
    json.loads(body)
    return body


def _toml(_page: Page, body: str, _above: str) -> str:
    tomllib.loads(body)
    return body


RUN: dict[str, Callable[[Page, str, str], str]] = {
    "console": _console,
    "python": _session,
    "yaml": _yaml,
    "sh": _sh,
    "by-hand": _by_hand,
    "math": lambda _page, body, _above: body,
    "json": _json,
    "toml": _toml,
}
"""Kinds of blocks, and what becomes of each."""


def anchors(page: Path) -> set[str]:
    """What a link can name of a page: its headings, as the hosts of such pages write them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    """Links of a page to files and headings that are not there."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, heading = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        if not found.exists() or (heading and heading not in anchors(found)):
            broken.append(target)
    return broken
