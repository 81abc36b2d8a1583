"""What a report says, free of how it is shown: the page and the Markdown are made of the same parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Cells as text; the first rows stand on the page, all of them behind it."""

    what: str
    """What the rows are, in the plural, as in `products`."""
    header: Cells
    numeric: tuple[bool, ...]
    rows: tuple[Cells, ...]
    shown: int = 12
    """Rows that stand on the page itself where there are more."""
    rest: Cells | None = None
    """The rows that do not, added together; None where they cannot be."""
    order: str = ""
    """In which order the rows stand, as in `largest spend first`."""

    @property
    def is_whole(self) -> bool:
        """Whether the page shows every row."""
        return len(self.rows) <= self.shown

    @property
    def head(self) -> tuple[Cells, ...]:
        """Rows of the page itself, with the others added together where they can be."""
        if self.is_whole:
            return self.rows
        return (*self.rows[: self.shown], *([self.rest] if self.rest is not None else []))

    @property
    def says(self) -> str:
        """What of it the page shows; empty where that is everything."""
        if self.is_whole:
            return ""
        order = f", {self.order}" if self.order else ""
        return f"{self.shown} of {len(self.rows):,} {self.what}{order}"


@dataclass(frozen=True)
class Chart:
    """A picture: a Vega-Lite specification, what it shows in words, and the figures behind it."""

    specification: Mapping[str, Any] = field(repr=False)
    alternative: str
    """What a person who cannot see it has to know."""
    figures: Table
    is_wide: bool = False
    note: str = ""
    """What the picture leaves out; empty where that is nothing."""


@dataclass(frozen=True)
class Section:
    """One subject: sentences, a chart, tables, points."""

    title: str
    sentences: tuple[str, ...] = ()
    chart: Chart | None = None
    tables: tuple[Table, ...] = ()
    points: tuple[str, ...] = ()
    """Sentences that stand as a list."""
    is_wide: bool = False
    """Whether it takes the whole width of the page."""
    is_tall: bool = False
    """Whether two others stand one above the other beside it."""
    is_printed: bool = True
    """Whether paper has it too; what has not stands on the screen and in Markdown only."""


@dataclass(frozen=True)
class Tile:
    """One figure that stands out."""

    name: str
    amount: str
    about: str = ""


@dataclass(frozen=True)
class Report:
    """Everything a report says."""

    title: str
    subtitle: str
    headline: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    provenance: Section
