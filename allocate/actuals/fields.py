"""Fields of a platform's entries: each found by its path, of the right kind, or a problem that says how to have it exported."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from allocate.errors import CaseError, Place, Problem, readable
from allocate.input_limits import EXPORT_PROBLEMS

_MISSING = object()
MOST_SECONDS = 10 * 365 * 86_400.0
"""Longest time at one entry that is read as one, s."""
LATEST = 9_214_646_400.0
"""Times are read from 1970 up to the end of 2261, s since 1970: year 1, as some programs write for no date, is none."""
LARGEST = 1e15


@dataclass
class Problems:
    """What is wrong with a file, gathered; ends the import once there is enough of it."""

    found: list[Problem] = field(default_factory=list)
    said: set[tuple[str, str | None]] = field(default_factory=set)

    def add(self, message: str, place: Place, fix: str, kind: str | None = None) -> None:
        """One problem; those of one kind are told once per file."""
        key = (kind or message, place.file)
        if key in self.said:
            return
        self.said.add(key)
        self.found.append(Problem(message, place, fix))
        if len(self.found) >= EXPORT_PROBLEMS:
            self.end()

    def end(self) -> None:
        """Raise CaseError where there is any."""
        if self.found:
            raise CaseError(self.found)


def at(entry: Any, path: str) -> Any:
    """What stands at a dotted path; `_MISSING` where nothing does."""
    for step in path.split("."):
        if isinstance(entry, Mapping) and step in entry:
            entry = entry[step]
        elif isinstance(entry, list) and step.isdigit() and int(step) < len(entry):
            entry = entry[int(step)]
        else:
            return _MISSING
    return entry


def is_missing(value: Any) -> bool:
    """Whether `at` found nothing."""
    return value is _MISSING


@dataclass(frozen=True)
class Fields:
    """The fields of one entry."""

    entry: Mapping[str, Any]
    what: str
    """What it is, as in `annotation 1552 of task 10959`."""
    place: Place
    problems: Problems
    get_it: str
    """How to have a missing field exported."""

    def _needed(self, path: str) -> Any:
        value = at(self.entry, path)
        if value is _MISSING:
            self.problems.add(f"{self.what} has no field '{path}'", self.place, self.get_it, f"no {path}")
        return value

    def _wrong(self, path: str, value: Any, expected: str) -> None:
        shown = readable(repr(value) if isinstance(value, str) else str(value), 60)
        self.problems.add(
            f"'{path}' of {self.what} is {shown}, not {expected}", self.place, self.get_it, f"{path} is not {expected}"
        )

    def text(self, path: str, *, needed: bool = True) -> str:
        """A text or a number as text; empty for null."""
        value = self._needed(path) if needed else at(self.entry, path)
        if value is _MISSING or value is None:
            return ""
        if isinstance(value, (dict, list)):
            self._wrong(path, f"{type(value).__name__}", "a text or a number")
            return ""
        return plain_text(value)

    def seconds(self, path: str, *, needed: bool = True) -> float:
        """A time at work, s; nan for null."""
        return self.number(path, needed=needed, least=0.0, most=MOST_SECONDS, expected="a time in seconds")

    def number(
        self,
        path: str,
        *,
        needed: bool = True,
        least: float = -LARGEST,
        most: float = LARGEST,
        expected: str = "a number",
    ) -> float:
        """A number within bounds; nan for null."""
        value = self._needed(path) if needed else at(self.entry, path)
        if value is _MISSING or value is None:
            return math.nan
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            self._wrong(path, value, expected)
            return math.nan
        return float(value)

    def flag(self, path: str, *, needed: bool = True) -> bool:
        """A yes or no; null is no."""
        value = self._needed(path) if needed else at(self.entry, path)
        if value is _MISSING or value is None:
            return False
        if value not in (True, False, 0, 1):
            self._wrong(path, value, "true or false")
            return False
        return bool(value)

    def moment(self, path: str, zone: tzinfo = UTC, *, needed: bool = True) -> float:
        """A time as s since 1970 UTC; nan for null. Times without a zone are in the one given."""
        value = self._needed(path) if needed else at(self.entry, path)
        if value is _MISSING or value is None or value == "":
            return math.nan
        found = moment(value, zone)
        if math.isnan(found):
            self._wrong(path, value, "a date with a time, as in 2027-02-01T09:30:00Z")
        return found

    def entries(self, path: str, *, needed: bool = True) -> list[Mapping[str, Any]]:
        """A list of objects; empty for null."""
        value = self._needed(path) if needed else at(self.entry, path)
        if value is _MISSING or value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._wrong(path, type(value).__name__, "a list of entries")
            return []
        return value

    def below(self, path: str, what: str, *, get_it: str | None = None) -> Fields:
        """The fields of an object inside; a problem, and no fields, where there is none."""
        value = at(self.entry, path)
        if not isinstance(value, dict):
            message = f"{self.what} has no '{path}'"
            self.problems.add(message, self.place, get_it or self.get_it, f"no {path}")
            value = {}
        return Fields(value, what, self.place, self.problems, get_it or self.get_it)


def plain_text(value: Any) -> str:
    """A scalar of JSON as text: whole numbers without a point, true and false in small letters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST:
        return str(int(value))
    return str(value).encode("utf-8", "replace").decode()


def moment(value: Any, zone: tzinfo = UTC) -> float:
    """An ISO 8601 text, or s or ms since 1970, as s since 1970 UTC; nan where it is neither.

    >>> moment("1970-01-02T00:00:00Z"), moment(86400000000000)
    (86400.0, nan)
    """
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, (int, float)):
        if not math.isfinite(value) or not 0 <= value < 1e13:
            return math.nan
        return known_time(float(value) / (1000.0 if value >= 1e11 else 1.0))
    if not isinstance(value, str):
        return math.nan
    try:
        read = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
        return known_time((read if read.tzinfo else read.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError, OSError):
        return math.nan


def known_time(seconds: float) -> float:
    """A time as it is, or nan outside of the years that are read."""
    return seconds if 0.0 <= seconds < LATEST else math.nan


_COUNT = re.compile(r"count of ([\w. -]+?)(?:\[([\w.-]+)=([^\]]*)\])?")


@dataclass(frozen=True)
class Driver:
    """How many boxes, words or minutes an entry has: a number in it, or the count of a list."""

    path: str
    counted: bool = False
    key: str = ""
    equals: str = ""

    def of(self, *roots: Mapping[str, Any]) -> float:
        """Its value in the first of some objects that has it; nan where none has."""
        for root in roots:
            value = at(root, self.path)
            if value is _MISSING or value is None:
                continue
            if not self.counted:
                fine = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST
                return float(value) if fine else math.nan
            if isinstance(value, list):
                return float(len([one for one in value if self._meant(one)]))
        return math.nan

    def _meant(self, one: Any) -> bool:
        if not self.key:
            return True
        value = at(one, self.key)
        return value is not _MISSING and not isinstance(value, (dict, list)) and plain_text(value) == self.equals


def driver(text: str) -> Driver | None:
    """A driver as a map writes it: `count of result[type=rectanglelabels]`, `count of objects`, or a field; None where it is none."""
    if text.startswith("count of"):
        match = _COUNT.fullmatch(text)
        return Driver(match[1], True, match[2] or "", match[3] or "") if match else None
    return Driver(text) if text.strip() else None
