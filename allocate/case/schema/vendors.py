"""Vendors: who labels, how much, how fast, at what price; and your own people who check."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from allocate.case import amounts as a
from allocate.case.amounts import fail
from allocate.case.blocks import Block, Names, or_mapping, steps_like
from allocate.case.schema.contracts import Contract
from allocate.case.schema.learning import LearningField
from allocate.case.schema.teams import Team
from allocate.case.schema.turnover import TurnoverField


class CapacityStep(Block):
    """Capacity from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: a.Capacity
    """Capacity from then on, in any unit by time, as in `100 images/month`."""


class SeasonStep(Block):
    """Factor on a vendor's prices from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    factor: a.Factor
    """What prices are multiplied by from then on."""


class FeeStep(Block):
    """Platform fee from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: a.PlatformFee
    """The fee from then on."""


class Holidays(Block):
    """Days without work, on top of weekends: those of a country, or a list."""

    country: a.Name | None = None
    """ISO 3166 code; needs the extra `calendars`."""
    days: tuple[a.Date, ...] = ()
    """The dates themselves (instead of a country)."""

    @model_validator(mode="after")
    def _one(self) -> Holidays:
        if (self.country is None) == (not self.days):
            raise fail(
                "holidays are those of a country, or a list of days",
                "write it as in `PH`, or `[2027-01-01, 2027-04-09]`",
            )
        return self


HolidaysField = Annotated[
    Holidays,
    or_mapping("days", Holidays | a.Name | list[a.Date], accept=(list, tuple)),
    or_mapping("country", Holidays | a.Name | list[a.Date], accept=(str,)),
]
"""`PH`, or a list of dates."""


class Vendor(Block):
    """A source of labels: a company, a crowd, a team of your own, an automation API."""

    region: a.Name | None = None
    """Region of the model or your own: its hours and holidays, and what rules say of it."""
    currency: a.Name | None = None
    """Currency of plain prices; absent: the case's. Prices that name a currency keep it."""
    people: a.People | None = None
    """People who work; with hours they give the capacity."""
    hours: a.HoursPerWeek | None = None
    """Paid hours of one person, as in `40 h/week`, `8 h/day` (working days) or `160 h/month`; absent with people: the region's."""
    shrinkage: a.Share | None = None
    """Share of paid hours not worked on items: leave, training, meetings."""
    utilisation: a.Share | None = None
    """Most of its capacity by time that a plan may use; the rest is kept free. A lever's hours come whole."""
    working_days: a.WorkingDays | None = None
    """Days of a week it works, from Monday on, as in `6`; absent: five. `8 h/day` and `100 images/day` are by the working day."""
    holidays: HolidaysField | None = None
    """Each that is a working day takes its part of the period's capacity by time: a fifth of a week of five."""
    ramp: tuple[a.Share, ...] = ()
    """Share of capacity in the first, second … period; whole afterwards."""
    ramp_from: a.RampFrom | None = None
    """When the first period of the ramp is: a date (or `week 3`) before which there is no capacity, or `first-work`: the period
    in which the vendor works first, at least 5% of what it then has; that makes the program an integer one. Absent: the
    horizon's first, whether the vendor works then or not; a note says where a plan lets it wait."""
    turnover: TurnoverField | None = None
    """People who leave, as in `3 %/month`; with a vacancy their places are filled again. It lessens capacity by time."""
    capacity: a.Capacity | None = None
    """`1_200 h/week`, `5_000 images/month`, `900 EU/week`, `10 items/day` (working days), or a total for the horizon such as
    `20_000 images`.

    What is per month is whole in every month of a horizon of months; in weeks each day takes its month's part. What is per
    week is a seventh of it a day, in months too."""
    capacity_steps: tuple[CapacityStep, ...] = ()
    """Capacity that changes during the horizon."""
    team: Team | None = None
    """People of your own, planned with the work: whole heads, hired and released, paid by the hour whether busy or not."""
    lead: a.Lead | None = None
    """From work to delivery; rounded up to whole periods, a month among weeks being 30.4375 days."""
    contract: Contract = Contract()
    """What it charges."""
    onboarding: a.Money | None = None
    """Paid once when the vendor is first used; short for the contract's fee."""
    certified: Names = ()
    """Certificates it holds, as in `[hipaa]`."""
    accuracy: a.Share | None = None
    """Accuracy of one pass, where the rates name none."""
    checked: a.Whole | None = None
    """Items that accuracy was measured on."""
    productivity: a.Factor | None = None
    """Standard hours made per hour worked."""
    learning: LearningField = ()
    """How its hours fall with the items it has made; absent: they stay. A list for several products."""
    season: tuple[SeasonStep, ...] = ()
    """Factor on its prices by period."""
    escalation: a.PerYear | None = None
    """Yearly rise of prices, compounded from the start of the horizon, period by period: whole after twelve months, in a
    plan by weeks after 365.25 days."""
    platform_fee: a.PlatformFee | None = None
    """On top of the prices: a share of them, or money per item or hour."""
    platform_fee_steps: tuple[FeeStep, ...] = ()
    """Platform fees that change during the horizon, in the unit of the fee before."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""

    @model_validator(mode="after")
    def _fee_before_steps(self) -> Vendor:
        steps_like(self.platform_fee, "platform-fee", [step.amount for step in self.platform_fee_steps], "20%")
        return self


class Answer(Block):
    """A promise that checking begins in time, as a queue of people who take items in the order they come."""

    share: a.Share
    """Share of items whose checking begins in time."""
    within: a.Duration
    """The time promised from an item's arrival until its checking begins, in working time."""
    handling: a.Duration | None = None
    """Mean time of one check, corrections included; absent: the longest of the case's routes."""
    arrival_variability: a.Number = 1.0
    """Squared coefficient of variation of the time between arrivals: 1 at random, 0 evenly."""
    work_variability: a.Number = 1.0
    """Squared coefficient of variation of the time of a check."""

    @model_validator(mode="after")
    def _possible(self) -> Answer:
        if self.share >= 1.0:
            raise fail("no team promises that every item is begun in time", "write a share below 100%, as in `95%`")
        return self


MOST_ANSWERING = 100_000
"""People of a review team with a promise: their queue is reckoned person by person."""


class ReviewTeam(Block):
    """Your own people who check labels."""

    wage: a.Wage
    """Money per paid hour."""
    capacity: a.HoursPerWeek | None = None
    """Hours of checking there are (or people and hours); absent: as many as needed."""
    people: a.People | None = None
    """People at work at one time."""
    hours: a.HoursPerWeek | None = None
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


class Rate(Block):
    """One line of the rate card: what a vendor asks, and how well and fast it works, for one product."""

    product: a.Name
    """Product it is for."""
    vendor: a.Name
    """Vendor that asks it."""
    workflow: a.Name | None = None
    """Only for this workflow; a price per item is then for the finished item, all passes included."""
    price: a.Price | None = None
    """Price per item, label, driver, hour or EU; absent: the vendor's contract."""
    accuracy: a.Share | None = None
    """Accuracy of one pass on this product; absent: the vendor's."""
    checked: a.Whole | None = None
    """Items the accuracy was measured on; absent: the vendor's."""
    pace: a.Pace | None = None
    """Measured items per hour worked, one pass."""
    productivity: a.Factor | None = None
    """Standard hours made per hour worked on this product; absent: the vendor's."""
    capacity: a.Capacity | None = None
    """Most items of this pair, per day, week or month, or in all; counted like a vendor's capacity, by its working days."""
    start_fee: a.Money | None = None
    """Paid once when the vendor starts on the product; absent: the contract's."""
    minimum_order: a.Items | None = None
    """Least items of the product if the vendor makes any; absent: the contract's."""
    lead: a.Lead | None = None
    """From work to delivery of this product; absent: the vendor's."""
    source: a.Text | None = None
    """Where the figures come from."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""


class CalendarRow(Block):
    """One vendor in one period: its capacity, its price factor."""

    vendor: a.Name
    """Vendor it is about."""
    week: a.Whole
    """Number of the period, from 1."""
    capacity: a.Capacity | None = None
    """Its capacity in the period, as in `1_200 h/week` in a plan by weeks, `100 units/month` in one by months."""
    season: a.Factor | None = None
    """Factor on its prices in the period."""


class ShareRule(Block):
    """A vendor's share of what is done or paid."""

    vendor: Names | None = None
    """A name, several (counted together), `each`, or `incumbent`: of every product that has one, product by product."""
    region: Names | None = None
    """In place of vendors all those of a region, of several (counted together), or of `each`."""
    of: Literal["items", "eu", "hours", "spend"] = "spend"
    """What the share is counted in: items, equivalent units, hours or money."""
    products: Names | None = None
    """Products counted together, or `each`; absent: the whole portfolio."""
    at_most: a.Share | None = None
    """Largest share."""
    at_least: a.Share | None = None
    """Smallest share."""
    in_: Literal["horizon", "each-period"] = Field("horizon", alias="in")
    """Over the whole horizon, or in each period for itself."""

    @model_validator(mode="after")
    def _some(self) -> ShareRule:
        if (self.vendor is None) == (self.region is None):
            raise fail("a share is that of vendors or of a region", "write it as in `vendor: …` or `region: …`")
        if self.at_most is None and self.at_least is None:
            raise fail("a share needs at-most or at-least", "write it as in `at-most: 50%`")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise fail("at-least is above at-most", "swap them")
        return self


class CountRule(Block):
    """How many vendors work on something.

    At most one for a product makes it single-source; at most one of two named vendors keeps rivals apart."""

    vendors: Annotated[Names | None, BeforeValidator(lambda v: None if v == "any" else v)] = None
    """Vendors counted; `any`, or absent: all."""
    products: Names | None = None
    """Products: each for itself; `each`: all of them; absent: vendors used for anything."""
    at_most: a.Count | None = None
    """Most vendors."""
    at_least: a.Count | None = None
    """Least vendors."""
    counts_from: a.CountsFrom | None = None
    """Least that a vendor makes to count towards `at-least`: a share of the product's items (of all equivalent units, where no
    product is named), or items, as in `500 images`; one item in any case. Absent: 5%. An `at-most` counts all that make any."""

    @model_validator(mode="after")
    def _some(self) -> CountRule:
        if self.counts_from is not None and self.at_least is None:
            raise fail("counts-from says who counts towards an at-least, and there is none", "add `at-least: 2`")
        if self.counts_from is not None and not self.counts_from.dimensions and self.counts_from.number > 1:
            text = self.counts_from.text
            raise fail(f"counts-from is above 100% ('{text}')", f"write `{text} items`, or a share, as in `5%`")
        if self.at_most is None and self.at_least is None:
            raise fail("a count needs at-most or at-least", "write it as in `at-most: 3`")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise fail("at-least is above at-most", "swap them")
        return self


class OnlyRule(Block):
    """Only some vendors may work on some products."""

    products: Names | None = None
    """Absent: all."""
    vendors: Names | None = None
    """Vendors by name."""
    vendors_with: Names | None = None
    """Vendors that hold all these certificates."""
    regions: Names | None = None
    """Vendors of these regions."""

    @model_validator(mode="after")
    def _some(self) -> OnlyRule:
        if self.vendors is None and self.vendors_with is None and self.regions is None:
            raise fail(
                "the rule does not say who may",
                "write it as in `vendors: […]`, `vendors-with: hipaa` or `regions: […]`",
            )
        return self


class FixRule(Block):
    """A quantity set by hand: the plan is optimised around it."""

    product: a.Name
    """Product it is about."""
    vendor: a.Name
    """Vendor it is about."""
    workflow: a.Name | None = None
    """Absent: all workflows together."""
    items: a.Items
    """Items made over the horizon, no more and no less."""


class NeedsRule(Block):
    """A product is worked on only if another one is; two products that need one another are both made, or neither."""

    product: a.Name
    """The product that is worked on only with the other."""
    needs: a.Name
    """The other product."""
    at_least: a.Items | None = None
    """Items the other product must get; absent: one."""


class IncompatibleRule(Block):
    """Products that no vendor makes together: rivals' data, or a second opinion on the same items."""

    products: Names
    """Of these each vendor works on one at most."""
    vendors: Names | None = None
    """Vendors this holds for; absent: all."""

    @model_validator(mode="after")
    def _some(self) -> IncompatibleRule:
        if len(set(self.products)) < 2:
            raise fail("one product alone is incompatible with nothing", "name two products or more")
        return self


KINDS = ("share", "count", "only", "fix", "needs", "incompatible")


class Rule(Block):
    """A restriction on the mix, with a name, an owner, a reason, and its force: hard, or a penalty in money."""

    name: a.Name
    """What reports and plans call it."""
    owner: a.Name | None = None
    """Who stands behind it."""
    reason: a.Name | None = None
    """Why it is there."""
    penalty: a.Penalty | None = None
    """What the rule may be broken for, in money per unit: of the share's measure (`0.15 USD/USD` of spend,
    `2 USD/h`, `0.05 USD/image`, `0.01 USD/EU`), per vendor too few or too many, or product too many (`5k USD/vendor`), per item in other
    rules. It weighs on the objective and is never spent; in another currency at the exchange rate of the period the rule is about, else
    of the last one. Absent: the rule is never broken."""
    share: ShareRule | None = None
    """A vendor's or region's share of what is done or paid."""
    count: CountRule | None = None
    """How many vendors there may be."""
    only: OnlyRule | None = None
    """Which vendors may work on some products."""
    fix: FixRule | None = None
    """A quantity set by hand."""
    needs: NeedsRule | None = None
    """A product that goes with another."""
    incompatible: IncompatibleRule | None = None
    """Products no vendor makes together."""

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise fail("a rule says exactly one thing", f"write one of {', '.join(KINDS)}")
        return self
