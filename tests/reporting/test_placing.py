"""Formulas in cells: parts that stand somewhere are referred to, lines are added up by what they have in common."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any

from allocate.formula import Formula, added_up, cell
from allocate.numbers import most
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.cells import At, Table
from allocate.reporting.workbook.layout import Layout

VENDOR = [0, 0, 0, 0, 1, 1, 1, 1, 2]
PERIOD = [1, 2, 3, 4, 1, 2, 3, 5, 1]


class Sheet:
    """A workbook of nine lines, three vendors, with items in column A; and a sheet to write into."""

    def __init__(self) -> None:
        self.made = io.BytesIO()
        self.book = Book(self.made, "USD", ("Plan", "Sums", "Workings"))
        self.layout = Layout(self.book, str)
        self.layout.tables["Plan"] = Table("Plan", 1, [(1, VENDOR)], [(2, PERIOD)], 5)
        self.items = [self.layout.put("Plan", row, 0, 10.0 * row, "items") for row in range(1, 10)]

    def written(self, *puts: Any) -> list[str]:
        """Formulas as they stand in the sheet of sums, in order."""
        for row, one in enumerate(puts):
            self.layout.put("Sums", row, 0, one, "money")
        self.layout.finish()
        self.book.file.close()
        return self.formulas(2)

    def formulas(self, sheet: int) -> list[str]:
        """Formulas of a sheet, by its number."""
        with zipfile.ZipFile(self.made) as archive:
            text = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode()
        return [html.unescape(one) for one in re.findall(r"<f>(.*?)</f>", text)]


def test_lines_are_summed_by_what_they_have_in_common() -> None:
    """By vendor, by vendor and periods, all of them; and by their cells where these are few or nothing tells them apart."""
    sheet = Sheet()
    of = sheet.items
    found = sheet.written(
        added_up(of[:4]), added_up([of[1], of[2], of[3], of[5], 0.0, 1.0]), added_up(of), added_up([of[0], of[5], of[8]]), added_up(of[5:8])
    )  # fmt: skip
    assert found == [
        "SUMIFS(Plan!$A$2:$A$10,Plan!$B$2:$B$10,0)",
        "1+SUM(Plan!$A$3:$A$5,Plan!$A$7)",
        "SUM(Plan!$A$2:$A$10)",
        "SUM(Plan!$A$2,Plan!$A$7,Plan!$A$10)",
        "SUM(Plan!$A$7:$A$9)",
    ]


def test_periods_tell_lines_of_a_vendor_apart() -> None:
    """Four lines of a vendor in some weeks, of more that it has."""
    sheet = Sheet()
    sheet.layout.tables["Plan"] = Table("Plan", 1, [(1, [0] * 8 + [1])], [(2, [1, 2, 3, 4, 5, 6, 7, 8, 3])], 5)
    (found,) = sheet.written(added_up(sheet.items[2:6]))
    assert found == 'SUMIFS(Plan!$A$2:$A$10,Plan!$B$2:$B$10,0,Plan!$C$2:$C$10,">=3",Plan!$C$2:$C$10,"<=6")'


def test_parts_of_a_sum_stand_beside_their_lines() -> None:
    """What is worked out from a line's cells stands in a column of its own, once for sums that count parts of it."""
    sheet = Sheet()
    prices = [most(one, 25.0) for one in sheet.items]
    found = sheet.written(added_up(prices[:4]), added_up([prices[0] * 0.25, prices[1], prices[2]]))
    assert found == ["SUMIFS(Plan!$F$2:$F$10,Plan!$B$2:$B$10,0)", "0.25*Plan!$F$2+SUM(Plan!$F$3:$F$4)"]
    assert sheet.formulas(1) == [f"MAX(Plan!$A${row},25)" for row in (2, 3, 4, 5)]


def test_a_column_of_parts_serves_several_sums() -> None:
    """Parts of lines of two vendors stand in one column, and each sum takes those of its own."""
    sheet = Sheet()
    bounded = [most(one, 25.0) for one in sheet.items]
    found = sheet.written(added_up([*bounded[4:8], 1.0]), added_up([*bounded[:4], 1.0]))
    assert found == [f"1+SUMIFS(Plan!$F$2:$F$10,Plan!$B$2:$B$10,{vendor})" for vendor in (1, 0)]


def test_what_stands_in_a_cell_is_referred_to() -> None:
    """Products in any order, and their products with more; what is used twice and long has a cell of its own."""
    sheet = Sheet()
    price, fee, rate = cell("Inputs!$A$1", 2.0), cell("Inputs!$A$2", 3.0), cell("Inputs!$A$3", 4.0)
    long: Any = added_up([cell(f"Inputs!$B${row}", 1.0) for row in range(1, 9)])
    found = sheet.written(
        price * rate, rate * (fee * price), price * (rate * sheet.items[0]), long * price, long * rate
    )
    assert found[:3] == ["Inputs!$A$1*Inputs!$A$3", "Sums!$A$1*Inputs!$A$2", "Sums!$A$1*Plan!$A$2"]
    assert found[3:] == ["Workings!$C$4*Inputs!$A$1", "Workings!$C$4*Inputs!$A$3"]
    assert sheet.formulas(3) == ["+".join(f"Inputs!$B${row}" for row in range(1, 9))]


def test_a_long_sum_is_added_up_in_steps() -> None:
    """Sixty terms stand in cells of a few each, which are added up; all come to what the terms do."""
    sheet = Sheet()
    terms = [cell(f"Inputs!$B${row}", 1.0) * cell(f"Inputs!$C${row}", 2.0) for row in range(1, 61)]
    (found,) = sheet.written(added_up(terms))
    parts = sheet.formulas(3)
    assert all(len(one) <= 430 for one in parts)
    assert found == "+".join(f"Workings!$C${row}" for row in range(4, 4 + len(parts)))
    assert sum(one.count("*") for one in parts) == 60


def test_a_cell_is_at_its_place() -> None:
    """A cell put down can be used in formulas by its place; a bare number is no formula."""
    sheet = Sheet()
    assert isinstance(sheet.items[0], Formula)
    assert sheet.items[0].parts == (At("Plan", 1, 0),)
    assert sheet.written(sheet.items[0] + sheet.items[1], 5.0) == ["Plan!$A$2+Plan!$A$3"]
