"""Money that hangs on columns other than items: tiers, fees, commitments not used up; and penalties, never spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

    def within(self, products: frozenset[int]) -> NDArray[np.bool_]:
        """Which columns are for nothing but some products."""
        return np.array([set(mine) <= products for mine in self.products], dtype=bool)


@dataclass(frozen=True)
class Penalty:
    """Columns that say by how much rules are broken, and what that weighs in the objective; it is not spent."""

    columns: Block
    price: Floats
    """Money of the case's currency per unit of the column."""


def all_usage(program: Program, layout: Layout, row: int, vendor: int, charges: Sequence[Charge]) -> None:
    """Put the prices of all of a vendor's work into a row."""
    mine = np.flatnonzero((layout.vendor == vendor) & (layout.price > 0))
    program.add_terms(row, layout.ids[mine], layout.price[mine])
    for charge in charges:
        counted = (charge.vendor == vendor) & (charge.usage > 0)
        program.add_terms(row, charge.columns.ids[counted], charge.usage[counted])
