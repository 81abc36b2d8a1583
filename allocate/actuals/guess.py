"""A first map.yaml from a file: its kind, its products and who works on it."""

from __future__ import annotations

import csv
import re
from itertools import islice
from pathlib import Path

from allocate.actuals.fields import Problems
from allocate.actuals.json_stream import opened
from allocate.actuals.mapping import Map, mapped
from allocate.actuals.people import shown
from allocate.actuals.readers import KINDS
from allocate.actuals.readers.kinds import File, Kind
from allocate.actuals.readers.sheets import is_workbook, sheet_rows
from allocate.actuals.work import Rows
from allocate.errors import CaseError, Place, Problem

HEAD = 65_536
_MARKS = (
    ("sagemaker", r'"answerContent"|"acceptanceTime"'),
    ("cvat-quality", r'"comparison_summary"'),
    ("labelbox", r'"data_row"\s*:\s*\{'),
    ("labelbox-v1", r'"DataRow ID"|"Seconds to (?:Label|Create)"'),
    ("label-studio", r'"annotations"\s*:\s*\['),
    ("cvat-events", r"^scope,.*\bjob_id\b"),
    ("mturk", r"^\W*HITId\b.*\bWorkerId\b"),
    ("appen", r"^\W*_unit_id\b.*\b_worker_id\b|_worker_id.*_unit_id"),
    ("toloka", r"\bASSIGNMENT:"),
    ("v7", r"\bactor_email\b.*\bactive_time\b"),
    ("encord", r"\btime_spent_seconds\b"),
    ("timesheet", r"^(?=.*\bdate\b)(?=.*\bhours\b)"),
    ("invoice", r"^(?=.*\bdate\b)(?=.*\bamount\b)"),
)
"""What a file of each kind has at its beginning, the more particular first."""
_COUNTED = r"((n|num)_)?(item|unit|task|image|asset|hit|document)(s|s?_(made|done|count))"
"""Names of columns that say how many items a row is about, where all their cells are numbers."""
SAMPLE = 100
"""Rows that are looked at to tell numbers from names."""
_COLUMNS = (
    ("item", r"item|unit|task|image|asset|hit|document"), ("annotator", r"worker|annotator|labell?er|user|person"),
    ("started", r"start|accept|begin|open"), ("submitted", r"submit|created|(?<!v)end|finish|complet|date"),
    ("seconds", r"second|duration|lead_time|time_spent|work_?time"), ("outcome", r"status|outcome|verdict"),
)  # fmt: skip


def kind_of(path: Path) -> Kind:
    """The kind a file looks like; CaseError where it looks like none."""
    head = _head(path)
    first = head.lstrip().split("\n", 1)[0]
    for name, mark in _MARKS:
        if re.search(mark, first if mark.startswith("^") else head):
            return KINDS[name]
    if "," in first:
        return KINDS["table"]
    fix = f"name it with `--from`: {', '.join(KINDS)}"
    raise CaseError(
        [Problem(f"{path.name} is not an export of a known kind", Place(path.name, 1, 1), fix, code="E-export")]
    )


def _head(path: Path) -> str:
    """The beginning of a file; of a workbook the header of its first sheet, as a CSV has it."""
    if is_workbook(path):
        return ",".join(next(sheet_rows(path, path.name), (1, [""]))[1])
    with opened(path, path.name) as file:
        try:
            return file.read(HEAD)
        except UnicodeDecodeError:
            return ""


def guessed(path: Path, kind: Kind) -> str:
    """A first map.yaml for a file: every product and vendor it names, with a name to be filled in.

    Raises CaseError where the file cannot be read.
    """
    columns = _columns(path) if kind.name == "table" else {}
    spec = {
        "product": {"by": kind.product_by} if kind.product_by else "product",
        "vendor": {"by": kind.vendor_by} if kind.vendor_by else "vendor",
    }
    more = {"columns": columns, "times": "s", "currency": "USD"} if columns else {"times": "s", "currency": "USD"}
    reading = mapped(Map.model_validate({**spec, **more}), Place("map.yaml"))
    problems = Problems()
    try:
        kind.read(File(path, path.name, reading, Rows(), problems, kind))
    except CaseError as error:
        if not reading.product.unknown and not reading.vendor.unknown:
            problems.found += [one for one in error.problems if one not in problems.found]
    lines = [f"# A first map of {path.name} ({kind.title}). Write the names of your case in the place of FILL-IN."]
    lines += _names("product", kind.product_by, sorted(reading.product.unknown))
    lines += _names("vendor", kind.vendor_by, sorted(reading.vendor.unknown))
    lines.append("time-zone: UTC                # of times that name no zone, and of the days in the table")
    if kind.name == "table" or (kind.columns and not kind.times and "seconds" in kind.columns):
        lines.append("times: s                      # unit of times at work: s, ms, min or h")
    if columns:
        lines += ["columns:", *(f"  {ours}: {_quoted(theirs)}" for ours, theirs in columns.items())]
    lines += [f"# to be settled: {problem.message}" for problem in problems.found[:5]]
    return "\n".join(lines) + "\n"


def _names(key: str, by: str, values: list[str]) -> list[str]:
    if not by:
        return [f"{key}: FILL-IN                    # one name for all, or `{{by: FIELD, of: {{value: name}}}}`"]
    lines = [f"{key}:", f"  by: {_quoted(by)}"]
    if values == [""]:
        return [f"{key}: FILL-IN                # the file does not say; one name for all"]
    places = sorted({shown(value).removeprefix("…") for value in values if "@" in value})
    if places:
        return [*lines, "  match:", *(f"    {_quoted(place)}: FILL-IN" for place in places)]
    if len(values) > 30:
        return [*lines, f"  else: FILL-IN                     # {len(values):,} values; name some under `of:`"]
    return (
        [*lines, "  of:", *(f"    {_quoted(value)}: FILL-IN" for value in values)]
        if values
        else [*lines, "  else: FILL-IN"]
    )


def _quoted(text: str) -> str:
    fine = re.fullmatch(r"[A-Za-z_][\w.-]*|\d+", text) and text.lower() not in (
        "null",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
    )
    return text if fine else "'" + shown(text).replace("'", "''") + "'"


def _count_of_items(path: Path, header: list[str]) -> dict[str, str]:
    """The column that says how many items a row is about, where there is one: several by its name, and numbers throughout."""
    if is_workbook(path):
        rows = [row for _, row in islice(sheet_rows(path, path.name), 1, 1 + SAMPLE)]
    else:
        head = _head(path)
        lines = head.splitlines()
        rows = list(csv.reader(lines[1 : -1 if len(head) == HEAD else None][:SAMPLE]))  # the last may be cut
    for position, name in enumerate(header):
        cells = [row[position].strip() for row in rows if len(row) > position]
        numbers = bool(cells) and all(re.fullmatch(r"\d+(\.\d+)?", cell) for cell in cells if cell)
        if numbers and any(cells) and re.fullmatch(_COUNTED, name, re.IGNORECASE):
            return {"items": name}
    return {}


def _columns(path: Path) -> dict[str, str]:
    """Our columns by theirs, by what their names look like."""
    header = [name.strip().strip('"') for name in _head(path).split("\n", 1)[0].rstrip("\r").split(",")]
    found = _count_of_items(path, header)
    for ours, looks in _COLUMNS:
        theirs = next(
            (name for name in header if re.search(looks, name, re.IGNORECASE) and name not in found.values()), None
        )
        if theirs is not None:
            found[ours] = theirs
    return found
