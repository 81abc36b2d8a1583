"""What went wrong, where, and how to correct it: problems are collected and raised together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, order=True)
class Place:
    """Where a problem lies: a file, a line and a column (both from 1) and the width to underline."""

    file: str
    line: int = 0
    column: int = 0
    width: int = 1
    text: str = ""
    """The source line as written, without its line end."""

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing a user can correct: what it is, where it lies, how to fix it."""

    message: str
    place: Place | None = None
    fix: str | None = None
    """How to correct it. ``write `x` ``, ``write `x` or `y` `` and ``did you mean 'x'?`` give the text to stand in place of
    the marked one, word for word; examples are told ``as in `x` ``."""
    otherwise: str | None = None
    """How to correct it where the text the fix gives does not hold there."""
    code: str | None = None
    """Where to read more: a section of the page on codes of errors, which `allocate help CODE` prints."""


_WRITE = re.compile(r"write `([^`]+)`(?: or `([^`]+)`)?|did you mean [`'](.+)[`']\?", re.DOTALL)


def replacements(fix: str | None) -> tuple[str, ...]:
    """The texts a fix gives to stand in place of the marked one; none where it says what to do in other words.

    >>> replacements("write `2.5 images` or `2_500 images`"), replacements("write it as in `250k USD`")
    (('2.5 images', '2_500 images'), ())
    """
    match = _WRITE.fullmatch(fix or "")
    return tuple(text for text in match.groups() if text) if match else ()


class CaseError(Exception):
    """All problems of a case and its files; nothing was planned and nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))

    @classmethod
    def of(cls, message: str, place: Place | None = None, fix: str | None = None, code: str | None = None) -> Self:
        """The error of one problem."""
        return cls([Problem(message, place, fix, code=code)])


def readable(text: str, limit: int = 160) -> str:
    """Text made safe for one terminal line: control and direction marks shown as escapes, length bounded visibly."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return shown if len(shown) <= limit else f"{shown[:limit]}… ({len(shown)} characters)"


def render(problem: Problem) -> str:
    """A problem as a person reads it: message, place, the line with a caret, the fix."""
    lines = [f"error: {readable(problem.message, 600)}"]
    place = problem.place
    if place is not None:
        lines.append(f"  --> {readable(str(place), 300)}")
        if place.text:
            lines += _snippet(place)
    if problem.fix:
        lines.append(f"   = fix: {readable(problem.fix, 600)}")
    if problem.code:
        lines.append(f"   = more: allocate help {problem.code}")
    return "\n".join(lines)


def _snippet(place: Place) -> list[str]:
    start = max(0, place.column - 60)
    shown = readable(place.text[start : start + 110], 400)
    # A caret only lines up where every character of the line is one column wide.
    aligned = shown == place.text[start : start + 110]
    gutter = " " * len(str(place.line))
    lines = [f" {gutter} |", f" {place.line} | {shown}"]
    if aligned:
        width = max(1, min(place.width, len(shown) - (place.column - 1 - start)))
        lines.append(f" {gutter} | {' ' * (place.column - 1 - start)}{'^' * width}")
    return lines
