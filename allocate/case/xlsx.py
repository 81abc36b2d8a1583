"""Workbooks from the disk, bounded before a reader of workbooks sees them.

A file of a few kilobytes can stand for a sheet of seventeen thousand million cells, or unpack to a thousand times its size.
So the parts that are needed are unpacked while their bytes are counted, their cells are looked at one by one, and only what
is within the limits of `allocate.input_limits` is handed on, in a new archive that holds nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from allocate.errors import CaseError, Place
from allocate.input_limits import BOOK_BYTES, BOOK_ENTRIES, BOOK_TEXT, BOOK_UNPACKED, TABLE_CELLS, TABLE_COLUMNS

_BOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_ALWAYS = ("[Content_Types].xml", "_rels/.rels", _BOOK, _LINKS, _TEXTS, "xl/styles.xml")
_CELL = re.compile(r"([A-Z]{1,7})([0-9]{1,9})")
_CHUNK = 1 << 16
_SPLIT = "The sheet can be cut to the cells that are needed, or saved as .csv"


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook that were asked for, within the limits."""

    names: tuple[str, ...]
    """All sheets there are."""
    sheets: dict[str, list[list[Any]]] = field(repr=False)
    """Rows of the sheets asked for that are there, from the first cell of the sheet on."""


def read_xlsx(path: Path, shown: str, place: Place | None, wanted: tuple[str, ...], fix: str) -> Workbook:
    """Sheets of a workbook by name; an empty name is the first sheet.

    shown: the file as messages name it. place: where it was named; the file itself where nobody did. fix: what to do about
    a file that is no workbook.

    Raises CaseError for a file that is no workbook, and for one larger than is read.
    """
    place = place or Place(shown)
    try:
        size = path.stat().st_size
        if size > BOOK_BYTES:
            raise CaseError.of(f"{shown} has {size:,} bytes; at most {BOOK_BYTES:,} are read", place, _SPLIT)
        with zipfile.ZipFile(path) as archive:
            names, bounded = _bounded(_Parts(archive, shown, place), wanted)
        return Workbook(tuple(names), _read(bounded, [one for one in wanted if one in names or not one], names))
    except CaseError:
        raise
    except Exception:  # the readers of archives and workbooks raise many kinds of error for a damaged one
        raise CaseError.of(f"{shown} is not a readable .xlsx workbook", place, fix) from None


def _read(archive: bytes, wanted: list[str], names: list[str]) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(archive))
    return {
        one: book.get_sheet_by_name(one or names[0]).to_python(skip_empty_area=False) for one in dict.fromkeys(wanted)
    }


@dataclass
class _Parts:
    """The parts of an archive, unpacked within the limits."""

    archive: zipfile.ZipFile
    shown: str
    place: Place
    unpacked: int = 0

    def refuse(self, what: str) -> CaseError:
        """The problem of a file that is too large in some way."""
        return CaseError.of(f"{self.shown} {what}", self.place, _SPLIT)

    def part(self, name: str) -> bytes | None:
        """A part, its name in any case; None where there is none."""
        entry = next((one for one in self.archive.infolist() if one.filename.lower() == name.lower()), None)
        if entry is None:
            return None
        found = bytearray()
        with self.archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                found += chunk
                self.unpacked += len(chunk)
                if self.unpacked > BOOK_UNPACKED:
                    raise self.refuse(f"unpacks to more than {BOOK_UNPACKED:,} bytes, which is more than is read")
        return bytes(found)


def _bounded(parts: _Parts, wanted: tuple[str, ...]) -> tuple[list[str], bytes]:
    """Names of all sheets, and an archive with the sheets wanted and what they need, each within the limits."""
    if len(parts.archive.infolist()) > BOOK_ENTRIES:
        raise parts.refuse(f"has more than {BOOK_ENTRIES:,} parts, which is more than are read")
    kept = {name: part for name in _ALWAYS if (part := parts.part(name)) is not None}
    links = dict(_elements(kept[_LINKS], "Relationship", "Id", "Target"))
    sheets = _elements(kept[_BOOK], "sheet", "name", "id")
    lengths = _lengths(kept.get(_TEXTS))
    asked = {one or sheets[0][0] for one in wanted}
    for name, link in sheets:
        target = links.get(link, "")
        where = target.removeprefix("/") if target.startswith(("/xl/", "xl/")) else f"xl/{target}"
        if name in asked and (sheet := parts.part(where)) is not None:
            _look(sheet, name, lengths, parts)
            kept[where] = sheet
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in kept.items():
            file.writestr(name, content)
    return [name for name, _ in sheets], archive.getvalue()


def _parsed(xml: bytes, begin: Any, end: Any = None, text: Any = None) -> None:
    """Read XML with handlers of elements by local name; types of documents, and with them entities, are refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ValueError("a workbook declares no type of document")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(xml, True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _elements(xml: bytes, element: str, key: str, value: str) -> list[tuple[str, str]]:
    """Two attributes of every element of a name, prefixes left aside."""
    found: list[tuple[str, str]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == element:
            each = {_local(one) if ":" in one else one: text for one, text in attributes.items()}
            found.append((each.get(key, ""), each.get(value, "")))

    _parsed(xml, begin)
    return found


def _lengths(xml: bytes | None) -> list[int]:
    """Characters of every shared text."""
    found: list[int] = []
    if xml is None:
        return found

    def begin(name: str, _: object) -> None:
        if _local(name) == "si":
            found.append(0)

    def text(characters: str) -> None:
        if found:
            found[-1] += len(characters)

    _parsed(xml, begin, text=text)
    return found


def _look(xml: bytes, sheet: str, lengths: list[int], parts: _Parts) -> None:
    """Refuse a sheet that reaches too far, or whose texts are too long together.

    A sheet is read as the rectangle from its first cell (A1) to the last row and column in which something stands.
    """
    row = column = rows = columns = characters = 0
    shared = inside = False
    number: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows, columns, shared, inside
        name = _local(name)
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "c":
            column += 1
            if "r" in attributes:
                row, column = _position(attributes["r"])
            shared = attributes.get("t") == "s"
        elif name in ("v", "is", "f"):
            rows, columns = max(rows, row), max(columns, column)
            if columns > TABLE_COLUMNS or rows * columns > TABLE_CELLS:
                most = f"at most {TABLE_COLUMNS:,} columns and {TABLE_CELLS:,} cells are read"
                raise parts.refuse(f"has a cell in row {row:,}, column {column:,} of the sheet {sheet}; {most}")
            inside = name == "v" and shared

    def end(name: str) -> None:
        nonlocal inside, characters
        if inside and _local(name) == "v":
            at = int("".join(number))
            characters += lengths[at] if 0 <= at < len(lengths) else 0
            inside = False
            number.clear()
            if characters > BOOK_TEXT:
                raise parts.refuse(f"has more than {BOOK_TEXT:,} characters in the sheet {sheet}; no more are read")

    def text(found: str) -> None:
        if inside:
            number.append(found)

    _parsed(xml, begin, end, text)


def _position(reference: str) -> tuple[int, int]:
    """Row and column (from 1) of a cell named as in `XFD1048576`."""
    match = _CELL.fullmatch(reference.upper().replace("$", ""))
    if match is None:
        raise ValueError(f"'{reference}' names no cell")
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column
