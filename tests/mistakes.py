"""A small valid case to make mistakes in, ways to make them, and the one problem that is told of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from allocate.case.load import read_case
from allocate.errors import CaseError, Problem

QUARTER = Path(__file__).parent / "data" / "quarter"
Edit = tuple[str, str | None, str | bytes]
"""A file, the text to replace in it (None: all of it), and the text to put there."""
CONTRACT = "contract: {per: hour, price: 300 PHP/h}"
"""The contract of acme."""


def contract(clauses: str) -> list[Any]:
    """The edit that gives acme another contract."""
    return [("case.yaml", CONTRACT, f"contract: {{{clauses}}}")]


def clause(text: str) -> list[Any]:
    """The edit that adds clauses to acme's contract."""
    return contract(f"per: hour, price: 300 PHP/h, {text}")


def fee(text: str) -> list[Any]:
    """The edit that gives acme a platform fee and its steps."""
    return [("case.yaml", "    lead: 1 week\n", f"    lead: 1 week\n    {text}\n")]


def service(text: str) -> list[Any]:
    """The edit that puts a workflow with an API on the menu."""
    menu = f"workflows: {{single-pass: , sampled-5: , proposed: {{pre-label: {{time-factor: 50%, {text}}}}}}}"
    return [("case.yaml", "workflows: [single-pass, sampled-5]", menu)]


def product(text: str) -> list[Any]:
    """The edit that adds a key to the product triage."""
    return [("case.yaml", "    demand: 5_000 scans\n", f"    demand: 5_000 scans\n    {text}\n")]


def rule(text: str) -> list[Any]:
    """The edit that puts another rule, r, before the last."""
    return [("case.yaml", "rules:\n", f"rules:\n  - {{name: r, {text}}}\n")]


def rules(*kinds: str) -> list[Any]:
    """The edit that adds rules, named r0, r1 …"""
    lines = [f"  - {{name: r{number}, {kind}}}\n" for number, kind in enumerate(kinds)]
    return [("case.yaml", "rules:\n", "rules:\n" + "".join(lines))]


def team(clauses: str, beside: str = "") -> list[Any]:
    """The edits that make the in-house vendor a team and leave its prices blank."""
    old = "in-house: {people: 10, hours: 40 h/week, shrinkage: 15%, ramp: [60%, 80%, 100%]}"
    return [
        ("case.yaml", old, f"in-house: {{team: {{{clauses}}}{beside}}}"),
        ("rates.csv", "0.52 USD/image", ""),
        ("rates.csv", "40 USD/h", ""),
    ]


@pytest.fixture
def quarter() -> Callable[[], dict[str, str]]:
    """The texts of a valid case by file name."""
    return lambda: {path.name: path.read_text(encoding="utf-8") for path in sorted(QUARTER.iterdir())}


@pytest.fixture
def written(tmp_path: Path, quarter: Callable[[], dict[str, str]]) -> Callable[[Sequence[Edit]], Path]:
    """Writes the valid case with edits to a folder."""

    def write(edits: Sequence[Edit] = ()) -> Path:
        files: dict[str, str | bytes] = dict(quarter())
        for name, old, new in edits:
            if old is None:
                files[name] = new
                continue
            text = files[name]
            assert isinstance(text, str)
            assert isinstance(new, str)
            assert old in text
            files[name] = text.replace(old, new, 1)
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(raw)
        return tmp_path

    return write


@pytest.fixture
def problems_of(written: Callable[[Sequence[Edit]], Path]) -> Callable[..., tuple[Problem, ...]]:
    """The problems of the valid case with edits; keywords are those of `read_case`."""

    def read(edits: Sequence[Edit] = (), **asked: Any) -> tuple[Problem, ...]:
        with pytest.raises(CaseError) as raised:
            read_case(written(edits), **asked)
        return raised.value.problems

    return read


@pytest.fixture
def told_once(problems_of: Callable[..., tuple[Problem, ...]]) -> Callable[..., None]:
    """Asserts that edits give one problem: where it lies, what it is, what to write instead."""

    def check(edits: Sequence[Edit], place: str, message: str, fix: str | None, **asked: Any) -> None:
        problems = problems_of(edits, **asked)
        assert [(str(problem.place), problem.message, problem.fix) for problem in problems] == [(place, message, fix)]

    return check


def told_once_each(mistakes: list[Any]) -> Callable[..., None]:
    """A test of a list of mistakes, each with its edits, and the place, the message and the fix that are told."""

    @pytest.mark.parametrize(("edits", "place", "message", "fix"), mistakes)
    def test(told_once: Callable[..., None], edits: list[Any], place: str, message: str, fix: str | None) -> None:
        """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
        told_once(edits, place, message, fix)

    return test
