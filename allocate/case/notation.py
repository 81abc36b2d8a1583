"""Numbers in the notation of their file: `0,12`, `1.234,50`, `1'000` in tables, `653.834` everywhere, read where there is one way to.

A number such as `2.500` has two readings. In a table the other cells of its column settle it (`0.125` beside it: decimals;
`1.234,50`: thousands); else the whole table does, where all its other numbers have the same decimal mark. In a case's own
file all its other numbers do. That a number is decimals though it ends in 0, as thousands do, only its own column can settle,
or numbers of the file that are filled up with zeros too (`0.250`). What nothing settles stays as it is, and is refused where
it is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from allocate.case.document import Document, Path_, walk
from allocate.input_limits import AMOUNT_CHARACTERS
from allocate.numerals import MINUS, NUMERAL, RANGE, plainly, readings, two_ways

_AMOUNT = re.compile(rf"(?P<sign>[+{MINUS}]?)(?P<numeral>{NUMERAL.pattern})(?P<rest>.*)", re.DOTALL | re.ASCII)
_WHOLE = re.compile(
    rf"(?P<sign>[+-]?)(?P<numeral>{NUMERAL.pattern})(?P<rest>(?:k|M|bn)?\s*[^\s\d]*(?:/\S*)?)", re.ASCII
)
_STRICT = re.compile(r"(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?", re.ASCII)


class Figure(str):
    """A cell that holds a number and no text: it has one reading."""

    __slots__ = ()


@dataclass(frozen=True)
class _Marks:
    """The decimal marks that the numbers of a column, and of the table, can only have."""

    column: frozenset[str]
    table: frozenset[str]


def settled(column: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells of the columns of a table that hold amounts, each number with one reading written as amounts are.

    Texts that begin with no number are as they were.
    """
    marks = [frozenset().union(*(_marks(cell) for cell in cells)) for cells in column]
    table = frozenset[str]().union(*marks)
    return [[_written(cell, _Marks(own, table)) for cell in cells] for cells, own in zip(column, marks, strict=True)]


def _marks(cell: str) -> frozenset[str]:
    """The decimal marks the numbers of a cell can only have, nothing where any will do."""
    parts = [] if isinstance(cell, Figure) else RANGE.split(cell)[::2]
    matches = [match for part in parts if (match := _AMOUNT.fullmatch(part.strip()))]
    found = [readings(match["numeral"]) for match in matches]
    return frozenset(one[0].mark for one in found if len(one) == 1) - {""}


def _written(cell: str, marks: _Marks) -> str:
    if isinstance(cell, Figure):
        return plainly(cell)
    parts = RANGE.split(cell)
    return "".join(part if at % 2 else _number(part, marks) for at, part in enumerate(parts))


def _number(cell: str, marks: _Marks) -> str:
    """A cell, or one number of a range, as amounts are written."""
    match = _AMOUNT.fullmatch(cell.strip())
    found = readings(match["numeral"]) if match else ()
    if match is None or not found:
        return cell
    if len(found) > 1:
        mark = next(iter(marks.column or marks.table)) if len(marks.column or marks.table) == 1 else ""
        is_decimal = mark in match["numeral"]
        found = tuple(one for one in found if one.mark == mark)
        if not found or (is_decimal and not marks.column and match["numeral"].endswith("0")):
            return cell
    elif _STRICT.fullmatch(match["numeral"]) and match["sign"] != MINUS[0]:
        return cell
    sign = "-" if match["sign"] == MINUS[0] else match["sign"]
    return f"{sign}{found[0].text}{match['rest']}"


def settle(document: Document, floats: Collection[str] = ()) -> None:
    """Write every number that has one reading in its file so that it has one everywhere, in place: `653.8340` for `653.834`.

    floats: texts that are numbers by the file format's own rules. Of others the file's other numbers settle that a point
    stands before decimals, and a note says so; a comma in a number is refused in any case. Names of entries stay as they are.
    """
    found = [
        (path, text) for path, text in walk(document.data) if isinstance(text, str) and len(text) <= AMOUNT_CHARACTERS
    ]
    unsure = [(path, text) for path, text in found if any(map(two_ways, _numerals(text)))]
    if not unsure:
        return
    sure = {numeral for _, text in found for numeral in _numerals(text) if len(readings(numeral)) == 1}
    has_points = {one.mark for numeral in sure for one in readings(numeral)} - {""} == {"."}
    is_filled = any(re.search(r"\.\d{2,}0$", numeral) for numeral in sure)
    names = {str(path[-1]) for path, _ in walk(document.data) if path}
    settled = []
    for path, text in unsure:
        if text in floats and text not in names:
            document.at(path[:-1])[path[-1]] = plainly(text)
        elif has_points and text not in names:
            parts = [_decimals(part) if is_filled or not _ends_in_zero(part) else part for part in RANGE.split(text)]
            document.at(path[:-1])[path[-1]] = "".join(parts)
            settled += [(path, text)] if "".join(parts) != text else []
    if settled:
        document.notes.append(_note(document, *settled[0], len(settled) - 1))


def _note(document: Document, path: Path_, text: str, others: int) -> str:
    """What is said of numbers that are read as decimals because the file's others are."""
    which = f", and {others:,} more like it, are" if others else " is"
    return f"'{text}' ({document.place(path)}){which} read with a point before decimals, as the other numbers of the file have it"


def _numerals(text: str) -> list[str]:
    """The numbers of a text that is an amount, or a range of amounts; none of any other."""
    found = [_WHOLE.fullmatch(part.strip()) for part in RANGE.split(text)[::2] if part.strip()]
    return [match["numeral"] for match in found if match is not None] if all(found) else []


def _ends_in_zero(part: str) -> bool:
    return any(numeral.endswith("0") for numeral in _numerals(part))


def _decimals(part: str) -> str:
    """An amount whose number has a point before its decimals, written so that it has one reading."""
    match = _WHOLE.fullmatch(part.strip())
    if match is None or "," in match["numeral"]:
        return part
    return f"{match['sign']}{plainly(match['numeral'])}{match['rest']}"
