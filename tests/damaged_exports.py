"""Exports that are damaged: `python -m tests.damaged_exports --count 10000` imports as many mutants of a sample of each kind.

Each is imported, or refused with a message that has a place or a fix; nothing else is raised, and no time is negative or endless.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from allocate.actuals.guess import guessed, kind_of
from allocate.actuals.importing import import_exports
from allocate.actuals.mapping import read_map
from allocate.actuals.readers import KINDS
from allocate.errors import CaseError

from .fuzz import mutate

EXPORTS = Path(__file__).parent / "data" / "exports"
_LABEL = {
    "id": "l1", "label_kind": "Default", "annotations": {"objects": [{}, {}]},
    "label_details": {"created_at": "2027-02-01T10:00:00Z", "created_by": "ann@example.com", "updated_at": "2027-02-01T10:05:00Z"},
    "performance_details": {"seconds_to_create": 150.908, "seconds_to_review": 20, "skipped": False},
}  # fmt: skip
_ROW = {
    "data_row": {"id": "d1"},
    "projects": {"p1": {"name": "streets", "project_details": {"workflow_status": "Done"}, "labels": [_LABEL]}},
}
_ANSWER = {
    "acceptanceTime": "2027-02-01T10:00:00Z", "submissionTime": "2027-02-01T10:02:00Z", "timeSpentInSeconds": 40.5, "workerId": "a",
    "answerContent": {"class": {"label": "cat"}},
}  # fmt: skip
_REPORT = {
    "job_id": 5, "created_date": "2027-02-02T09:00:00Z", "assignee": {"id": 7, "username": "ann"},
    "comparison_summary": {"annotations": {"valid_count": 45, "total_count": 50}},
}  # fmt: skip


def _file(name: str, lines: int | None = None) -> bytes:
    raw = (EXPORTS / name).read_bytes()
    return raw if lines is None else b"\n".join(raw.splitlines()[:lines])


def _table(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


SAMPLES = {
    "label-studio": _file("label_studio_csv_test.json"), "labelbox-v1": _file("labelbox_v1_image_export.json"),
    "mturk": _file("mturk_amt_like.csv"), "appen": _file("figure_eight_relex_binary.csv", 30),
    "labelbox": json.dumps(_ROW).encode() + b"\n\n" + json.dumps(_ROW | {"data_row": {"id": "d2"}}).encode(),
    "sagemaker": json.dumps({"answers": [_ANSWER, _ANSWER | {"workerId": "b"}]}).encode(), "cvat-quality": json.dumps([_REPORT]).encode(),
    "cvat-events": _table(
        "scope,timestamp,count,duration,job_id,user_id,user_email,payload",
        "send:working_time,2027-02-01 10:00:00,,90000,5,7,ann@acme.com,",
        'send:working_time,2027-02-01 10:05:00,,0,5,7,ann@acme.com,"{""working_time"": 30000}"',
    ),
    "toloka": _table(
        "ASSIGNMENT:task_id\tASSIGNMENT:worker_id\tASSIGNMENT:status\tASSIGNMENT:started\tASSIGNMENT:submitted",
        "t1\tw\tACCEPTED\t2027-02-01T10:00:00\t2027-02-01T10:01:30", "t2\tw\tREJECTED\t2027-02-01T10:00:00\t2027-02-01T10:01:30",
    ),
    "v7": _table("actor_email,timestamp,active_time,total_items_annotated,dataset_slug", "ann@acme.com,2027-02-01,01:30:00,60,d"),
    "encord": _table(
        "user_email,time_spent_seconds,period_start_time,period_end_time,workflow_stage,data_uuid",
        "ann@acme.com,1.5,2027-02-01T10:00:00Z,2027-02-01T11:00:00Z,label,d1",
    ),
    "timesheet": _table("date,person,vendor,hours", "2027-02-01,ann,acme,8", '2027-02-02,ann,acme,"7,5"'),
    "invoice": _table("date,vendor,product,amount,currency", '2027-02-01,a,p,"1,120.50",EUR', "2027-02-02,a,p,€12,EUR"),
    "table": _table("date;vendor;person;images;hours", "2027-01-08;Bü;ana;120;1,5", "2027-01-09;acme;ben;80;2,25"),
}  # fmt: skip
"""A sound export of each kind."""
MAPS = {
    "v7": "times: s\n", "invoice": "currency: EUR\n", "timesheet": "columns: {annotator: person}\n",
    "table": "columns: {annotator: person, submitted: date, items: images, seconds: hours}\ntimes: h\n",
}  # fmt: skip
"""What the map of a kind says beside product and vendor."""


def damaged(kind: str, number: int, folder: Path) -> bool:
    """Whether a mutant of a sample is refused; AssertionError, or whatever is raised, where it is neither refused nor sound."""
    chance, raw = random.Random(f"{kind} {number}"), SAMPLES[kind]
    change = mutate.plan if raw.lstrip()[:1] in (b"{", b"[") else mutate.table
    file, map_ = folder / "export.csv", folder / "map.yaml"
    for _ in range(chance.randint(1, 3)):
        raw = change(raw, chance)
    file.write_bytes(raw)
    map_.write_text(f"product: scans\nvendor: acme\n{MAPS.get(kind, '')}", encoding="utf-8")
    try:
        guessed(file, kind_of(file))
        work = import_exports([(file, KINDS[kind])], read_map(map_), b"k").work
    except CaseError as error:
        if not all(problem.message and (problem.place or problem.fix) for problem in error.problems):
            raise AssertionError(f"{kind} {number}: a problem without place and fix") from error
        return True
    known = work["seconds"].dropna()
    assert ((known >= 0) & (known < 4e9)).all(), f"{kind} {number}: a time that cannot be"
    return False


def main() -> None:
    """Import mutants of every sample in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.damaged_exports", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="mutants; 10,000 if absent")
    parser.add_argument("--first", type=int, default=0, help="number of the first; 0 if absent")
    asked = parser.parse_args()
    refused, kinds = 0, list(SAMPLES)
    with TemporaryDirectory() as folder:
        for number in range(asked.first, asked.first + asked.count):
            try:
                refused += damaged(kinds[number % len(kinds)], number, Path(folder))
            except Exception as error:
                raise AssertionError(f"{kinds[number % len(kinds)]} {number}") from error
    print(f"{asked.count:,} mutants, {refused:,} refused with a message, {asked.count - refused:,} imported")


if __name__ == "__main__":
    main()
