"""Sums and ratios of a plan's lines by product and vendor, recomputed from the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.exact import Floats, floats, rounded
from allocate.verification.clauses import CLAUSES
from allocate.verification.exchange import worth
from allocate.verification.work import Work


@dataclass(frozen=True, eq=False)
class Totals:
    """What the lines of a plan add up to; arrays of one entry per product or vendor, nan where nothing is divided by."""

    products: dict[str, Floats]
    vendors: dict[str, Floats]
    """With `fees` less rebates, which belong to no line."""
    spend: float
    with_no_vendor: float
    """Part of the spend that is paid to no vendor."""
    value: float
    """Value by the curves themselves."""
    escaped_error_cost: float


def totals(work: Work) -> Totals:
    """What a plan's lines add up to."""
    columns = line_amounts(work)
    vendors = summed(columns, work.vendor, len(work.stated.vendors))
    return Totals(
        products=summed(columns, work.product, len(work.stated.products), work.shared[1]),
        vendors={**vendors, "fees": fees(work)},
        spend=rounded(work.bill.total),
        with_no_vendor=rounded(sum((entry.amount for entry in work.bill.entries if not entry.vendor), 0.0)),
        value=float(work.worth.sum()),
        escaped_error_cost=float(columns["error_cost"].sum()),
    )


def line_amounts(work: Work) -> dict[str, Floats]:
    """Every derived amount of each line, as floats."""
    each = {
        "items": work.items,
        "hours": work.hours,
        "review_hours": work.items * work.each("review_hours"),
        "equivalent_units": work.items * work.each("equivalent_units"),
        "spend": work.bill.lines,
        "shared": work.shared[0],
        "cost": floats(work.bill.lines) + work.shared[0],
        "effective_labels": work.items * work.each("effective"),
        "error_cost": work.items * _error_costs(work),
        "right": work.items * work.each("accuracy"),
    }
    return {name: floats(np.asarray(amounts)) for name, amounts in each.items()}


def _error_costs(work: Work) -> Floats:
    """Downstream cost of what escapes of one item of each line."""
    products = list(work.case.products.values())
    costs = [
        (1.0 - item.accuracy) * worth(work.case, products[item.product].error_cost, period)
        for item, period in zip(work.made, work.period.tolist(), strict=True)
    ]
    return np.array(costs, dtype=np.float64)


def summed(
    columns: dict[str, Floats], key: NDArray[np.integer[Any]], count: int, apart: Floats | None = None
) -> dict[str, Floats]:
    """Sums by product or vendor, and the ratios made of them; nan where nothing is divided by.

    apart: money of those of which nothing is made, shape (count,).
    """
    sums = {name: np.bincount(key, amounts, minlength=count).astype(np.float64) for name, amounts in columns.items()}
    right = sums.pop("right")
    if apart is not None:
        sums |= {name: sums[name] + apart for name in ("shared", "cost")}
    ratios = {
        "accuracy": _ratio(right, sums["items"]),
        "cost_per_accurate_item": _ratio(sums["cost"], right),
        "cost_per_eu": _ratio(sums["cost"], sums["equivalent_units"]),
    }
    return {**sums, **ratios}


def fees(work: Work) -> Floats:
    """Fees by vendor that belong to no line."""
    fees = [0.0] * len(work.stated.vendors)
    for clause in CLAUSES:
        for entry in () if clause.of_lines else work.bill.by_clause[clause.name].entries:
            if entry.vendor:  # the cost of switching may be nobody's
                position = work.stated.vendors.index(entry.vendor)
                fees[position] = entry.amount + fees[position]
    return np.array([rounded(money) for money in fees])


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
    return ratio
