"""A JSON file as data, with every mistake in its text and the place of every value when somebody asks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allocate.case.files import read_text
from allocate.errors import CaseError, Place, Problem

LARGEST = 500_000_000
"""Bytes of a file that are read at most."""
LONGEST = 18
"""Digits of a whole number that is kept as one."""
WIDEST = 160
"""Characters of a line shown with a problem."""

Path_ = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True)
class Text:
    """A JSON document and the text it was read from."""

    name: str
    source: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    def place(self, path: Path_) -> Place:
        """Where a value stands: the value itself, or the last of the path that is there."""
        return self._at(_offset(self.source, path))

    def _at(self, offset: int) -> Place:
        return _place(self.name, self.source, offset)


def read_json(path: Path) -> Text:
    """A JSON file with one object.

    Raises CaseError for what is not JSON as the standard has it, keys written twice and numbers that are none included.
    """
    source = read_text(path, path.name, LARGEST)
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in found]
        twice.extend(name for name in names if names.count(name) > 1) if len(set(names)) < len(names) else None
        return dict(found)

    def no_number(text: str) -> Any:
        raise CaseError([Problem(f"{text} is not a number of JSON", _found(path.name, source, text), "write null")])

    try:
        data = json.loads(source, object_pairs_hook=pairs, parse_constant=no_number, parse_int=_whole)
    except json.JSONDecodeError as error:
        place = _place(path.name, source, error.pos)
        raise CaseError([Problem(f"{path.name} is not JSON: {error.msg}", place, _FIX)]) from None
    except (RecursionError, ValueError) as error:
        raise CaseError([Problem(f"{path.name} cannot be read: {error}", Place(path.name), _FIX)]) from None
    if twice:
        problems = [
            Problem(f"'{name}' is written twice", _found(path.name, source, f'"{name}"'), "keep one of them")
            for name in dict.fromkeys(twice)
        ]
        raise CaseError(problems)
    if not isinstance(data, dict):
        raise CaseError([Problem(f"{path.name} is not a plan: it holds no object", _place(path.name, source, 0), _FIX)])
    return Text(path.name, source, data)


_FIX = "write it with `allocate solve CASE --out PLAN`"


def _whole(text: str) -> float:
    """A whole number; one too long for any figure of a plan as the float it is nearest to."""
    return int(text) if len(text) <= LONGEST else float(text)


def _found(name: str, source: str, text: str) -> Place:
    return _place(name, source, max(source.find(text), 0))


def _place(name: str, source: str, offset: int) -> Place:
    start = source.rfind("\n", 0, offset) + 1
    end = source.find("\n", offset)
    line = source[start : len(source) if end < 0 else end]
    return Place(name, source.count("\n", 0, offset) + 1, offset - start + 1, 1, line if len(line) <= WIDEST else "")


def _offset(source: str, path: Path_) -> int:
    at = _skip(source, 0)
    for step in path:
        inner = next((begin for key, begin in _members(source, at) if key == step), None)
        if inner is None:
            return at
        at = inner
    return at


def _skip(source: str, at: int) -> int:
    match = _SPACE.match(source, at)
    return match.end() if match else at


def _members(source: str, at: int) -> Iterator[tuple[str | int, int]]:
    """Keys (positions) of an object (array) that begins at an offset, each with where its value begins."""
    if source[at] not in "{[":
        return
    is_object, number = source[at] == "{", 0
    at = _skip(source, at + 1)
    while source[at] not in "}]":
        key: str | int = number
        if is_object:
            key, at = _DECODER.raw_decode(source, at)
            at = _skip(source, _skip(source, at) + 1)
        yield key, at
        _, at = _DECODER.raw_decode(source, at)
        at = _skip(source, at)
        if source[at] == ",":
            at = _skip(source, at + 1)
        number += 1


_DECODER = json.JSONDecoder()
