"""Cost models: shipped, a user's own, and those that add to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from allocate.case.load import read_case
from allocate.errors import CaseError

Written = Callable[..., Path]
OWN = """\
model: own
reference: scan.read
units: {image: images, scan: scans}
tasks:
  scan.read: {item: scan, base: 30 s/scan}
workflows:
  single-pass: {passes: 1}
defaults: {accuracy: 90%}
"""
USES = ("case.yaml", "case: quarter", "case: quarter\nmodel: ./mine.yaml")
CASE = """\
case: scans
model: MODEL
currency: USD
horizon: {start: 2027-01-04, weeks: 2}
objective: cost
products: {chest: {task: scan.read, demand: 10 scans}}
vendors: {clinic: {contract: {price: 2 USD/scan}}}
"""


def test_a_model_adds_to_another(written: Written) -> None:
    """A model that extends another keeps what it does not mention, and its own figures win."""
    text = (
        "model: mine\nextends: annotation\nunits: {slide: slides}\ntasks:\n"
        "  slide.grade: {item: slide, base: 45 s/slide}\n"
        "  image.bounding-box: {drivers: {box: {value: 9 s/box, source: own measurement}}}\n"
    )
    case = read_case(written([USES, ("mine.yaml", None, text)]))
    assert case.model.model == "mine"
    assert case.model.tasks["slide.grade"].base.number == pytest.approx(45 / 3600)
    assert case.model.tasks["image.bounding-box"].drivers["box"].number == pytest.approx(9 / 3600)
    assert "dense-scenes" in case.model.tasks["image.bounding-box"].complexity
    assert case.sources["model", "tasks", "image.bounding-box", "drivers", "box"].source == "own measurement"
    assert {"model/mine.yaml", "model/annotation/model.yaml"} <= set(case.inputs)


@pytest.mark.parametrize("reference", ["./own.yaml", "own.yaml", "./own", "models/own"])
def test_a_model_of_its_own_by_path(tmp_path: Path, reference: str) -> None:
    """A model is a file, or a folder with model.yaml and parts beside it."""
    home = tmp_path / reference
    if home.suffix:
        home.write_text(OWN, encoding="utf-8")
    else:
        home.mkdir(parents=True)
        head, tasks = OWN.split("tasks:")
        (home / "model.yaml").write_text(head, encoding="utf-8")
        (home / "parts.yaml").write_text(f"tasks:{tasks}", encoding="utf-8")
    (tmp_path / "case.yaml").write_text(CASE.replace("MODEL", reference), encoding="utf-8")
    case = read_case(tmp_path)
    assert list(case.model.tasks) == ["scan.read"]
    assert case.model.defaults.shrinkage == 0


def test_equal_models_are_read_once_and_changed_ones_again(tmp_path: Path) -> None:
    """A model is taken from memory only while its text is the same."""
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(CASE.replace("MODEL", "own.yaml"), encoding="utf-8")
    first = read_case(tmp_path)
    assert read_case(tmp_path).model is first.model
    (tmp_path / "own.yaml").write_text(OWN.replace("30 s/scan", "60 s/scan"), encoding="utf-8")
    again = read_case(tmp_path)
    assert again.model.tasks["scan.read"].base.number == pytest.approx(60 / 3600)
    assert again.inputs["model/own.yaml"] != first.inputs["model/own.yaml"]


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (
            "reference: scan.read",
            "reference: scan.red",
            "own.yaml:2:12",
            "the reference 'scan.red' is not a task of the model",
        ),
        ("item: scan,", "item: slide,", "own.yaml:5:21", "'slide' is not listed under `units`"),
        ("30 s/scan", "30 s/image", "own.yaml:5:33", "'30 s/image' is per image, and should be per scan"),
        (
            "30 s/scan}",
            "30 s/scan, drivers: {image: 3 s/scan}, default-drivers: {image: 1}}",
            "own.yaml:5:61",
            "'3 s/scan' is per scan, and should be per image",
        ),
        (
            "30 s/scan}",
            "30 s/scan, default-drivers: {image: 1}}",
            "own.yaml:5:62",
            "the task scan.read has no driver 'image'",
        ),
        (
            "30 s/scan}",
            "30 s/scan, drivers: {image: 3 s/image}}",
            "own.yaml:2:12",
            "the model does not say how many images its reference task has",
        ),
        (
            "passes: 1",
            "passes: 2",
            "own.yaml:7:16",
            "workflows.single-pass: several passes need majority, plurality or adjudicate",
        ),
        ("accuracy: 90%", "accuracy: 90", "own.yaml:8:22", "defaults.accuracy is outside 0% to 100% ('90')"),
        ("defaults: {accuracy: 90%}\n", "", "own.yaml:1:1", "own.yaml needs the key 'defaults'"),
        (
            "{image: images, scan: scans}",
            "{image: images, scan: images}",
            "own.yaml:3:30",
            "the unit 'images' has a meaning already",
        ),
    ],
)
def test_mistakes_in_a_model(tmp_path: Path, old: str, new: str, place: str, message: str) -> None:
    """A mistake in a model of one's own is told in its own file."""
    assert old in OWN
    (tmp_path / "own.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    (tmp_path / "case.yaml").write_text(CASE.replace("MODEL", "own.yaml"), encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_case(tmp_path)
    assert [(str(problem.place), problem.message) for problem in raised.value.problems] == [(place, message)]


@pytest.mark.parametrize(
    ("activity", "says"),
    [
        ("driver: items, capacity: 900 items/week", "a capacity needs the pool's amount"),
        ("driver: items, amount: 2k USD/month, capacity: 40 h/week", "does not count the driver, items"),
        ("driver: vendor-hours, amount: 2k USD/month, capacity: 900 images/week", "write it as in `1_000 h/week`"),
        ("driver: spend, amount: 2k USD/month, capacity: 900 images/week", "allocated by spend has no capacity"),
        ("driver: items, amount: 2k USD/month, capacity: 900 images", "is not per week or month"),
    ],
)
def test_pools_whose_capacity_means_nothing(written: Written, activity: str, says: str) -> None:
    """A capacity without an amount, in another unit than the driver, or without a time is a problem with a place and a fix."""
    text = f"model: mine\nextends: annotation\nactivities:\n  desk: {{{activity}}}\n"
    with pytest.raises(CaseError) as caught:
        read_case(written([USES, ("mine.yaml", None, text)]))
    (problem,) = caught.value.problems
    assert says in f"{problem.message} {problem.fix}"
    assert problem.place is not None
