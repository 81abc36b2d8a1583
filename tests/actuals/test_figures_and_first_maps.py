"""Tables as people of many countries write them: figures, money and clocks, and a first map of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from actuals_worlds import counts, imported, put

from allocate.actuals.guess import guessed, kind_of
from allocate.errors import CaseError


@pytest.mark.parametrize(
    ("header", "cells", "columns"),
    [
        ("images", ("120", "80"), {"items: images"}),
        ("images", ("a.png", "b.png"), {"item: images"}),
        ("image", ("120", "80"), {"item: image"}),
        ("image_count", ("120", "80"), {"items: image_count"}),
        ("image,images", ("a,3", "b,2"), {"item: image", "items: images"}),
    ],
)
def test_a_column_of_counts_is_guessed_as_items(
    header: str, cells: tuple[str, str], columns: set[str], tmp_path: Path
) -> None:
    """`images` with numbers says how many a row is about, and which one it is about with names."""
    rows = [f"2027-01-0{day},ann,{cell},{600 * day}\n" for day, cell in enumerate(cells, 4)]
    file = put(tmp_path, "work.csv", f"date,worker,{header},seconds\n{''.join(rows)}")
    text = guessed(file, kind_of(file))
    assert {line.strip() for line in text.splitlines() if line.startswith(("  item:", "  items:"))} == columns
    done = imported(tmp_path, "table", file, text=text.replace("FILL-IN", "own"))
    assert done.work["items"].sum() == (2.0 if "items: " not in text else 5.0 if "," in header else 200.0)


def test_a_column_of_days_says_when_where_no_other_does(tmp_path: Path) -> None:
    """A table of days: they are when its work was submitted; one of bills without products is of none."""
    file = put(tmp_path, "work.csv", "day,worker,images,minutes\n2027-01-04,ann,12,30\n")
    assert "  submitted: day\n" in guessed(file, kind_of(file))
    bills = put(tmp_path, "bills.csv", "date,vendor,amount,currency\n2027-01-04,acme,12,USD\n")
    assert "product: '' " in guessed(bills, kind_of(bills))


def test_work_without_a_day_is_told(tmp_path: Path) -> None:
    """Two rows of 60 s and no column of days: counted, for no week can have them."""
    file = put(tmp_path, "work.csv", "item,who,s\na,ann,60\nb,ann,60\n")
    text = "product: scans\nvendor: acme\ntimes: s\ncolumns: {item: item, annotator: who, seconds: s}\n"
    assert counts(imported(tmp_path, "table", file, text=text))["without a day"] == (2, 120.0)


def test_a_vendor_is_not_when_work_ended(tmp_path: Path) -> None:
    """`vendor` has "end" in it, and is no time."""
    file = put(tmp_path, "work.csv", "week,vendor,image,ended\n2027-01-04,acme,a,2027-01-05\n")
    assert "  submitted: ended\n" in guessed(file, kind_of(file))


def test_a_first_map_tells_product_and_vendor_of_a_plain_table_and_the_unit_of_its_times(tmp_path: Path) -> None:
    """A column `Supplier` and one `project` tell who and what; hours beside a count are time at work, in any delimiter."""
    file = put(
        tmp_path,
        "w.csv",
        "date;Supplier;person;project;images;Hours\n2027-01-08;Bü;ana;lanes;120;1,5\n2027-01-08;acme;ben;scans;80;2,25\n",
    )
    text = guessed(file, kind_of(file))
    assert "product:\n  by: project\n  of:\n    lanes: FILL-IN\n    scans: FILL-IN\n" in text
    assert "vendor:\n  by: Supplier\n  of:\n    Bü: FILL-IN\n    acme: FILL-IN\n" in text
    assert "\ntimes: h " in text
    done = imported(tmp_path, "table", file, text=text.replace("FILL-IN", "own"))
    assert (done.work["items"].sum(), done.work["seconds"].sum()) == (200.0, 3.75 * 3600.0)


@pytest.mark.parametrize(
    ("name", "unit"), [("handling_ms", "ms"), ("minutes", "min"), ("work_time_hrs", "h"), ("durationMinutes", "min"), ("lead_time", "s")]
)  # fmt: skip
def test_the_unit_of_times_is_guessed_by_their_name(name: str, unit: str, tmp_path: Path) -> None:
    """Where the name of the column says one; seconds where it says none."""
    file = put(tmp_path, "w.csv", f"day,who,{name}\n2027-01-04,ann,3\n")
    text = guessed(file, kind_of(file))
    assert f"\ntimes: {unit} " in text
    assert f"  seconds: {name}\n" in text


def test_a_timesheet_without_a_vendor_is_of_one(tmp_path: Path) -> None:
    """The map asks for one name, not for a column that is not there."""
    file = put(tmp_path, "t.csv", "date,person,hours\n2027-01-08,ana,8\n")
    text = guessed(file, kind_of(file))
    assert "\nvendor: FILL-IN " in text
    assert "to be settled" not in text
    assert (
        imported(tmp_path, "timesheet", file, text=text.replace("FILL-IN", "own")).work["seconds"].sum() == 8 * 3600.0
    )


@pytest.mark.parametrize(
    ("cells", "more", "amounts"),
    [
        (("12,50 EUR", "1.200,00 EUR"), "", [12.5, 1200.0]), (("€12,50", "-3,20 €"), "", [12.5, -3.2]), (("$1,200", "$0.05"), "", [1200.0, 0.05]),
        (("1'200.50 CHF", "1 200.5 CHF"), "", [1200.5, 1200.5]), (("1,200 EUR", "3 EUR"), "decimals: ','\n", [1.2, 3.0]),
        (("(123,45)", "(€3,20)"), "", [-123.45, -3.2]), (("$ 1,200.50 USD", "US$1.50"), "", [1200.5, 1.5]),
        (("1.200 EUR", "3 EUR"), "decimals: ','\n", [1200.0, 3.0]), (("1.200 EUR", "3 EUR"), "", [1.2, 3.0]),
    ],
)  # fmt: skip
def test_money_is_read_with_the_decimal_mark_its_column_shows(
    cells: tuple[str, str], more: str, amounts: list[float], tmp_path: Path
) -> None:
    """A column says by its other cells what a comma means; the map where it does not; a point alone stands before decimals."""
    file = put(tmp_path, "i.csv", "date;vendor;amount\n" + "".join(f"2027-02-01;a;{cell}\n" for cell in cells))
    done = imported(tmp_path, "invoice", file, text=f"product: ''\nvendor: a\ncurrency: USD\n{more}")
    assert done.work["amount"].tolist() == pytest.approx(amounts)


@pytest.mark.parametrize("cell", ["?12", "12 %", "€12 EUR EUR", "(-5)", "12 / 3"])
def test_what_is_no_money_is_refused(cell: str, tmp_path: Path) -> None:
    """A sign of no currency is not left out."""
    file = put(tmp_path, "i.csv", f'date,vendor,amount\n2027-02-01,a,"{cell}"\n')
    with pytest.raises(CaseError, match="is not an amount of money"):
        imported(tmp_path, "invoice", file, text="product: ''\nvendor: a\ncurrency: USD\n")


@pytest.mark.parametrize("cells", [("1,200 EUR", "3 EUR"), ("12,5 EUR", "3.4 EUR", "1,250 EUR")])
def test_money_that_can_be_read_in_two_ways_is_refused(cells: tuple[str, ...], tmp_path: Path) -> None:
    """Nothing in the column says whether 1,200 EUR are 1,200.00 or 1.20: the map must."""
    file = put(tmp_path, "i.csv", "date;vendor;amount\n" + "".join(f"2027-02-01;a;{cell}\n" for cell in cells))
    with pytest.raises(CaseError, match="a number with one reading") as caught:
        imported(tmp_path, "invoice", file, text="product: ''\nvendor: a\n")
    assert "decimals: ','" in str(caught.value.problems[0].fix)


def test_paid_hours_may_be_a_clock(tmp_path: Path) -> None:
    """7:30 and 7.5 hours are the same time."""
    sheet = put(
        tmp_path, "t.csv", "date,person,hours\n2027-02-01,ann,7:30\n2027-02-02,ann,7.5\n2027-02-03,ann,7:30:00\n"
    )
    assert imported(tmp_path, "timesheet", sheet).work["seconds"].tolist() == [27_000.0] * 3
