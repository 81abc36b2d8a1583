"""Tables as programs of other countries write them: separators, decimal commas, thousands, titles above the header."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate.case.load import read_case
from allocate.case.tables import Expected, read_table
from allocate.errors import CaseError

DATA = Path(__file__).parents[1] / "data"
RATES = Expected(
    frozenset({"product", "vendor", "price", "capacity", "accuracy", "note"}),
    frozenset({"price", "capacity", "accuracy"}),
)
PLAIN = [["product", "vendor", "price", "capacity"], ["a", "x", "0.12 EUR/image", "2_500 images/week"]]


def read(folder: Path, text: str) -> list[dict[str, str]]:
    (folder / "t.csv").write_bytes(text.encode())
    found: list[dict[str, str]] = read_table(folder, "t.csv", None, RATES).document.data["rows"]
    return found


def refused(folder: Path, text: str) -> tuple[str, str, str | None]:
    (folder / "t.csv").write_bytes(text.encode())
    with pytest.raises(CaseError) as raised:
        read_table(folder, "t.csv", None, RATES)
    (problem,) = raised.value.problems
    return str(problem.place), problem.message, problem.fix


def test_a_rate_card_of_a_german_spreadsheet() -> None:
    """A file with a byte order mark, semicolons, decimal commas and points between thousands is read as it was meant."""
    case = read_case(DATA / "csv_euro")
    prices = [rate.price.number for rate in case.file.rates if rate.price]
    capacities = [rate.capacity.number for rate in case.file.rates if rate.capacity]
    assert prices == [0.12, 0.10, 0.12, 0.11]
    assert capacities == [2500.0, 1000.0]
    assert case.file.rates[0].note == "ein; Kommentar"


def test_what_is_read_from_it_is_solved_to_the_same_plan_as_plain_csv(tmp_path: Path) -> None:
    """The same rate card in this tool's own notation gives the same rates."""
    shutil.copytree(DATA / "csv_euro", tmp_path / "case")
    plain = (DATA / "csv_euro" / "rates.csv").read_text(encoding="utf-8-sig").replace("0,1", "0.1")
    plain = plain.replace("2.500", "2_500").replace("1.000", "1_000").replace('"ein; Kommentar"', "ein# Kommentar")
    (tmp_path / "case" / "rates.csv").write_text(plain.replace(";", ",").replace("#", ";"), encoding="utf-8")
    there, here = read_case(DATA / "csv_euro").file.rates, read_case(tmp_path / "case").file.rates
    assert [rate.model_copy(update={"note": None}) for rate in here] == [
        rate.model_copy(update={"note": None}) for rate in there
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_are_separated_by_what_separates_the_header(
    tmp_path: Path, separator: str, declared: bool, mark: str, end: str
) -> None:
    """Commas, semicolons, tabs and bars, with or without a first line that says so, are read alike; places count it."""
    text = mark + (f"sep={separator}{end}" if declared else "") + end.join(map(separator.join, PLAIN)) + end
    assert read(tmp_path, text) == [dict(zip(PLAIN[0], PLAIN[1], strict=True))]
    table = read_table(tmp_path, "t.csv", None, RATES)
    line, column = 2 + declared, len(separator.join(PLAIN[1][:2])) + 2
    assert str(table.document.values["rows", 0, "price"]) == f"t.csv:{line}:{column}"


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (["0,12 EUR", "1.234 EUR"], ["0.12 EUR", "1_234 EUR"]),
        (["0.125 EUR", "1.234 EUR"], ["0.125 EUR", "1.2340 EUR"]),
        (["1.234,50 EUR", "2.500 EUR"], ["1_234.50 EUR", "2_500 EUR"]),
        (["1,234.50 EUR", "2,500 EUR"], ["1_234.50 EUR", "2_500 EUR"]),
        (["1'000 EUR", "10\u202f000 EUR", "10 000 EUR"], ["1_000 EUR", "10_000 EUR", "10_000 EUR"]),
        (["1.234.567 EUR", "2.500 EUR"], ["1_234_567 EUR", "2_500 EUR"]),
        (["97,5 %", "97 %"], ["97.5 %", "97 %"]),
        (["\u22120,5 EUR", "1_000 EUR"], ["-0.5 EUR", "1_000 EUR"]),
        (["2.500 EUR", "1.000 EUR"], ["2.500 EUR", "1.000 EUR"]),
        (["0,12 EUR", "0.15 EUR", "2.500 EUR"], ["0.12 EUR", "0.15 EUR", "2.500 EUR"]),
    ],
)
def test_the_other_cells_of_a_column_settle_a_number_with_two_readings(
    tmp_path: Path, cells: list[str], meant: list[str]
) -> None:
    """A column's own cells tell its decimal mark; where they do not, or contradict each other, the number stays as it is."""
    rows = read(tmp_path, "product\tprice\n" + "".join(f"a\t{cell}\n" for cell in cells))
    assert [row["price"] for row in rows] == meant


def test_the_table_settles_thousands_and_never_decimals(tmp_path: Path) -> None:
    """`2.500` is thousands where all other numbers have decimal commas, and is not taken for 2.5 where they have points."""
    german = read(tmp_path, "product;price;capacity\na;0,12;2.500\n")
    assert german == [{"product": "a", "price": "0.12", "capacity": "2_500"}]
    english = read(tmp_path, "product,price,capacity\na,0.12,2.500\n")
    assert english == [{"product": "a", "price": "0.12", "capacity": "2.500"}]
    quoted = read(tmp_path, 'product,price,capacity\na,0.12,"2,500"\n')
    assert quoted == [{"product": "a", "price": "0.12", "capacity": "2_500"}]
    mixed = read(tmp_path, "product;price;accuracy;capacity\na;0,12;0.97;2.500\n")
    assert mixed == [{"product": "a", "price": "0.12", "accuracy": "0.97", "capacity": "2.500"}]


def test_names_and_notes_are_never_taken_for_numbers(tmp_path: Path) -> None:
    """Only cells of columns that hold amounts are read as numbers."""
    rows = read(tmp_path, "product;vendor;price;note\n1,5;2.500;0,12 EUR;3,50 agreed\n")
    assert rows == [{"product": "1,5", "vendor": "2.500", "price": "0.12 EUR", "note": "3,50 agreed"}]


def test_a_number_nothing_settles_is_told_once(told_once: Callable[..., None]) -> None:
    """A column of numbers with two readings is one problem, with both ways to write the first."""
    table = "product;vendor;price;capacity\n" + "".join(
        f"{product};{vendor};5 USD/h;{number} {items}/week\n"
        for product, vendor, number, items in [
            ("moderation", "in-house", "2.500", "images"),
            ("moderation", "acme", "1.000", "images"),
            ("triage", "in-house", "3.500", "scans"),
        ]
    )
    told_once(
        [("rates.csv", None, table)],
        "rates.csv:2:29",
        "rates.moderation.in-house.capacity: '2.500 images/week' has two readings: 2.5 and 2,500; so it is with 2 more cells of the column 'capacity'",
        "write `2.5 images/week` or `2_500 images/week`",
    )


def test_units_in_headers_apply_to_numbers_of_any_notation(tmp_path: Path) -> None:
    """A header's unit is added to a cell once its number is read."""
    rows = read(tmp_path, "product;price [EUR/image];capacity [images/week]\na;0,12;2.500\n")
    assert rows == [{"product": "a", "price": "0.12 EUR/image", "capacity": "2_500 images/week"}]


TITLES = [["Rate card 2027"], [], ["valid from", "2027-01-04"]]


def test_titles_above_the_header_are_left_out(tmp_path: Path) -> None:
    """Rows narrower than the header may stand above it, in a CSV file and in a sheet; places are those of the file."""
    lines = [*TITLES, *PLAIN]
    assert read(tmp_path, "\n".join(",".join(line) for line in lines)) == [dict(zip(PLAIN[0], PLAIN[1], strict=True))]
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        sheet = book.add_worksheet("Rates")
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    table = read_table(tmp_path, "t.xlsx", None, RATES)
    assert table.document.data["rows"] == [dict(zip(PLAIN[0], PLAIN[1], strict=True))]
    assert str(table.document.values["rows", 0, "price"]) == "t.xlsx:5:3"


def test_what_could_be_a_row_is_not_left_out(tmp_path: Path) -> None:
    """A line above the header that is as wide as a row is a problem: it could be a table of its own."""
    text = "prodct,vendr,prce\na,x,1 EUR/image\nproduct,vendor,price\nb,x,2 EUR/image\n"
    assert refused(tmp_path, text) == (
        "t.csv:1:1",
        "this line of t.csv stands above the header (line 3) and is as wide as a row",
        "begin the table with its header",
    )


def test_a_separator_in_the_rows_that_is_not_the_headers_is_told_once(tmp_path: Path) -> None:
    """A header with commas over rows with semicolons is one problem."""
    (tmp_path / "t.csv").write_text("product,vendor,price\na;x;0,12\nb;x;0,10\n", encoding="utf-8")
    (problem,) = read_table(tmp_path, "t.csv", None, RATES).problems
    assert problem.message == "t.csv has commas between the cells of its header and semicolons in its rows"
    assert problem.fix == "save it with one of them in all lines"
    assert str(problem.place) == "t.csv:2:1"


def test_a_separator_declared_and_not_used_is_told(tmp_path: Path) -> None:
    """A first line `sep=,` over a table with semicolons is a problem with its fix."""
    assert refused(tmp_path, "sep=,\nproduct;vendor;price\na;x;1 EUR\n") == (
        "t.csv:1:1",
        "t.csv says that commas separate its cells, and its header has semicolons",
        "write `sep=;`",
    )


def test_rows_too_wide_are_told_once(tmp_path: Path) -> None:
    """Decimal commas in a table with commas make its rows too wide: one problem, at the first."""
    (tmp_path / "t.csv").write_text("product,vendor,price\na,x,0,12\nb,x,0,10\nc,x,1\n", encoding="utf-8")
    table = read_table(tmp_path, "t.csv", None, RATES)
    assert [problem.message for problem in table.problems] == [
        "this line of t.csv has 4 cells, its header 3; so it is with 1 more"
    ]
    assert [row["product"] for row in table.document.data["rows"]] == ["c"]


def test_numbers_of_a_sheet_are_never_in_doubt(tmp_path: Path) -> None:
    """A cell that holds a number has one reading, and says nothing of how texts beside it are written."""
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        sheet = book.add_worksheet("Rates")
        sheet.write_row(0, 0, ["product", "price [EUR/image]", "capacity"])
        sheet.write_row(1, 0, ["a", 1.085, "2.500 images/week"])
        sheet.write_row(2, 0, ["b", 0.5, 1.234])
    rows: list[dict[str, Any]] = read_table(tmp_path, "t.xlsx", None, RATES).document.data["rows"]
    assert rows == [
        {"product": "a", "price": "1.0850 EUR/image", "capacity": "2.500 images/week"},
        {"product": "b", "price": "0.5 EUR/image", "capacity": "1.2340"},
    ]


amounts = st.tuples(st.integers(0, 2_000_000), st.integers(0, 4))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(amounts, min_size=1, max_size=6),
    st.sampled_from([(".", ",", ";"), (",", ".", ","), ("'", ".", "\t"), ("\u202f", ",", ";"), ("", ",", ";")]),
)
def test_a_number_is_read_as_written_or_not_at_all(
    tmp_path_factory: Any, numbers: list[tuple[int, int]], notation: tuple[str, str, str]
) -> None:
    """In whichever notation a column was written, each of its numbers is read as it was meant, or left to be refused."""
    thousands, decimal, separator = notation
    folder = tmp_path_factory.getbasetemp()
    written = [
        f"{number / 10**places:,.{places}f}".translate(str.maketrans({",": thousands, ".": decimal}))
        for number, places in numbers
    ]
    quoted = [f'"{cell}"' if separator in cell else cell for cell in written]
    rows = read(folder, f"product{separator}price\n" + "".join(f"a{separator}{cell}\n" for cell in quoted))
    for row, cell, (number, places) in zip(rows, written, numbers, strict=True):
        if (
            row["price"] == cell
            and cell.count(".") + cell.count(",") == 1
            and len(cell.replace(",", ".").split(".")[1]) == 3
        ):
            continue  # has two readings, and is refused where it is read
        assert float(row["price"].replace("_", "")) == pytest.approx(number / 10**places, rel=1e-12)


def test_a_number_with_two_readings_takes_its_headers_unit(told_once: Callable[..., None]) -> None:
    """The ways offered to write it have the unit that its column's header gives."""
    told_once(
        [
            ("case.yaml", "exchange: {PHP: 0.0172 USD}", "exchange: fx.csv"),
            ("fx.csv", None, "week;PHP [USD];EUR [USD]\n1;0,0172;1,080\n"),
        ],
        "fx.csv:2:10",
        "exchange.EUR.0.rate: '1,080 USD' has two readings: 1,080 and 1.08",
        "write `1_080 USD` or `1.08 USD`",
    )
