"""Numbers of a table in the notation of its country: `0,12`, `1.234,50`, `1'000`, read where there is one way to.

A number such as `2.500` has two readings. The other cells of its column settle it (`0.125` beside it: decimals; `1.234,50`:
thousands); else the whole table settles that it is thousands, where all its other numbers have the other decimal mark. That
it is decimals, only its own column can settle. What nothing settles stays as it is, and is refused where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from allocate.numerals import MINUS, NUMERAL, plainly, readings

_AMOUNT = re.compile(rf"(?P<sign>[+{MINUS}]?)(?P<numeral>{NUMERAL.pattern})(?P<rest>.*)", re.DOTALL | re.ASCII)
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
    """The decimal mark a cell can only have, nothing where any will do."""
    match = None if isinstance(cell, Figure) else _AMOUNT.fullmatch(cell.strip())
    found = readings(match["numeral"]) if match else ()
    return frozenset({found[0].mark} - {""}) if len(found) == 1 else frozenset()


def _written(cell: str, marks: _Marks) -> str:
    if isinstance(cell, Figure):
        return plainly(cell)
    match = _AMOUNT.fullmatch(cell.strip())
    found = readings(match["numeral"]) if match else ()
    if match is None or not found:
        return cell
    if len(found) > 1:
        mark = next(iter(marks.column or marks.table)) if len(marks.column or marks.table) == 1 else ""
        is_decimal = mark in match["numeral"]
        found = tuple(one for one in found if one.mark == mark)
        if not found or (is_decimal and not marks.column):
            return cell
    elif _STRICT.fullmatch(match["numeral"]) and match["sign"] != MINUS[0]:
        return cell
    sign = "-" if match["sign"] == MINUS[0] else match["sign"]
    return f"{sign}{found[0].text}{match['rest']}"
