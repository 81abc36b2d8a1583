"""What a reader of exports is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from allocate.actuals.cleaning import Cleaned
from allocate.actuals.fields import Problems
from allocate.actuals.mapping import Mapped
from allocate.actuals.work import Rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class File:
    """A file that is being read, and where its rows go."""

    path: Path
    shown: str
    mapped: Mapped
    rows: Rows
    problems: Problems
    kind: Kind


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of export."""

    name: str
    title: str
    """The file, in the platform's words."""
    read: Callable[[File], None]
    get_it: str
    """How to have the platform write it whole."""
    product_by: str = ""
    """The field a first map tells products by."""
    vendor_by: str = ""
    """The field a first map tells vendors by."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For tables: our columns by theirs, which a map may change."""
    optional: tuple[str, ...] = ()
    """For tables: those of the kind's own columns that a file need not have."""
    role: str = "label"
    """What the rows of a table are, where no column says."""
    sliced: bool = False
    """Whether a row is a slice of time, so that the same item by the same person is no repeat."""
    dates: str = ""
    """For tables: how dates are written; empty: ISO 8601."""
    times: str = ""
    """For tables: unit of times at work; empty: the map says."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """For tables: outcomes by what the platform calls them."""
    seconds_kind: str = "active"
    """What times at work are, where the table has them."""
    currency: str = ""
    """For tables: currency of its amounts, where the platform pays in one only."""
    delimiter: str = ","
    doubted: Callable[[pd.DataFrame], list[Cleaned]] | None = None
    """What is known of times that versions of the platform counted wrongly: told, and left as it is."""
