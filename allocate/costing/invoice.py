"""The invoice view: what each vendor is owed in each billing window, computed from quantities and the contract's text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.cash_penalties import penalties_owed
from allocate.costing.entries import AT_WORK as AT_WORK
from allocate.costing.entries import FIXED as FIXED
from allocate.costing.entries import Bought, Entry
from allocate.costing.entries import Invoice as Invoice
from allocate.costing.invoice_quality import quality_owed
from allocate.costing.invoice_terms import Prices, terms_owed
from allocate.costing.invoice_tiers import billed
from allocate.costing.routes import Routes
from allocate.costing.schedules import Schedule, schedules
from allocate.costing.teams import Staff
from allocate.costing.wages import wages_owed
from allocate.exact import element, total

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]


def invoice(
    case: Case,
    ways: Routes,
    route: Integers,
    period: Integers,
    items: Floats,
    levers: Collection[int] = (),
    staff: Staff | None = None,
) -> Invoice:
    """What is owed for items by route and period (positions, arrays of one length) and for levers bought.

    staff: what is decided about in-house teams; absent: they stay as they are at the start.
    """
    bought = Bought(case, ways, route, period, items)
    price = items * ways.price[route, period]
    entries: list[Entry] = []
    used, changed = price.copy(), items * 0.0
    for schedule in schedules(case):
        mine = ways.schedule[route] == schedule.number
        found = _tiers(bought, schedule, mine)
        entries += found.entries
        price[mine], used[mine], changed[mine] = found.owed[mine], found.used[mine], found.changed[mine]
    plain = ways.schedule[route] < 0
    prices = Prices.of(bought, np.where(plain, price, 0.0), entries)
    entries += _plain(bought, price, plain, "items", list(ways.basis))
    on_top = _on_top(bought, price, plain)
    for clause, (amounts, chosen) in on_top.items():
        entries += _plain(bought, amounts, chosen, clause, None)
    by_window, quality = quality_owed(bought, used)
    entries += by_window
    entries += terms_owed(bought, prices)
    entries += _levers(case, ways, levers)
    entries += penalties_owed(bought)
    paid, hours, overhead = wages_owed(bought, staff)
    entries += paid
    order = {name: position for position, name in enumerate([*case.vendors, ""])}
    entries.sort(key=lambda entry: (order[entry.vendor], entry.period, entry.window, entry.clause, entry.about))
    in_tiers = np.where(plain, 0.0, changed - ways.discount[route] * (price + changed))
    spend: Floats = price + in_tiers + hours + quality + np.sum([amounts for amounts, _ in on_top.values()], axis=0)
    return Invoice(tuple(entries), spend, overhead)


def _levers(case: Case, ways: Routes, bought: Collection[int]) -> list[Entry]:
    """What levers cost, once and by period."""
    entries: list[Entry] = []
    for one in (ways.levers[number] for number in sorted(bought)):
        costs = [(one.first, one.once, "once")]
        costs += [(period, float(amount), case.periods.unit) for period, amount in enumerate(one.running)]
        entries += [
            Entry("", case.periods.label(period), "lever", one.name, 1.0, unit, amount, amount, period, one.products)
            for period, amount, unit in costs
            if amount > 0
        ]
    return entries


def _on_top(bought: Bought, price: Floats, plain: Booleans) -> dict[str, tuple[Floats, Booleans]]:
    """What each line costs beside its price by clause, and which lines have it in entries of their own."""
    ways, route, period, items = bought.routes, bought.route, bought.period, bought.items
    every, share = np.ones(len(items), dtype=bool), ways.fee_share[route]
    # Shares of prices in tiers stand with the tiers.
    quality = np.where(ways.quality_share[route] == 0, items * ways.quality[route, period], 0.0 * items)
    lateness = np.where(ways.lateness_share[route] == 0, items * ways.lateness[route, period], 0.0 * items)
    # A share of prices in tiers is one for all periods; of plain prices it may change by date.
    fees = np.where(plain | (share == 0), items * ways.platform_fee[route, period], share * price)
    # The discount on prices in tiers stands with the tiers.
    early = -ways.discount[route] * (np.where(plain, price, 0.0) + quality + lateness)
    return {
        "platform fee": (fees, plain | (share == 0)),
        "quality": (quality, every),
        "lateness": (lateness, every),
        "early payment": (early, every),
        "pre-labelling": (items * ways.usage[route, period], every),
        "review": (items * ways.review_cost[route, period], every),
    }


@dataclass(frozen=True)
class _Tiered:
    """What a schedule asks for; arrays of one entry per line, 0 for lines of others."""

    entries: list[Entry]
    owed: Floats
    """Prices, surplus included."""
    used: Floats
    """Prices of what is used."""
    changed: Floats
    """Bonus and malus that are shares of them."""


def _tiers(bought: Bought, schedule: Schedule, mine: Booleans) -> _Tiered:
    """Entries of a schedule by window and step, with what is a share of them: bonus, malus, fee, discount."""
    entries: list[Entry] = []
    owed, used, changed = bought.items * 0.0, bought.items * 0.0, bought.items * 0.0
    ways, vendor = bought.routes, bought.vendor_name(schedule.vendor)
    fee = float(ways.fee_share[bought.route[mine]].max(initial=0.0))
    discount = float(ways.discount[bought.route[mine]].max(initial=0.0))
    for number, label in enumerate(schedule.windows.labels):
        weight = np.where(mine, schedule.windows.weights[number][bought.period], 0.0)
        if total(bought.items * weight) <= 0:
            continue
        factor, paid = float(schedule.factor[number]), int(schedule.windows.last[number])
        parts, each, of_used = billed(bought, schedule, number, weight)

        def entry(clause: str, about: str, many: float, unit: str, price: float, label: str = label, paid: int = paid) -> Entry:  # fmt: skip
            return Entry(vendor, label, clause, about, many, unit, price, many * price, paid, schedule.products)

        there = [
            entry(clause, f"{schedule.words}, step {step + 1} of {len(schedule.offers)}", many, schedule.unit, price * factor)
            for clause, step, many, price in parts
        ]  # fmt: skip
        prices = sum((one.amount for one in there), 0.0)
        for clause, share in (("quality", ways.quality_share), ("lateness", ways.lateness_share)):
            for change in np.unique(share[bought.route[mine]]).tolist():
                base = total(np.where(share[bought.route] == change, of_used, of_used * 0.0)) * factor if change else 0
                if base:
                    there.append(entry(clause, schedule.words, base, ways.currency, change))
            changed = changed + of_used * factor * share[bought.route]
        changes = sum((one.amount for one in there), 0.0) - prices
        for clause, share_of, whole in (("platform fee", fee, prices), ("early payment", -discount, prices + changes)):
            if share_of * whole != 0:
                there.append(entry(clause, schedule.words, whole, ways.currency, share_of))
        entries += there
        owed, used = owed + each * factor, used + of_used * factor
    return _Tiered(entries, owed, used, changed)


def _plain(bought: Bought, amounts: Floats, chosen: Booleans, clause: str, basis: list[str] | None) -> list[Entry]:
    """Entries by vendor, product, period and what is counted; money follows from each line's own price."""
    sums: dict[tuple[int, int, int, str], tuple[float, float]] = {}
    for line in np.flatnonzero(chosen & (amounts != 0)).tolist():
        unit = basis[bought.route[line]] if basis is not None else bought.routes.items[bought.product[line]]
        key = (int(bought.vendor[line]), int(bought.product[line]), int(bought.period[line]), unit)
        many = element(bought.billable[line] if basis is not None else bought.items[line])
        before = sums.get(key, (0.0, 0.0))
        sums[key] = (before[0] + many, before[1] + element(amounts[line]))
    label = bought.case.periods.label
    return [
        Entry(
            bought.vendor_name(vendor), label(period), clause, bought.routes.products[product], many, unit,
            amount / many if many else 0.0, amount, period, (product,),
        )
        for (vendor, product, period, unit), (many, amount) in sums.items()
    ]  # fmt: skip
