"""Money that falls due by time: retainers and running costs of levers month by month, and seats."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator

import numpy as np

from allocate.case.schema import Seat
from allocate.costing.supply.throughput import noun_of, work_content
from allocate.costing.terms.prices import in_case_currency
from allocate.exact import by_pair
from allocate.tolerances import AT_WORK, SEAT_ROUNDING
from allocate.verification.by_time import money
from allocate.verification.found import is_near, near
from allocate.verification.work import Floats, Work

_Key = tuple[str, str, str]
"""Clause, vendor and what it is about."""


def wrong_running(work: Work) -> Iterator[str]:
    """Retainers and running costs on the invoice that are not what falls due in their period."""
    due = _due(work)
    owed = {key: np.zeros(work.case.periods.count) for key in due}
    for entry in work.owed.entries:
        if (key := (entry.clause, entry.vendor, entry.about)) in owed and entry.unit != "once":
            owed[key][entry.period] += entry.amount
        elif entry.clause == "retainer":
            yield f"a retainer of {entry.amount:.10g} is owed to {entry.vendor}, which makes nothing"
    for (clause, vendor, about), right in due.items():
        given = owed[clause, vendor, about]
        for period in np.flatnonzero(~near(given, right)).tolist():
            says = f"the invoice asks {given[period]:.10g}, the case says {right[period]:.10g}"
            yield f"{clause} of {about} in {work.label(period)}: {says}"


def _due(work: Work) -> dict[_Key, Floats]:
    """What is owed in each period by the words of contracts and levers."""
    case, ways = work.case, work.routes
    made = by_pair(work.product, work.vendor, work.items, (len(ways.products), len(ways.vendors)))
    due: dict[_Key, Floats] = {}
    for position, (name, vendor) in enumerate(case.vendors.items()):
        if (made[:, position] > AT_WORK).any():
            due["retainer", name, name] = money(case, vendor.contract.fees.retainer)
    levers = list(case.file.levers.items())
    for number in sorted(work.bought):
        name, lever = levers[number]
        running = money(case, lever.running_cost)
        running[: case.periods.first_from(lever.from_) if lever.from_ is not None else 0] = 0.0
        due["lever", "", name] = running
    return due


def wrong_seats(work: Work) -> Iterator[str]:
    """Seats on the invoice that are not as many, or as dear, as the work of their week, month or quarter needs."""
    case = work.case
    owed: dict[_Key, float] = {}
    for entry in work.owed.entries:
        if entry.clause == "seats":
            key = (entry.window, entry.vendor, entry.about)
            owed[key] = owed.get(key, 0.0) + entry.amount
    due: dict[_Key, float] = {}
    for position, (name, vendor) in enumerate(case.vendors.items()):
        for seat in vendor.contract.fees.seat:
            each = work_content(case, work.routes, noun_of(seat.carries))[work.route] * work.items
            products = np.array([seat.products is None or one in seat.products for one in case.products])
            each = np.where((work.vendor == position) & products[work.product], each, 0.0)
            for label, first, shares in _windows(work, seat):
                many = math.ceil(float(each @ shares[work.period]) / seat.carries.each - SEAT_ROUNDING)
                if many > 0:
                    key = (label, name, seat.name or name)
                    due[key] = due.get(key, 0.0) + many * float(in_case_currency(case, seat.price)[first])
    for label, name, about in sorted({*owed, *due}):
        given, right = owed.get((label, name, about), 0.0), due.get((label, name, about), 0.0)
        if not is_near(given, right):
            yield f"seats {about} of {name} in {label}: the invoice asks {given:.10g}, the case says {right:.10g}"


def _windows(work: Work, seat: Seat) -> Iterator[tuple[str, int, Floats]]:
    """Label, first period and share of each period of every window seats are bought for."""
    periods, time = work.case.periods, seat.price.time
    if time is None:
        yield "the horizon", 0, np.ones(periods.count)
        return
    if time == "week":
        yield from ((work.label(number), number, np.eye(periods.count)[number]) for number in range(periods.count))
        return
    shares: dict[str, Floats] = {}
    for number, start in enumerate(periods.starts):
        days = [start + datetime.timedelta(days=day) for day in range(7 if periods.unit == "week" else 1)]
        for day in days:
            part = f"{day.month:02d}" if time == "month" else f"Q{1 + (day.month - 1) // 3}"
            shares.setdefault(f"{day.year}-{part}", np.zeros(periods.count))[number] += 1 / len(days)
    for label, found in shares.items():
        yield label, int(np.flatnonzero(found)[0]), found
