"""The long table of work: its columns, and a builder that keeps a million rows small."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from allocate.tables.column import Column

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["label", "review", "rework", "gold", "agreement", "pre-label", "hours", "invoice"]
"""What a row is: work on items; a verdict on work; time that was paid (`hours`); money that was billed (`invoice`)."""
Outcome = Literal["accepted", "rejected", "fixed", "open", "skipped"]
ROLES: tuple[Role, ...] = ("label", "review", "rework", "gold", "agreement", "pre-label", "hours", "invoice")
OUTCOMES: tuple[Outcome, ...] = ("accepted", "rejected", "fixed", "open", "skipped")
ACTIVE, ELAPSED, PAID = "active", "elapsed", "paid"

TEXTS = (
    "product", "vendor", "workflow", "annotator", "item", "role", "seconds_kind", "answer", "gold", "outcome", "currency",
    "source", "identity",
)  # fmt: skip
"""Columns of words. identity: the platform's own name of the row, by which repeats are found; it is not written."""
FIGURES = ("started", "submitted", "updated", "seconds", "items", "amount", "row", "sliced")
"""Columns of numbers; times in s since 1970 UTC, nan where the export has none. updated: which of two repeats is later; sliced: 1 where
a row is a slice of somebody's time rather than a judgment of an item; neither is written."""
_ABSENT = {"items": 1.0, "sliced": 0.0}
"""Figures of rows that do not say; nan all others."""

WORK = (
    Column("date", "", "the day the work was submitted, in the vendor's time zone"),
    Column("product", "", "product of the case"),
    Column("vendor", "", "vendor of the case"),
    Column("workflow", "", "workflow of the case; empty where the map names none"),
    Column("annotator", "", "who did it, as a code"),
    Column("item", "", "the item, as the platform names it"),
    Column(
        "role", "", "label, review, rework, gold, agreement, pre-label; hours (paid time) or invoice (money billed)"
    ),
    Column("started", "", "when it was begun, UTC"),
    Column("submitted", "", "when it was submitted, UTC"),
    Column("seconds", "s", "time at work, without what was cut"),
    Column("cut", "s", "time that was cut off as idle or shared with another open task"),
    Column("seconds_kind", "", "active (the platform counts work), elapsed (begin to end) or paid"),
    Column("items", "items", "how many items the row stands for"),
    Column("answer", "", "what was answered"),
    Column("gold", "", "the right answer, where it is known"),
    Column("outcome", "", "accepted, rejected, fixed, open or skipped"),
    Column("amount", "", "money of the row, in its currency"),
    Column("currency", "", "currency of the amount"),
    Column("source", "", "file the row comes from"),
    Column("row", "", "where in that file: its line, or the platform's number of the entry"),
)
"""The table as it is written; columns `drivers.<name>` stand after `outcome`."""


class Coded:
    """A column of texts, each kept once."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.index: dict[str, int] = {}

    def add(self, text: str) -> None:
        """One cell more."""
        self.codes.append(self.index.setdefault(text, len(self.index)))

    def extend(self, texts: Iterable[str]) -> None:
        """Cells in order."""
        put, index = self.index.setdefault, self.index
        self.codes.extend(put(text, len(index)) for text in texts)

    def categorical(self) -> pd.Categorical:
        """The column as pandas has it."""
        return coded(np.frombuffer(self.codes, dtype=self.codes.typecode).copy(), list(self.index))


def coded(codes: NDArray[np.int64], categories: Sequence[str]) -> pd.Categorical:
    """A column of words from the number of each cell's word."""
    import pandas as pd

    made: pd.Categorical = pd.Categorical.from_codes(codes, categories)  # type: ignore[call-overload]
    return made


class Rows:
    """Rows of work as they are read, column by column."""

    def __init__(self, drivers: Sequence[str] = ()) -> None:
        self.texts = {name: Coded() for name in TEXTS}
        self.figures = {name: array("d") for name in FIGURES}
        self.drivers = {name: array("d") for name in drivers}

    def __len__(self) -> int:
        return len(self.figures["seconds"])

    def add(self, drivers: Sequence[float] = (), **cells: Any) -> None:
        """One row; texts that are not given are empty, figures nan, items 1."""
        for name, column in self.texts.items():
            column.add(cells.get(name, ""))
        for name, numbers in self.figures.items():
            numbers.append(cells.get(name, _ABSENT.get(name, np.nan)))
        for column_of_driver, value in zip(self.drivers.values(), drivers, strict=True):
            column_of_driver.append(value)

    def extend(self, count: int, drivers: Sequence[Any], **columns: Any) -> None:
        """Many rows by column: lists of texts (or one for all), arrays of numbers (or one for all)."""
        for name, column in self.texts.items():
            given = columns.get(name, "")
            column.extend([given] * count if isinstance(given, str) else given)
        for name, numbers in self.figures.items():
            given = columns.get(name, _ABSENT.get(name, np.nan))
            numbers.frombytes(np.broadcast_to(np.asarray(given, dtype=float), count).tobytes())
        for numbers, values in zip(self.drivers.values(), drivers, strict=True):
            numbers.frombytes(np.asarray(values, dtype=float).tobytes())

    def frame(self) -> pd.DataFrame:
        """All rows as a frame: texts as categories, figures as floats, drivers as `drivers.<name>`."""
        import pandas as pd

        columns: dict[str, Any] = {name: column.categorical() for name, column in self.texts.items()}
        columns |= {name: np.frombuffer(one, dtype=float).copy() for name, one in self.figures.items()}
        columns |= {f"drivers.{name}": np.frombuffer(one, dtype=float).copy() for name, one in self.drivers.items()}
        return pd.DataFrame(columns)
