"""Plain prices: what a contract asks for each item, in the period of the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, together

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """Price of what is billed of each line, season and exchange rate of its period; none where volume decides."""
    lines: list[Number] = [
        items * (0.0 if item.by_volume else work.stated.price(item, period)) for item, period, items in work.lines
    ]
    return Owed(together(work, "items", lines, billed=True), lines)
