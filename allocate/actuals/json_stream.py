"""Large JSON files read entry by entry in bounded memory: lists of objects, and one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from allocate.errors import CaseError, Place
from allocate.input_limits import EXPORT_ENTRY

_BLOCK = 1 << 20
"""Characters read at a time."""
_SPACES = " \t\r\n"


class Entry(NamedTuple):
    """One object of a file."""

    line: int
    """Where it begins, from 1."""
    value: dict[str, Any]


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder()


def objects(path: Path, shown: str, what: str) -> Iterator[Entry]:
    """The objects of a file that is a list of them, or a single one; what: what each is, in words.

    Memory is bounded by the largest entry. Raises CaseError with the place where the text is not JSON, or an entry no object.
    """
    with _opened(path, shown) as file:
        reader = _Reader(file, shown)
        if reader.peek() != "[":
            yield reader.entry(what)
            if reader.peek():
                raise reader.broken("there is more after the first object", "one list, or one object a line (.ndjson)")
            return
        reader.skip()
        while reader.peek() != "]":
            yield reader.entry(what)
            if reader.peek() == ",":
                reader.skip()
                if reader.peek() == "]":
                    raise reader.broken("there is a comma after the last entry", "remove it")
            elif reader.peek() != "]":
                raise reader.broken(
                    "the list does not end", "export the file again: it is cut short or was changed by hand"
                )


def lines_of_objects(path: Path, shown: str, what: str) -> Iterator[Entry]:
    """The objects of a file with one on each line (NDJSON); empty lines are left out.

    Raises CaseError with the place of a line that is not an object or too long.
    """
    decode = _decoder().decode
    with _opened(path, shown) as file:
        number = 0
        while line := _text(file, shown, EXPORT_ENTRY + 1, by_line=True):
            number += 1
            if len(line) > EXPORT_ENTRY:
                raise _too_long(shown, number)
            if not line.strip():
                continue
            yield Entry(number, _object(decode, line, shown, number, what))


def _object(decode: Any, text: str, shown: str, line: int, what: str) -> dict[str, Any]:
    try:
        value = decode(text)
    except (ValueError, RecursionError) as error:
        column = getattr(error, "colno", 1)
        message = f"line {line} of {shown} is not JSON: {_why(error)}"
        fix = "export the file again, as one object a line"
        raise CaseError.of(message, Place(shown, line, column), fix) from None
    if not isinstance(value, dict):
        raise CaseError.of(f"line {line} of {shown} is not {what}", Place(shown, line, 1), "one object a line")
    return value


def _why(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[:1].lower() + error.msg[1:]
    return "it is nested too deeply" if isinstance(error, RecursionError) else "a number in it is too long"


def _too_long(shown: str, line: int) -> CaseError:
    message = f"an entry of {shown} has more than {EXPORT_ENTRY:,} characters"
    return CaseError.of(
        message, Place(shown, line, 1), "export fewer fields: results of this size hold images or video"
    )


def _opened(path: Path, shown: str) -> TextIO:
    """A file as UTF-8 text without its byte order mark; CaseError where it cannot be opened."""
    try:
        if not path.is_file():
            path.stat()
            raise CaseError.of(f"cannot read {shown}: it is not a file", Place(shown), "name a file")
        return path.open(encoding="utf-8-sig", newline="")
    except FileNotFoundError:
        raise CaseError.of(f"cannot read {shown}: it is not there", Place(shown), "name a file that is there") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not the name of a file"
        raise CaseError.of(f"cannot read {shown}: {why.lower()}", Place(shown), "name another file") from None


opened = _opened


def _text(file: TextIO, shown: str, count: int, *, by_line: bool = False) -> str:
    try:
        return file.readline(count) if by_line else file.read(count)
    except UnicodeDecodeError:
        raise CaseError.of(f"{shown} is not UTF-8 text", Place(shown), "save it as UTF-8, or export it again") from None


class _Reader:
    """A window on a file, moved on as entries are taken."""

    def __init__(self, file: TextIO, shown: str) -> None:
        self.file, self.shown = file, shown
        self.text, self.at = "", 0
        self.line, self.counted = 1, 0
        """The line at the place up to which line ends were counted."""
        self.ended = False
        self.decode = _decoder().raw_decode

    def peek(self) -> str:
        """The next character that is no space; empty at the end of the file."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACES:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def skip(self) -> None:
        """Take one character."""
        self.at += 1

    def more(self) -> bool:
        """Read on; at least as much as is held already, so that a large entry is not read over and over."""
        if self.ended:
            return False
        block = _text(self.file, self.shown, max(_BLOCK, len(self.text) - self.at))
        self.here()
        self.text, self.at, self.counted = self.text[self.at :] + block, 0, 0
        self.ended = not block
        return bool(block)

    def here(self) -> Place:
        """Where the reader is; the column counts from what is held of the line."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return Place(self.shown, self.line, self.at - self.text.rfind("\n", 0, self.at))

    def broken(self, why: str, fix: str) -> CaseError:
        """The error of a file that is not as it should be here."""
        return CaseError.of(f"{self.shown} is not JSON of this kind: {why}", self.here(), fix)

    def entry(self, what: str) -> Entry:
        """The object that begins here."""
        if self.peek() != "{":
            why = f"{what} is expected here" if self.peek() else "it ends early"
            raise self.broken(why, "export the file again as JSON")
        line = self.here().line
        while True:
            try:
                value, end = self.decode(self.text, self.at)
                break
            except json.JSONDecodeError as error:
                if len(self.text) - self.at > EXPORT_ENTRY:
                    raise _too_long(self.shown, line) from None
                if not self.more():
                    self.at = min(error.pos, len(self.text))
                    raise self.broken(
                        _why(error), "export the file again: it is cut short or was changed by hand"
                    ) from None
            except (ValueError, RecursionError) as error:
                raise self.broken(_why(error), "export the file again") from None
        self.at = end
        return Entry(line, value)
