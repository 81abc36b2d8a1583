"""The figures of the annotation model: each has its source, and those derived can be derived again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from allocate.costing.quality import checking as quality

MODEL = Path(__file__).parents[2] / "models" / "annotation"
# Entries that are settings by nature, not figures.
SETTINGS = {"passes", "reference-drivers"}


def read(name: str) -> dict[str, Any]:
    return YAML(typ="safe").load((MODEL / name).read_text(encoding="utf-8"))


HEAD = read("model.yaml")
PARTS = sorted(path.name for path in MODEL.glob("*.yaml") if path.name != "model.yaml")
TREE: dict[str, Any] = {key: entry for name in PARTS for key, entry in read(name).items()}


def figures(entry: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping with a value, with its path."""
    if isinstance(entry, dict):
        if "value" in entry:
            yield path, entry
        else:
            for key, inner in entry.items():
                yield from figures(inner, f"{path}/{key}")


def bare_numbers(entry: Any, path: str = "") -> Iterator[str]:
    """Every number that stands outside a figure and is no setting."""
    if isinstance(entry, dict) and "value" not in entry:
        for key, inner in entry.items():
            if key not in SETTINGS:
                yield from bare_numbers(inner, f"{path}/{key}")
    elif isinstance(entry, (int, float)) and not isinstance(entry, bool):
        yield path


def amount(path: str) -> float:
    """Number of the figure at a path, in its own unit; percentages as shares."""
    found = re.match(r"([\d.]+) ?(%?)", str(dict(figures(TREE))[path]["value"]))
    assert found
    return float(found[1]) / (100 if found[2] else 1)


@pytest.mark.parametrize(
    ("path", "figure"), list(figures(TREE)), ids=lambda part: part if isinstance(part, str) else ""
)
def test_every_figure_has_a_source(path: str, figure: dict[str, Any]) -> None:
    """A figure carries value, source and status; an assumption asks to be replaced or is the workflow's design."""
    assert set(figure) == {"value", "source", "status"}
    assert figure["status"] in {"retrieved", "secondary", "derived", "assumption"}
    assert len(figure["source"]) >= 20
    if figure["status"] == "assumption" and path != "/defaults/noise":
        assert re.search(r"Replace with|The design of this workflow", figure["source"])


def test_no_figure_stands_without_a_source() -> None:
    """Nothing in the model is a bare number, except passes and the reference count."""
    assert not list(bare_numbers(TREE))


def test_units_are_declared() -> None:
    """Every item and driver is a declared noun, and times are given per that noun."""
    for name, task in TREE["tasks"].items():
        assert task["item"] in HEAD["units"], name
        assert task["base"]["value"].endswith(f"/{task['item']}"), name
        for kind in ("drivers",):
            for driver, figure in task.get(kind, {}).items():
                assert driver in HEAD["units"], name
                assert re.fullmatch(rf"[\d.]+ (s|min|h)/{driver}", figure["value"]), name
        for driver, figure in task.get("default-drivers", {}).items():
            assert driver in task["drivers"], name
            assert re.fullmatch(rf"[\d.]+ {driver}/{task['item']}", figure["value"]), name


def test_the_reference_is_one_box() -> None:
    """The reference unit has no time beside its single box, so an equivalent unit is 7.4 s."""
    reference = TREE["tasks"][HEAD["reference"]]
    assert HEAD["reference-drivers"] == {"box": 1}
    assert reference["base"]["value"] == "0 s/image"
    assert list(reference["drivers"]) == ["box"]
    assert reference["drivers"]["box"]["value"] == "7.4 s/box"


BOX = 7.4


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tasks/image.bounding-box/complexity/whole-image", 81.7 / (4 * BOX)),
        ("/tasks/image.classification/base", BOX * 35 / 63),
        ("/tasks/image.categories/base", 20_000 * 3600 / (328_000 * 8)),
        ("/tasks/image.polygon/drivers/polygon", (15 + 40) / 2),
        ("/tasks/image.instance-mask/drivers/mask", 22 * 3600 / 1000),
        ("/tasks/image.lane-marking/drivers/lane", BOX * 257 / 63),
        ("/tasks/image.keypoint/drivers/pose", (40 + 60) / 2),
        ("/tasks/video.classification/base", BOX * 86 / 63),
        ("/tasks/document.ocr-field/drivers/field", BOX * 86 / 63),
        ("/tasks/document.ocr-field/drivers/token", 60 / 40),
        ("/tasks/text.classification/drivers/word", BOX * 129 / 63 / 50),
        ("/tasks/text.sentiment/drivers/word", BOX * 129 / 63 / 50 * 0.075 / 0.06),
        (
            "/tasks/text.named-entities/drivers/word",
            60 * 9 / sum([87.16, 53.18, 68.58, 81.97, 92.22, 71.44, 40.47, 79.89, 58.77]),
        ),
        ("/tasks/text.preference/drivers/word", 60 / 238),
        ("/tasks/audio.transcription/drivers/audio-minute", 4 * 60),
        ("/tasks/lidar.cuboid/drivers/cuboid", (30 + 60) / 2),
        ("/tasks/medical.organ-volume/drivers/organ", (30 + 60) / 2),
        ("/workflows/full-review/review/time-factor", 3.5 / BOX),
        ("/workflows/pre-labelled/pre-label/time-factor", 1 - 0.33),
        ("/workflows/pre-labelled-text/pre-label/time-factor", 1 - (0.1385 + 0.215) / 2),
        ("/workflows/pre-labelled-mask/pre-label/time-factor", 14 / 79.2),
        ("/workflows/pre-labelled-volume/pre-label/time-factor", 167 / 479),
        ("/workflows/majority-3/correlation", quality.CROWD_CORRELATION),
        ("/workflows/double-adjudicated/correlation", quality.CROWD_CORRELATION),
        ("/defaults/accuracy", 1 - 0.033),
        ("/regions/PH/attrition", 0.31 + 0.141),
        ("/regions/IN/attrition", 12 * 0.042),
        ("/regions/KE/wage", (1 + 3) / 2),
        ("/regions/US/wage", (10 + 25) / 2),
    ],
)
def test_derived_figures_can_be_derived(path: str, expected: float) -> None:
    """A derived figure is what its source says, to the digits given."""
    assert amount(path) == pytest.approx(expected, rel=0.008)


def test_workflows_are_one_of_each_kind() -> None:
    """Votes need an odd number of passes above one; adjudication needs two; review names who mends."""
    for name, workflow in TREE["workflows"].items():
        assert workflow["passes"] == (2 if "adjudicate" in workflow else workflow["passes"]), name
        if workflow.get("majority"):
            assert workflow["passes"] in {3, 5, 7, 9}, name
        if "review" in workflow:
            assert workflow["review"]["rework"] in set(quality.Rework), name


def test_activities_use_known_drivers() -> None:
    """Overhead is allocated by vendor hours, items, equivalent units, spend or vendors."""
    drivers = {activity["driver"] for activity in TREE["activities"].values()}
    assert drivers == {"vendor-hours", "items", "eu", "spend", "vendors"}
