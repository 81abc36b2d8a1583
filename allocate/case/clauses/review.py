"""Checking by your own people: a share of the items, lots of them, or what passes disagree on; and who does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context
from allocate.case.holidays import HolidaysField
from allocate.case.index import CHECKING, Check, Clause
from allocate.case.reading import fail
from allocate.case.terms import per_item, workflows_used
from allocate.errors import Problem

MOST_SAMPLED = 100_000
"""Items of a lot that can be checked: chances are added up one by one."""
MOST_ANSWERING = 100_000
"""People of a review team with a promise: their queue is reckoned person by person."""

MOST_PARTS = 96
"""Parts of a working day."""
PATTERNS = "`steady` (one by one at random), `{batch: 50}` (uploads), `{swing: 20%}` (over the day) or `{every: 1 day}` (deliveries)"


class Lots(Block):
    """Acceptance sampling: some items of each lot are checked, all of them where too many of those are wrong.

    Either a plan (sample and accept), or the two risks it must keep (good and bad), for which the smallest plan is taken. With a
    second sample (double sampling) lots with more wrong than `accept` and fewer than `reject` are decided by both together.
    """

    size: a.Whole
    """Items in a lot."""
    sample: a.Whole | None = None
    """Items checked of each lot, 100,000 at most."""
    accept: a.Count | None = None
    """Most of them found wrong with which the lot is accepted."""
    reject: a.Whole | None = None
    """Of double sampling, wrong items from which the first sample rejects; absent: one more than `accept-both`."""
    second: a.Whole | None = None
    """Items of a second sample, of lots that the first neither accepts nor rejects; absent: there is none."""
    accept_both: a.Count | None = None
    """Most wrong items in both samples together with which the lot is accepted."""
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
        self._of_two()
        return self

    def _of_two(self) -> None:
        """Two samples decide together: each number of wrong items has one decision."""
        second, both = self.second, self.accept_both
        if second is None and both is None and self.reject is None:
            return
        if second is None or both is None or self.sample is None or self.accept is None:
            message = "a second sample needs sample, accept, second and accept-both"
            raise fail(message, "write it as in `sample: 50, accept: 1, second: 100, accept-both: 3`")
        most, together = self.accept + second, self.sample + second
        if together > min(self.size, MOST_SAMPLED):
            limit = f"the lot of {self.size}" if self.size <= MOST_SAMPLED else f"{MOST_SAMPLED:,} items"
            raise fail(f"the samples of {together} together are more than {limit}", "write smaller samples")
        if not self.accept < both <= most:
            message = f"accept-both is to be from {self.accept + 1} to {most}, got {both}"
            raise fail(message, "count the wrong items of both samples")
        if self.reject is not None and not self.accept + 2 <= self.reject <= both + 1:
            message = f"reject is to be from {self.accept + 2} to {both + 1}, got {self.reject}"
            raise fail(message, "write it so that some lots have a second sample, or leave it out")


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


class ArrivalPattern(Block):
    """How items come to the review team: in batches, with the hours of the day, or all that came since the last delivery."""

    batch: a.Whole = 1
    """Items that come together, at random moments: those of one upload."""
    swing: a.Share | None = None
    """How far the rate rises above its mean and falls below it in the course of a working day, as in `20%`: like a sine."""
    profile: tuple[a.Factor, ...] = ()
    """Rate in each of equal parts of the working day, relative to the others, as in `[60%, 140%]`: afternoons twice as busy."""
    every: a.Interval | None = None
    """All items of an interval come at its end, as in `1 h` (working time), `1 day` or `1 week`."""

    @model_validator(mode="after")
    def _one_of(self) -> ArrivalPattern:
        if self.swing is not None and self.profile:
            raise fail("a day has either a swing or a profile", "keep one of them")
        if self.every is not None and (self.swing is not None or self.profile or self.batch > 1):
            raise fail("items come either at intervals, or at random", "keep `every`, or the others")
        if len(self.profile) == 1 or len(self.profile) > MOST_PARTS:
            message = f"a profile has 2 to {MOST_PARTS} parts of the day, got {len(self.profile)}"
            raise fail(message, "write it as in `profile: [80%, 120%, 130%, 70%]`")
        if self.profile and not any(self.profile):
            raise fail("nothing ever arrives by this profile", "write the rates relative to one another")
        if self.batch > MOST_ANSWERING:
            raise fail(f"a batch has at most {MOST_ANSWERING:,} items, got {self.batch:,}", "write a smaller batch")
        return self

    @property
    def steady(self) -> bool:
        """Whether items come one by one at random, at the same rate at all times."""
        return self.batch == 1 and not self.swing and len(set(self.profile)) < 2 and self.every is None


def _pattern(value: object) -> object:
    if isinstance(value, str) and value != "steady":
        raise fail(f"does not know the pattern '{value}'", f"write {PATTERNS}")
    return {} if value == "steady" else value


class Answer(Block):
    """A promise that checking begins in time, as a queue of people who take items in the order they come."""

    share: a.Share
    """Share of items whose checking begins in time."""
    within: a.Duration
    """The time promised from an item's arrival until its checking begins, in working time."""
    handling: a.Duration | None = None
    """Mean time of one check, corrections included; absent: the longest of the case's routes."""
    arrivals: Annotated[
        ArrivalPattern | None, BeforeValidator(_pattern, json_schema_input_type=Literal["steady"] | ArrivalPattern)
    ] = None
    """How items come, which a promise depends on most: `steady` is one by one, at random, at the same rate whenever the team is at
    work; else `{batch: 50}`, `{swing: 20%}`, `{profile: [60%, 140%]}` or `{every: 1 day}`. It has to be stated."""
    arrival_variability: a.Number = 1.0
    """Squared coefficient of variation of the time between steady arrivals: 1 at random, 0 evenly."""
    work_variability: a.Number = 1.0
    """Squared coefficient of variation of the time of a check, where arrivals are steady; 1 with any other pattern."""

    @model_validator(mode="after")
    def _possible(self) -> Answer:
        if self.share >= 1.0:
            raise fail("no team can promise to begin every item in time", "write a share below 100%, as in `95%`")
        if self.arrivals is None:
            raise fail(
                "does not say how items arrive, on which it depends what can be promised",
                f"add `arrivals:` with {PATTERNS}",
            )
        if not self.arrivals.steady and (self.arrival_variability, self.work_variability) != (1.0, 1.0):
            raise fail("variabilities go with `arrivals: steady` only", "leave them out, or write `arrivals: steady`")
        return self


class ReviewTeam(Block):
    """Your own people who check labels."""

    wage: a.Wage
    """Money per paid hour."""
    capacity: a.HoursPerWeek | None = None
    """Hours of checking there are (or people and hours); absent: as many as needed."""
    people: a.People | None = None
    """People at work at one time."""
    hours: a.HoursOfOne | None = None
    """Hours one of them is at work, as in `40 h/week` or `8 h/day` (working days)."""
    shrinkage: a.Share | None = None
    """Share of paid hours not spent on checks: leave, training, meetings."""
    utilisation: a.Share | None = None
    """Most of their hours that a plan may use; with a promise, the smaller of that and what the promise leaves."""
    working_days: a.WorkingDays | None = None
    """Days of a week they work, from Monday on; absent: five. `8 h/day` is by the working day."""
    holidays: HolidaysField | None = None
    """Each that is a working day takes its part of the period's hours: a fifth of a week of five."""
    answer: Answer | None = None
    """Promise of beginning in time; it leaves them fewer hours of checking than they are there."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""

    @model_validator(mode="after")
    def _hours_once(self) -> ReviewTeam:
        if self.capacity is not None and self.people is not None:
            raise fail("a review team has either capacity, or people and hours", "keep one of them")
        if (self.people is None) != (self.hours is None):
            raise fail("a review team's people and hours go together", "write it as in `people: 4, hours: 40 h/week`")
        if self.answer is not None and self.people is None:
            raise fail("a promise needs to know how many people answer", "write it as in `people: 4, hours: 40 h/week`")
        if self.utilisation is not None and self.capacity is None and self.people is None:
            raise fail("a utilisation needs hours to be a share of", "add `capacity: 160 h/week`")
        if self.utilisation == 0.0:
            raise fail("a utilisation of 0% leaves no hours for checking", "write a larger share, as in `85%`")
        if self.answer is not None and self.people is not None and self.people.number > MOST_ANSWERING:
            raise fail(f"a promise is kept by {MOST_ANSWERING:,} people at most", "write fewer people")
        if self.people is not None and (self.people.number < 1 or self.people.number % 1):
            raise fail("people of a review team come whole, one at least", "write it as in `people: 4`")
        return self


def has_a_team(c: Context) -> Iterator[Problem]:
    """Where workflows need somebody to check, somebody is there."""
    checking = [name for name, workflow in workflows_used(c) if workflow.review or workflow.adjudicate]
    if checking and c.file.review_team is None and "review-team" not in c.faulty:
        names = ", ".join(f"'{name}'" for name in checking)
        message = f"{names} {'need' if len(checking) > 1 else 'needs'} somebody to check, and there is no review-team"
        yield c.problem(("workflows",), message, "add `review-team: {wage: 40 USD/h}`")


def per_counted(c: Context) -> Iterator[Problem]:
    """Fixed times of checking are per something every product that uses the workflow counts."""
    yield from per_item(c, "review", "time")
    yield from per_item(c, "adjudicate", "time")


CLAUSE = Clause(
    "review",
    keys=("workflows.NAME.review", "workflows.NAME.adjudicate", "review-team"),
    checks=(Check(has_a_team), Check(per_counted)),
    examples={
        "Adjudicate": "{accuracy: 99%, time-factor: 100%}",
        "Answer": "{share: 90%, within: 20 min, arrivals: steady}",
        "ArrivalPattern": "{batch: 50, swing: 20%}",
        "Lots": "{size: 1000, good: 1%, bad: 5%}",
    },
    costs={CHECKING: ("review",)},
    figures={
        "review-team.wage": "wage of the review team",
        "workflows.NAME.adjudicate.accuracy": "accuracy of adjudication",
        "workflows.NAME.adjudicate.time": "time of adjudication",
        "workflows.NAME.adjudicate.time-factor": "time of adjudication as a share of the standard time",
        "workflows.NAME.review.catch": "wrong items the reviewer notices",
        "workflows.NAME.review.false-reject": "right items the reviewer rejects",
        "workflows.NAME.review.accuracy": "accuracy of the reviewer",
        "workflows.NAME.review.share": "QA rate: share of items reviewed",
        "workflows.NAME.review.time": "time of review",
        "workflows.NAME.review.time-factor": "time of review as a share of the standard time",
        "workflows.NAME.review.lots.size": "items in a lot",
        "workflows.NAME.review.lots.sample": "items of a lot that are checked",
        "workflows.NAME.review.lots.accept": "most of them wrong in a lot that passes",
    },
)
