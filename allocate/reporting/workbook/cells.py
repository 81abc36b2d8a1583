"""Cells, formulas that are to stand in them, and tables whose lines are added up by what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from allocate.formula import Formula
from allocate.reporting.workbook.book import letters, reference


class At(NamedTuple):
    """A cell."""

    sheet: str
    row: int
    column: int

    @property
    def reference(self) -> str:
        """As a formula names it."""
        return reference(*self)


@dataclass(frozen=True)
class Put:
    """A formula and where it is to stand."""

    at: At
    formula: Formula
    kind: str
    look: str


@dataclass
class Table:
    """Rows of a sheet, one a line of the plan, whose cells are added up by what the lines have in common."""

    sheet: str
    first: int
    """Row (from 0) of the first line."""
    keys: Sequence[tuple[int, Sequence[int]]]
    """Column, and number of each line, of what lines are told apart by, the plainest first."""
    spans: Sequence[tuple[int, Sequence[int]]]
    """The same of what lies from one number to another."""
    free: int
    """Column from which parts of sums get cells of their own."""

    @property
    def last(self) -> int:
        """Row of the last line."""
        return self.first + len(self.keys[0][1]) - 1

    def column(self, at: int) -> str:
        """The cells of a column, as a formula names them."""
        letter = letters(at)
        return f"{self.sheet}!${letter}${self.first + 1}:${letter}${self.last + 1}"

    def summed(self, at: int, rows: frozenset[int], filled: frozenset[int]) -> str | None:
        """The sum of some cells of a column, told apart by keys; None where keys do not tell them; filled: rows in use."""
        if rows == filled:
            return f"SUM({self.column(at)})"
        kept = [
            (column, numbers) for column, numbers in self.keys if len({numbers[row - self.first] for row in rows}) == 1
        ]
        some = min(rows) - self.first
        tests = [(column, numbers, numbers[some], numbers[some]) for column, numbers in kept]
        for column, numbers in self.spans:
            known = [numbers[row - self.first] for row in rows]
            tests.append((column, numbers, min(known), max(known)))

        def held(chosen: Sequence[tuple[int, Sequence[int], int, int]]) -> bool:
            return all(
                row in rows or any(not low <= numbers[row - self.first] <= high for _, numbers, low, high in chosen)
                for row in filled
            )

        if not held(tests):
            return None
        for one in reversed(tests[:]):
            fewer = [other for other in tests if other is not one]
            if held(fewer):
                tests = fewer
        said = []
        for column, _, low, high in tests:
            span = self.column(column)
            said.append(f"{span},{low}" if low == high else f'{span},">={low}",{span},"<={high}"')
        return f"SUMIFS({self.column(at)},{','.join(said)})"
