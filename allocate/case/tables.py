"""Tables beside a case: CSV files and sheets of .xlsx workbooks, as rows of text with the place of every cell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allocate.case.document import Document
from allocate.case.files import ALLOW, is_within, read_text, resolved
from allocate.case.notation import Figure, settled
from allocate.case.separated import FIRST_ROWS, NAMED, Rows, known_in, separated
from allocate.case.xlsx import read_xlsx
from allocate.errors import CaseError, Place, Problem
from allocate.input_limits import CELL_CHARACTERS, TABLE_BYTES, TABLE_CELLS, TABLE_COLUMNS
from allocate.numerals import AROUND, NUMERAL, RANGE, plainly

_HEADER = re.compile(r"(?P<name>[^\[\]]*)(?:\[(?P<unit>[^\[\]]*)\])?")
_PLAIN = re.compile(r"[+-]?[\d_.]+(?:[eE][+-]?\d+)?(?:k|M|bn)?")


@dataclass(frozen=True)
class Expected:
    """The columns a table may have, and those of them that hold amounts."""

    columns: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    none_with: frozenset[str] = frozenset()
    """Columns with one of which a table may have no rows."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, the unit in its header (empty: none), where the header stands, and its text."""

    name: str
    unit: str
    place: Place
    text: str = ""


@dataclass
class Table:
    """A table as a Document whose data is `{"rows": [...]}`; rows that are not right are left out."""

    document: Document
    columns: list[Column] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    file: Path | None = None


def read_table(
    folder: Path,
    reference: str,
    place: Place | None,
    expected: Expected = Expected(),
    allowed: Iterable[Path] = (),
) -> Table:
    """A table named by a case in a folder; place: where it was named. Rows above its header, such as a title, are left out.

    reference: `rates.csv`, or `book.xlsx#Sheet` (without a sheet: the first one). A unit in a header, as in
    `price [USD/image]`, applies to every plain cell below it; blank cells are left out of their row.

    allowed: folders beside the case's that a table may lie in.

    Raises CaseError for a path outside of these and for a file that cannot be read as a table.
    """
    name, _, sheet = reference.partition("#")
    path = _inside(folder, name, place, allowed)
    if path.suffix.lower() == ".xlsx":
        shown = f"{name}#{sheet}" if sheet else name
        table = _table(_sheet(path, name, sheet, place), shown, None, expected)
    elif path.suffix.lower() != ".csv" or sheet:
        fix = "save it as .csv or .xlsx; a sheet is named only for .xlsx, as in `book.xlsx#Sheet`"
        raise CaseError.of(f"'{reference}' is not a table this tool reads", place, fix)
    else:
        found = separated(read_text(path, name, TABLE_BYTES), name, expected.columns)
        table = _table(found.rows, name, found.lines, expected, found.separator)
    table.file = path
    return table


def table_of(header: Sequence[Any], rows: Sequence[Sequence[Any]], shown: str) -> Table:
    """A table given as values in memory, read as a file's would be."""
    texts = [[plainly(cell) if isinstance(cell := _cell(value), Figure) else cell for value in row] for row in rows]
    return _table(list(enumerate([[str(name) for name in header], *texts])), shown, None)


def _inside(folder: Path, name: str, place: Place | None, allowed: Iterable[Path]) -> Path:
    path, home = resolved(folder, name), folder.resolve()
    if path is None:
        raise CaseError.of(f"'{name}' is not the name of a file", place, "name a table, as in `rates.csv`")
    if not is_within(path, (home, *allowed)):
        fix = f"copy the table beside case.yaml, so that the case is whole in one folder; {ALLOW}"
        raise CaseError.of(f"the table '{name}' lies outside the case's folder", place, fix, code="E-outside")
    if not path.exists():
        raise CaseError.of(f"the table '{name}' is not there", place, _near(home, name))
    return path


def _near(folder: Path, name: str) -> str:
    there = [p for p in (*folder.glob("*"), *folder.glob("*/*")) if p.suffix in (".csv", ".xlsx")]
    names = sorted(str(p.relative_to(folder)) for p in there)[:6]
    return f"the case's folder has {', '.join(names)}" if names else f"put {name} into the case's folder"


def _sheet(path: Path, shown: str, sheet: str, place: Place | None) -> list[tuple[int, list[str]]]:
    book = read_xlsx(path, shown, place, (sheet,), "save it again as .xlsx, or as .csv")
    if sheet not in book.sheets:
        fix = f"its sheets are {', '.join(book.names)}"
        raise CaseError.of(f"{shown} has no sheet '{sheet}'", place, fix)
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(book.sheets[sheet], start=1)]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return Figure(str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def _table(
    rows: Rows, shown: str, lines: list[str] | None, expected: Expected = Expected(), separator: str = ","
) -> Table:
    _refuse_large(rows, shown)
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        fix = "write the names of its columns in the first line, a row in each line below"
        raise CaseError.of(f"the table {shown} is empty", Place(shown), fix)
    filled = filled[_header_at(filled, shown, lines, expected) :]
    line, header = filled[0]
    columns, problems = _header(header, line, shown, _line(lines, line))
    if problems:
        raise CaseError(problems)
    source = _line(lines, line)
    place = Place(shown, line, 1, max(1, len(source)), source)
    document = Document({"rows": []}, {("rows",): place})
    if len(filled) == 1:
        if not expected.none_with & {one.name for one in columns}:
            raise CaseError.of(f"the table {shown} has a header and no rows", place, "add its rows")
        return Table(document, columns, [])
    kept, problems = _of_width(filled[1:], len(columns), shown, lines, separator)
    for (line, row), meant in zip(kept, _amounts([row for _, row in kept], columns, expected), strict=True):
        source = _line(lines, line)
        _add_row(document, columns, row, meant, Place(shown, line, 1, max(1, len(source)), source))
    return Table(document, columns, problems)


def _header_at(filled: Rows, shown: str, lines: list[str] | None, expected: Expected) -> int:
    """Position of the header: the first row that names two of the columns there may be, else the first row.

    Raises CaseError where the rows above it are as wide as a table's, so that they could be one.
    """
    first = (number for number, (_, row) in enumerate(filled[:FIRST_ROWS]) if known_in(row, expected.columns) > 1)
    at = next(first, 0)
    width = len([cell for cell in filled[at][1] if cell.strip()])
    for line, row in filled[:at]:
        if len([cell for cell in row if cell.strip()]) >= width:
            source = _line(lines, line)
            message = f"this line of {shown} stands above the header (line {filled[at][0]}) and is as wide as a row"
            place = Place(shown, line, 1, max(1, len(source)), source)
            raise CaseError.of(message, place, "begin the table with its header")
    return at


def _of_width(
    rows: Rows, width: int, shown: str, lines: list[str] | None, separator: str
) -> tuple[Rows, list[Problem]]:
    """The rows that are no wider than the header, and what is wrong with the others, told once."""
    wide = [(line, row) for line, row in rows if any(cell.strip() for cell in row[width:])]
    other = next((one for one in NAMED if one != separator and width > 1 and _all_with(rows, one, width)), None)
    if other is not None:
        line = rows[0][0]
        message = f"{shown} has {NAMED[separator]} between the cells of its header and {NAMED[other]} in its rows"
        fix = "save it with one of them in all lines"
        place = Place(shown, line, 1, max(1, len(_line(lines, line))), _line(lines, line))
        return [], [Problem(message, place, fix)]
    if not wide:
        return rows, []
    line, row = wide[0]
    source = _line(lines, line)
    message = f"this line of {shown} has {len(row)} cells, its header {width}"
    message += f"; so it is with {len(wide) - 1:,} more" if len(wide) > 1 else ""
    place = Place(shown, line, 1, max(1, len(source)), source)
    problem = Problem(message, place, f"put quotation marks around cells that hold {NAMED[separator]}")
    left = {line for line, _ in wide}
    return [(line, row) for line, row in rows if line not in left], [problem]


def _all_with(rows: Rows, separator: str, width: int) -> bool:
    """Whether every row has fewer cells than the header, and as many of a separator in them as the header's width needs."""
    return all(len(row) < width and " ".join(row).count(separator) >= width - 1 for _, row in rows)


def _amounts(rows: list[list[str]], columns: list[Column], expected: Expected) -> list[list[str]]:
    """The rows with the numbers of their amounts as amounts are written."""
    places = [at for at, column in enumerate(columns) if column.name in expected.amounts]
    cells = settled([[row[at] if at < len(row) else "" for row in rows] for at in places])
    found = [list(row) for row in rows]
    for at, texts in zip(places, cells, strict=True):
        for row, text in zip(found, texts, strict=True):
            row[at : at + 1] = [text] if at < len(row) else []
    return found


def _refuse_large(rows: Rows, shown: str) -> None:
    """Raise CaseError for a table with more in it than is read, at the line where it is too much."""
    cells = 0
    for line, row in rows:
        cells += len(row)
        longest = max(map(len, row), default=0)
        found, most, what = next(
            (one for one in ((len(row), TABLE_COLUMNS, "columns"), (longest, CELL_CHARACTERS, "characters in a cell"), (cells, TABLE_CELLS, "cells")) if one[0] > one[1]),
            (0, 0, ""),
        )  # fmt: skip
        if found:
            message = f"{shown} has {found:,} {what} up to here; at most {most:,} are read"
            raise CaseError.of(message, Place(shown, line, 1), "keep what is needed, or split the table")


def _line(lines: list[str] | None, line: int) -> str:
    text = lines[line - 1] if lines is not None and line <= len(lines) else ""
    return text.removeprefix("\ufeff")


def _header(header: list[str], line: int, shown: str, source: str) -> tuple[list[Column], list[Problem]]:
    columns: list[Column] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    offset = 0
    while header and not header[-1].strip():
        header = header[:-1]
    for number, cell in enumerate(header, start=1):
        match = _HEADER.fullmatch(cell.strip())
        name = match["name"].strip().lower().replace(" ", "-").replace("_", "-") if match else ""
        column, offset = _column(source, cell.strip(), offset, number)
        place = Place(shown, line, column, max(1, len(cell.strip())), source)
        if match is None:
            fix = "write it as in `price [USD/image]`"
            problems.append(Problem(f"the header '{cell.strip()}' of {shown} is not a name with a unit", place, fix))
        elif not name:
            message = f"column {number} of {shown} has no name"
            problems.append(Problem(message, place, "name every column in the first line"))
        elif name in seen:
            problems.append(Problem(f"{shown} has two columns '{name}'", place, "keep one of them"))
        seen.add(name)
        columns.append(Column(name, (match["unit"] or "").strip() if match else "", place, cell.strip()))
    return columns, problems


def _column(source: str, text: str, offset: int, number: int) -> tuple[int, int]:
    """Column (from 1) of a cell in its line, and where to look for the next; its number where there is no line."""
    at = source.find(text, offset) if source and text else -1
    return (at + 1, at + len(text)) if at >= 0 else (number if not source else offset + 1, offset)


def _with_unit(value: str, unit: str) -> str:
    """A cell with the unit of its header: plain numbers have it, each of a range too."""
    parts = RANGE.split(value)
    plain = [_PLAIN.fullmatch(part) is not None or NUMERAL.fullmatch(part) is not None for part in parts[::2]]
    if len(parts) > 1 and AROUND.fullmatch(parts[1]):
        return "".join(f"{part} {unit}" if not at % 2 and plain[at // 2] else part for at, part in enumerate(parts))
    return f"{value} {unit}" if all(plain) else value


def _add_row(document: Document, columns: list[Column], row: list[str], meant: list[str], place: Place) -> None:
    """Add a row to a table; meant: its cells, with numbers as amounts are written."""
    rows = document.data["rows"]
    where = ("rows", len(rows))
    document.values[where] = place
    result: dict[str, str] = {}
    offset = 0
    for number, (column, cell, as_meant) in enumerate(zip(columns, row, meant, strict=False), start=1):
        text, value = cell.strip(), as_meant.strip()
        if not text:
            continue
        start, offset = _column(place.text, text, offset, number)
        result[column.name] = _with_unit(value, column.unit) if column.unit else value
        document.values[(*where, column.name)] = Place(place.file, place.line, start, max(1, len(text)), place.text)
    rows.append(result)
