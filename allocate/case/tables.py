"""Tables beside a case: CSV files and sheets of .xlsx workbooks, as rows of text with the place of every cell."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from allocate.case.document import Document, read_bytes
from allocate.errors import CaseError, Place, Problem

MAX_TABLE_BYTES = 64_000_000
_HEADER = re.compile(r"^\s*(?P<name>[^\[\]]*?)\s*(?:\[(?P<unit>[^\[\]]*)\])?\s*$")


def read_table(folder: Path, reference: str, place: Place | None) -> tuple[Document, Path]:
    """A table as a Document whose data is `{"rows": [...]}`, and the file it came from.

    reference: `rates.csv`, or `book.xlsx#Sheet` (without a sheet: the first one). A unit in a header, as in
    `price [USD/image]`, applies to every plain cell below it; blank cells are left out of their row.

    Raises CaseError for a path outside the case's folder, a file that cannot be read, and every malformed row.
    """
    name, _, sheet = reference.partition("#")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        fix = "copy the table beside case.yaml, so that the case is whole in one folder"
        raise CaseError([Problem(f"the table '{name}' lies outside the case's folder", place, fix)])
    if not path.exists():
        raise CaseError([Problem(f"the table '{name}' is not there", place, _near(folder, name))])
    if path.suffix.lower() == ".xlsx":
        return _rows(_sheet(path, name, sheet, place), f"{name}#{sheet}" if sheet else name, None), path
    if path.suffix.lower() != ".csv" or sheet:
        fix = "save it as .csv or .xlsx; a sheet is named only for .xlsx, as in `book.xlsx#Sheet`"
        raise CaseError([Problem(f"'{reference}' is not a table this tool reads", place, fix)])
    text = read_bytes(path, name, MAX_TABLE_BYTES)
    return _rows(_csv(text, name), name, text.splitlines()), path


def _near(folder: Path, name: str) -> str:
    there = sorted(str(p.relative_to(folder)) for p in folder.glob("**/*") if p.suffix in (".csv", ".xlsx"))[:6]
    return f"the case's folder has {', '.join(there)}" if there else f"put {name} into the case's folder"


def _csv(text: str, shown: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        problem = Problem(f"{shown} is not CSV: {error}", Place(shown, line, 1), "close every quotation mark")
        raise CaseError([problem]) from None
    return rows


def _sheet(path: Path, shown: str, sheet: str, place: Place | None) -> list[tuple[int, list[str]]]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet and sheet not in names:
            fix = f"its sheets are {', '.join(names)}"
            raise CaseError([Problem(f"{shown} has no sheet '{sheet}'", place, fix)])
        cells = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except CaseError:
        raise
    except Exception as error:  # the reader raises many kinds for a damaged workbook
        problem = Problem(
            f"{shown} is not a readable .xlsx workbook ({error})", place, "save it again as .xlsx or as .csv"
        )
        raise CaseError([problem]) from None
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(cells, start=1)]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def _rows(rows: list[tuple[int, list[str]]], shown: str, lines: list[str] | None) -> Document:
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise CaseError([Problem(f"the table {shown} is empty", Place(shown), "its first line names the columns")])
    header_line, header = filled[0]
    names, units, problems = _header(header, header_line, shown, lines)
    document = Document({"rows": []}, {(): Place(shown), ("rows",): Place(shown, header_line, 1)})
    for line, row in filled[1:]:
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            message = f"line {line} of {shown} has {len(row)} cells, its header {len(names)}"
            problems.append(
                Problem(message, Place(shown, line, 1, 1, _line(lines, line)), "quote cells that hold commas")
            )
            continue
        position = len(document.data["rows"])
        source = _line(lines, line)
        document.values["rows", position] = Place(shown, line, 1, max(1, len(source)), source)
        document.data["rows"].append(_row(document, position, names, units, row, shown, line, source))
    if problems:
        raise CaseError(problems)
    return document


def _line(lines: list[str] | None, line: int) -> str:
    return lines[line - 1] if lines is not None and line <= len(lines) else ""


def _header(
    header: list[str], line: int, shown: str, lines: list[str] | None
) -> tuple[list[str], list[str], list[Problem]]:
    names: list[str] = []
    units: list[str] = []
    problems: list[Problem] = []
    place = Place(shown, line, 1, 1, _line(lines, line))
    while header and not header[-1].strip():
        header = header[:-1]
    for cell in header:
        match = _HEADER.match(cell)
        name = match["name"].strip().lower().replace(" ", "-").replace("_", "-") if match else ""
        if not name:
            problems.append(Problem(f"a column of {shown} has no name", place, "name every column in the first line"))
        elif name in names:
            problems.append(Problem(f"{shown} has two columns '{name}'", place, "keep one of them"))
        names.append(name)
        units.append((match["unit"] or "").strip() if match else "")
    return names, units, problems


def _row(
    document: Document,
    position: int,
    names: list[str],
    units: list[str],
    row: list[str],
    shown: str,
    line: int,
    source: str,
) -> dict[str, str]:
    result: dict[str, str] = {}
    offset = 0
    for name, unit, cell in zip(names, units, row, strict=False):
        text = cell.strip()
        at = source.find(text, offset) if source and text else -1
        if at >= 0:
            offset = at + len(text)
        if not text:
            continue
        result[name] = f"{text} {unit}" if unit and _plain(text) else text
        column = at + 1 if at >= 0 else names.index(name) + 1
        document.values["rows", position, name] = Place(shown, line, column, max(1, len(text)), source)
    return result


def _plain(text: str) -> bool:
    return re.fullmatch(r"[+-]?[\d_.]+(?:[eE][+-]?\d+)?(?:k|M|bn)?", text) is not None
