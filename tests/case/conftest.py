"""A small valid case to make mistakes in, and a way to make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from allocate.case.load import read_case
from allocate.errors import CaseError, Problem

QUARTER = Path(__file__).parents[1] / "data" / "quarter"
Edit = tuple[str, str | None, str | bytes]
"""A file, the text to replace in it (None: all of it), and the text to put there."""


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
