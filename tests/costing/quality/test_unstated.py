"""Accuracies that are not stated: which they are, and their mark in the tables that print accuracies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from allocate import read_case
from allocate.cli import cli
from allocate.costing.quality.unstated import marked, unstated
from allocate.tables.column import Grid

CASE = """\
case: stated
currency: USD
horizon: {start: 2027-01-04, weeks: 4}
objective: cost
products:
  cats: {item: image, effort: 10 s/image, demand: 2_000 images}
  dogs: {item: image, effort: 10 s/image, demand: 1_000 images}
vendors:
  known: {accuracy: 98%, capacity: 1_000 items/week, contract: {price: 0.30 USD/image}}
  unknown: {capacity: 300 items/week, contract: {price: 0.10 USD/image}}
"""


def _run(tmp_path: Path, *command: str, text: str = CASE) -> Result:
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(cli, [command[0], str(tmp_path), *command[1:]])


def test_a_pair_is_stated_by_its_vendor_or_its_rate() -> None:
    """The vendor's own accuracy, or that of any rate of the pair; else the cost model's stands for it."""
    case: dict[str, Any] = {
        "case": "c", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 1}, "objective": "cost",
        "products": {name: {"item": "image", "effort": "10 s/image", "demand": "10 images"} for name in ("a", "b")},
        "vendors": {"own": {"accuracy": "97%"}, "rated": {}},
        "rates": [
            {"product": "a", "vendor": "own", "price": "1 USD/image"},
            {"product": "b", "vendor": "own", "price": "1 USD/image"},
            {"product": "a", "vendor": "rated", "price": "1 USD/image", "accuracy": "95%"},
            {"product": "b", "vendor": "rated", "price": "1 USD/image"},
        ],
    }  # fmt: skip
    assert unstated(read_case(case)) == {("b", "rated")}


@pytest.mark.parametrize("command", ["solve", "costs"])
def test_tables_mark_what_rests_on_it_and_say_how_to_state_it(tmp_path: Path, command: str) -> None:
    """Rows of the vendor carry the mark, those of others none; the legend names the line to write."""
    ran = _run(tmp_path, command)
    assert ran.exit_code == 0
    rows = [line for line in ran.stdout.splitlines() if "96.70%" in line or "98.00%" in line]
    assert any("~96.70%" in line for line in rows)
    assert not any("~98.00%" in line for line in rows)
    assert "~ rests on an accuracy that is not stated: 96.7% for unknown is the cost model's." in ran.stdout
    assert "`vendors.unknown.accuracy`" in ran.stdout


def test_totals_of_a_product_are_marked_where_a_vendor_of_it_is(tmp_path: Path) -> None:
    """Both vendors work for both products, so that both averages rest on what is not stated."""
    rows = [line.split() for line in _run(tmp_path, "solve").stdout.splitlines()]
    totals = [row for row in rows if row[:1] in (["cats"], ["dogs"]) and row[1:2] not in (["known"], ["unknown"])]
    assert totals
    assert all(any(cell.startswith("~") for cell in row) for row in totals if "known" not in row)


def test_nothing_is_marked_where_all_is_stated(tmp_path: Path) -> None:
    """With the accuracy written there is neither mark nor legend; figures for machines never carry a mark."""
    stated = CASE.replace("unknown: {", "unknown: {accuracy: 96.7%, ")
    assert "~" not in _run(tmp_path, "solve", text=stated).stdout
    assert "~" not in _run(tmp_path, "solve", "--format", "csv").stdout
    assert "~" not in _run(tmp_path, "solve", "--format", "json").stdout


def test_a_table_without_accuracies_stays_as_it_is(tmp_path: Path) -> None:
    """Marks go into a column of accuracies and nowhere else."""
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    table = Grid("t", ["vendor", "items"], [["unknown", "3"]], [False, True])
    assert marked(read_case(tmp_path), table, [("cats", "unknown")]) == table


@pytest.mark.slow
def test_the_page_says_it_beside_the_plan_and_beside_quality(tmp_path: Path) -> None:
    """Both sections name the vendor and whose accuracy stands for its own."""
    pytest.importorskip("vl_convert", reason="charts need vl-convert-python, of the extra `report`")
    assert _run(tmp_path, "report", "--out", str(tmp_path / "page")).exit_code == 0
    page = (tmp_path / "page" / "report.md").read_text(encoding="utf-8")
    assert page.count("The accuracy of unknown is not stated: 96.7% is the cost model's") == 2
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]
    of_vendors = [row for row in rows if "unknown" in row and any("%" in cell for cell in row)]
    assert of_vendors
    assert any(cell.startswith("\\~") for row in of_vendors for cell in row)
    assert not any(cell.startswith("\\~") for row in rows if "known" in row and "unknown" not in row for cell in row)


def test_variants_are_marked_where_their_plan_rests_on_it(tmp_path: Path) -> None:
    """`compare` marks the variant whose accuracy is the cost model's, not the one that states it, and says what the mark is."""
    lines = _run(tmp_path, "compare", "--set", "vendors.unknown.accuracy=95%").stdout.splitlines()
    rows = [line for line in lines if "optimal" in line]
    assert ["~" in row for row in rows] == [True, False]
    assert any("rests on an accuracy that is not stated" in line for line in lines)
