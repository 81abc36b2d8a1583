"""Plain prices: what a contract asks for each item, in the period of the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, Share, together

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """Price of what is billed of each line, season and exchange rate of its period; none where volume decides."""
    shares: list[Share] = []
    lines: list[Number] = []
    for item, period, items in zip(work.made, work.period.tolist(), work.items.tolist(), strict=True):
        amount = element(items) * (0.0 if item.by_volume else work.stated.price(item, period))
        lines.append(amount)
        vendor = work.stated.vendors[item.vendor]
        shares.append(Share(vendor, item.product, period, item.basis, items * item.billable, amount))
    return Owed(together("items", shares, work.stated.products, work.label), lines)
