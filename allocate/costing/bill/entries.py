"""Entries of an invoice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from allocate.numbers import Floats
from allocate.tables.table import Table


@dataclass(frozen=True)
class Entry:
    """One line of an invoice."""

    vendor: str
    """Empty for what is paid to none of the vendors: levers, penalties."""
    window: str
    clause: str
    """What it is called on the bill: one of the names that clauses have there (`costs` in the index of the case)."""
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
    parts: tuple[tuple[int, float], ...] = ()
    """Products by position, and the share of the amount that each bears; empty where the one product bears it all."""


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

    @cached_property
    def table(self) -> Table:
        """The entries as a tidy table."""
        columns = ["vendor", "window", "clause", "about", "quantity", "unit", "unit_price", "amount"]
        return Table.from_rows(columns, [[getattr(entry, name) for name in columns] for entry in self.entries])
