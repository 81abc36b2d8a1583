"""What labels of a product are worth: learning curves, gates, transfers, and worth by steps."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, accepts, or_mapping, or_one
from allocate.case.reading import fail
from allocate.units import Quantity, kind_of


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
