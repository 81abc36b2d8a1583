"""Price reductions by the lead from work to delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.tolerances import AT_BOUND
from allocate.units import Quantity
from allocate.verification.clause import Before
from allocate.verification.entries import Owed
from allocate.verification.price_changes import changes_owed
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.work import Work


def of_route(work: Work, item: Item) -> Quantity | None:
    """The change of the latest bound that the vendor's lead on a route is beyond."""
    steps = work.case.vendors[work.stated.vendors[item.vendor]].contract.lateness
    passed = [step for step in steps if item.weeks > step.beyond.number + AT_BOUND]
    return max(passed, key=lambda step: step.beyond.number).price if passed else None


def owed(work: Work, before: Before) -> Owed:
    """The reduction of each line in the period of its work; of prices by volume, with each window."""
    return changes_owed(work, "lateness", of_route)
