"""Writing the workbook of an answer, whole or not at all."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from allocate.answers import Answer
from allocate.case.document import copied
from allocate.case.load import Case
from allocate.case.workbook import CASE, INPUTS
from allocate.costing.table import Routes
from allocate.costing.terms.schedules import schedules
from allocate.plan import Plan
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.clauses import other_clauses
from allocate.reporting.workbook.contracts import SHEET as CONTRACTS
from allocate.reporting.workbook.contracts import Contracts
from allocate.reporting.workbook.filling import SHEET as STEPS
from allocate.reporting.workbook.fixed import fixed_lines, without_shares
from allocate.reporting.workbook.guide import SHEET as GUIDE
from allocate.reporting.workbook.guide import guide_sheet
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.moving import periods_sheet
from allocate.reporting.workbook.spending import invoice_sheet, plan_sheet
from allocate.reporting.workbook.summary import Summary
from allocate.reporting.workbook.tiers import filled_in_order, tiers_and_teams
from allocate.reporting.workbook.unit_costs import products_sheet, routes_sheet
from allocate.reporting.workbook.votes import SHEET as VOTES
from allocate.reporting.workbook.votes import needed
from allocate.writing import write_whole

SHEETS = ("Summary", GUIDE, INPUTS, "Plan", "Invoice", CONTRACTS, "Routes", "Work", "Periods", CASE)
"""Sheets of every workbook; those of steps and votes stand before the case's where there are such."""
FEW_ROUTES = 200
"""Routes up to which all are written; of more only those the plan uses, and the sheet says so."""
CELL = 30_000
"""Characters of the case's text in one cell; Excel takes 32,767."""


def write_workbook(answer: Answer, path: Path) -> Path:
    """Write the plan of an answer as an .xlsx workbook whose totals follow its inputs by formulas.

    Raises ValueError for an answer without a plan, CaseError where the file cannot be written.
    """
    if answer.plan is None:
        raise ValueError("there is no plan to write")
    made = io.BytesIO()
    _write(answer, answer.plan, made)
    return write_whole(path, made.getvalue())


def _write(answer: Answer, plan: Plan, made: io.BytesIO) -> None:
    case, ways = answer.case, answer.routes
    route = routes_of(plan, ways)
    used = sorted(set(route))
    chosen = list(range(ways.count)) if ways.count <= FEW_ROUTES else used
    book = Book(made, case.currency, _sheets(case, ways, used, chosen))
    # Not the day it was written: the same plan gives the same file.
    start = case.periods.starts[0]
    book.file.set_properties({"title": case.name, "created": datetime.datetime(start.year, start.month, start.day)})
    inputs = Inputs(book, case)
    serving = {ways.vendors[ways.vendor[number]] for number in chosen}
    vendors = [name for name in case.vendors if name in serving]
    standard = products_sheet(inputs)
    moving = periods_sheet(inputs, vendors)
    costed = routes_sheet(inputs, ways, chosen, standard)
    contracts = Contracts(inputs, plan, ways, route, moving)
    contracts.begin()
    own = fixed_lines(case, ways)
    shared = tiers_and_teams(contracts, frozenset(int(ways.schedule[one]) for one in used if one in own))
    why = {**without_shares(ways, shared, case), **own}
    why |= {one: "work that no formula follows" for one in used if costed[one].figure and one not in why}
    spent = plan_sheet(inputs, plan, ways, route, costed, moving, shared, why)
    contracts.prices = np.array([cells["price"].value if "price" in cells else 0.0 for cells in spent.lines])
    other_clauses(contracts)
    contracts.finish()
    labels = [case.periods.label(period) for period in range(case.periods.count)]
    owed = invoice_sheet(book, plan, ways, route, spent, labels, contracts)
    Summary(inputs, answer, plan, spent, owed, contracts).write()
    inputs.finish()
    _case_sheet(book, case)
    guide_sheet(book, f"{case.file.title or case.name}: amounts in {case.currency}")
    book.sheets["Summary"].activate()
    book.file.close()


def _sheets(case: Case, ways: Routes, used: Sequence[int], chosen: Sequence[int]) -> tuple[str, ...]:
    """Names of the sheets that a plan of some used routes needs."""
    bought = {int(ways.schedule[route]) for route in used}
    steps = any(filled_in_order(one) and one.number in bought for one in schedules(case))
    votes = any(needed(case.workflows[ways.workflows[ways.workflow[route]]]) for route in chosen)
    more = [*([STEPS] if steps else []), *([VOTES] if votes else [])]
    return (*SHEETS[:-1], *more, SHEETS[-1])


def routes_of(plan: Plan, ways: Routes) -> Sequence[int]:
    """Number of the route of each of the plan's lines."""
    known = {
        (ways.products[p], ways.vendors[v], ways.workflows[w], ways.levers_of(number)): number
        for number, (p, v, w) in enumerate(zip(ways.product, ways.vendor, ways.workflow, strict=True))
    }
    names = {one.name for one in ways.levers}
    found = []
    for line in plan.lines.to_dict("records"):
        some = [name for name in str(line.get("levers", "")).split(" + ") if name in names]
        found.append(known[line["product"], line["vendor"], line["workflow"], " + ".join(some)])
    return found


def case_text(case: Case) -> str:
    """The case with its scenario, settings and tables, as one text that can be read again."""
    data: Any = copied(case.document.data)
    for path, source in case.sources.items():
        if path[0] != "model":
            _wrap(data, path, {"source": source.source, "status": source.status})
    # An underscore and an x may stand for a character in a workbook's text.
    return json.dumps(data, ensure_ascii=True, default=str).replace("_x", "\\u005fx")


def _wrap(data: Any, path: tuple[str | int, ...], said: dict[str, str]) -> None:
    try:
        for key in path[:-1]:
            data = data[key]
        value = data[path[-1]]
    except (KeyError, IndexError, TypeError):
        return  # a scenario took it out
    if isinstance(value, (str, int, float)):
        data[path[-1]] = {"value": value, **said}


def _case_sheet(book: Book, case: Case) -> None:
    """Write the case's text, to be read again with the inputs changed."""
    text = case_text(case)
    book.text(
        CASE,
        0,
        0,
        "The case as it was planned, for `allocate` to read back; change figures in the sheet Inputs.",
        "heading",
    )
    for number, start in enumerate(range(0, len(text), CELL), start=1):
        book.text(CASE, number, 0, text[start : start + CELL], "note", whole=True)
        book.sheets[CASE].set_row(number, 60)
    book.sheets[CASE].set_column(0, 0, 120)
    book.page(CASE, 1)
