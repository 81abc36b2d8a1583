"""How much could be bought at most: bounds that follow from demand, money, capacities and the rate card."""

from __future__ import annotations

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits import NOTHING, Ignoring
from allocate.costing.limits.amounts import demand, last_period
from allocate.costing.rules.share import shares
from allocate.costing.supply.past import with_teams
from allocate.costing.supply.purse import money_and_least
from allocate.costing.supply.throughput import Capacity, lightest, lightest_content, rate_capacity
from allocate.costing.table import Routes
from allocate.numbers import Floats, Integers


def most_items(case: Case, routes: Routes, ignoring: Ignoring = NOTHING) -> Floats:
    """Most items of each product each vendor could make, shape (P, V); infinite where nothing limits them.

    The least of: the product's demand, or the share of it a rule leaves the vendor; the whole budget at the pair's lowest
    cost; the vendor's capacity until the product's deadline spent on the pair's lightest route; and what the rate card
    states for the pair; never less than it has made already. Limits to be ignored are those somebody means to change in the program afterwards.
    """
    shape, kinds = (len(routes.products), len(routes.vendors)), {kind for kind, _ in ignoring}
    most = np.full(shape, np.inf)
    demanded = demand(case)[1].copy()
    demanded[[number for kind, number in ignoring if kind == "demand"]] = np.inf
    most = np.minimum(most, _shared(case, routes, demanded, bool(kinds & {"share"})))
    money, each = (np.inf, np.zeros(0)) if "money" in kinds else money_and_least(case, routes)
    if np.isfinite(money):
        least = _least(routes, each, shape)
        most = np.minimum(most, np.divide(money, least, out=np.full(shape, np.inf), where=least > 0) + routes.made)
    workable, contents, capacities = last_workable(case, routes), dict[str, Floats](), with_teams(case, routes, money)
    for capacity in capacities:
        if ("capacity", capacity.vendor) in ignoring:
            continue
        if capacity.noun not in contents:
            contents[capacity.noun] = _least(routes, at_once(case, routes, capacity.noun, capacities), shape)
        content = contents[capacity.noun][:, capacity.vendor]
        there = _in_time(capacity, workable)
        supply = np.divide(there, content, out=np.full(len(content), np.inf), where=content > 0)
        most[:, capacity.vendor] = np.minimum(most[:, capacity.vendor], supply)
    bounded: Floats = np.maximum(np.minimum(most, _rated(case, routes, shape, "rate" in kinds)), routes.made)
    return bounded


def last_workable(case: Case, routes: Routes) -> Integers:
    """Number of periods in which work on each pair can be delivered in time, shape (P, V)."""
    periods = np.zeros((len(routes.products), len(routes.vendors)), dtype=np.int32)
    np.maximum.at(periods, (routes.product, routes.vendor), last_period(case)[routes.product] - routes.lead)
    return np.maximum(periods, 0)


def at_once(case: Case, routes: Routes, noun: str, capacities: tuple[Capacity, ...]) -> Floats:
    """How much of a capacity an item of each route takes at least in the period its work begins in, shape (R,)."""
    if noun == "h" and routes.stages is not None:
        return lightest(routes, routes.stages.hours[:, 0], capacities)
    return lightest_content(case, routes, noun, capacities)


def _in_time(capacity: Capacity, periods: Integers) -> Floats:
    """What a capacity comes to over the first periods, as many as each product has for its vendor, shape (P,)."""
    if not capacity.by_period:
        return np.full(len(periods), float(capacity.most[0]))
    return np.concatenate([[0.0], np.cumsum(capacity.most)])[periods[:, capacity.vendor]]


def _shared(case: Case, routes: Routes, demanded: Floats, free: bool) -> Floats:
    """Most items of each pair by demand, and by the shares of a product's items that rules leave a vendor."""
    shape = (len(routes.products), len(routes.vendors))
    most = np.repeat(demanded[:, None], shape[1], axis=1)
    served = np.zeros(shape, dtype=bool)
    served[routes.product, routes.vendor] = True
    for share in () if free else shares(case, served):
        if case.file.rules[share.rule].penalty is not None:
            continue
        if share.measure == "items" and share.period is None and share.at_most is not None and len(share.products) == 1:
            pairs = np.ix_(share.products, share.vendors)
            left = share.at_most * demanded[share.products[0]] if share.at_most > 0 else 0.0
            most[pairs] = np.minimum(most[pairs], left + routes.made[pairs])
    return most


def _least(routes: Routes, amounts: Floats, shape: tuple[int, int]) -> Floats:
    """Least of an amount over each pair's routes."""
    least = np.full(shape, np.inf)
    np.minimum.at(least, (routes.product, routes.vendor), amounts)
    return np.where(np.isfinite(least), least, 0.0)


def _rated(case: Case, routes: Routes, shape: tuple[int, int], free: bool) -> Floats:
    """Most items of each pair by its lines of the rate card."""
    total = np.zeros(shape)
    lines, first = np.unique(routes.line, return_index=True)
    stated = routes.line_capacity[first].copy()
    for position in np.flatnonzero(routes.line_by_period[first]).tolist():
        stated[position] = rate_capacity(case, int(lines[position]), float(stated[position]))[case.planned_from :].sum()
    if routes.done is not None:
        of_line = np.searchsorted(lines, routes.line[routes.done.route])
        made = np.bincount(of_line, routes.done.items, minlength=len(lines))
        stated = np.where(routes.line_by_period[first], stated + made, np.maximum(stated, made))
    np.add.at(total, (routes.product[first], routes.vendor[first]), stated)
    served = np.zeros(shape, dtype=bool)
    served[routes.product, routes.vendor] = True
    return np.where(served, np.inf if free else total, 0.0)
