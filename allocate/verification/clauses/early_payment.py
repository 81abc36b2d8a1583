"""The discount for paying early, on prices, bonus and price reductions, where the plan takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.verification.clause import Before
from allocate.verification.clauses import lateness, levers, quality
from allocate.verification.clauses.payment import pays_early
from allocate.verification.entries import Number, Owed, together
from allocate.verification.price_changes import by_line, shares_of
from allocate.verification.volume_owed import billed_in, of_window

if TYPE_CHECKING:
    from allocate.verification.work import Work


def discount(case: Case, vendor: Vendor) -> float:
    """Share taken off; 0 where the plan does not pay early."""
    early = vendor.contract.early_payment
    return early.discount if early is not None and pays_early(case, vendor) else 0.0


def owed(work: Work, before: Before) -> Owed:
    """What is taken off what each line, each window of prices by volume, and each window of deliveries asks."""
    off = [discount(work.case, vendor) for vendor in work.case.vendors.values()]
    parts = (before["price"].lines, by_line(work, quality.of_route), by_line(work, lateness.of_route))
    lines: list[Number] = [
        sum(money[line] for money in parts) * -off[item.vendor] for line, item in enumerate(work.made)
    ]
    entries = together(work, "early payment", lines)
    by_share = [shares_of(work, change) for change in (quality.of_route, lateness.of_route, levers.of_route)]
    for billed in work.by_volume:
        share = off[billed.schedule.vendor]
        money = billed_in(work, billed)
        for line, asked, used in zip(billed.lines, billed.billing.owed, billed.billing.used, strict=True):
            changed = used * billed.factor * sum(share[line] for share in by_share)
            money = changed + money
            lines[line] = lines[line] - (asked * billed.factor + changed) * share
        if money * share:
            entries.append(
                of_window(work, billed, "early payment", billed.schedule.words, (money, work.case.currency, -share))
            )
    for late in quality.by_window(work):
        share = off[late.vendor]
        for line, amount in late.lines.items():
            lines[line] = lines[line] - amount * share
        if late.amount * share:
            entries.append(quality.entry_of(work, late, "early payment", late.amount * -share))
    return Owed(entries, lines)
