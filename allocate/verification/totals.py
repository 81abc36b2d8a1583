"""Sums and ratios of a plan's lines by product and vendor, recomputed from the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing.clauses import OF_NO_LINE
from allocate.verification.work import Floats, Work


@dataclass(frozen=True, eq=False)
class Totals:
    """What the lines of a plan add up to; arrays of one entry per product or vendor, nan where nothing is divided by."""

    products: dict[str, Floats]
    vendors: dict[str, Floats]
    """With `fees` less rebates, which belong to no line."""
    spend: float
    value: float
    """Value by the curves themselves."""
    escaped_error_cost: float


def totals(work: Work) -> Totals:
    """What a plan's lines add up to."""
    columns, ways = line_amounts(work), work.routes
    vendors = summed(columns, work.vendor, len(ways.vendors))
    return Totals(
        products=summed(columns, work.product, len(ways.products)),
        vendors={**vendors, "fees": fees(work)},
        spend=work.owed.total,
        value=float(work.worth.sum()),
        escaped_error_cost=float(columns["error_cost"].sum()),
    )


def line_amounts(work: Work) -> dict[str, Floats]:
    """Every derived amount of each line."""
    ways, route, period, items = work.routes, work.route, work.period, work.items
    return {
        "items": items,
        "hours": sum((hours for _, hours in work.learnt), items * 0.0) if ways.learners else items * ways.hours[route],
        "review_hours": items * ways.review_hours[route],
        "equivalent_units": items * ways.equivalent_units[route],
        "spend": work.spend,
        "effective_labels": items * ways.effective[route],
        "error_cost": items * ways.error_cost[route, period],
        "right": items * ways.accuracy[route],
    }


def summed(columns: dict[str, Floats], key: NDArray[np.integer[Any]], count: int) -> dict[str, Floats]:
    """Sums by product or vendor, and the ratios made of them; nan where nothing is divided by."""
    sums = {name: np.bincount(key, amounts, minlength=count).astype(np.float64) for name, amounts in columns.items()}
    right = sums.pop("right")
    ratios = {
        "accuracy": _ratio(right, sums["items"]),
        "cost_per_accurate_item": _ratio(sums["spend"], right),
        "cost_per_eu": _ratio(sums["spend"], sums["equivalent_units"]),
    }
    return {**sums, **ratios}


def fees(work: Work) -> Floats:
    """Fees by vendor that belong to no line."""
    found = dict.fromkeys(work.routes.vendors, 0.0)
    for entry in work.owed.entries:
        if entry.clause in OF_NO_LINE and entry.vendor:  # the cost of switching may be nobody's
            found[entry.vendor] += entry.amount
    return np.array(list(found.values()))


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
    return ratio
