"""Printing answers: tables for people, JSON and CSV for programs, Markdown for documents."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from allocate.case.spreadsheet_text import inert
from allocate.record.plain_values import plain
from allocate.tables.column import Grid
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    import pandas as pd

    from allocate.case.load import Case


def sentence(line: str, format_: str) -> str:
    """A line around the tables, made safe for a terminal, or for Markdown where the tables are."""
    from allocate.reporting.markdown import escaped

    shown = long_text(line)
    return escaped(shown) if format_ == "md" else shown


def say(line: str, format_: str = "table") -> None:
    """Print a line around the tables."""
    click.echo(sentence(line, format_))


def print_tables(blocks: Sequence[Grid]) -> None:
    """Tables for a terminal: title, header, rows, and which columns are numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False)
    # Long texts fold to the terminal; names and figures never do: a line too wide for it wraps whole.
    seen, wide = sys.stdout.isatty(), console.width
    text_width = max(36, wide - 60) if seen else 90
    console.width = 10_000
    for block in blocks:
        (title, header, rows, numeric), left_out = fitting(block, wide, text_width) if seen else (block, [])
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name, right in zip(header, numeric, strict=True):
            justify: Literal["left", "right"] = "right" if right else "left"
            table.add_column(Text(name), justify=justify, overflow="fold", max_width=None if right else text_width)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        with console.capture() as captured:
            console.print(Text(title, style="bold"))
            console.print(table)
        click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()), color=True)
        if left_out:
            click.echo(
                f"Left out to fit {wide} columns: {', '.join(left_out)}. A wider terminal, or a pipe, shows them.\n"
            )


def print_markdown(blocks: Sequence[Grid]) -> None:
    """The same as Markdown."""
    from allocate.reporting.markdown import escaped

    for title, header, rows, numeric in blocks:
        click.echo(f"## {title}\n")
        click.echo("| " + " | ".join(map(escaped, header)) + " |")
        click.echo("|" + "|".join("---:" if right else "---" for right in numeric) + "|")
        for row in rows:
            click.echo("| " + " | ".join(map(escaped, row)) + " |")
        click.echo()


def print_grids(tables: Sequence[Grid], format_: str) -> None:
    """Tables for a terminal, or as Markdown."""
    (print_tables if format_ == "table" else print_markdown)(tables)


def print_json(value: Any) -> None:
    """One JSON object."""
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def print_csv(table: pd.DataFrame) -> None:
    """A table as CSV, figures to twelve significant digits, which is what plans are kept to; texts are no formulas.

    Items have all their digits, where a sum of them was made whole lots: the file holds when it is fixed.
    """
    if "items" in table and table["items"].dtype.kind == "f":
        table = table.assign(items=table["items"].map(_exact))
    texts = {name: column.map(_inert) for name, column in table.items() if column.dtype.kind == "O"}
    table = table.assign(**{str(name): column for name, column in texts.items()})
    click.echo(table.to_csv(index=False, lineterminator="\n", float_format="%.12g"), nl=False)


def print_data(
    format_: str, value: Callable[[], Any], rows: Callable[[], Any], columns: Sequence[str] | None = None
) -> bool:
    """An answer for programs, as JSON or, its rows (or table), as CSV; False where people read it, and nothing is printed."""
    if format_ == "json":
        print_json(value())
    elif format_ == "csv":
        import pandas as pd

        print_csv(pd.DataFrame(rows(), columns=None if columns is None else list(columns)))
    return format_ in ("json", "csv")


def _exact(number: float) -> str:
    short = f"{number:.12g}"
    return short if float(short) == number or number != number else repr(number)


def _inert(value: Any) -> Any:
    return inert(value) if isinstance(value, str) else value


def told(case: Case) -> Case:
    """The case, after its reader was told what must be known about how it was read, on stderr."""
    note(f"note: {long_text(line)}" for line in case.notes)
    return case


def note(lines: Iterable[str]) -> None:
    """Notes to the person at the terminal, on stderr."""
    for line in lines:
        click.echo(line, err=True)


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
