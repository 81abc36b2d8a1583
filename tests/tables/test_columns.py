"""One list of columns a table: complete, explained, and the same wherever the table is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import allocate
from allocate.cli import cli
from allocate.tables import formats
from allocate.tables.column import Column, Grid, chosen, grid, headed, html_of, legend, names
from allocate.tables.every import TABLES
from allocate.tables.plan import INVOICE, LINES
from allocate.tables.table import Table

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_named_once_and_explained(name: str) -> None:
    """No two columns of a table have one name, and each says what it means."""
    columns = TABLES[name]
    assert len(set(names(columns))) == len(columns)
    assert all(one.meaning for one in columns), [one.name for one in columns if not one.meaning]


def test_every_column_of_a_plans_frames_is_in_its_table() -> None:
    """What a frame has, its table explains: lines with levers, staff, totals, invoice, limits, routes."""
    answer = allocate.solve(CASES / "in-house-team")
    plan = answer.plan
    assert plan is not None
    frames = {"lines": plan.lines, "mix": plan.mix, "products": plan.products, "vendors": plan.vendors}
    frames |= {"invoice": plan.invoice, "staff": plan.staff, "levers": plan.levers, "pipeline": plan.pipeline}
    frames |= {"penalties": plan.broken, "limits": answer.limits, "routes": answer.routes.table}
    for name, frame in frames.items():
        known = names(TABLES[name])
        assert [column for column in frame.columns if column not in (*known, "start")] == [], name


def test_the_command_prints_what_every_column_means() -> None:
    """`schema --tables` has each table's columns with unit and meaning."""
    found = json.loads(CliRunner().invoke(cli, ["schema", "--tables"]).output)
    assert list(found) == list(TABLES)
    assert found["lines"] == legend(LINES, "money")
    assert found["invoice"]["vendor"]["meaning"].startswith("the vendor whose work it goes with")


def test_a_table_a_frame_and_rows_are_shown_alike() -> None:
    """Cells come by the columns' formats from any of the three; what is not there is a dash."""
    columns = (
        Column("vendor"),
        Column("unit_price", "money", "", formats.MONEY),
        Column("of_all", "share", "", formats.SHARE),
    )
    rows = [
        {"vendor": "one", "unit_price": 1234.5, "of_all": 0.25},
        {"vendor": "two", "unit_price": -0.001, "of_all": None},
    ]
    table = Table.from_rows(names(columns), [list(row.values()) for row in rows])
    expected = Grid("T", ["vendor", "unit price", "of all"], [["one", "1,234.50", "25.00%"], ["two", "0.00", "–"]], [False, True, True])  # fmt: skip
    assert grid("T", columns, rows) == expected
    assert grid("T", columns, table) == expected
    assert grid("T", columns, table.frame.astype({"of_all": float})) == expected
    head = headed(columns, of_all="share", unit_price=("price", formats.COUNT))
    assert grid("T", head, rows[:1]) == Grid("T", ["share", "price"], [["25.00%", "1,234"]], [True, True])
    assert names(chosen(INVOICE, "amount", "nothing", "vendor", within=["vendor", "amount"])) == ["amount", "vendor"]


def test_a_table_in_a_notebook_holds_no_markup_of_its_cells() -> None:
    """Names with signs of HTML stand as text."""
    told = html_of(Grid("<i>", ["a&b"], [["<script>"]], [False]))
    assert "<script>" not in told
    assert "<i>" not in told
    assert "&lt;script&gt;" in told
    assert "a&amp;b" in told


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (formats.amount(None), "–"), (formats.amount(-0.004), "0.00"), (formats.amount(1234567.891, 1), "1,234,567.9"),
        (formats.significant(0.0001234567), "0.0001235"), (formats.significant(123456.0), "123,456"), (formats.significant(0), "0"),
        (formats.whole_or_significant(3.0), "3"), (formats.whole_or_significant(0.3333333), "0.333333"),
        (formats.percent(0.12345), "12.3%"), (formats.signed(-3.0), "-3.00"), (formats.signed(0.004), "0.00"),
        (formats.signed(0.4, 0), "0"), (formats.signed(None), "–"), (formats.changes([-1.0]), "falls by 1.00"),
        (formats.changes([1.0, 3.0]), "rises by 1.00 to 3.00"), (formats.changes([-1.0, 3.0]), "falls by 1.00 to rises by 3.00"),
        (formats.spans([3], "week"), "week 3"), (formats.spans([7, 1, 2, 2, 4], "week"), "weeks 1-2, 4, 7"), (formats.spans([], "week"), ""),
    ],
)  # fmt: skip
def test_figures_are_shown_in_one_way(shown: str, text: str) -> None:
    """Amounts, significant digits, shares, changes and spans of periods."""
    assert shown == text
