"""Importing into a folder: files, codes of people, mistakes with place and fix, and files that are damaged."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from actuals_worlds import EXPORTS, ONE, annotation, imported, put, task
from command_line import Run
from draws import examples

from allocate.actuals.importing import FILES, write_actuals
from allocate.errors import CaseError

from ..damaged_exports import SAMPLES, damaged


def test_the_same_import_gives_the_same_bytes(tmp_path: Path, run: Run) -> None:
    """Twice into one folder: the same files, the same codes, from the key that the first import made for its owner alone."""
    map_ = put(tmp_path, "map.yaml", ONE)
    arguments = (
        "actuals",
        "import",
        EXPORTS / "figure_eight_relex_binary.csv",
        "--map",
        map_,
        "--out",
        tmp_path / "out",
    )
    first = run(*arguments)
    assert (first.code, "150 labels of 10 items by 67 people" in first.out) == (0, True)
    before = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    assert run(*arguments, "--format", "json").code == 0
    assert before == {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    assert (tmp_path / "out" / "people.key").stat().st_mode & 0o777 == 0o600
    work = pd.read_csv(tmp_path / "out" / "labels.csv")
    record = json.loads((tmp_path / "out" / "import.json").read_text(encoding="utf-8"))
    assert (len(work), record["rows"], record["labels"]) == (150, 150, 150)
    assert work["seconds"].sum() / 3600 == pytest.approx(record["hours_active"], abs=1e-4)
    assert not work["annotator"].astype(str).str.contains("3587109").any()


def test_hostile_names_are_harmless(tmp_path: Path) -> None:
    """A choice that spreadsheets would take for a formula, and an address in the name of an item."""
    result = [{"value": {"choices": ["=cmd|'/c calc'!A1"]}}]
    file = put(tmp_path, "x.json", [task(1, annotation(1, result=result)), task("ann@acme.com/7", annotation(2))])  # type: ignore[arg-type]
    write_actuals([file], "label-studio", put(tmp_path, "map.yaml", ONE), tmp_path / "out")
    text = (tmp_path / "out" / "labels.csv").read_text(encoding="utf-8")
    assert "'=cmd" in text
    assert "ann@acme.com" not in text


MISTAKES = {
    "no lead_time": ("label-studio", [task(1, {k: v for k, v in annotation(1).items() if k != "lead_time"})], "annotation 1 of task 1 has no field 'lead_time'", "export as JSON"),
    "a list of predictions": ("label-studio", [{"id": 1, "predictions": []}], "has no field 'annotations'", "not JSON-MIN"),
    "a time that is none": ("label-studio", [task(1, annotation(1, lead_time="fast"))], "'lead_time' of annotation 1 of task 1 is 'fast', not a time in seconds", "export as JSON"),
    "a negative time": ("label-studio", [task(1, annotation(1, lead_time=-3))], "is -3, not a time in seconds", "export as JSON"),
    "no end": ("label-studio", '[{"id": 1, "annotations": []}', "the list does not end", "cut short"),
    "broken text": ("label-studio", '[{"id": 1, ', "is not JSON of this kind", "cut short"),
    "a number": ("label-studio", "[1]", "a task is expected here", "as JSON"),
    "empty": ("label-studio", "", "it ends early", "as JSON"),
    "no work": ("label-studio", "[]", "the files hold no work", "export as JSON"),
    "no performance": ("labelbox", '{"data_row": {"id": "d"}, "projects": {"p": {"project_details": {}, "labels": [{"id": "l", "label_details": {"created_at": "2027-02-01"}}]}}}', "has no 'performance_details'", "performance_details"),
    "no label details": ("labelbox", '{"data_row": {"id": "d"}, "projects": {"p": {"project_details": {}, "labels": [{"id": "l", "performance_details": {"seconds_to_create": 3}}]}}}', "has no 'label_details'", "label_details"),
    "no project details": ("labelbox", '{"data_row": {"id": "d"}, "projects": {"p": {"labels": []}}}', "has no 'project_details'", "project_details"),
    "no json on a line": ("labelbox", '{"data_row": {"id": "d"}, "projects": {}}\nnull,', "line 2 of x.json is not JSON", "one object a line"),
    "a column gone": ("appen", "_unit_id,_worker_id,_created_at,_id\n1,2,2/1/2027 10:00:00,3\n", "has no column '_started_at'", "full report"),
    "a short row": ("appen", "_unit_id,_worker_id,_started_at,_created_at,_id\n1,2\n", "line 2 of x.json has 2 cells, its header 5", "in quotes"),
    "dates of another country": ("appen", "_unit_id,_worker_id,_started_at,_created_at,_id\n1,2,31/1/2027 10:00:00,31/1/2027 10:00:00,3\n", "is not a time as in `%m/%d/%Y %H:%M:%S`", "dates:"),
    "hours of a whole century": ("timesheet", "date,person,vendor,hours\n2027-02-01,a,b,8000000\n", "is not a number from 0 to 1,000,000", "plain figures"),
    "no date": ("encord", "user_email,time_spent_seconds,period_start_time,period_end_time,workflow_stage,data_uuid\na,5,0001-01-01T00:00:00Z,,label,d\n", "is not an ISO 8601 time", "dates:"),
    "no date in JSON": ("label-studio", [task(1, annotation(1, created_at="0001-01-01T00:00:00Z"))], "is '0001-01-01T00:00:00Z', not a date", "export as JSON"),
    "dollars of no country": ("invoice", "date,vendor,amount\n2027-02-01,a,$5\n", "is not in a known currency", "currency: USD"),
    "a unit nobody said": ("v7", "actor_email,timestamp,active_time,total_items_annotated,dataset_slug\na,2027-02-01,5,3,d\n", "does not say in which unit", "times: s"),
    "an unknown verdict": ("toloka", "ASSIGNMENT:task_id\tASSIGNMENT:worker_id\tASSIGNMENT:status\tASSIGNMENT:started\tASSIGNMENT:submitted\nt\tw\tMAYBE\t2027-02-01\t2027-02-01\n", "outcomes that the map does not know: 'MAYBE'", "outcomes:"),
    "events without a job": ("cvat-events", "scope,timestamp,duration,user_id\n", "has no column 'job_id'", "events"),
    "counts that cannot be": ("cvat-quality", {"created_date": "2027-02-01", "comparison_summary": {"annotations": {"valid_count": 6, "total_count": 5}}}, "has 6 right of 5", "quality report"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_missing_or_changed_is_named_with_the_setting_that_brings_it(name: str, tmp_path: Path) -> None:
    """Each mistake has its message, its place in the file and its fix."""
    kind, content, message, fix = MISTAKES[name]
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, kind, put(tmp_path, "x.json", content))
    problem = next(one for one in caught.value.problems if message in one.message)
    assert problem.place is not None
    assert problem.place.file in ("x.json", "map.yaml")
    assert fix in str(problem.fix)


MAPS = {
    "product: a\n": "needs the key 'vendor'",
    f"{ONE}tempo: 3\n": "tempo",
    f"{ONE}time-zone: Manila\n": "there is no time zone 'Manila'",
    f"{ONE}drivers: {{box: count of}}\n": "does not say what to count",
    f"{ONE}columns: {{itm: x}}\n": "the map knows no column 'itm'",
    f"{ONE}columns: {{answer: nope}}\n": "has no column 'nope'",
    "product: {by: _country, of: {USA: a}}\nvendor: v\n": "the map names no product for",
}


@pytest.mark.parametrize("text", MAPS)
def test_mistakes_in_a_map(text: str, tmp_path: Path) -> None:
    """Unknown keys, zones, drivers and columns, and values without a name, each with its place and fix."""
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, "appen", EXPORTS / "figure_eight_relex_binary.csv", text=text)
    problem = next(one for one in caught.value.problems if MAPS[text] in one.message)
    assert problem.place is not None
    assert problem.fix


def test_values_without_a_name_are_told_at_once_and_without_addresses(tmp_path: Path) -> None:
    """Two products and a vendor that the map does not know: all in one answer, people by what stands after the @."""
    made = annotation(1, completed_by={"id": 1, "email": "ann@acme.com"})
    file = put(tmp_path, "x.json", [task(1, made, project=4), task(2, made | {"id": 2}, project=5)])
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, "label-studio", file, text="product: {by: project}\nvendor: {by: completed_by.email}\n")
    text = str(caught.value)
    assert "4 (1 rows), 5 (1 rows)" in text
    assert "…@acme.com (2 rows)" in text
    assert "ann@" not in text


def test_reading_an_export_leaves_other_tables_as_bounded_as_they_were(tmp_path: Path) -> None:
    """Cells of exports may be long; what a cell of a case's table may hold stays as it was, also after a mistake."""
    before = csv.field_size_limit()
    imported(tmp_path, "appen", EXPORTS / "figure_eight_relex_binary.csv")
    with pytest.raises(CaseError):
        imported(tmp_path, "appen", put(tmp_path, "x.csv", "_unit_id,_worker_id,_started_at,_created_at,_id\n1,2\n"))
    assert csv.field_size_limit() == before


def test_nothing_is_written_after_a_mistake(tmp_path: Path, run: Run) -> None:
    """A wrong kind, no map, a broken file: an exit status, a message, and no table."""
    broken = put(tmp_path, "x.json", "[{")
    map_ = put(tmp_path, "map.yaml", ONE)
    assert (
        "did you mean 'appen'"
        in run("actuals", "import", broken, "--from", "apen", "--map", map_, "--out", tmp_path / "o").err
    )
    assert run("actuals", "import", broken, "--from", "label-studio").code == 2
    assert run("actuals", "import", broken, "--from", "label-studio", "--map", map_, "--out", tmp_path / "o").code == 1
    assert not (tmp_path / "o" / "labels.csv").exists()
    assert run("actuals", "import", tmp_path / "none.json", "--guess").code == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", SAMPLES)
def test_damaged_exports_end_with_a_message(kind: str, tmp_path: Path) -> None:
    """Mutants of each sample are imported or refused with a message; `python -m tests.damaged_exports` tries more of them."""
    count = examples(25)
    refused = sum(damaged(kind, number, tmp_path) for number in range(count))
    assert 0 < refused < count
