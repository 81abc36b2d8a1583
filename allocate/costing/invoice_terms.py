"""Entries of an invoice for what contracts ask beside prices: fees, seats, switching, commitments, rebates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from allocate.costing.bill.entries import Bought, Entry
from allocate.costing.bill.ledger import Prices
from allocate.costing.clauses.rebate import rebates
from allocate.costing.clauses.seats import licences
from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.incumbents import NOBODY, switching
from allocate.costing.terms.schedules import Terms, terms
from allocate.exact import by_pair, element, total
from allocate.tolerances import AT_WORK, COMMITTED

Floats = NDArray[np.float64]


def terms_owed(bought: Bought, prices: Prices) -> Iterator[Entry]:
    """Every entry that belongs to no line."""
    made = by_pair(
        bought.product, bought.vendor, bought.items, (len(bought.routes.products), len(bought.routes.vendors))
    )
    for one in terms(bought.case):
        started = np.flatnonzero(made[:, one.vendor] > AT_WORK).tolist()
        if started:
            yield from _fees(bought, one, started)
            yield from _commitment(bought, one, prices)
    yield from _seats(bought)
    yield from _switching(bought, made)
    yield from _rebates(bought, prices)


def _once(bought: Bought, vendor: int, clause: str, about: str, amount: float, products: tuple[int, ...]) -> Entry:
    name = "" if vendor == NOBODY else bought.vendor_name(vendor)
    return Entry(name, "the horizon", clause, about, 1.0, "once", amount, amount, 0, products)


def _fees(bought: Bought, one: Terms, started: list[int]) -> Iterator[Entry]:
    """Onboarding and the start of each product, once; the retainer of each period."""
    name, label = bought.vendor_name(one.vendor), bought.case.periods.label
    if one.onboarding > 0:
        yield _once(bought, one.vendor, "onboarding", name, one.onboarding, bought.everything)
    for period, amount in enumerate(one.retainer.tolist()):
        if amount > 0:
            unit = bought.case.periods.unit
            yield Entry(name, label(period), "retainer", name, 1.0, unit, amount, amount, period, bought.everything)
    for product in started:
        fee = float(one.product_start[product])
        if fee > 0:
            yield _once(bought, one.vendor, "product start", bought.routes.products[product], fee, (product,))


def _commitment(bought: Bought, one: Terms, prices: Prices) -> Iterator[Entry]:
    """What is missing of a commitment in each window."""
    if one.windows is None:
        return
    name, own = bought.vendor_name(one.vendor), one.committed_in == bought.routes.currency
    for number, used in enumerate(prices.within(one.vendor, one.windows, one.committed_in)):
        missing, period = one.committed - used, int(one.windows.last[number])
        if missing > COMMITTED * one.committed:
            rate = float(one.rate[number])
            counted = (1.0, "once", missing) if own else (missing, one.committed_in, rate)
            label, amount = one.windows.labels[number], missing * rate
            yield Entry(name, label, "commitment", name, *counted, amount, period, bought.everything)


def _seats(bought: Bought) -> Iterator[Entry]:
    """Whole seats by licence and window."""
    for licence in licences(bought.case):
        content = work_content(bought.case, bought.routes, licence.noun)[bought.route] * bought.items
        content = np.where((bought.vendor == licence.vendor) & np.isin(bought.product, licence.products), content, 0.0)
        for number, label in enumerate(licence.windows.labels):
            seats = licence.needed(total(content * licence.windows.weights[number][bought.period]))
            if seats:
                name, price = bought.vendor_name(licence.vendor), float(licence.price[number])
                yield Entry(
                    name, label, "seats", licence.words, float(seats), "seat", price, seats * price,
                    int(licence.windows.first[number]), licence.products,
                )  # fmt: skip


def _switching(bought: Bought, made: Floats) -> Iterator[Entry]:
    """The cost of taking a product away from its incumbent."""
    for one in switching(bought.case):
        if one.fee > 0 and one.owed(element(made[one.product, one.vendor]), total(made[one.product])):
            name = bought.routes.products[one.product]
            yield _once(bought, one.paid_to, "switching", name, one.fee, (one.product,))


def _rebates(bought: Bought, prices: Prices) -> Iterator[Entry]:
    """What vendors pay back at the end of each window."""
    for one in rebates(bought.case):
        name = bought.vendor_name(one.vendor)
        for window, spend in enumerate(prices.within(one.vendor, one.windows, one.currency)):
            label, last = one.windows.labels[window], int(one.windows.last[window])
            for step, part, share in one.back(spend):
                about, price = f"{name}, step {step + 1} of {len(one.shares)}", -share * float(one.rate[window])
                yield Entry(
                    name, label, "rebate", about, part, one.currency, price, price * part, last, bought.everything
                )  # fmt: skip
