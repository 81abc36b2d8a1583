"""Hours of your own people who check, at their wage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, Share, together
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The review hours of each line at the wage of the period of its work."""
    team = work.case.file.review_team
    wages = [worth(work.case, team.wage if team is not None else None, t) for t in range(work.case.periods.count)]
    shares: list[Share] = []
    lines: list[Number] = []
    for item, period, items in zip(work.made, work.period.tolist(), work.items.tolist(), strict=True):
        lines.append(element(items) * (item.review_hours * wages[period]))
        vendor, noun = work.stated.vendors[item.vendor], work.stated.nouns[item.product]
        shares.append(Share(vendor, item.product, period, noun, items, lines[-1]))
    return Owed(together("review", shares, work.stated.products, work.label), lines)
