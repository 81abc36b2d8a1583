"""CSV as programs of many countries write it: cells separated by commas, semicolons, tabs or bars, found from the text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from allocate.errors import CaseError, Place, Problem
from allocate.input_limits import CELL_CHARACTERS

NAMED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What can stand between cells, and its name."""
LINE_END = re.compile("\r\n|\r|\n")
FIRST_ROWS = 30
"""Rows in which the header is looked for."""
FIRST_CHARACTERS = 200_000
"""Characters in which the header is looked for."""
_DECLARED = re.compile(r'"?sep=([,;\t|])"?[,;\t| ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)

Rows = list[tuple[int, list[str]]]
"""Rows of cells, each with the number of its line."""


@dataclass(frozen=True)
class Separated:
    """The rows of a CSV file, the lines they stand in, and what separates the cells."""

    rows: Rows
    lines: list[str]
    separator: str


def separated(text: str, shown: str, known: Collection[str]) -> Separated:
    """The rows of CSV text; cells are separated by what a first line `sep=;` says, else by what the header is.

    known: the columns the table may have, by which the header is told from a title above it.

    Raises CaseError for quotation marks that do not match, and for a `sep=` that is not what separates the header.
    """
    lines = LINE_END.split(text)
    declared = _DECLARED.match(text)
    likely = _likely(text[declared.end() :] if declared else text, known)
    separator = declared[1] if declared else likely[0] or ","
    if declared and likely[1] > 1 and likely[0] != separator:
        message = f"{shown} says that {NAMED[separator]} separate its cells, and its header has {NAMED[likely[0]]}"
        fix = f"write `sep={likely[0]}`" if likely[0] != "\t" else "remove this line"
        raise CaseError.of(message, Place(shown, 1, 1, len(lines[0]), lines[0]), fix)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: Rows = []
    line = 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CaseError([_broken(str(error), shown, line, lines)]) from None
    return Separated(rows[1:] if declared else rows, lines, separator)


def name_in(cell: str) -> str:
    """The name of a column from the cell of a header: without its unit, in small letters, joined by hyphens."""
    return re.split(r"[\[(]", cell, maxsplit=1)[0].strip().lower().replace(" ", "-").replace("_", "-")


def known_in(row: Sequence[str], known: Collection[str]) -> int:
    """How many known columns a row names."""
    return len({name_in(cell) for cell in row} & set(known))


def _likely(text: str, known: Collection[str]) -> tuple[str, int]:
    """What separates the cells of the header, and how many known columns that gives; empty where nothing does."""
    found: list[tuple[int, int, str]] = []
    for separator in NAMED:
        rows = list(islice(_lenient(text, separator), FIRST_ROWS))
        many = max((known_in(row, known) for row in rows), default=0)
        first = next((row for row in rows if any(cell.strip() for cell in row)), [])
        found.append((many, len(first), separator))
    # Equal counts: the comma, which is the first.
    most = max(found, key=lambda one: (one[0], one[1]))
    if most[0] < 2 and found[0][1] > 1:
        most = found[0]
    return (most[2], most[0]) if max(most[:2]) > 1 else ("", 0)


def _lenient(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        head = io.StringIO(text[:FIRST_CHARACTERS], newline="")
        for row in islice(csv.reader(head, delimiter=separator), FIRST_ROWS):
            rows.append(row)
    except csv.Error:
        pass
    return rows


def _broken(error: str, shown: str, line: int, lines: list[str]) -> Problem:
    source = (lines[line - 1] if line <= len(lines) else "").removeprefix("\ufeff")
    place = Place(shown, line, source.find('"') + 1 or 1, 1, source)
    if "field larger" in error and '"' not in source:
        message = f"{shown} has a cell of more than {CELL_CHARACTERS:,} characters, which are more than are read"
        return Problem(message, place, "keep what is needed")
    if "unexpected end of data" in error or "field larger" in error:
        return Problem(
            f"{shown} is not CSV: a quotation mark is opened here and not closed", place, 'add the closing `"`'
        )
    fix = 'double each quotation mark inside a quoted cell, as in `"27"" screen"`'
    return Problem(f"{shown} is not CSV: text follows a closed quotation", place, fix)
