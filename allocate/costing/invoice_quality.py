"""Entries of an invoice for the average accuracy of what was delivered in a window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.costing.adjustments import change_of
from allocate.costing.bill.entries import Bought, Entry
from allocate.costing.bill.ledger import prices_owed_later
from allocate.costing.clauses.early_payment import early_payment
from allocate.costing.clauses.quality import Measured, measured
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.schedules import schedules
from allocate.exact import total

Floats = NDArray[np.float64]


def quality_owed(bought: Bought, by_volume: Floats) -> tuple[list[Entry], Floats]:
    """Bonus and malus by window, less the discount for paying early on them; and what of it is for each line.

    by_volume: what prices by volume ask for each line, in their own currency, shape (N,).
    """
    entries: list[Entry] = []
    shares = bought.items * 0.0
    ways = bought.routes
    for one in measured(bought.case, ways.product, ways.vendor):
        mine = np.flatnonzero((bought.vendor == one.vendor) & (bought.product == one.product))
        delivered = bought.period[mine] + ways.lead[bought.route[mine]]
        delivered = np.minimum(delivered, bought.case.periods.count - 1)
        for window in range(len(one.windows.labels)):
            weight = one.windows.weights[window][delivered]
            items = bought.items[mine] * weight
            each = _changes(bought, one, window, mine, items, by_volume[mine] * weight)
            shares[mine] = shares[mine] + each * (1.0 - ways.discount[bought.route[mine]])
            entries += _entries(bought, one, window, items, each)
    return entries, shares


def _changes(
    bought: Bought, one: Measured, window: int, mine: NDArray[np.intp], items: Floats, by_volume: Floats
) -> Floats:
    """What the average accuracy of items of some lines, and of what they cost, adds to the price of each line's.

    All of it is owed in the window's last period, at its exchange rate.
    """
    many, ways, route = total(items), bought.routes, bought.route[mine]
    change = one.change(total(items * ways.accuracy[route]) / many) if many > 0 else None
    if change is None:
        return items * 0.0
    owed, case = int(one.windows.last[window]), bought.case
    price = items * prices_owed_later(case, ways, route, bought.period[mine], owed)
    for schedule in schedules(case):
        inside = ways.schedule[route] == schedule.number
        if inside.any():
            price[inside] = by_volume[inside] * float(exchange_rates(case)[schedule.currency][owed])
    return change_of(case, change, price, items * ways.billable[route], owed)


def _entries(bought: Bought, one: Measured, window: int, items: Floats, each: Floats) -> list[Entry]:
    """The change of price of a window, and the discount for paying early on it."""
    many, amount, ways = total(items), total(each), bought.routes
    if not amount:
        return []
    name, label, noun = bought.vendor_name(one.vendor), one.windows.labels[window], ways.items[one.product]
    paid, about = int(one.windows.last[window]), ways.products[one.product]
    early = early_payment(bought.case, bought.case.vendors[name])
    found = [Entry(name, label, "quality", about, many, noun, amount / many, amount, paid, (one.product,))]
    if early is not None and early.discount > 0:
        less = -early.discount * amount
        found.append(Entry(name, label, "early payment", about, many, noun, less / many, less, paid, (one.product,)))
    return found
