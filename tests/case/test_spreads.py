"""Spreads in every form and every place an amount is written: what is read, and what stands in the case for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drawn_cases import checked
from hypothesis import given
from hypothesis import strategies as st

from allocate.case.load import Case, read_case, revised
from allocate.case.spreads import Spread
from allocate.case.spreads.grammar import SpreadError, is_loose, is_text, read_spread
from allocate.errors import CaseError
from allocate.units import Units

Written = Callable[..., Path]
EFFORT = "products.triage.effort"
PIECES = [
    "12", "0", "-3", "1e3", "2.500", "0,5", "1_000", ".", " .. ", "..", "±", "+-", "%", " s/image", " USD/image", "/", " of ", "200",
    "188", " ", "nan", "1e400", "99.9999999", "1e-320", " to ", " points", "\u200b", "٣",
]  # fmt: skip


def with_effort(written: Written, effort: Any) -> Case:
    """The case with another effort of triage."""
    return read_case(written([]), settings={EFFORT: effort})


def three(spread: Spread) -> tuple[float, float, float, str]:
    """P10, P50 and P90 with their unit."""
    return spread.low, spread.middle, spread.high, spread.unit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 s/scan ±20%", (9.6, 12, 14.4, "s/scan")),
        ("12 s/scan +-20%", (9.6, 12, 14.4, "s/scan")),
        ("12 s/scan +/- 20 percent", (9.6, 12, 14.4, "s/scan")),
        ("12 s/scan ±2 s/scan", (10, 12, 14, "s/scan")),
        ("2 min/scan ±30 s/scan", (1.5, 2, 2.5, "min/scan")),
        ("8 .. 12 .. 24 s/scan", (8, 12, 24, "s/scan")),
        ("8..12..24 s/scan", (8, 12, 24, "s/scan")),
        ("8 s/scan … 12 s/scan … 24 s/scan", (8, 12, 24, "s/scan")),
        ("30 s/scan .. 1 min/scan .. 90 s/scan", (0.5, 1, 1.5, "min/scan")),
        ({"value": "12 s/scan", "low": "8 s/scan", "high": "24 s/scan"}, (8, 12, 24, "s/scan")),
        ({"likely": "12 s/scan", "spread": "20%"}, (9.6, 12, 14.4, "s/scan")),
        ({"value": "12 s/scan", "spread": "±20%", "weekly": "10%"}, (9.6, 12, 14.4, "s/scan")),
        ("12 s/scan ±0%", (12, 12, 12, "s/scan")),
    ],
)
def test_an_amount_with_a_range(written: Written, text: Any, found: tuple[float, float, float, str]) -> None:
    """Every form gives P10, P50 and P90 in the unit of the middle, and the middle stands in the case."""
    case = with_effort(written, text)
    spread = case.spreads.amounts[EFFORT]
    assert three(spread)[:3] == pytest.approx(found[:3])
    assert spread.unit == found[3]
    assert case.document.at(("products", "triage", "effort")) == spread.text
    assert case.products["triage"].effort.number * 3600 == pytest.approx(found[1] * (60 if "min" in found[3] else 1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("92 .. 95 .. 97%", (92, 95, 97, "%")),
        ("0.92 .. 0.95 .. 0.97", (0.92, 0.95, 0.97, "")),
        ("95% ±2 points", (93, 95, 97, "%")),
        ("95% ±2%", (93.1, 95, 96.9, "%")),
    ],
)
def test_a_share_with_a_range(written: Written, text: Any, found: tuple[float, float, float, str]) -> None:
    """A share's range is a percentage of it, or points; it stays between none and all."""
    spread = read_case(written([]), settings={"vendors.in-house.shrinkage": text}).spreads.amounts[
        "vendors.in-house.shrinkage"
    ]
    assert spread.family == "logit"
    assert three(spread)[:3] == pytest.approx(found[:3])


@pytest.mark.parametrize("text", ["188 of 200", "188 out of 200 images", {"right": 188, "of": "200 images"}])
def test_a_share_that_was_counted(written: Written, text: Any) -> None:
    """188 of 200: the median of Beta(188.5, 12.5) stands in the case, and both counts are kept."""
    case = read_case(written([]), settings={"vendors.acme.accuracy": text})
    spread = case.spreads.amounts["vendors.acme.accuracy"]
    assert (spread.right, spread.of, spread.family) == (188, 200, "beta")
    assert case.vendors["acme"].accuracy == spread.middle == pytest.approx(0.93926007538, abs=1e-11)


def test_cells_of_a_table(written: Written) -> None:
    """Cells of CSV have spreads in the notation of their country, with the unit of their header, each with its place."""
    table = "product;vendor;price [USD/image];accuracy;pace\n"
    table += (
        "moderation;in-house;0,38 .. 0,52 .. 0,65;188 of 200;60 images/h\nmoderation;acme;0,45 ±10%;92 .. 95 .. 97%;\n"
    )
    table += "triage;in-house;0,45 USD/scan ±0,05 USD/scan;;\n"
    found = read_case(written([("rates.csv", None, table)])).spreads.amounts
    assert three(found["rates.moderation.in-house.price"]) == (0.38, 0.52, 0.65, "USD/image")
    assert three(found["rates.moderation.acme.price"])[:3] == pytest.approx((0.405, 0.45, 0.495))
    assert three(found["rates.triage.in-house.price"])[:3] == pytest.approx((0.4, 0.45, 0.5))
    assert found["rates.moderation.in-house.accuracy"].of == 200
    assert str(found["rates.moderation.acme.accuracy"].place) == "rates.csv:3:27"


def test_cells_of_a_workbook(written: Written, tmp_path: Path) -> None:
    """A sheet's cells are read as those of CSV."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    folder = written([("case.yaml", "rates: rates.csv", "rates: book.xlsx")])
    with xlsxwriter.Workbook(str(folder / "book.xlsx")) as book:
        sheet = book.add_worksheet()
        rows = [
            ["product", "vendor", "price [USD/image]", "accuracy"],
            ["moderation", "in-house", "0.52 ±10%", "188 of 200"],
        ]
        for number, row in enumerate([*rows, ["triage", "in-house", "40 USD/h", ""]]):
            sheet.write_row(number, 0, row)
    found = read_case(folder).spreads.amounts
    assert three(found["rates.moderation.in-house.price"])[:3] == pytest.approx((0.468, 0.52, 0.572))
    assert found["rates.moderation.in-house.accuracy"].right == 188


def test_where_a_range_comes_from(written: Written) -> None:
    """`source` beside a range, or around it, is kept with the spread and among the case's sources."""
    said = {"value": "90 s/scan", "low": "80 s/scan", "high": "120 s/scan", "source": "time study, May"}
    case = with_effort(written, said)
    assert case.spreads.amounts[EFFORT].source == "time study, May"
    assert case.sources["products", "triage", "effort"].source == "time study, May"
    around = with_effort(written, {"value": "90 s/scan ±20%", "source": "time study, May"})
    assert around.spreads.amounts[EFFORT].source == "time study, May"


def test_scenarios_and_settings_give_and_take_spreads(written: Written) -> None:
    """A scenario can give an amount a spread, a setting can take it away, and what is not touched keeps its own."""
    edits = [
        ("case.yaml", "  late: {", f"  wide: {{{EFFORT}: 90 s/scan ±40%}}\n  late: {{"),
        ("case.yaml", "18k USD/point", "18k USD/point ±20%"),
    ]
    case = read_case(written(edits), "wide")
    assert three(case.spreads.amounts[EFFORT])[:3] == pytest.approx((54, 90, 126))
    plain = revised(case, [f"{EFFORT}=90 s/scan"])
    assert list(plain.spreads.amounts) == ["products.moderation.value.worth"]
    assert list(revised(plain, {EFFORT: "80 .. 90 .. 99 s/scan"}).spreads.amounts) == [
        "products.moderation.value.worth",
        EFFORT,
    ]


def test_a_rate_for_all_workflows_beside_one_for_some_is_named_by_its_number(written: Written) -> None:
    """Both have their spread, a cause moves both, and what is drawn of them can be set."""
    table = "product,vendor,workflow,price\nmoderation,acme,,0.5 USD/image ±10%\nmoderation,acme,sampled-5,0.6 USD/image ±10%\n"
    edits = [("rates.csv", None, f"{table}triage,in-house,,40 USD/h\n")]
    causes = {"factors": {"inflation": {"low": "95%", "likely": "102%", "high": "120%", "of": "prices of acme"}}}
    case = read_case(written(edits), settings={"uncertain": causes})
    names = ["rates.0.price", "rates.moderation.acme.sampled-5.price"]
    assert list(case.spreads.amounts) == names
    assert set(names) <= set(case.spreads.factors[0].of)
    there = revised(case, {names[0]: "0.7 USD/image", names[1]: "0.8 USD/image"})
    assert [rate.price.number for rate in there.file.rates[:2]] == [0.7, 0.8]


def test_spreads_of_a_table_move_with_their_rows(written: Written) -> None:
    """A rate that a setting takes out takes its spread with it; those of later rows stay."""
    edits = [("rates.csv", "0.52 USD/image", "0.52 USD/image ±5%"), ("rates.csv", "40 USD/h", "40 USD/h ±10%")]
    case = read_case(written(edits))
    assert list(case.spreads.amounts) == ["rates.moderation.in-house.price", "rates.triage.in-house.price"]
    fewer = revised(case, ["rates.moderation.in-house=null"])
    (left,) = fewer.spreads.amounts.values()
    assert (left.name, left.path) == ("rates.triage.in-house.price", ("rates", 1, "price"))
    assert fewer.document.at(left.path) == "40 USD/h"


def test_text_for_people_is_no_spread(written: Written) -> None:
    """A note that holds a range, or a name, stays as it is."""
    case = read_case(
        written([("case.yaml", "    item: scan\n", '    item: scan\n    note: "effort 90 s ±20%, 188 of 200 right"\n')])
    )
    assert case.products["triage"].note == "effort 90 s ±20%, 188 of 200 right"
    assert not case.spreads


def test_amounts_in_words_are_those_of_sensitivity(written: Written) -> None:
    """`prices of in-house` are its two rates, `effort of moderation` its driver, as `sensitivity` has them; a path is itself."""
    of = ["prices of in-house", "effort of moderation", "vendors.acme.capacity"]
    causes = {"inflation": {"low": "95%", "likely": "102%", "high": "120%", "of": of}}
    case = read_case(written([]), settings={"uncertain": {"factors": causes}})
    assert case.spreads.factors[0].of == (
        "rates.moderation.in-house.price",
        "rates.triage.in-house.price",
        "products.moderation.drivers.box",
        "vendors.acme.capacity",
    )
    assert three(case.spreads.fixed["vendors.acme.capacity"]) == (1200, 1200, 1200, "h/week")


def test_what_was_set_by_hand_may_be_named_without_a_spread(written: Written) -> None:
    """An amount that goes together with another may be set to one value; what was never given a spread may not be named."""
    pair = {"together": [{"amounts": [EFFORT, "worth of moderation"], "correlation": "50%"}]}
    settings = {EFFORT: "90 s/scan ±20%", "products.moderation.value.worth": "18k USD/point ±20%", "uncertain": pair}
    case = read_case(written([]), settings=settings)
    assert case.spreads.together[0].amounts == (EFFORT, "products.moderation.value.worth")
    assert revised(case, {EFFORT: "95 s/scan"}).spreads.together == ()


def test_what_is_written_is_read_again(written: Written) -> None:
    """The data a run and a workbook keep has the spreads as they were written; read again, it is the same case."""
    ranges = {"value": "1_200 h/week", "low": "900 h/week", "high": "1_300 h/week", "source": "own history"}
    case = read_case(
        written([("rates.csv", "97%", "188 of 200")]),
        settings={EFFORT: "90 s/scan ±20%", "vendors.acme.capacity": ranges},
    )
    again = read_case(case.written)
    assert case.written["products"]["triage"]["effort"] == "90 s/scan ±20%"
    assert [three(one) for one in again.spreads.amounts.values()] == [
        three(one) for one in case.spreads.amounts.values()
    ]
    assert again.spreads.amounts["vendors.acme.capacity"].source == "own history"
    assert again.file.model_dump(exclude={"value"}) == case.file.model_dump(exclude={"value"})


def test_one_note_says_that_there_are_spreads(written: Written) -> None:
    """A case with spreads says so once, to every command; one without says nothing."""
    assert read_case(written([])).notes == ()
    case = with_effort(written, "90 s/scan ±20%")
    assert case.notes == (
        "1 amount has a spread: all figures here are at their middles (P50); `allocate odds` shows what spreads do",
    )


def test_items_an_accuracy_was_counted_on_are_those_checked(written: Written) -> None:
    """`188 of 200` is an accuracy measured on 200 items, for floors with confidence too; another count beside it is refused."""
    case = read_case(written([("rates.csv", "95%", "188 of 200")]))
    assert next(rate for rate in case.file.rates if rate.vendor == "acme").checked == 200
    assert read_case(case.written).file.rates == case.file.rates
    with pytest.raises(CaseError) as raised:
        read_case(written([]), settings={"vendors.acme.accuracy": "188 of 200", "vendors.acme.checked": "100"})
    (problem,) = raised.value.problems
    assert problem.message == "vendors.acme.accuracy is counted on 200 items, and checked says 100"


@pytest.mark.slow
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join))
@checked(150)
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    """Any pieces of spreads, in any order: three rising points that can be written again, or a message; nothing else happens."""
    units = Units({"image": "images"}).of_currency("USD")
    for kind in ("above zero", "share"):
        if is_text(text) or is_loose(text):
            try:
                found = read_spread(text, units, kind)
            except SpreadError:
                continue
            assert 0.0 < found.low <= found.middle <= found.high
            assert units.reads(found.text)
