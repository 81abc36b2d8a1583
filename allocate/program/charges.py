"""Money that hangs on columns other than items: tiers, fees, commitments not used up; and penalties, never spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.costing.bill.ledger import counted_at_list, prices_in
from allocate.costing.terms.prices import worth
from allocate.costing.terms.schedules import schedules
from allocate.costing.terms.windows import Windows, parts_of
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.program.windows import Workable, most_filled


@dataclass(frozen=True, eq=False)
class Charge:
    """A family of columns that cost money; arrays have one entry per column."""

    columns: Block
    amount: Floats
    """Money of the case's currency per unit of the column."""
    usage: Floats
    """What counts towards a commitment, a ceiling and a rebate, in the currency it is billed in: prices, not fees."""
    vendor: Integers
    period: Integers
    """Position of the period it is paid in."""
    products: tuple[tuple[int, ...], ...]
    """Positions of the products each column is for."""
    for_work: bool = True
    """Whether it pays for work, and so counts in shares of the spend."""

    def within(self, products: frozenset[int]) -> NDArray[np.bool_]:
        """Which columns are for nothing but some products."""
        return np.array([set(column) <= products for column in self.products], dtype=bool)


@dataclass(frozen=True, eq=False)
class Penalty:
    """Columns that say by how much rules are broken, and what that weighs in the objective; it is not spent."""

    columns: Block
    price: Floats
    """Money of the case's currency per unit of the column."""


@dataclass(frozen=True)
class Usage:
    """What all of a vendor's prices come to in each of some windows, counted in one currency; to be put into rows."""

    layout: Layout
    vendor: int
    windows: Windows
    currency: str
    charges: Sequence[Charge]

    def most(self, window: int) -> float:
        """Most they could come to in a window, by what the vendor's capacities leave it there."""
        layout, own, (columns, price) = self.layout, Workable(self.layout, self.vendor), self._prices
        each = np.zeros(len(layout.ids))
        each[columns] = self.windows.weights[window][layout.period[columns]] * price
        return min(self._most_in_all, own.most(each[own.columns]) + self._most_of_tiers(window))

    @cached_property
    def _most_in_all(self) -> float:
        return most_usage(self.layout, self.vendor, self.currency)

    @cached_property
    def _filled(self) -> dict[int, list[float]]:
        return most_filled(self.layout, [plan for plan in schedules(self.layout.case) if plan.vendor == self.vendor])

    def _most_of_tiers(self, window: int) -> float:
        """Most that prices by volume come to: in each of their windows the highest step, filled."""
        found = 0.0
        for charge, amounts, keys in self._tiers:
            if "part" in charge.columns.index or (amounts < 0).any():
                return np.inf  # what parts cost are differences
            highest: dict[tuple[int, int], float] = {}
            for key, amount in zip(keys, amounts[window].tolist(), strict=True):
                highest[key] = max(highest.get(key, 0.0), amount)
            units = charge.columns.family == "tier_units"
            found += sum(
                amount * (self._filled[plan][at] if units else 1.0) for (plan, at), amount in highest.items() if amount
            )
        return found

    def put(self, program: Program, row: int, window: int) -> None:
        """Put the prices of the work in a window into a row; tiers count in the windows that theirs lie in."""
        layout, (columns, price) = self.layout, self._prices
        weight = self.windows.weights[window][layout.period[columns]] * price
        inside = np.flatnonzero(weight > 0)
        program.add_terms(row, layout.ids[columns[inside]], weight[inside])
        self.put_tiers(program, row, window, 1.0)

    def put_tiers(self, program: Program, row: int, window: int, share: float) -> None:
        """Put a share of the prices by volume of a window into a row."""
        for charge, amounts, _ in self._tiers:
            program.add_terms(row, charge.columns.ids[self._counted(charge)], share * amounts[window])

    def most_of_tiers(self, window: int) -> float:
        """Most that prices by volume could come to in a window."""
        return min(self._most_in_all, self._most_of_tiers(window))

    def _counted(self, charge: Charge) -> NDArray[np.intp]:
        """Which of what is charged counts."""
        counts = (charge.vendor == self.vendor) & (charge.usage != 0)
        at_list = counted_at_list(self.layout.case, self.windows)
        if at_list and "schedule" in charge.columns.index:
            counts &= ~np.isin(charge.columns.index["schedule"], at_list)
        return np.flatnonzero(counts)

    @cached_property
    def _prices(self) -> tuple[NDArray[np.intp], Floats]:
        """Positions of the item columns whose prices do not depend on volume, or count at the first step, and those prices."""
        layout = self.layout
        at_list = np.isin(layout.routes.schedule[layout.route], counted_at_list(layout.case, self.windows))
        own = np.flatnonzero((layout.vendor == self.vendor) & ((layout.price > 0) | at_list))
        return own, prices_in(layout.case, layout.routes, self.currency, layout.route[own], layout.period[own])

    @cached_property
    def _tiers(self) -> list[tuple[Charge, Floats, list[tuple[int, int]]]]:
        """Prices by volume: what one unit of each column counts by window, shape (W, columns), and its schedule and window."""
        case, tiers = self.layout.case, list[tuple[Charge, Floats, list[tuple[int, int]]]]()
        shares = parts_of(case.periods, self.windows)
        at_list = counted_at_list(case, self.windows)
        plans = {one.number: one for one in schedules(case) if one.vendor == self.vendor and one.number not in at_list}
        for charge in self.charges:
            counted = self._counted(charge)
            if len(counted):
                keys = (charge.columns.index[axis][counted].tolist() for axis in ("schedule", "window"))
                at = list(zip(*keys, strict=True))
                rates = {s: worth(case, plans[s].currency, self.currency) for s, _ in at}
                part = np.array([shares[plans[s].windows.labels[w]] for s, w in at])
                each = charge.usage[counted] * np.array([rates[s][plans[s].windows.last[w]] for s, w in at])
                tiers.append((charge, part.T * each, at))
        return tiers


def most_usage(layout: Layout, vendor: int, currency: str) -> float:
    """Most that a vendor's prices could come to, in a currency."""
    case, routes = layout.case, layout.routes
    own = np.flatnonzero(routes.vendor == vendor)
    route, period = np.repeat(own, case.periods.count), np.tile(np.arange(case.periods.count), len(own))
    most = prices_in(case, routes, currency, route, period).reshape(len(own), case.periods.count).max(axis=1)
    beside = 0.0
    for schedule in schedules(case):
        inside = routes.schedule[own] == schedule.number
        paid = schedule.factor * worth(case, schedule.currency, currency)[schedule.windows.last]
        highest = max(step.price for step in schedule.offers) * paid.max()
        most[inside] = highest * routes.billable[own[inside]]
        if schedule.vendor == vendor and schedule.whole is not None:
            beside += highest * schedule.whole * len(schedule.windows.labels)
    each = np.zeros(len(routes.products))
    np.maximum.at(each, routes.product[own], most)
    items = layout.most_items[:, vendor]
    return beside + float(np.multiply(each, items, out=np.zeros(len(each)), where=each > 0).sum())
