"""What is owed by the contracts' text: entries as an invoice has them, and what of each clause every line bears."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from allocate.exact import rounded

Number = Any
"""A float, or an exact number."""


@dataclass(frozen=True)
class Entry:
    """One sum owed, in the case's currency, as an invoice says it."""

    vendor: str
    """Empty for what is paid to none of the vendors."""
    window: str
    clause: str
    about: str
    quantity: Number
    unit: str
    unit_price: Number
    amount: Number
    period: int
    """Position of the period it is owed in."""
    products: tuple[int, ...]
    """Positions of the products it is for; all where it is for the vendor as a whole."""

    def rounded(self) -> Entry:
        """The same with every figure a float, rounded once."""
        quantity, unit_price, amount = (rounded(each) for each in (self.quantity, self.unit_price, self.amount))
        return replace(self, quantity=quantity, unit_price=unit_price, amount=amount)


TOLD = tuple(column.name for column in fields(Entry))[:8]
"""Columns of an invoice."""


@dataclass(frozen=True)
class Owed:
    """What one clause asks for."""

    entries: Sequence[Entry] = ()
    lines: Sequence[Number] = field(default=(), repr=False)
    """What of it each line of the plan bears; empty where no line bears any."""


@dataclass(frozen=True)
class Share:
    """Money of one line of a plan, for one entry with those of the same vendor, product, period and unit."""

    vendor: str
    product: int
    period: int
    unit: str
    quantity: Number
    amount: Number


def together(clause: str, shares: Iterable[Share], names: Sequence[str], label: Callable[[int], str]) -> list[Entry]:
    """One entry for all shares of a vendor, product, period and unit; shares of no money have none."""
    sums: dict[tuple[str, int, int, str], tuple[Number, Number]] = {}
    for share in shares:
        if share.amount:
            key = (share.vendor, share.product, share.period, share.unit)
            quantity, amount = sums.get(key, (0.0, 0.0))
            sums[key] = (share.quantity + quantity, share.amount + amount)
    return [
        Entry(
            vendor, label(period), clause, names[product], quantity, unit, amount / quantity if quantity else 0.0,
            amount, period, (product,),
        )
        for (vendor, product, period, unit), (quantity, amount) in sums.items()
    ]  # fmt: skip
