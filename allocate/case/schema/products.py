"""Products: what is to be labelled, by when, and how well."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, Tags, or_mapping
from allocate.case.clauses.penalties import paid_if_there
from allocate.case.clauses.stock import Stock
from allocate.case.clauses.switching import Incumbent
from allocate.case.reading import fail
from allocate.case.schema.value import Value


class Demand(Block):
    """Least and most items delivered by the product's deadline."""

    at_least: a.Items | None = None
    """Least items."""
    at_most: a.Items | None = None
    """Most items; absent: as many as pay."""
    exactly: a.Items | None = None
    """Short for the same at-least and at-most."""
    penalty: a.PerMissingItem | None = None
    """What each item missing of the least weighs in the objective, not spent, in the product's last period; absent: none may be
    missing."""
    cash: a.Truth = False
    """Whether that is money paid, in the product's last period: spent then, and counted by budgets and the cash flow."""

    @model_validator(mode="after")
    def _either(self) -> Demand:
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise fail("demand has either exactly, or at-least and at-most", "remove one of them")
        if self.penalty is not None and self.exactly is None and self.at_least is None:
            raise fail("the penalty is for items missing, and no least is asked", "add `at-least: 20_000 images`")
        paid_if_there(self.cash, self.penalty, "penalty: 0.40 USD/image")
        return self


class Milestone(Block):
    """Items that must have been delivered by a week or date."""

    by: a.WhenType
    """End of the period by which they must be there."""
    at_least: a.Items
    """Items delivered by then."""
    penalty: a.PerMissingOrLate | None = None
    """What each item missing weighs in the objective, not spent: `0.05 USD/image/week` for every week until it is delivered
    (to the end of the horizon where it never is), by day of the calendar or by month too; `0.40 USD/image` once; absent:
    none may be missing."""
    cash: a.Truth = False
    """Whether that is money paid: of each week it is missing in that week (the last of the horizon for one after it), once
    in the milestone's own period. It is spent then, and counted by budgets and the cash flow."""

    @model_validator(mode="after")
    def _paid(self) -> Milestone:
        paid_if_there(self.cash, self.penalty, "penalty: 0.05 USD/image/week")
        return self


class Deadline(Block):
    """The end of the time in which deliveries count, or after which they count as late."""

    date: a.WhenType
    """Last period, or day, of it."""
    late: a.PerLateItem | None = None
    """What each item delivered later weighs in the objective, for each week (day of the calendar, month) it is late, not
    spent; absent: later ones count for nothing."""
    cash: a.Truth = False
    """Whether that is money paid, in the period of the delivery: spent then, and counted by budgets and the cash flow."""

    @model_validator(mode="after")
    def _paid(self) -> Deadline:
        paid_if_there(self.cash, self.late, "late: 0.10 USD/image/week")
        return self


class Arrival(Block):
    """Items that arrive to be worked on."""

    from_: a.WhenType = Field(alias="from")
    """When they are there: work on them begins in the first period that starts on or after it."""
    items: a.Items
    """How many arrive then, on top of those before."""


class AccuracyFloor(Block):
    """Least accuracy of what is delivered for the product."""

    at_least: a.Share
    """Share of delivered items that are right."""
    of: Literal["average", "each-vendor", "each-delivery"] = "average"
    """What keeps it: everything delivered together, what each vendor makes, or what is delivered in each period."""
    confidence: a.Share | None = None
    """How sure it must be: accuracies count as what so many checked items show with this confidence (see checked)."""
    penalty: a.PerMissingRight | None = None
    """What each right item missing weighs in the objective, never spent: `2 USD/image`; or `500 USD/point`, a point being a
    hundredth of the items demanded at least. Absent: the floor is kept."""

    @model_validator(mode="after")
    def _sure(self) -> AccuracyFloor:
        if self.confidence is not None and not 0.5 <= self.confidence < 1.0:
            raise fail("a confidence lies from 50% to below 100%", "write it as in `confidence: 95%`")
        return self


class Quality(Block):
    """A further quality of what is delivered, beside accuracy: what share of it has some good, or some fault."""

    at_least: a.Share | None = None
    """Least share that is good in this way, as in `completeness: {at-least: 95%, …}`."""
    at_most: a.Share | None = None
    """Largest share that has the fault, as in `phosphorus: {at-most: 0.04%, …}`."""
    of: Literal["average", "each-vendor"] = "average"
    """What keeps it: everything delivered together, or what each vendor makes."""
    vendors: dict[a.Name, a.Share]
    """Share of what each vendor makes, before anybody checks it."""
    catch: a.Share | None = None
    """Of the items that a workflow's review checks (its `share`), the part of what is wrong in this way that is put right. Absent:
    checking changes nothing of it, as lots and adjudication do not."""

    @model_validator(mode="after")
    def _one_side(self) -> Quality:
        if (self.at_least is None) == (self.at_most is None):
            raise fail(
                "a quality has either at-least or at-most", "write it as in `at-least: 95%`, or `at-most: 0.04%`"
            )
        return self


class WorkInProgress(Block):
    """Items that may be begun and not delivered at one time."""

    at_most: a.Items
    """At the end of any period."""


class Product(Block):
    """An AI product that needs labels."""

    task: a.Name | None = None
    """Task of the cost model; or give item and effort."""
    item: a.Name | None = None
    """What is delivered and ordered, where there is no task."""
    effort: a.Effort | None = None
    """Standard time of one item, in place of the task's time equation."""
    drivers: dict[a.Name, a.DriverCount] = {}
    """Counts per item that drive effort, as in `{box: 5.2/image}`."""
    complexity: dict[a.Name, a.Factor] = {}
    """Factors on the standard time, as in `{dense-scenes: 1.25}`."""
    demand: Annotated[Demand, or_mapping("exactly", Demand | a.Items)] = Demand.model_construct()
    """Items asked for; a bare amount is an exact one; absent: as many as pay."""
    milestones: tuple[Milestone, ...] = ()
    """Parts of the demand that must be there earlier."""
    stock: Stock | None = None
    """What is needed when, with what keeping it before or lacking it after costs; absent: nothing of that is counted."""
    work_in_progress: Annotated[WorkInProgress | None, or_mapping("at-most", WorkInProgress | a.Items | None)] = None
    """Most items begun and not delivered at the end of any period; a bare amount is that; absent: no limit."""
    from_: a.WhenType | None = Field(None, alias="from")
    """When its work can begin, as in `week 3` or a date: nothing of it is worked in a period that starts before; absent: at once."""
    arrives: tuple[Arrival, ...] = ()
    """Items that arrive in parts, in place of `from`: by the end of any period no more have been worked on than had arrived when it
    started. Absent: all are there."""
    deadline: Annotated[
        Deadline | None, or_mapping("date", Deadline | a.WhenType | None, (str, datetime.date, a.When))
    ] = None
    """Nothing delivered later counts, or (with `late`) it costs; absent: the end of the horizon."""
    accuracy: Annotated[AccuracyFloor | None, or_mapping("at-least", AccuracyFloor | a.Share | None)] = None
    """Least accuracy of what is delivered; absent: none."""
    qualities: dict[a.Name, Quality] = {}
    """Further qualities by name, each with its floor or ceiling and what of it vendors deliver."""
    error_cost: a.MoneyPerItem | None = None
    """What a wrong label that escapes costs downstream (counted in net value, not in the budget); it stands without a `value` too."""
    value: Value | None = None
    """What labels are worth; absent: nothing beyond the demand."""
    activity_drivers: dict[a.Name, a.DriverCount] = {}
    """How much of the drivers of overhead pools it uses, as in `{setups: 125}` in all, or `{inspections: 1/500 images}`."""
    incumbent: Annotated[Incumbent | None, or_mapping("vendor", Incumbent | a.Name | None)] = None
    """The vendor that made it until now, for `share: {vendor: incumbent, …}` and the cost of switching."""
    classes: a.Classes | None = None
    """Number of label classes, for what label noise does to training value."""
    workflows: Names | None = None
    """Menu for this product; absent: the case's."""
    tags: Tags = {}
    """What else finance sorts by, as in `{cost-centre: 4711, entity: DE}`: columns of every table that has the product. Texts; a
    number with zeros before it stands in quotation marks."""
    excluded: a.Truth = False
    """true takes it out of the case with its rates, and rules and limits about it alone; a note says so."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""

    @model_validator(mode="after")
    def _begins(self) -> Product:
        if self.from_ is not None and self.arrives:
            raise fail("a product has either from or arrives", "write the first part that arrives with `from`")
        return self
