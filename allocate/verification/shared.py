"""Money that belongs to no line, again: which lines of the plan bear it, from the case's words and the bill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import Floats, floats, rounded
from allocate.verification.capacity import noun_of
from allocate.verification.clauses import CLAUSES, levers, seats
from allocate.verification.entries import Entry

if TYPE_CHECKING:
    from allocate.verification.work import Work

BILLED = "beyond contract"
"""What is shared out by what those of the vendor's lines cost that are done."""
OF_SPEND = ("commitment", "minimum invoice", "minimum platform fee", "rebate", "volume discount")
"""What is shared out by what lines of the vendor cost."""


Part = tuple[float, tuple[int, ...], list[int], "Floats"]
"""Money, products it is for, positions of the lines that are to bear it, and what by, shape (N,)."""


def shared(work: Work) -> tuple[Floats, Floats]:
    """What each line bears of money that is for no line, shape (N,); and each product of which nothing is made, shape (P,)."""
    each, missing = np.zeros(len(work.made)), np.zeros(len(work.stated.products))
    standard = floats(work.items * work.each("equivalent_units"))
    effort = standard if standard.any() else floats(work.items)
    spent = np.maximum(floats(work.bill.lines), 0.0)
    for amount, products, lines, driver in (*_fees(work, effort, spent), *_idle(work), *_unnamed(work, effort)):
        chosen, weights = lines, driver[lines]
        if not weights.any():
            weights = effort[lines]
        if not weights.any():
            chosen = _made(work, "", products)
            weights = effort[chosen]
        if weights.any():
            each[chosen] += amount * weights / weights.sum()
        elif len(products) == 1:
            missing[products[0]] += amount
    return each, missing


def _fees(work: Work, effort: Floats, spent: Floats) -> Iterator[Part]:
    """What vendors are paid as a whole: by the work they are given, commitments and rebates by its money, seats by use."""
    alike: dict[tuple[str, tuple[int, ...], str], float] = {}
    before = np.where(work.period < work.case.planned_from, spent, 0.0)
    drivers = {"": effort, **dict.fromkeys(OF_SPEND, spent), BILLED: before}
    for clause in CLAUSES:
        for entry in () if clause.of_lines else work.bill.by_clause[clause.name].entries:
            if entry.clause == "seats":
                yield from _seats(work, entry, effort)
            else:
                key = (entry.vendor, entry.products, entry.clause if entry.clause in drivers else "")
                alike[key] = alike.get(key, 0.0) + rounded(entry.amount)
    for (vendor, products, by), amount in alike.items():
        yield amount, products, _made(work, vendor, products), drivers[by]


def _made(work: Work, vendor: str, products: tuple[int, ...]) -> list[int]:
    """Positions of the lines of some products, and of one vendor where it is named."""
    if vendor:
        position = work.stated.vendors.index(vendor)
        return sorted(line for product in products for line in work.by_pair.get((product, position), ()))
    found: list[int] = np.flatnonzero(np.isin(work.product, products)).tolist()
    return found


def _seats(work: Work, entry: Entry, effort: Floats) -> Iterator[Part]:
    """Seats of a window: to each product by what its work in the window takes of them."""
    asked = [
        seat
        for seat in work.case.vendors[entry.vendor].contract.fees.seat
        if (seat.name or entry.vendor) == entry.about
    ]
    for seat in asked:
        if seats.products_of(work, seat) != entry.products:
            continue
        for window in seats.windows_of(work, seat):
            if window.label == entry.window:
                taken = np.zeros(len(work.stated.products))
                for line in _made(work, entry.vendor, entry.products):
                    item, period, items = work.lines[line]
                    part = float(window.parts[period] or 0.0)
                    taken[item.product] += part * rounded(items * work.stated.content(item, noun_of(seat.carries)))
                for product in np.flatnonzero(taken).tolist():
                    part = rounded(entry.amount) * taken[product] / taken.sum()
                    yield part, (product,), _made(work, entry.vendor, (product,)), effort
        return


def _idle(work: Work) -> Iterator[Part]:
    """What a team is paid beside what its lines bear of it: idle hours, people who start and leave; by hours worked."""
    everything = tuple(range(len(work.stated.products)))
    by_lines = floats(np.asarray(work.bill.by_clause["wages"].lines))
    for team in work.stated.teams:
        name = work.stated.vendors[team.vendor]
        own = _made(work, name, everything)
        paid = sum(rounded(one.amount) for one in work.bill.by_clause["wages"].entries if one.vendor == name)
        yield paid - float(by_lines[own].sum()) if len(by_lines) else paid, everything, own, floats(work.hours)


def _unnamed(work: Work, effort: Floats) -> Iterator[Part]:
    """Levers, by the work made with them; penalties and stock, on the products they are for."""
    names, alike = list(work.case.file.levers), dict[tuple[str, tuple[int, ...]], float]()
    for name in ("levers", "penalties", "stock"):
        for entry in work.bill.by_clause[name].entries:
            if entry.clause == levers.OF_PRICES:
                continue  # lines bear it
            key = (entry.about if name == "levers" else "", entry.products)
            alike[key] = alike.get(key, 0.0) + rounded(entry.amount)
    for (lever, products), amount in alike.items():
        chosen = _made(work, "", products)
        if lever:
            used = _worked_with(work, names.index(lever))
            chosen = [line for line in chosen if used[line]]
        yield amount, products, chosen, effort


def _worked_with(work: Work, number: int) -> list[bool]:
    """Which lines are worked with a lever: it changes their work, or their vendor's capacity from its start on."""
    lever = list(work.case.file.levers.values())[number]
    first, vendors = levers.first_period(work, lever), work.stated.vendors
    raised = {vendors.index(vendor) for effect in lever.effect if effect.capacity for vendor in effect.vendors or ()}
    return [number in item.levers or (item.vendor in raised and period >= first) for item, period, _ in work.lines]
