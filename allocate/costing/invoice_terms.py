"""Entries of an invoice for what contracts ask beside prices: fees, seats, switching, commitments, rebates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.entries import AT_WORK, Bought, Entry
from allocate.costing.incumbents import switching
from allocate.costing.rebates import rebates
from allocate.costing.schedules import Terms, terms
from allocate.costing.seats import licences
from allocate.costing.throughput import work_content
from allocate.exact import by_pair, element, total

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """What prices come to: the part that counts towards commitments, ceilings and rebates."""

    by_line: Floats
    """Of lines outside of tiers, 0 of the others."""
    by_tiers: dict[tuple[str, str], float]
    """Of tiers and the surplus bought in them, by vendor and window."""

    @classmethod
    def of(cls, bought: Bought, by_line: Floats, entries: Iterable[Entry]) -> Prices:
        """Prices of lines and of the tiers' entries, which may hold other clauses too."""
        sums: dict[tuple[str, str], float] = {}
        for entry in entries:
            if entry.clause in ("tier", "surplus"):
                sums[entry.vendor, entry.window] = sums.get((entry.vendor, entry.window), 0.0) + entry.amount
        return cls(by_line, sums)

    def in_tiers(self, vendor: str, window: str | None) -> float:
        """Of a vendor's tiers in one window, or in all."""
        return sum(
            amount for (name, label), amount in self.by_tiers.items() if name == vendor and window in (None, label)
        )


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
    name = bought.vendor_name(vendor)
    return Entry(name, "the horizon", clause, about, 1.0, "once", amount, amount, 0, products)


def _fees(bought: Bought, one: Terms, started: list[int]) -> Iterator[Entry]:
    """Onboarding, retainer and the start of each product."""
    name = bought.vendor_name(one.vendor)
    for clause, amount in (("onboarding", one.onboarding), ("retainer", one.retainer)):
        if amount > 0:
            yield _once(bought, one.vendor, clause, name, amount, bought.everything)
    for product in started:
        fee = float(one.product_start[product])
        if fee > 0:
            yield _once(bought, one.vendor, "product start", bought.routes.products[product], fee, (product,))


def _commitment(bought: Bought, one: Terms, prices: Prices) -> Iterator[Entry]:
    """What is missing of a commitment in each window."""
    if one.windows is None:
        return
    name, mine = bought.vendor_name(one.vendor), bought.vendor == one.vendor
    for number, label in enumerate(one.windows.labels):
        used = total((prices.by_line * one.windows.weights[number][bought.period])[mine])
        used += prices.in_tiers(name, None if len(one.windows.labels) == 1 else label)
        committed = float(one.committed[number])
        missing = committed - used
        if missing > 1e-9 * max(1.0, committed):
            period = int(one.windows.last[number])
            yield Entry(
                name, label, "commitment", name, 1.0, "once", missing, missing, period, bought.everything
            )  # fmt: skip


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
            yield _once(bought, one.vendor, "switching", name, one.fee, (one.product,))


def _rebates(bought: Bought, prices: Prices) -> Iterator[Entry]:
    """What vendors pay back at the end of the horizon."""
    last = bought.case.periods.count - 1
    for one in rebates(bought.case):
        name = bought.vendor_name(one.vendor)
        spend = total(prices.by_line[bought.vendor == one.vendor]) + prices.in_tiers(name, None)
        for step, part, share in one.back(spend):
            about = f"{name}, step {step + 1} of {len(one.steps)}"
            yield Entry(
                name, "the horizon", "rebate", about, part, bought.routes.currency, -share, -share * part, last,
                bought.everything,
            )  # fmt: skip
