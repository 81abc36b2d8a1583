"""The sheet of steps: which line fills which step of prices by volume that count other units than are billed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.terms.schedules import Schedule
from allocate.reporting.workbook.book import reference
from allocate.reporting.workbook.columns import AT as PLAN_AT
from allocate.reporting.workbook.contracts import Contracts
from allocate.reporting.workbook.terms import Term, number, total

SHEET = "Steps"
FIRST = 3
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("vendor", "text", 20), ("window", "text", 13), ("product", "text", 24), ("workflow", "text", 20), ("period", "text", 12),
    ("units billed", "items", 13), ("units counted", "items", 13), ("from", "items", 13), ("up to", "items", 13),
    ("money before season and exchange", "money", 15),
)  # fmt: skip
"""Name, kind and width of the columns before those of the steps."""
Floats = NDArray[np.float64]


@dataclass
class Filling:
    """The sheet being written, row by row."""

    sheet: Contracts
    row: int = FIRST
    most: int = 0
    """Steps of the longest schedule."""

    def window(self, schedule: Schedule, label: str, weights: Floats, prices: Sequence[Term], ends: Sequence[Term | None]) -> tuple[list[Term], dict[int, Term]]:  # fmt: skip
        """Rows of a window, lines in the order in which they fill the steps; units in each step, and money of each line."""
        first, up_to, money = self.row, number(0), dict[int, Term]()
        self.most = max(self.most, len(prices))
        columns: list[list[Term]] = [[] for _ in prices]
        for line in self._in_order(schedule, weights):
            weight, before = float(weights[self.sheet.period[line]]), up_to
            self._words(line, schedule, label)
            units = self._put(
                5, Term(reference("Plan", line + 1, PLAN_AT["billed units"]), self.sheet.units[line]) * weight
            )
            counted = self._put(
                6, Term(reference("Plan", line + 1, PLAN_AT["counted units"]), self.sheet.fills[line]) * weight
            )
            before = self._put(7, before)
            up_to = self._put(8, before + counted)
            start = number(0)
            for step, (cells, end) in enumerate(zip(columns, ends, strict=True)):
                part = _between(before, up_to, start, end)
                value = units.value * part.value / counted.value
                text = f"IF({counted.text}=0,0,{units.text}*{part.text}/{counted.text})"
                cells.append(self._put(len(COLUMNS) + step, Term(text, value)))
                start = end or start
            paid = [cells[-1] * each for cells, each in zip(columns, prices, strict=True)]
            money[line] = self._put(9, sum(paid[1:], paid[0]))
            self.row += 1
        return [total(cells) if self.row > first else number(0) for cells in columns], money

    def _in_order(self, schedule: Schedule, weights: Floats) -> list[int]:
        """Lines of a schedule with a part in a window, by period and route, as the invoice takes them."""
        sheet = self.sheet
        order = np.lexsort((np.array(sheet.route, dtype=np.int64), sheet.period))
        mine = (sheet.schedule == schedule.number) & (weights[sheet.period] > 0) & (sheet.fills > 0)
        return [int(line) for line in order if mine[line]]

    def _words(self, line: int, schedule: Schedule, label: str) -> None:
        ways, route, case = self.sheet.ways, self.sheet.route[line], self.sheet.case
        words = (
            ways.vendors[schedule.vendor], label, ways.products[ways.product[route]],
            ways.workflows[ways.workflow[route]], case.periods.label(int(self.sheet.period[line])),
        )  # fmt: skip
        for column, text in enumerate(words):
            self.sheet.book.text(SHEET, self.row, column, text)

    def _put(self, column: int, term: Term) -> Term:
        kind = COLUMNS[column][1] if column < len(COLUMNS) else "items"
        return self.sheet.book.formula(SHEET, self.row, column, term, kind)

    def finish(self) -> None:
        """Write the head of the sheet."""
        book = self.sheet.book
        book.text(SHEET, 0, 0, "Which line fills which step", "title")
        words = "Steps that count other units than are billed are filled line by line, in the order of periods; units of a line fall on them evenly."
        book.text(SHEET, 1, 0, words, "quiet")
        steps = [(f"billed in step {step + 1}", "items", 13) for step in range(self.most)]
        book.columns(SHEET, FIRST - 1, [*COLUMNS, *steps])
        book.page(SHEET, 3, FIRST - 1)


def _between(before: Term, up_to: Term, start: Term, end: Term | None) -> Term:
    """What of a stretch lies within a step."""
    top = f"MIN({up_to.text},{end.text})" if end is not None else up_to.text
    stop = min(up_to.value, end.value) if end is not None else up_to.value
    return Term(f"MAX(0,{top}-MAX({before.text},{start.text}))", max(0.0, stop - max(before.value, start.value)))
