"""A case read back from a workbook that a report wrote: the case as text in one sheet, changed inputs in another."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from allocate.case.document import Data, Document, Path_, forget
from allocate.case.plain import plain
from allocate.case.xlsx import read_xlsx
from allocate.errors import CaseError, Place, Problem
from allocate.numerals import plainly

CASE, INPUTS = "Case", "Inputs"
"""Names of the sheets a case is read from."""
FIRST_ROW = 4
"""Row (from 0) of the first input."""
WHAT, ABOUT, VALUE, UNIT, WAS, PATH = 0, 1, 2, 3, 4, 9
"""Columns (from 0) of the inputs: what it is, of what, its value, its unit, the value written, its path."""
PERCENT = "%"
NOT_HERE = "cost model"
"""What stands for the path of a figure that cannot be changed by a case."""
SAME = 1e-12
"""Relative distance within which an input is as it was written; programs keep fifteen digits."""


@dataclass
class FromWorkbook:
    """A case as it stands in a workbook."""

    document: Document
    settings: list[str] = field(default_factory=list)
    """Inputs changed in the workbook, as `path=value`."""


def is_workbook(path: Path) -> bool:
    """Whether a case of this name is a workbook."""
    return path.suffix.lower() == ".xlsx"


def read_workbook(path: Path) -> FromWorkbook:
    """The case of a workbook, with the inputs changed in it.

    Raises CaseError for a file that is no workbook of a report, and for inputs that are no numbers or cannot be changed.
    """
    sheets = _sheets(path)
    text = "".join(str(row[0]) for row in sheets[CASE][1:] if row and row[0] not in ("", None))
    try:
        data = plain(json.loads(text), f"the sheet {CASE} of {path.name}")
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        fix = "write the workbook again with `allocate report`"
        raise CaseError.of(f"the sheet {CASE} of {path.name} no longer holds a case", Place(path.name), fix)
    # The text stands in a few cells: places in it say nothing to a reader.
    found, problems = FromWorkbook(Document(data, {(): Place(f"{path.name}#{CASE}")})), list[Problem]()
    for number, row in enumerate(sheets[INPUTS]):
        if number < FIRST_ROW or len(row) <= PATH or not row[PATH]:
            continue
        place = Place(f"{path.name}#{INPUTS}, cell C{number + 1}")
        problem = _changed(found, row, place)
        problems += [problem] if problem is not None else []
    if problems:
        raise CaseError(problems)
    return found


def _changed(found: FromWorkbook, row: list[Any], place: Place) -> Problem | None:
    """Lay an input over the case where it is not as it was written."""
    value, was, name = row[VALUE], row[WAS], f"{row[WHAT]} of {row[ABOUT]}"
    if isinstance(was, bool) or not isinstance(was, (int, float)) or not math.isfinite(was):
        return _damaged(f"the figure {name} was written with is not a number ('{was}')", place)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Problem(f"{name} is not a number ('{value}')", place, f"write a number, as in {was:g}")
    if abs(value - was) <= SAME * max(abs(value), abs(was)):
        return None
    if row[PATH] == NOT_HERE:
        fix = f"put {was:g} back, and write the workflow or task with its figure into the case"
        return Problem(f"{name} is a figure of the cost model, which a workbook does not change", place, fix)
    try:
        path, text = tuple(json.loads(row[PATH])), as_written(float(value), str(row[UNIT]))
        _put(found.document, path, text, place)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return _damaged(f"the path of {name} leads nowhere in the case ('{row[PATH]}')", place)
    found.settings.append(f"{'.'.join(map(str, path))}={text}")
    return None


def _damaged(message: str, place: Place) -> Problem:
    return Problem(message, place, "change figures in column C only; write the workbook again with `allocate report`")


def as_written(value: float, unit: str) -> str:
    """A figure and its unit as a case writes it; a percentage as such, exactly."""
    if unit == PERCENT:
        return f"{plainly(f'{Decimal(repr(value)) * 100:f}')}%"
    return f"{plainly(repr(value).removesuffix('.0'))} {unit}".strip()


def _put(document: Document, path: Path_, value: str, place: Place) -> None:
    data: Any = document.data
    for key in path[:-1]:
        if isinstance(data, dict) and data.get(key) is None:
            data[key] = {}
        data = data[key]
    forget(document, path)
    data[path[-1]] = value
    document.values[path] = place


def _sheets(path: Path) -> dict[str, list[list[Data]]]:
    name, fix = path.name, "name a workbook that `allocate report` wrote, a folder with a case.yaml, or a .yaml file"
    if not path.exists():
        raise CaseError.of(f"the file {name} is not there", Place(str(path)), fix)
    found = read_xlsx(path, name, None, (CASE, INPUTS), fix).sheets
    missing = [sheet for sheet in (CASE, INPUTS) if sheet not in found]
    if missing:
        message = f"{name} has no sheet {' and no sheet '.join(missing)}: no case stands in it"
        raise CaseError.of(message, Place(name), fix)
    return found
