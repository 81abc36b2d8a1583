"""Entries of an invoice, and the quantities they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.routes import Routes
from allocate.exact import floats, rounded
from allocate.tables.table import Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Entry:
    """One line of an invoice."""

    vendor: str
    """Empty for what is paid to none of the vendors: levers, penalties."""
    window: str
    clause: str
    """items, tier, surplus, quality, lateness, early payment, platform fee, pre-labelling, review, onboarding, retainer,
    product start, seats, switching, commitment, rebate, lever, penalty; and of an in-house team wages, shift premium, shift,
    overtime, hiring, replacement, release."""
    about: str
    """Products, and for a tier which one."""
    quantity: float
    unit: str
    unit_price: float
    """Money of the case's currency per unit."""
    amount: float
    period: int
    """Position of the period it is paid in."""
    products: tuple[int, ...]
    """Positions of the products it is for; all of them where it is for the vendor as a whole."""


@dataclass(frozen=True, eq=False)
class Invoice:
    """Every line owed for a plan, and what each of the plan's lines costs of it."""

    entries: tuple[Entry, ...]
    line_spend: Floats
    """What each plan line costs: its own price, its share of the tiers it was counted in, fees per item, review; made by
    an in-house team, the cost of the hours it takes (all that the period's hours cost over the hours there are)."""
    overhead: Mapping[str, float]
    """Money of each vendor's in-house team that belongs to no line: idle hours, hiring, releasing."""

    @property
    def total(self) -> float:
        """All money owed."""
        return sum((entry.amount for entry in self.entries), 0.0)

    def rounded(self) -> Invoice:
        """The same with every figure rounded to a float once, where it was worked out exactly."""
        entries = tuple(
            replace(one, quantity=rounded(one.quantity), unit_price=rounded(one.unit_price), amount=rounded(one.amount))
            for one in self.entries
        )
        overhead = {vendor: rounded(money) for vendor, money in self.overhead.items()}
        return Invoice(entries, floats(self.line_spend), overhead)

    @property
    def fixed(self) -> tuple[Entry, ...]:
        """Entries that belong to no line: onboarding, retainers, starts, seats, switching, commitments not used up, rebates."""
        return tuple(entry for entry in self.entries if entry.clause in FIXED)

    @cached_property
    def table(self) -> Table:
        """The entries as a tidy table."""
        columns = ["vendor", "window", "clause", "about", "quantity", "unit", "unit_price", "amount"]
        return Table.from_rows(columns, [[getattr(entry, name) for name in columns] for entry in self.entries])


FIXED = ("onboarding", "retainer", "product start", "seats", "switching", "commitment", "rebate")
"""Clauses whose entries belong to no line of the plan."""


@dataclass(frozen=True, eq=False)
class Bought:
    """A plan's quantities as positions, arrays of one entry per line."""

    case: Case
    routes: Routes
    route: Integers
    period: Integers
    items: Floats

    @cached_property
    def vendor(self) -> Integers:
        """Position of each line's vendor."""
        return self.routes.vendor[self.route]

    @cached_property
    def product(self) -> Integers:
        """Position of each line's product."""
        return self.routes.product[self.route]

    @cached_property
    def billable(self) -> Floats:
        """Billable units of each line."""
        return self.items * self.routes.billable[self.route]

    def vendor_name(self, position: int) -> str:
        """Name of a vendor."""
        return self.routes.vendors[position]

    @property
    def everything(self) -> tuple[int, ...]:
        """Positions of all products."""
        return tuple(range(len(self.routes.products)))
