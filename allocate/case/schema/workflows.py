"""Workflows: how an item is made and checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from allocate.case import amounts as a
from allocate.case.amounts import fail
from allocate.case.blocks import Block, steps_like

MOST_SAMPLED = 100_000
"""Items of a lot that can be checked: chances are added up one by one."""


class Lots(Block):
    """Acceptance sampling: some items of each lot are checked, all of them where too many of those are wrong.

    Either a plan (sample and accept), or the two risks it must keep (good and bad), for which the smallest plan is taken.
    """

    size: a.Whole
    """Items in a lot."""
    sample: a.Whole | None = None
    """Items checked of each lot, 100,000 at most."""
    accept: a.Count | None = None
    """Most of them found wrong with which the lot is accepted."""
    good: a.Share | None = None
    """Share of wrong items at which lots should pass (acceptable quality level)."""
    bad: a.Share | None = None
    """Share of wrong items at which lots should not (lot tolerance)."""
    producer_risk: a.Share = 0.05
    """Chance that a good lot is rejected."""
    consumer_risk: a.Share = 0.10
    """Chance that a bad lot is accepted."""

    @model_validator(mode="after")
    def _plan(self) -> Lots:
        stated, asked = (self.sample, self.accept), (self.good, self.bad)
        if (None in stated) == (None in asked) or (any(one is not None for one in stated) and asked != (None, None)):
            raise fail(
                "lots are checked by either sample and accept, or good and bad",
                "write it as in `sample: 80, accept: 2`, or `good: 1%, bad: 5%`",
            )
        if self.sample is not None and self.sample > MOST_SAMPLED:
            raise fail(f"a sample has at most {MOST_SAMPLED:,} items, got {self.sample:,}", "write a smaller sample")
        if self.sample is not None and self.sample > self.size:
            raise fail(f"a sample of {self.sample} is larger than the lot of {self.size}", "write a smaller sample")
        if self.sample is not None and self.accept is not None and self.accept >= self.sample:
            raise fail("accept allows the whole sample to be wrong", f"write at most {self.sample - 1}")
        if self.good is not None and self.bad is not None and self.good >= self.bad:
            raise fail("good is not below bad", "write the smaller share of wrong items as good")
        return self


class Gold(Block):
    """Items whose right answer is known, mixed into the work to measure it: made and paid for, not delivered."""

    share: a.Share
    """Share of the items made that are such items."""

    @model_validator(mode="after")
    def _some(self) -> Gold:
        if self.share >= 1.0:
            raise fail("with 100% gold items nothing is delivered", "write a small share, as in `share: 2%`")
        return self


class Review(Block):
    """Checking a share of the items, or lots of them by a sampling plan."""

    share: a.Share | None = None
    """Share of items checked."""
    lots: Lots | None = None
    """Lots of which a sample is checked, and all of a lot that fails (instead of share)."""
    catch: a.Share | None = None
    """Share of wrong labels the checker notices."""
    accuracy: a.Share | None = None
    """Accuracy of the checker's own answer."""
    false_reject: a.Share = 0.0
    """Share of right labels the checker rejects."""
    time: a.Effort | None = None
    """Checking time of one item."""
    time_factor: a.Factor | None = None
    """Checking time as a share of the item's standard time (instead of time)."""
    rework: Literal["reviewer", "vendor", "none"] = "none"
    """Who corrects what is rejected."""

    @model_validator(mode="after")
    def _complete(self) -> Review:
        if (self.share is None) == (self.lots is None):
            raise fail("a review has either share or lots", "write it as in `share: 10%`")
        if (self.time is None) == (self.time_factor is None):
            raise fail("a review has either time or time-factor", "write it as in `time: 30 s/image`")
        if self.rework != "none" and self.catch is None:
            raise fail("a review with rework needs catch", "write the share of errors found, as in `catch: 90%`")
        if self.rework == "reviewer" and self.accuracy is None:
            raise fail("a review that corrects needs accuracy", "write the checker's accuracy, as in `accuracy: 99%`")
        return self


class Agreement(Block):
    """An audit of agreement: items another of the vendor's people labels too, to see how often both agree.

    Made and paid for like any other label; the second one is not delivered. What is asked for an item rather than a label by
    APIs and platforms is owed once for both.
    """

    share: a.Share
    """Share of the items made that are labelled twice."""


class Adjudicate(Block):
    """A third, better answer where two passes disagree."""

    accuracy: a.Share
    """Accuracy of the further answer."""
    time: a.Effort | None = None
    """Its time for one item."""
    time_factor: a.Factor | None = None
    """Its time as a share of the item's standard time (instead of time)."""

    @model_validator(mode="after")
    def _complete(self) -> Adjudicate:
        if (self.time is None) == (self.time_factor is None):
            raise fail("adjudication has either time or time-factor", "write it as in `time-factor: 100%`")
        return self


class CostStep(Block):
    """API price from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: a.MoneyPerItem
    """The cost from then on."""


class PreLabel(Block):
    """Labels proposed by a model before a person works on the item."""

    time_factor: a.Factor
    """Working time with proposals as a share of the time without."""
    cost: a.MoneyPerItem | None = None
    """API price of one item: owed once, however many label it; for gold items too."""
    cost_steps: tuple[CostStep, ...] = ()
    """API prices that change during the horizon, in the unit of the cost before."""
    accuracy_change: a.ChangeInPoints | None = None
    """Change of the accuracy of one pass, in points."""

    @model_validator(mode="after")
    def _cost_before_steps(self) -> PreLabel:
        steps_like(self.cost, "cost", [step.amount for step in self.cost_steps], "0.01 USD/item")
        return self


class StageLeads(Block):
    """Time the stages of a workflow take, one after the other, behind the vendor's own lead.

    The hours of each stage fall in the period it begins in; sums are rounded up to whole periods. What is sent back is done
    and checked again in the rework stage.
    """

    label: a.Lead | None = None
    """From the work to what follows it, on top of the vendor's lead."""
    adjudicate: a.Lead | None = None
    """Settling where passes disagree."""
    review: a.Lead | None = None
    """Checking."""
    rework: a.Lead | None = None
    """Mending what was rejected, until delivery."""

    @model_validator(mode="after")
    def _some(self) -> StageLeads:
        if all(one is None for one in (self.label, self.adjudicate, self.review, self.rework)):
            raise fail("leads name no stage", "write it as in `leads: {review: 1 week}`")
        return self


class Workflow(Block):
    """How an item is made and checked."""

    title: a.Text | None = None
    """One line for people."""
    passes: a.Whole = 1
    """How many people answer each item independently."""
    majority: a.Truth = False
    """The label more than half of the passes agree on (an odd number of passes)."""
    plurality: a.Truth = False
    """The label with most votes among the product's classes, ties settled at random (instead of majority)."""
    annotator_spread: a.Points | None = None
    """How far good and bad annotators lie from the mean accuracy; the votes of a majority then count by log-odds of theirs."""
    adjudicate: Adjudicate | None = None
    """A further answer where they disagree; absent: the majority, or the only answer, counts."""
    correlation: a.Share = 0.0
    """How far errors of different passes go together: 0 independent, 1 always together."""
    review: Review | None = None
    """Checking by your own people; absent: none."""
    pre_label: PreLabel | None = None
    """Labels proposed by a model; absent: none."""
    gold: Gold | None = None
    """Known items mixed in to measure the work; absent: none."""
    agreement: Agreement | None = None
    """Items labelled twice to measure the work; absent: none."""
    leads: StageLeads | None = None
    """Time each stage takes; absent: all is done in one period, and delivered after the vendor's lead."""

    @model_validator(mode="after")
    def _consistent(self) -> Workflow:
        if self.majority and (self.passes % 2 == 0 or self.passes < 3):
            raise fail("a majority needs an odd number of passes, three or more", "write it as in `passes: 3`")
        if self.plurality and self.majority:
            raise fail("votes are counted by either majority or plurality", "remove one of them")
        if self.plurality and self.passes < 3:
            raise fail("a plurality needs three or more passes", "write it as in `passes: 3`")
        if self.annotator_spread is not None and not self.majority:
            raise fail("annotator-spread belongs to a majority", "add `majority: true`")
        if self.agreement is not None and self.passes > 1:
            raise fail("items of several passes show how far these agree by themselves", "remove `agreement`")
        if self.adjudicate is not None and self.passes != 2:
            raise fail("adjudication is for two passes", "write it as in `passes: 2`")
        if self.passes > 1 and not (self.majority or self.plurality) and self.adjudicate is None:
            raise fail(
                "several passes need majority, plurality or adjudicate",
                "write it as in `majority: true`, or `passes: 1`",
            )
        self._stages()
        return self

    def _stages(self) -> None:
        """Fail where a stage that is not there has a lead."""
        leads = self.leads
        if leads is None:
            return
        if leads.adjudicate is not None and self.adjudicate is None:
            raise fail("leads name adjudication, which the workflow has not", "remove `adjudicate` from `leads`")
        if leads.review is not None and self.review is None:
            raise fail(
                "leads name a review, which the workflow has not", "remove `review` from `leads`, or add `review`"
            )
        if leads.rework is not None and (self.review is None or self.review.rework == "none"):
            fix = "remove `rework` from `leads`, or write `rework: vendor` in the review"
            raise fail("leads name rework, and nothing is sent back", fix)


def _menu(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, (list, tuple)) and _hashable(value) else value


def _hashable(names: Any) -> bool:
    return all(isinstance(name, (str, int)) for name in names)


Menu = Annotated[
    dict[a.Name, Workflow | None],
    BeforeValidator(_menu, json_schema_input_type=list[a.Name] | dict[str, Workflow | None]),
]
