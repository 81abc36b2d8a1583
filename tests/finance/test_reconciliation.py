"""Every total of every shipped case comes to the same, to the cent: answer, JSON, CSV, invoice, payees, costs, cash, page, workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from finance.every_clause import EVERY_CLAUSE, FURTHER_CLAUSES
from python_calamine import CalamineWorkbook

from allocate import Answer, solve
from allocate.cli.output import print_csv
from allocate.finance.absorbed import absorbed
from allocate.finance.cash import cash_flow
from allocate.finance.invoice_table import all_money, invoice_table
from allocate.finance.ownership import ownership
from allocate.finance.payees import by_kind, by_payee, by_product
from allocate.plan import Plan
from allocate.record.as_json import as_json
from allocate.reporting.document import Table
from allocate.reporting.material import Material
from allocate.reporting.sections import money
from allocate.reporting.workbook.write import write_workbook
from allocate.study.figures import figures
from cases import pages

CASES = Path(__file__).resolve().parents[2] / "cases"
OF_CLAUSES = {"every clause": EVERY_CLAUSE, "further clauses": FURTHER_CLAUSES}
each_case = pytest.mark.parametrize(
    "name", [*sorted(path.parent.name for path in CASES.glob("*/case.yaml")), *OF_CLAUSES]
)
CENT = 0.01


@cache
def solved(name: str) -> tuple[Answer, Plan]:
    """A case's answer and plan, found once for all tests here, and for those of the cases' pages."""
    case = OF_CLAUSES.get(name)
    answer = solve(case, gap=0.005) if case is not None else pages.answer(CASES / name)
    assert answer.plan is not None
    return answer, answer.plan


@pytest.mark.slow
def test_nearly_every_clause_owes_something() -> None:
    """The cases of all clauses have them on their bills; a plan that is not the best is verified as any other."""
    owed = {entry.clause for name in OF_CLAUSES for entry in solved(name)[1].entries}
    assert owed >= {
        "commitment", "early payment", "items", "lever", "minimum invoice", "onboarding", "platform fee", "product start", "quality",
        "rebate", "retainer", "review", "pre-labelling", "seats", "tier", "volume discount", "wages", "holding", "backlog", "penalty", "lever price", "minimum platform fee",
    }  # fmt: skip
    about = {entry.about for entry in solved("further clauses")[1].entries}
    assert about >= {"price lock of lock", "milestone of streets by week 1", "deadline of shops", "demand of streets"}


def to_the_cent(total: float) -> Any:
    """A total that is shown with two decimals."""
    return pytest.approx(total, abs=CENT / 2 + 1e-6)


def sums(frame: pd.DataFrame, by: str, amount: str) -> dict[str, float]:
    """Totals by the names in a column; those that are nothing are left out."""
    found = frame.groupby(by)[amount].sum()
    return {str(name): float(total) for name, total in found.items() if abs(total) > CENT / 2}


def alike(found: dict[str, float], expected: dict[str, float], within: float = CENT) -> None:
    """Both have the same names, with the same totals."""
    assert found == pytest.approx(
        {name: total for name, total in expected.items() if abs(total) > CENT / 2}, abs=within
    )


@each_case
def test_lines_products_and_vendors_come_to_the_spend(name: str) -> None:
    """Frames, JSON and CSV: lines, products, vendors with what goes with none, invoice and payees."""
    answer, plan = solved(name)
    told, products, vendors = as_json(answer), plan.products, plan.vendors
    no_vendor = sum(entry.amount for entry in plan.entries if not entry.vendor)
    assert all_money(plan)["cost"].sum() == to_the_cent(plan.spend)
    assert products["cost"].sum() == to_the_cent(plan.spend)
    assert vendors[["spend", "fees", "overhead"]].to_numpy().sum() + no_vendor == to_the_cent(plan.spend)
    assert told["spend"] == plan.spend
    assert sum(line["cost"] for line in told["lines"]) == to_the_cent(plan.spend)
    assert sum(one["cost"] for one in told["products"].values()) == to_the_cent(plan.spend)
    assert sum(row["amount"] for row in told["invoice"]) == pytest.approx(round(plan.spend, 2), abs=1e-6)
    assert sum(row["amount"] for row in told["payees"]) == to_the_cent(plan.spend)
    assert plan.spend_by("vendor")["spend"].sum() == to_the_cent(plan.spend)
    found = figures(answer)
    assert sum(one.spend for one in found.products.values()) == to_the_cent(plan.spend)
    assert sum(one.spend for one in found.vendors.values()) + found.with_no_vendor == to_the_cent(plan.spend)


@each_case
def test_csv_comes_to_the_spend(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan's lines and the invoice, read again as a spreadsheet reads them."""
    answer, plan = solved(name)
    for frame, column in ((all_money(plan), "cost"), (invoice_table(answer.case, plan).frame, "amount")):
        print_csv(frame)
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert sum(float(row[column]) for row in rows) == to_the_cent(plan.spend)


@each_case
def test_the_invoice_pivots_to_what_other_tables_have(name: str) -> None:
    """By product, vendor, payee and category; amounts are whole cents."""
    answer, plan = solved(name)
    table, products, vendors = invoice_table(answer.case, plan).frame, plan.products, plan.vendors
    cents = table["amount"] * 100
    assert (abs(cents - cents.round()) < 1e-6).all()
    alike(sums(table, "product", "amount"), dict(zip(products["product"], products["cost"], strict=True)))
    owed = vendors["spend"] + vendors["fees"] + vendors["overhead"]
    alike(sums(table[table["vendor"] != ""], "vendor", "amount"), dict(zip(vendors["vendor"], owed, strict=True)))
    payees = by_payee(answer.case, plan).frame
    alike(sums(table, "paid_to", "amount"), sums(payees, "paid_to", "amount"))
    alike(sums(table, "kind", "amount"), by_kind(answer.case, plan))
    spent = ownership(answer.case, plan).costs.query("spent")
    alike(sums(table, "category", "amount"), sums(spent, "category", "nominal"))


@each_case
def test_costs_of_ownership_and_cash_come_to_the_spend(name: str) -> None:
    """By year, quarter and month; by product, vendor and payee; owed and paid; what work is owed whenever it is paid."""
    answer, plan = solved(name)
    case = answer.case
    for by in ("year", "quarter", "month"):
        owned = ownership(case, plan, by)  # type: ignore[arg-type]
        assert owned.spend == to_the_cent(plan.spend)
        assert owned.total == to_the_cent(plan.spend + plan.escaped_error_cost)
        assert owned.made["cost"].sum() == to_the_cent(plan.spend)
    per_product = ownership(case, plan, per="product").costs.query("spent")
    alike(
        sums(per_product, "product", "nominal"),
        dict(zip(plan.products["product"], plan.products["cost"], strict=True)),
        1e-6,
    )
    assert ownership(case, plan, per="vendor").spend == to_the_cent(plan.spend)
    alike(
        sums(ownership(case, plan, per="paid-to").costs.query("spent"), "paid_to", "nominal"),
        sums(by_payee(case, plan).frame, "paid_to", "amount"),
        1e-6,
    )
    cash = cash_flow(case, plan)
    assert cash[["owed", "paid"]].sum().tolist() == [to_the_cent(plan.spend)] * 2
    pools = absorbed(case, plan)
    assert float(pools.products["spend"].sum()) + pools.other == to_the_cent(plan.spend)


@each_case
def test_cost_of_an_accurate_item_is_one_figure(name: str) -> None:
    """By product it is the product's money in the invoice over its accurate items; over all that of the costs of ownership."""
    answer, plan = solved(name)
    money_of: dict[str, float] = {}
    for (product, _), amount in by_product(answer.case, plan).items():
        money_of[product] = money_of.get(product, 0.0) + amount
    right = plan.products["items"] * plan.products["accuracy"]
    for product, each, good in zip(
        plan.products["product"], plan.products["cost_per_accurate_item"], right, strict=True
    ):
        if good > 0:
            assert each == pytest.approx(money_of[product] / good, rel=1e-9)
    if right.sum() > 0:
        assert ownership(answer.case, plan).per_accurate_item() == pytest.approx(plan.spend / right.sum(), rel=1e-9)


def column(table: Table, head: str) -> list[float]:
    """The amounts in a column of a table of the page; a row of totals is left out."""
    at = next(number for number, one in enumerate(table.header) if one.startswith(head))
    rows: Iterable[Any] = (row for row in table.rows if row[0] != "in all")
    return [float(row[at].replace(",", "")) for row in rows if row[at] not in ("–", "")]


@each_case
def test_the_page_comes_to_the_spend(name: str) -> None:
    """Where the money goes with its bars' figures, who gets it, what items cost, and spend by vendor."""
    answer, plan = solved(name)
    m = Material(answer, plan, None)
    off = CENT / 2 * (len(plan.products) + len(plan.vendors) + 2)
    (each,) = money.unit_economics(m).tables
    assert sum(column(each, "spend")) == pytest.approx(plan.spend, abs=off)
    chart = money.spend(m).chart
    assert chart is not None
    assert sum(column(chart.figures, "in all" if "in all" in chart.figures.header else plan.currency)) == pytest.approx(
        plan.spend, abs=off
    )
    who = money.payees(m)
    if who is not None:
        assert sum(column(who.tables[0], "amount")) == pytest.approx(plan.spend, abs=off)
    (vendors,) = money.vendors(m).tables
    no_vendor = sum(entry.amount for entry in plan.entries if not entry.vendor)
    assert sum(column(vendors, "spend")) + no_vendor == pytest.approx(plan.spend, abs=off)


@each_case
def test_the_workbook_comes_to_the_spend(name: str, tmp_path: Path) -> None:
    """The summary's totals, products with their shared costs, and the invoice sheet."""
    answer, plan = solved(name)
    book = CalamineWorkbook.from_path(str(write_workbook(answer, tmp_path / "book.xlsx")))
    rows = book.get_sheet_by_name("Summary").to_python()
    totals = {str(row[0]): row[1] for row in rows[4:20]}
    assert totals["Spend"] == to_the_cent(plan.spend)
    assert totals["Spend by the invoice"] == to_the_cent(plan.spend)
    head = next(number for number, row in enumerate(rows) if row[0] == "Products")
    listed = {str(row[0]): float(row[3]) + float(row[5]) for row in rows[head + 1 : head + 1 + len(plan.products)]}
    made = plan.products["items"] > 0
    alike(
        {one: listed[one] for one in plan.products["product"][made]},
        dict(zip(plan.products["product"][made], plan.products["cost"][made], strict=True)),
    )
    invoice = book.get_sheet_by_name("Invoice").to_python()
    assert sum(float(row[7]) for row in invoice[1:] if row[0] != "Total" and isinstance(row[7], float)) == to_the_cent(
        plan.spend
    )
