"""Stock and backlog: what is kept before it is needed, and what waits after, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.by_time import times
from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.readings import read_once
from allocate.costing.soft_limits import missing
from allocate.costing.terms.prices import in_case_currency
from allocate.exact import array_of, element, total
from allocate.numbers import Floats, above, by_value, may_be, named, when
from allocate.tolerances import BROKEN
from allocate.units import Quantity


@dataclass(frozen=True, eq=False)
class Kept:
    """The stock of one product; arrays by period, shape (T,)."""

    product: int
    start: float
    needed: Floats
    """Items needed by the end of each period, all those before included."""
    holding: Floats
    """Money for an item in stock at the end of a period, for all of it."""
    backlog: Floats | None
    """The same for an item missing; None where none may be."""


@read_once
def stocks(case: Case) -> tuple[Kept, ...]:
    """The stock of every product that has one."""
    found: list[Kept] = []
    for position, product in enumerate(case.products.values()):
        stock = product.stock
        if stock is None:
            continue
        dues = [(case.periods.last_before(need.by), need.items.number) for need in stock.needs]
        ends = range(1, case.periods.count + 1)
        needed = array_of([sum((many for due, many in dues if due <= end), 0.0) for end in ends])
        start = stock.start.number if stock.start is not None else 0.0
        backlog = None if stock.backlog is None else _each(case, stock.backlog)
        found.append(Kept(position, start, needed, _each(case, stock.holding), backlog))
    return tuple(found)


def _each(case: Case, price: Quantity) -> Floats:
    """Money of an item for the whole of each period."""
    money: Floats = in_case_currency(case, price) * np.array(times(case.periods, price), dtype=np.float64)
    return money


def owed(ledger: Ledger) -> Owed:
    """What stock and backlog cost at the end of each period, to none of the vendors."""
    return Owed([entry for kept in stocks(ledger.lines.case) for entry in _entries(ledger, kept)])


def _entries(ledger: Ledger, kept: Kept) -> Iterator[Entry]:
    lines, case = ledger.lines, ledger.lines.case
    name, stock = list(case.products.items())[kept.product]
    assert stock.stock is not None
    for period in range(case.periods.count):
        there = (lines.product == kept.product) & (lines.delivered <= period)
        left = named("items beyond those needed", kept.start + total(lines.items[there]) - element(kept.needed[period]))
        least = BROKEN * max(1.0, float(by_value(kept.needed)[-1]))
        for clause, many, price, each in (
            ("holding", left, stock.stock.holding, kept.holding),
            ("backlog", 0.0 - left, stock.stock.backlog, kept.backlog),
        ):
            amount = 0.0 if price is None or each is None else when(above(many, least), many, 0.0)
            if price is not None and each is not None and may_be(amount):
                length, money = float(times(case.periods, price)[period]), element(each[period])
                unit = missing.noun_late(lines.routes.items[kept.product], price)
                label, about = case.periods.label(period), f"stock of {name}"
                yield Entry(
                    "",
                    label,
                    clause,
                    about,
                    amount * length,
                    unit,
                    money / length,
                    amount * money,
                    period,
                    (kept.product,),
                )


CLAUSE = Clause("stock", owed)
