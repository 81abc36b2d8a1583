"""Billing windows that the horizon cuts: what they come to though the plan has only some of their days."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator

from allocate.case.clauses import CLAUSES
from allocate.case.horizon import Periods
from allocate.case.index import Whole
from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.costing.terms.windows import windows
from allocate.plan import Plan
from allocate.tables.frames import table_of

_MONTHS = {"month": 1, "quarter": 3}


def cut_notes(case: Case, plan: Plan) -> Iterator[str]:
    """Months and quarters of which the plan has a part and a contract counts the whole, each with its money in words."""
    used = {vendor for vendor, items in table_of(plan, "lines").rows("vendor", "items") if items > 0}
    for name in sorted(used & case.vendors.keys()):
        # Schedules of a vendor that count a window alike are told once, with all their money.
        for one in dict.fromkeys(_counted(name, case.vendors[name])):
            for label, part in cut(case.periods, one.window).items():
                owed = [e for e in plan.entries if (e.vendor, e.window) == (name, label) and e.clause in one.entries]
                if owed or one.at_no_money:
                    money = f"{sum(entry.amount for entry in owed):,.2f} {plan.currency}"
                    yield f"the horizon has {part} of {label}, and {one.words.replace('{money}', money)}"


def _counted(name: str, vendor: Vendor) -> Iterator[Whole]:
    """What clauses of a vendor's contract count by whole windows."""
    for clause in CLAUSES:
        if clause.whole is not None:
            yield from clause.whole(name, vendor)


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
