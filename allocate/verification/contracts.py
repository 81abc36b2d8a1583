"""Clauses of contracts, recomputed from the lines of a plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.schedules import schedules
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


def tier_ends(work: Work) -> Iterator[Check]:
    """What fills each schedule whose last step has an end: no more is for sale in a window."""
    units = work.items * work.routes.counted[work.route]
    for schedule in schedules(work.case):
        end = schedule.steps[-1].stop
        mine = work.routes.schedule[work.route] == schedule.number
        for window, label in enumerate(schedule.windows.labels) if np.isfinite(end) else ():
            bought = total((units * schedule.windows.weights[window][work.period])[mine]) * float(
                schedule.filling[window]
            )
            subject, unit = f"tiers of {schedule.words} in {label}", schedule.counts or schedule.unit
            yield Check("tier_end", (schedule.number, window), subject, unit, bought, end, False)
