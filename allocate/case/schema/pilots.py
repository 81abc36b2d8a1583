"""Pilots: work that is bought to learn before the rest is decided."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, or_list, or_mapping
from allocate.case.reading import fail
from allocate.units import Quantity

Learnt = Literal["accuracy", "pace", "rework"]


def _one_or_more(form: Any) -> Any:
    """One stands for a list of one."""
    return BeforeValidator(
        lambda value: value if isinstance(value, list | tuple) else [value], json_schema_input_type=form | list[form]
    )


class PilotSizes(Block):
    """Sizes of a pilot to choose from; no pilot is always a choice."""

    each: Annotated[tuple[a.ItemsOrNumber, ...], _one_or_more(a.ItemsOrNumber)] = ()
    """Sizes one by one, as in `[50, 100, 200 images]`; or bounds, below."""
    up_to: a.ItemsOrNumber | None = None
    """Most items, where all sizes up to it are compared."""

    @model_validator(mode="after")
    def _either(self) -> PilotSizes:
        if bool(self.each) == (self.up_to is not None):
            raise fail(
                "sizes are listed, or bounded by `up-to`", "write `items: [50, 100, 200]`, or `items: {up-to: 500}`"
            )
        return self

    @property
    def all(self) -> tuple[Quantity, ...]:
        """Those written."""
        return self.each or ((self.up_to,) if self.up_to is not None else ())


class PilotCheck(Block):
    """Checking the items of a pilot against what is right: gold data, or a second look."""

    share: a.Share = 1.0
    """Share of the pilot's items that are checked; absent: all."""
    time: a.Effort | None = None
    """Checking time of one item, paid at the wage below, or at that of the review team."""
    wage: a.Wage | None = None
    """Money per hour of whoever checks; absent: the review team's wage."""
    cost: a.MoneyPerItem | None = None
    """Money of each item checked: of a gold item that is bought, or of checking where no time is stated."""

    @model_validator(mode="after")
    def _some(self) -> PilotCheck:
        if self.share <= 0:
            raise fail("no item is checked", "write the share that is, as in `share: 100%`")
        if self.time is None and self.cost is None:
            raise fail(
                "the check has neither time nor cost", "write it as in `check: {time: 30 s/image, wage: 40 USD/h}`"
            )
        if self.wage is not None and self.time is None:
            raise fail("a wage pays checking time, and there is none", "add `time: 30 s/image`, or remove `wage`")
        return self


class PilotLook(Block):
    """An early look: the pilot stops where its first items already say no (Simon's optimal design, 1989)."""

    poor: a.Share
    """Accuracy at which the vendor must not be taken."""
    good: a.Share
    """Accuracy at which it should be."""
    wrongly_go: a.Share = 0.05
    """Most chance of taking it though it is poor."""
    wrongly_stop: a.Share = 0.20
    """Most chance of leaving it though it is good."""

    @model_validator(mode="after")
    def _apart(self) -> PilotLook:
        if self.poor >= self.good:
            raise fail("poor is not below good", "write the accuracy at which you would not take it first")
        if not (0 < self.wrongly_go < 1 and 0 < self.wrongly_stop < 1):
            raise fail("a chance of erring is not between 0% and 100%", "write them as in `wrongly-go: 5%`")
        return self


class Pilot(Block):
    """A pilot that could be run: `allocate pilot` says whether it pays, and how large it should be."""

    vendor: a.Name
    """Who makes the pilot's items."""
    product: a.Name
    """What they are of."""
    items: Annotated[
        PilotSizes, or_mapping("each", PilotSizes | a.ItemsOrNumber | list[a.ItemsOrNumber], (list, str, int, float))
    ]
    """Sizes to choose from, as in `[50, 100, 200 images]`, or `{up-to: 500 images}`."""
    annotators: Annotated[tuple[a.Heads, ...], _one_or_more(a.Heads)] = ()
    """How many people make them, a number or a list to choose from: for a pace the people are the sample, not the items."""
    by: a.WhenType
    """Last period the pilot's items are made in."""
    decide: a.WhenType
    """First period of the work that is decided with what the pilot showed; until then the vendor makes only the pilot's items."""
    cost: a.Money | None = None
    """Paid once if the pilot is run: setting it up, training, writing the guideline; not its items, which are paid as ever."""
    check: Annotated[PilotCheck | None, or_mapping("cost", PilotCheck | a.MoneyPerItem | None)] = None
    """What is checked and what that costs; a bare amount is the cost of each item; absent: all are checked, for nothing."""
    learns: Annotated[tuple[Learnt, ...], or_list(Learnt | list[Learnt])] = ("accuracy",)
    """What it measures: accuracy (items right of items checked), pace (hours of an item), rework (items sent back of items made)."""
    between_people: a.Factor | None = None
    """How much pace differs between people: standard deviation of its logarithm; absent: 25%."""
    between_items: a.Factor | None = None
    """How much the time of items of one person differs, in the same measure; absent: 50%."""
    early_look: PilotLook | None = None
    """A look after the first items, at which the pilot may stop."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""

    @model_validator(mode="after")
    def _complete(self) -> Pilot:
        if not self.learns:
            raise fail("the pilot learns nothing", "write what it measures, as in `learns: [accuracy, pace]`")
        if len(set(self.learns)) < len(self.learns):
            raise fail("the pilot learns something twice", "name each once")
        if "pace" in self.learns and not self.annotators:
            raise fail("a pace is measured on people, and the pilot has none", "add how many, as in `annotators: 5`")
        if any(count < 1 for count in self.annotators):
            raise fail("a pilot needs a person", "write it as in `annotators: 5`")
        return self
