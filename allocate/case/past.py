"""What is done before the first period that is planned, by names and positions: facts of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocate.case.plan_file import PlanLine
from allocate.case.scenarios import steps
from allocate.tolerances import AT_WORK

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.case.schema import Done, DonePaid, DoneSeats, DoneStaff, DoneWork
    from allocate.case.schema.done import EarlierLine


@dataclass(frozen=True, eq=False)
class Past:
    """Facts: which periods are past, what was made in them, in a case with the figures of that time."""

    first: int
    """Position of the first period that is planned."""
    settled: int
    """Position of the first period whose work is not ordered yet."""
    case: Case
    """The case as it was then."""
    work: tuple[PlanLine, ...]
    """What was made."""
    ordered: tuple[PlanLine, ...]
    """What is ordered for the periods from the first one planned up to the settled one."""
    paid: tuple[DonePaid, ...]
    begun: frozenset[tuple[str | None, str | None]]
    """Vendor and product of what was begun without work yet."""
    seats: tuple[DoneSeats, ...]
    staff: tuple[DoneStaff, ...]
    hires_kept: bool
    committed: frozenset[str]
    exempt: frozenset[str]

    def unbilled_from(self, vendor: str) -> int:
        """Position of the first past period whose work a vendor has not billed; 0 where it sent no bill."""
        return max((one.period for one in self.paid if one.vendor == vendor), default=0)

    def has_begun(self, vendor: str | None, product: str | None = None) -> bool:
        """Whether a vendor was taken on (started on a product) by now: what is paid once for that is owed, whatever follows.

        Without a vendor: whether a product was switched away from its incumbent.
        """
        return (vendor, product) in self.begun

    def seats_bought(self, vendor: str, name: str, first: int) -> int:
        """Seats that were bought of a kind for the window that begins in a period (its position)."""
        found = (one for one in self.seats if one.vendor == vendor and (one.name or vendor) == name)
        return sum(one.bought for one in found if one.period == first + 1)

    def apart(self, limit: str, period: int | None = None) -> bool:
        """Whether a limit leaves out what is done: one that is exempt, and one of each period, which asks nothing of those past."""
        return period is not None or limit in self.exempt

    def begins(self, vendor: str, product: str | None = None) -> int:
        """Position of the period in which what is paid once for a vendor (for its start on a product) falls due."""
        worked = any(
            one.vendor == vendor and product in (None, one.product) and one.items > AT_WORK for one in self.work
        )
        return 0 if worked or self.has_begun(vendor, product) else self.first

    @property
    def decided(self) -> tuple[PlanLine, ...]:
        """All work that is decided already: made, or ordered."""
        return (*self.work, *self.ordered)


OF_WORK: dict[str, tuple[str, ...]] = {
    "rates": ("pace", "productivity", "accuracy", "checked", "price"),
    "vendors": ("accuracy", "checked", "productivity", "contract.price"),
    "products": ("effort", "drivers", "complexity"),
    "workflows": ("review", "adjudicate"),
}
"""Figures of work and plain prices: what may have been otherwise when the work was done; terms of contracts hold throughout."""


def is_of_work(path: str) -> bool:
    """Whether a dotted path is that of a figure that work done may have had otherwise.

    >>> is_of_work("rates.scans.acme.pace"), is_of_work("vendors.acme.contract.tiers")
    (True, False)
    """
    block, *_ = parts = steps(path)
    kept = OF_WORK.get(block, ())
    below = ".".join(parts[2:])
    if block == "rates":
        return len(parts) > 3 and parts[-1] in kept
    return any(below == key or below.startswith(f"{key}.") for key in kept)


def past_of(case: Case) -> Past | None:
    """The facts of a case; None where nothing is done.

    Raises CaseError where the figures of that time cannot be laid over the case.
    """
    from allocate.case.load import revised

    done = case.file.done
    if done is None:
        return None
    first = case.periods.first_from(done.planned_from)
    return Past(
        first=first,
        settled=max(first, _settled(case, done)),
        case=revised(case, {"done": None, **done.was}),
        work=_lines(done.work),
        ordered=_lines(done.ordered),
        paid=done.paid,
        begun=frozenset((one.vendor, one.product) for one in done.begun),
        seats=done.seats,
        staff=done.staff,
        hires_kept=done.hires_kept,
        committed=frozenset(done.committed),
        exempt=frozenset(done.exempt),
    )


def _settled(case: Case, done: Done) -> int:
    return 0 if done.ordered_until is None else case.periods.last_before(done.ordered_until)


def _lines(work: Iterable[DoneWork]) -> tuple[PlanLine, ...]:
    return tuple(
        PlanLine(one.product, one.vendor, one.workflow, int(one.period), float(one.items.number), tuple(one.levers))
        for one in work
    )


def earlier_lines(lines: Iterable[EarlierLine], only: str) -> tuple[PlanLine, ...]:
    """The lines of an earlier plan; only: the workflow of those that name none."""
    return tuple(
        PlanLine(
            one.product, one.vendor, one.workflow or only, int(one.period), float(one.items.number), tuple(one.levers)
        )
        for one in lines
    )
