"""Seats and licences: bought in whole numbers, each carries so much work in a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.clauses.seats import window_of
from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.readings import read_once
from allocate.costing.supply.throughput import noun_of, work_content
from allocate.costing.table import Routes
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.windows import Windows, windows
from allocate.exact import element, total
from allocate.numbers import Floats, Integers, may_be, most, named, whole_up
from allocate.tolerances import SEAT_ROUNDING


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
    due: Integers
    """Position of the period in which seats of a window fall due that are bought beside those it has, shape (W,): the first one
    planned where that lies in the window."""
    later: Floats
    """Money for such a seat by window, shape (W,)."""

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
            rate, due = exchange_rates(case)[seat.price.currency or case.currency], due_of(case, over)
            found.append(
                Licence(
                    len(found), vendor, chosen, seat.name or name, noun_of(seat.carries), seat.carries.each,
                    rate[over.first] * seat.price.each, over, due, rate[due] * seat.price.each,
                )
            )  # fmt: skip
    return tuple(found)


def due_of(case: Case, over: Windows) -> Integers:
    """Position of the period in which each window pays for what is bought from now on, shape (W,)."""
    first = case.planned_from
    due: Integers = np.where((over.first < first) & (over.last >= first), first, over.first)
    return due


def bought_before(licence: Licence, case: Case, routes: Routes) -> Floats:
    """Seats that are there already of each window that has begun: those bought, and no fewer than the work done takes; shape (W,)."""
    done = routes.done
    if done is None:
        return np.zeros(len(licence.due))
    own = (routes.vendor[done.route] == licence.vendor) & np.isin(routes.product[done.route], licence.products)
    content = np.where(own, work_content(case, routes, licence.noun)[done.route] * done.items, 0.0)
    counted = licence.windows.weights[:, done.period] @ content
    many = np.array([licence.needed(one) for one in counted.tolist()])
    begun = licence.windows.first < case.planned_from
    return np.where(begun, np.maximum(many, [_bought(case, licence, number) for number in range(len(many))]), 0.0)


def _bought(case: Case, licence: Licence, window: int) -> int:
    """Seats of a window that facts say were bought."""
    if case.past is None:
        return 0
    return case.past.seats_bought(list(case.vendors)[licence.vendor], licence.words, int(licence.windows.first[window]))


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """Whole seats by licence and window, paid in its first period; those that work to come takes beside them in the first planned."""
    lines = ledger.lines
    for licence in licences(lines.case):
        content = work_content(lines.case, lines.routes, licence.noun)[lines.route] * lines.items
        content = np.where((lines.vendor == licence.vendor) & np.isin(lines.product, licence.products), content, 0.0)
        for number, label in enumerate(licence.windows.labels):
            each = content * licence.windows.weights[number][lines.period]
            first, due = int(licence.windows.first[number]), int(licence.due[number])
            seats = licence.needed(named("work in the window", total(each)))
            had = 0.0
            if first < lines.case.planned_from:
                had = most(licence.needed(_of_done(lines, each)), _bought(lines.case, licence, number))
            for many, period, price in ((had, first, licence.price), (most(seats - had, 0.0), due, licence.later)):
                if may_be(many):
                    name, one = lines.routes.vendors[licence.vendor], element(price[number])
                    yield Entry(
                        name, label, "seats", licence.words, element(many), "seat", one, many * one, period,
                        licence.products, lines.parts_of(each, licence.products),
                    )  # fmt: skip


def _of_done(lines: Lines, each: Floats) -> float:
    """What lines that are done come to of some amounts of lines."""
    return named("work done in the window", total(each[lines.period < lines.case.planned_from]))  # type: ignore[no-any-return]


CLAUSE = Clause("seats", owed, of_lines=False)
