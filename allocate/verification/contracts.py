"""Clauses of contracts, recomputed from the lines of a plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.schedules import schedules
from allocate.exact import by_pair, element, total
from allocate.tolerances import AT_WORK
from allocate.verification.found import Check
from allocate.verification.payments import counted
from allocate.verification.work import Work


def orders(work: Work) -> Iterator[Check]:
    """Minimum orders and lots of every product a vendor works on."""
    ways = work.routes
    made = by_pair(work.product, work.vendor, work.items, (len(ways.products), len(ways.vendors)))
    for one in work.stated.terms:
        for product in np.flatnonzero(made[:, one.vendor] > AT_WORK).tolist():
            items, key = element(made[product, one.vendor]), (product, one.vendor)
            words = f"{ways.products[product]} with {ways.vendors[one.vendor]}"
            noun = ways.items[product]
            least = float(one.minimum_order[product])
            if least > 0:
                yield Check("minimum_order", key, f"minimum order of {words}", noun, items, least, True)
            if one.order_multiple > 0:
                whole = round(items / one.order_multiple) * one.order_multiple
                subject = f"items of {words} over whole lots of {one.order_multiple:,.12g}"
                yield Check("order_multiple", key, subject, noun, abs(items - whole), 0.0, False)


def ceilings(work: Work) -> Iterator[Check]:
    """Money of each contract that has a ceiling, in the currency of the ceiling: prices, not fees."""
    for vendor, (name, one) in enumerate(work.case.vendors.items()):
        most = one.contract.ceiling
        if most is not None:
            unit, subject = most.currency or work.case.currency, f"ceiling of the contract with {name}"
            prices = (e for e in work.owed.entries if e.vendor == name and e.clause in ("items", "tier", "surplus"))
            used = sum((counted(work.case, entry, unit) for entry in prices), 0.0)
            yield Check("ceiling", (vendor,), subject, unit, used, most.number, False)


def surplus_made(work: Work) -> Iterator[Check]:
    """What each window buys beside what is used, where it is made: within the vendor's capacity, and in whole lots."""
    for schedule in schedules(work.case):
        mine = work.routes.schedule[work.route] == schedule.number
        tiers = (
            e for e in work.owed.entries if e.clause == "surplus" and e.about.startswith(f"{schedule.words}, step ")
        )
        for entry in tiers if schedule.made else ():
            window = schedule.windows.labels.index(entry.window)
            weight = schedule.windows.weights[window]
            key, words = (schedule.number, window), f"surplus of {schedule.words} in {entry.window}"
            for capacity in work.stated.capacities:
                if capacity.vendor != schedule.vendor:
                    continue
                content, own = (
                    work_content(work.case, work.routes, capacity.noun),
                    work.routes.schedule == schedule.number,
                )
                of_unit = (content[own] / work.routes.billable[own]).min()
                there = capacity.amounts + sum((c for lever, c in capacity.levers if lever in work.bought), 0.0)
                part = weight if capacity.by_period else np.ones(len(weight))
                inside = (work.vendor == schedule.vendor) & (part[work.period] > 0)
                used = work.summed((work.items * content[work.route] * part[work.period]), inside)
                most = float((part * there)[part > 0].sum()) if capacity.by_period else float(there[0])
                made = used + entry.quantity * float(of_unit)
                yield Check("surplus_capacity", key, f"{words}, with what is used", capacity.noun, made, most, False)
            lot = work.stated.terms[schedule.vendor].order_multiple
            if lot > 0:
                each = float((work.routes.billable)[work.routes.schedule == schedule.number].max())
                items = work.summed(work.items * weight[work.period], mine) + entry.quantity / each
                whole = round(items / lot) * lot
                subject = f"{words} over whole lots of {lot:,.12g}"
                yield Check("surplus_lots", key, subject, "items", abs(items - whole), 0.0, False)


def tier_ends(work: Work) -> Iterator[Check]:
    """What fills each schedule whose last step has an end: no more is for sale in a window."""
    units = work.items * work.routes.counted[work.route]
    for schedule in schedules(work.case):
        end = schedule.offers[-1].stop
        mine = work.routes.schedule[work.route] == schedule.number
        for window, label in enumerate(schedule.windows.labels) if np.isfinite(end) else ():
            bought = total((units * schedule.windows.weights[window][work.period])[mine]) * float(
                schedule.filling[window]
            )
            subject, unit = f"tiers of {schedule.words} in {label}", schedule.counts or schedule.unit
            yield Check("tier_end", (schedule.number, window), subject, unit, bought, end, False)
