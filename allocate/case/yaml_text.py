"""YAML 1.2 text as a Document: positions kept; duplicate keys, foreign tags and alias bombs refused."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from allocate.case.document import HALF, Data, Document, Path_, half_character, walk
from allocate.case.notation import settle
from allocate.case.syntax import syntax_problem
from allocate.errors import CaseError, Place, Problem
from allocate.input_limits import YAML_DEPTH, YAML_LINE, YAML_PROBLEMS, YAML_VALUES

_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # as the parser counts lines
_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))
_FLOAT = re.compile(r"[+-]?\d+\.\d*[1-9]", re.ASCII)
"""A number by YAML's own rules, which has one reading; filled up with zeros, as in `2.500`, it may be thousands all the same."""
_REST = re.compile(r"0\d\d(?!\d).*|\d{3}\s+[^\W\d].*", re.ASCII | re.DOTALL)
"""What follows a comma between thousands in a list, as in `[10,000 images]`: no number of its own, or the only one with a unit."""
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


_KEPT = 200_000
"""Characters of a text that is remembered once it is read: more than any shipped file has."""


def parse(text: str, shown: str) -> Document:
    """YAML 1.2 text as a Document, free to be changed; every scalar stays text, an empty value, `null` and `~` become None.

    Raises CaseError with the place of the first syntax error, or of every duplicate key, foreign tag and bad alias.
    """
    return parsed(text, shown).copied() if len(text) <= _KEPT else _parsed(text, shown)


@lru_cache(maxsize=64)
def parsed(text: str, shown: str) -> Document:
    """The same, read once for all who ask; nobody may change it."""
    return _parsed(text, shown)


def _parsed(text: str, shown: str) -> Document:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = _Reader(shown, _LINE_END.split(text))
    _bounded(reader)
    try:
        for event in YAML(typ="safe", pure=True).parse(io.StringIO(text)):
            reader.take(event)
    except YAMLError as error:
        raise CaseError([*reader.problems, syntax_problem(error, shown, reader.lines, text)]) from None
    except (ValueError, TypeError, AttributeError, IndexError, AssertionError, RecursionError) as error:
        raise CaseError.of(f"{shown} is not YAML: {error}", Place(shown), None) from None
    return reader.finished()


def _bounded(reader: _Reader) -> None:
    """Refuse lines on which the parser would spend minutes."""
    for number, line in enumerate(reader.lines, start=1):
        if len(line) > YAML_LINE:
            message = f"line {number} of {reader.shown} has {len(line):,} characters; at most {YAML_LINE:,} are read"
            raise CaseError.of(message, Place(reader.shown, number, 1), "break it into several lines")


@dataclass
class _Level:
    """A mapping or list that is being read."""

    data: Any
    path: Path_
    anchor: str | None
    key: str | None = None
    cut: Any = None
    """The event of the key, where it may be the rest of the number before it: `10,000 images` in braces, cut at its comma."""


@dataclass
class _Reader:
    """Takes the parser's events one by one, collecting data, places and problems; bounded in depth and size."""

    shown: str
    lines: list[str]
    document: Document = field(default_factory=lambda: Document({}))
    problems: list[Problem] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    anchors: dict[str, tuple[Path_, Data]] = field(default_factory=dict)
    floats: set[str] = field(default_factory=set)
    count: int = 0
    documents: int = 0
    root: Data = None
    last: tuple[Path_, int, int] | None = None
    """Path of the plain value that was read last, and the line and column it ends at."""
    dropped: int = 0
    """Depth inside a value that is left out because its key was refused."""

    def take(self, event: Any) -> None:
        """One event of the parser."""
        kind = type(event).__name__
        if len(self.problems) >= YAML_PROBLEMS:
            message = f"{self.shown} has more problems than these; it was read up to here"
            raise CaseError([*self.problems, Problem(message, self.place(event), "correct the others first")])
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                message = f"there is more than one document in {self.shown}"
                problem = Problem(message, self.place(event), "remove this `---` line and what does not belong")
                raise CaseError([*self.problems, problem])
        elif self.dropped:
            self._drop(kind)
        elif kind == "ScalarEvent":
            self._scalar(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._open(event, {} if kind == "MappingStartEvent" else [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)
        elif kind == "AliasEvent":
            self._alias(event)

    def finished(self) -> Document:
        """The document, once all events are taken."""
        if self.problems:
            raise CaseError(self.problems)
        if self.root is None:
            fix = "write `key: value` lines"
            raise CaseError.of(f"{self.shown} is empty", Place(self.shown), fix)
        if not isinstance(self.root, dict):
            what = "a list" if isinstance(self.root, list) else "plain text"
            message = f"{self.shown} is {what}, not keys with values"
            raise CaseError.of(message, self.document.values.get(()), "write `key: value` lines")
        self.document.data = self.root
        settle(self.document, self.floats)
        return self.document

    def place(self, event: Any) -> Place:
        """Where an event stands."""
        start, end = event.start_mark, event.end_mark
        text = self.lines[start.line] if start.line < len(self.lines) else ""
        stop = end.column if end.line == start.line else len(text)
        return Place(self.shown, start.line + 1, start.column + 1, max(1, stop - start.column), text)

    def _drop(self, kind: str) -> None:
        if kind.endswith("StartEvent"):
            self.dropped += 1
        elif kind.endswith("EndEvent"):
            self.dropped -= 1
        if self.dropped == 1:  # the refused key's own collection, or its value, has ended
            self.dropped = 0

    def _problem(self, event: Any, message: str, fix: str) -> None:
        self.problems.append(Problem(message, self.place(event), fix))

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and str(event.tag) not in _TAGS:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self._problem(event, f"the YAML tag '{tag}' is not used here", "remove the tag")

    def _next(self, event: Any, data: Data) -> Path_:
        """Put data where it belongs; its path."""
        self.count += 1
        if self.count > YAML_VALUES:
            message = f"{self.shown} has more than {YAML_VALUES:,} values, its aliases written out"
            problem = Problem(message, self.place(event), "write the values plainly, large tables beside it as CSV")
            raise CaseError([*self.problems, problem])
        if not self.levels:
            self.root = data
            return ()
        level = self.levels[-1]
        if len(level.path) >= YAML_DEPTH:
            message = f"{self.shown} has values nested more than {YAML_DEPTH} deep"
            raise CaseError(
                [
                    *self.problems,
                    Problem(message, self.place(event), "a case needs only a few levels: write it flatter"),
                ]
            )
        if isinstance(level.data, list):
            level.data.append(data)
            return (*level.path, len(level.data) - 1)
        key = level.key or ""
        level.key = None
        level.data[key] = data
        return (*level.path, key)

    def _wants_key(self) -> bool:
        return bool(self.levels) and isinstance(self.levels[-1].data, dict) and self.levels[-1].key is None

    def _scalar(self, event: Any) -> None:
        self._check_tag(event)
        if (code := half_character(str(event.value))) is not None:
            self._problem(event, f"this text holds half a character ({code})", HALF)
        if self._wants_key():
            self._key(event, str(event.value))
            return
        if self._of_cut_number(event):
            return
        data = None if event.style is None and event.value in _NULLS else str(event.value)
        if event.style is None and _FLOAT.fullmatch(event.value):
            self.floats.add(event.value)
        path = self._next(event, data)
        empty = event.style is None and event.value == ""  # the parser says it stands where the next thing does
        self.document.values[path] = self.document.keys.get(path) or self.place(event) if empty else self.place(event)
        if event.anchor:
            self.anchors[event.anchor] = (path, data)
        if event.style is None and data is not None:
            self.last = (path, event.end_mark.line, event.end_mark.column)

    def _of_cut_number(self, event: Any) -> bool:
        """Whether a scalar ends a number that YAML cut at its comma, which is put together again for the message about it."""
        level = self.levels[-1] if self.levels else None
        if level is None or event.style is not None:
            return False
        if isinstance(level.data, dict):
            rest, key = level.cut, level.key
            level.cut = None
            if rest is None or event.value or key is None:
                return False
            del self.document.keys[(*level.path, key)]
            level.key = None
        elif not (self._goes_on(event) and _REST.fullmatch(event.value)):
            return False
        else:
            rest = event
        assert self.last is not None
        path = self.last[0]
        level.data[path[-1]] += f",{rest.value}"
        at = self.document.values[path]
        width = rest.end_mark.column + 1 - at.column
        self.document.values[path] = Place(at.file, at.line, at.column, width, at.text)
        self.last = (path, rest.end_mark.line, rest.end_mark.column)
        return True

    def _goes_on(self, event: Any) -> bool:
        """Whether a plain scalar begins with a figure, right behind a comma that follows the figures of the value before it."""
        if self.last is None or event.style is not None or not event.value[:1].isdecimal():
            return False
        path, line, column = self.last
        start, before = event.start_mark, self.lines[line]
        beside = start.line == line and start.column == column + 1 and before[column : column + 1] == ","
        return beside and path[:-1] == self.levels[-1].path and before[column - 1 : column].isdecimal()

    def _key(self, event: Any, key: str) -> None:
        level, place = self.levels[-1], self.place(event)
        path = (*level.path, key)
        if key in level.data:
            first = self.document.keys[path]
            message = f"'{key}' is written twice, first in line {first.line}"
            self.problems.append(Problem(message, place, "keep one of them"))
            self.dropped = 1
        elif key == "<<":
            self.problems.append(Problem("merge keys (`<<`) are not used here", place, "write the keys out"))
            self.dropped = 1
        else:
            self.document.keys[path] = place
            level.key, level.cut = key, event if self._goes_on(event) else None

    def _open(self, event: Any, data: Data) -> None:
        self._check_tag(event)
        if self._wants_key():
            self._problem(
                event, "a key must be plain text", "write `name: value`; quote text that starts with a bracket"
            )
            raise CaseError(self.problems)
        path = self._next(event, data)
        self.document.values[path] = self.place(event)
        self.levels.append(_Level(data, path, event.anchor))

    def _close(self, event: Any) -> None:
        level = self.levels.pop()
        place = self.document.values[level.path]
        if event.end_mark.line == place.line - 1:
            width = max(1, event.end_mark.column - place.column + 1)
        else:
            width = max(1, len(place.text) - place.column + 1)
        self.document.values[level.path] = Place(place.file, place.line, place.column, width, place.text)
        if level.anchor:
            self.anchors[level.anchor] = (level.path, level.data)

    def _alias(self, event: Any) -> None:
        name = event.anchor
        if self._wants_key():
            self._problem(event, "a key must be plain text", "write the name out")
            raise CaseError(self.problems)
        if name not in self.anchors:
            inside = any(level.anchor == name for level in self.levels)
            what = "stands inside what it repeats" if inside else "repeats nothing: no value is marked `&" + name + "`"
            self._problem(event, f"the alias '*{name}' {what}", "write the value out")
            self._next(event, None)
            return
        source, data = self.anchors[name]
        self._repeat(event, source, data)

    def _repeat(self, event: Any, source: Path_, data: Data) -> None:
        """Write an alias out: a copy of its data, with the places of the original."""
        depth = len(self.levels[-1].path) if self.levels else 0
        target: Path_ | None = None
        for below, value in walk(data):
            fresh: Any = {} if isinstance(value, dict) else [] if isinstance(value, list) else value
            if target is None:
                target = self._next(event, fresh)
            else:
                self.count += 1
                parent = self._found(target, below[:-1])
                if isinstance(parent, list):
                    parent.append(fresh)
                else:
                    parent[below[-1]] = fresh
            if self.count > YAML_VALUES or depth + len(below) > YAML_DEPTH:
                what = f"more than {YAML_VALUES:,} values" if self.count > YAML_VALUES else "too many levels"
                message = f"{self.shown} has {what} once its aliases are written out"
                raise CaseError([*self.problems, Problem(message, self.place(event), "write the values plainly")])
            for table in (self.document.values, self.document.keys):
                place = table.get((*source, *below))
                if place is not None and (below or table is self.document.values):
                    table[(*target, *below)] = place

    def _found(self, target: Path_, below: Path_) -> Any:
        data: Any = self.root
        for step in (*target, *below):
            data = data[step]
        return data
