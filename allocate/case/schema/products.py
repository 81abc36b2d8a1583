"""Products: what is to be labelled, by when, how well, and what it is worth."""

from __future__ import annotations

import datetime
import itertools
import math
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, Tags, accepts, or_mapping, or_one
from allocate.case.clauses.penalties import paid_if_there
from allocate.case.clauses.stock import Stock
from allocate.case.clauses.switching import Incumbent
from allocate.case.reading import fail
from allocate.units import Quantity, kind_of


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


class CurvePoint(Block):
    """A measured point: the model's score (or error) when trained on so many labels."""

    labels: a.Number
    """Effective labels the model was trained on."""
    score: a.Score | None = None
    """Score in points."""
    error: a.Score | None = None
    """Error in points (score = ceiling - error)."""
    runs: a.Whole | None = None
    """Trainings the score is the mean of; absent: one."""
    sd: a.ScorePart | None = None
    """Standard deviation of one training, in points; absent: taken from the points."""
    vendor: a.Name | None = None
    """Who made the labels: such points say what a label of that vendor counts for, and are none of the curve. Absent: the product's
    own curve."""
    workflow: a.Name | None = None
    """How the labels were made, in the same way."""
    source: a.Text | None = None
    """Where the measurement comes from."""

    @model_validator(mode="after")
    def _either(self) -> CurvePoint:
        if (self.score is None) == (self.error is None):
            raise fail("a curve's point has either a score or an error", "add the missing column, or drop one")
        return self


class PowerLawSpec(Block):
    """error = a * labels^-b + c, in points; score = ceiling - error."""

    a: a.ScorePart
    """Error of the first label, in points."""
    b: a.Number
    """How fast the error falls."""
    c: a.ScorePart = 0.0
    """Error that no label takes away, in points."""


class Curve(Block):
    """Score of the model against effective labels: measured points (as they are, or fitted), or a power law."""

    points: Annotated[tuple[CurvePoint, ...] | None, accepts(a.TableName | list[CurvePoint] | None)] = None
    """A table (`curves/moderation.csv`, columns labels and score or error) or a list of points."""
    fit: Literal[
        "table", "fan", "best", "power-law", "power-law-with-floor", "logarithmic", "exponential", "arctan"
    ] = "table"
    """`table`: straight lines between the points, and no gain beyond them. `fan`: three curves, P10, P50 and P90, from the points
    and from what published curves look like; plans count P50 and say what P10 and P90 would come to. A family: that curve through
    the points, as a choice of your own; `best`: the family that predicts the largest points best."""
    extrapolate: a.Number | None = None
    """How many times the largest measured labels a fitted curve is used for, labels beyond counting for nothing; absent: 8 with
    `fan`; other curves as far as they go, and plans say how far that is."""
    quantile: a.Share | None = None
    """Which curve of a fan plans count with, as in `10%` for a poor outcome; absent: the middle, P50. Up to the most labels measured
    all are the middle one. `10% .. 50% .. 90%` is any of them, each as likely as the next: the curve's own spread, drawn by
    `allocate odds`."""
    power_law: PowerLawSpec | None = None
    """The curve as a formula (instead of points)."""
    ceiling: a.Score = 100.0
    """Score of a perfect model, in points."""

    @property
    def own(self) -> tuple[CurvePoint, ...]:
        """The points of the curve itself."""
        return tuple(one for one in self.points or () if one.vendor is None and one.workflow is None)

    @property
    def of_sources(self) -> tuple[CurvePoint, ...]:
        """The points measured on labels of one vendor, or one workflow."""
        return tuple(one for one in self.points or () if one.vendor is not None or one.workflow is not None)

    @model_validator(mode="after")
    def _either(self) -> Curve:
        if (self.points is None) == (self.power_law is None):
            raise fail("a curve has either points or a power-law", "write it as in `curve: curves/name.csv`")
        if self.quantile is not None and self.fit != "fan":
            raise fail(f"a quantile is of a fan, and the fit is {self.fit}", "write `fit: fan`, or remove the quantile")
        if self.quantile is not None and not 0.0 < self.quantile < 1.0:
            raise fail("a quantile lies between 0% and 100%", "write it as in `quantile: 10%`")
        if self.extrapolate is not None and self.extrapolate < 1.0:
            raise fail("extrapolate is below 1, the largest measured labels", "write it as in `extrapolate: 3`")
        return self


class Gate(Block):
    """Money that is earned once a score is reached, and not before: a launch, a contract won."""

    score_at_least: a.Points
    """Score the plan has to reach."""
    worth: a.Money
    """Money it brings in, once, when the product's time ends: at the exchange rate of that period."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""


class Transfer(Block):
    """What labels of another product are worth to this one's model."""

    from_: a.Name = Field(alias="from")
    """The other product; the effective labels that are bought of it count, not those it has by transfers of its own. What it has already
    stands in `existing` here, as far as it counts."""
    rate: a.Share
    """Labels of this product that each of them stands for, as in `20%`, measured by training with and without."""


class WorthStep(Block):
    """What each item is worth up to some number of them."""

    up_to: a.Items | None = None
    """Last item that is worth so much, those there are already counted; absent (last step): however many there are."""
    worth: a.MoneyPerItem
    """Money of each item of the step."""


class Value(Block):
    """What more labels are worth: money per score point along a value curve, and money at gates on it; or money for each item."""

    curve_: Annotated[Curve | None, or_mapping("points", Curve | a.TableName | list[CurvePoint] | None, (list,))] = (
        Field(None, alias="curve")
    )
    """Score of the model against labels: a table, a list of points or a formula; absent: items are worth something by themselves."""
    worth_: a.Worth | None = Field(None, alias="worth")
    """Money of each score point, at the exchange rate of the period in which the product's time ends; without a curve money of each
    item delivered, right or wrong, as in `0.50 USD/image` (what a wrong one costs is its `error-cost`). Absent: only the gates, or
    the steps, are worth something."""
    steps: tuple[WorthStep, ...] = ()
    """In place of a worth that is the same for all items: `[{up-to: 10_000 images, worth: 0.50 USD/image}, {worth: 0.20 USD/image}]`."""
    gates: Annotated[tuple[Gate, ...], or_one(Gate)] = ()
    """Scores that pay a sum of their own when the plan reaches them, on top of the worth of points."""
    transfer: Annotated[tuple[Transfer, ...], or_one(Transfer)] = ()
    """Other products whose labels count here too at a rate, `{from: street, rate: 20%}`, or a list of them."""
    existing: a.Items | None = None
    """Effective labels (or items) there are already."""
    at_least: a.Money | None = None
    """Least value this plan must add, in the currency it is written in."""
    score_at_least: a.Points | None = None
    """Least score to reach; needs the labels the curve asks for."""

    @property
    def per_item(self) -> bool:
        """Whether items are worth something by themselves, without a curve."""
        return self.curve_ is None

    @property
    def curve(self) -> Curve:
        """The score against labels. Without a curve each item is a point; where worths come in steps, a unit of money is."""
        return self.curve_ if self.curve_ is not None else _of_items(self.steps)

    @property
    def worth(self) -> Quantity | None:
        """Money of each point of the curve."""
        first = self.steps[0].worth if self.steps else None
        return self.worth_ if first is None else replace(first, number=1.0, in_time=None)

    @model_validator(mode="after")
    def _worth_something(self) -> Value:
        if not self.per_item and self.worth_ is None and not self.gates:
            raise fail("a value has neither worth nor gates", "add `worth: 18k USD/point`")
        of_items = self.worth_ is not None and kind_of(self.worth_) == "money/count"
        if self.per_item and self.worth_ is None and not self.steps:
            raise fail("a value has neither a curve nor a worth of items", "add `curve: …`, or `worth: 0.50 USD/image`")
        if self.per_item and self.worth_ is not None and not of_items:
            message = f"'{self.worth_.text}' is for a score point, and there is no curve that scores"
            raise fail(message, "add `curve: …`, or write what an item is worth, as in `worth: 0.50 USD/image`")
        if not self.per_item and (of_items or self.steps):
            raise fail(
                "a value is by a curve or by items, not by both", "remove the curve, or write `worth: 18k USD/point`"
            )
        if self.per_item and self.transfer:
            raise fail("labels transfer along a curve, and there is none", "add `curve: …`, or remove `transfer`")
        if self.per_item and (self.gates or self.score_at_least is not None):
            raise fail("gates and scores stand on a curve, and there is none", "add `curve: …`, or remove them")
        self._stepwise()
        return self

    def _stepwise(self) -> None:
        if self.steps and self.worth_ is not None:
            raise fail("a value has either worth or steps", "write the first worth as the first of the steps")
        ends = [step.up_to.number if step.up_to is not None else math.inf for step in self.steps]
        if any(later <= earlier for earlier, later in itertools.pairwise([0.0, *ends])):
            raise fail(
                "the steps of a worth do not follow one another", "write `up-to` in all but the last, smallest first"
            )
        if len({step.worth.currency for step in self.steps}) > 1:
            raise fail("the steps of a worth are in several currencies", "use one currency for all")


ENDLESS = 1e24
"""Items up to which a worth without an end is written down as a curve: no case may have so many."""


def _of_items(steps: tuple[WorthStep, ...]) -> Curve:
    """Points against items: one for each, or by steps so many as it is worth units of money."""
    ends = [step.up_to.number if step.up_to is not None else ENDLESS for step in steps] or [ENDLESS]
    each = [step.worth.number for step in steps] or [1.0]
    labels, scores = [0.0], [0.0]
    for end, worth in zip(ends, each, strict=True):
        scores.append(scores[-1] + (end - labels[-1]) * worth)
        labels.append(end)
    points = [CurvePoint.model_construct(labels=n, score=score) for n, score in zip(labels, scores, strict=True)]
    return Curve.model_construct(points=tuple(points), fit="table")


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
