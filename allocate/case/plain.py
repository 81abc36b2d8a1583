"""Plain data from Python's own values: mappings, lists, tables of pandas, numbers of numpy, dates, paths."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from allocate.case.document import HALF, Data, half_character
from allocate.case.tables import table_of
from allocate.errors import CaseError, Place
from allocate.input_limits import YAML_DEPTH


def plain(data: Any, name: str = "case", depth: int = 0) -> Data:
    """The data with text keys, lists for every sequence, rows for every table; missing numbers (NaT, NA) are None.

    name: what the data is, for messages.

    Raises CaseError for data nested too deep (or into itself), for half characters, and for a table that is not right.
    """
    if depth > YAML_DEPTH:
        message = f"{name} is nested more than {YAML_DEPTH} deep"
        raise CaseError.of(message, Place("case"), "give plain mappings and lists")
    if isinstance(data, Mapping):
        return {_whole(str(key), name): plain(value, str(key), depth + 1) for key, value in data.items()}
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        return _rows(data, name)
    if isinstance(data, (list, tuple)):
        return [plain(value, name, depth + 1) for value in data]
    return _whole(data, name) if isinstance(data, str) else _scalar(data)


def _whole(text: str, name: str) -> str:
    """The text, where all its characters are whole."""
    code = half_character(text)
    if code is None:
        return text
    raise CaseError.of(f"{name} holds half a character ({code})", Place("case"), HALF)


def _rows(table: Any, name: str) -> Data:
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    found = table_of([str(column) for column in table.columns], rows, name)
    if found.problems:
        raise CaseError(found.problems)
    return found.document.data["rows"]


def _scalar(value: Any) -> Data:
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item() if getattr(value, "ndim", 0) == 0 else value.tolist()
    if isinstance(value, datetime.datetime):
        # NaT is a datetime that equals nothing, itself included.
        return value.date() if value == value else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**300:
        return math.inf
    return str(value) if isinstance(value, PurePath) else value
