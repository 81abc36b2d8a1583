"""Workflows: how an item is made and checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from allocate.case import amounts as a
from allocate.case.amounts import fail
from allocate.case.schema.blocks import Block


class Review(Block):
    """Checking a share of the items."""

    share: a.Share
    """Share of items checked."""
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
    """Who mends what is rejected."""

    @model_validator(mode="after")
    def _complete(self) -> Review:
        if (self.time is None) == (self.time_factor is None):
            raise fail("a review has either time or time-factor", "write `time: 30 s/image`")
        if self.rework != "none" and self.catch is None:
            raise fail("a review with rework needs catch", "write the share of errors found, as in `catch: 90%`")
        if self.rework == "reviewer" and self.accuracy is None:
            raise fail("a review that mends needs accuracy", "write the checker's accuracy, as in `accuracy: 99%`")
        return self


class Adjudicate(Block):
    """A third, better answer where two passes disagree."""

    accuracy: a.Share
    time: a.Effort | None = None
    time_factor: a.Factor | None = None

    @model_validator(mode="after")
    def _complete(self) -> Adjudicate:
        if (self.time is None) == (self.time_factor is None):
            raise fail("adjudication has either time or time-factor", "write `time-factor: 100%`")
        return self


class PreLabel(Block):
    """Labels proposed by a model before a person works on the item."""

    time_factor: a.Factor
    """Working time with proposals as a share of the time without."""
    cost: a.MoneyPerItem | None = None
    """API price of one item."""
    accuracy_change: a.ChangeInPoints | None = None


class Workflow(Block):
    """How an item is made and checked."""

    title: a.Text | None = None
    passes: a.Whole = 1
    majority: a.Truth = False
    """The label most passes agree on (an odd number of passes)."""
    adjudicate: Adjudicate | None = None
    correlation: a.Share = 0.0
    """How far errors of different passes go together: 0 independent, 1 always together."""
    review: Review | None = None
    pre_label: PreLabel | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Workflow:
        if self.majority and (self.passes % 2 == 0 or self.passes < 3):
            raise fail("a majority needs an odd number of passes, three or more", "write `passes: 3`")
        if self.adjudicate is not None and self.passes != 2:
            raise fail("adjudication is for two passes", "write `passes: 2`")
        if self.passes > 1 and not self.majority and self.adjudicate is None:
            raise fail("several passes need majority or adjudicate", "write `majority: true`, or `passes: 1`")
        return self


def _menu(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, (list, tuple)) and _hashable(value) else value


def _hashable(names: Any) -> bool:
    return all(isinstance(name, (str, int)) for name in names)


Menu = Annotated[
    dict[a.Name, Workflow | None],
    BeforeValidator(_menu, json_schema_input_type=list[a.Name] | dict[str, Workflow | None]),
]
