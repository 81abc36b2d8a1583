"""Billing windows that the horizon cuts: what they come to though the plan has only some of their days."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator

from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.case.terms import INVOICED
from allocate.costing.clauses.seats import window_of
from allocate.costing.terms.windows import windows
from allocate.plan import Plan
from allocate.tables.frames import table_of

_MONTHS = {"month": 1, "quarter": 3}


def cut_notes(case: Case, plan: Plan) -> Iterator[str]:
    """Months and quarters of which the plan has a part and a contract counts the whole, each with its money in words."""
    used = {vendor for vendor, items in table_of(plan, "lines").rows("vendor", "items") if items > 0}
    for name, vendor in case.vendors.items():
        for clause, kind, words in _counted(vendor) if name in used else ():
            for label, part in cut(case.periods, kind).items():
                owed = [e for e in plan.entries if e.vendor == name and e.window == label and e.clause in clause]
                money = f"{sum(one.amount for one in owed):,.2f} {plan.currency}"
                if owed or {"rebate", "volume discount"} & set(clause):
                    yield f"the horizon has {part} of {label}, and {words.format(name=name, money=money)}"


def _counted(vendor: Vendor) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Clauses of a vendor that count whole windows: their entries, the kind of window, and what to say of one."""
    contract, fee = vendor.contract, vendor.minimum_platform_fee
    if fee is not None:
        words = f"the platform of {{name}} takes the whole {fee.text} for it: {{money}} of it are paid without fees"
        yield ("minimum platform fee",), INVOICED[fee.time], words
    if contract.commitment is not None:
        asked = contract.commitment.at_least.text
        words = f"{{name}} is promised the whole {asked} in it: {{money}} of it are paid without work"
        yield ("commitment",), contract.commitment.window, words
    if contract.minimum_invoice is not None:
        words = (
            f"{{name}} bills the whole {contract.minimum_invoice.text} for it: {{money}} of it are paid without work"
        )
        yield ("minimum invoice",), INVOICED[contract.minimum_invoice.time], words
    for one in contract.tiers:
        if len(one.steps) > 1:
            yield ("tier", "surplus"), one.window, "the steps of {name} count it from their start: {money}"
    if contract.rebate is not None:
        yield ("rebate",), contract.rebate.window, "the rebate of {name} counts it from its start: {money}"
    for over in sorted({one.window for one in contract.volume_discount}):
        yield ("volume discount",), over, "the volume discount of {name} counts it from its start: {money}"
    for kind in sorted({window_of(seat) or "horizon" for seat in contract.fees.seat}):
        yield ("seats",), kind, "its seats with {name} are paid whole: {money}"


def cut(periods: Periods, kind: str) -> dict[str, str]:
    """Windows of a kind of which a horizon has a part only, and how much in words; in a plan by months by whole months."""
    if kind not in _MONTHS:
        return {}
    over, found = windows(periods, kind), {}
    for window in sorted({0, len(over.labels) - 1}):
        label = over.labels[window]
        if periods.unit == "month":
            there, whole, unit = int((over.weights[window] > 0).sum()), _MONTHS[kind], "months"
        else:
            first, last = days_of(label)
            there = (min(last, periods.end) - max(first, periods.starts[0])).days + 1
            whole, unit = (last - first).days + 1, "days"
        if there < whole:
            found[label] = f"{there} of the {whole} {unit}"
    return found


def days_of(label: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of a calendar month (`2027-03`) or quarter (`2027-Q1`)."""
    year, part = label.split("-")
    month = 3 * int(part[1:]) if part[0] == "Q" else int(part)
    last = datetime.date(int(year), month, calendar.monthrange(int(year), month)[1])
    return datetime.date(int(year), month - 2 if part[0] == "Q" else month, 1), last
