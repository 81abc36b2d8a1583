"""Absorbed cost: overhead pools allocated to products by their drivers, after the plan is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.case.model import Activity
from allocate.case.schema.activities import MEASURED
from allocate.costing.supply.throughput import in_periods
from allocate.costing.terms.prices import by_time, in_case_currency
from allocate.errors import CaseError
from allocate.numbers import Floats
from allocate.plan import Plan
from allocate.tables.frames import gives_copies
from allocate.tables.shown import Shown
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    import pandas as pd


CENTS = 100.0


@gives_copies
@dataclass(frozen=True, repr=False, eq=False)
class Absorbed(Shown):
    """What products cost with their part of the overhead; pools are estimates beside the spend, never decided on."""

    currency: str
    pools: pd.DataFrame = field(repr=False)
    """One row per activity: its `driver`, the `rate` of the spend it is taken to cost (nan for a pool with an amount of its own),
    the `amount`, to the cent, the `used` share of its capacity (nan without one), and what is `unused` of the amount."""
    products: pd.DataFrame = field(repr=False)
    """One row per product that is made: `product`, its `spend` with its part of shared costs, one column per activity, and
    `absorbed`, all of it.
    Each activity's column and what is unused of it add up to its pool, to the cent."""
    other: float
    """Spend that belongs to none of these: penalties for products of which nothing is made, and all of it where nothing is."""
    idle: Mapping[str, float]
    """Of the spend what is paid and not used, by what it is paid for: idle hours of teams, commitments not used up."""

    def facts(self) -> dict[str, str]:
        """How many pools there are, and what they come to."""
        return {"": f"{len(self.pools)} pools", "in all": f"{self.pools['amount'].sum():,.2f} {self.currency}"}


def absorbed(case: Case, plan: Plan) -> Absorbed:
    """Pools of the activities of cost model and case, allocated to the products made by what they use of them.

    A pool is a share of the plan's spend, or an amount of its own. With a capacity a product bears the pool's cost per unit of
    its driver (amount over practical capacity), and what nobody uses stands apart, as in time-driven activity-based costing
    (Kaplan and Anderson, Harvard Business Review, 2004); a pool used beyond its capacity is borne whole.

    Raises CaseError for an amount in a currency the case has no rate for.
    """
    import pandas as pd

    made = plan.products[plan.products["items"] > 0]
    names, rows = made["product"].tolist(), []
    table = pd.DataFrame({"product": names, "spend": made["cost"].to_numpy()})
    for name, activity in case.model.activities.items():
        if activity.rate is None and activity.amount is None and activity.each is None:
            continue
        shares = _driver(case, activity.driver, plan, names)
        rate = activity.rate if activity.amount is None and activity.each is None else None
        if rate is not None:
            size = rate * plan.spend
        elif activity.each is not None:
            size = _amount(case, name, activity.each) * float(shares.sum())
        else:
            size = _amount(case, name, activity.amount)
        cents = round(CENTS * size) if names else 0
        used = _used(case, activity, float(shares.sum()))
        borne = cents if used is None else round(cents * min(used, 1.0))
        table[name] = to_the_cent(borne, shares if shares.sum() > 0 else np.ones(len(names)))
        rows.append([name, activity.driver, rate, cents / CENTS, used, (cents - borne) / CENTS])
    table["absorbed"] = table.drop(columns="product").sum(axis=1)
    pools = pd.DataFrame(rows, columns=["activity", "driver", "rate", "amount", "used", "unused"])
    pools = pools.astype({"rate": float, "used": float})
    return Absorbed(case.currency, pools, table, plan.spend - float(made["cost"].sum()), _idle(plan))


def _amount(case: Case, name: str, amount: Quantity | None) -> float:
    """What a pool costs over the horizon, in the case's currency."""
    assert amount is not None
    if amount.currency not in (None, case.currency, *case.file.exchange):
        message = f"the pool '{name}' costs {amount.text}, and the case has no exchange rate for {amount.currency}"
        fix = f"write it in {case.currency}, or add `exchange: {{{amount.currency}: …}}`"
        raise CaseError.of(message, None, fix)
    return float((by_time(case, amount) if amount.time else in_case_currency(case, amount)[:1]).sum())


def _used(case: Case, activity: Activity, work: float) -> float | None:
    """Share of a pool's capacity that the plan uses; None for a pool without one."""
    if activity.capacity is None:
        return None
    by_time_ = kind_of(activity.capacity) != "count"
    there = float(in_periods(case, activity.capacity).sum()) if by_time_ else activity.capacity.number
    return work / there if there > 0 else np.inf


def _idle(plan: Plan) -> dict[str, float]:
    """Money of hours of teams that are paid and have no work, and of commitments that are not used up."""
    people = float(plan.staff["hiring"].sum() + plan.staff["releasing"].sum())
    missing = plan.invoice.loc[plan.invoice["clause"] == "commitment", "amount"]
    idle = float(plan.vendors["overhead"].sum()) - people
    return {"idle hours of teams": idle, "commitments not used up": float(missing.sum())}


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


def _driver(case: Case, driver: str, plan: Plan, products: list[str]) -> Floats:
    """How much of a driver each product uses: of one of the case's own what its products count, in all or per item made."""
    lines = plan.lines
    if driver not in MEASURED:
        made = dict(zip(plan.products["product"], plan.products["items"], strict=True))
        counted = [(name, case.products[name].activity_drivers.get(driver)) for name in products]
        each = [
            0.0 if one is None else one.number * (1.0 if one.per() is None else made[name]) for name, one in counted
        ]
        return np.array(each)
    if driver == "products":
        return np.ones(len(products))
    if driver == "vendors":
        # Each vendor in use costs the same; its part goes to its products by the work they give it.
        with_it = lines.groupby(["vendor", "product"], sort=False)["equivalent_units"].sum()
        part = with_it / with_it.groupby("vendor", sort=False).transform("sum")
        amounts = part.groupby("product", sort=False).sum()
    else:
        column = {"vendor-hours": "hours", "items": "items", "eu": "equivalent_units", "spend": "cost"}[driver]
        amounts = lines.groupby("product", sort=False)[column].sum()
    found: Floats = amounts.reindex(products, fill_value=0.0).to_numpy(dtype=np.float64)
    return found
