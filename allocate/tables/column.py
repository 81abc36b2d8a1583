"""A column of a table, and a table of cells that is ready to be shown."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from allocate.tables.formats import NOTHING, TEXT, Format

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column of a table: every rendering of the table follows from its columns."""

    name: str
    """As frames, CSV and JSON name it."""
    unit: str = ""
    """`money` stands for the currency of the case; empty for words."""
    meaning: str = ""
    format: Format = TEXT
    heading: str = ""
    """What people read at its head; absent: the name in words."""

    @property
    def head(self) -> str:
        """What people read at the head of the column."""
        return self.heading or self.name.replace("_", " ")

    def unit_in(self, currency: str) -> str:
        """The unit, with a currency for money."""
        return self.unit.replace("money", currency)


Columns = tuple[Column, ...]


def chosen(columns: Iterable[Column], *names: str) -> Columns:
    """Some columns of a table, in the order of the names."""
    by_name = {column.name: column for column in columns}
    return tuple(by_name[name] for name in names)


def legend(columns: Iterable[Column], currency: str) -> dict[str, dict[str, str]]:
    """Unit and meaning of each column by its name, as JSON has them."""
    return {one.name: {"unit": one.unit_in(currency), "meaning": one.meaning} for one in columns}


class Grid(NamedTuple):
    """A table as it is shown: cells are text."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    """Which columns stand at the right."""


def grid(title: str, columns: Sequence[Column], rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Grid:
    """Some columns of a frame, or of rows by name, as they are shown."""
    if isinstance(rows, (list, tuple)):
        cells = [[_cell(column, row[column.name]) for column in columns] for row in rows]
    else:
        values = [[_cell(column, value) for value in rows[column.name].tolist()] for column in columns]  # type: ignore[index]
        cells = [list(row) for row in zip(*values, strict=True)]
    return Grid(title, [one.head for one in columns], cells, [one.format.right for one in columns])


def _cell(column: Column, value: Any) -> str:
    return NOTHING if value is None else column.format(value)


def html_of(table: Grid) -> str:
    """A table as HTML; no name in it can become markup."""

    def row(cells: Sequence[str], tag: str) -> str:
        sides = ("right" if right else "left" for right in table.numeric)
        return "".join(
            f'<{tag} style="text-align: {side}">{html.escape(cell)}</{tag}>'
            for cell, side in zip(cells, sides, strict=True)
        )

    caption = f'<caption style="text-align: left; white-space: nowrap">{html.escape(table.title)}</caption>'
    head = f"<thead><tr>{row(table.header, 'th')}</tr></thead>" if any(table.header) else ""
    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in table.rows)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>"
