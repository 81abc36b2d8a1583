"""What is done already, and what is ordered: the part of a plan that is past, and the promises that hold from then on."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names
from allocate.case.reading import fail


class DoneWork(Block):
    """Items of a product that a vendor began in one period."""

    product: a.Name
    """What they are of."""
    vendor: a.Name
    """Who made them."""
    workflow: a.Name
    """How they were made and checked."""
    period: a.Whole
    """Number of the period the work began in, from 1."""
    items: a.ItemsOrNumber
    """How many."""
    levers: Names = ()
    """Levers they were worked with."""


class DonePaid(Block):
    """Money that a vendor billed in one period, whatever its contract says."""

    vendor: a.Name
    """Who billed it."""
    period: a.Whole
    """Number of the period it counts in, from 1."""
    amount: a.SignedMoney
    """How much, in the currency of the case; below zero what it gave back."""


class DoneStaff(Block):
    """What was decided about an in-house team for one period."""

    team: a.Name
    """The team, by the name of its vendor."""
    period: a.Whole
    """Number of the period, from 1."""
    hired: a.Count = 0
    """People who started in it."""
    released: a.Count = 0
    """People who left in it."""
    overtime: a.Number = 0.0
    """Hours of overtime."""


class DoneSeats(Block):
    """Seats that were bought for a window that began before the first period that is planned."""

    vendor: a.Name
    """The vendor they are of."""
    name: a.Name | None = None
    """What the contract calls them; absent: nothing, as of a single kind."""
    period: a.Whole
    """Number of the period its window begins in, from 1."""
    bought: a.Count
    """How many."""


class DoneBegun(Block):
    """What was begun before the first period that is planned, though nothing of it may be made yet.

    What is paid for it until then, as onboarding, retainers, starts, commitments of windows that are over, or switching, is owed even
    where the rest makes no use of it."""

    vendor: a.Name | None = None
    """The vendor that was engaged; absent: what was begun is that a product is switched away from its incumbent."""
    product: a.Name | None = None
    """The product the vendor was started on; absent: the vendor was taken on."""

    @model_validator(mode="after")
    def _named(self) -> DoneBegun:
        if self.vendor is None and self.product is None:
            raise fail("nothing says what was begun", "name a vendor, a product or both")
        return self


class Done(Block):
    """What is done before the first period that is planned: facts, which no limit of the case is asked of and all sums count.

    `allocate replan` writes it from records of the work; it can be laid over a case with `--set @facts.yaml`."""

    planned_from: a.WhenType
    """First period that is planned; all before it are past."""
    work: tuple[DoneWork, ...] = ()
    """What was made in the periods before it. Nothing else was."""
    was: dict[a.Name, Any] = {}
    """Figures of the work, and plain prices, that were others then, by their path, as in `{rates.scans.acme.pace: 90 pages/h}`:
    paces, accuracies, effort, drivers, reviews, prices. The terms of contracts hold throughout."""
    paid: tuple[DonePaid, ...] = ()
    """What vendors billed in those periods; work after a vendor's last bill costs what the contract asks, as all work of those
    that sent none does."""
    begun: tuple[DoneBegun, ...] = ()
    """Vendors that were taken on or started on a product, and products that were switched, beyond what the work done says."""
    seats: tuple[DoneSeats, ...] = ()
    """Seats that were bought: they are owed and carry work in their window. Absent: those that the work done takes."""
    staff: tuple[DoneStaff, ...] = ()
    """What was decided about teams, for periods before it; and who starts or leaves later because it was ordered before."""
    hires_kept: a.Truth = False
    """Whether those ordered before come whatever happens; else fewer of them may."""
    ordered_until: a.WhenType | None = None
    """Last period whose work is ordered already; absent: none is."""
    ordered: tuple[DoneWork, ...] = ()
    """The work of the periods from the first one planned up to that one: neither more nor less is made in them."""
    exempt: Names = ()
    """Shares and accuracy floors over the whole horizon that what is done breaks for good, and that are asked of the rest alone: names
    of rules, and `accuracy of PRODUCT`. All others count what is done."""
    committed: Names = ()
    """Vendors whose commitment is signed, and is owed whatever they are given."""

    @model_validator(mode="after")
    def _ordered(self) -> Done:
        if self.ordered and self.ordered_until is None:
            raise fail(
                "work is ordered, and nothing says until when", "add the last period, as in `ordered-until: week 6`"
            )
        return self


class Frozen(Block):
    """What `allocate replan` keeps of the earlier plan."""

    orders: Annotated[a.Lead | None, Field()] = None
    """How long before its period work is ordered: that of the first periods, as in `2 weeks`, stays as it was planned."""
    hires: a.Truth = False
    """Whether people who were to start or to leave, and were told so before, do. Else fewer of them may."""
    commitments: a.Truth = False
    """Whether vendors that were to be used stay signed: their commitment is owed though they get less."""


class EarlierLine(Block):
    """A line of an earlier plan: who was to make how many items, when."""

    product: a.Name
    """What they are of."""
    vendor: a.Name
    """Who was to make them."""
    workflow: a.Name | None = None
    """How they were to be made and checked; absent: the one workflow of the case."""
    period: a.Whole
    """Number of the period the work was to begin in, from 1."""
    items: a.ItemsOrNumber
    """How many."""
    levers: Names = ()
    """Levers they were to be worked with."""
