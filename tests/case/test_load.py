"""Reading a case: what it may be given as, what is recorded of it, and how its mistakes are told together."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from allocate.case.load import Case, read_case
from allocate.case.sources import Source
from allocate.case.yaml_text import parse
from allocate.errors import CaseError, Problem

Written = Callable[..., Path]
MINIMAL = """\
case: small
currency: USD
horizon: {start: 2027-01-04, weeks: 2}
objective: cost
products:
  photos: {task: image.classification, demand: 100 images}
vendors:
  crowd: {contract: {price: 0.05 USD/image}}
"""


def small(tmp_path: Path, extra: str = "", text: str = MINIMAL) -> Case:
    (tmp_path / "case.yaml").write_text(text + extra, encoding="utf-8")
    return read_case(tmp_path)


def test_the_smallest_case(tmp_path: Path) -> None:
    """What a case leaves out has its stated default."""
    case = small(tmp_path)
    assert (case.name, case.currency, case.model.model) == ("small", "USD", "annotation")
    assert list(case.workflows) == ["single-pass"]
    assert case.products["photos"].demand.exactly.number == 100
    assert case.vendors["crowd"].shrinkage is None
    assert case.file.objective == ("cost",)


@pytest.mark.parametrize(("hurdle", "notes"), [("110%", ()), ("19", ()), ("110", ("for 110% write `1.1`",))])
def test_a_hurdle_that_is_likely_a_percentage_is_told(tmp_path: Path, hurdle: str, notes: tuple[str, ...]) -> None:
    """A hurdle of 110 asks for 110 USD of the last one; a note says so, and how 110% is written."""
    (tmp_path / "points.csv").write_text("labels,score\n1,50\n100,60\n", encoding="utf-8")
    value = "value: {curve: points.csv, worth: 9 USD/point}"
    text = MINIMAL.replace("demand: 100 images", f"demand: {{at-most: 100 images}}, {value}").replace(
        "cost\n", f"net-value\nhurdle: {hurdle}\n", 1
    )
    assert tuple(one.rpartition("; ")[2] for one in small(tmp_path, text=text).notes) == notes


def test_a_folder_and_its_file_are_the_same_case(written: Written) -> None:
    """A case is named by its folder or by the file in it."""
    folder = written()
    assert read_case(folder).file == read_case(folder / "case.yaml").file == read_case(str(folder)).file


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t + "\n...\n"])
def test_files_as_editors_write_them(tmp_path: Path, change: Callable[[str], str]) -> None:
    """Byte order marks, line ends and an end marker make no difference."""
    (tmp_path / "case.yaml").write_bytes(change(MINIMAL).encode())
    assert read_case(tmp_path).name == "small"


def test_country_codes_and_numbers_stay_text(tmp_path: Path) -> None:
    """Nothing is taken for a truth value, a number or a date where a name belongs."""
    case = small(tmp_path, text=MINIMAL.replace("crowd:", "NO:").replace("case: small", "case: 2027-01-04"))
    assert (case.name, list(case.vendors)) == ("2027-01-04", ["NO"])


def test_aliases_repeat_values(tmp_path: Path) -> None:
    """A value marked once can be used again, each use a value of its own."""
    text = MINIMAL.replace("crowd: {", "crowd: &crowd {") + "  other: *crowd\n"
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    case = read_case(tmp_path, settings=["vendors.other.contract.price=0.07 USD/image"])
    assert [vendor.contract.price.number for vendor in case.vendors.values()] == [0.05, 0.07]


def test_nouns_of_its_own(tmp_path: Path) -> None:
    """A case counts in words of its own, hyphens included."""
    extra = "  films: {item: x-ray-film, effort: 2 min/x-ray-film, demand: 5 x-ray-films}\nunits: {x-ray-film: x-ray-films}\n"
    text = MINIMAL.replace("vendors:", extra.split("units")[0] + "vendors:").replace("0.05 USD/image", "5 USD/h")
    case = small(tmp_path, "units" + extra.split("units")[1], text)
    assert case.products["films"].effort.number == pytest.approx(2 / 60)
    assert case.products["films"].demand.exactly.of() == "x-ray-film"


def test_short_forms_mean_their_long_ones(written: Written) -> None:
    """A bare budget is its total, a bare demand is exact, a bare accuracy is a floor, a name is a list of one."""
    case = read_case(
        written(
            [
                (
                    "case.yaml",
                    "{total: 250k USD, limits: [{name: boxes, at-most: 90k USD, products: [moderation]}]}",
                    "250k USD",
                )
            ]
        )
    )
    assert case.file.budget.total.number == 250_000
    assert case.products["triage"].demand.exactly.number == 5_000
    assert case.products["moderation"].accuracy.at_least == 0.97
    assert case.file.rules[0].share.vendor == ("each",)
    assert case.file.exchange["PHP"][0].rate.number == 0.0172
    assert [point.score for point in case.products["moderation"].value.curve.points] == [70.1, 78.4, 84.0]


def test_exchange_rates_by_week_from_a_table(written: Written) -> None:
    """A table of rates gives each currency its steps; a mistake in it has its own line."""
    table = "week,PHP,EUR\n1,0.0172 USD,1.08 USD\n5,0.0170 USD,\n"
    edits = [("case.yaml", "{PHP: 0.0172 USD}", "fx.csv"), ("fx.csv", None, table)]
    steps = read_case(written(edits)).file.exchange
    assert [(step.from_.period, step.rate.number) for step in steps["PHP"]] == [(1, 0.0172), (5, 0.0170)]
    assert [step.rate.number for step in steps["EUR"]] == [1.08]
    with pytest.raises(CaseError) as raised:
        read_case(written([*edits[:1], ("fx.csv", None, table.replace("0.0170 USD", "0.0170"))]))
    assert [str(problem.place) for problem in raised.value.problems] == ["fx.csv:3:3"]


def test_sources_are_kept_by_path(tmp_path: Path) -> None:
    """`{value, source}` may stand for any value; what it says of the source is recorded, the model's too."""
    text = MINIMAL.replace("0.05 USD/image", '{value: 0.05 USD/image, source: "offer of 3 May", status: offer}')
    case = small(
        tmp_path,
        "    ramp: {value: [50%, 100%], source: last year}\n",
        text.replace("crowd: {", "crowd:\n    ").replace("}}\n", "}\n"),
    )
    assert case.vendors["crowd"].contract.price.number == 0.05
    assert case.sources["vendors", "crowd", "contract", "price"] == Source("offer of 3 May", "offer")
    assert case.sources["vendors", "crowd", "ramp"] == Source("last year", "given")
    assert str(case.place("vendors", "crowd", "ramp", 1)) == "case.yaml:10:25"
    assert case.sources["model", "defaults", "accuracy"].status == "derived"


def test_inputs_are_hashed(written: Written) -> None:
    """Every file read is recorded with its SHA-256: the case, its tables, and the model's files."""
    folder = written()
    inputs = read_case(folder).inputs
    for name in ("case.yaml", "rates.csv", "moderation.csv"):
        assert inputs[name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert "model/annotation/model.yaml" in inputs
    assert {len(digest) for digest in inputs.values()} == {64}


def mapping(**more: Any) -> dict[str, Any]:
    return {
        "case": "small",
        "currency": "USD",
        "horizon": {"start": datetime.date(2027, 1, 4), "weeks": 12},
        "objective": "cost",
        "products": {"photos": {"task": "image.classification", "demand": "100 images", "accuracy": 0.9}},
        "vendors": {"crowd": {"contract": {"price": "0.05 USD/image"}}},
        **more,
    }


def test_a_case_from_python_values() -> None:
    """Numbers, dates, lists and tables of pandas are taken as they are; missing cells are left out."""
    rates = pd.DataFrame(
        {"product": ["photos"], "vendor": ["crowd"], "price [USD/image]": [0.05], "accuracy": [0.97], "pace": [None]}
    )
    product = {"task": "image.classification", "demand": "100 images", "deadline": pd.Timestamp("2027-02-05")}
    case = read_case(mapping(rates=rates, products={"photos": product}, budget={"total": "5k USD"}))
    rate = case.file.rates[0]
    assert (rate.price.number, rate.accuracy, rate.pace) == (0.05, 0.97, None)
    assert case.products["photos"].deadline.date.date == datetime.date(2027, 2, 5)
    weeks = {"start": "2027-01-04", "weeks": np.int64(3)}
    assert read_case(mapping(rates=rates, horizon=weeks)).periods.count == 3


def test_mistakes_in_a_mapping_are_problems() -> None:
    """A mapping has no lines; its problems name the path."""
    nested: dict[str, Any] = {}
    nested["self"] = nested
    for source in (
        mapping(budget={1, 2}),
        mapping(budget=float("nan")),
        mapping(budget=nested),
        mapping(budget=10**400),
    ):
        with pytest.raises(CaseError) as raised:
            read_case(source)
        assert len(raised.value.problems) == 1
    with pytest.raises(CaseError) as raised:
        read_case(mapping(rates=[{"product": "photos", "vendor": "crowd", "price": True}]))
    assert [(str(p.place), p.message) for p in raised.value.problems] == [
        ("case", "rates.photos.crowd.price expects an amount, got 'True'")
    ]


def test_mistakes_of_several_files_in_one_pass(written: Written) -> None:
    """Problems of the case, its tables and its model come together, by file and line."""
    edits = [
        ("case.yaml", "case: quarter", "case: quarter\nmodel: ./mine.yaml"),
        ("case.yaml", "90 s/scan", "90 sek/scan"),
        ("case.yaml", "vendor: each", "vendor: acne"),
        ("case.yaml", "deadline: 2027-03-05", "deadline: 2027-02-30"),
        ("rates.csv", "moderation,acme,,95%", "moderation,acne,,105%"),
        ("rates.csv", "40 USD/h,,", "40 USD/h,,,7"),
        ("moderation.csv", "70.1", "good"),
        (
            "mine.yaml",
            None,
            "model: mine\nextends: annotation\ntasks:\n  a: {item: image, base: 4 s/frame}\n  b: {base: 1}\n",
        ),
    ]
    with pytest.raises(CaseError) as raised:
        read_case(written(edits))
    assert [str(problem.place) for problem in raised.value.problems] == [
        "case.yaml:17:15",
        "case.yaml:23:13",
        "case.yaml:42:70",
        "mine.yaml:4:26",
        "mine.yaml:5:3",
        "mine.yaml:5:13",
        "moderation.csv:2:7",
        "rates.csv:3:18",
        "rates.csv:4:1",
    ]


def test_a_wrong_header_of_the_case_does_not_hide_the_rest(written: Written) -> None:
    """With name, horizon and currency wrong, the other problems are told all the same, and no others."""
    edits = [
        ("case.yaml", "case: quarter", "case: [a]"),
        ("case.yaml", "weeks: 12", "weeks: many"),
        ("case.yaml", "currency: USD\n", ""),
        ("case.yaml", "vendor: each", "vendor: acne"),
    ]
    with pytest.raises(CaseError) as raised:
        read_case(written(edits))
    assert [problem.message for problem in raised.value.problems] == [
        "case.yaml needs the key 'currency'",
        "case expects a name, got a list",
        "horizon.weeks: 'many' is not an amount",
        "there is no vendor 'acne'",
    ]


@pytest.mark.parametrize("source", ["nowhere", "nowhere/case.yaml", "a\0b", "x" * 5000])
def test_a_case_that_is_not_there(source: str) -> None:
    """A path that leads nowhere is a problem of its own."""
    with pytest.raises(CaseError) as raised:
        read_case(source)
    assert len(raised.value.problems) == 1


def test_a_folder_without_a_case(tmp_path: Path) -> None:
    """The message says what the folder lacks and how to get it."""
    with pytest.raises(CaseError) as raised:
        read_case(tmp_path)
    problem: Problem = raised.value.problems[0]
    assert problem.message == f"the folder {tmp_path} has no case.yaml"
    assert problem.fix == "`allocate init DIR` writes a case to start from"


def test_a_case_file_that_is_a_link(written: Written, tmp_path_factory: Any) -> None:
    """case.yaml itself may be a link; its tables are beside the link."""
    real = tmp_path_factory.mktemp("real") / "case.yaml"
    folder = written()
    real.write_bytes((folder / "case.yaml").read_bytes())
    (folder / "case.yaml").unlink()
    (folder / "case.yaml").symlink_to(real)
    assert "case.yaml" in read_case(folder).inputs


def test_a_plan_file_is_no_case(tmp_path: Path) -> None:
    """A plan where a case belongs is one mistake, which says where plans go, and not one for each of its keys."""
    path = tmp_path / "plan.json"
    path.write_text('{"case": "small", "lines": [], "certificate": {}, "status": "optimal"}', encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_case(path)
    (problem,) = raised.value.problems
    assert problem.message == "plan.json is a plan file, not a case"
    assert problem.fix is not None
    assert "--plan" in problem.fix


def test_numbers_cut_at_their_commas_are_told_from_numbers_beside_each_other() -> None:
    """In braces YAML ends a value at every comma: what only goes on with a number is put together, for the message about it."""
    text = "a: [10,000 USD, [1,000]]\nb: [100,200]\nc: {50: 10,100: 20, 7: 1,000,000 USD, x: 5,y: 6}\nd: [{a: 1,5}, {b: 2}]\n"
    assert parse(text, "case.yaml").data == {
        "a": ["10,000 USD", ["1,000"]],
        "b": ["100", "200"],
        "c": {"50": "10", "100": "20", "7": "1,000,000 USD", "x": "5", "y": "6"},
        "d": [{"a": "1,5"}, {"b": "2"}],
    }
