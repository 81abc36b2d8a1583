"""Vendors of people paid for the hours they work: what the same people would cost on a payroll, worked or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

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
SAY = "Write `staffing: employed` where they are on a payroll, `staffing: on-call` where they are not"


@dataclass(frozen=True)
class Payroll:
    """What the people of a vendor would be paid for all the hours they are there, leave and holidays included, before fees."""

    vendor: str
    people: float
    hours: float
    """Over the horizon."""
    money: float
    """In the case's currency."""


def payrolls(case: Case) -> Iterator[Payroll]:
    """Of each vendor with `people` and one hourly price whose `staffing` the case does not say.

    People times paid hours times the price of each period. People who are employed are a team, whose idle hours are paid.
    """
    asked = [one.people is not None and one.staffing is None and not one.ramp_paid for one in case.vendors.values()]
    lines = rate_lines(case) if any(asked) else None
    for position, (name, vendor) in enumerate(case.vendors.items()):
        if lines is None or vendor.people is None or not asked[position]:
            continue
        prices = _hourly_prices(lines, position)
        if len(prices) == 1:
            there = vendor.people.number * paid_hours(case, vendor)
            money = float(there @ (in_case_currency(case, prices.pop()) * price_factors(case)[position]))
            yield Payroll(name, vendor.people.number, float(there.sum()), money)


def on_call_notes(case: Case) -> Iterator[str]:
    """What `people` means where the case does not say how they are paid, and what a payroll would be."""
    for one in sorted(payrolls(case), key=attrgetter("vendor")):
        yield (
            f"{one.vendor} is paid for the hours it works only; on a payroll, its {one.people:g} people would be paid for "
            f"{one.hours:,.1f} h, {one.money:,.2f} {case.currency}. {SAY}"
        )


def payroll_notes(case: Case, plan: Plan) -> Iterator[str]:
    """The same of a plan, for vendors that work in it and are idle for more than a hundredth of their hours."""
    found = sorted(payrolls(case), key=attrgetter("vendor"))
    worked = dict.fromkeys((one.vendor for one in found), 0.0)
    for name, hours in table_of(plan, "lines").rows("vendor", "hours") if found else ():
        if name in worked:
            worked[name] += hours
    for one in found:
        if 0.0 < worked[one.vendor] < one.hours * (1.0 - IDLE):
            yield (
                f"{one.vendor} is paid for the {worked[one.vendor]:,.1f} h it works; on a payroll, its {one.people:g} people would "
                f"be paid for {one.hours:,.1f} h, {one.money:,.2f} {plan.currency} at the same price. {SAY}"
            )


def _hourly_prices(lines: RateLines, vendor: int) -> set[Quantity]:
    """The different prices a vendor asks for an hour; none where it is paid for something else as well."""
    own = [lines[row].price for row in np.flatnonzero(lines.vendor == vendor).tolist()]
    return set(own) if all(price.per() == "h" for price in own) else set()
