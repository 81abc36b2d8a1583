"""What prices come to in the currency a clause is written in: what commitments, ceilings and rebates count.

Money billed in that currency counts as it is billed, whatever the exchange rate. Money billed in another is converted at the
rates of the period in which it is owed: of a price by volume the last of its window, of all others that of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.entries import Bought
from allocate.costing.routes import Routes
from allocate.costing.terms.prices import price_factors, worth
from allocate.costing.terms.schedules import Schedule
from allocate.costing.terms.windows import Windows, parts_of
from allocate.exact import total

Floats = NDArray[np.float64]
Positions = NDArray[np.signedinteger[Any]]


def prices_in(case: Case, ways: Routes, currency: str, route: Positions, period: Positions) -> Floats:
    """What contracts ask for an item of some routes in some periods, in a currency; of prices by volume the first step's.

    route, period: arrays of one shape, which the result has.
    """
    if currency == case.currency:
        return ways.price[route, period]
    rates = np.stack([worth(case, one, currency) for one in ways.currencies])
    moving = price_factors(case)[ways.vendor[route], period] * rates[ways.billed_in[route], period]
    found: Floats = ways.billed[route] * moving
    return found


def prices_owed_later(case: Case, ways: Routes, route: Positions, period: Positions, owed: int) -> Floats:
    """What contracts ask for an item of some routes in some periods, in the case's currency where it is owed in another one."""
    if not case.file.exchange:
        return ways.price[route, period]
    rates = np.array([worth(case, one, case.currency)[owed] for one in ways.currencies])
    found: Floats = ways.billed[route] * (
        price_factors(case)[ways.vendor[route], period] * rates[ways.billed_in[route]]
    )
    return found


@dataclass(frozen=True)
class Billed:
    """What prices by volume come to in a window, surplus included."""

    schedule: Schedule
    window: int
    money: float
    """In the currency of the schedule."""

    @property
    def label(self) -> str:
        """The window's label."""
        return self.schedule.windows.labels[self.window]

    def in_(self, case: Case, currency: str) -> float:
        """The money in a currency, at the rate of the period in which it is owed."""
        period = int(self.schedule.windows.last[self.window])
        return self.money * float(worth(case, self.schedule.currency, currency)[period])


@dataclass(frozen=True)
class Prices:
    """What prices of a plan come to: the part that counts towards commitments, ceilings and rebates."""

    bought: Bought
    by_tiers: Sequence[Billed]

    def within(self, vendor: int, over: Windows, currency: str) -> list[float]:
        """What a vendor's prices come to in each of some windows, in a currency."""
        bought, case = self.bought, self.bought.case
        mine = np.flatnonzero((bought.vendor == vendor) & (bought.routes.schedule[bought.route] < 0))
        route, period = bought.route[mine], bought.period[mine]
        by_line = bought.items[mine] * prices_in(case, bought.routes, currency, route, period)
        shares = parts_of(case.periods, over)
        tiers = [(shares[one.label], one.in_(case, currency)) for one in self.by_tiers if one.schedule.vendor == vendor]
        found = []
        for window in range(len(over.labels)):
            used = total(by_line * over.weights[window][period])
            found.append(sum((money * float(part[window]) for part, money in tiers if part[window]), used))
        return found
