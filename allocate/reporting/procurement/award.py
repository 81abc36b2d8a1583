"""The award sheet of a vendor: what it is to deliver and when, at which price, on which terms. It names no other vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from allocate.costing.clauses.payment import OWN_CLAUSES
from allocate.errors import readable
from allocate.reporting.document import Report, Section, Tile
from allocate.reporting.material import Material, table
from allocate.reporting.procurement.awarded import Awarded, awarded, of_vendor, price_now
from allocate.reporting.wording import LABEL, counted, listed, unit_after
from allocate.tables.formats import count, money, percent, significant
from allocate.tables.frames import table_of

PRICES = ("price", "per", "tiers")
"""Keys of a contract that stand in the table of prices."""
OF_VENDOR = (
    "lead",
    "capacity",
    "capacity-steps",
    "accuracy",
    "certified",
    "season",
    "escalation",
    "indexation",
    "platform-fee",
    "currency",
)
"""Keys of a vendor that an award rests on, beside its contract."""


def award(m: Material, vendor: str) -> Report:
    """What a vendor is to be asked for by the plan."""
    case, lines = m.case, of_vendor(awarded(m), vendor)
    name = m.vendor[vendor]
    owed = _owed(m, vendor)
    total = sum(row[-1] for row in owed)
    items = sum(one.items for one in lines)
    days = f"{case.periods.starts[0].isoformat()} to {case.periods.end.isoformat()}"
    made = listed([m.product[product] for product in dict.fromkeys(one.product for one in lines)])
    sections = [
        _volumes(m, lines), _prices(m, vendor, lines), _money(m, owed), _commitments(m, vendor, owed), _terms(m, vendor),
    ]  # fmt: skip
    first = min((one.period for one in lines), default=0)
    tiles = (
        Tile("Items", count(items), made),
        Tile("Amount", money(total), f"{m.currency}, what this contract asks"),
        Tile("Starts", case.periods.starts[first].isoformat(), f"{m.unit} {first + 1} of the plan"),
    )
    return Report(
        f"Award: {name}",
        f"{readable(case.name, 80)} · {days}",
        f"{count(items)} items of {counted(len({one.product for one in lines}), 'product')} for {money(total)} {m.currency}.",
        ("Quantities are those of the plan; prices and terms are the case's.",),
        tiles,
        tuple(one for one in sections if one is not None),
        Section(
            "How this was made",
            (f"From the plan of case {readable(case.name)}; every amount follows from it.",),
            is_wide=True,
        ),
    )


def _owed(m: Material, vendor: str) -> list[tuple[Any, ...]]:
    """What the vendor bills, by window; your own checking is not part of it."""
    columns = ("vendor", "window", "clause", "about", "quantity", "unit", "unit_price", "amount")
    return [
        row[1:] for row in table_of(m.plan, "invoice").rows(*columns) if row[0] == vendor and row[2] not in OWN_CLAUSES
    ]


def _volumes(m: Material, lines: Sequence[Awarded]) -> Section:
    """Items, and billable units where they are others, by the month each period begins in."""
    months = list(dict.fromkeys(f"{start:%Y-%m}" for start in m.case.periods.starts))
    routes = m.answer.routes
    amounts: dict[tuple[str, str], dict[str, float]] = {}
    for one in lines:
        item, unit = routes.items[routes.product[one.route]], routes.basis[one.route]
        month = f"{m.case.periods.starts[one.period]:%Y-%m}"
        for noun, many in {item: one.items, "item" if unit == item else unit: one.units}.items():
            if noun == "item" and noun != item:
                continue  # billed by the item itself
            cells = amounts.setdefault((one.product, noun), dict.fromkeys(months, 0.0))
            cells[month] += many
    rows = [
        [
            m.product[product],
            readable("hours" if noun == "h" else unit_after(2, noun, m.case), 40),
            *(count(cells[month]) for month in months),
            count(sum(cells.values())),
        ]
        for (product, noun), cells in amounts.items()
    ]
    words = f"A {m.unit} counts in the month it begins in." if m.unit == "week" else "By the month the work is done in."
    shown = table("volumes", ["product", "unit", *months, "in all"], rows, 2, shown=len(rows))
    return Section("Volumes by month", (words,), tables=(shown,), is_wide=True)


def _prices(m: Material, vendor: str, lines: Sequence[Awarded]) -> Section:
    """Unit, price and steps of what is awarded, and what a unit comes to on average."""
    routes = m.answer.routes
    groups: dict[tuple[str, str], list[Awarded]] = {}
    for one in lines:
        groups.setdefault((one.product, one.workflow), []).append(one)
    rows = []
    for (product, workflow), some in groups.items():
        units, paid = sum(one.units for one in some), sum(one.paid for one in some)
        each = significant(paid / units) if units > 0 else "–"
        accuracy = percent(float(routes.accuracy[some[0].route]), 2)
        price = readable(price_now(m.case, product, vendor, workflow), 60)
        rows.append([m.product[product], m.workflow[workflow], price, count(units), each, accuracy])
    header = ["product", "workflow", "price", "billable units", f"average ({m.currency}/unit)", "accuracy planned"]
    shown = table("prices", header, rows, 3, shown=len(rows))
    steps = tuple(_steps(m.case.vendors[vendor].contract.tiers))
    words = (
        "The average is what a unit comes to in the plan, with steps, bonus, price reduction and early payment.",
        *(["The price is the first step's; the steps are:"] if steps else []),
    )
    return Section("Prices", words, tables=(shown,), points=steps, is_wide=True)


def _steps(tiers: Sequence[Any]) -> Iterator[str]:
    for one in tiers:
        whom = f" of {listed([readable(name, LABEL) for name in one.products])}" if one.products else ""
        parts = [
            f"{readable(step.price.text, 40)}"
            + (f" up to {readable(step.up_to.text, 40)}" if step.up_to else " beyond")
            for step in one.steps
        ]
        kind = (
            "each unit at the price of its step"
            if one.kind == "incremental"
            else "all units at the price of the last step reached"
        )
        whole = f", billed in whole multiples of {readable(one.whole.text, 40)}" if one.whole is not None else ""
        yield f"Steps{whom}, counted {one.counted}{whole}, {kind}: {'; '.join(parts)}."


def _money(m: Material, owed: Sequence[tuple[Any, ...]]) -> Section:
    """What the vendor is expected to bill, line by line."""
    rows = [
        [readable(str(window), 40), readable(str(clause), 40), readable(str(about), LABEL), significant(quantity, 6),
         readable(str(unit), 40), significant(price, 6), money(amount)]
        for window, clause, about, quantity, unit, price, amount in owed
    ]  # fmt: skip
    total = money(sum(row[-1] for row in owed))
    header = ["window", "what for", "about", "quantity", "unit", f"price ({m.currency})", f"amount ({m.currency})"]
    shown = table(
        "lines",
        header,
        rows,
        3,
        shown=14,
        rest=["", "the others and all", "", "", "", "", total],
        order="in the order of the bill",
    )
    shown = type(shown)(
        shown.what,
        shown.header,
        (False, False, False, True, False, True, True),
        shown.rows,
        shown.shown,
        shown.rest,
        shown.order,
    )
    return Section("Expected bill", (f"{total} {m.currency} in all.",), tables=(shown,), is_wide=True)


def _commitments(m: Material, vendor: str, owed: Sequence[tuple[Any, ...]]) -> Section | None:
    """What is promised to the vendor, or must be ordered at least, against what is awarded."""
    contract, points = m.case.vendors[vendor].contract, []
    if (promised := contract.commitment) is not None:
        unused = sum(row[-1] for row in owed if row[1] == "commitment")
        each = "" if promised.window == "horizon" else f" each {promised.window}"
        used = f"{money(unused)} {m.currency} of it is paid without work" if unused > 0 else "the award uses it in full"
        points.append(f"{readable(promised.at_least.text, 40)} are committed{each}; {used}.")
    if contract.minimum_order is not None:
        points.append(f"Of each product, at least {readable(contract.minimum_order.text, 40)} are ordered, or nothing.")
    if contract.order_multiple is not None:
        points.append(f"Orders are in lots of {readable(contract.order_multiple.text, 40)}.")
    return Section("Commitments", points=tuple(points), is_wide=True) if points else None


def _terms(m: Material, vendor: str) -> Section | None:
    """What else the case says of the vendor and its contract, as it is written there."""
    block = m.case.document.data["vendors"][vendor] or {}
    contract = block.get("contract") or {}
    found = {key: value for key, value in contract.items() if key not in PRICES}
    found |= {key: block[key] for key in OF_VENDOR if key in block}
    rows = [
        [readable(key.replace("-", " "), 60), readable(written, 200)]
        for key, value in found.items()
        for written in [_written(value)]
    ]
    if not rows:
        return None
    return Section(
        "Terms",
        ("As the case states them.",),
        tables=(table("terms", ["term", "what it says"], rows, 2, shown=len(rows)),),
        is_wide=True,
    )


def _written(value: Any) -> str:
    """A value of the case as a phrase: blocks as `key value, key value`, lists with semicolons."""
    if isinstance(value, Mapping):
        if "value" in value and "source" in value:
            return _written(value["value"])
        return ", ".join(f"{str(key).replace('-', ' ')} {_written(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_written, value))
    return str(value)
