"""The invoice view: what each vendor is owed in each billing window, computed from quantities and the contract's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.routes import Routes
from allocate.costing.schedules import Schedule, Terms, schedules, terms

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Entry:
    """One line of an invoice."""

    vendor: str
    window: str
    clause: str
    """items, tier, platform fee, pre-labelling, review, onboarding, retainer, product start, commitment."""
    about: str
    """Products, and for a tier which one."""
    quantity: float
    unit: str
    unit_price: float
    """Money of the case's currency per unit."""
    amount: float
    period: int
    """Position of the period it is paid in."""
    products: tuple[int, ...]
    """Positions of the products it is for; all of them where it is for the vendor as a whole."""


@dataclass(frozen=True)
class Invoice:
    """Every line owed for a plan, and what each of the plan's lines costs of it."""

    entries: tuple[Entry, ...]
    line_spend: Floats
    """What each plan line costs: its own price, its share of the tiers it was counted in, fees per item, review."""

    @property
    def total(self) -> float:
        """All money owed."""
        return float(sum(entry.amount for entry in self.entries))

    @property
    def fixed(self) -> tuple[Entry, ...]:
        """Entries that belong to no line: onboarding, retainers, starts, commitments not used up."""
        return tuple(entry for entry in self.entries if entry.clause in FIXED)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The entries as a tidy table."""
        import pandas as pd

        columns = ["vendor", "window", "clause", "about", "quantity", "unit", "unit_price", "amount"]
        return pd.DataFrame([[getattr(entry, name) for name in columns] for entry in self.entries], columns=columns)


AT_WORK = 1e-6
"""Items of a product a vendor makes more than when it works on it at all; less is a solver's rounding."""
FIXED = ("onboarding", "retainer", "product start", "commitment")


@dataclass(frozen=True)
class _Bought:
    """A plan's quantities as positions, arrays of one entry per line."""

    case: Case
    routes: Routes
    route: Integers
    period: Integers
    items: Floats

    @cached_property
    def vendor(self) -> Integers:
        return self.routes.vendor[self.route]

    @cached_property
    def product(self) -> Integers:
        return self.routes.product[self.route]

    @cached_property
    def billable(self) -> Floats:
        """Billable units of each line."""
        return self.items * self.routes.billable[self.route]


def invoice(case: Case, ways: Routes, route: Integers, period: Integers, items: Floats) -> Invoice:
    """What is owed for items by route and period (positions, arrays of one length)."""
    bought = _Bought(case, ways, route, period, items)
    plans, price = schedules(case), items * ways.price[route, period]
    entries: list[Entry] = []
    by_tiers: dict[tuple[int, str], float] = {}
    for schedule in plans:
        mine = ways.schedule[route] == schedule.number
        owed, shares = _tiers(bought, schedule, mine)
        entries += owed
        price[mine] = shares[mine]
        for entry in owed:
            key = (schedule.vendor, entry.window)
            by_tiers[key] = by_tiers.get(key, 0.0) + (entry.amount if entry.clause == "tier" else 0.0)
    plain, share = ways.schedule[route] < 0, ways.fee_share[route]
    fees = np.where(share > 0, share * price, items * ways.platform_fee[route, period])
    usage, review = items * ways.usage[route, period], items * ways.review_cost[route, period]
    entries += _plain(bought, price, plain, "items", list(ways.basis))
    entries += _plain(bought, fees, plain | (share == 0), "platform fee", None)
    every = np.ones(len(items), dtype=bool)
    entries += _plain(bought, usage, every, "pre-labelling", None)
    entries += _plain(bought, review, every, "review", None)
    for one in terms(case):
        entries += _terms(bought, one, np.where(plain, price, 0.0), by_tiers)
    order = {name: position for position, name in enumerate(case.vendors)}
    entries.sort(key=lambda entry: (order[entry.vendor], entry.period, entry.window, entry.clause, entry.about))
    return Invoice(tuple(entries), price + fees + usage + review)


def _tiers(bought: _Bought, schedule: Schedule, mine: NDArray[np.bool_]) -> tuple[list[Entry], Floats]:
    """Entries of a schedule by window and step, with a platform fee that is a share of them; each line's share of them."""
    entries: list[Entry] = []
    shares = np.zeros(len(bought.items))
    units = np.where(mine, bought.billable, 0.0)
    fee = float(bought.routes.fee_share[bought.route[mine]].max(initial=0.0))
    for number, label in enumerate(schedule.windows.labels):
        inside = units * schedule.windows.weights[number][bought.period]
        quantity = float(inside.sum())
        if quantity <= 0:
            continue
        factor, owed = float(schedule.factor[number]), 0.0
        for step, many, price in schedule.charged(quantity):
            about = f"{schedule.words}, step {step + 1} of {len(schedule.steps)}"
            amount = many * price * factor
            owed += amount
            entries.append(
                Entry(
                    _vendor(bought, schedule.vendor), label, "tier", about, many, schedule.unit, price * factor, amount,
                    int(schedule.windows.last[number]), schedule.products,
                )
            )  # fmt: skip
        shares += inside / quantity * owed
        if fee * owed > 0:
            entries.append(
                Entry(
                    _vendor(bought, schedule.vendor), label, "platform fee", schedule.words, owed,
                    bought.routes.currency, fee, fee * owed, int(schedule.windows.last[number]), schedule.products,
                )
            )  # fmt: skip
    return entries, shares


def _vendor(bought: _Bought, position: int) -> str:
    return bought.routes.vendors[position]


def _plain(
    bought: _Bought, amounts: Floats, chosen: NDArray[np.bool_], clause: str, basis: list[str] | None
) -> list[Entry]:
    """Entries by vendor, product, period and what is counted; money follows from each line's own price."""
    sums: dict[tuple[int, int, int, str], tuple[float, float]] = {}
    for line in np.flatnonzero(chosen & (amounts != 0)).tolist():
        unit = basis[bought.route[line]] if basis is not None else bought.routes.items[bought.product[line]]
        key = (int(bought.vendor[line]), int(bought.product[line]), int(bought.period[line]), unit)
        many = float(bought.billable[line] if basis is not None else bought.items[line])
        before = sums.get(key, (0.0, 0.0))
        sums[key] = (before[0] + many, before[1] + float(amounts[line]))
    label = bought.case.periods.label
    return [
        Entry(
            _vendor(bought, vendor), label(period), clause, bought.routes.products[product], many, unit,
            amount / many if many else 0.0, amount, period, (product,),
        )
        for (vendor, product, period, unit), (many, amount) in sums.items()
    ]  # fmt: skip


def _terms(bought: _Bought, one: Terms, price: Floats, by_tiers: Mapping[tuple[int, str], float]) -> list[Entry]:
    """Fees and commitments of a vendor that is used; `price` is what lines outside of tiers cost."""
    mine = bought.vendor == one.vendor
    made = np.bincount(bought.product[mine], bought.items[mine], minlength=len(bought.routes.products))
    started = np.flatnonzero(made > AT_WORK).tolist()
    if not started:
        return []
    name, everything = _vendor(bought, one.vendor), tuple(range(len(bought.routes.products)))
    entries: list[Entry] = []
    for clause, amount in (("onboarding", one.onboarding), ("retainer", one.retainer)):
        if amount > 0:
            entries.append(Entry(name, "the horizon", clause, name, 1.0, "once", amount, amount, 0, everything))
    for product in started:
        words, fee = bought.routes.products[product], float(one.product_start[product])
        if fee <= 0:
            continue
        entries.append(Entry(name, "the horizon", "product start", words, 1.0, "once", fee, fee, 0, (product,)))
    if one.windows is not None:
        for number, label in enumerate(one.windows.labels):
            used = float((price * one.windows.weights[number][bought.period])[mine].sum())
            used += sum(
                amount
                for (vendor, window), amount in by_tiers.items()
                if vendor == one.vendor and (window == label or len(one.windows.labels) == 1)
            )
            missing = float(one.committed[number]) - used
            if missing > 1e-9 * max(1.0, float(one.committed[number])):
                period = int(one.windows.last[number])
                entries.append(
                    Entry(name, label, "commitment", name, 1.0, "once", missing, missing, period, everything)
                )
    return entries
