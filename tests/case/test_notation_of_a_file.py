"""Numbers of a case's own file that could be decimals or thousands: what settles them, and what leaves them refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from allocate.case.load import read_case
from allocate.case.yaml_text import parse
from allocate.errors import CaseError


def case_of(effort: str, score: str = "8.9", **more: Any) -> dict[str, Any]:
    """A case with an effort and the score of a measured point as they are written; more: further keys."""
    return {
        "case": "numbers",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "products": {
            "p": {
                "item": "image",
                "effort": effort,
                "demand": {"at-most": "900 images"},
                "value": {
                    "worth": "5 USD/point",
                    "curve": [{"labels": 0, "score": 0}, {"labels": 900, "score": score}],
                },
            }
        },
        "vendors": {"v": {"capacity": "40 h/week"}},
        "rates": [{"product": "p", "vendor": "v", "price": "5 USD/image"}],
        **more,
    }


def written(folder: Path, case: dict[str, Any]) -> Path:
    """The case as a file, as programs write it: JSON is YAML."""
    (folder / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("effort", "beside", "seconds"),
    [
        ("653.834 s/image", "5.6092 USD/image", 653.834),
        ("653.834 s/image", "0.75 USD/image", 653.834),
        ("653.834 s/image", "1_200.50 USD/image", 653.834),
        ("2.500 s/image", "0.250 USD/image", 2.5),
    ],
)
def test_the_other_numbers_of_the_file_settle_it(tmp_path: Path, effort: str, beside: str, seconds: float) -> None:
    """Where another number can only have a point before decimals, three decimals are decimals; and one note says so."""
    case = case_of(effort)
    case["rates"][0]["price"] = beside
    case["products"]["p"]["value"]["curve"][1]["score"] = 9
    read = read_case(written(tmp_path, case))
    found = read.products["p"].effort
    assert found is not None
    assert found.number * 3600 == pytest.approx(seconds)
    (note,) = read.notes
    assert note.startswith(f"'{effort}' (case.yaml:1:")
    assert note.endswith("of the file have it")
    assert read_case(case).products["p"].effort == found  # a mapping of the same texts is read alike


@pytest.mark.parametrize(
    ("effort", "beside"),
    [
        ("653.834 s/image", "5 USD/image"),
        ("2.500 s/image", "0.75 USD/image"),
        ("2.500 s/image", "1.5 USD/image"),
        ("653,834 s/image", "0.75 USD/image"),
    ],
)
def test_what_nothing_settles_is_refused_with_both_readings(tmp_path: Path, effort: str, beside: str) -> None:
    """A number alone, one that ends in zeros as thousands do, and one with a comma stay refused, with both ways to write them."""
    case = case_of(effort)
    case["rates"][0]["price"] = beside
    case["products"]["p"]["value"]["curve"][1]["score"] = 9
    with pytest.raises(CaseError) as raised:
        read_case(written(tmp_path, case))
    (problem,) = raised.value.problems
    assert f"'{effort}' has two readings" in problem.message
    assert " or `" in (problem.fix or "")


def test_numbers_with_both_marks_settle_nothing(tmp_path: Path) -> None:
    """Where the file has decimal points and decimal commas, both numbers are refused."""
    case = case_of("653.834 s/image", score="0,75")
    case["rates"][0]["price"] = "0.75 USD/image"
    with pytest.raises(CaseError) as raised:
        read_case(written(tmp_path, case))
    assert len(raised.value.problems) == 2


def test_a_number_of_yaml_has_the_reading_of_yaml() -> None:
    """`score: 8.916` is a number by YAML's own rules; as a text it is none, and filled up with zeros it may be thousands."""
    assert parse("score: 8.916", "f").data["score"] == "8.9160"
    assert parse("score: -8.916", "f").data["score"] == "-8.9160"
    assert parse("score: '8.916'", "f").data["score"] == "8.916"
    assert parse("score: 2.500", "f").data["score"] == "2.500"
    assert parse("a: &a 8.916\nb: *a", "f").data == {"a": "8.9160", "b": "8.9160"}
    assert not parse("score: 8.916", "f").notes


def test_names_of_entries_and_sentences_keep_their_points() -> None:
    """A vendor called 1.125 keeps its name wherever it is named; a sentence with a number is not a number and settles none."""
    vendors = parse("vendors: {1.125: {price: 0.75}}\nrule: {vendor: 1.125}", "f").data
    assert vendors["rule"] == {"vendor": "1.125"}
    assert parse("note: 0.75 of all work\nprice: 1.125 USD", "f").data["price"] == "1.125 USD"


def test_both_ends_of_a_range_are_settled() -> None:
    """The numbers of a range, low .. likely .. high, are settled one by one."""
    assert (
        parse("a: 0.75\nb: 653.834 .. 700 .. 712.125 s/image", "f").data["b"] == "653.8340 .. 700 .. 712.1250 s/image"
    )
