"""Vendors of people paid for the hours they work: what the same people would cost on a payroll, worked or not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.case.load import Case
from allocate.costing.supply.throughput import paid_hours
from allocate.costing.terms.prices import in_case_currency, price_factors
from allocate.costing.terms.rate_card import RateLines, rate_lines
from allocate.plan import Plan
from allocate.tables.frames import table_of
from allocate.units import Quantity

IDLE = 0.01
"""Part of the payroll from which idle time is worth a note."""


def payroll_notes(case: Case, plan: Plan) -> Iterator[str]:
    """Vendors with `people` and one hourly price that are paid less than all the hours they are there.

    Payroll: people times paid hours times the price of each period, leave and holidays included, before fees. A team that is
    employed is planned as a `team`, whose idle hours are paid.
    """
    if all(vendor.people is None for vendor in case.vendors.values()):
        return
    lines, worked = rate_lines(case), dict.fromkeys(case.vendors, 0.0)
    for name, hours in table_of(plan, "lines").rows("vendor", "hours"):
        worked[name] += hours
    for position, (name, vendor) in enumerate(case.vendors.items()):
        if vendor.people is None or vendor.team is not None or vendor.ramp_paid or not worked[name]:
            continue
        prices = _hourly_prices(lines, position)
        if len(prices) != 1:
            continue
        there = vendor.people.number * paid_hours(case, vendor)
        each = in_case_currency(case, prices.pop()) * price_factors(case)[position]
        payroll, idle = float(there @ each), float(there.sum()) - worked[name]
        if idle > IDLE * float(there.sum()) and np.isfinite(payroll):
            yield (
                f"{name} is paid for the {worked[name]:,.1f} h it works; on a payroll, its {vendor.people.number:g} people would "
                f"be paid for {there.sum():,.1f} h, {payroll:,.2f} {plan.currency} at the same price. Where they are employed, "
                "plan them as a `team`"
            )


def _hourly_prices(lines: RateLines, vendor: int) -> set[Quantity]:
    """The different prices a vendor asks for an hour; none where it is paid for something else as well."""
    own = [lines[row].price for row in np.flatnonzero(lines.vendor == vendor).tolist()]
    return set(own) if all(price.per() == "h" for price in own) else set()
