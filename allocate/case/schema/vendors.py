"""Vendors: who labels, how much, how fast, at what price."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, Tags, or_mapping
from allocate.case.clauses.onboarding import OnboardingOfVendor
from allocate.case.clauses.platform_fee import PlatformFee
from allocate.case.clauses.wages import OwnPeople
from allocate.case.holidays import HolidaysField
from allocate.case.reading import fail
from allocate.case.schema.contracts import Contract
from allocate.case.schema.learning import LearningField


class Turnover(Block):
    """People who leave a vendor. Unless their places are filled again, its capacity shrinks."""

    rate: a.LeavingRate
    """Leavers by time as a share of the people there: `3 %/month`, `45 %/year`; `3 %/month` is 3 % in every month."""
    vacancy: a.Lead | None = None
    """From a leaver's last day to the first of who comes after; absent: nobody comes, and capacity shrinks."""
    ramp: tuple[a.Share, ...] = ()
    """What who comes is worth in the first, second … period; whole afterwards."""


TurnoverField = Annotated[Turnover, or_mapping("rate", Turnover | a.LeavingRate)]


class Indexation(Block):
    """Prices that follow an index once a year.

    The prices as written hold at the start of the horizon; each anniversary after its first day changes them, from the period on that
    it falls into. A locked price (`price-lock`) follows it as well."""

    on: a.WhenType
    """The first anniversary, or an earlier one: its day of each year."""
    rate: a.Change
    """Yearly change of the index, as in `4%`; a spread of it says what it may come to."""
    share: a.Share = 1.0
    """Part of the change that prices follow."""
    cap: a.Change | None = None
    """Most they change at a step; absent: no cap."""
    floor: a.Change | None = None
    """Least they change at a step, as in `0%` for prices that never fall; absent: none."""

    @model_validator(mode="after")
    def _in_order(self) -> Indexation:
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise fail(
                f"the cap of {self.cap:.4g} is below the floor of {self.floor:.4g}",
                "write a higher cap, or a lower floor",
            )
        return self


class CapacityStep(Block):
    """Capacity from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: a.CapacityByTime
    """Capacity from then on, in any unit by time, as in `100 images/month`."""


class SeasonStep(Block):
    """Factor on a vendor's prices from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    factor: a.Factor
    """What prices are multiplied by from then on."""


class _Supply(Block):
    region: a.Name | None = None
    """Region of the model or your own: its hours where none are stated here, and what rules say of it. Its holidays are off only where `holidays` says so."""
    currency: a.Name | None = None
    """Currency of plain prices; absent: the case's. Prices that name a currency keep it."""
    people: a.People | None = None
    """People who work; with hours they give the capacity. `staffing` says whether they are paid when idle."""
    staffing: Literal["on-call", "employed"] | None = None
    """How people are paid, at the contract's price of an hour: `on-call` for the hours they work, `employed` for all their hours,
    busy or idle, leave and meetings included: they are then a `team` that nobody joins or leaves. Absent: on call, and a note says
    what a payroll would be."""
    own: a.Truth | None = None
    """Whether its people are your own: they are asked for no better price and get no award sheet. Absent: a team is, and so are
    people of whom `staffing` does not say that they are on call."""
    hours: a.HoursOfOne | None = None
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
    ramp_paid: a.Truth = False
    """Whether its hours are paid whole in the ramp, as those of people who are still learning are: with `ramp: [60%, 80%]` an item
    of the first period costs the price of an hour over 60%. For prices by the hour. Its hours are told as hours at full pace.
    Absent: it has fewer hours, and each is paid for what it makes."""
    turnover: TurnoverField | None = None
    """People who leave, as in `3 %/month`; with a vacancy their places are filled again. It lessens capacity by time."""
    capacity: a.Capacity | None = None
    """`1_200 h/week`, `5_000 images/month`, `900 EU/week`, `10 items/day` (working days), or a total for the horizon such as
    `20_000 images` or `120 h`; with steps beside such a total, both hold.

    What is per month is whole in every month of a horizon of months; in weeks each day takes its month's part. What is per
    week is a seventh of it a day, in months too."""
    capacity_steps: tuple[CapacityStep, ...] = ()
    """Capacity that changes during the horizon."""


class _Delivery(Block):
    lead: a.Lead | None = None
    """From work to delivery; rounded up to whole periods, a month among weeks being 30.4375 days."""
    contract: Contract = Contract.model_construct()
    """What it charges."""


class _Work(Block):
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
    indexation: Indexation | None = None
    """A yearly step of its prices on an anniversary, by an index, with a cap: `{on: 2027-04-01, rate: 4%, cap: 3%}`."""
    escalation: a.PerYear | None = None
    """Yearly rise of prices, compounded from the start of the horizon, period by period: whole after twelve months, in a
    plan by weeks after 365.25 days."""


# The keys of the last base come first, in messages and on pages.


class Vendor(PlatformFee, _Work, OnboardingOfVendor, _Delivery, OwnPeople, _Supply):
    """A source of labels: a company, a crowd, a team of your own, an automation API."""

    excluded: a.Truth = False
    """true takes it out of the case with its rates, its rows of the calendar, and rules and limits about it alone, as in the
    scenario `{vendors.acme.excluded: true}`; a note says so."""
    tags: Tags = {}
    """What else finance sorts by, as in `{cost-centre: 4711, account: V-0815}`: columns of every table that has the vendor."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""

    @property
    def own_people(self) -> bool:
        """Whether it is people of one's own: as the case says, else a team, or people who are not said to be on call.

        Nobody is advised to cut their wages, and they do not bid.
        """
        if self.own is not None:
            return self.own
        return self.team is not None or (self.people is not None and self.staffing != "on-call")
