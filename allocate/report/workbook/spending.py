"""The sheets of periods, plan and invoice: quantities times what the routes' formulas say, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate.costing.prices import DAYS_PER_YEAR, exchange_rates, price_factors
from allocate.costing.routes import Routes
from allocate.plan import Plan
from allocate.report.workbook.book import Book
from allocate.report.workbook.inputs import Inputs
from allocate.report.workbook.terms import Term, number, total
from allocate.report.workbook.unit_costs import Costed

CLOSE = 1e-9
"""Relative distance within which a formula's figure is the library's."""
PLAN: tuple[tuple[str, str, int], ...] = (
    ("product", "text", 24), ("vendor", "text", 20), ("workflow", "text", 20), ("levers", "text", 12), ("period", "general", 8),
    ("items", "items", 13), ("hours", "hours", 11), ("review hours", "hours", 11), ("billed units", "items", 13),
    ("price factor", "small", 10), ("price", "money", 14), ("platform fee", "money", 12), ("pre-labelling", "money", 12),
    ("review", "money", 12), ("quality", "money", 11), ("lateness", "money", 11), ("early payment", "money", 12),
    ("spend", "money", 15), ("right items", "items", 13), ("escaped errors", "money", 13), ("spend as planned", "money", 15),
    ("difference", "money", 12), ("vendor number", "general", 8), ("product number", "general", 8), ("figures", "text", 24),
)  # fmt: skip
"""Name, kind and width of every column; the first six are those of a plan file, so that the sheet can be held as it is."""
AT = {name: position for position, (name, _, _) in enumerate(PLAN)}
MONEY = ("price", "platform fee", "pre-labelling", "review", "quality", "lateness", "early payment")


@dataclass(frozen=True)
class Moving:
    """Cells of what changes from period to period."""

    exchange: Mapping[str, Sequence[Term]]
    season: Mapping[str, Sequence[Term]]


def periods_sheet(inputs: Inputs, vendors: Sequence[str]) -> Moving:
    """Write exchange rates and price factors of the vendors used, period by period."""
    book, case = inputs.book, inputs.case
    count = case.periods.count
    book.text("Periods", 0, 0, "Exchange rates and price factors by period", "title")
    book.header("Periods", 2, ["of", *(case.periods.label(position) for position in range(count))])
    book.sheets["Periods"].set_column(0, 0, 34)
    rates, factors, row = exchange_rates(case), price_factors(case), 3
    exchange: dict[str, Sequence[Term]] = {}
    for currency, numbers in rates.items():
        book.text("Periods", row, 0, f"{case.currency} for one {currency}")
        terms = _exchange(inputs, currency)
        exchange[currency] = [_checked(book, row, at, terms[at], float(numbers[at])) for at in range(count)]
        row += 1
    season: dict[str, Sequence[Term]] = {}
    for vendor in vendors:
        book.text("Periods", row, 0, f"prices of {vendor}: season and escalation")
        numbers = factors[list(case.vendors).index(vendor)]
        terms = _season(inputs, vendor)
        season[vendor] = [_checked(book, row, at, terms[at], float(numbers[at])) for at in range(count)]
        row += 1
    book.page("Periods", 1, 2)
    return Moving(exchange, season)


def _checked(book: Book, row: int, position: int, term: Term, value: float) -> Term:
    """A formula where it comes to the library's figure, else the figure; no rate yet is an empty cell."""
    if not np.isfinite(value):
        return number(value)
    same = abs(term.value - value) <= CLOSE * max(1e-12, abs(value))
    return book.formula("Periods", row, position + 1, term if same else number(value), "small")


def _exchange(inputs: Inputs, currency: str) -> list[Term]:
    case, terms = inputs.case, [number(1)] * inputs.case.periods.count
    if currency == case.currency:
        return terms
    scalar = not isinstance(case.document.data["exchange"][currency], list)
    for position, step in enumerate(case.file.exchange[currency]):
        path = ("exchange", currency) if scalar else ("exchange", currency, position, "rate")
        words = f"{currency} from {step.from_.text}" if step.from_ is not None else currency
        rate = inputs.quantity("exchange rate", words, step.rate, path)
        start = case.periods.first_from(step.from_) if step.from_ is not None else 0
        terms[start:] = [rate] * (len(terms) - start)
    return terms


def _season(inputs: Inputs, vendor: str) -> list[Term]:
    case, one, terms = inputs.case, inputs.case.vendors[vendor], [number(1)] * inputs.case.periods.count
    for position, step in enumerate(one.season):
        path = ("vendors", vendor, "season", position, "factor")
        factor = inputs.share(f"season from {step.from_.text}", vendor, step.factor, path)
        start = case.periods.first_from(step.from_)
        terms[start:] = [factor] * (len(terms) - start)
    if one.escalation is not None:
        rise = inputs.quantity("escalation", vendor, one.escalation, ("vendors", vendor, "escalation"))
        first = case.periods.starts[0]
        for position, start_day in enumerate(case.periods.starts):
            years = (start_day - first).days / DAYS_PER_YEAR
            yearly = 1 + rise * (DAYS_PER_YEAR / 7)
            power = Term(f"({yearly.text})^{years!r}", yearly.value**years)
            terms[position] = terms[position] * power if years else terms[position]
    return terms


@dataclass(frozen=True)
class Spent:
    """Cells of the plan's lines."""

    lines: Sequence[Mapping[str, Term]]
    fixed: Mapping[str, int]
    """Lines written as figures, by reason."""


def plan_sheet(inputs: Inputs, plan: Plan, ways: Routes, route: Sequence[int], costed: Mapping[int, Costed], moving: Moving, why: Mapping[int, str]) -> Spent:  # fmt: skip
    """Write the lines of the plan; route: the number of each line's."""
    book, cells, fixed = inputs.book, list[Mapping[str, Term]](), defaultdict[str, int](int)
    sheet = book.sheets["Plan"]
    book.header("Plan", 0, [name for name, _, _ in PLAN], 4)
    for column, (name, _, width) in enumerate(PLAN):
        hidden = name in ("vendor number", "product number") or (name == "levers" and not ways.levers)
        sheet.set_column(column, column, width, None, {"hidden": hidden})
    records = plan.lines.to_dict("records")
    for row, (line, number_) in enumerate(zip(records, route, strict=True), start=1):
        reason = why.get(number_)
        one = _line(inputs, line, row, ways, number_, costed[number_], moving, reason)
        if reason is None and abs(one["spend"].value - line["spend"]) > CLOSE * max(1.0, abs(line["spend"])):
            reason = "terms without a formula"
            one = _line(inputs, line, row, ways, number_, costed[number_], moving, reason)
        cells.append(one)
        if reason is not None:
            fixed[reason] += 1
    book.page("Plan", 3, 0)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(len(records), 1), len(PLAN) - 1)
    return Spent(cells, dict(fixed))


def _line(inputs: Inputs, line: Mapping[Any, Any], row: int, ways: Routes, route: int, one: Costed, moving: Moving, reason: str | None) -> Mapping[str, Term]:  # fmt: skip
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
        price = put("price", units * one.price * factor)
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
    return found


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
    book: Book, plan: Plan, ways: Routes, route: Sequence[int], spent: Spent, labels: Sequence[str]
) -> Term:
    """Write what is owed to whom, by formulas from the plan where its lines have them; the total's cell."""
    names = (
        "vendor",
        "window",
        "clause",
        "about",
        "quantity",
        "unit",
        f"price, {book.currency}",
        f"amount, {book.currency}",
        "figures",
    )
    book.header("Invoice", 0, names, 4)
    lines: dict[tuple[str, str, str, str, str], list[Mapping[str, Term]]] = defaultdict(list)
    for line, number_, cells in zip(plan.lines.to_dict("records"), route, spent.lines, strict=True):
        key = (str(line["vendor"]), labels[int(line["period"]) - 1], str(line["product"]))
        for clause in MONEY:
            unit = ways.basis[number_] if clause == "price" else ways.items[ways.product[number_]]
            if clause in cells and cells[clause].value:
                lines[(*key, "items" if clause == "price" else clause, unit)].append(cells)
    amounts = []
    for row, entry in enumerate(plan.invoice.to_dict("records"), start=1):
        mine = lines.get((entry["vendor"], entry["window"], entry["about"], entry["clause"], entry["unit"]), [])
        for column, part in enumerate(("vendor", "window", "clause", "about")):
            book.text("Invoice", row, column, str(entry[part]))
        book.text("Invoice", row, 5, str(entry["unit"]))
        amounts.append(_entry(book, row, entry, mine))
    row = len(amounts) + 1
    book.text("Invoice", row, 0, "Total", "total")
    for column in range(1, 7):
        book.text("Invoice", row, column, "", "total")
    for column, width in enumerate((22, 14, 16, 34, 15, 12, 13, 16, 12)):
        book.sheets["Invoice"].set_column(column, column, width)
    book.page("Invoice", 1, 0)
    return book.formula("Invoice", row, 7, total(amounts), "money", "total")


def _entry(book: Book, row: int, entry: Mapping[Any, Any], lines: Sequence[Mapping[str, Term]]) -> Term:
    column = "price" if entry["clause"] == "items" else str(entry["clause"])
    many = total([cells["billed units" if column == "price" else "items"] for cells in lines])
    amount = total([cells[column] for cells in lines])
    live = bool(lines) and abs(amount.value - entry["amount"]) <= 1e-7 * max(1.0, abs(entry["amount"]))
    if not live:
        many, amount = number(entry["quantity"]), number(entry["amount"])
        book.text("Invoice", row, 8, "figure", "quiet")
    quantity = book.formula("Invoice", row, 4, many, "items")
    owed = book.formula("Invoice", row, 7, amount, "money")
    each = number(entry["unit_price"])
    if live:
        each = Term(f"IF({quantity.text}=0,0,{owed.text}/{quantity.text})", entry["unit_price"])
    book.formula("Invoice", row, 6, each, "price")
    return owed
