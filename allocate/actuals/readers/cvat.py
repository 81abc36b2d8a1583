"""CVAT: events (working time and shapes made, as CSV) and quality reports (JSON)."""

from __future__ import annotations

import json
import math
from functools import partial

from allocate.actuals.fields import Fields, at
from allocate.actuals.json_stream import objects
from allocate.actuals.readers.blocks import blocks
from allocate.actuals.readers.kinds import File, Kind
from allocate.actuals.readers.tables import refuse_missing
from allocate.errors import Place

GET_EVENTS = (
    "download the events as CSV from the analytics page (`GET /api/events`), for the whole time that is planned"
)
GET_QUALITY = "download the quality report of the task as JSON"
WORKING_TIME = "send:working_time"
_NEEDED = ("scope", "timestamp", "duration", "job_id", "user_id")


def read_events(file: File) -> None:
    """A row for each slice of working time; it stands for no item, as items are in the table of jobs."""
    for header, lines, columns in blocks(file):
        if not refuse_missing(file, header, _NEEDED):
            return
        of = {name: columns[header.index(name)] for name in header}
        for number, line in enumerate(lines):
            if of["scope"][number] == WORKING_TIME:
                _slice(file, {name: column[number] for name, column in of.items()}, line)


def _slice(file: File, cells: dict[str, str], line: int) -> None:
    place = Place(file.shown, line, 1)
    event = Fields(
        {**cells, "payload": _payload(cells.get("payload", ""))},
        f"the event at line {line}",
        place,
        file.problems,
        GET_EVENTS,
    )
    text = cells["duration"].strip()
    told = at(event.entry, "payload.working_time")
    try:
        spent = float(text) if text and float(text) > 0 else float(told)
    except (TypeError, ValueError):
        spent = math.nan
    if not 0.0 <= spent < 1e12:
        file.problems.add(
            f"the working time of {event.what} is not a number of ms: '{text}'", place, GET_EVENTS, "duration"
        )
        return
    product, vendor, workflow = file.mapped.names(lambda path: cells.get(path, ""))
    file.rows.add(
        [wanted.of({**cells, "count": _number(cells.get("count", ""))}) for wanted in file.mapped.drivers.values()],
        product=product, vendor=vendor, workflow=workflow, annotator=cells["user_id"], item=f"job {cells['job_id']}",
        role="label", seconds=spent / 1000.0, seconds_kind="active", items=0.0, sliced=1.0, outcome="open", source=file.shown, row=line,
        submitted=event.moment("timestamp"), identity=f"{cells['timestamp']} {cells['user_id']} {cells['job_id']} {text}",
    )  # fmt: skip


def _payload(text: str) -> object:
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def read_quality(file: File) -> None:
    """Two rows of checks against ground truth: what was right, and what was not."""
    for entry in objects(file.path, file.shown, "a quality report"):
        place = Place(file.shown, entry.line, 1)
        report = Fields(entry.value, f"the quality report at line {entry.line}", place, file.problems, GET_QUALITY)
        found = report.below("comparison_summary", f"the comparison of {report.what}")
        marks = found.below("annotations", f"the counts of {report.what}")
        valid = marks.number("valid_count", least=0.0, expected="a count")
        total = marks.number("total_count", least=0.0, expected="a count")
        if not valid <= total:
            if not (math.isnan(valid) or math.isnan(total)):
                message = f"{report.what} has {valid:g} right of {total:g}"
                file.problems.add(message, place, GET_QUALITY, "counts")
            continue
        job = report.text("job_id", needed=False) or report.text("task_id", needed=False)
        names = file.mapped.names(partial(report.text, needed=False))
        common = dict(zip(("product", "vendor", "workflow"), names, strict=True))
        for outcome, count in (("accepted", valid), ("rejected", total - valid)):
            file.rows.add(
                [math.nan] * len(file.mapped.drivers), **common, role="gold", items=count, sliced=1.0, outcome=outcome,
                item=f"job {job}", annotator=_assignee(entry.value.get("assignee")), source=file.shown, row=entry.line,
                submitted=report.moment("created_date"), identity=f"quality {job} {outcome}",
            )  # fmt: skip


def _assignee(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id", value.get("username"))
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


KIND = Kind(
    "cvat-events", "CVAT events (CSV)", read_events, GET_EVENTS, product_by="project_id", vendor_by="user_email"
)
KIND_QUALITY = Kind(
    "cvat-quality", "CVAT quality report (JSON)", read_quality, GET_QUALITY, product_by="task_id", vendor_by="assignee"
)
