"""The YAML parser's complaints in words a person can act on, at the place where the mistake was made."""

from __future__ import annotations

import re
from typing import Any

from allocate.errors import Place, Problem

# What the parser says; what it means; what to do; whether the mistake lies where the construct began (its context).
_MEANINGS: tuple[tuple[str, str, str, bool], ...] = (
    (r"'\\t'", "a tab stands where only spaces may", "indent with spaces, not tabs", False),
    (r"expected ',' or '\]'", "a list is opened here and not closed", "add `]` at its end", True),
    (r"expected ',' or '}'", "a mapping is opened here and not closed", "add `}` at its end", True),
    (r"expected the node content, but found '<stream end>'", "a bracket is opened and not closed", "close it", True),
    (
        "mapping values are not allowed",
        "a ':' stands where no key can be",
        "give the key a line of its own, aligned with its neighbours; or quote text that holds ': '",
        False,
    ),
    (
        "could not find expected ':'",
        "this line is neither `key: value` nor a list entry",
        "write it as in `key: value`",
        True,
    ),
    (
        "found unexpected end of stream|found unexpected document separator",
        "a quotation mark is opened here and not closed",
        "close it",
        True,
    ),
    (
        "expected <block end>",
        "this does not fit the lines above: its indentation is off, or text follows a closed quotation",
        "align it with its neighbours; quote the whole text",
        False,
    ),
    (
        "unknown escape character",
        "a backslash in double quotes stands for itself only when doubled",
        "write `\\\\`",
        False,
    ),
    ("incompatible YAML document", "the file asks for another version of YAML", "remove the `%YAML` line", False),
)


def syntax_problem(error: Any, shown: str, lines: list[str], text: str) -> Problem:
    """A syntax error of the YAML parser as a problem."""
    position = getattr(error, "position", None)
    if isinstance(position, int):
        return _unprintable(position, shown, lines, text)
    what = str(getattr(error, "problem", None) or "it cannot be read")
    message, fix, at_start = _meaning(what)
    mark = getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    mark = (start or mark) if at_start else (mark or start)
    if mark is None:
        return Problem(f"{shown} is not YAML: {message}", Place(shown), fix)
    return Problem(f"{shown} is not YAML: {message}", _place(shown, lines, mark.line, mark.column), fix)


def _meaning(what: str) -> tuple[str, str | None, bool]:
    for pattern, message, fix, at_start in _MEANINGS:
        if re.search(pattern, what):
            return message, fix, at_start
    odd = re.search(r"found character '(.+)' that cannot start any token", what)
    if odd:
        return f"no value can start with {odd[1]}", "put quotation marks around it", False
    return what, None, False


def _place(shown: str, lines: list[str], line: int, column: int) -> Place:
    while line > 0 and line >= len(lines):
        line -= 1
        column = len(lines[line])
    return Place(shown, line + 1, column + 1, 1, lines[line] if lines else "")


def _unprintable(position: int, shown: str, lines: list[str], text: str) -> Problem:
    before = re.split("\r\n|[\r\n\x85\u2028\u2029]", text[:position])
    place = _place(shown, lines, len(before) - 1, len(before[-1]))
    code = f"U+{ord(text[position]):04X}" if position < len(text) else ""
    return Problem(f"{shown} holds a control character ({code})", place, "delete it")
