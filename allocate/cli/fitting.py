"""Tables that fit a terminal: the columns that matter, and which are left out."""

from __future__ import annotations

from allocate.tables.column import Grid

BETWEEN = 3
"""Characters between two columns."""
LEAST = 2
"""Columns that are shown whatever the width."""
FIRST_TO_STAY = (
    "product", "vendor", "variant", "input", "figure", "limit", "clause", "", "unit", "spend", "amount", "cost", "objective", "value",
    "net value", "return", "return of the last", "cost per accurate item", "items", "workflow", "status", "change low",
    "change high", "with more", "accuracy", "periods", "idle", "worked", "paid",
)  # fmt: skip
"""Headings that stay longest, the most important first; all others are left out before them, from the right."""


def fitting(table: Grid, width: int, folds: int) -> tuple[Grid, list[str]]:
    """A table no wider than a terminal, and the headings of what was left out, in the table's order.

    folds: characters at which long words are folded. A table of two columns stays as it is, however wide.
    """
    words = [max([len(head), *(len(row[at]) for row in table.rows)]) for at, head in enumerate(table.header)]
    sizes = [size if right else min(size, folds) for size, right in zip(words, table.numeric, strict=True)]
    kept = list(range(len(sizes)))
    while len(kept) > LEAST and sum(sizes[at] for at in kept) + BETWEEN * (len(kept) - 1) + 2 > width:
        kept.remove(max(kept[1:], key=lambda at: (_rank(table.header[at]), at)))
    left_out = [head for at, head in enumerate(table.header) if at not in kept]
    rows = [[row[at] for at in kept] for row in table.rows]
    return Grid(table.title, [table.header[at] for at in kept], rows, [table.numeric[at] for at in kept]), left_out


def _rank(heading: str) -> int:
    return FIRST_TO_STAY.index(heading) if heading in FIRST_TO_STAY else len(FIRST_TO_STAY)
