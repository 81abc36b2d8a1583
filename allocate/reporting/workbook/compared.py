"""The sheets that compare: what an item costs with each vendor, side by side; and what the plan rests on that is not stated."""

from __future__ import annotations

from typing import Any

from allocate.answers import Answer
from allocate.formula import value_of
from allocate.numbers import ratio
from allocate.plan import Plan
from allocate.reporting.sections.assumed import CHANGED, assumed_rows, not_computed
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.layout import Layout
from allocate.reporting.workbook.tracing import Traced
from allocate.study.assumed import NOT_STATED
from allocate.study.study import Study
from allocate.tables.frames import table_of

VENDORS, ASSUMPTIONS = "Vendors", "Assumptions"
FIRST = 4
BEFORE = (("product", 24), ("workflow", 22), ("levers", 14))


def vendors_sheet(layout: Layout, plan: Plan, found: Traced, of_all: int) -> None:
    """Write what an item costs, and an item that is right, with each vendor in the first period; a row a way of making it."""
    book, routes = layout.book, found.routes
    used = [name for name in routes.vendors if any(routes.vendors[v] == name for v in routes.vendor)]
    ways: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in range(routes.count):
        key = (routes.products[routes.product[row]], routes.workflows[routes.workflow[row]], routes.levers_of(row))
        ways.setdefault(key, {})[routes.vendors[routes.vendor[row]]] = row
    book.text(VENDORS, 0, 0, f"What one item costs with each vendor, {book.currency}", "title")
    some = f" {routes.count:,} of {of_all:,} routes: those the plan uses." if routes.count < of_all else ""
    words = "First period, price with fees by the item, checking and tools; the lowest of a row stands out. Fees by the contract are apart."
    book.text(VENDORS, 1, 0, words + some, "quiet")
    blocks = (("cost of an item", "price", _cost), ("cost of an item that is right", "price", _right))
    heads = [name for name, _ in BEFORE]
    columns: list[tuple[str, str, int]] = [(name, "text", width) for name, width in BEFORE]
    for _, kind, _ in blocks:
        columns += [(name, kind, 13) for name in used]
    columns += [(name, "items", 12) for name in used]
    book.columns(VENDORS, FIRST - 1, columns)
    for number, (title, _, _) in enumerate((*blocks, ("items in the plan", "items", None))):
        book.text(VENDORS, FIRST - 2, len(heads) + number * len(used), title, "heading")
    made = _made(plan)
    mark = book.file.add_format({"bold": True, "bg_color": "#DDF0E3"})
    for at, (key, offers) in enumerate(ways.items(), start=FIRST):
        for column, word in enumerate(key):
            book.text(VENDORS, at, column, word)
        for number, (_, kind, figure) in enumerate(blocks):
            start = len(heads) + number * len(used)
            for vendor, row in offers.items():
                layout.put(VENDORS, at, start + used.index(vendor), figure(routes, row), kind)
            rule = {"type": "bottom", "value": 1, "format": mark}
            book.sheets[VENDORS].conditional_format(at, start, at, start + len(used) - 1, rule)
        for vendor in offers:
            items = made.get((*key, vendor), 0.0)
            if items:
                book.number(
                    VENDORS, at, len(heads) + len(blocks) * len(used) + used.index(vendor), items, "items", "quiet"
                )
    book.page(VENDORS, len(heads), FIRST - 1, FIRST + len(ways))
    layout.after.append(lambda: book.hide(VENDORS, columns))


def _cost(routes: Any, row: int) -> Any:
    return routes.unit_cost[row, 0]


def _right(routes: Any, row: int) -> Any:
    return ratio(routes.unit_cost[row, 0], routes.accuracy[row]) if value_of(routes.accuracy[row]) > 0 else 0.0


def _made(plan: Plan) -> dict[tuple[str, str, str, str], float]:
    """Items of the plan by product, workflow, levers of the route and vendor."""
    lines, found = table_of(plan, "lines"), dict[tuple[str, str, str, str], float]()
    some = ("levers",) if "levers" in lines else ()
    for product, vendor, workflow, items, *levers in lines.rows("product", "vendor", "workflow", "items", *some):
        own = " + ".join(
            one for one in str(levers[0] if levers else "").split(" + ") if not one.endswith(" (capacity)")
        )
        found[product, workflow, own, vendor] = found.get((product, workflow, own, vendor), 0.0) + items
    return found


def assumptions_sheet(book: Book, answer: Answer, changes: Study | None = None) -> None:
    """Write the register of assumptions: by what each changes where that is known, else what is not stated first."""
    rows = assumed_rows(answer, changes)
    book.text(ASSUMPTIONS, 0, 0, "What was assumed", "title")
    missing = sum(row[2] == NOT_STATED for row in rows)
    left = len(rows) if changes is None else not_computed(changes)
    more = (
        f" `allocate assumptions` computes what {'each' if changes is None else 'the others'} could change."
        if left
        else ""
    )
    book.text(
        ASSUMPTIONS,
        1,
        0,
        f"{len(rows):,} figures the plan rests on, {missing:,} of them stated nowhere.{more}",
        "quiet",
    )
    columns = [
        ("figure", "text", 38),
        ("counted with", "text", 18),
        ("basis", "text", 12),
        *([(head, "text", 18) for head in CHANGED] if changes is not None else ()),
        ("to state it", "text", 46),
        ("source", "text", 60),
    ]
    book.columns(ASSUMPTIONS, 3, columns)
    for row, texts in enumerate(rows, start=4):
        for column, text in enumerate(texts[:-1]):
            book.text(ASSUMPTIONS, row, column, text)
        book.text(ASSUMPTIONS, row, len(texts) - 1, texts[-1], "source")
        book.tall(ASSUMPTIONS, row, texts[-1], 60)
    book.page(ASSUMPTIONS, 1, 3, 4 + len(rows))
    if not rows:
        book.sheets[ASSUMPTIONS].hide()
