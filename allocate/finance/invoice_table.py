"""The invoice as a table that pivots: who is owed what for which product, when, to the cent."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from allocate.case.load import Case
from allocate.costing.bill.entries import Entry
from allocate.costing.clauses import CATEGORY
from allocate.costing.clauses.payment import DAY, due
from allocate.costing.terms.windows import whole_and_part
from allocate.currencies import decimals
from allocate.finance.calendars import BYS, is_fiscal, label
from allocate.finance.cents import in_coins
from allocate.finance.cut_windows import days_of
from allocate.finance.payees import parted, payee
from allocate.numbers import Integers
from allocate.plan import Plan
from allocate.tables.column import names
from allocate.tables.frames import tagged
from allocate.tables.plan import FISCAL, INVOICE_TABLE
from allocate.tables.table import Table
from allocate.tolerances import LINE_NOISE

if TYPE_CHECKING:
    import pandas as pd

GROUPS = ("paid_to", "vendor", "product", "category", "period", "kind")
"""Columns by which the table adds up to what other tables have, to the cent."""


def invoice_table(case: Case, plan: Plan) -> Table:
    """Every entry of the invoice, parted by product, in whole cents that add up to the spend; see `INVOICE_TABLE`.

    What is for several products is parted as costs are shared out (`allocate.costing.shared`): the quantity is parted, the
    price stays. Rows of less than a cent's thousandth are left out.
    """
    rows = [row for entry in plan.entries for row in _rows(case, plan, entry)]
    listed = names(INVOICE_TABLE)
    table = Table.from_rows(listed, rows)
    if not len(table):
        return table
    groups = [_numbered(table[name].tolist()) for name in GROUPS]
    table = table.with_columns(amount=in_coins(table["amount"].astype(float), groups, decimals(plan.currency)))
    table = table.with_columns(**_fiscal(case, table)) if is_fiscal(case) else table
    return tagged(tagged(table, "product", case.tags[0]), "vendor", case.tags[1])


def _fiscal(case: Case, table: Table) -> dict[str, list[str]]:
    """Fiscal year, quarter and month of the last day of the period that each row is owed in."""
    days = [case.periods.first_day(period) - DAY for period in table["period"].tolist()]
    return {column.name: [label(case, day, by) for day in days] for column, by in zip(FISCAL, BYS, strict=True)}


def _rows(case: Case, plan: Plan, entry: Entry) -> Iterator[tuple[Any, ...]]:
    """An entry as rows of the table, amounts as they are."""
    who, (first, last) = payee(case, entry), window_days(case, entry)
    for product, part in parted(case, entry):
        if abs(entry.amount * part) >= LEAST * 10.0 ** -decimals(plan.currency):
            yield (
                who.name, who.kind, entry.vendor, product, CATEGORY[entry.clause], entry.clause, entry.about,
                entry.period + 1, case.periods.first_day(entry.period), entry.window, first, last, due(case, entry),
                entry.quantity * part, entry.unit, entry.unit_price, plan.currency, entry.amount * part,
            )  # fmt: skip


LEAST = 1e-3
"""Coins below which there is no row."""


def window_days(case: Case, entry: Entry) -> tuple[datetime.date, datetime.date]:
    """First and last day of what an entry is for: a period, a calendar month or quarter, the horizon, or a part of one."""
    periods = case.periods
    ends = {periods.label(n): (periods.starts[n], periods.first_day(n + 1) - DAY) for n in range(periods.count)}
    whole, begins, ended = whole_and_part(entry.window)
    first, last = _whole(case, whole, ends)
    return ends[begins][0] if begins else first, ends[ended][1] if ended else last


def _whole(
    case: Case, label: str, periods: dict[str, tuple[datetime.date, datetime.date]]
) -> tuple[datetime.date, datetime.date]:
    """First and last day of a whole window by its label."""
    if label in periods:
        return periods[label]
    return days_of(label) if label[:4].isdigit() else (case.periods.starts[0], case.periods.end)


def _numbered(values: list[Any]) -> Integers:
    """The number of each value among those that are different, in the order in which they are there first."""
    known = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.array([known[value] for value in values], dtype=np.int32)


def all_money(plan: Plan) -> pd.DataFrame:
    """The lines of a plan, and after them what no line bears: of products of which nothing is made, or of no product.

    The column `cost` adds up to the spend.
    """
    import pandas as pd

    lines, products = plan.lines, plan.products
    on_lines = lines.groupby("product")["cost"].sum().reindex(products["product"], fill_value=0.0).to_numpy()
    rows = [(name, money) for name, money in zip(products["product"], products["cost"] - on_lines, strict=True)]
    rows.append(("", plan.spend - float(products["cost"].sum())))
    size = max(1.0, abs(plan.spend))
    rest = [{"product": name, "cost": money} for name, money in rows if abs(money) > LINE_NOISE * size]
    if not rest:
        return lines
    more = pd.DataFrame(rest).assign(vendor="", workflow="", items=0.0, spend=0.0, shared=lambda row: row["cost"])
    whole = pd.concat([lines, more], ignore_index=True)
    return whole.astype({"period": "Int64", "delivered": "Int64"})
