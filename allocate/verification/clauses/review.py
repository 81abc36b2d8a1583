"""Hours of your own people who check, at their wage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, together
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The review hours of each line at the wage of the period of its work."""
    team = work.case.file.review_team
    wages = [worth(work.case, team.wage if team is not None else None, t) for t in range(work.case.periods.count)]
    lines: list[Number] = [items * (item.review_hours * wages[period]) for item, period, items in work.lines]
    return Owed(together(work, "review", lines), lines)
