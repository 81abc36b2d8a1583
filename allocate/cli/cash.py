"""A cash flow as people read it."""

from __future__ import annotations

from allocate.case.load import Case
from allocate.cli import output
from allocate.finance.cash import cash_flow
from allocate.plan import Plan

Block = tuple[str, list[str], list[list[str]], list[bool]]

CASH: dict[str, output.Formatter] = {
    "month": output.text,
    "owed": output.amount(2),
    "paid": output.amount(2),
    "open": output.amount(2),
}


def cash_block(case: Case, plan: Plan) -> Block:
    """What is owed, paid and open in each month; months after the horizon are marked."""
    table = cash_flow(case, plan)
    marked = [f"{month}, after the horizon" if late else month for month, late in zip(table["month"], table["after"], strict=True)]  # fmt: skip
    rows = output.rows_of(table.assign(month=marked), CASH)
    return f"Cash flow ({plan.currency})", list(CASH), rows, [name != "month" for name in CASH]
