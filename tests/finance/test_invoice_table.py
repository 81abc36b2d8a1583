"""The invoice as a table that pivots, and who gets the money."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from contract_grid import written

from allocate import Answer, read_case, solve
from allocate.finance.invoice_table import all_money, invoice_table
from allocate.finance.payees import (
    CHECKING,
    LABELLING,
    OTHERS,
    PLATFORMS,
    TOOLS,
    VENDORS,
    bought,
    by_kind,
    by_payee,
)  # fmt: skip

VENDOR = {
    "contract": {
        "price": "1 USD/image", "payment": "30 days",
        "fees": {"retainer": "70 USD/month", "seat": {"price": "9 USD/month", "carries": "100 images/month", "name": "licence"}},
    },
    "platform-fee": "10%",
}  # fmt: skip
CHECKED = {
    "workflows": {"checked": {"review": {"share": "50%", "time": "36 s/image"}}},
    "review-team": {"wage": "20 USD/h"},
}


def planned(vendors: dict[str, Any], **more: Any) -> Answer:
    """The best plan of 40 images of each product."""
    answer = solve(read_case(written(vendors, exchange={}, **more)))
    assert answer.plan is not None
    return answer


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """The table, row by row."""
    assert answer.plan is not None
    table = invoice_table(answer.case, answer.plan)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows()]


def test_who_gets_the_money_by_hand() -> None:
    """40 USD of work, 10 % to the platform, half of it checked for 36 s at 20 USD/h by own people, a tool for 3 USD."""
    lever = {"tool": {"cost": "3 USD", "bought": True, "effect": {"hours": "-10%"}}}
    vendor = {"contract": {"price": "1 USD/image"}, "platform-fee": "10%"}
    answer = planned({"v": vendor}, levers=lever, **CHECKED)
    assert answer.plan is not None
    kinds = by_kind(answer.case, answer.plan)
    assert kinds == pytest.approx({VENDORS: 40.0, CHECKING: 20 * 0.01 * 20, TOOLS: 3.0, PLATFORMS: 4.0})
    assert sum(kinds.values()) == pytest.approx(answer.plan.spend)
    names = by_payee(answer.case, answer.plan)["paid_to"].tolist()
    assert names == ["v", "review team", "tool", "platform of v"]


def test_a_team_is_own_people_and_its_licences_are_tools() -> None:
    """A team's wages, idle pay and retainer go to it; the seats of its tool do not."""
    team = {"people": 1, "hours": "40 h/week", "wage": "10 USD/h"}
    fees = {"retainer": "5 USD/week", "seat": {"price": "7 USD", "carries": "100 images", "name": "editor"}}
    answer = planned({"t": {"team": team, "contract": {"fees": fees}}})
    assert answer.plan is not None
    assert by_kind(answer.case, answer.plan) == pytest.approx({LABELLING: 405.0, TOOLS: 7.0})


def test_penalties_go_to_others() -> None:
    """40 images missing, at 50 cents paid for each."""
    case = written({"v": {"contract": {"price": "1 USD/image"}}}, exchange={})
    case["products"]["one"]["demand"] = {
        "at-least": "40 images",
        "at-most": "40 images",
        "penalty": "0.5 USD/image",
        "cash": True,
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert by_kind(answer.case, answer.plan) == pytest.approx({OTHERS: 20.0})
    frame = all_money(answer.plan)
    assert frame["cost"].tolist() == pytest.approx([20.0])
    assert frame[["product", "vendor", "items"]].to_numpy().tolist() == [["one", "", 0.0]]


def test_what_is_bought_of_a_vendor_leaves_own_checking_out() -> None:
    """10,000 images at half a dollar are an order of 5,000.00, whatever it costs to check them."""
    answer = solve("cases/vendor-comparison")
    assert answer.plan is not None
    assert bought(answer.plan) == pytest.approx({("vendor-a", 1): 5_000.0})
    assert answer.plan.spend == pytest.approx(5_166.67, abs=0.005)


def test_rows_have_product_category_window_and_due_date() -> None:
    """A week in January of two products: the month's retainer and seats are for all of it, due 30 days after the week."""
    answer = planned({"v": VENDOR}, products=("one", "two"), **CHECKED)
    rows = rows_of(answer)
    seats = [row for row in rows if row["clause"] == "seats"]
    assert [(row["product"], row["quantity"], row["amount"]) for row in seats] == [("one", 0.5, 4.5), ("two", 0.5, 4.5)]
    for row in seats:
        assert (str(row["window_from"]), str(row["window_to"]), str(row["due"])) == (
            "2027-01-01",
            "2027-01-31",
            "2027-02-25",
        )
        assert (row["paid_to"], row["category"], row["currency"], row["period"]) == ("v", "tooling", "USD", 1)
    review = next(row for row in rows if row["clause"] == "review")
    assert (review["paid_to"], review["vendor"], str(review["due"])) == ("review team", "v", "2027-01-26")
    assert assert_adds_up(answer)


def assert_adds_up(answer: Answer) -> bool:
    """Whole cents add up to the spend, and by product and vendor to what the plan's tables have."""
    assert answer.plan is not None
    table, plan = invoice_table(answer.case, answer.plan).frame, answer.plan
    assert table["amount"].sum() == pytest.approx(round(plan.spend, 2), abs=1e-6)
    assert (abs(table["amount"] * 100 - (table["amount"] * 100).round()) < 1e-6).all()
    by_product = table.groupby("product")["amount"].sum()
    for name, cost in zip(plan.products["product"], plan.products["cost"], strict=True):
        assert by_product.get(name, 0.0) == pytest.approx(cost, abs=0.01)
    return True


def test_paid_in_advance_is_due_at_the_start() -> None:
    """What is paid in advance is due on the first day of its period, what says nothing on the last."""
    for payment, day in (("in advance", "2027-01-20"), (None, "2027-01-26"), ("1 month", "2027-02-26")):
        contract = {"price": "1 USD/image", **({"payment": payment} if payment else {})}
        (row,) = rows_of(planned({"v": {"contract": contract}}))
        assert str(row["due"]) == day


def test_csv_of_a_plan_leaves_nothing_out(run: Run, tmp_path: Path) -> None:
    """The column `cost` adds up to the spend, rows of no line included, and the file holds when it is fixed."""
    case = written(
        {"v": {"contract": {"price": "1 USD/image", "fees": {"onboarding": "7 USD"}}}}, products=("one", "two")
    )
    case["products"]["two"]["demand"] = {
        "at-least": "40 images",
        "at-most": "40 images",
        "penalty": "0.5 USD/image",
        "cash": True,
    }
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    told = run("solve", tmp_path, "--format", "csv", "--no-save")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert sum(float(row["cost"]) for row in rows) == pytest.approx(40 + 7 + 20)
    assert [(row["product"], row["vendor"], row["start"]) for row in rows] == [
        ("one", "v", "2027-01-20"),
        ("two", "", ""),
    ]
    (tmp_path / "plan.csv").write_text(told.out, encoding="utf-8")
    again = run("solve", tmp_path, "--fix", tmp_path / "plan.csv", "--format", "csv", "--no-save")
    assert again.out == told.out


@pytest.mark.slow
def test_json_and_csv_of_the_invoice_are_the_table(run: Run) -> None:
    """Both formats have every column, in whole cents; the screen says who is paid, and the total."""
    text = run("solve", "cases/contracts", "--invoice", "--format", "json", "--no-save").out
    told = json.loads(text)
    assert sum(row["amount"] for row in told["invoice"]) == pytest.approx(told["total"], abs=0.005)
    rows = list(
        csv.DictReader(io.StringIO(run("solve", "cases/contracts", "--invoice", "--format", "csv", "--no-save").out))
    )
    assert [float(row["amount"]) for row in rows] == pytest.approx([row["amount"] for row in told["invoice"]])
    assert rows[0]["window_from"] == told["invoice"][0]["window_from"] == "2027-01-04"
    shown = run("solve", "cases/contracts", "--invoice", "--no-save").out
    assert "Who gets the money (USD)" in shown
