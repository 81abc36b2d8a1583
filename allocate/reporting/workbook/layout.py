"""Where formulas stand: the workbook's cells, written when all of them are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allocate.formula import Formula, cell, value_of
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.cells import At, Put, Table
from allocate.reporting.workbook.placing import Placing


@dataclass
class Layout:
    """The workbook's formulas, written when all of them are known."""

    book: Book
    named: Callable[[Any], str]
    """How a formula refers to a cell that is no place of a sheet."""
    tables: dict[str, Table] = field(default_factory=dict)
    puts: list[Put] = field(default_factory=list)
    values: dict[tuple[str, int], dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    """What stands in the rows of each column."""
    after: list[Callable[[], None]] = field(default_factory=list)
    """What is done when all cells are written."""

    def put(self, sheet: str, row: int, column: int, number: Any, kind: str, look: str = "plain") -> Any:
        """Let a number or a formula stand in a cell; the formula of that cell, which others can be made of."""
        self.values[sheet, column][row] = value_of(number)
        if not isinstance(number, Formula):
            self.book.number(sheet, row, column, float(number), kind, look)
        else:
            self.puts.append(Put(At(sheet, row, column), number, kind, look))
            self.book.filled.add((sheet, column))
        return cell(At(sheet, row, column), value_of(number))

    def finish(self) -> None:
        """Write every formula."""
        if self.puts:
            Placing(self).write()
        for each in self.after:
            each()
