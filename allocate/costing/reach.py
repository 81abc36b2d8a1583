"""How much could be bought at most: bounds that follow from demand, money, capacities and the rate card."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing import limits
from allocate.costing.routes import Routes
from allocate.costing.throughput import vendor_capacities, work_content
from allocate.costing.values import money_there_is

Floats = NDArray[np.float64]


def most_items(case: Case, ways: Routes) -> Floats:
    """Most items of each product each vendor could make, shape (P, V); infinite where nothing limits them.

    The least of: the product's demand, the whole budget at the pair's lowest cost, the vendor's whole capacity spent on
    the pair's lightest route, and what the rate card states for the pair.
    """
    shape = (len(ways.products), len(ways.vendors))
    most = np.full(shape, np.inf)
    _, demanded = limits.demand(case)
    most = np.minimum(most, demanded[:, None])
    money = money_there_is(case)
    if np.isfinite(money):
        least = _least(ways, ways.least_cost.min(axis=1), shape)
        most = np.minimum(most, np.divide(money, least, out=np.full(shape, np.inf), where=least > 0))
    for capacity in vendor_capacities(case):
        content = _least(ways, work_content(case, ways, capacity.noun), shape)[:, capacity.vendor]
        there = float(capacity.amounts.sum())
        supply = np.divide(there, content, out=np.full(len(content), np.inf), where=content > 0)
        most[:, capacity.vendor] = np.minimum(most[:, capacity.vendor], supply)
    bounded: Floats = np.minimum(most, _rated(case, ways, shape))
    return bounded


def _least(ways: Routes, amounts: Floats, shape: tuple[int, int]) -> Floats:
    """Least of an amount over each pair's routes."""
    least = np.full(shape, np.inf)
    np.minimum.at(least, (ways.product, ways.vendor), amounts)
    return np.where(np.isfinite(least), least, 0.0)


def _rated(case: Case, ways: Routes, shape: tuple[int, int]) -> Floats:
    """Most items of each pair by its lines of the rate card."""
    weeks = sum(case.periods.weeks_each())
    stated = np.where(ways.line_by_period, ways.line_capacity * weeks, ways.line_capacity)
    total = np.zeros(shape)
    _, first = np.unique(ways.line, return_index=True)
    np.add.at(total, (ways.product[first], ways.vendor[first]), stated[first])
    served = np.zeros(shape, dtype=bool)
    served[ways.product, ways.vendor] = True
    return np.where(served, total, 0.0)
