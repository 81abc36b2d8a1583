"""Frames of results: whoever asks for one gets a copy, and dates stand beside the numbers of periods."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
START = "start"
"""The column of first days of periods; frames have it, files name periods by their numbers alone."""


class _Frame:
    """A frame that a record holds: what is done to the one it gives out does not reach it."""

    def __init__(self, name: str) -> None:
        self.name = f"_{name}"

    def __get__(self, record: object, owner: type | None = None) -> pd.DataFrame:
        frame: pd.DataFrame = record.__dict__[self.name]
        return frame.copy(deep=False)  # pandas copies a column when it is written to

    def __set__(self, record: object, frame: pd.DataFrame) -> None:
        record.__dict__[self.name] = frame.copy(deep=False)


def gives_copies(record: type[T]) -> type[T]:
    """A dataclass whose frames are copied when they come in and when they are asked for."""
    for one in fields(record):  # type: ignore[arg-type]
        if one.type == "pd.DataFrame":
            setattr(record, one.name, _Frame(one.name))
    return record


def dated(table: pd.DataFrame, starts: Sequence[datetime.date], period: str = "period") -> pd.DataFrame:
    """A table with the first day of each row's period after its number, which counts from 1."""
    import numpy as np

    days = np.array(starts, dtype="datetime64[s]")
    names = [name for column in table.columns for name in ((column, START) if column == period else (column,))]
    return table.assign(**{START: days[table[period].to_numpy(dtype=np.int64) - 1]})[names]


def undated(table: pd.DataFrame) -> pd.DataFrame:
    """A table as files have it: periods by their numbers."""
    return table.drop(columns=START) if START in table else table
