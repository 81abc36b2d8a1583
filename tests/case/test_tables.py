"""Tables beside a case: CSV as spreadsheets write it, sheets of workbooks, units in headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from allocate.case.load import read_case
from allocate.case.tables import Table, read_table
from allocate.errors import CaseError, Problem

Rows = list[dict[str, str]]


def read(folder: Path, text: str | bytes, name: str = "t.csv") -> Table:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(folder, name, None)


def rows(table: Table) -> Rows:
    found: Rows = table.document.data["rows"]
    return found


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for column, value in enumerate(line):
                    sheet.write(number, column, value, *([date] if hasattr(value, "year") else []))


def test_units_in_headers_apply_to_plain_cells(tmp_path: Path) -> None:
    """A cell without a unit takes its header's; one with a unit of its own keeps it."""
    table = read(tmp_path, "Product,price [USD/image],pace [images/h]\na,0.5,1_000\nb,0.4 EUR/image,\nc,2k,5e1\n")
    assert rows(table) == [
        {"product": "a", "price": "0.5 USD/image", "pace": "1_000 images/h"},
        {"product": "b", "price": "0.4 EUR/image"},
        {"product": "c", "price": "2k USD/image", "pace": "5e1 images/h"},
    ]


@pytest.mark.parametrize("header", ["error cost", "Error-Cost", "error_cost", " ERROR COST "])
def test_column_names_are_read_however_a_spreadsheet_writes_them(tmp_path: Path, header: str) -> None:
    """Case, spaces and underscores of a header do not matter."""
    assert rows(read(tmp_path, f"{header},b\n1,2\n")) == [{"error-cost": "1", "b": "2"}]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "\ufeffa,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4",
        "\n\na,b\n1,2\n\n,\n3,4\n\n",
        "a,b,,\n1,2,,\n3,4\n",
        '"a","b"\n"1"," 2 "\n3,"4"\n',
    ],
    ids=["plain", "byte order mark", "CRLF", "CR", "blank lines", "empty columns", "quoted"],
)
def test_csv_as_programs_write_it(tmp_path: Path, text: str) -> None:
    """Line ends, byte order marks, blank lines and empty columns at the right make no difference."""
    assert rows(read(tmp_path, text)) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_quoted_cells_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    """A quoted cell is one cell, and the places of later rows count its lines."""
    table = read(tmp_path, 'a,note\n1,"one, ""two""\nthree"\n2,x\n')
    assert rows(table) == [{"a": "1", "note": 'one, "two"\nthree'}, {"a": "2", "note": "x"}]
    assert str(table.document.values["rows", 1, "note"]) == "t.csv:4:3"


def test_every_cell_has_its_place(tmp_path: Path) -> None:
    """A cell's place is its own line and column, also where its text occurs before."""
    table = read(tmp_path, "a,b,c\nx1,,1\n")
    places = table.document.values
    assert [str(places["rows", 0, name]) for name in "ac"] == ["t.csv:2:1", "t.csv:2:5"]
    assert places["rows", 0, "c"].text == "x1,,1"


def test_rows_that_are_right_stay_beside_one_that_is_not(tmp_path: Path) -> None:
    """A row with too many cells is left out and told; the others are read."""
    table = read(tmp_path, "a,b\n1,2\n1,2,3\n3,4\n")
    assert rows(table) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert [str(problem.place) for problem in table.problems] == ["t.csv:3:1"]


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    """The first sheet, or the one named; numbers as written, dates as days, blank cells and rows left out."""
    import datetime

    start = datetime.date(2027, 1, 4)
    workbook(
        tmp_path / "book.xlsx",
        {
            "Rates": [["vendor", "price [USD/image]", "accuracy"], ["acme", 0.5, 0.97], [], ["in-house", 12, None]],
            "Other": [["from", "n"], [start, 3]],
        },
    )
    first = read_table(tmp_path, "book.xlsx", None)
    assert rows(first) == [
        {"vendor": "acme", "price": "0.5 USD/image", "accuracy": "0.97"},
        {"vendor": "in-house", "price": "12 USD/image"},
    ]
    assert str(first.document.values["rows", 1, "price"]) == "book.xlsx:4:2"
    assert rows(read_table(tmp_path, "book.xlsx#Other", None)) == [{"from": "2027-01-04", "n": "3"}]


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    """The message lists the sheets there are."""
    workbook(tmp_path / "book.xlsx", {"Rates": [["a"], [1]], "Notes": [["a"], [1]]})
    with pytest.raises(CaseError) as raised:
        read_table(tmp_path, "book.xlsx#Rate", None)
    assert raised.value.problems == (Problem("book.xlsx has no sheet 'Rate'", None, "its sheets are Rates, Notes"),)


def test_a_case_with_its_rates_in_a_workbook(written: Callable[..., Path]) -> None:
    """A rate card may be a sheet; a mistake in it has its sheet, row and column."""
    folder = written([("case.yaml", "rates.csv", "book.xlsx#Rates")])
    header = ["product", "vendor", "price"]
    lines = [["moderation", "acme", "0.5 USD/image"], ["triage", "in-house", "40 USD/h"]]
    workbook(folder / "book.xlsx", {"Rates": [header, *lines]})
    assert read_case(folder).file.rates[1].price is not None
    workbook(folder / "book.xlsx", {"Rates": [header, [], *lines[:1], ["triage", "in-house", "40 USB/h"]]})
    with pytest.raises(CaseError) as raised:
        read_case(folder)
    assert [str(problem.place) for problem in raised.value.problems] == ["book.xlsx#Rates:4:3"]


def test_a_link_out_of_the_folder_is_refused(written: Callable[..., Path], tmp_path_factory: Any) -> None:
    """A table is read from the case's folder, links followed."""
    outside = tmp_path_factory.mktemp("outside") / "rates.csv"
    outside.write_text("product,vendor,price\n", encoding="utf-8")
    folder = written([("case.yaml", "rates.csv", "link.csv")])
    (folder / "link.csv").symlink_to(outside)
    with pytest.raises(CaseError, match=r"the table 'link\.csv' lies outside the case's folder"):
        read_case(folder)


@pytest.mark.parametrize("name", ["a\0b.csv", "x" * 5000 + ".csv", "loop.csv", "."])
def test_names_that_are_no_files(tmp_path: Path, name: str) -> None:
    """Whatever stands for the name of a table, the answer is a problem of the case."""
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(CaseError):
        read_table(tmp_path, name, None)


def test_a_fix_that_does_not_hold_in_a_column_is_told_in_other_words(
    problems_of: Callable[..., tuple[Problem, ...]],
) -> None:
    """A sign of a currency without a rate, in every row: one problem, which says what else has to be written."""
    rows = "moderation,in-house,€0.5/image\nmoderation,acme,€0.4/image\ntriage,in-house,€40/h\n"
    (problem,) = problems_of([("rates.csv", None, f"product,vendor,price\n{rows.replace('€40/h', '€0.7/image')}")])
    assert problem.message.endswith("so it is with 2 more cells of the column 'price'")
    assert problem.fix == "write `0.5 EUR/image`, and add `exchange: {EUR: … USD}` with what one EUR is worth"
