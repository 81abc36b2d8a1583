"""In-house teams: whole people with wages, hiring, releasing, overtime and shifts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from allocate.case import amounts as a
from allocate.case.blocks import Block, or_mapping, written_keys
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import STAFFING, WAGES, Check, Clause
from allocate.errors import Problem

if TYPE_CHECKING:
    from allocate.case.schema import CaseFile, Vendor


class TeamTurnover(Block):
    """People who leave a team and are replaced: its people are places, some empty at times, some held by newcomers."""

    rate: a.LeavingRate
    """Leavers by time as a share of the people there: `3 %/month`, `45 %/year`; `3 %/month` is 3 % in every month."""
    vacancy: a.Lead | None = None
    """From a leaver's last day to the first of who comes after; absent: the notice of hiring."""
    cost: a.Money | None = None
    """For each person who comes; absent: the cost of hiring."""


class Hire(Block):
    """New people."""

    cost: a.Money | None = None
    """For each person, paid in the period they start."""
    notice: a.Lead | None = None
    """From the decision to the first day, rounded up to whole periods: nobody new starts earlier."""
    at_most: a.Heads | None = None
    """People who may be hired over the horizon; absent: as many as pay."""
    per_period: a.Heads | None = None
    """People who may start in one period, as in `2 people` a week of a plan by weeks; absent: any number."""


class Release(Block):
    """People who leave. Only those whose ramp is over are released."""

    cost: a.Money | None = None
    """For each person, paid in the first period they are gone."""
    notice: a.Lead | None = None
    """From the decision to the last day, rounded up to whole periods: paid and at work until then."""
    at_most: a.Heads | None = None
    """People who may be released over the horizon; absent: all."""
    per_period: a.Heads | None = None
    """People who may leave in one period; absent: any number."""


class Overtime(Block):
    """Hours beyond the regular ones, all of them spent on items."""

    at_most: a.Share
    """Of the regular paid hours of the people whose ramp is over, in each period."""
    premium: a.Factor = 0.0
    """On top of the wage: `50%` pays one and a half."""


class Shift(Block):
    """A further shift at the same seats."""

    cost: a.MoneyPerTime | None = None
    """While anybody works in it, as in `1k USD/month`: a lead, light, security. Counted period by period, like a retainer."""
    premium: a.Factor = 0.0
    """On the wage of the people in it."""


class Shifts(Block):
    """Seats, and the shifts in which they can be used; a shift is opened when those before it are full."""

    seats: a.Whole
    """People who can work at the same time."""
    further: tuple[Shift, ...] = ()
    """The second shift, the third …; absent: everybody works in the first."""


class Team(Block):
    """Your own people: everybody employed is paid for all regular hours, busy or idle."""

    people: a.Heads
    """At the start of the horizon, their ramp behind them."""
    hours: a.HoursOfOne | None = None
    """Paid hours of one person, as in `40 h/week` or `8 h/day` (the vendor's working days); absent: the region's."""
    wage: a.Pay
    """Of one person, all that it costs you: for a paid hour (`25 USD/h`), or a salary by the week, month or year (`3_200 USD/month`),
    which is paid whole whatever hours a period has, holidays included; or a rate by the day (`240 USD/day`), paid for each working day
    that is no holiday; a holiday then has no paid hours. The vendor's season and escalation apply to it. Overtime is paid by the hour
    that it comes to."""
    shrinkage: a.Share | None = None
    """Share of paid hours not worked on items: leave, training, meetings; absent: the model's."""
    ramp: tuple[a.Share, ...] = ()
    """Share of those hours newcomers are worth in their first, second … period; whole afterwards."""
    turnover: Annotated[TeamTurnover, or_mapping("rate", TeamTurnover | a.LeavingRate)] | None = None
    """People who leave and are replaced, as in `3 %/month`; absent: none. The team's people are then places."""
    hire: Hire | None = None
    """Absent: nobody is hired."""
    release: Release | None = None
    """Absent: nobody is released."""
    overtime: Overtime | None = None
    """Absent: none."""
    shifts: Shifts | None = None
    """Absent: seats for everybody."""


class OwnPeople(Block):
    """Keys of a vendor."""

    team: Team | None = None
    """People of your own, planned with the work: whole heads, hired and released, paid whether busy or not."""


_IN_TEAM = ("people", "hours", "shrinkage", "ramp", "turnover")
EMPLOYED = "employed"


def on_payroll(file: CaseFile) -> CaseFile:
    """The case with every vendor whose people are employed as the team that is: nobody hired, released or on overtime.

    Left as they are: those that cannot be one, which `teams` finds.
    """
    found = {name: _as_team(one) for name, one in file.vendors.items() if one.staffing == EMPLOYED}
    return file.model_copy(update={"vendors": {**file.vendors, **found}}) if any(found.values()) else file


def _as_team(vendor: Vendor) -> Vendor:
    people, price = vendor.people, vendor.contract.price
    if vendor.team is not None or people is None or people.number % 1 or price is None or price.per() != "h":
        return vendor
    stated = {"hours": vendor.hours, "shrinkage": vendor.shrinkage}
    team = Team.model_construct(
        people=int(people.number), wage=price, **{key: one for key, one in stated.items() if one is not None}
    )
    without = {"people": None, "hours": None, "shrinkage": None}
    contract = vendor.contract.model_copy(update={"price": None, "per": None})
    return vendor.model_copy(update={**without, "team": team, "contract": contract})


def written_at(vendors: Mapping[str, Vendor], path: Path_) -> Path_:
    """Where a case says what stands at a path of a team: its own block, or the vendor's keys where people are `employed`."""
    if len(path) < 3 or path[0] != "vendors" or path[2] != "team" or vendors[str(path[1])].staffing != EMPLOYED:
        return path
    rest = path[3:]
    return (*path[:2], *(("contract", "price", *rest[1:]) if rest[:1] == ("wage",) else rest))


def teams(c: Context) -> Iterator[Problem]:
    """Every team says its hours, and can be staffed as it says."""
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name)
        if vendor.staffing is not None:
            yield from _staffing(c, where, vendor)
        if vendor.team is None:
            continue
        yield from _beside(c, where, vendor)
        yield from _hours(c, (*where, "team"), vendor, vendor.team)
        yield from _seats(c, (*where, "team"), vendor.team)
        yield from _turnover(c, (*where, "team"), vendor.team)


def _beside(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """Nothing about people or capacity stands beside the team."""
    name, written = str(where[-1]), written_keys(vendor)
    for key in _IN_TEAM:
        if key in written and vendor.staffing is None:
            message = f"vendors.{name} has a team, and `{key}` beside it"
            yield c.problem((*where, key), message, f"write it once, as `team: {{{key}: …}}`")
    for key in ("capacity", "capacity-steps"):
        if key in written:
            message = f"vendors.{name} has a team, whose hours follow from its people"
            yield c.problem((*where, key), message, f"remove `{key}`, or write a vendor with a capacity and no team")
    for position, row in enumerate(c.file.calendar):
        if row.vendor == name and row.capacity is not None:
            message = f"{name} has a team, whose hours follow from its people"
            yield c.problem(("calendar", position, "capacity"), message, "leave the capacity blank")


def _staffing(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """People who are employed are whole, and paid one price by the hour."""
    name, written = str(where[-1]), c.document.at(where)
    at: Path_ = (*where, "staffing")
    if "team" in written:
        yield c.problem(
            at, f"vendors.{name} has a team, and `staffing` beside it", "remove `staffing`: a team is employed"
        )
    elif "people" not in written:
        message = f"vendors.{name} says how its people are paid, and has no people"
        yield c.problem(at, message, "add `people: 10` and `hours: 40 h/week`, or remove `staffing`")
    elif vendor.staffing == EMPLOYED and vendor.team is None:
        if vendor.people is not None and vendor.people.number % 1:
            message = f"the people of {name} are employed, and {vendor.people.text} are not whole people"
            yield c.problem((*where, "people"), message, "write whole people, and the paid hours of each in `hours`")
        else:
            message = f"the people of {name} are employed, and its contract has no price of an hour"
            yield c.problem((*where, "contract"), message, "add `contract: {per: hour, price: 25 USD/h}`")
    for key in ("ramp", "ramp-from", "turnover"):
        if vendor.staffing == EMPLOYED and key in written:
            message = f"the people of {name} are employed, and `{key}` stands beside it"
            fix = "remove it, write `staffing: on-call`, or plan them as a `team`, which says it of newcomers"
            yield c.problem((*where, key), message, fix)


def _hours(c: Context, where: Path_, vendor: Vendor, team: Team) -> Iterator[Problem]:
    name = where[1]
    region = c.model.regions.get(vendor.region) if vendor.region else None
    known_region = vendor.region is None or vendor.region in c.model.regions
    if team.hours is None and known_region and (region is None or region.hours is None):
        message = f"the team of {name} does not say how many hours its people work"
        yield c.problem(where, message, "add `hours: 40 h/week`", of_key=True)
    if team.hours is not None and team.wage.time is not None and team.hours.number <= 0:
        message = f"people paid '{team.wage.text}' have no hours to be paid for"
        yield c.problem((*where, "hours"), message, "write their hours, as in `40 h/week`")
    if team.shrinkage is not None and team.shrinkage >= 1:
        yield c.problem((*where, "shrinkage"), "a shrinkage of 100% leaves no hours to work", "write a smaller share")
    if team.ramp and team.hire is None and team.turnover is None:
        message = f"the team of {name} has a ramp for newcomers, and nobody is hired"
        yield c.problem((*where, "ramp"), message, "add `hire: {cost: …}`, or remove the ramp")
    if team.people == 0 and team.hire is None:
        message = f"the team of {name} has nobody, and nobody is hired"
        yield c.problem((*where, "people"), message, "add `hire: {cost: …}`, or leave the vendor out")


def _seats(c: Context, where: Path_, team: Team) -> Iterator[Problem]:
    """Everybody there at the start has a seat."""
    if team.shifts is None:
        return
    room = team.shifts.seats * (1 + len(team.shifts.further))
    if team.people > room:
        shifts = f" in {1 + len(team.shifts.further)} shifts" if team.shifts.further else ""
        message = f"there are {team.people} people and seats for {room}{shifts}"
        yield c.problem((*where, "shifts"), message, "add seats, or a further shift")


def _turnover(c: Context, where: Path_, team: Team) -> Iterator[Problem]:
    """Who leaves is replaced after a time that is known."""
    if team.turnover is None or team.turnover.vacancy is not None:
        return
    if team.hire is None or team.hire.notice is None:
        message = f"the team of {where[1]} does not say how long a leaver's place stays empty"
        fix = f"say how long, as in `turnover: {{rate: {team.turnover.rate.text}, vacancy: 3 weeks}}`"
        yield c.problem((*where, "turnover"), message, fix)


def notices(c: Context) -> Iterator[Problem]:
    """Somebody can start, or leave, before the horizon ends."""
    for name, vendor in c.file.vendors.items():
        team = vendor.team
        for key, block in (("hire", team.hire), ("release", team.release)) if team is not None else ():
            if block is not None and c.periods.lead(block.notice) >= c.periods.count:
                assert block.notice is not None
                what = "start" if key == "hire" else "leave"
                message = f"nobody can {what} before the horizon ends with a notice of {block.notice.text}"
                fix = f"shorten the notice, lengthen the horizon, or remove `{key}`"
                yield c.problem(("vendors", name, "team", key, "notice"), message, fix)


CLAUSE = Clause(
    "wages",
    keys=("vendors.NAME.team", "vendors.NAME.staffing"),
    checks=(Check(teams), Check(notices, frozenset({"horizon"}))),
    examples={
        "Shift": "{cost: 400 USD/week, premium: 20%}",
        "Shifts": "{seats: 6, further: [{cost: 400 USD/week, premium: 20%}]}",
        "TeamTurnover": "{rate: 3 %/month, vacancy: 6 weeks, cost: 2k USD}",
    },
    costs={
        WAGES: ("wages", "shift premium", "shift", "overtime"),
        STAFFING: ("hiring", "replacement", "release"),
    },
    figures={
        "vendors.NAME.team.wage": "wage",
        "vendors.NAME.team.overtime.premium": "premium on overtime",
        "vendors.NAME.team.hire.cost": "cost of hiring",
        "vendors.NAME.team.release.cost": "cost of release",
    },
    meant={"overtime": ("premium",)},
)
