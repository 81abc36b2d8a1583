"""Frames of results: whoever asks for one gets a copy, and dates stand beside the numbers of periods."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from allocate.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
START = "start"
"""The column of first days of periods, beside their numbers."""


class _Frame:
    """A frame that a record holds: what is done to the one it gives out does not reach it."""

    def __init__(self, name: str) -> None:
        self.name = f"_{name}"

    def __get__(self, record: object, owner: type | None = None) -> pd.DataFrame:
        held: Table | pd.DataFrame = record.__dict__[self.name]
        frame = held.frame if isinstance(held, Table) else held
        return frame.copy(deep=False)  # pandas copies a column when it is written to

    def __set__(self, record: object, frame: Table | pd.DataFrame) -> None:
        record.__dict__[self.name] = frame if isinstance(frame, Table) else frame.copy(deep=False)


def unmade(table: Table) -> pd.DataFrame:
    """A table in place of a frame, for a record that gives copies: it makes the frame when it is asked for it."""
    return cast("pd.DataFrame", table)


def table_of(record: object, name: str) -> Table:
    """What stands in a field of a record that gives copies, without a frame being made."""
    return Table.of(record.__dict__[f"_{name}"])


def gives_copies(record: type[T]) -> type[T]:
    """A dataclass whose frames are copied when they are given and when they are asked for."""
    for one in fields(record):  # type: ignore[arg-type]
        if one.type == "pd.DataFrame":
            setattr(record, one.name, _Frame(one.name))
    return record


def dated(table: Table, starts: Sequence[datetime.date], period: str = "period") -> Table:
    """A table with the first day of each row's period after its number, which counts from 1."""
    days = np.array(starts, dtype="datetime64[s]")[table[period].astype(np.int64) - 1]
    names = [name for column in table.columns for name in ((column, START) if column == period else (column,))]
    return table.with_columns(**{START: days}).chosen(*names)


def tagged(table: Table, of: str, tags: Mapping[str, Mapping[str, str]]) -> Table:
    """A table with a column for each tag of its products or vendors, as in `product_cost_centre`, after all others.

    of: the column with their names. tags: by name; where one has none, the cell is empty.
    """
    names = list(dict.fromkeys(tag for some in tags.values() for tag in some))
    if not names:
        return table
    rows = [tags.get(name, {}) for name in table[of].tolist()]
    return table.with_columns(**{tag_column(of, tag): [row.get(tag, "") for row in rows] for tag in names})


def tag_column(of: str, tag: str) -> str:
    """What the column of a tag is called."""
    return f"{of}_{tag}".replace("-", "_").replace(" ", "_")
