"""The sheet that says how to read the workbook."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from allocate.case.workbook import CASE, INPUTS
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.tracing import Asked, Traced

SHEET = "Guide"
SHEETS = {
    "Summary": "Totals now and as planned, with a check; products, vendors and periods.",
    "Vendors": "What an item costs with each vendor, side by side.",
    "Assumptions": "What the plan rests on that the case does not state, or calls an assumption.",
    INPUTS: "Every figure the money rests on, once, with its unit, its source and where the case says it. Change figures here.",
    "Plan": "Lines of the plan: items by product, vendor, workflow and period, and what each costs by clause. Items may be changed.",
    "Invoice": "What each vendor is owed in each billing window, clause by clause.",
    "Contracts": "How contracts come to what they ask: what is counted, from where, up to where.",
    "Routes": "Work, accuracy and price of one item for every product, vendor and workflow.",
    "Work": "Standard time of one item of every product.",
    "Periods": "Exchange rates, season and escalation of prices.",
    "Workings": "Hidden: parts of formulas that are long, or used more than once.",
    "Checks": "What must hold for the formulas to follow: which case of a clause applies, and hours enough in every team.",
    CASE: "Hidden: the case as text, from which `allocate` reads this file as a case. Not for reading.",
}
LOOKS = (
    ("input", "An input: may be changed, and `allocate solve` of this file plans with it."),
    (
        "model",
        "A figure of the cost model, or worked out from the case: may be changed to try it out, in this file only.",
    ),
    ("plain", "A formula, or a figure of the plan."),
    ("quiet", "As it was planned, to compare with."),
)
DO = (
    "Change a price, a rate or a volume in Inputs, or items in Plan: all sheets follow for the quantities of this plan, and Summary shows the difference.",
    "For the best plan at changed inputs save the file and run `allocate solve FILE`; to price this plan at them, `allocate solve FILE --fix FILE#Plan --as-is`.",
    "Formulas use figures as they are; cells show them rounded. An invoice in cents can differ by a cent a line.",
    "Every yellow input has a name (in the box left of the formula bar) that begins with `in_`.",
)


def guide_sheet(book: Book, start: str, found: Traced) -> None:
    """Write what is where, what clauses ask, what colours say, what can be done; start: what the file was made from."""
    book.text(SHEET, 0, 0, "How to read this workbook", "title")
    book.text(SHEET, 1, 0, start, "quiet")
    row = _part(book, 3, "What can be done", [("", text) for text in DO])
    used = {name for name, _ in book.filled}
    row = _part(book, row, "Sheets", [(name, SHEETS[name]) for name in book.names if name in SHEETS and name in used])
    row = _part(book, row, "Clauses of the bill", [(one.clause.name.replace("_", " "), _said(one)) for one in found.asked if one.entries])  # fmt: skip
    book.text(SHEET, row, 0, "Colours", "heading")
    for look, words in LOOKS:
        row += 1
        book.number(SHEET, row, 0, 1234.5, "money", look)
        book.text(SHEET, row, 1, words)
    book.sheets[SHEET].set_column(0, 0, 14)
    book.sheets[SHEET].set_column(1, 1, 130)
    book.page(SHEET, 1)


def _said(one: Asked) -> str:
    """What a clause asks: the first sentence of the module it stands in."""
    assert one.clause.owed is not None
    said = (sys.modules[one.clause.owed.__module__].__doc__ or "").partition("\n")[0]
    sentence = said.partition(": ")[2] or said
    return sentence[:1].upper() + sentence[1:]


def _part(book: Book, row: int, title: str, lines: Sequence[tuple[str, str]]) -> int:
    book.text(SHEET, row, 0, title, "heading")
    for name, words in lines:
        row += 1
        book.text(SHEET, row, 0, name)
        book.text(SHEET, row, 1, words)
    return row + 2
