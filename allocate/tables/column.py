"""A column of a table, and a table of cells that is ready to be shown."""

from __future__ import annotations

import html
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from allocate.tables.formats import FIGURE, NOTHING, TEXT, WHOLE, Format

if TYPE_CHECKING:
    import pandas as pd

    from allocate.tables.table import Table


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


def names(columns: Iterable[Column]) -> list[str]:
    """The names of columns, as frames have them."""
    return [column.name for column in columns]


def chosen(columns: Iterable[Column], *wanted: str, within: Container[object] | None = None) -> Columns:
    """Some columns of a table, in the order of the names; those a frame does not have are left out.

    within: the frame; absent: all that are wanted are there.
    """
    by_name = {column.name: column for column in columns}
    return tuple(by_name[name] for name in wanted if within is None or name in within)


def headed(columns: Iterable[Column], **heads: str | tuple[str, Format]) -> Columns:
    """Some columns of a table under heads of their own, and where it says so in another format, in the order given."""
    given = {name: head if isinstance(head, tuple) else (head, None) for name, head in heads.items()}
    return tuple(
        replace(one, heading=given[one.name][0], format=given[one.name][1] or one.format)
        for one in chosen(columns, *given)
    )


def as_named(columns: Iterable[Column]) -> Columns:
    """Columns headed by their very names, as where a legend explains them."""
    return tuple(replace(column, heading=column.name) for column in columns)


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


def grid(title: str, columns: Sequence[Column], rows: pd.DataFrame | Table | Sequence[Mapping[str, Any]]) -> Grid:
    """Some columns of a frame, a table, or rows by name, as they are shown."""
    if isinstance(rows, Sequence):
        cells = [[_cell(column, row[column.name]) for column in columns] for row in rows]
    else:
        values = [[_cell(column, value) for value in rows[column.name].tolist()] for column in columns]
        cells = [list(row) for row in zip(*values, strict=True)]
    return Grid(title, [one.head for one in columns], cells, [one.format.right for one in columns])


def _cell(column: Column, value: Any) -> str:
    return NOTHING if value is None else column.format(value)


def columns_of(table: pd.DataFrame) -> Columns:
    """Columns of a frame by what is in them: figures, whole numbers, words; headed by their names."""
    formats = {"f": FIGURE, "i": WHOLE}
    return tuple(
        Column(str(name), format=formats.get(kind.kind, TEXT), heading=str(name)) for name, kind in table.dtypes.items()
    )


def legend_grid(columns: Iterable[Column], currency: str = "") -> Grid:
    """What each column of a table means, as a table of its own."""
    rows = [[one.name, one.unit_in(currency), one.meaning] for one in columns]
    return Grid("Columns", ["column", "unit", "meaning"], rows, [False] * 3)


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
