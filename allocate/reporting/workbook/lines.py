"""The sheet of the plan: its lines, with what each costs by clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate.formula import Formula, added_up, called, cell, value_of
from allocate.numbers import may_be
from allocate.plan import Plan
from allocate.reporting.workbook.cells import At, Table
from allocate.reporting.workbook.layout import Layout
from allocate.reporting.workbook.tracing import FIRST, PLAN, Traced
from allocate.tables.frames import table_of

CLOSE = 1e-9
"""Relative distance within which a formula's figure is the plan's."""
Column = tuple[str, str, int]
BEFORE: tuple[Column, ...] = (
    ("product", "text", 24), ("vendor", "text", 20), ("workflow", "text", 20), ("levers", "text", 12), ("period", "general", 8),
    ("items", "items", 13), ("hours", "hours", 11), ("review hours", "hours", 11), ("billed units", "items", 13),
    ("price", "money", 14),
)  # fmt: skip
"""Name, kind and width of every column before those of clauses; the first six are those of a plan file."""
AFTER: tuple[Column, ...] = (
    ("spend", "money", 15), ("right items", "items", 13), ("escaped errors", "money", 13), ("spend as planned", "money", 15),
    ("difference", "money", 12), ("figures", "text", 24), ("vendor number", "general", 8), ("product number", "general", 8),
    ("schedule", "general", 8), ("route", "general", 8), ("delivered", "general", 8), ("counted units", "items", 13),
)  # fmt: skip
HIDDEN = ("vendor number", "product number", "schedule", "route", "delivered", "counted units")
"""Columns that sums look lines up by."""


@dataclass(frozen=True)
class LinesSheet:
    """Where the plan's lines stand."""

    at: Mapping[str, int]
    """Column by name."""
    values: dict[str, list[float]]
    """What the lines come to, by name of the column."""
    fixed: dict[str, int]
    """Lines written as figures, by reason."""

    def span(self, column: str) -> Formula:
        """The cells of a column, for a function of them."""
        first, last = (
            At(PLAN, row, self.at[column]).reference for row in (FIRST, FIRST + len(self.values["items"]) - 1)
        )
        return cell(f"{first}:{last.partition('!')[2]}", 0.0)

    def sum(self, column: str) -> Formula:
        """All of a column."""
        return called("SUM", [self.span(column)], float(np.sum(self.values[column])))

    def sum_where(self, column: str, by: str, key: int) -> Formula:
        """What a column has in lines of a product, vendor or period (by its number)."""
        chosen = np.array(self.values[by]) == key
        value = float(np.array(self.values[column])[chosen].sum()) if len(chosen) else 0.0
        return called("SUMIF", [self.span(by), float(key), self.span(column)], value)


def lines_sheet(layout: Layout, plan: Plan, found: Traced) -> LinesSheet:
    """Write the lines of the plan."""
    book, lines, routes = layout.book, found.lines, found.routes
    clauses = {
        "lever price" if one.clause.name == "levers" else one.clause.name.replace("_", " "): one.each
        for one in found.asked
        if one.each is not None and any(may_be(amount) for amount in one.each.tolist())
    }
    columns = [*BEFORE, *((name, "money", 12) for name in clauses), *AFTER]
    at = {name: position for position, (name, _, _) in enumerate(columns)}
    kinds = {name: kind for name, kind, _ in columns}
    book.columns(PLAN, 0, columns)
    records = table_of(plan, "lines").records()
    end = lines.case.periods.count - 1
    keys: dict[str, list[int]] = {
        "vendor number": lines.vendor.tolist(), "product number": lines.product.tolist(),
        "schedule": routes.schedule[lines.route].tolist(), "route": lines.route.tolist(),
        "period": (lines.period + 1).tolist(), "delivered": (np.minimum(lines.delivered, end) + 1).tolist(),
    }  # fmt: skip
    told = [(at[name], keys[name]) for name in ("vendor number", "schedule", "product number", "route")]
    spans = [(at[name], keys[name]) for name in ("period", "delivered")]
    if records:
        layout.tables[PLAN] = Table(PLAN, FIRST, told, spans, len(columns))
    of_route: dict[str, Any] = {
        "review hours": routes.review_hours, "counted units": routes.counted, "right items": routes.accuracy,
    }  # fmt: skip
    amounts: dict[str, Any] = {name: lines.items * each[lines.route] for name, each in of_route.items()}
    amounts |= {"hours": lines.hours, "billed units": lines.billable, "price": found.price, **clauses}
    amounts["escaped errors"] = lines.items * routes.error_cost[lines.route, lines.period]
    sheet = LinesSheet(at, defaultdict(list), defaultdict(int))
    for row, line in enumerate(records):
        here = {name: amount[row] for name, amount in amounts.items()}
        numbers = {name: some[row] for name, some in keys.items()}
        _line(layout, sheet, kinds, FIRST + row, line, here, ("price", *clauses), numbers)
    book.page(PLAN, 3, 0, 1 + len(records))
    book.sheets[PLAN].freeze_panes(1, 3)
    book.sheets[PLAN].autofilter(0, 0, max(len(records), 1), at["figures"])
    layout.after.append(lambda: book.hide(PLAN, columns, HIDDEN))
    return sheet


def _line(
    layout: Layout, sheet: LinesSheet, kinds: Mapping[str, str], row: int, line: Mapping[str, Any], here: dict[str, Any],
    money: Sequence[str], numbers: Mapping[str, int],
) -> None:  # fmt: skip
    """Write one line in a row; here: its amounts, of which `money` adds up to the spend; numbers: what sums look it up by."""
    book, at = layout.book, sheet.at
    here["spend"] = added_up([here[name] for name in money])
    reason, planned = None, float(line["spend"])
    if abs(value_of(here["spend"]) - planned) > CLOSE * max(1.0, abs(planned)):
        reason = "terms without a formula"
        sheet.fixed[reason] += 1
        here |= dict.fromkeys(money) | {"spend": planned}
        book.text(PLAN, row, at["figures"], f"figures: {reason}", "quiet")
    for name in ("product", "vendor", "workflow"):
        book.text(PLAN, row, at[name], str(line[name]), whole=True)
    book.text(PLAN, row, at["levers"], str(line.get("levers", "")))
    layout.put(PLAN, row, at["items"], float(line["items"]), "items", "plain" if reason else "input")
    spend = None
    for name, amount in {**here, **numbers}.items():
        if amount is None:
            book.sheets[PLAN].write_blank(row, at[name], None, book.format(kinds[name]))
        else:
            put = layout.put(PLAN, row, at[name], amount, kinds[name])
            spend = put if name == "spend" else spend
        sheet.values[name].append(0.0 if amount is None else value_of(amount))
    was = layout.put(PLAN, row, at["spend as planned"], planned, "money", "quiet")
    layout.put(PLAN, row, at["difference"], spend - was, "money", "quiet")
    sheet.values["items"].append(float(line["items"]))
