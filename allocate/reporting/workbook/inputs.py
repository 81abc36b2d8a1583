"""The sheet of inputs: every figure the formulas rest on, once, with its unit, its source and its path in the case."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.workbook import FIRST_ROW, INPUTS, NOT_HERE, PERCENT
from allocate.costing.lifted import Input, input_of, units_of
from allocate.formula import Formula, cell, figure, in_order
from allocate.reporting.workbook.book import Book, reference
from allocate.units import Quantity, Units, kind_of

NAMES = ("input", "of", "value", "unit", "as planned", "in the formulas", "changed", "source", "written at", "path")
WIDTHS = (44, 34, 14, 18, 14, 18, 10, 70, 26, 10)
TEXTS = (0, 1, 3, 7, 8, 9)
"""Columns of texts."""
BLOCKS = ("products", "vendors", "rates", "exchange", "workflows", "review-team", "levers", "budget", "hurdle", "model")
"""Blocks of a case in the order of their inputs."""
MOST_IN_A_NAME = 60
"""Characters of what an input is in its name."""


@dataclass
class Inputs:
    """Inputs written so far; asking for one again gives the same cell."""

    book: Book
    case: Case
    rows: dict[Input, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.units = units_of(self.case)

    @property
    def next_row(self) -> int:
        """Row (from 0) of the next input."""
        return FIRST_ROW + len(self.rows)

    def take(self, formulas: Sequence[Formula]) -> None:
        """Write every input of some formulas, in the order in which a case is read."""
        found = dict.fromkeys(one.parts[0] for one in in_order(formulas) if one.operation == "cell")
        names = [*self.case.products, *self.case.vendors, *self.case.workflows]

        def place(one: Input) -> tuple[int, int]:
            of = one.path[1] if len(one.path) > 1 else ""
            return BLOCKS.index(one.path[0]), names.index(of) if of in names else len(names)

        for one in sorted((name for name in found if isinstance(name, Input)), key=place):
            self.named(one)

    def named(self, name: Any) -> str:
        """How a formula refers to an input, in base units; of all else what it is called."""
        if not isinstance(name, Input):
            return str(name)
        if name not in self.rows:
            self.rows[name] = self.next_row
            self._write(self.rows[name], name)
        return reference(INPUTS, self.rows[name], 5)

    def figure(self, what: str, about: str, value: Quantity | float, path: Path_, plain: bool = False) -> Formula:
        """A figure of the case as a cell; plain: no share, though it has no unit."""
        one = input_of(value, self.units, path, what, about)
        return cell(replace(one, unit="") if plain else one, one.value * one.factor)

    def _write(self, row: int, one: Input) -> None:
        book, here = self.book, self._settable(one.path)
        kind = _kind(one.value, one.unit, self.units)
        book.text(INPUTS, row, 0, one.what)
        book.text(INPUTS, row, 1, one.about)
        book.number(INPUTS, row, 2, one.value, kind, "input" if here else "model")
        book.text(INPUTS, row, 3, one.unit)
        book.number(INPUTS, row, 4, one.value, kind, "quiet")
        now, was = reference(INPUTS, row, 2), reference(INPUTS, row, 4)
        based = now if one.factor == 1.0 else f"{now}*{figure(one.factor)}"
        sheet = book.sheets[INPUTS]
        sheet.write_formula(row, 5, f"={based}", book.format(kind, "quiet"), one.value * one.factor)
        sheet.write_formula(row, 6, f"=IF(ABS({now}-{was})>1E-12*ABS({was}),1,0)", book.format("flag"), 0)
        source = self.case.sources.get(one.path)
        said = f"{source.source} ({source.status})" if source is not None else ""
        book.text(INPUTS, row, 7, said, "source")
        book.tall(INPUTS, row, said, WIDTHS[7])
        place = self.case.place(*one.path) if here else None
        book.text(INPUTS, row, 8, str(place) if place is not None else NOT_HERE if not here else "case")
        book.text(INPUTS, row, 9, json.dumps(one.path) if here else NOT_HERE, whole=True)
        if here:
            self._name(row, one.what, one.about)
        if one.unit == PERCENT and 0.0 <= one.value <= 1.0:
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "Write a share, as in 95%."}
            book.sheets[INPUTS].data_validation(row, 2, row, 2, rule)

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
    def changed(self) -> str:
        """How many inputs are not as they were planned with, as a part of a formula."""
        first, last = FIRST_ROW + 1, max(self.next_row, FIRST_ROW + 1)
        return f"SUM({INPUTS}!$G${first}:$G${last})"


def _kind(value: float, unit: str, units: Units) -> str:
    """How an input reads: shares in per cent, sums of money in cents, large whole numbers with their thousands apart."""
    if unit == PERCENT:
        return "share"
    if kind_of(units.quantity(f"1 {unit}")) == "money" and value >= 100.0:
        return "money"
    return "count" if value >= 1000.0 and value == round(value) else "general"
