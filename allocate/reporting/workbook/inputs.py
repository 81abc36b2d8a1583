"""The sheet of inputs: every figure the formulas rest on, once, with its unit, its source and its path in the case."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.workbook import FIRST_ROW, FOUND, INPUTS, NOT_HERE, PERCENT
from allocate.reporting.workbook.book import Book, reference
from allocate.reporting.workbook.terms import Term
from allocate.units import Quantity, Units, kind_of

NAMES = ("input", "of", "value", "unit", "as planned", "in the formulas", "changed", "source", "written at", "path")
WIDTHS = (44, 34, 14, 18, 14, 18, 10, 70, 26, 10)
TEXTS = (0, 1, 3, 7, 8, 9)
"""Columns of texts."""
MOST_IN_A_NAME = 60
"""Characters of what an input is in its name."""
_LEADING = re.compile(r"\s*[+-]?[\d_.]+(?:[eE][+-]?\d+)?(?:bn|k|M)?\s*")


@dataclass
class Inputs:
    """Inputs written so far; asking for one again gives the same cell."""

    book: Book
    case: Case
    cells: dict[tuple[Path_, str], Term] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.units = Units({**self.case.model.units, **self.case.file.units})

    @property
    def next_row(self) -> int:
        """Row (from 0) of the next input."""
        return FIRST_ROW + len(self.cells)

    def quantity(self, what: str, about: str, value: Quantity, path: Path_) -> Term:
        """The cell of an amount, in base units (by time in the time it is written in); path: where a case says it, after `model`
        that of the cost model."""
        unit = value.text[len(found[0]) :].strip() if (found := _LEADING.match(value.text)) else ""
        factor = self.units.quantity(f"1 {unit}").each
        if unit == PERCENT:
            return self._cell(what, about, value.number, PERCENT, 1.0, path)
        return self._cell(what, about, float(f"{value.each / factor:.15g}"), unit, factor, path)

    def share(self, what: str, about: str, value: float, path: Path_) -> Term:
        """The cell of a share, shown as a percentage."""
        return self._cell(what, about, value, PERCENT, 1.0, path)

    def figure(self, what: str, about: str, value: float, path: Path_, found: bool = False) -> Term:
        """The cell of a plain number; found: worked out from other figures, and none of the case."""
        return self._cell(what, about, value, "", 1.0, path, FOUND if found else NOT_HERE)

    def _cell(
        self, what: str, about: str, value: float, unit: str, factor: float, path: Path_, else_: str = NOT_HERE
    ) -> Term:
        key = (path, unit)
        if key not in self.cells:
            self.cells[key] = self._write(self.next_row, what, about, value, unit, factor, path, else_)
        return self.cells[key]

    def _write(
        self, row: int, what: str, about: str, value: float, unit: str, factor: float, path: Path_, else_: str
    ) -> Term:
        book, here = self.book, self._settable(path)
        kind = _kind(value, unit, self.units)
        book.text(INPUTS, row, 0, what)
        book.text(INPUTS, row, 1, about)
        cell = book.number(INPUTS, row, 2, value, kind, "input" if here else "model")
        book.text(INPUTS, row, 3, unit)
        was = book.number(INPUTS, row, 4, value, kind, "quiet")
        based = book.formula(INPUTS, row, 5, cell * factor, kind, "quiet")
        changed = Term(f"IF(ABS({cell.text}-{was.text})>1E-12*ABS({was.text}),1,0)", 0.0)
        book.formula(INPUTS, row, 6, changed, "flag")
        source = self.case.sources.get(path)
        said = f"{source.source} ({source.status})" if source is not None else ""
        book.text(INPUTS, row, 7, said, "source")
        book.tall(INPUTS, row, said, WIDTHS[7])
        place = self.case.place(*path) if here else None
        book.text(INPUTS, row, 8, str(place) if place is not None else else_ if not here else "case")
        book.text(INPUTS, row, 9, json.dumps(path) if here else else_, whole=True)
        if here:
            self._name(row, what, about)
        if unit == PERCENT and 0.0 <= value <= 1.0:
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "Write a share, as in 95%."}
            book.sheets[INPUTS].data_validation(row, 2, row, 2, rule)
        return based

    def _name(self, row: int, what: str, about: str) -> None:
        """Give an input a name to go to it by: letters, digits and underscores, each once."""
        words = re.sub(r"[^A-Za-z0-9]+", "_", f"{what} {about}").strip("_")[:MOST_IN_A_NAME].rstrip("_")
        name = many = f"in_{words}".lower()
        while name in self.names:
            name = f"{many}_{row + 1}"
        self.names.add(name)
        self.book.file.define_name(name, f"={reference(INPUTS, row, 2)}")

    def _settable(self, path: Path_) -> bool:
        """Whether a case can say the figure at its path: it does, or there is room for it."""
        if path[0] == "model":
            return False
        data: Any = self.case.document.data
        for key in path:
            if isinstance(data, dict):
                data = data.get(str(key))
                if data is None:
                    return path[0] in ("products", "vendors")
            elif isinstance(data, list) and isinstance(key, int) and key < len(data):
                data = data[key]
            else:
                return False
        return not isinstance(data, (dict, list))

    def finish(self) -> None:
        """Write what stands around the inputs."""
        book, last = self.book, self.next_row - 1
        sheet = book.sheets[INPUTS]
        book.text(INPUTS, 0, 0, "Inputs", "title")
        words = "Blue on yellow may be changed: the formulas follow, and `allocate solve` of this file plans with the new figures."
        book.text(INPUTS, 1, 0, f"{words} Blue on white are figures of the cost model, to try out here only.", "quiet")
        book.header(INPUTS, FIRST_ROW - 1, NAMES, TEXTS)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width, None, {"hidden": column == len(WIDTHS) - 1})
        sheet.autofilter(FIRST_ROW - 1, 0, max(last, FIRST_ROW), len(NAMES) - 2)
        book.page(INPUTS, 2, FIRST_ROW - 1)
        mark = book.file.add_format({"bg_color": "#FFD8A8", "bold": True})
        rule = {"type": "cell", "criteria": "==", "value": 1, "format": mark}
        sheet.conditional_format(FIRST_ROW, 6, max(last, FIRST_ROW), 6, rule)

    @property
    def changed(self) -> Term:
        """How many inputs are not as they were planned with."""
        first, last = FIRST_ROW + 1, max(self.next_row, FIRST_ROW + 1)
        return Term(f"SUM({INPUTS}!$G${first}:$G${last})", 0.0)


def _kind(value: float, unit: str, units: Units) -> str:
    """How an input reads: shares in per cent, sums of money in cents, large whole numbers with their thousands apart."""
    if unit == PERCENT:
        return "share"
    if kind_of(units.quantity(f"1 {unit}")) == "money" and value >= 100.0:
        return "money"
    return "count" if value >= 1000.0 and value == round(value) else "general"
