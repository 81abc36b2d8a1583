"""What prices come to in the currency a clause is written in: what commitments, ceilings and rebates count.

Money billed in that currency counts as it is billed, whatever the exchange rate. Money billed in another is converted at the
rates of the period in which it is owed: of a price by volume the last of its window, of all others that of the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.horizon import nests
from allocate.case.load import Case
from allocate.costing.bill.lines import Lines
from allocate.costing.bill.volume import Filled, filled
from allocate.costing.supply.surplus import buyable
from allocate.costing.table import Routes
from allocate.costing.terms.prices import moved_by, worth
from allocate.costing.terms.schedules import schedules
from allocate.costing.terms.windows import Windows, parts_of
from allocate.exact import total
from allocate.numbers import Booleans, Floats, named

Positions = NDArray[np.signedinteger[Any]]


def prices_in(case: Case, routes: Routes, currency: str, route: Positions, period: Positions) -> Floats:
    """What contracts ask for an item of some routes in some periods, in a currency; of prices by volume the first step's.

    route, period: arrays of one shape, which the result has.
    """
    if currency == case.currency:
        return routes.price[route, period]
    rates = np.stack([worth(case, own, currency) for own in routes.currencies])
    moving = moved_by(case, routes.vendor[route], routes.held[route], period) * rates[routes.billed_in[route], period]
    found: Floats = routes.billed[route] * moving
    return found


def prices_owed_later(case: Case, routes: Routes, route: Positions, period: Positions, owed: int) -> Floats:
    """What contracts ask for an item of some routes in some periods, in the case's currency where it is owed in another one."""
    if not case.file.exchange:
        return routes.price[route, period]
    rates = np.array([worth(case, currency, case.currency)[owed] for currency in routes.currencies])
    found: Floats = routes.billed[route] * (
        moved_by(case, routes.vendor[route], routes.held[route], period) * rates[routes.billed_in[route]]
    )
    return found


def counted_at_list(case: Case, over: Windows) -> list[int]:
    """Numbers of the prices by volume whose windows lie in none of some windows.

    Work at them counts by the first step's price in the period of the work, for what it comes to is known later.
    """
    return [one.number for one in schedules(case) if not nests(one.windows.kind, over.kind)]


@dataclass(frozen=True, eq=False)
class Ledger:
    """What prices of a plan's lines come to: what other clauses count, or are a share of; arrays of shape (N,)."""

    lines: Lines

    @cached_property
    def filled(self) -> tuple[Filled, ...]:
        """Every window of prices by volume with work in it, schedule by schedule."""
        schedules = buyable(self.lines.case, self.lines.routes)
        return tuple(window for schedule in schedules for window in filled(self.lines, schedule))

    @cached_property
    def plain(self) -> Booleans:
        """Which lines have a price that does not depend on volume."""
        found: Booleans = self.lines.routes.schedule[self.lines.route] < 0
        return found

    @cached_property
    def price(self) -> Floats:
        """What prices ask for each line, surplus included, in the case's currency."""
        by_item = self.lines.as_learned(self.lines.items * self.lines.routes.price[self.lines.route, self.lines.period])
        return np.where(self.plain, by_item, self._by_volume([(window.owed, window.factor) for window in self.filled]))

    @cached_property
    def used(self) -> Floats:
        """What prices by volume ask for what each line uses, in their currency; 0 for lines with plain prices."""
        return self._by_volume([(window.used, window.own) for window in self.filled])

    @cached_property
    def paid(self) -> Floats:
        """The same in the case's currency."""
        return self._by_volume([(window.used, window.factor) for window in self.filled])

    def _by_volume(self, parts: list[tuple[Floats, float]]) -> Floats:
        money = self.lines.items * 0.0
        for amounts, factor in parts:
            money = money + amounts * factor
        return money

    def beside_volume(self, each: Floats, share: Floats) -> Floats:
        """What a clause adds to each line that is no share of a price by volume; each: per item, (R, T); share: (R,)."""
        route, items = self.lines.route, self.lines.items
        return np.where(share[route] == 0, items * each[route, self.lines.period], 0.0 * items)

    def within(self, vendor: int, over: Windows, currency: str) -> list[float]:
        """What a vendor's prices come to in each of some windows, in a currency."""
        lines, case = self.lines, self.lines.case
        at_list = counted_at_list(case, over)
        chosen = np.flatnonzero(
            (lines.vendor == vendor) & (self.plain | np.isin(lines.routes.schedule[lines.route], at_list))
        )
        route, period = lines.route[chosen], lines.period[chosen]
        by_line = lines.items[chosen] * prices_in(case, lines.routes, currency, route, period)
        shares = parts_of(case.periods, over)
        tiers = [
            (shares[part.label], part.money_in(currency))
            for part in self.filled
            if part.schedule.vendor == vendor and part.schedule.number not in at_list
        ]
        found = []
        for window in range(len(over.labels)):
            used = total(by_line * over.weights[window][period])
            of_tiers = (money * float(part[window]) for part, money in tiers if part[window])
            found.append(named("prices in the window", sum(of_tiers, used)))
        return found
