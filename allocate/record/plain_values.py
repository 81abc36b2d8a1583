"""Tables and figures as JSON has them: no numpy types, nothing that is not a number."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allocate.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


def plain(value: Any) -> Any:
    """A value as JSON has it: no numpy types, nothing that is not a number."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is dict or isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def records(table: Table | pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of plain objects."""
    made = Table.of(table)
    return [plain(dict(zip(made.columns, row, strict=True))) for row in made.rows()]


def is_whole(value: Any) -> bool:
    """Whether what was read is a whole number that fits the numbers of a program's rows and columns."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


def is_number(value: Any) -> bool:
    """Whether what was read is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
