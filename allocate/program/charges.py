"""Money that hangs on columns other than items: tiers, fees, commitments not used up; and penalties, never spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.schedules import schedules
from allocate.costing.windows import Windows, parts_of
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Charge:
    """A family of columns that cost money; arrays have one entry per column."""

    columns: Block
    amount: Floats
    """Money of the case's currency per unit of the column."""
    usage: Floats
    """The part of it that counts towards a commitment and a ceiling: prices, not fees."""
    vendor: Integers
    period: Integers
    """Position of the period it is paid in."""
    products: tuple[tuple[int, ...], ...]
    """Positions of the products each column is for."""
    for_work: bool = True
    """Whether it pays for work, and so counts in shares of the spend."""

    def within(self, products: frozenset[int]) -> NDArray[np.bool_]:
        """Which columns are for nothing but some products."""
        return np.array([set(mine) <= products for mine in self.products], dtype=bool)


@dataclass(frozen=True)
class Penalty:
    """Columns that say by how much rules are broken, and what that weighs in the objective; it is not spent."""

    columns: Block
    price: Floats
    """Money of the case's currency per unit of the column."""


def usage_within(
    program: Program, layout: Layout, row: int, vendor: int, over: Windows, window: int, charges: Sequence[Charge]
) -> None:
    """Put the prices of a vendor's work in a window into a row; tiers count in the windows that theirs lie in."""
    weight = over.weights[window][layout.period] * layout.price
    mine = np.flatnonzero((layout.vendor == vendor) & (weight > 0))
    program.add_terms(row, layout.ids[mine], weight[mine])
    shares = parts_of(layout.case.periods, over)
    labels = {one.number: one.windows.labels for one in schedules(layout.case) if one.vendor == vendor}
    for charge in charges:
        counted = np.flatnonzero((charge.vendor == vendor) & (charge.usage != 0))
        if len(counted):
            schedule, there = charge.columns.index["schedule"][counted], charge.columns.index["window"][counted]
            part = [shares[labels[s][w]][window] for s, w in zip(schedule.tolist(), there.tolist(), strict=True)]
            amounts = charge.usage[counted] * np.array(part)
            inside = np.flatnonzero(amounts)
            program.add_terms(row, charge.columns.ids[counted[inside]], amounts[inside])


def all_usage(program: Program, layout: Layout, row: int, vendor: int, charges: Sequence[Charge]) -> None:
    """Put the prices of all of a vendor's work into a row."""
    mine = np.flatnonzero((layout.vendor == vendor) & (layout.price > 0))
    program.add_terms(row, layout.ids[mine], layout.price[mine])
    for charge in charges:
        counted = (charge.vendor == vendor) & (charge.usage != 0)
        program.add_terms(row, charge.columns.ids[counted], charge.usage[counted])
