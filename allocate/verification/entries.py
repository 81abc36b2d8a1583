"""What is owed by the contracts' text: entries as an invoice has them, and what of each clause every line bears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from allocate.exact import rounded

if TYPE_CHECKING:
    from allocate.verification.work import Work

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


def together(work: Work, clause: str, amounts: Sequence[Number], billed: bool = False) -> list[Entry]:
    """One entry for the money of all lines of a vendor, product, period and unit; lines of no money have none.

    amounts: of each line. billed: whether units of the price are told, and not items.
    """
    sums: dict[tuple[int, int, int, str], tuple[Number, Number]] = {}
    for line, ((item, period, items), amount) in enumerate(zip(work.lines, amounts, strict=True)):
        if amount:
            unit, many = work.stated.nouns[item.product], items
            if billed:
                unit, many = item.basis, items * item.billable * work.paid_pace(line)
            key = (item.vendor, item.product, period, unit)
            before = sums.get(key, (0.0, 0.0))
            sums[key] = (many + before[0], amount + before[1])
    return [
        Entry(
            work.stated.vendors[vendor], work.label(period), clause, work.stated.products[product], quantity, unit,
            amount / quantity if quantity else 0.0, amount, period, (product,),
        )
        for (vendor, product, period, unit), (quantity, amount) in sums.items()
    ]  # fmt: skip
