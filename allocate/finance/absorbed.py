"""Absorbed cost: overhead pools allocated to products by their drivers, after the plan is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

CENTS = 100.0


@dataclass(frozen=True)
class Absorbed:
    """What products cost with their part of the overhead; pools are estimates beside the spend, never decided on."""

    currency: str
    pools: pd.DataFrame = field(repr=False)
    """One row per activity: its `driver`, the `rate` of the spend it is taken to cost, the `amount`, to the cent."""
    products: pd.DataFrame = field(repr=False)
    """One row per product that is made: `product`, `spend` of its lines, one column per activity, and `absorbed`, all of it.
    Each activity's column adds up to its pool, to the cent."""
    other: float
    """Spend that belongs to no line: fees, idle hours, hiring, levers."""


def absorbed(case: Case, plan: Plan) -> Absorbed:
    """Pools of the cost model's activities, each a share of the plan's spend, allocated to the products made."""
    import pandas as pd

    made = plan.products[plan.products["items"] > 0]
    names, rows = made["product"].tolist(), []
    table = pd.DataFrame({"product": names, "spend": made["spend"].to_numpy()})
    for name, activity in case.model.activities.items():
        if activity.rate is None:
            continue
        cents = round(activity.rate * plan.spend * CENTS) if names else 0
        table[name] = to_the_cent(cents, _driver(activity.driver, plan, names))
        rows.append([name, activity.driver, activity.rate, cents / CENTS])
    table["absorbed"] = table.drop(columns="product").sum(axis=1)
    pools = pd.DataFrame(rows, columns=["activity", "driver", "rate", "amount"])
    return Absorbed(case.currency, pools, table, plan.spend - float(made["spend"].sum()))


def to_the_cent(cents: int, shares: Floats) -> Floats:
    """A number of cents as money, split by shares so that the parts add up to it: the largest remainders get one more."""
    if not len(shares):
        return np.zeros(0)
    exact = cents * shares / shares.sum()
    whole = np.floor(exact)
    first = np.argsort(-(exact - whole), kind="stable")[: cents - int(whole.sum())]
    whole[first] += 1.0
    parts: Floats = whole / CENTS
    return parts


def _driver(driver: str, plan: Plan, products: list[str]) -> Floats:
    """How much of a driver each product uses; all the same where none uses any."""
    lines = plan.lines
    if driver == "products":
        return np.ones(len(products))
    if driver == "vendors":
        # Each vendor in use costs the same; its part goes to its products by the work they give it.
        with_it = lines.groupby(["vendor", "product"], sort=False)["equivalent_units"].sum()
        part = with_it / with_it.groupby("vendor", sort=False).transform("sum")
        amounts = part.groupby("product", sort=False).sum()
    else:
        column = {"vendor-hours": "hours", "items": "items", "eu": "equivalent_units", "spend": "spend"}[driver]
        amounts = lines.groupby("product", sort=False)[column].sum()
    found: Floats = amounts.reindex(products, fill_value=0.0).to_numpy(dtype=np.float64)
    return found if found.sum() > 0 else np.ones(len(products))
