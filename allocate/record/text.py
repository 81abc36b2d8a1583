"""A JSON file as data, with every mistake in its text and the place of every value when somebody asks."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from allocate.case.files import read_text
from allocate.errors import CaseError, Place, Problem
from allocate.input_limits import (
    PLAN_BYTES,
    PLAN_CHARACTERS,
    PLAN_DEPTH,
    PLAN_DIGITS,
    PLAN_NUMBER,
    PLAN_PROBLEMS,
    PLAN_VALUES,
)

LONGEST = 18
"""Digits of a whole number that is kept as one."""
WIDEST = 160
"""Characters of a line shown with a problem."""
CHUNK = 1 << 16
"""Characters between places whose line is known."""
SHOWN = 40
"""Characters shown of a text or number that cannot be read."""

Path_ = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")
_FIX = "write it with `allocate solve CASE --out PLAN`"
_RESTORE = "restore the file as `allocate solve CASE --out PLAN` wrote it"


@dataclass(frozen=True)
class Text:
    """A JSON document and the text it was read from."""

    name: str
    source: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    def place(self, path: Path_) -> Place:
        """Where a value stands: the value itself, or the last of the path that is there."""
        return self._at(self._offset(path))

    def place_of_second(self, path: Path_, key: str) -> Place:
        """Where an object writes a key for the second time."""
        at = self._offset(path)
        if at not in self._seconds:
            seen, second = set[str | int](), dict[str | int, int]()
            for one, begins, _ in _members(self.source, at):
                if one in seen:
                    second.setdefault(one, begins)
                seen.add(one)
            self._seconds[at] = second
        return self._at(self._seconds[at].get(key, at))

    def _offset(self, path: Path_) -> int:
        at = _skip(self.source, 0)
        for step in path:
            inner = self._inside(at).get(step)
            if inner is None:
                return at
            at = inner
        return at

    def _inside(self, at: int) -> dict[str | int, int]:
        """Where the values of a list or object begin, gone through once."""
        if at not in self._known:
            self._known[at] = {key: begins for key, _, begins in _members(self.source, at)}
        return self._known[at]

    @cached_property
    def _known(self) -> dict[int, dict[str | int, int]]:
        return {}

    @cached_property
    def _seconds(self) -> dict[int, dict[str | int, int]]:
        """Where keys of an object begin that are there already, gone through once."""
        return {}

    @cached_property
    def _lines(self) -> list[tuple[int, int]]:
        """Of each `CHUNK` of the text: line ends before it, and where the line begins that it begins in."""
        found, ends, begins = list[tuple[int, int]](), 0, 0
        for at in range(0, len(self.source) + 1, CHUNK):
            found.append((ends, begins))
            ends += self.source.count("\n", at, at + CHUNK)
            begins = self.source.rfind("\n", at, at + CHUNK) + 1 or begins
        return found

    def _at(self, offset: int) -> Place:
        chunk = offset // CHUNK
        ends, begins = self._lines[chunk]
        start = self.source.rfind("\n", chunk * CHUNK, offset) + 1 or begins
        number = ends + self.source.count("\n", chunk * CHUNK, offset) + 1
        line = self.source[start : start + WIDEST + 1].partition("\n")[0]
        return Place(self.name, number, offset - start + 1, 1, line if len(line) <= WIDEST else "")


def path_words(path: Path_) -> str:
    """A path as programs write it, `lines[3].items`; positions count from 0."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".") or "the document"


def read_json(path: Path) -> Text:
    """A JSON file with one object, within the limits of `allocate.input_limits`.

    Raises CaseError with what is not JSON as the standard has it, keys written twice, numbers that are none or too large,
    and texts that are no Unicode included, each with its place.
    """
    source = read_text(path, path.name, PLAN_BYTES, "no plan is as large")
    values = source.count(",")
    if values > PLAN_VALUES:
        words = f"{path.name} has {values:,} values; at most {PLAN_VALUES:,} are read"
        raise CaseError.of(words, Place(path.name), "no plan is as large")
    try:
        data = json.loads(
            source, object_pairs_hook=_object, parse_constant=_NoNumber, parse_int=_whole, parse_float=_number
        )
    except json.JSONDecodeError as error:
        place = Text(path.name, source, {})._at(error.pos)
        raise CaseError.of(f"{path.name} is not JSON: {error.msg}", place, _FIX) from None
    except RecursionError:
        raise CaseError.of(f"{path.name} cannot be read: {_TOO_DEEP}", Place(path.name), _FIX) from None
    text = Text(path.name, source, data)
    problems = list(islice(_faults(text), PLAN_PROBLEMS))
    if problems:
        raise CaseError(problems)
    if not isinstance(data, dict):
        raise CaseError.of(f"{path.name} is not a plan: it holds no object", text.place(()), _FIX)
    return text


_TOO_DEEP = f"lists and objects lie more than {PLAN_DEPTH} deep inside one another"


class _NoNumber(str):
    """What stands for a number and is none that can be read."""


class _Twice(dict[str, Any]):
    """An object that has a key twice."""

    names: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    twice.names = tuple(name for name, many in Counter(name for name, _ in pairs).items() if many > 1)
    return twice


def _whole(text: str) -> Any:
    """A whole number; one too long for any figure of a plan as the float it is nearest to."""
    return int(text) if len(text) <= LONGEST else _number(text)


def _number(text: str) -> Any:
    if len(text) > PLAN_DIGITS:
        return _NoNumber(text)
    number = float(text)
    return number if abs(number) <= float(PLAN_NUMBER) else _NoNumber(text)


def _faults(text: Text) -> Iterator[Problem]:
    """What of a document cannot be read as a plan's, with its place, in the order of the file nearly."""
    data: Any = text.data
    if isinstance(data, _NoNumber):
        yield Problem(_no_text(data), text.place(()), _RESTORE)
    waiting: list[tuple[Path_, Any]] = [((), data)] if isinstance(data, (dict, list)) else []
    while waiting:
        path, one = waiting.pop()
        if len(path) > PLAN_DEPTH:
            yield Problem(f"{path_words(path[:2])}: {_TOO_DEEP}", _place(text, path), _RESTORE)
            continue
        if isinstance(one, _Twice):
            for name in one.names:
                words = f"'{_short(name)}' is written twice in {path_words(path)}"
                yield Problem(words, text.place_of_second(path, name), "keep one of them")
        inside: Iterable[tuple[str | int, Any]] = one.items() if isinstance(one, dict) else enumerate(one)
        for step, value in inside:
            if isinstance(value, (dict, list)):
                if value:
                    waiting.append(((*path, step), value))
            elif isinstance(value, str) and (words := _no_text(value)):
                where = (*path, step)
                yield Problem(f"{path_words(where)}: {words}", text.place(where), _RESTORE)
            if isinstance(step, str) and (words := _no_text(step)):
                yield Problem(f"a key in {path_words(path)}: {words}", text.place(path), _RESTORE)


def _place(text: Text, path: Path_) -> Place:
    try:
        return text.place(path)
    except RecursionError:
        return Place(text.name)


def _no_text(value: str) -> str:
    """Why a text or number cannot be read; nothing where it can."""
    if isinstance(value, _NoNumber):
        words = f"{_short(value)} is not a number of JSON" if value[-1:].isalpha() else ""
        return (
            words
            or f"{_short(value)} is too large a number: at most {float(PLAN_NUMBER):g}, in {PLAN_DIGITS} characters"
        )
    if len(value) > PLAN_CHARACTERS:
        return f"a text of {len(value):,} characters; at most {PLAN_CHARACTERS:,} are read"
    if value.isascii():
        return ""
    return "half of a character (a lone surrogate) is not text" if any("\ud800" <= c <= "\udfff" for c in value) else ""


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} characters)"


def _skip(source: str, at: int) -> int:
    match = _SPACE.match(source, at)
    return match.end() if match else at


def _members(source: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """Keys (positions) of an object (list) that begins at an offset, each with where it and its value begin."""
    if source[at] not in "{[":
        return
    is_object, number = source[at] == "{", 0
    at = _skip(source, at + 1)
    while source[at] not in "}]":
        key: str | int = number
        begins = at
        if is_object:
            key, at = _DECODER.raw_decode(source, at)
            at = _skip(source, _skip(source, at) + 1)
        yield key, begins, at
        _, at = _DECODER.raw_decode(source, at)
        at = _skip(source, at)
        if source[at] == ",":
            at = _skip(source, at + 1)
        number += 1


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
