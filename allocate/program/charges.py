"""Money that hangs on columns other than items: tiers, fees, commitments not used up; and penalties, never spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.costing.bill.ledger import prices_in
from allocate.costing.terms.prices import worth
from allocate.costing.terms.schedules import schedules
from allocate.costing.terms.windows import Windows, parts_of
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


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

    def put(self, program: Program, row: int, window: int) -> None:
        """Put the prices of the work in a window into a row; tiers count in the windows that theirs lie in."""
        layout, (columns, price) = self.layout, self._prices
        weight = self.windows.weights[window][layout.period[columns]] * price
        inside = np.flatnonzero(weight > 0)
        program.add_terms(row, layout.ids[columns[inside]], weight[inside])
        for steps, amounts in self._tiers:
            program.add_terms(row, steps, amounts[window])

    @cached_property
    def _prices(self) -> tuple[NDArray[np.intp], Floats]:
        """Positions of the item columns whose prices do not depend on volume, and those prices."""
        layout = self.layout
        own = np.flatnonzero((layout.vendor == self.vendor) & (layout.price > 0))
        return own, prices_in(layout.case, layout.routes, self.currency, layout.route[own], layout.period[own])

    @cached_property
    def _tiers(self) -> list[tuple[Integers, Floats]]:
        """Columns of tiers, and by window what one unit of each counts, shape (W, columns)."""
        case, tiers = self.layout.case, list[tuple[Integers, Floats]]()
        shares = parts_of(case.periods, self.windows)
        plans = {plan.number: plan for plan in schedules(case) if plan.vendor == self.vendor}
        for charge in self.charges:
            counted = np.flatnonzero((charge.vendor == self.vendor) & (charge.usage != 0))
            if len(counted):
                keys = (charge.columns.index[axis][counted].tolist() for axis in ("schedule", "window"))
                at = list(zip(*keys, strict=True))
                rates = {s: worth(case, plans[s].currency, self.currency) for s, _ in at}
                part = np.array([shares[plans[s].windows.labels[w]] for s, w in at])
                each = charge.usage[counted] * np.array([rates[s][plans[s].windows.last[w]] for s, w in at])
                tiers.append((charge.columns.ids[counted], part.T * each))
        return tiers


def most_usage(layout: Layout, vendor: int, currency: str) -> float:
    """Most that a vendor's prices could come to, in a currency."""
    case, routes = layout.case, layout.routes
    own = np.flatnonzero(routes.vendor == vendor)
    route, period = np.repeat(own, case.periods.count), np.tile(np.arange(case.periods.count), len(own))
    most = prices_in(case, routes, currency, route, period).reshape(len(own), case.periods.count).max(axis=1)
    for schedule in schedules(case):
        inside = routes.schedule[own] == schedule.number
        paid = schedule.factor * worth(case, schedule.currency, currency)[schedule.windows.last]
        highest = max(step.price for step in schedule.offers) * paid.max()
        most[inside] = highest * routes.billable[own[inside]]
    each = np.zeros(len(routes.products))
    np.maximum.at(each, routes.product[own], most)
    items = layout.most_items[:, vendor]
    return float(np.multiply(each, items, out=np.zeros(len(each)), where=each > 0).sum())
