"""What the case says of uncertainty as a whole: shared causes, amounts that go together, and what will be known when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, or_list
from allocate.case.reading import fail

BLOCKS = 8
"""Independent parts scenarios are drawn in, so that what is printed can say how sure it is."""


class Cause(Block):
    """A cause that several amounts share: a factor on all of them, or an event that happens or not."""

    low: a.Factor | None = None
    """The factor that it falls below in one case in ten, as in `95%`."""
    likely: a.Factor | None = None
    """The factor that it exceeds as often as not; absent: 100%."""
    high: a.Factor | None = None
    """The factor that it exceeds in one case in ten."""
    chance: a.Share | None = None
    """Of an event: how likely it is to happen."""
    then: a.Factor | None = None
    """Of an event: what the amounts are multiplied by where it happens."""
    of: Names
    """The amounts: `effort of scans`, `capacity of manila`, as `allocate sensitivity` names them; any other by its keys and whose
    it is, as in `commitment of manila` or `early payment discount of manila`; or dotted paths. Of an accuracy it multiplies the
    errors; of a share the odds, so that it stays below 100%."""
    owner: a.Text | None = None
    """Who answers for it."""
    reason: a.Text | None = None
    """Why it is expected."""

    @model_validator(mode="after")
    def _either(self) -> Cause:
        is_event = self.chance is not None or self.then is not None
        if is_event and (self.low is not None or self.high is not None or self.likely is not None):
            raise fail(
                "a cause is either a factor (low, likely, high) or an event (chance, then)", "remove one of them"
            )
        if is_event and (self.chance is None or self.then is None):
            raise fail(
                "an event has a chance and what happens then", "write it as in `{chance: 10%, then: 60%, of: …}`"
            )
        if not is_event and (self.low is None or self.high is None):
            raise fail("a factor has a low and a high", "write it as in `{low: 95%, likely: 102%, high: 140%, of: …}`")
        if not self.of:
            raise fail("a cause has no amounts", "name them, as in `of: [effort of scans]`")
        return self


class Together(Block):
    """Amounts that go together without a cause that could be named."""

    amounts: Names
    """Amounts with a spread, two or more: dotted paths, or the words `allocate sensitivity` prints."""
    correlation: a.Correlation
    """Rank correlation of each pair, from -100% to 100%."""


class WillBeKnown(Block):
    """When amounts will be known as they really are."""

    of: Annotated[Names, or_list(a.Name | list[a.Name])]
    """Amounts with a spread, or causes by name."""
    from_: a.WhenType = Field(alias="from")
    """First period that can be planned with them known."""


class Risk(Block):
    """How much the worst outcomes weigh in the objective of `allocate hedge`, beside the mean of all."""

    tail: a.Share = 0.10
    """Share of the outcomes that count as the worst."""
    weight: a.Share
    """What their mean weighs, from 0% (nothing) to 100% (nothing else counts)."""

    @model_validator(mode="after")
    def _within(self) -> Risk:
        if not 0.0 < self.tail < 1.0:
            raise fail("the worst outcomes are a share above 0% and below 100%", "write it as in `tail: 10%`")
        return self


class Uncertain(Block):
    """How amounts with a spread are drawn, and what moves them together."""

    seed: a.Count = 1
    """Start of the random draws; the same seed gives the same scenarios."""
    scenarios: a.Whole = 1024
    """Scenarios drawn: a multiple of eight."""
    stretch: a.Factor | None = None
    """Ranges that people wrote are made wider by this, on the scale of logarithms (of shares: log odds), as in `130%`; counted
    shares stay. Absent: as written."""
    factors: dict[a.Name, Cause] = {}
    """Shared causes by name."""
    together: tuple[Together, ...] = ()
    """Amounts that go together."""
    known: tuple[WillBeKnown, ...] = ()
    """What is known from when on; what is not listed never is in time."""

    @model_validator(mode="after")
    def _blocks(self) -> Uncertain:
        if self.scenarios % BLOCKS or self.scenarios < 2 * BLOCKS:
            near = max(round(self.scenarios / BLOCKS), 2) * BLOCKS
            raise fail(
                f"scenarios are drawn in {BLOCKS} equal parts ({self.scenarios:,} are not)",
                f"write `scenarios: {near}`",
            )
        if self.stretch is not None and self.stretch <= 0.0:
            raise fail("a stretch is above zero", "write it as in `stretch: 130%`")
        return self
