"""Award sheets, the buyer's page and feedback: figures by hand, and nothing of one bidder on another's sheet."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from allocate import read_case, solve
from allocate.api.explaining import explain
from allocate.case.load import Case
from allocate.cli import cli
from allocate.cli.explaining.plan import offers_block
from allocate.errors import CaseError
from allocate.reporting.compose import compose
from allocate.reporting.document import Report, Section
from allocate.reporting.markdown import markdown
from allocate.reporting.material import Material
from allocate.reporting.procurement.award import award
from allocate.reporting.procurement.awarded import awarded, bidders, of_vendor
from allocate.reporting.procurement.buyer import buyer
from allocate.reporting.procurement.feedback import feedback
from allocate.reporting.procurement.write import file_names

CASES = Path(__file__).resolve().parents[2] / "cases"


def bids(**more: Any) -> dict[str, Any]:
    """One product for 1,000 images: `low` asks 0.40 (0.50 before) and can make 600, `high` asks 0.50; `low` was paid 0.50 before."""
    rates = [
        {"product": "p", "vendor": "low", "price": "0.40 USD/image", "historic-price": "0.50 USD/image"},
        {"product": "p", "vendor": "high", "price": "0.52 USD/image"},
        {"product": "p", "vendor": "far", "price": "0.91 USD/image"},
    ]
    return {
        "case": "bids",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-25", "weeks": 2},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "1_000 images", "incumbent": "high"}},
        "vendors": {
            "low": {"accuracy": "100%", "capacity": "300 images/week", "contract": {"price": "0.40 USD/image"}},
            "high": {"accuracy": "100%", "contract": {"price": "0.52 USD/image", "commitment": "100 USD"}},
            "far": {"accuracy": "100%", "contract": {"price": "0.91 USD/image"}},
        },
        "rates": rates,
        "workflows": ["single-pass"],
        **more,
    }


def material(case: Case) -> Material:
    """A case planned and explained."""
    answer = solve(case)
    assert answer.plan is not None
    return Material(answer, answer.plan, explain(case, answer=answer))


@cache
def shipped(name: str) -> Material:
    """A shipped case, planned and explained."""
    return material(read_case(CASES / name))


def section(report: Report, title: str) -> Section:
    """The section of a title."""
    return next(one for one in report.sections if one.title == title)


@pytest.mark.slow
def test_walk_away_and_savings_by_hand() -> None:
    """`low` makes 600 images: 60 USD saved against its old price, 72 against the incumbent; above 0.52 it loses all work."""
    page = buyer(material(read_case(bids())))
    (prices,) = section(page, "Walk-away prices").tables
    low = next(row for row in prices.rows if row[0] == "low")
    assert low[3] == "0.40 USD/image"
    assert low[5:] == ("0.52 USD/image", "0.52 USD/image")
    (saved,) = section(page, "Savings").tables
    assert saved.rows == (("p", "low", "0.40 USD/image", "0.50 USD/image", "60.00", "72.00"),)
    assert [(tile.name, tile.amount) for tile in page.tiles] == [
        ("Saved against historic prices", "60.00"), ("Saved against incumbents", "72.00"),
    ]  # fmt: skip
    (asked,) = section(page, "What to ask of vendors with little or no work").tables
    assert asked.rows[0][0] == "far"
    assert asked.rows[0][2:4] == ("0.91 USD/image", "0.52 USD/image")


@pytest.mark.slow
def test_an_award_has_volumes_by_month_and_commitments() -> None:
    """Of 300 images a week one is of January and one of February; of the commitment of 100 USD 208 are used up."""
    m = material(read_case(bids()))
    (volumes,) = section(award(m, "low"), "Volumes by month").tables
    assert volumes.header == ("product", "unit", "2027-01", "2027-02", "in all")
    assert volumes.rows == (("p", "images", "300", "300", "600"),)
    sheet = award(m, "high")
    assert section(sheet, "Commitments").points == ("100 USD are committed; the award uses it in full.",)
    assert sheet.headline == "400 items of 1 product for 208.00 USD."


@pytest.mark.slow
@pytest.mark.parametrize("name", ["contracts", "portfolio"])
def test_awards_add_up_to_what_vendors_are_paid(name: str) -> None:
    """The lines' money for the work and the bill of each award come to the vendor's part of the invoice."""
    m = shipped(name)
    invoice = m.plan.invoice
    for vendor in bidders(m.case):
        lines = of_vendor(awarded(m), vendor)
        if not lines:
            continue
        mine = invoice[invoice["vendor"] == vendor]
        work = mine[mine["clause"].isin(["items", "tier", "surplus", "quality", "lateness", "early payment"])][
            "amount"
        ].sum()
        assert sum(one.paid for one in lines) == pytest.approx(float(work), abs=0.01)
        owed = mine[~mine["clause"].isin(["review", "pre-labelling"])]["amount"].sum()
        assert next(tile for tile in award(m, vendor).tiles if tile.name == "Amount").amount == f"{owed:,.2f}"


@pytest.mark.parametrize("name", ["contracts", "portfolio"])
def test_no_sheet_that_leaves_the_house_tells_of_another_vendor(name: str) -> None:
    """No other vendor's name, written price, or cost of an item stands on an award or feedback sheet."""
    m = shipped(name)
    routes = m.answer.routes
    figures: dict[str, set[str]] = {vendor: set() for vendor in m.case.vendors}
    for route in range(routes.count):
        for cost in (routes.price, routes.unit_cost):
            figures[routes.vendors[routes.vendor[route]]].add(f"{float(cost[route, 0]):.4g}")
    for rate in m.case.file.rates:
        if rate.price is not None:
            figures[rate.vendor].add(rate.price.text)
    for vendor, block in m.case.vendors.items():
        if block.contract.price is not None:
            figures[vendor].add(block.contract.price.text)
        figures[vendor] |= {step.price.text for tiers in block.contract.tiers for step in tiers.steps}
    for vendor in bidders(m.case):
        sheets = [feedback(m, vendor), *([award(m, vendor)] if of_vendor(awarded(m), vendor) else [])]
        for text in map(markdown, sheets):
            for other in m.case.vendors:
                if other == vendor:
                    continue
                assert not re.search(rf"(?<![\w-]){re.escape(other)}(?![\w-])", text)
                for figure in figures[other] - figures[vendor]:
                    assert not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d.])", text), (vendor, other, figure)


@pytest.mark.slow
def test_ranks_and_bands() -> None:
    """0.40, 0.52 and 0.91 are first, second and third, the second by 30% and so in the band up to it."""
    m = material(read_case(bids()))
    rows = {
        name: section(feedback(m, name), "Your offer, line by line").tables[0].rows[0]
        for name in ("low", "high", "far")
    }
    assert [rows[name][3:5] for name in ("low", "high", "far")] == [
        ("1 of 3", "lowest"), ("2 of 3", "15% to 30% above"), ("3 of 3", "more than 30% above"),
    ]  # fmt: skip
    assert [rows[name][-1] for name in ("low", "high", "far")] == ["600 items", "400 items", "no award"]


def test_a_historic_price_counts_what_the_price_counts() -> None:
    """A price per hour before, and per image now, cannot be compared, and the message says what to write."""
    case = bids()
    case["rates"][0]["historic-price"] = "12 USD/h"
    with pytest.raises(CaseError) as error:
        read_case(case)
    (problem,) = error.value.problems
    assert problem.message == "'12 USD/h' is per h, the price now ('0.40 USD/image') per image"
    assert problem.fix == "write what was paid per image"


def test_a_team_has_no_historic_price() -> None:
    """People on wages were never paid a price."""
    case = bids()
    case["vendors"]["low"] = {"accuracy": "100%", "team": {"people": 1, "hours": "40 h/week", "wage": "25 USD/h"}}
    case["rates"][0] = {"product": "p", "vendor": "low", "historic-price": "12 USD/h"}
    with pytest.raises(CaseError, match="is a team of your own"):
        read_case(case)


def test_file_names_are_safe_and_differ() -> None:
    """Names that only differ in case, or in signs no file may have, get files of their own."""
    assert list(file_names(["a/b", "A b", "..", "a-b"]).values()) == ["a-b", "A-b-2", "vendor", "a-b-3"]


@pytest.mark.slow
def test_the_command_writes_every_sheet(tmp_path: Path) -> None:
    """`report --award` writes the buyer's page beside the report, and sheets in folders of their own."""
    done = CliRunner().invoke(
        cli, ["report", str(CASES / "contracts"), "--out", str(tmp_path), "--award", "--no-workbook"]
    )
    assert done.exit_code == 0, done.exception
    written = {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*.html")}
    vendors = ("meridian", "northline", "fairfield")
    assert written == {
        "report.html",
        "buyer.html",
        *(f"{kind}/{name}.html" for kind in ("award", "feedback") for name in vendors),
    }


@pytest.mark.slow
def test_nobody_is_told_to_cut_wages() -> None:
    """People who would get work at a lower wage are on no list of what to ask for, on the page, the buyer's, or the screen."""
    case = bids()
    case["vendors"]["far"] = {"accuracy": "100%", "people": 2, "hours": "40 h/week", "contract": {"price": "91 USD/h"}}
    case["rates"][2] = {"product": "p", "vendor": "far", "price": "91 USD/h"}
    m = material(read_case(case))
    assert m.found is not None
    assert next(one for one in m.found.offers if one.vendor == "far").enters is None
    contractors = material(read_case(case, settings={"vendors.far.own": False})).found
    assert contractors is not None
    assert next(one for one in contractors.offers if one.vendor == "far").enters is not None
    for report in (compose(m.answer, m.found), buyer(m)):
        assert not any(
            "far" in row[0] for one in report.sections for t in one.tables if "cut" in t.header for row in t.rows
        )
    assert not any("far" in row[0] for row in offers_block(m.found.offers, m.case).rows)


def test_an_award_to_learners_paid_by_the_hour_counts_their_learned_hours() -> None:
    """100 images of an hour at first, and of 0.8 hours on average with 100: 80 hours are awarded at 30 USD, no 100 at 24."""
    learns = {"rate": "80%", "model": "wright", "from": "50 images"}
    case = bids(rates=[{"product": "p", "vendor": "low", "price": "30 USD/h"}])
    case["products"]["p"] = {"item": "image", "effort": "1 h/image", "demand": "100 images"}
    case["vendors"] = {"low": {"accuracy": "100%", "capacity": "400 h/week", "learning": learns}}
    (one,) = awarded(material(read_case(case)))
    assert one.units == pytest.approx(80.0)
    assert one.paid / one.units == pytest.approx(30.0)
