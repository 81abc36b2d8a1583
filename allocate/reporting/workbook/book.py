"""Sheets, cells and number formats of the workbook; text is always written as text, whatever it looks like."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from allocate.costing.quality.unstated import MARK

MOST_SHOWN = 250
"""Characters of a text a cell shows; a longer one says how long it is, except where it is read back."""
FONT = "Calibri"
LINE = 15
"""Height of a line of text."""
BOLD = 0.9
"""Characters of a bold name that fit into one of a column's width."""
SMALL = 1.2
"""Characters of a small text that fit into one of a column's width."""
MANY_ROWS = 65
"""Rows from which a sheet prints on more than one page."""
Column = tuple[str, str, int]
"""Name, kind and width of a column."""
NUMBER_FORMATS = {
    "text": "@",
    "general": "General",
    "count": "#,##0;[Red]-#,##0;0",
    "items": '#,##0.0;[Red]-#,##0.0;"–"',
    "money": '#,##0.00;[Red]-#,##0.00;"–"',
    "price": '#,##0.0000##;[Red]-#,##0.0000##;"–"',
    "hours": '#,##0.0;[Red]-#,##0.0;"–"',
    "small": "0.000000",
    "share": "0.00%",
    "assumed": f'"{MARK}"0.00%',
    "cost": '[>=1E+99]"–";#,##0.00',
    "flag": '"changed";;"–"',
}
"""Formats of numbers by what they are."""


@dataclass
class Book:
    """A workbook being written."""

    made: BytesIO
    """What it is written into."""
    currency: str
    names: tuple[str, ...]
    """Names of its sheets, in order."""
    filled: set[tuple[str, int]] = field(default_factory=set)
    """Columns of sheets in which more stands than zeros."""
    _formats: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from xlsxwriter import Workbook

        self.file = Workbook(
            self.made,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True},
        )  # fmt: skip
        self.file.set_calc_mode("auto")
        self.sheets = {name: self.file.add_worksheet(name) for name in self.names}

    def format(self, number: str, look: str = "plain") -> Any:
        """A cell format: how its number reads, and what the cell is for (plain, input, header, total, title, note)."""
        if (number, look) not in self._formats:
            looks: dict[str, dict[str, Any]] = {
                "plain": {},
                "input": {"font_color": "#0000FF", "bg_color": "#FFF9DB", "border": 1, "border_color": "#D9C97C", "locked": False},
                "model": {"font_color": "#0000FF"},
                "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3B57", "text_wrap": True, "valign": "vcenter"},
                "total": {"bold": True, "top": 1},
                "title": {"bold": True, "font_size": 15, "font_color": "#1F3B57"},
                "heading": {"bold": True, "font_size": 12, "font_color": "#1F3B57"},
                "note": {"font_color": "#595959", "text_wrap": True},
                "quiet": {"font_color": "#595959"},
                "source": {"font_color": "#595959", "text_wrap": True, "font_size": 9},
                "said": {"indent": 1, "align": "left"},
                "said total": {"indent": 1, "align": "left", "bold": True, "top": 1},
            }  # fmt: skip
            properties = {"font_name": FONT, "font_size": 10, "num_format": NUMBER_FORMATS[number], **looks[look]}
            if number == "text" and look in ("plain", "quiet", "header", "source"):
                properties |= {"indent": 1, "align": "left"}
            properties.setdefault("valign", "top")
            if number != "text" and look == "header":
                properties["align"] = "right"
            self._formats[number, look] = self.file.add_format(properties)
        return self._formats[number, look]

    def text(self, sheet: str, row: int, column: int, text: str, look: str = "plain", whole: bool = False) -> None:
        """Write a text, never as a formula or a link."""
        if text:
            self.filled.add((sheet, column))
        shown = text if whole or len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}… ({len(text)} characters)"
        self.sheets[sheet].write_string(row, column, shown, self.format("text" if look != "note" else "general", look))

    def number(self, sheet: str, row: int, column: int, value: float, kind: str, look: str = "plain") -> None:
        """Write a figure."""
        if value:
            self.filled.add((sheet, column))
        self.sheets[sheet].write_number(row, column, value, self.format(kind, look))

    def header(self, sheet: str, row: int, names: Sequence[str], texts: Collection[int] = (0,)) -> None:
        """Write names of columns; those of texts (by position) stand at the left."""
        self.sheets[sheet].set_row(row, LINE * 2 + 2)
        for column, name in enumerate(names):
            kind = "text" if column in texts else "general"
            self.sheets[sheet].write_string(row, column, name, self.format(kind, "header"))

    def columns(self, sheet: str, row: int, columns: Sequence[Column], money: Collection[str] = ()) -> None:
        """Write the header of a table whose columns each have a name, a kind and a width; money: those to name the currency in."""
        names = [f"{name}, {self.currency}" if name in money else name for name, _, _ in columns]
        self.header(sheet, row, names, [at for at, (_, kind, _) in enumerate(columns) if kind == "text"])
        lines = max(_lines(name, width) for name, (_, _, width) in zip(names, columns, strict=True))
        self.sheets[sheet].set_row(row, LINE * max(lines, 2) + 2)
        for at, (_, _, width) in enumerate(columns):
            self.sheets[sheet].set_column(at, at, width)

    def tall(self, sheet: str, row: int, text: str, width: int) -> None:
        """Make a row as tall as a wrapped text in a column of a width needs; not every program does so by itself."""
        lines = _lines(text[: MOST_SHOWN + 20], round(width * SMALL / BOLD))
        if lines > 1:
            self.sheets[sheet].set_row(row, LINE * lines * 0.8 + 3)

    def hide(self, sheet: str, columns: Sequence[Column], always: Collection[str] = ()) -> None:
        """Hide columns of a table in which nothing stands and no input can bring anything, and some in any case."""
        for at, (name, _, width) in enumerate(columns):
            if name in always or (sheet, at) not in self.filled:
                self.sheets[sheet].set_column(at, at, width, None, {"hidden": True})

    def page(self, sheet: str, columns: int, repeat: int | None = None, rows: int = MANY_ROWS) -> None:
        """Print a sheet on A4 across, as wide as a page, with its header on every page; one of few rows on one page."""
        page = self.sheets[sheet]
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 1 if rows < MANY_ROWS else 0)
        page.set_margins(0.5, 0.5, 0.6, 0.6)
        page.set_footer("&L&F&C&A&RPage &P of &N")
        page.hide_gridlines(2)
        if repeat is not None:
            page.repeat_rows(repeat)
            page.freeze_panes(repeat + 1, min(columns, 1))


def _lines(name: str, width: int) -> int:
    """Lines a name takes in a column, words kept whole."""
    lines, used = 1, 0
    for word in name.split():
        if used and used + 1 + len(word) > width * BOLD:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + (used > 0)
    return lines


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    text = ""
    while column >= 0:
        text, column = chr(ord("A") + column % 26) + text, column // 26 - 1
    return text


def reference(sheet: str, row: int, column: int) -> str:
    """A cell as a formula names it; row and column from 0."""
    return f"{sheet}!${letters(column)}${row + 1}"
