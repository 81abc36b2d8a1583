"""Writing the workbook of an answer, whole or not at all."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

from allocate.answers import Answer
from allocate.case.document import copied
from allocate.case.load import Case
from allocate.case.workbook import CASE, INPUTS
from allocate.numbers import when
from allocate.plan import Plan, routes_of
from allocate.reporting.workbook.bill import CONTRACTS, INVOICE, bill_sheets
from allocate.reporting.workbook.book import Book, reference
from allocate.reporting.workbook.compared import ASSUMPTIONS, VENDORS, assumptions_sheet, vendors_sheet
from allocate.reporting.workbook.guide import SHEET as GUIDE
from allocate.reporting.workbook.guide import guide_sheet
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.layout import Layout
from allocate.reporting.workbook.lines import lines_sheet
from allocate.reporting.workbook.placing import WORKINGS
from allocate.reporting.workbook.summary import SHEET as SUMMARY
from allocate.reporting.workbook.summary import Summary
from allocate.reporting.workbook.tracing import PLAN, Traced, trace
from allocate.reporting.workbook.unit_costs import PERIODS, ROUTES, WORK, periods_sheet, routes_sheet, work_sheet
from allocate.study.study import Study
from allocate.writing import write_whole

CHECKS = "Checks"
SHEETS = (
    SUMMARY,
    GUIDE,
    VENDORS,
    ASSUMPTIONS,
    INPUTS,
    PLAN,
    INVOICE,
    CONTRACTS,
    ROUTES,
    WORK,
    PERIODS,
    WORKINGS,
    CHECKS,
    CASE,
)
FEW_ROUTES = 200
"""Routes up to which all are written; of more only those the plan uses, and the sheet says so."""
CELL = 30_000
"""Characters of the case's text in one cell; Excel takes 32,767."""


def write_workbook(answer: Answer, path: Path, assumptions: Study | None = None) -> Path:
    """Write the plan of an answer as an .xlsx workbook whose totals follow its inputs by formulas.

    assumptions: what each assumed figure changes at both ends of its range.

    Raises ValueError for an answer without a plan, CaseError where the file cannot be written.
    """
    if answer.plan is None:
        raise ValueError("there is no plan to write")
    made = io.BytesIO()
    _write(answer, answer.plan, made, assumptions)
    return write_whole(path, made.getvalue())


def _write(answer: Answer, plan: Plan, made: io.BytesIO, assumptions: Study | None) -> None:
    case, ways = answer.case, answer.routes
    route = routes_of(plan, ways)
    used = sorted(set(route))
    chosen = list(range(ways.count)) if ways.count <= FEW_ROUTES else used
    found = trace(answer, plan, route, chosen)
    book = Book(made, case.currency, SHEETS)
    # Not the day it was written: the same plan gives the same file.
    start = case.periods.starts[0]
    book.file.set_properties({"title": case.name, "created": datetime.datetime(start.year, start.month, start.day)})
    inputs = Inputs(book, case)
    layout = Layout(book, inputs.named)
    work_sheet(layout, case, found)
    periods_sheet(layout, found)
    shown = routes_sheet(layout, case, found, ways.count)
    vendors_sheet(layout, plan, found, ways.count)
    assumptions_sheet(book, answer, assumptions)
    lines = lines_sheet(layout, plan, found)
    bill = bill_sheets(layout, plan, found, shown)
    Summary(layout, inputs, answer, plan, lines, found, bill, _checks(layout, found)).write()
    inputs.take([one.formula for one in layout.puts])
    layout.finish()
    inputs.finish()
    _case_sheet(book, case)
    guide_sheet(book, f"{case.file.title or case.name}: amounts in {case.currency}", found)
    # Workings are for formulas and the case for `allocate`: there, and neither seen nor printed unasked.
    for sheet in (WORKINGS, CASE, *([] if any(name == CHECKS for name, _ in book.filled) else [CHECKS])):
        book.sheets[sheet].hide()
    book.sheets[SUMMARY].activate()
    book.file.close()


def _checks(layout: Layout, found: Traced) -> tuple[str, str]:
    """Write what must hold for formulas to stand, and for teams to do their work; how many do not, as parts of formulas."""
    book, counted, row = layout.book, list[str](), 3
    if not (found.conditions or found.enough):
        return "", ""
    book.text(CHECKS, 0, 0, "What must hold", "title")
    book.text(CHECKS, 1, 0, "1 where it holds. Where it does not, the formulas no longer fit the plan.", "quiet")
    columns = (("what", "text", 60), ("of this", "general", 16), ("must be", "text", 10), ("than this", "general", 16), ("holds", "count", 10))  # fmt: skip
    book.columns(CHECKS, 2, columns)
    words = "so that formulas follow what the clauses ask now"
    teams = [(f"hours of {name} in {label} for its work", one) for name, label, one in found.enough]
    for some in ([(words, one) for one in found.conditions], teams):
        first = row
        for what, one in some:
            book.text(CHECKS, row, 0, what)
            holds = one.parts[0] if one.operation == "NOT" else one
            if len(holds.parts) == 2 and holds.operation != "AND":
                layout.put(CHECKS, row, 1, holds.parts[0], "general")
                book.text(CHECKS, row, 2, f"{'not ' * (holds is not one)}{holds.operation}")
                layout.put(CHECKS, row, 3, holds.parts[1], "general")
            layout.put(CHECKS, row, 4, when(one, 1.0, 0.0), "count")
            row += 1
        span = f"{reference(CHECKS, first, 4)}:{reference(CHECKS, row - 1, 4).partition('!')[2]}"
        counted.append(f"COUNTIF({span},0)" if some else "")
    book.page(CHECKS, 1, 2, row)
    return counted[0], counted[1]


def case_text(case: Case) -> str:
    """The case with its scenario, settings and tables, as one text that can be read again."""
    data: Any = copied(case.written)
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
