"""Fiscal years, tags, and what costs are sorted by."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from command_line import Run
from contract_grid import written

from allocate import Answer, CaseError, read_case, solve
from allocate.case.load import Case
from allocate.finance.calendars import By, label, year_start
from allocate.finance.cash import cash_flow
from allocate.finance.invoice_table import invoice_table
from allocate.finance.ownership import ownership

VENDOR = {
    "contract": {"price": "1 USD/image", "fees": {"onboarding": "9 USD"}, "payment": "1 month"},
    "capacity": "20 images/week",
}


def case_of(**more: Any) -> Case:
    """Two products of 40 images, 20 a week, from late March 2027 on."""
    case = written({"v": {**VENDOR, "tags": {"account": "V-1"}}}, products=("one", "two"), exchange={}, weeks=5, **more)
    case["horizon"]["start"] = "2027-03-15"
    case["products"]["one"]["tags"] = {"cost-centre": 4711}
    return read_case(case)


def labels(case: Case, *days: str) -> list[tuple[str, str, str]]:
    """Year, quarter and month of some days."""
    kinds: tuple[By, By, By] = ("year", "quarter", "month")
    return [tuple(label(case, datetime.date.fromisoformat(day), by) for by in kinds) for day in days]  # type: ignore[misc]


def test_a_year_of_months_is_called_by_the_year_it_ends_in() -> None:
    """From April 2027 to March 2028 is FY2028; its first quarter ends in June; months are those of the calendar."""
    case = case_of(**{"fiscal-year": "starts April"})
    assert labels(case, "2027-03-31", "2027-04-01", "2028-03-31") == [
        ("FY2027", "FY2027-Q4", "2027-03"), ("FY2028", "FY2028-Q1", "2027-04"), ("FY2028", "FY2028-Q4", "2028-03"),
    ]  # fmt: skip
    january = case_of(**{"fiscal-year": "January"})
    assert labels(january, "2027-01-01", "2027-12-31") == [
        ("FY2027", "FY2027-Q1", "2027-01"),
        ("FY2027", "FY2027-Q4", "2027-12"),
    ]


def test_a_year_of_weeks_has_four_four_and_five() -> None:
    """From Monday 28 December 2026: 4, 4 and 5 weeks a quarter; the next begins on the Monday nearest to 28 December."""
    case = case_of(**{"fiscal-year": {"starts": "2026-12-28", "weeks": "4-4-5"}})
    days = {
        "2026-12-28": "M01",
        "2027-01-24": "M01",
        "2027-01-25": "M02",
        "2027-02-22": "M03",
        "2027-03-28": "M03",
        "2027-03-29": "M04",
    }
    assert [month for _, _, month in labels(case, *days)] == [f"FY2027-{month}" for month in days.values()]
    assert labels(case, "2026-12-27", "2027-12-26", "2027-12-27") == [
        ("FY2026", "FY2026-Q4", "FY2026-M12"), ("FY2027", "FY2027-Q4", "FY2027-M12"), ("FY2028", "FY2028-Q1", "FY2028-M01"),
    ]  # fmt: skip


def test_the_fifty_third_week_is_in_the_last_month() -> None:
    """The year from 25 December 2028 has 53 weeks, the last of them in its twelfth month."""
    first = datetime.date(2026, 12, 28)
    lengths = [(year_start(first, year + 1) - year_start(first, year)).days // 7 for year in range(-30, 60)]
    assert set(lengths) == {52, 53}
    assert lengths[32] == 53
    case = case_of(**{"fiscal-year": {"starts": "2026-12-28", "weeks": "5-4-4"}})
    assert labels(case, "2029-12-30") == [("FY2029", "FY2029-Q4", "FY2029-M12")]


@pytest.fixture(scope="module")
def answer() -> Answer:
    """The plan of the case by fiscal years from April on."""
    return solve(case_of(**{"fiscal-year": "starts April"}))


def test_costs_cash_and_invoice_go_by_the_fiscal_year(answer: Answer) -> None:
    """Work from 15 March on is paid a month later, in FY2028; it is owed in both, as its weeks lie."""
    assert answer.plan is not None
    owned = ownership(answer.case, answer.plan)
    assert owned.costs["when"].tolist() == ["FY2028", "FY2028"]
    assert owned.made["when"].tolist() == ["FY2027", "FY2028"]
    assert owned.spend == pytest.approx(answer.plan.spend)
    assert cash_flow(answer.case, answer.plan)["paid"].sum() == pytest.approx(answer.plan.spend)
    table = invoice_table(answer.case, answer.plan).frame
    years = dict(zip(table["start"].astype(str), table["fiscal_year"], strict=True))
    assert years["2027-03-15"] == "FY2027"
    assert set(table["fiscal_quarter"]) <= {"FY2027-Q4", "FY2028-Q1"}


def test_tags_are_columns_of_every_table(answer: Answer) -> None:
    """Lines, products, vendors, what is made and the invoice have them; where there is none the cell is empty."""
    plan = answer.plan
    assert plan is not None
    assert plan.products["product_cost_centre"].tolist() == ["4711", ""]
    assert plan.vendors["vendor_account"].tolist() == ["V-1"]
    for table in (plan.lines, plan.mix, invoice_table(answer.case, plan).frame):
        assert set(zip(table["product"], table["product_cost_centre"], strict=True)) == {("one", "4711"), ("two", "")}
        assert set(table["vendor_account"]) == {"V-1"}


@pytest.mark.parametrize(
    ("per", "names"),
    [
        ("product", {"one": 44.5, "two": 44.5}), ("vendor", {"v": 89.0}), ("paid-to", {"v": 89.0}),
        ("cost-centre", {"4711": 44.5, "(none)": 44.5}), ("account", {"V-1": 89.0}),
    ],
)  # fmt: skip
def test_costs_are_sorted_by_products_vendors_payees_and_tags(
    answer: Answer, per: str, names: dict[str, float]
) -> None:
    """80 images for 80 USD and 9 USD of onboarding, which both products bear alike."""
    assert answer.plan is not None
    costs = ownership(answer.case, answer.plan, per=per).costs
    assert costs.groupby(per.replace("-", "_"))["nominal"].sum().to_dict() == pytest.approx(names)


def test_a_tag_that_nothing_has_is_named(run: Run) -> None:
    """What costs cannot be sorted by is said before anything is planned, with what there is."""
    told = run("tco", "cases/vendor-comparison", "--per", "cost-centre")
    assert told.code == 2
    assert "there is no tag 'cost-centre'; known are category, product, vendor, paid-to." in told.err


MISTAKES: list[Any] = [
    pytest.param(
        {"fiscal-year": "spring"}, "expects a month, or the day of a year of weeks, got 'spring'", "write it as in `April`",
        id="no month",
    ),
    pytest.param(
        {"fiscal-year": {"starts": "2026-12-28"}}, "a fiscal year of weeks starts on a day, one of months in a month",
        "{starts: 2026-12-28, weeks: 4-4-5}", id="a day without weeks",
    ),
    pytest.param(
        {"fiscal-year": {"starts": "April", "weeks": "4-4-5"}}, "a fiscal year of weeks starts on a day", "April",
        id="a month of weeks",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "message", "fix"), MISTAKES)
def test_mistakes_in_fiscal_years(keys: dict[str, Any], message: str, fix: str) -> None:
    """Each is told with its fix."""
    with pytest.raises(CaseError) as error:
        case_of(**keys)
    assert message in str(error.value)
    (problem,) = error.value.problems
    assert fix in (problem.fix or "")


def test_two_spellings_of_a_tag_are_one_mistake() -> None:
    """They would stand in one column."""
    case = written({"v": VENDOR}, products=("one", "two"), exchange={})
    case["products"]["one"]["tags"] = {"cost-centre": 1}
    case["products"]["two"]["tags"] = {"cost centre": 2}
    with pytest.raises(CaseError, match="the tags 'cost-centre' and 'cost centre' would be one column"):
        read_case(case)
