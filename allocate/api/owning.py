"""What the best plan costs over time: by year and category, as it is owed and as it is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.answers import Answer
from allocate.api.solving import solve
from allocate.case.load import Case, CaseLike, as_case
from allocate.finance import cash, invoice_table, ownership
from allocate.finance.calendars import By
from allocate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd


def tco(case: CaseLike, by: By = "year", per: str = "category", *, answer: Answer | None = None) -> ownership.Ownership:
    """Total cost of ownership of the best plan, by year, quarter or month and category, of the calendar or the fiscal year.

    per: `category`, or what costs are sorted by beside: `product`, `vendor`, `paid-to`, a tag. answer: that of `solve`, where it
    is there already. Raises CaseError where the case has no plan, KeyError for a tag that nothing has.
    """
    case = as_case(case)
    return ownership.ownership(case, _plan(case, answer), by, per)


def cash_flow(case: CaseLike, *, answer: Answer | None = None) -> pd.DataFrame:
    """What the best plan owes, pays and leaves open in each month until all is paid; see `allocate.finance.cash`.

    answer: that of `solve`, where it is there already. Raises CaseError where the case has no plan.
    """
    case = as_case(case)
    return cash.cash_flow(case, _plan(case, answer))


def invoice(case: CaseLike, *, answer: Answer | None = None) -> pd.DataFrame:
    """What the best plan owes to whom, for which product, when it is due, in whole cents; see `allocate.finance.invoice_table`.

    answer: that of `solve`, where it is there already. Raises CaseError where the case has no plan.
    """
    case = as_case(case)
    return invoice_table.invoice_table(case, _plan(case, answer)).frame


def _plan(case: Case, answer: Answer | None) -> Plan:
    return (answer or solve(case)).plan_or("`explain` and `diagnose` say more")
