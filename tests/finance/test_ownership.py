"""Total cost of ownership: discounting against textbook tables, years and categories against the invoice, the command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import Answer, evaluate, read_case, solve
from allocate.case.horizon import Periods
from allocate.case.plan_file import PlanLine
from allocate.cli import cli
from allocate.costing.clauses import OF_NO_LINE
from allocate.costing.supply.teams import CLAUSES
from allocate.costing.terms.discounting import factor_at
from allocate.finance.ownership import CATEGORIES, ERRORS, Ownership, ownership
from allocate.numbers import Floats

CASES = Path(__file__).resolve().parents[2] / "cases"
NAMES = ("product", "vendor", "workflow", "period", "items")


def written(**more: Any) -> dict[str, Any]:
    """18 months from November 2027: a vendor with a fee, seats for its tool, and checking."""
    return {
        "case": "years",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-11-01", "months": 18},
        "products": {
            "frames": {
                "item": "frame", "effort": "36 s/frame", "demand": "36_000 frames", "error-cost": "0.5 USD/frame",
                "milestones": [{"by": "2027-12-31", "at-least": "4_000 frames"}],
            }
        },
        "vendors": {
            "acme": {
                "accuracy": "90%",
                "capacity": "2_100 frames/month",
                "platform-fee": "0.02 USD/frame",
                "contract": {"price": "0.30 USD/frame", "fees": {"onboarding": "1k USD"}},
            }
        },
        "workflows": {"checked": {"review": {"share": "10%", "time": "36 s/frame"}}},
        "review-team": {"wage": "40 USD/h"},
        **more,
    }  # fmt: skip


def found(by: Any = "year", **more: Any) -> tuple[Answer, Ownership]:
    """The plan and what owning it costs."""
    answer = solve(read_case(written(**more)))
    assert answer.plan is not None
    return answer, ownership(answer.case, answer.plan, by)


def discount_factors(periods: Periods, rate: float) -> Floats:
    """What one unit of money of each period is worth at the start of the horizon."""
    return factor_at(periods, rate, np.arange(1.0, periods.count + 1.0))


TABLES = [(0.08, [0.9259, 0.8573, 0.7938, 0.7350, 0.6806], 3.9927), (0.10, [0.9091, 0.8264, 0.7513, 0.6830, 0.6209], 3.7908)]  # fmt: skip


@pytest.mark.parametrize(("rate", "single", "annuity"), TABLES)
def test_discount_factors_are_those_of_the_textbooks(rate: float, single: list[float], annuity: float) -> None:
    """Present values of 1 after one to five years, and of 1 a year for five years, to the four decimals of the tables."""
    periods = read_case(written_for_years(60)).periods
    yearly = discount_factors(periods, rate)[11::12]
    assert [round(float(factor), 4) for factor in yearly] == single
    assert round(float(yearly.sum()), 4) == annuity


def written_for_years(months: int) -> dict[str, Any]:
    return {
        "case": "factors",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-01", "months": months},
        "products": {"frames": {"item": "frame", "effort": "36 s/frame", "demand": "10 frames"}},
        "vendors": {"acme": {"contract": {"price": "1 USD/frame"}}},
        "workflows": {"plain": {}},
    }


def test_weeks_are_discounted_by_their_days() -> None:
    """A week counts 7 days of a year of 365.25, from its end."""
    weeks = {**written_for_years(1), "horizon": {"start": "2027-01-04", "weeks": 60}}
    factors = discount_factors(read_case(weeks).periods, 0.08)
    assert factors[0] == pytest.approx(1.08 ** (-7 / 365.25), rel=1e-14)
    assert factors[59] == pytest.approx(1.08 ** (-420 / 365.25), rel=1e-14)


def test_every_clause_of_an_invoice_has_one_category() -> None:
    """Categories part the clauses that entries name: none is missing, none stands twice."""
    named = [clause for clauses in CATEGORIES.values() for clause in clauses]
    assert len(named) == len(set(named))
    assert OF_NO_LINE | set(CLAUSES) <= set(named)


def test_years_and_categories_by_hand() -> None:
    """36,000 frames over three calendar years: each category as multiplied out, together what the plan spends."""
    answer, owned = found()
    sums = owned.costs.groupby("category")["nominal"].sum()
    expected = {"vendors": 36_000 * 0.30, "tooling": 36_000 * 0.02, "checking": 36_000 * 0.1 * 0.4,
                "onboarding and fees": 1_000.0, ERRORS: 36_000 * 0.1 * 0.5}  # fmt: skip
    assert sums.to_dict() == pytest.approx(expected)
    assert answer.plan is not None
    assert owned.spend == pytest.approx(answer.plan.spend)
    assert owned.total == pytest.approx(answer.plan.spend + answer.plan.escaped_error_cost)
    assert owned.made["when"].tolist() == ["2027", "2028", "2029"]
    assert owned.accurate_items == pytest.approx(36_000 * 0.9)
    assert owned.per_accurate_item(errors=True) == pytest.approx((36_000 * (0.32 + 0.04 + 0.05) + 1_000) / 32_400)
    assert owned.discounted is None
    with pytest.raises(ValueError, match="nothing is discounted"):
        owned.per_accurate_item(discounted=True)


def test_each_amount_stands_in_the_year_its_period_begins_in() -> None:
    """By year the vendor's money is that of the plan's lines of these months; onboarding is of the first."""
    answer, owned = found()
    assert answer.plan is not None
    lines = answer.plan.lines
    years = (2027 + (lines["period"] + 9) // 12).astype(str)  # month 1 is November 2027
    items = lines["items"].groupby(years).sum()
    cells = owned.costs.set_index(["when", "category"])["nominal"]
    assert {year: cells[year, "vendors"] for year in items.index} == pytest.approx((items * 0.30).to_dict())
    assert cells["2027", "onboarding and fees"] == 1_000.0
    assert ("2028", "onboarding and fees") not in cells.index


def test_discounted_money_by_hand() -> None:
    """The sum over months of all their money over 1.08 to the months gone by, a twelfth of a year each."""
    answer, owned = found(discount="8 %/year")
    assert answer.plan is not None
    lines = answer.plan.lines
    each = lines["items"] * (0.32 + 0.04 + 0.05)
    by_hand = float((each / 1.08 ** (lines["period"] / 12)).sum()) + 1_000 / 1.08 ** (1 / 12)
    assert owned.discount == pytest.approx(0.08)
    assert owned.discounted == pytest.approx(by_hand, rel=1e-12)
    assert owned.per_accurate_item(errors=True, discounted=True) == pytest.approx(by_hand / 32_400, rel=1e-12)


def test_quarters_add_up_to_years() -> None:
    """The same money by quarter, the quarters those of the calendar."""
    _, years = found(discount="8 %/year")
    _, quarters = found("quarter", discount="8 %/year")
    assert quarters.made["when"].tolist()[:3] == ["2027-Q4", "2028-Q1", "2028-Q2"]
    summed = quarters.costs.assign(when=quarters.costs["when"].str[:4]).groupby(["when", "category"])
    for column in ("nominal", "discounted"):
        expected = years.costs.set_index(["when", "category"])[column].to_dict()
        assert summed[column].sum().to_dict() == pytest.approx(expected)


def test_the_best_plan_is_worth_least_and_its_objective_is_what_the_report_discounts() -> None:
    """The plan chosen by present value spends no less than the nominal one, and has no greater present value."""
    (plain, nominal), (discounted, worth) = found(), found(discount="8 %/year")
    assert plain.plan is not None
    assert discounted.plan is not None
    assert discounted.plan.present is not None
    spent = worth.costs[worth.costs["spent"]]["discounted"].sum()
    assert discounted.objective == pytest.approx(discounted.plan.present.spend)
    assert discounted.objective == pytest.approx(spent)
    assert discounted.plan.spend >= plain.plan.spend - 1e-6
    rate = read_case(written(discount="8 %/year"))
    again = evaluate(rate, [PlanLine(*row) for row in plain.plan.lines[list(NAMES)].itertuples(index=False)]).plan
    assert again.present is not None
    assert discounted.objective <= again.present.spend + 1e-6
    assert nominal.discounted is None


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_rate_makes_later_money_worth_less(one: float, other: float) -> None:
    """Factors fall with time and with the rate; without a rate money is worth itself."""
    periods = read_case(written_for_years(24)).periods
    low, high = (discount_factors(periods, rate) for rate in sorted((one, other)))
    assert np.all(low >= high)
    assert np.all(np.diff(high) <= 0)
    assert np.all(discount_factors(periods, 0.0) == 1.0)


@pytest.mark.parametrize("name", ["contracts", "in-house-team", "make-or-buy", "vendor-comparison"])
def test_categories_add_up_to_the_spend_of_shipped_cases(name: str) -> None:
    """Nothing of an invoice is lost or counted twice."""
    answer = solve(read_case(CASES / name))
    assert answer.plan is not None
    owned = ownership(answer.case, answer.plan)
    assert owned.spend == pytest.approx(answer.plan.spend, rel=1e-12)
    assert owned.total - owned.spend == pytest.approx(answer.plan.escaped_error_cost, abs=1e-9)


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, ["tco", *words])


@pytest.mark.slow
def test_the_command_prints_every_format() -> None:
    """Table, Markdown, CSV and JSON hold the same money; without a discount rate they say that nothing is discounted."""
    path = str(CASES / "make-or-buy")
    told = json.loads(run(path, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(run(path, "--format", "csv").stdout)))
    assert sum(float(row["nominal"]) for row in rows) == pytest.approx(told["spend"])
    assert sum(float(row["discounted"]) for row in rows) == pytest.approx(told["discounted"])
    assert told["discount_per_year"] == pytest.approx(0.08)
    for format_ in ("table", "md"):
        printed = run(path, "--format", format_).stdout
        assert f"{told['spend']:,.2f}" in printed
        assert f"{told['discounted']:,.2f}" in printed
    assert "nothing is discounted" in run(path, "--set", "discount=null").stdout


@pytest.mark.slow
def test_the_command_sets_two_plans_side_by_side() -> None:
    """--against names the other scenario, or the case as it stands, and says which costs less by how much."""
    path = str(CASES / "make-or-buy")
    one = run(path, "--against", "outsourced").stdout
    assert "'as it stands' costs 18,848.38 USD less than 'outsourced', discounted." in one
    other = run(path, "--scenario", "outsourced", "--against", "as-it-stands").stdout
    assert one.splitlines()[-1] == other.splitlines()[-1]
    assert "Both cost the same, discounted." in run(path, "--against", "in-house").stdout
    told = json.loads(run(path, "--against", "outsourced", "--format", "json").stdout)
    assert [plan["scenario"] for plan in told["plans"]] == [None, "outsourced"]
    rows = list(csv.DictReader(io.StringIO(run(path, "--against", "outsourced", "--format", "csv").stdout)))
    assert {row["scenario"] for row in rows} == {"as it stands", "outsourced"}


def test_a_case_without_a_plan_ends_with_status_3() -> None:
    """The reasons go to stderr and nothing to stdout."""
    ran = run(
        str(CASES / "make-or-buy"), "--set", "vendors.crew=null", "--set", "products.frames.demand=2_000_000 frames"
    )
    assert ran.exit_code == 3
    assert ran.stdout == ""
    assert "make-or-buy" in ran.stderr
