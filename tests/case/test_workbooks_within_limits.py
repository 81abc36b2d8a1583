"""Workbooks that would take more memory or time than there is are refused before they are read."""

from __future__ import annotations

import io
import random
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from allocate.case import xlsx
from allocate.case.tables import read_table
from allocate.case.workbook import read_workbook
from allocate.case.xlsx import read_xlsx
from allocate.errors import CaseError, render
from allocate.input_limits import BOOK_ENTRIES, TABLE_COLUMNS

SHEET = "xl/worksheets/sheet1.xml"


def book(rows: list[list[object]], sheets: tuple[str, ...] = ("Rates",)) -> bytes:
    """A workbook as a spreadsheet program writes it, the rows in its first sheet."""
    made = io.BytesIO()
    file = Workbook(made, {"in_memory": True})
    added = [file.add_worksheet(name) for name in sheets]
    for number, row in enumerate(rows):
        added[0].write_row(number, 0, row)
    file.close()
    return made.getvalue()


PLAIN = book([["product", "price [USD/image]"], ["a", 0.5], ["b", 2]], ("Rates", "Other"))


def changed(raw: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed, packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return made.getvalue()


def with_cell(cell: str) -> bytes:
    """The plain workbook with one more row in its sheet."""
    return changed(PLAIN, SHEET, lambda xml: xml.replace(b"</sheetData>", cell.encode() + b"</sheetData>"))


def refused(tmp_path: Path, raw: bytes, says: str) -> None:
    """The workbook is refused as a table, and told at its name, quickly and in little memory."""
    assert len(raw) < 5_000_000
    (tmp_path / "book.xlsx").write_bytes(raw)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CaseError, match=says) as raised:
        read_table(tmp_path, "book.xlsx", None)
    assert "--> book.xlsx" in render(raised.value.problems[0])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 800_000


FAR = {
    "by its name": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "by its row": '<row r="1048576"><c r="B1048576"><v>1</v></c><c><v>1</v></c></row>' * 3 + '<row r="4000000"><c><v>1</v></c></row>',
    "wide": f'<row r="4"><c r="{"ABCDEFG"[1]}ZZ4"><v>1</v></c></row>',
    "a text": '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    "a formula": '<row r="1048576"><c r="XFD1048576"><f>1+1</f><v>2</v></c></row>',
    "in other letters": '<row r="9"><c r="&#88;FD1048576"><v>1</v></c></row>',
    "beyond any sheet": '<row r="9"><c r="ZZZZZZ999999999"><v>1</v></c></row>',
    "with a prefix": '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
}  # fmt: skip


@pytest.mark.parametrize("cell", FAR.values(), ids=FAR)
def test_a_cell_far_away_is_refused(tmp_path: Path, cell: str) -> None:
    """One cell at the end of a sheet would make a table of 549 GB; its place is named instead."""
    refused(tmp_path, with_cell(cell), r"has a cell in row [\d,]+, column [\d,]+ of the sheet Rates")


def test_cells_in_which_nothing_stands_reach_nowhere(tmp_path: Path) -> None:
    """A format on the last cell of a sheet is no content: the table is read as without it."""
    (tmp_path / "book.xlsx").write_bytes(with_cell('<row r="1048576"><c r="XFD1048576" s="0"/></row>'))
    assert read_table(tmp_path, "book.xlsx", None).document.data["rows"] == [
        {"product": "a", "price": "0.5 USD/image"},
        {"product": "b", "price": "2 USD/image"},
    ]


def test_only_the_sheet_that_is_named_counts(tmp_path: Path) -> None:
    """A far cell in another sheet of the workbook is no reason to refuse this one."""
    (tmp_path / "book.xlsx").write_bytes(with_cell('<row r="9"><c r="XFD9"><v>1</v></c></row>'))
    with pytest.raises(CaseError, match="is empty"):
        read_table(tmp_path, "book.xlsx#Other", None)
    with pytest.raises(CaseError, match="column 16,384 of the sheet Rates"):
        read_table(tmp_path, "book.xlsx#Rates", None)


@pytest.mark.slow
def test_what_unpacks_to_more_than_is_read_is_refused(tmp_path: Path) -> None:
    """A few hundred kilobytes that stand for 250 MB are refused while they are unpacked."""
    bomb = changed(PLAIN, SHEET, lambda xml: xml.replace(b"<sheetData>", b" " * 250_000_000 + b"<sheetData>"))
    refused(tmp_path, bomb, "unpacks to more than 200,000,000 bytes")


def test_one_long_text_used_often_is_refused(tmp_path: Path) -> None:
    """A shared text of a megabyte in a thousand cells would be copied into each of them."""
    cells = '<row r="9">' + '<c t="s"><v>0</v></c>' * 900 + "</row>"
    long = changed(
        with_cell(cells), "xl/sharedStrings.xml", lambda xml: xml.replace(b"<t>product", b"<t>" + b"x" * 1_000_000)
    )
    refused(tmp_path, long, "has more than 100,000,000 characters in the sheet Rates")


@pytest.mark.slow
def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    """So is one whose list of parts is its size."""
    made = io.BytesIO(PLAIN)
    with zipfile.ZipFile(made, "a") as file:
        for number in range(BOOK_ENTRIES):
            file.writestr(f"x/{number}", b"")
    refused(tmp_path, made.getvalue(), "has more than 10,000 parts")


def test_entities_are_not_followed(tmp_path: Path) -> None:
    """A document type, with which a text could stand for others ten times over, is no part of a workbook."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    for part in (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"):
        raw = changed(PLAIN, part, lambda xml: xml.replace(b"?>", b"?>" + bomb, 1))
        refused(tmp_path, raw, "is not a readable .xlsx workbook")


def test_other_formats_under_the_name_are_not_read(tmp_path: Path) -> None:
    """A table of another office program, whose one cell can stand for any number of them, is no .xlsx workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", "<x/>")
    refused(tmp_path, made.getvalue(), "is not a readable .xlsx workbook")


def test_a_report_s_workbook_has_the_same_limits(tmp_path: Path) -> None:
    """A case given as a workbook is bounded like a table."""
    raw = book([["x"]], ("Case", "Inputs"))
    (tmp_path / "book.xlsx").write_bytes(
        changed(raw, SHEET, lambda xml: xml.replace(b"</sheetData>", FAR["by its name"].encode() + b"</sheetData>"))
    )
    with pytest.raises(CaseError, match="has a cell in row 1,048,576, column 16,384 of the sheet Case"):
        read_workbook(tmp_path / "book.xlsx")


@pytest.mark.slow
def test_any_damage_gives_a_table_or_a_problem(tmp_path: Path) -> None:
    """Bytes changed anywhere, in the archive or in its parts, end in rows or in a CaseError."""
    chance = random.Random(12)
    parts = zipfile.ZipFile(io.BytesIO(PLAIN)).namelist()
    for number in range(300):
        part = chance.choice(parts)

        def hit(raw: bytes) -> bytes:
            found = bytearray(raw)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(found))
                found[at : at + chance.randint(0, 2)] = bytes(
                    chance.choices(b'<>/"=&;0189AZcrv\0\xff', k=chance.randint(0, 3))
                )
            return bytes(found)

        (tmp_path / "book.xlsx").write_bytes(hit(PLAIN) if number % 3 == 0 else changed(PLAIN, part, hit))
        try:
            read_xlsx(tmp_path / "book.xlsx", "book.xlsx", None, ("", "Rates"), "save it again")
        except CaseError as error:
            assert error.problems[0].place is not None  # noqa: PT017


def test_limits_are_those_that_are_listed() -> None:
    """A sheet as wide as is read is read; one wider by a cell is not."""
    wide = "".join(f"<c><v>{number}</v></c>" for number in range(TABLE_COLUMNS))
    for cells, fits in ((wide, True), (wide + "<c><v>1</v></c>", False)):
        raw = with_cell(f'<row r="4">{cells}</row>')
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = xlsx._Parts(archive, "book.xlsx", xlsx.Place("book.xlsx"))
            if fits:
                assert xlsx._bounded(parts, ("",))[0] == ["Rates", "Other"]
            else:
                with pytest.raises(CaseError):
                    xlsx._bounded(parts, ("",))
