"""Labelbox exports: NDJSON (v2, one data row a line), and the JSON of the older export (v1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from allocate.actuals.fields import Fields, at, is_missing, plain_text
from allocate.actuals.json_stream import lines_of_objects, objects
from allocate.actuals.readers.kinds import File, Kind
from allocate.errors import Place

GET_IT = "export the project with `params`: label_details, performance_details, project_details all True"
GET_V1 = "export the labels as JSON, or use the newer export with `--from labelbox`"
_STATUS = {"done": "accepted", "inrework": "rejected"}
"""Outcomes by workflow status, letters only; all others are open."""


def read(file: File) -> None:
    """A row of every label of every data row, and one for its review where time was spent on it."""
    for entry in lines_of_objects(file.path, file.shown, "a data row"):
        place = Place(file.shown, entry.line, 1)
        whole = Fields(entry.value, f"line {entry.line}", place, file.problems, GET_IT)
        row = whole.below("data_row", f"the data row of line {entry.line}")
        item = row.text("id")
        projects = whole.below("projects", f"the projects of data row {item}", get_it="export a project, not a dataset")
        for number, project in projects.entry.items():
            if isinstance(project, dict):
                _project(
                    file,
                    entry.value,
                    Fields(project, f"project {number} of data row {item}", place, file.problems, GET_IT),
                    item,
                    number,
                )
            else:
                file.problems.add(f"project {number} of data row {item} is not an entry", place, GET_IT, "no project")


def _project(file: File, whole: Mapping[str, Any], project: Fields, item: str, number: str) -> None:
    details = project.below("project_details", f"the details of {project.what}")
    status = "".join(filter(str.isalpha, details.text("workflow_status", needed=False))).lower()
    for one in project.entries("labels"):
        label = Fields(one, f"label {one.get('id', '?')} of {project.what}", project.place, file.problems, GET_IT)
        told = label.below("label_details", f"the details of {label.what}")
        spent = label.below("performance_details", f"the times of {label.what}")
        skipped = spent.flag("skipped", needed=False)
        names = file.mapped.names(lambda path, one=one: _told(path, one, project.entry, whole, project_id=number))  # type: ignore[misc]
        common = dict(zip(("product", "vendor", "workflow"), names, strict=True)) | {
            "item": item,
            "source": file.shown,
            "row": label.place.line,
        }
        pre = one.get("label_kind") == "Prediction"
        file.rows.add(
            [wanted.of(one, label.entry.get("annotations") or {}, project.entry, whole) for wanted in file.mapped.drivers.values()],
            **common, role="pre-label" if pre else "label",
            annotator=told.text("created_by", needed=False), seconds=spent.seconds("seconds_to_create"),
            seconds_kind="active", submitted=told.moment("created_at"), updated=told.moment("updated_at", needed=False),
            outcome="skipped" if skipped else _STATUS.get(status, "open"), identity=label.text("id"),
        )  # fmt: skip
        reviewing, changed = spent.seconds("seconds_to_review", needed=False), told.moment("updated_at", needed=False)
        if reviewing > 0.0:
            file.rows.add(
                [math.nan] * len(file.mapped.drivers), **common, role="review", seconds=reviewing, seconds_kind="active",
                submitted=changed if changed == changed else told.moment("created_at"), outcome=_STATUS.get(status, "open"),
                identity=f"review {label.text('id')}",
            )  # fmt: skip


def read_v1(file: File) -> None:
    """A row of every label, and one for each verdict on it."""
    for entry in objects(file.path, file.shown, "a label"):
        place = Place(file.shown, entry.line, 1)
        label = Fields(entry.value, f"the label at line {entry.line}", place, file.problems, GET_V1)
        one = entry.value
        skipped = label.flag("Skipped", needed=False)
        names = file.mapped.names(lambda path, one=one: _told(path, one))  # type: ignore[misc]
        common = dict(zip(("product", "vendor", "workflow"), names, strict=True)) | {
            "item": label.text("DataRow ID"), "source": file.shown, "row": entry.line,
        }  # fmt: skip
        verdicts = label.entries("Reviews", needed=False)
        scores = [one.get("score") for one in verdicts]
        outcome = "open" if not scores else "accepted" if scores[-1] == 1 else "rejected"
        newer = "Seconds to Create" in one
        file.rows.add(
            [wanted.of(one, _dict(one.get("Label"))) for wanted in file.mapped.drivers.values()], **common, role="label",
            annotator=label.text("Created By"), seconds=label.seconds("Seconds to Create" if newer else "Seconds to Label"),
            seconds_kind="active", submitted=label.moment("Created At"), updated=label.moment("Updated At", needed=False),
            outcome="skipped" if skipped else outcome, identity=label.text("ID"),
        )  # fmt: skip
        reviewing = label.seconds("Seconds to Review", needed=False)
        for position, verdict in enumerate(verdicts):
            told = Fields(verdict, f"a review of {label.what}", place, file.problems, GET_V1)
            file.rows.add(
                [math.nan] * len(file.mapped.drivers), **common, role="review", annotator=told.text("createdBy", needed=False),
                submitted=told.moment("createdAt", needed=False), seconds=reviewing if not position else math.nan,
                seconds_kind="active", outcome="accepted" if verdict.get("score") == 1 else "rejected",
                identity=f"review {told.text('id', needed=False) or position} of {label.text('ID')}",
            )  # fmt: skip


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _told(path: str, *roots: Mapping[str, Any], project_id: str = "") -> str:
    """The field of a map, in the first of some objects that has it; `project` is the project's number."""
    if path == "project" and project_id:
        return project_id
    for root in roots:
        value = root[path] if path in root else at(root, path)
        if not is_missing(value) and not isinstance(value, (dict, list)):
            return "" if value is None else plain_text(value)
    return ""


KIND = Kind(
    "labelbox", "Labelbox NDJSON (export v2, one data row a line)", read, GET_IT,
    product_by="name", vendor_by="label_details.created_by",
)  # fmt: skip
KIND_V1 = Kind(
    "labelbox-v1", "Labelbox JSON of the older export (v1)", read_v1, GET_V1,
    product_by="Project Name", vendor_by="Created By",
)  # fmt: skip
