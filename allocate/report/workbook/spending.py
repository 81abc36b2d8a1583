"""The sheets of periods, plan and invoice: quantities times what the routes' formulas say, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocate.costing.routes import Routes
from allocate.plan import Plan
from allocate.report.workbook.book import Book
from allocate.report.workbook.contracts import Contracts, key_of
from allocate.report.workbook.inputs import Inputs
from allocate.report.workbook.moving import CLOSE, Moving
from allocate.report.workbook.terms import Term, number, total
from allocate.report.workbook.tiers import Shared
from allocate.report.workbook.unit_costs import Costed

PLAN: tuple[tuple[str, str, int], ...] = (
    ("product", "text", 24), ("vendor", "text", 20), ("workflow", "text", 20), ("levers", "text", 12), ("period", "general", 8),
    ("items", "items", 13), ("hours", "hours", 11), ("review hours", "hours", 11), ("billed units", "items", 13),
    ("price factor", "small", 10), ("price", "money", 14), ("platform fee", "money", 12), ("pre-labelling", "money", 12),
    ("review", "money", 12), ("quality", "money", 11), ("lateness", "money", 11), ("early payment", "money", 12),
    ("spend", "money", 15), ("right items", "items", 13), ("escaped errors", "money", 13), ("spend as planned", "money", 15),
    ("difference", "money", 12), ("vendor number", "general", 8), ("product number", "general", 8), ("figures", "text", 24),
    ("schedule", "general", 8),
)  # fmt: skip
"""Name, kind and width of every column; the first six are those of a plan file, so that the sheet can be held as it is."""
AT = {name: position for position, (name, _, _) in enumerate(PLAN)}
MONEY = ("price", "platform fee", "pre-labelling", "review", "quality", "lateness", "early payment")


@dataclass(frozen=True)
class Spent:
    """Cells of the plan's lines."""

    lines: Sequence[Mapping[str, Term]]
    fixed: Mapping[str, int]
    """Lines written as figures, by reason."""


def plan_sheet(inputs: Inputs, plan: Plan, ways: Routes, route: Sequence[int], costed: Mapping[int, Costed], moving: Moving, shared: Shared, why: Mapping[int, str]) -> Spent:  # fmt: skip
    """Write the lines of the plan; route: the number of each line's."""
    book, cells, fixed = inputs.book, list[Mapping[str, Term]](), defaultdict[str, int](int)
    sheet = book.sheets["Plan"]
    book.header("Plan", 0, [name for name, _, _ in PLAN], 4)
    for column, (name, _, width) in enumerate(PLAN):
        hidden = name in ("vendor number", "product number", "schedule") or (name == "levers" and not ways.levers)
        sheet.set_column(column, column, width, None, {"hidden": hidden})
    records = plan.lines.to_dict("records")
    for row, (line, number_) in enumerate(zip(records, route, strict=True), start=1):
        reason = why.get(number_)
        one = _line(inputs, line, row, ways, number_, costed[number_], moving, shared, reason)
        if reason is None and abs(one["spend"].value - line["spend"]) > CLOSE * max(1.0, abs(line["spend"])):
            reason = "terms without a formula"
            one = _line(inputs, line, row, ways, number_, costed[number_], moving, shared, reason)
        cells.append(one)
        if reason is not None:
            fixed[reason] += 1
    book.page("Plan", 3, 0)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(len(records), 1), len(PLAN) - 1)
    return Spent(cells, dict(fixed))


def _line(inputs: Inputs, line: Mapping[Any, Any], row: int, ways: Routes, route: int, one: Costed, moving: Moving, shared: Shared, reason: str | None) -> Mapping[str, Term]:  # fmt: skip
    book, at = inputs.book, int(line["period"]) - 1
    for column in ("product", "vendor", "workflow"):
        book.text("Plan", row, AT[column], str(line[column]), whole=True)
    book.text("Plan", row, AT["levers"], str(line.get("levers", "")))
    found: dict[str, Term] = {}

    def put(column: str, term: Term | float, look: str = "plain") -> Term:
        term = term if isinstance(term, Term) else number(term)
        found[column] = book.formula("Plan", row, AT[column], term, PLAN[AT[column]][1], look)
        return found[column]

    put("period", at + 1)
    items = put("items", float(line["items"]), "input" if reason is None else "plain")
    put("hours", items * one.hours)
    put("review hours", items * one.review_hours)
    units = put("billed units", items * one.billable)
    if reason is None:
        factor = put("price factor", moving.exchange[one.currency][at] * moving.season[str(line["vendor"])][at])
        price = put(
            "price", _shared_price(shared, ways, route, at, units, found["hours"]) or units * one.price * factor
        )
        fee = one.fee_share * price if one.fee_share.value else items * one.fee * moving.exchange[one.fee_currency][at]
        put("platform fee", fee if one.fee_share.text != "0" or one.fee.text != "0" else number(0))
        put("pre-labelling", items * one.usage * moving.exchange[one.usage_currency][at])
        put("review", _review(inputs, found["review hours"], moving, at))
        bonus, late = put("quality", one.quality * price), put("lateness", one.lateness * price)
        put("early payment", -1 * one.discount * (price + bonus + late))
        put("spend", total([found[name] for name in MONEY]))
    else:
        for column in ("price factor", *MONEY):
            book.sheets["Plan"].write_blank(row, AT[column], None, book.format(PLAN[AT[column]][1]))
        put("spend", float(line["spend"]))
        book.text("Plan", row, AT["figures"], f"figures: {reason}", "quiet")
    put("right items", items * one.accuracy)
    put("escaped errors", _errors(inputs, str(line["product"]), items, one, moving, at))
    planned = put("spend as planned", float(line["spend"]), "quiet")
    put("difference", found["spend"] - planned, "quiet")
    put("vendor number", int(ways.vendor[route]))
    put("product number", int(ways.product[route]))
    put("schedule", int(ways.schedule[route]))
    return found


def _shared_price(shared: Shared, ways: Routes, route: int, at: int, units: Term, hours: Term) -> Term | None:
    """What a line pays of prices by volume, or of a team's wages; None for a line with a price of its own."""
    windows = shared.schedules.get(int(ways.schedule[route]))
    if windows is not None:
        parts = [average * float(weights[at]) for weights, average in windows if weights[at] > 0]
        return units * sum(parts[1:], parts[0])
    hour = shared.hours.get((int(ways.vendor[route]), at))
    return None if hour is None else hours * hour


def _review(inputs: Inputs, hours: Term, moving: Moving, at: int) -> Term:
    team = inputs.case.file.review_team
    if team is None:
        return number(0)
    wage = inputs.quantity("wage of the review team", "review team", team.wage, ("review-team", "wage"))
    return hours * wage * moving.exchange[team.wage.currency or inputs.case.currency][at]


def _errors(inputs: Inputs, product: str, items: Term, one: Costed, moving: Moving, at: int) -> Term:
    cost = inputs.case.products[product].error_cost
    if cost is None:
        return number(0)
    each = inputs.quantity("cost of an escaped error", product, cost, ("products", product, "error-cost"))
    return items * (1 - one.accuracy) * each * moving.exchange[cost.currency or inputs.case.currency][at]


def invoice_sheet(
    book: Book,
    plan: Plan,
    ways: Routes,
    route: Sequence[int],
    spent: Spent,
    labels: Sequence[str],
    contracts: Contracts,
) -> Term:
    """Write what is owed to whom, by formulas from the plan and the contracts where they have them; the total's cell."""
    names = ("vendor", "window", "clause", "about", "quantity", "unit", f"price, {book.currency}", f"amount, {book.currency}", "figures")  # fmt: skip
    book.header("Invoice", 0, names, 4)
    lines = _lines_of(ways, route, spent, labels, plan)
    entries = [{str(name): value for name, value in entry.items()} for entry in plan.invoice.to_dict("records")]
    known = {key_of(entry) for entry in entries}
    # What is nothing now may become something when an input changes.
    zero = {"quantity": 0.0, "unit": "", "unit_price": 0.0, "amount": 0.0}
    for key in contracts.owed:
        if key not in known:
            entries.append({**dict(zip(("vendor", "window", "clause", "about"), key, strict=True)), **zero})
    amounts = []
    for row, entry in enumerate(entries, start=1):
        for column, part in enumerate(("vendor", "window", "clause", "about")):
            book.text("Invoice", row, column, str(entry[part]))
        book.text("Invoice", row, 5, str(entry["unit"]))
        owed = contracts.owed.get(key_of(entry))
        if owed is not None:
            amounts.append(_cells(book, row, owed.quantity, owed.amount, float(entry["unit_price"])))
            continue
        if entry["clause"] not in ("items", "tier", "surplus", *MONEY):
            contracts.figures.append(f"{entry['clause']} of {entry['vendor'] or entry['about']}")
        mine = lines.get((*(str(entry[part]) for part in ("vendor", "window", "about", "clause", "unit")),), [])
        amounts.append(_entry(book, row, entry, mine))
    row = len(amounts) + 1
    book.text("Invoice", row, 0, "Total", "total")
    for column in range(1, 7):
        book.text("Invoice", row, column, "", "total")
    for column, width in enumerate((22, 14, 16, 34, 15, 12, 13, 16, 12)):
        book.sheets["Invoice"].set_column(column, column, width)
    book.page("Invoice", 1, 0)
    return book.formula("Invoice", row, 7, total(amounts), "money", "total")


def _lines_of(
    ways: Routes, route: Sequence[int], spent: Spent, labels: Sequence[str], plan: Plan
) -> Mapping[tuple[str, ...], list[Mapping[str, Term]]]:
    """Cells of the plan's lines by the entry of the invoice they are in, but for what contracts owe in all."""
    lines: dict[tuple[str, ...], list[Mapping[str, Term]]] = defaultdict(list)
    for line, number_, cells in zip(plan.lines.to_dict("records"), route, spent.lines, strict=True):
        key = (str(line["vendor"]), labels[int(line["period"]) - 1], str(line["product"]))
        together = ("price", "platform fee", "early payment") if ways.schedule[number_] >= 0 else ()
        for clause in MONEY:
            unit = ways.basis[number_] if clause == "price" else ways.items[ways.product[number_]]
            if clause in cells and cells[clause].value and clause not in together:
                lines[(*key, "items" if clause == "price" else clause, unit)].append(cells)
    return lines


def _entry(book: Book, row: int, entry: Mapping[str, Any], lines: Sequence[Mapping[str, Term]]) -> Term:
    column = "price" if entry["clause"] == "items" else str(entry["clause"])
    many = total([cells["billed units" if column == "price" else "items"] for cells in lines])
    amount = total([cells[column] for cells in lines])
    if not lines or abs(amount.value - entry["amount"]) > 1e-7 * max(1.0, abs(entry["amount"])):
        many, amount = number(entry["quantity"]), number(entry["amount"])
        book.text("Invoice", row, 8, "figure", "quiet")
    return _cells(book, row, many, amount, float(entry["unit_price"]))


def _cells(book: Book, row: int, many: Term, amount: Term, unit_price: float) -> Term:
    """Quantity, price of one and amount of an entry; the amount's cell."""
    quantity = book.formula("Invoice", row, 4, many, "items")
    owed = book.formula("Invoice", row, 7, amount, "money")
    each = number(unit_price)
    if not (many.plain and amount.plain):
        each = Term(f"IF({quantity.text}=0,0,{owed.text}/{quantity.text})", unit_price)
    book.formula("Invoice", row, 6, each, "price")
    return owed
