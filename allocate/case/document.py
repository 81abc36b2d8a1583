"""YAML files as plain data, each value with its place: the parser keeps positions, refuses duplicates and bombs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allocate.errors import CaseError, Place, Problem

Path_ = tuple[str | int, ...]
Data = Any  # nested dict[str, Data] | list[Data] | str | None

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40


@dataclass
class Document:
    """Plain data and where each value (and each key) was written."""

    data: dict[str, Data]
    values: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)

    def place(self, path: Path_, of_key: bool = False) -> Place | None:
        """Where a path was written: itself, or the nearest ancestor that was."""
        for length in range(len(path), -1, -1):
            found = self.keys.get(path[:length]) if of_key and length == len(path) else None
            found = found or self.values.get(path[:length])
            if found is not None:
                return found
        return None


def read_bytes(path: Path, shown: str, limit: int = MAX_BYTES) -> str:
    """A text file as UTF-8.

    Raises CaseError for a file that is missing, too large (bytes), binary or not UTF-8.
    """
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if path.is_file() and size <= limit else None
    except OSError as error:
        raise CaseError([Problem(f"cannot read {shown}: {error.strerror}", Place(shown), _missing_fix(path))]) from None
    if not path.is_file():
        raise CaseError([Problem(f"cannot read {shown}: it is not a file", Place(shown), None)])
    if raw is None:
        fix = (
            "keep the case file small and put large tables beside it as CSV"
            if limit == MAX_BYTES
            else "split the table"
        )
        raise CaseError([Problem(f"{shown} has {size:,} bytes; at most {limit:,} are read", Place(shown), fix)])
    if b"\0" in raw[:4096]:
        raise CaseError([Problem(f"{shown} is a binary file, not text", Place(shown), "save it as UTF-8 text")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CaseError(
            [Problem(f"{shown} is not UTF-8 text (byte {error.start})", Place(shown, line, 1), "save it as UTF-8")]
        ) from None


def _missing_fix(path: Path) -> str | None:
    if path.parent.is_dir():
        near = sorted(p.name for p in path.parent.iterdir() if p.suffix == path.suffix and p.name != path.name)[:5]
        if near:
            return f"the folder has {', '.join(near)}"
    return None


def parse(text: str, shown: str) -> Document:
    """YAML 1.2 text as a Document; every scalar stays text, `null` and `~` become None.

    Raises CaseError with the place of the first syntax error, or of every duplicate key, foreign tag and alias bomb.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    lines = text.splitlines()
    try:
        node = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    except RecursionError:
        raise CaseError([Problem(f"{shown} is nested too deep to read", Place(shown), None)]) from None
    except YAMLError as error:
        raise CaseError([_syntax(error, shown, lines)]) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise CaseError([Problem(f"{shown} is not YAML: {error}", Place(shown), None)]) from None
    if node is None:
        raise CaseError([Problem(f"{shown} is empty", Place(shown), "`allocate init DIR` writes a case to start from")])
    reader = _Reader(shown, lines)
    data = reader.value(node, ())
    if not isinstance(data, dict) and not reader.problems:
        place = reader.document.values.get(())
        reader.problems.append(
            Problem(f"{shown} is not a mapping of keys to values", place, "write `key: value` lines")
        )
    if reader.problems:
        raise CaseError(reader.problems)
    reader.document.data = data
    return reader.document


def _syntax(error: Any, shown: str, lines: list[str]) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or "it cannot be read"
    fix = None
    if "\\t" in str(what) or "'\\t'" in str(what):
        fix = "indent with spaces, not tabs"
    elif "single document" in str(getattr(error, "context", "")):
        what, fix = "there is more than one document in the file", "remove the `---` lines inside the file"
    if mark is None:
        return Problem(f"{shown} is not YAML: {what}", Place(shown), fix)
    source = lines[mark.line] if mark.line < len(lines) else ""
    return Problem(f"{shown} is not YAML: {what}", Place(shown, mark.line + 1, mark.column + 1, 1, source), fix)


class _Reader:
    """Walks composed nodes once, collecting data, places and problems."""

    def __init__(self, shown: str, lines: list[str]) -> None:
        self.shown, self.lines = shown, lines
        self.document = Document({})
        self.problems: list[Problem] = []
        self.count = 0

    def place(self, node: Any) -> Place:
        start, end = node.start_mark, node.end_mark
        text = self.lines[start.line] if start.line < len(self.lines) else ""
        same = end.line == start.line
        width = max(1, (end.column if same else len(text)) - start.column)
        return Place(self.shown, start.line + 1, start.column + 1, width, text)

    def value(self, node: Any, path: Path_) -> Data:
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            if self.count <= MAX_VALUES or self.count == MAX_VALUES + 1:
                what = f"more than {MAX_VALUES:,} values once its aliases are written out"
                if len(path) > MAX_DEPTH:
                    what = f"values nested more than {MAX_DEPTH} deep"
                self.problems.append(Problem(f"{self.shown} has {what}", self.place(node), "write the values plainly"))
                self.count = MAX_VALUES + 1
            return None
        self.document.values[path] = self.place(node)
        kind = node.id if hasattr(node, "id") else type(node).__name__
        if kind == "scalar":
            return self._scalar(node)
        if node.tag is not None and not str(node.tag).startswith("tag:yaml.org,2002:"):
            self._foreign(node)
        if kind == "sequence":
            return [self.value(child, (*path, position)) for position, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _scalar(self, node: Any) -> str | None:
        tag = str(node.tag) if node.tag is not None else ""
        if tag and not tag.startswith("tag:yaml.org,2002:"):
            self._foreign(node)
        if node.style is None and node.value in ("", "~", "null", "Null", "NULL"):
            return None
        return str(node.value)

    def _mapping(self, node: Any, path: Path_) -> dict[str, Data]:
        result: dict[str, Data] = {}
        for key_node, value_node in node.value:
            if getattr(key_node, "id", "") != "scalar":
                self.problems.append(Problem("a key must be plain text", self.place(key_node), "write `name: value`"))
                continue
            key = str(key_node.value)
            place = self.place(key_node)
            if key in result:
                first = self.document.keys[(*path, key)]
                self.problems.append(
                    Problem(f"'{key}' is written twice, first in line {first.line}", place, "keep one of them")
                )
                continue
            self.document.keys[(*path, key)] = place
            result[key] = self.value(value_node, (*path, key))
        return result

    def _foreign(self, node: Any) -> None:
        self.problems.append(Problem(f"the YAML tag '{node.tag}' is not used here", self.place(node), "remove the tag"))


def graft(target: Document, path: Path_, source: Document, source_path: Path_ = ()) -> None:
    """Put a document's data (from source_path) at a path of another, places included, replacing what was there."""
    parent: Any = target.data
    for step in path[:-1]:
        parent = parent[step]
    data: Any = source.data
    for step in source_path:
        data = data[step]
    parent[path[-1]] = data
    forget(target, path)
    cut = len(source_path)
    for table, into in ((source.values, target.values), (source.keys, target.keys)):
        for where, place in table.items():
            if where[:cut] == source_path:
                into[(*path, *where[cut:])] = place


def forget(target: Document, path: Path_) -> None:
    """Drop the places below a path whose data is about to be replaced."""
    length = len(path)
    for table in (target.values, target.keys):
        for where in [where for where in table if len(where) > length and where[:length] == path]:
            del table[where]


def walk(data: Data, path: Path_ = ()) -> Iterator[tuple[Path_, Data]]:
    """Every path of plain data with its value, parents first."""
    yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from walk(value, (*path, key))
