"""What a notebook shows of a result: a line that says what it is, and a small table."""

from __future__ import annotations

from abc import abstractmethod

from allocate.errors import readable
from allocate.tables.column import Grid, html_of

MOST = 12
"""Rows of a table that a notebook shows by itself."""


class Shown:
    """A result that says in a line what it is, whatever it holds."""

    @abstractmethod
    def facts(self) -> dict[str, str]:
        """What it is, in a few figures by their names."""

    def grids(self) -> tuple[Grid, ...]:
        """Tables that stand below the facts in a notebook."""
        return ()

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {fact}" if name else fact for name, fact in self.facts().items())
        return f"{type(self).__name__}({readable(told, 400)})"

    def _repr_html_(self) -> str:
        facts = self.facts()
        title = ": ".join(filter(None, (type(self).__name__, readable(facts.pop("", ""), 400))))
        first = Grid(title, ("", ""), [[name, readable(fact, 400)] for name, fact in facts.items()], (False, False))
        return "".join(map(html_of, (first, *(_head(one) for one in self.grids()))))


def _head(table: Grid) -> Grid:
    more = len(table.rows) - MOST
    if more <= 0:
        return table
    return table._replace(title=f"{table.title}, the first {MOST} of {len(table.rows):,} rows", rows=table.rows[:MOST])
