"""The workbook counts contracts in their own currency by formulas, and says what of it is a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from allocate import read_case, solve
from allocate.reporting.workbook.write import write_workbook

RATES = [{"rate": "1 USD"}, {"from": "week 2", "rate": "2 USD"}]


def sheets(folder: Path, rates: Any, budget: str) -> tuple[dict[str, Any], list[list[Any]]]:
    """The first sheet by its words, and the rows of the invoice for contracts: 100 of 300 EUR are missing, of 200 EUR a tenth comes back."""
    rebate = {"steps": [{"at-least": "150 EUR", "back": "10%"}]}
    contract = {"price": "1 EUR/image", "commitment": "300 EUR", "rebate": rebate}
    case = {
        "case": "fx",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": rates},
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "budget": budget,
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": {"exactly": "200 images"}}},
        "vendors": {"v": {"contract": contract, "capacity": "150 images/week"}},
        "workflows": {"plain": {}},
    }
    path = folder / "plan.xlsx"
    write_workbook(solve(read_case(case)), path)
    book = CalamineWorkbook.from_path(str(path))
    summary = {str(row[0]): row[1] for row in book.get_sheet_by_name("Summary").to_python() if row and row[0] != ""}
    clauses = [row for row in book.get_sheet_by_name("Invoice").to_python() if row and row[1] == "the horizon"]
    return summary, clauses


def test_clauses_follow_by_formulas_in_their_currency(tmp_path: Path) -> None:
    """Both count EUR in the sheet, and are owed at the 2 USD of week 2; neither stands as a figure."""
    _, rows = sheets(tmp_path, RATES, "900 EUR")
    found = {row[2]: row for row in rows}
    assert set(found) == {"commitment", "rebate"}
    assert found["commitment"][4:8] == [pytest.approx(100), "EUR", pytest.approx(2), pytest.approx(200)]
    assert found["rebate"][4:8] == [pytest.approx(200), "EUR", pytest.approx(-0.2), pytest.approx(-40)]
    assert {row[8] for row in rows} == {""}


@pytest.mark.slow
def test_a_budget_in_another_currency_is_left_in_it(tmp_path: Path) -> None:
    """Spent are 200 EUR of work, 100 missing, less 20: 280 of 900 EUR. One rate makes a formula of it, several a figure, said so."""
    summary, _ = sheets(tmp_path, RATES, "900 EUR")
    assert summary["Budget left, EUR"] == pytest.approx(900 - 280)
    assert any("Written as figures" in words and "spend in EUR" in words for words in summary)
    summary, _ = sheets(tmp_path, "2 USD", "900 EUR")
    assert summary["Spend in EUR"] == pytest.approx(280)
    assert summary["Budget left, EUR"] == pytest.approx(900 - 280)
    assert not any("Written as figures" in words for words in summary)
