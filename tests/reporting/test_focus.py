"""Plans as FOCUS 1.4: the columns of the specification, its rules on empty cells, and sums to the cent."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.reporting.focus import contract_commitments, cost_and_usage, write_focus
from allocate.tables.focus import (
    COMMITMENT_COLUMNS,
    CONTRACT_COMMITMENT,
    COST_AND_USAGE,
    NOT_OF_A_PLAN,
    OURS,
    USAGE_COLUMNS,
)

CASES = Path(__file__).parent.parent.parent / "cases"
ALWAYS = """BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass
ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost HostProviderName InvoiceIssuerName ListCost PricingQuantity
PricingUnit ServiceCategory ServiceName ServiceProviderName""".split()
"""Columns that version 1.4 says every dataset of cost and usage must have (CAU1.2, the lines without a condition)."""
CASE: dict[str, Any] = {
    "case": "fees", "currency": "USD", "exchange": {"EUR": "1.1 USD"}, "horizon": {"start": "2027-01-18", "weeks": 4}, "objective": "cost",
    "products": {"scans": {"item": "page", "effort": "36 s/page", "demand": "4_000 pages", "tags": {"team": "ocr"}}},
    "vendors": {
        "acme": {
            "currency": "EUR", "accuracy": "99%", "capacity": "40 h/week", "platform-fee": "5%", "tags": {"region": "eu"},
            "contract": {
                "price": "0.20 EUR/page", "commitment": {"at-least": "1_000 EUR", "window": "month"},
                "fees": {"onboarding": "150 EUR"}, "rebate": {"steps": [{"at-least": "500 EUR", "back": "10%"}]},
            },
        }
    },
    "workflows": ["single-pass"],
}  # fmt: skip


def _rows(case: dict[str, Any]) -> list[dict[str, Any]]:
    answer = solve(read_case(case))
    assert answer.plan is not None
    return list(cost_and_usage(answer.case, answer.plan, is_plan=True))


def test_the_columns_are_those_of_the_specification() -> None:
    """65 and 30 columns in the order of the alphabet; those that are always required are there, ours begin with x_ and come last."""
    assert (len(COST_AND_USAGE), len(CONTRACT_COMMITMENT)) == (65, 30)
    assert list(COST_AND_USAGE) == sorted(COST_AND_USAGE)
    assert list(CONTRACT_COMMITMENT) == sorted(CONTRACT_COMMITMENT)
    assert set(ALWAYS) <= set(USAGE_COLUMNS)
    assert USAGE_COLUMNS[-len(OURS) :] == OURS == tuple(sorted(OURS))
    for mine, theirs in ((USAGE_COLUMNS, COST_AND_USAGE), (COMMITMENT_COLUMNS, CONTRACT_COMMITMENT)):
        own = [name for name in mine if not name.startswith("x_")]
        assert own == [name for name in theirs if name not in NOT_OF_A_PLAN]


@pytest.mark.parametrize(
    "name", ["contracts", "in-house-team", "vendor-comparison", "published-prices", "second-quarter"]
)
def test_rows_add_up_to_the_spend(name: str) -> None:
    """BilledCost, EffectiveCost, ContractedCost and ListCost each come to the plan's spend, to the cent."""
    answer = solve(read_case(CASES / name), time_limit=20.0)
    assert answer.plan is not None
    rows = list(cost_and_usage(answer.case, answer.plan, is_plan=True))
    for column in ("BilledCost", "EffectiveCost", "ContractedCost", "ListCost"):
        assert round(sum(row[column] for row in rows), 2) == round(answer.plan.spend, 2), column


def test_what_each_charge_is() -> None:
    """Work is Usage, onboarding a Purchase, a rebate a Credit; a fee of 5 % on work is Usage; prices times quantities are costs."""
    rows = _rows(CASE)
    kinds = {row["x_Clause"]: row["ChargeCategory"] for row in rows}
    assert {
        "items": "Usage",
        "onboarding": "Purchase",
        "rebate": "Credit",
        "platform fee": "Usage",
    }.items() <= kinds.items()
    for row in rows:
        priced = row["ChargeCategory"] in ("Usage", "Purchase")
        assert (
            (row["ContractedUnitPrice"] is not None)
            == (row["PricingQuantity"] is not None)
            == (row["SkuId"] is not None)
            == priced
        )
        assert (
            (row["ConsumedQuantity"] is not None)
            == (row["ConsumedUnit"] is not None)
            == (row["ChargeCategory"] == "Usage")
        )
        assert row["ChargeFrequency"] != "Usage-Based" or row["ChargeCategory"] == "Usage"
        assert row["ServiceSubcategory"].endswith(f"({row['ServiceCategory']})")
        assert (row["BillingCurrency"], row["PricingCurrency"]) == ("USD", "EUR")
        if priced:
            assert row["ContractedUnitPrice"] * row["PricingQuantity"] == pytest.approx(
                row["ContractedCost"], abs=0.005
            )
            assert row["ContractedUnitPrice"] >= 0.0
        assert json.loads(row["Tags"]) == {"region": "eu", "team": "ocr"}


def test_charges_lie_in_their_periods() -> None:
    """Work of the week of 25 January is billed with January, where its last day lies, and ends exclusively on 1 February."""
    contract = {"price": "0.20 USD/page"}
    slow = {**CASE, "vendors": {"acme": {"accuracy": "99%", "capacity": "12 h/week", "contract": contract}}}
    row = next(
        row for row in _rows(slow) if row["ChargePeriodStart"] == "2027-01-25T00:00:00Z" and row["x_Clause"] == "items"
    )
    assert row["ChargePeriodEnd"] == "2027-02-01T00:00:00Z"
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == ("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")


def test_commitments_are_a_dataset_of_their_own() -> None:
    """A commitment by the month is a row for January and one for February; rows of work name the one they count towards."""
    case = read_case(CASE)
    promised = {row["ContractCommitmentId"]: row for row in contract_commitments(case)}
    assert [(row["ContractCommitmentPeriodStart"][:10], row["ContractCommitmentPeriodEnd"][:10]) for row in promised.values()] == [
        ("2027-01-18", "2027-02-01"), ("2027-02-01", "2027-02-15"),
    ]  # fmt: skip
    for row in promised.values():
        assert (
            row["ContractCommitmentCost"],
            row["BillingCurrency"],
            row["ContractCommitmentFulfillmentInterval"],
        ) == (1000.0, "EUR", "Monthly")
        assert set(row) <= set(COMMITMENT_COLUMNS)
        assert json.loads(row["ContractCommitmentApplicability"])["Inclusions"][0]["Values"] == ["acme"]
    used = {
        json.loads(row["ContractApplied"])["Elements"][0]["ContractCommitmentId"]
        for row in _rows(CASE)
        if row.get("ContractApplied")
    }
    assert used <= set(promised)
    assert used


def test_a_file_is_written_with_what_was_done(tmp_path: Path, run: Run) -> None:
    """`export --focus --actuals`: the plan's rows and those of the work done, told apart by x_IsPlan; no commitments, no second file."""
    quarter, file = CASES / "second-quarter", tmp_path / "q2.csv"
    done = run("export", quarter, "--focus", file, "--actuals", quarter / "actuals" / "work")
    assert done.code == 0, done.err
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    sums = {
        kind: sum(float(row["BilledCost"]) for row in rows if row["x_IsPlan"] == kind) for kind in ("true", "false")
    }
    assert sums["true"] == pytest.approx(11_788.74)
    assert sums["false"] == pytest.approx(11_788.74 + 287.66, abs=0.02), (
        "as the contract asks for the hours really worked"
    )
    assert list(rows[0]) == list(USAGE_COLUMNS)
    assert [path.name for path in tmp_path.iterdir()] == ["q2.csv"]


def test_names_are_no_formulas(tmp_path: Path) -> None:
    """A product named like a formula stands in the file behind an apostrophe, as in every table."""
    case = read_case({**CASE, "products": {"=cmd": CASE["products"]["scans"]}})
    answer = solve(case)
    assert answer.plan is not None
    written = write_focus(case, answer.plan, tmp_path / "f.csv")
    assert [path.name for path in written] == ["f.csv", "f-commitments.csv"]
    assert "'=cmd" in written[0].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["--focus", "a.txt"],
        ["--actuals", "x"],
        ["--focus", "a.csv", "--format", "lp"],
        ["--focus", "a.csv", "--tables", "t"],
    ],
)
def test_options_that_do_not_go_together(run: Run, words: list[str]) -> None:
    """Another ending, actuals alone, a program's options: wrong usage, and nothing is written."""
    assert run("export", CASES / "vendor-comparison", *words).code == 2
    assert not Path("a.csv").exists()
