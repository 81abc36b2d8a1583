"""A folder of actuals read back: the table of work and the table of periods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocate.actuals.importing import LABELS, PERIODS_FILE, RECORD
from allocate.actuals.periods import PERIODS
from allocate.case.spreadsheet_text import meant
from allocate.errors import CaseError, Place
from allocate.tables.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "allocate-actuals/1"
WORDS = (
    "product",
    "vendor",
    "workflow",
    "annotator",
    "item",
    "role",
    "submitted",
    "seconds",
    "items",
    "answer",
    "gold",
    "outcome",
)
"""Columns of the table of work that figures are measured from, besides the drivers."""


@dataclass(frozen=True, eq=False, repr=False)
class Actuals(Shown):
    """What one or several imports brought."""

    work: pd.DataFrame
    """The table of work."""
    periods: pd.DataFrame
    """The table of periods."""
    by: str
    """Length of its periods."""
    source: str
    """The files and days it comes from, in words."""

    def facts(self) -> dict[str, str]:
        """How much was recorded."""
        table = self.periods
        return {
            "": self.source,
            "items": f"{table['items'].sum():,.0f}",
            "hours of work": f"{table['hours_active'].sum():,.1f}",
            "hours paid": f"{table['hours_paid'].sum():,.1f}",
        }


def read_actuals(folders: str | Path | Sequence[str | Path]) -> Actuals:
    """The tables of some folders that `actuals import` wrote, one below the other.

    Raises CaseError for a folder that is none, or one whose periods have another length than the first's.
    """
    import pandas as pd

    works, tables, sources, lengths = [], [], [], []
    first: Path | None = None
    for folder in [Path(one) for one in ([folders] if isinstance(folders, (str, Path)) else folders)]:
        first = first or folder
        record = _record(folder)
        works.append(_table(folder / LABELS, WORDS, ("seconds", "items")))
        numbers = (
            "items",
            "hours_active",
            "hours_lost",
            "hours_paid",
            "review_hours",
            "accepted",
            "rejected",
            "reworked",
            "spend",
        )
        tables.append(_table(folder / PERIODS_FILE, [column.name for column in PERIODS], numbers))
        lengths.append(str(record.get("by", "week")))
        files = ", ".join(str(one.get("file")) for one in record.get("files", []) if isinstance(one, dict))
        sources.append(f"{files}, {record.get('first_day')} to {record.get('last_day')}")
    if len(set(lengths)) > 1:
        fix = "import them with the same `--by`"
        raise CaseError.of(f"the folders count by {' and by '.join(sorted(set(lengths)))}", Place(str(first)), fix)
    work = pd.concat(works, ignore_index=True) if len(works) > 1 else works[0]
    return Actuals(work, pd.concat(tables, ignore_index=True), lengths[0], "; ".join(sources))


def _record(folder: Path) -> dict[str, Any]:
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        fix = "name a folder that `allocate actuals import … --out` wrote"
        raise CaseError.of(f"{folder} holds no actuals", Place(str(folder)), fix)
    return record


def _table(path: Path, names: Sequence[str], numbers: tuple[str, ...]) -> pd.DataFrame:
    """A table that an import wrote: texts as categories, as they were before they were made harmless to spreadsheets."""
    import pandas as pd

    try:
        head = pd.read_csv(path, nrows=0)
        missing = [name for name in names if name not in head]
        if missing:
            raise ValueError(f"it has no column '{missing[0]}'")
        read = [str(name) for name in head if name in names or str(name).startswith("drivers.")]
        texts = {name: "category" for name in read if name in names and name not in (*numbers, "submitted")}
        table = pd.read_csv(
            path, usecols=read, dtype=texts, keep_default_na=False, na_values={name: [""] for name in read if name not in texts},
            parse_dates=["submitted"] if "submitted" in read else False,
        )  # fmt: skip
        for name in numbers:
            table[name] = table[name].astype(float)
    except (OSError, ValueError, UnicodeDecodeError) as error:
        why = str(error).splitlines()[0][:160] if str(error) else "it cannot be read"
        raise CaseError.of(
            f"{path.name} is not as the import wrote it: {why}", Place(str(path)), "import again"
        ) from None
    for name in texts:
        known = [str(text) for text in table[name].cat.categories]
        plain = [meant(text) for text in known]
        if plain != known and len(set(plain)) == len(plain):
            table[name] = table[name].cat.rename_categories(dict(zip(table[name].cat.categories, plain, strict=True)))
    return table
