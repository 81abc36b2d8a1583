"""Workflows: how an item is made and checked."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.clauses.pre_labelling import PreLabel
from allocate.case.clauses.review import Adjudicate, Review
from allocate.case.reading import fail


class Gold(Block):
    """Items whose right answer is known, mixed into the work to measure it: made and paid for, not delivered."""

    share: a.Share
    """Share of the items made that are such items."""

    @model_validator(mode="after")
    def _some(self) -> Gold:
        if self.share >= 1.0:
            raise fail("with 100% gold items nothing is delivered", "write a small share, as in `share: 2%`")
        return self


class Agreement(Block):
    """An audit of agreement: items another of the vendor's people labels too, to see how often both agree.

    Made and paid for like any other label; the second one is not delivered. What is asked for an item rather than a label by
    APIs and platforms is owed once for both.
    """

    share: a.Share
    """Share of the items made that are labelled twice."""


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
            raise fail("leads name adjudication, which the workflow does not have", "remove `adjudicate` from `leads`")
        if leads.review is not None and self.review is None:
            raise fail(
                "leads name a review, which the workflow does not have", "remove `review` from `leads`, or add `review`"
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
