"""The sheets of periods, plan and invoice: quantities times what the routes' formulas say, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocate.costing.table import Routes
from allocate.plan import Plan
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.columns import AT, HIDDEN, MONEY, PLAN
from allocate.reporting.workbook.contracts import CLOSE as SAME
from allocate.reporting.workbook.contracts import Contracts, Key, key_of
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.moving import CLOSE, Moving
from allocate.reporting.workbook.terms import Term, number, total
from allocate.reporting.workbook.tiers import Shared
from allocate.reporting.workbook.unit_costs import Costed


@dataclass(frozen=True)
class Spent:
    """Cells of the plan's lines."""

    lines: Sequence[Mapping[str, Term]]
    fixed: Mapping[str, int]
    """Lines written as figures, by reason."""
    learning: Sequence[str]
    """Vendors whose hours fall with what they make: by how much is a figure."""


def plan_sheet(inputs: Inputs, plan: Plan, ways: Routes, route: Sequence[int], costed: Mapping[int, Costed], moving: Moving, shared: Shared, why: Mapping[int, str]) -> Spent:  # fmt: skip
    """Write the lines of the plan; route: the number of each line's."""
    book, cells, fixed = inputs.book, list[Mapping[str, Term]](), defaultdict[str, int](int)
    sheet = book.sheets["Plan"]
    # Names as a plan file has them: the sheet can be held as one.
    book.columns("Plan", 0, PLAN)
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
    book.hide("Plan", PLAN, HIDDEN)
    learning = {
        line["vendor"] for line, number_ in zip(records, route, strict=True) if learnt(ways, number_, line) != 1.0
    }
    return Spent(cells, dict(fixed), sorted(learning))


def learnt(ways: Routes, route: int, line: Mapping[Any, Any]) -> float:
    """What hours of a line are of those without learning."""
    standard = float(line["items"]) * float(ways.hours[route])
    return float(line["hours"]) / standard if ways.learners and standard > 0 else 1.0


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
    put("hours", items * one.hours * learnt(ways, route, line))
    put("review hours", items * one.review_hours)
    put("billed units", items * one.billable)
    put("counted units", items * one.counted)
    put("delivered", min(at + int(ways.lead[route]), inputs.case.periods.count - 1) + 1)
    if reason is None:
        for column, term in _money(inputs, line, row, ways, route, one, moving, shared, found):
            put(column, term)
        put("spend", total([found[name] for name in MONEY]))
    else:
        for column in ("price factor", "units at rate", *MONEY):
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


def _money(inputs: Inputs, line: Mapping[Any, Any], row: int, ways: Routes, route: int, one: Costed, moving: Moving, shared: Shared, found: Mapping[str, Term]) -> Iterator[tuple[str, Term]]:  # fmt: skip
    """What a line costs, clause by clause; found: its cells, those of earlier clauses included."""
    at, vendor, items, units = int(line["period"]) - 1, str(line["vendor"]), found["items"], found["billed units"]
    yield "price factor", moving.exchange[one.currency][at] * moving.season[vendor][at]
    own = units * one.price * found["price factor"]
    yield "price", _shared_price(shared, ways, route, row - 1, at, found) or own
    price, tiered = found["price"], bool(ways.schedule[route] >= 0)
    yield (
        "platform fee",
        _platform_fee(one, moving, vendor, at, items, None if tiered else price) or one.fee_share * price,
    )
    usage, asked = items * one.usage, moving.pre_labels.get(str(line["workflow"]))
    if asked is not None:
        usage = items * one.usage_count * asked[at]
    yield "pre-labelling", usage * moving.exchange[one.usage_currency][at]
    yield "review", _review(inputs, found["review hours"], moving, at)
    yield "units at rate", units * moving.exchange[one.bonus_currency][at]
    rated, delivered = found["units at rate"], int(found["delivered"].value) - 1
    bonus = one.quality * price + one.quality_money * rated
    windows = shared.bonuses.get((int(ways.vendor[route]), int(ways.product[route])))
    for window in windows or ():
        if window.weights[delivered] > 0:
            bonus = bonus + (window.share * price + window.money * rated) * float(window.weights[delivered])
    yield "quality", bonus
    yield "lateness", one.lateness * price + one.lateness_money * rated
    # Invoices have the discount on what is apart from the price of a single line apart too.
    apart = found["quality"] if windows else found["quality"] + found["lateness"] if tiered else number(0)
    with_price = (
        price + found["lateness"] if windows else price if tiered else price + found["quality"] + found["lateness"]
    )
    yield "early payment", -1 * one.discount * with_price
    yield "early, on bonus", -1 * one.discount * apart


def _platform_fee(one: Costed, moving: Moving, vendor: str, at: int, items: Term, price: Term | None) -> Term | None:
    """The platform fee of a line; None where it is the first share of a price, as always of prices by volume."""
    steps = moving.fees.get(vendor)
    if one.fee_count.value:
        fee = one.fee if steps is None else one.fee_count * steps[at]
        return items * fee * moving.exchange[one.fee_currency][at]
    return None if steps is None or price is None else steps[at] * price


def _shared_price(
    shared: Shared, ways: Routes, route: int, line: int, at: int, found: Mapping[str, Term]
) -> Term | None:
    """What a line pays of prices by volume, or of a team's wages; None for a line with a price of its own."""
    if line in shared.lines:
        return shared.lines[line]
    windows = shared.schedules.get(int(ways.schedule[route]))
    if windows is not None:
        parts = [average * float(weights[at]) for weights, average in windows if weights[at] > 0]
        return found["billed units"] * sum(parts[1:], parts[0])
    hour = shared.hours.get((int(ways.vendor[route]), at))
    return None if hour is None else found["hours"] * hour


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
    book.header("Invoice", 0, names, (0, 1, 2, 3, 5, 8))
    lines = _lines_of(ways, route, spent, labels, plan, contracts)
    entries = [{str(name): value for name, value in entry.items()} for entry in plan.invoice.to_dict("records")]
    known = {key_of(entry) for entry in entries if _is(contracts, entry)}
    # What is nothing now may become something when an input changes.
    zero = {"quantity": 0.0, "unit": "", "unit_price": 0.0, "amount": 0.0}
    for key in contracts.owed:
        if key not in known:
            entries.append({**dict(zip(("vendor", "window", "clause", "about"), key, strict=True)), **zero})
    order = {name: position for position, name in enumerate([*contracts.case.vendors, ""])}
    entries.sort(key=lambda entry: order[str(entry["vendor"])])
    amounts, taken = list[Term](), set[Key]()
    told = {
        line["vendor"]
        for line, cells in zip(plan.lines.to_dict("records"), spent.lines, strict=True)
        if "price" not in cells
    }
    for row, entry in enumerate(entries, start=1):
        for column, part in enumerate(("vendor", "window", "clause", "about")):
            book.text("Invoice", row, column, str(entry[part]))
        book.text("Invoice", row, 5, str(entry["unit"]))
        if _is(contracts, entry) and key_of(entry) not in taken:
            taken.add(key_of(entry))
            owed = contracts.owed[key_of(entry)]
            amounts.append(_cells(book, row, owed.quantity, owed.amount, float(entry["unit_price"])))
            continue
        mine = lines.get((*(str(entry[part]) for part in ("vendor", "window", "about", "clause", "unit")),), [])
        live = _entry(book, row, entry, mine)
        amounts.append(live.amount)
        if live.figure and (entry["vendor"] not in told or entry["clause"] not in ("items", "tier", "surplus", *MONEY)):
            contracts.figures.append(f"{entry['clause']} of {entry['vendor'] or entry['about']}")
    row = len(amounts) + 1
    book.text("Invoice", row, 0, "Total", "total")
    for column in range(1, 7):
        book.text("Invoice", row, column, "", "total")
    for column, width in enumerate((22, 14, 16, 34, 15, 12, 13, 16, 12)):
        book.sheets["Invoice"].set_column(column, column, width)
    book.sheets["Invoice"].autofilter(0, 0, max(len(amounts), 1), len(names) - 1)
    book.page("Invoice", 1, 0)
    return book.formula("Invoice", row, 7, total(amounts), "money", "total")


def _is(contracts: Contracts, entry: Mapping[str, Any]) -> bool:
    """Whether a row of the contracts is an entry; discounts on prices and on bonus can go by the same words."""
    owed = contracts.owed.get(key_of(entry))
    return owed is not None and abs(owed.amount.value - entry["amount"]) <= SAME * max(1.0, abs(entry["amount"]))


def _lines_of(
    ways: Routes, route: Sequence[int], spent: Spent, labels: Sequence[str], plan: Plan, contracts: Contracts
) -> Mapping[tuple[str, ...], list[Mapping[str, Term]]]:
    """Cells of the plan's lines by the entry of the invoice they are in, but for what contracts owe in all."""
    lines: dict[tuple[str, ...], list[Mapping[str, Term]]] = defaultdict(list)
    for line, number_, cells in zip(plan.lines.to_dict("records"), route, spent.lines, strict=True):
        key = (str(line["vendor"]), labels[int(line["period"]) - 1], str(line["product"]))
        together: tuple[str, ...] = ()
        if ways.schedule[number_] >= 0:
            together = ("price", "platform fee") if ways.fee_share[number_] else ("price",)
            by_window = contracts.case.vendors[key[0]].contract.quality_window is not None
            apart = None if by_window else cells.get("early, on bonus")
            cells = {**cells, "early payment": apart or number(0)}
        for clause in MONEY:
            unit = ways.basis[number_] if clause == "price" else ways.items[ways.product[number_]]
            if clause in cells and cells[clause].value and clause not in together:
                lines[(*key, "items" if clause == "price" else clause, unit)].append(cells)
    return lines


@dataclass(frozen=True)
class _Entry:
    """An entry of the invoice as it stands."""

    amount: Term
    figure: bool


def _entry(book: Book, row: int, entry: Mapping[str, Any], lines: Sequence[Mapping[str, Term]]) -> _Entry:
    """Write an entry by the cells of its lines, as a figure where they do not come to it."""
    column = "price" if entry["clause"] == "items" else str(entry["clause"])
    many = total([cells["billed units" if column == "price" else "items"] for cells in lines])
    amount = total([cells[column] for cells in lines])
    figure = not lines or abs(amount.value - entry["amount"]) > 1e-7 * max(1.0, abs(entry["amount"]))
    if figure:
        many, amount = number(entry["quantity"]), number(entry["amount"])
        book.text("Invoice", row, 8, "figure", "quiet")
    return _Entry(_cells(book, row, many, amount, float(entry["unit_price"])), figure)


def _cells(book: Book, row: int, many: Term, amount: Term, unit_price: float) -> Term:
    """Quantity, price of one and amount of an entry; the amount's cell."""
    quantity = book.formula("Invoice", row, 4, many, "items")
    owed = book.formula("Invoice", row, 7, amount, "money")
    each = number(unit_price)
    if not (many.plain and amount.plain):
        each = Term(f"IF({quantity.text}=0,0,{owed.text}/{quantity.text})", unit_price)
    book.formula("Invoice", row, 6, each, "price")
    return owed
