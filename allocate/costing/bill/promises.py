"""Commitments above all that a vendor could ever bill: no plan uses them up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.ledger import prices_in
from allocate.costing.supply.reach import at_once
from allocate.costing.supply.throughput import Capacity, rate_capacity, vendor_capacities
from allocate.costing.table import Routes
from allocate.costing.terms.contracts import Promise, terms
from allocate.costing.terms.prices import worth
from allocate.costing.terms.schedules import Schedule, schedules
from allocate.errors import CaseError, Problem
from allocate.numbers import Floats
from allocate.tolerances import COMMITTED

LONGEST = {"month": 31 / 7, "quarter": 92 / 7}
"""Most weeks a window of a kind has."""


def refuse_out_of_reach(case: Case, routes: Routes) -> None:
    """Raise CaseError for commitments that all of a vendor's capacity, at its highest prices, does not come to in any window.

    What it could bill is bounded from above: the least, over its capacities, of what each comes to when it makes nothing
    but the items that bring in most for it. Demand is no part of it: to be promised more than is needed may be meant.
    """
    if problems := list(_out_of_reach(case, routes)):
        raise CaseError(problems)


def _out_of_reach(case: Case, routes: Routes) -> Iterator[Problem]:
    if all(vendor.contract.commitment is None for vendor in case.vendors.values()):
        return
    capacities = vendor_capacities(case)
    for contract in terms(case):
        promise = contract.commitment
        if (
            promise is None
            or promise.counts is not None
            or not promise.least
            or not (routes.vendor == contract.vendor).any()
        ):
            continue
        most = _most_billed(case, routes, promise, capacities)
        if promise.least > most * (1.0 + COMMITTED):
            yield _problem(case, promise, most)


def _problem(case: Case, contract: Promise, most: float) -> Problem:
    """most: what could be billed, in the currency of the commitment."""
    name = list(case.vendors)[contract.vendor]
    serves = case.vendors[name]
    commitment = serves.contract.commitment
    assert commitment is not None
    key = "capacity" if serves.capacity is not None else "people"
    place = case.place("vendors", name, key) if serves.capacity is not None or serves.people is not None else None
    there = f" (line {place.line})" if place is not None and place.line else ""
    each = {"horizon": "", "period": f" in a {case.periods.unit}"}.get(commitment.window, f" in a {commitment.window}")
    message = (
        f"{name} is promised {commitment.at_least.text}{each}, and all it could bill with what it can do{there} comes to "
        f"{most:,.0f} {contract.currency}"
    )
    where = case.place("vendors", name, "contract", "commitment", "at-least")
    return Problem(message, where, "lower the commitment, or raise the capacity", code="E-commitment")


def _most_billed(case: Case, routes: Routes, contract: Promise, capacities: Sequence[Capacity]) -> float:
    """No less than a vendor's prices could come to in any window of its commitment, in its currency; infinite where nothing says."""
    chosen, kind = np.flatnonzero(routes.vendor == contract.vendor), contract.windows.kind
    known = [
        (c, at_once(case, routes, c.noun, tuple(capacities))[chosen]) for c in capacities if c.vendor == contract.vendor
    ]
    if kind != "horizon" and any(pair.vendor == contract.vendor for pair in routes.learners):
        known = [(c, content) for c, content in known if c.noun != "h"]  # late windows learn more than the average
    plans = [s for s in schedules(case) if s.vendor == contract.vendor]
    route, period = np.repeat(chosen, case.periods.count), np.tile(np.arange(case.periods.count), len(chosen))
    money = prices_in(case, routes, contract.currency, route, period).reshape(len(chosen), case.periods.count).copy()
    for schedule in plans:
        inside = routes.schedule[chosen] == schedule.number
        fill = _most(case, routes, chosen[inside], schedule, [(c, content[inside]) for c, content in known])
        reached = [s.price for n, s in enumerate(schedule.offers) if n == 0 or s.start < fill]
        money[inside] = max(reached) * _paid(case, schedule, contract).max() * routes.billable[chosen[inside], None]
    found = [_over(case, kind, c, _ratio(money, content)) for c, content in known]
    found.append(_by_rates(case, routes, chosen, money, kind))
    if len(plans) == 1 and (routes.schedule[chosen] == plans[0].number).all():
        most = _most(case, routes, chosen, plans[0], known)
        found.append(_by_tiers(plans[0], _paid(case, plans[0], contract), kind, routes, chosen, most))
    return min(found) + sum(_beside(case, one, contract) for one in plans if one.whole is not None)


def _beside(case: Case, schedule: Schedule, contract: Promise) -> float:
    """No less than what whole multiples bill beside what is used, in all windows of a schedule."""
    highest = max(step.price for step in schedule.offers) * float(_paid(case, schedule, contract).sum())
    return highest * float(schedule.whole or 0.0)


def _paid(case: Case, schedule: Schedule, contract: Promise) -> Floats:
    """What one unit of a schedule's prices counts towards a commitment, by window of the schedule, shape (W,)."""
    found: Floats = schedule.factor * worth(case, schedule.currency, contract.currency)[schedule.windows.last]
    return found


def _ratio(amounts: Floats, content: Floats) -> Floats:
    """Most of an amount (of each route by period) to one of a capacity, by period; infinite where some takes none of it."""
    free = (content <= 0) & (amounts.max(axis=1) > 0)
    if free.any():
        return np.full(amounts.shape[1], np.inf)
    each = np.divide(amounts, content[:, None], out=np.zeros(amounts.shape), where=content[:, None] > 0)
    most: Floats = each.max(axis=0)
    return most


def _over(case: Case, kind: str, capacity: Capacity, ratio: Floats) -> float:
    """What a capacity comes to in the window of a kind that has most of it."""
    if not capacity.by_period:
        return float(_times(capacity.most[:1], ratio.max(keepdims=True))[0])
    return _of_window(case, kind, _times(capacity.most, ratio))


def _times(amounts: Floats, ratio: Floats) -> Floats:
    """Nothing of an endless capacity is nothing."""
    return np.multiply(amounts, ratio, out=np.zeros(ratio.shape), where=(ratio > 0) & (amounts > 0))


def _of_window(case: Case, kind: str, each: Floats) -> float:
    """The most of amounts by period that falls into one window of a kind; months cut by the horizon count as whole ones."""
    if kind == "horizon":
        return float(each.sum())
    if kind == "period":
        return float(each.max())
    weeks = np.array(case.periods.weeks_each())
    return float((each / weeks).max() * min(LONGEST[kind], weeks.sum()))


def _by_rates(case: Case, routes: Routes, inside: NDArray[np.intp], money: Floats, kind: str) -> float:
    """What the lines of the rate card come to, each with a capacity of its own."""
    most = 0.0
    for line in np.unique(routes.line[inside]).tolist():
        rows = np.flatnonzero(routes.line[inside] == line)
        capacity, highest = float(routes.line_capacity[inside[rows[0]]]), money[rows].max(axis=0)
        if not np.isfinite(capacity):
            return np.inf
        if routes.line_by_period[inside[rows[0]]]:
            most += _of_window(case, kind, rate_capacity(case, int(line), capacity) * highest)
        else:
            most += capacity * float(highest.max())
    return most


def _most(
    case: Case,
    routes: Routes,
    inside: NDArray[np.intp],
    schedule: Schedule,
    known: Sequence[tuple[Capacity, Floats]],
) -> float:
    """Most of what a schedule's steps count that one of its windows could be filled by."""
    fills = np.repeat(routes.counted[inside, None], case.periods.count, axis=1) * schedule.filling.max()
    kind = schedule.windows.kind
    found = [_over(case, kind, c, _ratio(fills, content)) for c, content in known]
    return min([*found, _by_rates(case, routes, inside, fills, kind)])


def _by_tiers(
    schedule: Schedule, paid: Floats, kind: str, routes: Routes, inside: NDArray[np.intp], fill: float
) -> float:
    """What a schedule that prices all of a vendor's work comes to when its windows are filled as far as can be.

    paid: what one unit of its prices counts by window.
    """
    if kind not in ("horizon", schedule.windows.kind) or not np.isfinite(fill) or schedule.lists:
        return np.inf
    many = len(schedule.windows.labels) if kind == "horizon" else 1
    if schedule.incremental:
        money = sum(units * price for _, _, units, price in schedule.charged(fill, 0))
    else:
        money = max((s.price * min(s.stop, fill) for s in schedule.offers if s.start < fill), default=0.0)
    counted = routes.counted[inside]
    billed = np.divide(routes.billable[inside], counted, out=np.zeros(len(inside)), where=counted > 0)
    return float(many * money * billed.max() * (paid / schedule.filling).max())
