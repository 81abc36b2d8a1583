"""Checks of in-house teams: told once, without a price, with hires and notices that can happen."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.schema import Team, Vendor
from allocate.errors import Problem
from allocate.units import kind_of

_IN_TEAM = ("people", "hours", "shrinkage", "ramp", "turnover")
_PRICES = (
    "per", "price", "tiers", "rework-paid", "commitment", "ceiling", "quality", "quality-window", "lateness", "rebate",
    "early-payment", "payment",
)  # fmt: skip


def teams(c: Context) -> Iterator[Problem]:
    """Every team says its hours, has no price beside its wages, and can be staffed as it says."""
    for name, vendor in c.file.vendors.items():
        if vendor.team is None:
            continue
        where: Path_ = ("vendors", name)
        yield from _beside(c, where, vendor)
        yield from _prices(c, where, vendor)
        yield from _hours(c, (*where, "team"), vendor, vendor.team)
        yield from _seats(c, (*where, "team"), vendor.team)
        yield from _turnover(c, (*where, "team"), vendor.team)


def _beside(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """Nothing about people or capacity stands beside the team."""
    name, written = str(where[-1]), _written(vendor)
    for key in _IN_TEAM:
        if key in written:
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


def _prices(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """Work by a team costs wages, paid whether busy or not; a price for it as well would count it twice."""
    name, written = str(where[-1]), _written(vendor.contract)
    for key in _PRICES:
        if key in written:
            message = f"{name} is a team and paid by the hour: its contract can have no `{key}`"
            yield c.problem((*where, "contract", key), message, f"remove `{key}`: the wage stands in the team")
    for position, rate in c.rate_card.of_vendor(name):
        if rate.price is not None:
            message = f"{name} is a team and paid by the hour, and its rate for {rate.product} has a price"
            yield c.problem(("rates", position, "price"), message, "leave the price blank: the wage stands in the team")
    fee = vendor.platform_fee
    if fee is not None and kind_of(fee) == "fraction":
        message = f"{name} is a team without a price that the platform fee could be a share of ('{fee.text}')"
        yield c.problem((*where, "platform-fee"), message, "write money per item or hour, as in `1 USD/h`")


def _hours(c: Context, where: Path_, vendor: Vendor, team: Team) -> Iterator[Problem]:
    name = where[1]
    region = c.model.regions.get(vendor.region) if vendor.region else None
    known_region = vendor.region is None or vendor.region in c.model.regions
    if team.hours is None and known_region and (region is None or region.hours is None):
        message = f"the team of {name} does not say how many hours its people work"
        yield c.problem(where, message, "add `hours: 40 h/week`", of_key=True)
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


def _written(block: Vendor | object) -> set[str]:
    """Keys of a block that were written, as the file has them."""
    fields: set[str] = getattr(block, "model_fields_set", set())
    return {field.rstrip("_").replace("_", "-") for field in fields if getattr(block, field) not in (None, ())}
