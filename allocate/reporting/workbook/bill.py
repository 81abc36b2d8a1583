"""The sheets of the invoice and of contracts: what is owed to whom, and how it comes to that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allocate.costing.bill.entries import Entry
from allocate.formula import Formula, added_up, called, cell, in_order, value_of
from allocate.plan import Plan
from allocate.reporting.workbook.book import letters, reference
from allocate.reporting.workbook.layout import Layout
from allocate.reporting.workbook.tracing import Traced
from allocate.tables.frames import table_of

INVOICE, CONTRACTS = "Invoice", "Contracts"
FIRST = 3
"""Row (from 0) of the first entry among the contracts."""
CLOSE = 1e-7
"""Relative distance within which a formula's money is the invoice's."""
WORDS = ("vendor", "window", "clause", "about")
KINDS = {
    "average accuracy": "share", "would cost": "cost", "prices in the window": "money", "price of the step": "price",
    "owed for one unit": "price", "cost of an hour": "price",
}  # fmt: skip
"""Kinds of numbers by what costing calls them; items otherwise."""


@dataclass(frozen=True)
class Bill:
    """What other sheets take from the invoice."""

    total: Formula
    apart: Formula
    """Money that belongs to no line of the plan."""
    figures: Sequence[str]
    """Clauses that stand as figures."""


def bill_sheets(layout: Layout, plan: Plan, found: Traced, shown: set[int]) -> Bill:
    """Write both sheets; shown: digests of what has cells elsewhere."""
    book, true = layout.book, defaultdict[tuple[str, ...], list[float]](list)
    names = (*WORDS, "quantity", "unit", f"price, {book.currency}", f"amount, {book.currency}", "figures", "of no line")
    book.header(INVOICE, 0, names, (0, 1, 2, 3, 5, 8))
    apart = {id(entry) for one in found.asked for entry in one.apart}
    for owed in table_of(plan, "invoice").records():
        true[*(str(owed[part]) for part in WORDS), str(owed["unit"])].append(float(owed["amount"]))
    figures: list[str] = []
    amounts: list[tuple[Entry, Formula]] = []
    for row, entry in enumerate(found.entries, start=1):
        for column, part in enumerate(WORDS):
            book.text(INVOICE, row, column, str(getattr(entry, part)))
        book.text(INVOICE, row, 5, entry.unit)
        planned = true[*(str(getattr(entry, part)) for part in WORDS), entry.unit]
        known = planned.pop(0) if planned else 0.0
        amount = entry.amount
        if not _close(value_of(amount), known):
            amount = known
            figures.append(f"{entry.clause} of {entry.vendor or entry.about}")
            book.text(INVOICE, row, 8, "figure", "quiet")
        layout.put(INVOICE, row, 4, entry.quantity, "items")
        layout.put(INVOICE, row, 6, entry.unit_price, "price")
        layout.put(INVOICE, row, 9, float(id(entry) in apart), "count")
        amounts.append((entry, layout.put(INVOICE, row, 7, amount, "money")))
    last = len(amounts) + 1
    for column in range(7):
        book.text(INVOICE, last, column, "" if column else "Total", "total")
    for column, width in enumerate((22, 14, 16, 34, 15, 12, 13, 16, 12)):
        book.sheets[INVOICE].set_column(column, column, width)
    book.sheets[INVOICE].set_column(9, 9, 8, None, {"hidden": True})
    book.sheets[INVOICE].autofilter(0, 0, max(len(amounts), 1), len(names) - 2)
    book.page(INVOICE, 1, 0, len(amounts) + 2)
    missing = [f"{key[2]} of {key[0] or key[3]}" for key, left in true.items() for one in left if not _close(one, 0.0)]
    rest = sum(one for left in true.values() for one in left)
    whole = added_up([*(one for _, one in amounts), *([rest] if missing else [])])
    _contracts(layout, amounts, shown)
    spans = [cell(f"{reference(INVOICE, 1, at)}:${letters(at)}${max(last, 2)}", 0.0) for at in (9, 7)]
    of_none = sum((one.value for entry, one in amounts if id(entry) in apart), 0.0)
    beside = added_up([money for one in found.asked for money in one.overhead])
    return Bill(
        layout.put(INVOICE, last, 7, whole, "money", "total"),
        called("SUMIF", (spans[0], 1.0, spans[1]), of_none) + beside,
        [*found.figures, *figures, *missing],
    )


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= CLOSE * max(1.0, abs(other))


def _contracts(layout: Layout, amounts: Sequence[tuple[Entry, Formula]], shown: set[int]) -> None:
    """Write what entries are worked out from, by the names costing gives it; each where it is needed first."""
    book, seen = layout.book, set(shown)
    rows: list[tuple[Entry, dict[str, Formula], Formula]] = []
    heads: dict[str, None] = {}
    for entry, amount in amounts:
        inside: dict[str, Formula] = {}
        parts: list[Any] = [entry.quantity, entry.unit_price]
        for one in in_order([part for part in parts if isinstance(part, Formula)]):
            if one.name and one.name not in inside and one.digest not in seen:
                inside[one.name] = one
                seen.add(one.digest)
        if inside:
            rows.append((entry, inside, amount))
            heads |= dict.fromkeys(inside)
    kinds = {name: KINDS.get(name, "items") for name in heads}
    columns = [("vendor", "text", 20), ("window", "text", 13), ("clause", "text", 14), ("about", "text", 32)]
    columns += [(name, kinds[name], 14) for name in heads] + [("amount", "money", 15)]
    book.text(CONTRACTS, 0, 0, "How contracts come to what they ask", "title")
    words = "Quantities come from the sheet Plan, prices from Inputs; the sheet Invoice takes its amounts from here."
    book.text(CONTRACTS, 1, 0, words, "quiet")
    book.columns(CONTRACTS, FIRST - 1, columns, ("amount",))
    book.page(CONTRACTS, 3, FIRST - 1, FIRST + len(rows))
    at = {name: position for position, (name, _, _) in enumerate(columns)}
    for row, (entry, inside, amount) in enumerate(rows, start=FIRST):
        for part in WORDS:
            book.text(CONTRACTS, row, at[part], str(getattr(entry, part)))
        for name, one in inside.items():
            layout.put(CONTRACTS, row, at[name], one, kinds[name])
        layout.put(CONTRACTS, row, at["amount"], amount, "money")
