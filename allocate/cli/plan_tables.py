"""The tables of a plan as people read them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from allocate.case.load import Case
from allocate.costing.clauses.payment import due
from allocate.finance.cash import cash_flow
from allocate.finance.payees import KINDS, by_kind, by_payee, payee
from allocate.plan import Plan
from allocate.tables.column import Grid, chosen, grid
from allocate.tables.formats import COUNT, MONEY, spans, text
from allocate.tables.frames import table_of
from allocate.tables.plan import (
    BROKEN,
    CASH,
    INVOICE_TABLE,
    LEVERS,
    MIX,
    PAYEES,
    PRODUCTS,
    STAFF,
    VENDORS,
    less_taken_off,
)
from allocate.tables.table import Table
from allocate.tolerances import HALF_A_CENT


def products_grid(case: Case, plan: Plan) -> Grid:
    """Totals by product; what they are worth, in cases that say it."""
    shares = ["shared", "cost"] if (abs(table_of(plan, "products")["shared"]) >= HALF_A_CENT).any() else []
    names = ["product", "items", "spend", *shares, "accuracy", "cost_per_accurate_item", "cost_per_eu"]
    if any(one.value for one in case.products.values()):
        names += ["value", "score_before", "score_after"]
    return grid(f"Products ({plan.currency})", chosen(PRODUCTS, *names), table_of(plan, "products"))


def vendors_grid(plan: Plan) -> Grid:
    """Totals by vendor; fees and overhead where there are any."""
    names = ["vendor", "items", "hours", "equivalent_units", "spend", "accuracy"]
    names += ["fees"] if (abs(table_of(plan, "vendors")["fees"]) >= HALF_A_CENT).any() else []
    names += ["overhead"] if len(table_of(plan, "staff")) else []
    heads = {"fees": less_taken_off("fees", plan.entries)}
    columns = [replace(one, heading=heads.get(one.name, one.heading)) for one in chosen(VENDORS, *names)]
    return grid(f"Vendors ({plan.currency})", columns, table_of(plan, "vendors"))


def mix_grid(plan: Plan, unit: str) -> Grid:
    """The plan's lines with periods added together; CSV and JSON have each of them."""
    lines = table_of(plan, "lines")
    keys = [name for name in ("product", "vendor", "workflow", "levers") if name in lines]
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for key, line in zip(lines.rows(*keys), lines.rows("items", "hours", "spend", "accuracy", "period"), strict=True):
        groups.setdefault(key, []).append(line)
    rows = []
    for key, made in groups.items():
        items, hours, spend, accuracy, periods = zip(*made, strict=True)
        rows.append([*key, spans(periods, unit), math.fsum(items), math.fsum(hours), math.fsum(spend), accuracy[0]])
    table = Table.from_rows([*keys, "periods", "items", "hours", "spend", "accuracy"], rows)
    return grid(f"Plan: who makes what ({plan.currency})", chosen(MIX, *table.columns), table)


def invoice_grid(case: Case, plan: Plan) -> Grid:
    """What is owed to whom for what, by billing window, when it is due, and the total; CSV and JSON have it by product."""
    rows = [
        {**vars(entry), "paid_to": payee(case, entry).name, "due": due(case, entry)}
        for entry in sorted(plan.entries, key=lambda entry: KINDS.index(payee(case, entry).kind))
    ]
    columns = chosen(INVOICE_TABLE, *SHOWN_OF_INVOICE)
    table = grid(f"Invoice ({plan.currency})", columns, rows)
    return table._replace(rows=[*table.rows, ["total", *[""] * (len(columns) - 2), MONEY(plan.spend)]])


SHOWN_OF_INVOICE = ("paid_to", "window", "due", "clause", "about", "quantity", "unit", "unit_price", "amount")


def payee_grid(case: Case, plan: Plan) -> Grid:
    """Who gets the money: each payee, and the total."""
    table = grid(f"Who gets the money ({plan.currency})", PAYEES, by_payee(case, plan))
    return table._replace(rows=[*table.rows, ["total", "", MONEY(plan.spend), ""]])


def kind_grids(case: Case, plan: Plan) -> list[Grid]:
    """The same by kind of payee, where there is more than one."""
    kinds = by_kind(case, plan)
    rows = [{"kind": kind, "amount": amount, "share": amount / plan.spend} for kind, amount in kinds.items()]
    title = f"Who gets the money ({plan.currency})"
    return [grid(title, chosen(PAYEES, "kind", "amount", "share"), rows)] if len(kinds) > 1 and plan.spend else []


def lever_grids(case: Case, plan: Plan) -> list[Grid]:
    """Levers bought; nothing for a case without levers."""
    if not case.file.levers:
        return []
    levers = table_of(plan, "levers")
    named = levers.with_columns(**{"from": [f"{case.periods.unit} {number}" for number in levers["from"].tolist()]})
    table = grid(f"Levers bought ({plan.currency})", chosen(LEVERS, "lever", "from", "once", "running", "cost"), named)
    return [table if table.rows else table._replace(rows=[["none", *["–"] * (len(table.header) - 1)]])]


def penalty_grids(plan: Plan) -> list[Grid]:
    """Limits missed and rules broken for a penalty, where there are any."""
    broken = table_of(plan, "broken")
    paid = broken["paid"].astype(bool)
    columns = [one for one in BROKEN if one.name not in ("paid", "reason")]
    return [
        grid(f"Missed or broken for a penalty ({plan.currency}, {words})", columns, rows)
        for rows, words in ((broken.where(~paid), "not spent"), (broken.where(paid), "paid, part of the spend"))
        if len(rows)
    ]


def staff_grid(plan: Plan, unit: str) -> Grid:
    """Each in-house team by period: people, hours, money."""
    names = (
        "team",
        "period",
        "people",
        "hired",
        "released",
        "shifts",
        "hours",
        "overtime",
        "worked",
        "idle",
        "paid",
        "spend",
    )
    columns = [replace(one, heading=unit if one.name == "period" else "") for one in chosen(STAFF, *names)]
    return grid(f"Staff ({plan.currency})", columns, table_of(plan, "staff"))


def pipeline_grids(case: Case, plan: Plan) -> list[Grid]:
    """The most, and the mean, of what waits in each stage when periods end; nothing where nothing does."""
    rows = []
    pipeline = table_of(plan, "pipeline")
    for product, stage in dict.fromkeys(pipeline.rows("product", "stage")):
        held = pipeline.where((pipeline["product"] == product) & (pipeline["stage"] == stage))
        amounts, periods = held["items"], held["period"]
        when = case.periods.label(int(periods[amounts.argmax()]) - 1)
        rows.append([text(product), str(stage), COUNT(amounts.max()), when, COUNT(amounts.sum() / case.periods.count)])
    header = ["product", "stage", "most", "at the end of", "on average"]
    title = "In the pipeline: items begun and not delivered"
    return [Grid(title, header, rows, [False, False, True, True, True])] if rows else []


def cash_grid(case: Case, plan: Plan) -> Grid:
    """What is owed, paid and open in each month; months after the horizon are marked."""
    table = cash_flow(case, plan)
    marked = [f"{month}, after the horizon" if late else month for month, late in zip(table["month"], table["after"], strict=True)]  # fmt: skip
    return grid(
        f"Cash flow ({plan.currency})", chosen(CASH, "month", "owed", "paid", "open"), table.assign(month=marked)
    )
