"""Seats and licences: bought in whole numbers, each carries so much work in a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Seat
from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.readings import read_once
from allocate.costing.supply.throughput import noun_of, work_content
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.windows import Windows, windows
from allocate.exact import element, total
from allocate.numbers import Floats, may_be, named, whole_up
from allocate.tolerances import SEAT_ROUNDING
from allocate.units import time_of


@dataclass(frozen=True, eq=False)
class Licence:
    """Seats of one kind."""

    number: int
    vendor: int
    products: tuple[int, ...]
    """Products whose work needs a seat."""
    words: str
    noun: str
    """What a seat carries: `h`, `EU`, `item`, an item's noun or a driver's."""
    carries: float
    """How much of it in a window."""
    price: Floats
    """Money for a seat by window, shape (W,), at the exchange rate of its first period."""
    windows: Windows

    def needed(self, content: float) -> float:
        """Least whole number of seats that carries so much work."""
        return whole_up(content / self.carries - SEAT_ROUNDING)  # type: ignore[no-any-return]


@read_once
def licences(case: Case) -> tuple[Licence, ...]:
    """Every kind of seat of a case, in the order of its vendors."""
    found: list[Licence] = []
    names = list(case.products)
    for vendor, (name, maker) in enumerate(case.vendors.items()):
        for seat in maker.contract.fees.seat:
            over = windows(case.periods, window_of(seat) or "horizon")
            chosen = tuple(range(len(names)) if seat.products is None else sorted(map(names.index, seat.products)))
            price = exchange_rates(case)[seat.price.currency or case.currency][over.first] * seat.price.each
            found.append(
                Licence(
                    len(found), vendor, chosen, seat.name or name, noun_of(seat.carries), seat.carries.each, price, over,
                )
            )  # fmt: skip
    return tuple(found)


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """Whole seats by licence and window, paid in its first period."""
    lines = ledger.lines
    for licence in licences(lines.case):
        content = work_content(lines.case, lines.routes, licence.noun)[lines.route] * lines.items
        content = np.where((lines.vendor == licence.vendor) & np.isin(lines.product, licence.products), content, 0.0)
        for number, label in enumerate(licence.windows.labels):
            each = content * licence.windows.weights[number][lines.period]
            work = named("work in the window", total(each))
            seats = licence.needed(work)
            if may_be(seats):
                name, price = lines.routes.vendors[licence.vendor], element(licence.price[number])
                yield Entry(
                    name, label, "seats", licence.words, element(seats), "seat", price, seats * price,
                    int(licence.windows.first[number]), licence.products, lines.parts_of(each, licence.products),
                )  # fmt: skip


def window_of(seat: Seat) -> str | None:
    """The billing window a seat is for; None where its time is none that contracts are billed by."""
    word = time_of(seat.price)
    return {None: "horizon", "week": "period", "month": "month", "quarter": "quarter", "year": "year"}.get(word)


CLAUSE = Clause("seats", owed, of_lines=False)
