"""The sheets of routes, of standard times and of periods: work, quality and price of one item, as costing works them out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.case.load import Case
from allocate.costing.quality.unstated import unstated
from allocate.costing.terms.prices import exchange_rates, held_factors, price_factors
from allocate.costing.work.products import item_of, reference_time
from allocate.formula import Formula, in_order
from allocate.reporting.workbook.layout import Layout
from allocate.reporting.workbook.tracing import Traced

ROUTES, WORK, PERIODS = "Routes", "Work", "Periods"
FIRST = 3
BEFORE = (
    ("product", "text", 24), ("vendor", "text", 20), ("workflow", "text", 20), ("levers", "text", 12), ("price per", "text", 10),
)  # fmt: skip
AFTER = (
    ("accuracy", "accuracy delivered", "share", 10), ("hours", "hours of vendor", "small", 10),
    ("review_hours", "hours of review", "small", 10), ("billable", "units billed", "small", 10),
    ("counted", "units that fill steps", "small", 10), ("billed", "price of an item, in its currency", "price", 12),
    ("fee_share", "platform fee, share of price", "share", 9), ("quality_share", "for quality, share of price by volume", "share", 9),
    ("lateness_share", "for lateness, share of price by volume", "share", 9), ("lever_share", "for levers, share of price by volume", "share", 9),
    ("discount", "paid early, share", "share", 9),
)  # fmt: skip
"""Column of the routes, name, kind and width."""


def work_sheet(layout: Layout, case: Case, found: Traced) -> None:
    """Write the standard time of every product."""
    book = layout.book
    book.text(WORK, 0, 0, "Work content of one item", "title")
    book.header(WORK, 2, ("product", "item", "standard time, h", "seconds", "equivalent units"), (0, 1))
    for row, (name, product) in enumerate(found.case.products.items(), start=FIRST):
        book.text(WORK, row, 0, name)
        book.text(WORK, row, 1, item_of(case, product))
        hours = layout.put(WORK, row, 2, found.routes.standard_time[row - FIRST], "small")
        layout.put(WORK, row, 3, hours * 3600.0, "hours")
        layout.put(WORK, row, 4, hours / (reference_time(found.case) or 1.0), "small")
    book.sheets[WORK].set_column(0, 0, 30)
    book.sheets[WORK].set_column(1, 4, 16)
    book.page(WORK, 1, 2, FIRST + len(found.case.products))


def routes_sheet(layout: Layout, case: Case, found: Traced, of_all: int) -> set[int]:
    """Write the routes chosen, of so many: what costing calls the steps of their work, whose digests are the answer, and what
    comes of them."""
    book, routes = layout.book, found.routes
    book.text(ROUTES, 0, 0, "Work, quality and price of one item by route", "title")
    chosen = (
        f"{routes.count:,} of {of_all:,} routes: those the plan uses"
        if routes.count < of_all
        else "All routes of the case"
    )
    book.text(ROUTES, 1, 0, f"{chosen}. Prices before exchange rate and season.", "quiet")
    steps = [_named([getattr(routes, name)[row] for name, _, _, _ in AFTER]) for row in range(routes.count)]
    names = dict.fromkeys(one.name for some in steps for one in some)
    kinds = {name: "share" if name.startswith(("accuracy", "share")) else "small" for name in names}
    columns = [
        *BEFORE,
        *((name, kinds[name], 11) for name in names),
        *(one[1:] for one in AFTER),
        ("currency", "text", 8),
    ]
    at = {name: position for position, (name, _, _) in enumerate(columns)}
    book.columns(ROUTES, FIRST - 1, columns)
    for row, some in enumerate(steps):
        words = (
            routes.products[routes.product[row]], routes.vendors[routes.vendor[row]], routes.workflows[routes.workflow[row]],
            routes.levers_of(row), routes.basis[row],
        )  # fmt: skip
        for column, text in enumerate(words):
            book.text(ROUTES, FIRST + row, column, text)
        book.text(ROUTES, FIRST + row, at["currency"], routes.currencies[routes.billed_in[row]])
        for one in some:
            layout.put(ROUTES, FIRST + row, at[one.name], one, kinds[one.name])
        for name, title, kind, _ in AFTER:
            assumed = name == "accuracy" and words[:2] in unstated(case)
            layout.put(ROUTES, FIRST + row, at[title], getattr(routes, name)[row], "assumed" if assumed else kind)
    book.page(ROUTES, 3, FIRST - 1, FIRST + routes.count)
    book.sheets[ROUTES].freeze_panes(FIRST, 3)
    book.sheets[ROUTES].autofilter(FIRST - 1, 0, FIRST - 1 + max(routes.count, 1), len(columns) - 1)
    layout.after.append(lambda: book.hide(ROUTES, columns))
    return {one.digest for some in steps for one in some}


def _named(ends: Sequence[object]) -> list[Formula]:
    """Every part with a name that some formulas are worked out from, in order; of each name one."""
    found: dict[str, Formula] = {}
    for one in in_order([end for end in ends if isinstance(end, Formula)]):
        if one.name:
            found.setdefault(one.name, one)
    return list(found.values())


def periods_sheet(layout: Layout, found: Traced) -> None:
    """Write exchange rates, and season and escalation of the vendors of the routes, period by period."""
    book, case = layout.book, found.case
    book.text(PERIODS, 0, 0, "Exchange rates and price factors by period", "title")
    book.header(PERIODS, 2, ["of", *(case.periods.label(position) for position in range(case.periods.count))])
    book.sheets[PERIODS].set_column(0, 0, 34)
    factors = price_factors(case)
    rows = [(f"{case.currency} for one {currency}", rates) for currency, rates in exchange_rates(case).items()]
    serving = np.unique(found.routes.vendor).tolist()
    rows += [(f"prices of {found.routes.vendors[one]}: season and escalation", factors[one]) for one in serving]
    held = np.unique(found.routes.vendor[found.routes.held]).tolist()
    rows += [(f"locked prices of {found.routes.vendors[one]}: season", held_factors(case)[one]) for one in held]
    for row, (words, numbers) in enumerate(rows, start=FIRST):
        book.text(PERIODS, row, 0, words)
        for period, number in enumerate(numbers.tolist()):
            # No rate yet is an empty cell.
            if isinstance(number, Formula) or np.isfinite(number):
                layout.put(PERIODS, row, period + 1, number, "small")
    book.page(PERIODS, 1, 2, FIRST + len(rows))
