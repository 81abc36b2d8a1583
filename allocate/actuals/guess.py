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
from allocate.actuals.readers.blocks import DELIMITERS, delimiter_of
from allocate.actuals.readers.kinds import File, Kind
from allocate.actuals.readers.sheets import is_workbook, sheet_rows
from allocate.actuals.work import Rows
from allocate.errors import CaseError, Place

HEAD = 65_536
_MARKS = (
    ("sagemaker", r'"answerContent"|"acceptanceTime"'),
    ("cvat-quality", r'"comparison_summary"'),
    ("labelbox", r'"data_row"\s*:\s*\{'),
    ("labelbox-v1", r'"DataRow ID"|"Seconds to (?:Label|Create)"'),
    ("label-studio", r'"annotations"\s*:\s*\[|"lead_time"|"completions"\s*:\s*\['),
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
_COUNTED = (
    r"((n|num)_)?(item|unit|task|image|asset|hit|document|frame|page|clip|video|scan|record|sample|sentence|file)"
    r"(s|s?_(made|done|count))"
)
"""Names of columns that say how many items a row is about, where all their cells are numbers."""
SAMPLE = 100
"""Rows that are looked at to tell numbers from names."""
_NAMED = {
    "vendor": r"vendor|suppli\w+|provider|partner|agency|contractor",
    "product": r"product|project|task_?type|dataset|work_?stream",
}
"""Names of columns of plain tables that tell who a row is of, and what it is about, whole or with `_name` or `_id` behind."""
_UNITS = (
    ("ms", r"milliseconds?|msecs?|ms"),
    ("min", r"minutes?|mins?"),
    ("h", r"hours?|hrs?|h"),
    ("s", r"seconds?|secs?|s"),
)
"""Units of times at work, by the words of a column's name."""
_COLUMNS = (
    ("item", r"item|unit|task|image|asset|hit|document"), ("annotator", r"worker|annotator|labell?er|user|person"),
    ("started", r"start|accept|begin|open"), ("submitted", r"submit|created|(?<!v)end|finish|complet|date|datum"),
    ("seconds", r"second|minute|hour|duration|lead_time|time_spent|work_?time|(?<![a-z])(mins?|hrs?|ms|msecs?)(?![a-z])"), ("outcome", r"status|outcome|verdict"),
    ("submitted", r"(?<![a-z])(day|week)(?![a-z])"),
)  # fmt: skip


def kind_of(path: Path) -> Kind:
    """The kind a file looks like; CaseError where it looks like none."""
    head = _head(path)
    first = head.lstrip().split("\n", 1)[0]
    for name, mark in _MARKS:
        if re.search(mark, first if mark.startswith("^") else head):
            counts = name == "timesheet" and _count_of_items(path, _header(path))
            return KINDS["table"] if counts else KINDS[name]  # hours with a count of items are work, not a timesheet
    if first[:1] not in ("[", "{") and any(sign in first for sign in DELIMITERS):
        return KINDS["table"]
    fix = f"name it with `--from`: {', '.join(KINDS)}"
    raise CaseError.of(f"{path.name} is not an export of a known kind", Place(path.name, 1, 1), fix, code="E-export")


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
    by = {"product": kind.product_by, "vendor": kind.vendor_by}
    if kind.name == "table":
        by = _by(path, columns)
    elif kind.columns:  # of a kind of tables: what the file has no column for is one for all
        by = {key: field if field in _header(path) else "" for key, field in by.items()}
    spec = {key: {"by": field} if field else key for key, field in by.items()}
    unit = _unit(columns.get("seconds", ""))
    more = {"columns": columns, "times": unit, "currency": "USD"} if columns else {"times": "s", "currency": "USD"}
    reading = mapped(Map.model_validate({**spec, **more}), Place("map.yaml"))
    problems = Problems()
    try:
        kind.read(File(path, path.name, reading, Rows(), problems, kind))
    except CaseError as error:
        if not reading.product.unknown and not reading.vendor.unknown:
            problems.found += [one for one in error.problems if one not in problems.found]
    lines = [f"# A first map of {path.name} ({kind.title}). Write the names of your case in place of FILL-IN."]
    if kind.name in ("timesheet", "invoice") and not by["product"]:
        lines.append("product: ''                   # of none: the file does not say; or one name for all")
    else:
        lines += _names("product", by["product"], sorted(reading.product.unknown))
    lines += _names("vendor", by["vendor"], sorted(reading.vendor.unknown))
    lines.append("time-zone: UTC                # of times that name no zone, and of the days in the table")
    if kind.name == "table" or (kind.columns and not kind.times and "seconds" in kind.columns):
        lines.append(f"times: {unit:<22} # unit of times at work: s, ms, min or h")
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
        whole = lines[1 : -1 if len(head) == HEAD else None][:SAMPLE]  # the last may be cut
        rows = list(csv.reader(whole, delimiter=_delimiter(path)))
    for position, name in enumerate(header):
        cells = [row[position].strip() for row in rows if len(row) > position]
        numbers = bool(cells) and all(re.fullmatch(r"\d+(\.\d+)?", cell) for cell in cells if cell)
        if numbers and any(cells) and re.fullmatch(_COUNTED, name, re.IGNORECASE):
            return {"items": name}
    return {}


def _header(path: Path) -> list[str]:
    """The names of a table's columns."""
    first = next((line for line in _head(path).splitlines() if line.strip()), "")
    return [name.strip() for name in next(csv.reader([first], delimiter=_delimiter(path)), [])]


def _delimiter(path: Path) -> str:
    return "," if is_workbook(path) else delimiter_of(path, path.name, ",")


def _by(path: Path, columns: dict[str, str]) -> dict[str, str]:
    """The columns that tell product and vendor, by what their names look like; empty where there is none."""
    names = [name for name in _header(path) if name not in columns.values()]
    return {
        key: next((name for name in names if re.fullmatch(rf"({looks})([_ -]?(name|id))?", name, re.IGNORECASE)), "")
        for key, looks in _NAMED.items()
    }


def _unit(name: str) -> str:
    """The unit of times at work that a column's name says; seconds where it says none."""
    words = re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())
    return next((unit for unit, looks in _UNITS if any(re.fullmatch(looks, word) for word in words)), "s")


def _columns(path: Path) -> dict[str, str]:
    """Our columns by theirs, by what their names look like."""
    header = _header(path)
    found, taken = _count_of_items(path, header), set(_by(path, {}).values())
    for ours, looks in _COLUMNS:
        theirs = next(
            (n for n in header if re.search(looks, n, re.IGNORECASE) and n not in {*found.values(), *taken}), None
        )
        if theirs is not None and ours not in found:
            found[ours] = theirs
    return found
