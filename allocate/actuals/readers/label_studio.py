"""Label Studio JSON: a list of tasks with their annotations and, of Enterprise, their reviews."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allocate.actuals.cleaning import Cleaned
from allocate.actuals.fields import Fields, at, is_missing, plain_text
from allocate.actuals.json_stream import Entry, objects
from allocate.actuals.readers.kinds import File, Kind
from allocate.errors import Place

if TYPE_CHECKING:
    import pandas as pd

GET_IT = "export as JSON (not JSON-MIN, CSV or a model format)"


def read(file: File) -> None:
    """Rows of every annotation, and one for each review of it."""
    for entry in objects(file.path, file.shown, "a task"):
        _task(file, entry)


def _task(file: File, entry: Entry) -> None:
    place = Place(file.shown, entry.line, 1)
    task = Fields(entry.value, f"the task at line {entry.line}", place, file.problems, GET_IT)
    item = task.text("id")
    for one in task.entries("annotations"):
        what = f"annotation {plain_text(one.get('id', '?'))} of task {item}"
        _annotation(file, entry.value, Fields(one, what, place, file.problems, GET_IT), item)


def _annotation(file: File, task: Mapping[str, Any], fields: Fields, item: str) -> None:
    """One annotation and its reviews. Work that was imported has no time; what a model drew and nobody timed is no label."""
    one = fields.entry
    skipped = fields.flag("was_cancelled")
    seconds = fields.seconds("lead_time")
    result = fields.entries("result")
    if is_missing(at(one, "completed_by")):
        fields.text("completed_by")
    gold = fields.flag("ground_truth", needed=False)
    untimed = not seconds > 0.0 and not skipped
    role = "gold" if gold else "pre-label" if untimed and _given(one) else "label"
    reviews = fields.entries("reviews", needed=False)
    product, vendor, workflow = file.mapped.names(lambda path: _told(path, one, task))
    common = {
        "product": product, "vendor": vendor, "workflow": workflow, "item": item, "source": file.shown,
        "row": fields.place.line,
    }  # fmt: skip
    file.rows.add(
        [wanted.of(one, task) for wanted in file.mapped.drivers.values()],
        **common, role=role, annotator=_person(one.get("completed_by")), seconds=seconds, seconds_kind="active",
        started=fields.moment("draft_created_at", needed=False), submitted=fields.moment("created_at"),
        updated=fields.moment("updated_at", needed=False), answer=_answer(result), identity=fields.text("id"),
        outcome="skipped" if skipped else _outcome(reviews),
    )  # fmt: skip
    for review in reviews:
        verdict = Fields(review, f"a review of {fields.what}", fields.place, file.problems, GET_IT)
        file.rows.add(
            [math.nan] * len(file.mapped.drivers), **common, role="review",
            annotator=_person(review.get("created_by")), submitted=verdict.moment("created_at"),
            outcome=_outcome([review]), identity=f"review {verdict.text('id')}",
        )  # fmt: skip


def _given(one: Mapping[str, Any]) -> bool:
    """Whether the annotation came from elsewhere: an import, or a model's prediction taken as it was."""
    return any(one.get(key) is not None for key in ("import_id", "parent_prediction"))


def _told(path: str, *roots: Mapping[str, Any]) -> str:
    """The field of a map, in the annotation or else in its task."""
    for root in roots:
        value = at(root, path)
        if not is_missing(value) and not isinstance(value, (dict, list)):
            return "" if value is None else plain_text(value)
    return ""


def _person(value: Any) -> str:
    """Who: a number, or an object with one and an address."""
    if isinstance(value, Mapping):
        value = value.get("id", value.get("email"))
    return "" if value is None or isinstance(value, (Mapping, list)) else plain_text(value)


def _outcome(reviews: list[Mapping[str, Any]]) -> str:
    """What the last review says: fixed where it changed the work."""
    if not reviews:
        return "open"
    last = max(reviews, key=lambda one: str(one.get("created_at", "")))
    if last.get("fixed_annotation_history") is not None:
        return "fixed"
    return "accepted" if last.get("accepted") else "rejected"


def _answer(result: list[Mapping[str, Any]]) -> str:
    """The answer, where it is a single choice."""
    if len(result) == 1 and isinstance(value := at(result[0], "value.choices"), list) and len(value) == 1:
        return plain_text(value[0])
    return ""


DRAFTS_TWICE, DRAFTS_MISSING = 1_725_148_800.0, 1_690_848_000.0
"""1 September 2024 and 1 August 2023, s since 1970: before them versions counted the time of drafts twice (up to 1.13), or not."""


def doubted(work: pd.DataFrame) -> list[Cleaned]:
    """Labels whose time may hold that of a draft twice, or lack it, by when they were made."""
    timed, made = work["seconds"] > 0.0, work["submitted"]
    twice = timed & work["started"].notna() & (made >= DRAFTS_MISSING) & (made < DRAFTS_TWICE)
    missing = timed & (made < DRAFTS_MISSING)
    told = (
        (
            twice,
            "made with a draft before September 2024",
            "left as it is; Label Studio up to 1.13 counted drafts twice",
        ),
        (missing, "made before August 2023", "left as it is; Label Studio did not count the time of drafts yet"),
    )
    return [
        Cleaned(rule, int(some.sum()), float(work.loc[some, "seconds"].sum()), effect) for some, rule, effect in told
    ]


KIND = Kind(
    "label-studio", "Label Studio JSON (a list of tasks)", read, GET_IT,
    product_by="project", vendor_by="completed_by.email", doubted=doubted,
)  # fmt: skip
