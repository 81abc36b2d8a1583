"""`allocate model`: the names a case may use, from a cost model's name, its path or a case."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from command_line import Run

from allocate.case.load import read_case
from allocate.case.opened_model import open_model
from allocate.costing.routes import routes
from allocate.costing.work.effort import standard_time
from allocate.costing.work.model_tables import model_tables
from allocate.tables.column import names
from allocate.tables.model import MODEL

QUARTER = Path(__file__).parents[1] / "data" / "quarter"
OWN = """
model: own
reference: photo.tag
units: {photo: photos, tag: tags}
tasks:
  photo.tag:
    item: photo
    base: 3 s/photo
    drivers: {tag: 2 s/tag}
    default-drivers: {tag: 4/photo}
  photo.crop: {item: photo, base: 22 s/photo}
workflows: {single-pass: {}}
defaults: {accuracy: 95%}
"""


def test_every_part_is_shown_with_its_names(run: Run) -> None:
    """Tasks, workflows, regions, drivers and overhead pools stand in the answer, and what the columns mean."""
    shown = run("model")
    model = open_model("annotation").model
    assert shown.code == 0
    for name in (*model.tasks, *model.workflows, *model.regions, *model.activities, "box", "audio-minute"):
        assert f" {name} " in shown.out
    for column in MODEL["tasks"]:
        assert f" {column.name} " in shown.out
        assert column.meaning in shown.out


def test_json_has_every_table_and_the_meaning_of_each_column(run: Run) -> None:
    """One object: the model, its units, a list for each table, and units and meanings of the columns."""
    answer = json.loads(run("model", "annotation", "--format", "json").out)
    assert answer["model"] == "annotation"
    assert answer["units"]["box"] == "boxes"
    for part, columns in MODEL.items():
        assert answer[part]
        assert all(list(row) == names(columns) for row in answer[part])
        assert answer["columns"][part] == {one.name: {"unit": one.unit, "meaning": one.meaning} for one in columns}


def test_csv_has_one_table(run: Run) -> None:
    """The tasks, unless another part is asked for."""
    tasks = list(csv.DictReader(io.StringIO(run("model", "--format", "csv").out)))
    assert list(tasks[0]) == names(MODEL["tasks"])
    assert [row["task"] for row in tasks] == list(open_model("annotation").model.tasks)
    regions = list(csv.DictReader(io.StringIO(run("model", "--part", "regions", "--format", "csv").out)))
    assert [row["region"] for row in regions] == ["PH", "IN", "KE", "US"]
    assert [row["attrition"] for row in regions] == ["0.45", "0.504", "", ""]


def test_a_model_of_ones_own_is_found_by_its_path(run: Run, tmp_path: Path) -> None:
    """A file, or a folder with model.yaml; standard times by hand: 3 + 4 x 2 = 11 s, and 22 / 11 = 2 EU."""
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "model.yaml").write_text(OWN, encoding="utf-8")
    for name in ("own.yaml", "folder", "folder/model.yaml"):
        rows = json.loads(run("model", str(tmp_path / name), "--part", "tasks", "--format", "json").out)["tasks"]
        assert [(row["task"], row["standard_time"], row["equivalent_units"]) for row in rows] == [
            ("photo.tag", 11.0, 1.0),
            ("photo.crop", 22.0, 2.0),
        ]


def test_a_case_shows_its_own_workflows_and_units(run: Run, tmp_path: Path) -> None:
    """What a case adds to its model is there for a case that is named."""
    text = (QUARTER / "case.yaml").read_text(encoding="utf-8")
    text = text.replace("workflows: [single-pass, sampled-5]", "workflows: {mine: {title: Of ours}, single-pass: null}")
    for path in QUARTER.iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    answer = json.loads(run("model", str(tmp_path), "--format", "json").out)
    assert answer["case"] == "quarter"
    assert answer["units"]["scan"] == "scans"
    assert {"workflow": "mine", "passes": 1, "review": None, "title": "Of ours"} in answer["workflows"]


@pytest.mark.parametrize("name", ["image.bounding-box", "text.sentiment"])
def test_times_are_those_that_plans_are_made_with(name: str) -> None:
    """The time of a task in the table is the standard time the routes of a case use."""
    row = next(row for row in model_tables(open_model("annotation"))["tasks"] if row["task"] == name)
    driver, time = next(iter(row["drivers"].items()))
    case = {
        "case": "c",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "products": {"p": {"task": name, "drivers": {driver: 7}, "demand": "10 items"}},
        "vendors": {"v": {"contract": {"price": "1 USD/h"}}},
    }
    seconds = standard_time(row["base"], [time["seconds"]], [7.0])
    assert routes(read_case(case)).table["hours"].iloc[0] * 3600.0 == pytest.approx(float(seconds))


def test_a_model_that_is_not_there(run: Run) -> None:
    """A misspelt name is told with the one that was meant, and nothing is printed."""
    ran = run("model", "anotation")
    assert (ran.code, ran.out) == (1, "")
    assert "did you mean 'annotation'?" in ran.err
