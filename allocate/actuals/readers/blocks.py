"""Tables in blocks of rows: of a file with commas, semicolons, tabs or bars, or of a workbook's first sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from allocate.actuals.json_stream import opened
from allocate.actuals.readers.kinds import File
from allocate.actuals.readers.sheets import is_workbook, sheet_rows
from allocate.errors import CaseError, Place, readable
from allocate.input_limits import EXPORT_ENTRY, TABLE_COLUMNS

BLOCK = 50_000
"""Rows held as text at a time."""
DELIMITERS = (",", ";", "\t", "|")
"""What may separate cells."""
Texts = list[str]


def blocks(file: File) -> Iterator[tuple[Texts, list[int], list[Sequence[str]]]]:
    """A table's header with, for up to 50,000 rows at a time, their lines and their columns.

    Raises CaseError with the line of a row that is longer or shorter than the header, or that cannot be read.
    """
    before = csv.field_size_limit(EXPORT_ENTRY)
    try:
        yield from _blocks(file)
    finally:
        csv.field_size_limit(before)  # it holds for all readers of the process


def _blocks(file: File) -> Iterator[tuple[Texts, list[int], list[Sequence[str]]]]:
    header: Texts = []
    rows: list[Texts] = []
    lines: list[int] = []
    given = False
    for line, row in sheet_rows(file.path, file.shown) if is_workbook(file.path) else _separated(file):
        if not header:
            header = [name.strip() for name in row]
            _check_header(file, header)
            continue
        if len(row) != len(header):
            message = f"line {line} of {file.shown} has {len(row)} cells, its header {len(header)}"
            fix = "export the table again; a cell with the delimiter in it stands in quotes"
            raise CaseError.of(message, Place(file.shown, line, 1), fix)
        rows.append(row)
        lines.append(line)
        if len(rows) == BLOCK:
            yield header, lines, list(zip(*rows, strict=True))
            rows, lines, given = [], [], True
    if not header:
        _check_header(file, header)
    if rows or not given:  # a table without a row has its header checked, too
        yield header, lines, list(zip(*rows, strict=True)) or [()] * len(header)


def _separated(file: File) -> Iterator[tuple[int, Texts]]:
    """Rows of a file with a delimiter that are not empty, each with its line."""
    delimiter = delimiter_of(file.path, file.shown, file.kind.delimiter)
    with opened(file.path, file.shown) as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            yield from ((reader.line_num, row) for row in reader if row)
        except (csv.Error, UnicodeDecodeError) as error:
            why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
            place = Place(file.shown, reader.line_num + 1, 1)
            raise CaseError.of(
                f"{file.shown} cannot be read as a table: {why}", place, "save it as CSV in UTF-8"
            ) from None


def delimiter_of(path: Path, shown: str, usual: str) -> str:
    """What separates the cells of a file: the usual, or a semicolon, tab or bar where its header has none of it."""
    with opened(path, shown) as text:
        try:
            header = next((line for line in iter(lambda: text.readline(EXPORT_ENTRY), "") if line.strip()), "")
        except UnicodeDecodeError:
            return usual
    found = max(DELIMITERS, key=header.count)
    return usual if usual in header or found not in header else found


def _check_header(file: File, header: Texts) -> None:
    place = Place(file.shown, 1, 1)
    if not header:
        raise CaseError.of(f"{file.shown} is empty", place, file.kind.get_it)
    if len(header) > TABLE_COLUMNS:
        raise CaseError.of(
            f"{file.shown} has {len(header):,} columns; at most {TABLE_COLUMNS:,} are read", place, file.kind.get_it
        )
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise CaseError.of(f"{file.shown} has the column '{readable(twice[0], 60)}' twice", place, "rename one of them")
