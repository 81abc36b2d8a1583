"""The invoice view: what each vendor is owed in each billing window, computed from quantities and the contract's text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.entries import FIXED as FIXED
from allocate.costing.bill.entries import Bought, Entry
from allocate.costing.bill.entries import Invoice as Invoice
from allocate.costing.bill.ledger import Billed, Prices
from allocate.costing.clauses.penalties import penalties_owed
from allocate.costing.clauses.tiers import Parts, billed
from allocate.costing.clauses.wages import wages_owed
from allocate.costing.invoice_quality import quality_owed
from allocate.costing.invoice_terms import terms_owed
from allocate.costing.routes import Routes
from allocate.costing.supply.surplus import buyable
from allocate.costing.supply.teams import Staff
from allocate.costing.terms.schedules import Schedule
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
    entries, by_tiers = list[Entry](), list[Billed]()
    used, changed = items * 0.0, items * 0.0
    for schedule in buyable(case, ways):
        mine = ways.schedule[route] == schedule.number
        found = _tiers(bought, schedule, mine)
        entries += found.entries
        by_tiers += found.billed
        price[mine], used[mine], changed[mine] = found.owed[mine], found.used[mine], found.changed[mine]
    plain = ways.schedule[route] < 0
    entries += _plain(bought, price, plain, "items", list(ways.basis))
    on_top = _on_top(bought, price, plain)
    for clause, (amounts, chosen) in on_top.items():
        entries += _plain(bought, amounts, chosen, clause, None)
    by_window, quality = quality_owed(bought, used)
    entries += by_window
    entries += terms_owed(bought, Prices(bought, by_tiers))
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


@dataclass(frozen=True, eq=False)
class _Tiered:
    """What a schedule asks for; arrays of one entry per line, 0 for lines of others."""

    entries: list[Entry]
    billed: list[Billed]
    """What prices come to in each window."""
    owed: Floats
    """Prices, surplus included."""
    used: Floats
    """Prices of what is used, in the currency of the schedule."""
    changed: Floats
    """Bonus and malus that are shares of them."""


def _tiers(bought: Bought, schedule: Schedule, mine: Booleans) -> _Tiered:
    """Entries of a schedule by window and step, with what is a share of them: bonus, malus, fee, discount."""
    entries, prices = list[Entry](), list[Billed]()
    owed, used, paid = (bought.items * 0.0 for _ in range(3))
    for window in range(len(schedule.windows.labels)):
        weight = np.where(mine, schedule.windows.weights[window][bought.period], 0.0)
        if total(bought.items * weight) <= 0:
            continue
        own = float(schedule.factor[window])
        factor = float(schedule.rate[window]) * own
        parts, each, of_used = billed(bought, schedule, window, weight)
        prices.append(Billed(schedule, window, sum((many * (price * own) for _, _, many, price in parts), 0.0)))
        entries += _of_window(bought, schedule, window, parts, of_used * factor)
        owed, used, paid = owed + each * factor, used + of_used * own, paid + of_used * factor
    changed = paid * (bought.routes.quality_share + bought.routes.lateness_share)[bought.route]
    return _Tiered(entries, prices, owed, used, changed)


def _of_window(bought: Bought, schedule: Schedule, window: int, parts: Parts, used: Floats) -> list[Entry]:
    """Entries of one window: every step, and what is a share of what they come to; used: prices of what each line uses."""
    ways, factor = bought.routes, float(schedule.rate[window]) * float(schedule.factor[window])
    mine = np.flatnonzero(ways.schedule[bought.route] == schedule.number)
    found: list[Entry] = []

    def add(clause: str, about: str, many: float, unit: str, price: float) -> None:
        if many * price != 0 or clause in ("tier", "surplus"):
            vendor, label = bought.vendor_name(schedule.vendor), schedule.windows.labels[window]
            last, amount = int(schedule.windows.last[window]), many * price
            found.append(Entry(vendor, label, clause, about, many, unit, price, amount, last, schedule.products))

    for clause, step, many, price in parts:
        add(clause, f"{schedule.words}, step {step + 1} of {len(schedule.offers)}", many, schedule.unit, price * factor)
    prices = sum((one.amount for one in found), 0.0)
    for clause, of_routes in (("quality", ways.quality_share), ("lateness", ways.lateness_share)):
        shares = of_routes[bought.route[mine]]
        for share in np.unique(shares[shares != 0]).tolist():
            add(clause, schedule.words, total(used[mine[shares == share]]), ways.currency, share)
    changed = sum((one.amount for one in found), 0.0)
    fee, discount = (float(of[bought.route[mine]].max(initial=0.0)) for of in (ways.fee_share, ways.discount))
    add("platform fee", schedule.words, prices, ways.currency, fee)
    add("early payment", schedule.words, changed, ways.currency, -discount)
    return found


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
