"""Checks of vendors: region, hours, contract."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.holidays import public_holidays
from allocate.case.names import suggestion
from allocate.case.schema import Holidays, Vendor
from allocate.errors import Problem
from allocate.units import is_in_all, kind_of


def vendors(c: Context) -> Iterator[Problem]:
    """Every vendor has hours told once, a region there is, and a price that fits its contract."""
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name)
        regions = c.model_names("regions")
        if vendor.region and vendor.region not in regions:
            fix = suggestion(vendor.region, regions, "`allocate model`") or "remove `region`: the model has none"
            yield c.problem((*where, "region"), f"the model has no region '{vendor.region}'", fix)
        yield from _hours(c, where, vendor)
        yield from _utilisation(c, where, vendor)
        yield from _turnover(c, where, vendor)
        yield from _holidays(c, (*where, "holidays"), vendor.holidays)
        yield from _indexed(c, where, vendor)
    if c.file.review_team is not None:
        yield from _holidays(c, ("review-team", "holidays"), c.file.review_team.holidays)


def _indexed(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """Prices rise by an index or by a rate, from a day there is."""
    if vendor.indexation is None:
        return
    if vendor.escalation is not None:
        message = f"{where[1]} has an indexation, and `escalation` beside it"
        yield c.problem((*where, "escalation"), message, "leave one of them out: prices would rise twice")


def _holidays(c: Context, where: Path_, stated: Holidays | None) -> Iterator[Problem]:
    """A country's calendar is known, and the package that has it is there."""
    if stated is None or stated.country is None:
        return
    try:
        public_holidays(stated.country, [c.file.horizon.start.year])
    except LookupError:
        message = f"there is no calendar of public holidays for '{stated.country}'"
        yield c.problem(where, message, "write an ISO code of two letters, as in `PH`, or a list of dates")
    except ImportError:
        message = "calendars of countries come from the package holidays, which is not installed"
        yield c.problem(where, message, "`pip install 'allocate[calendars]'`, or write a list of dates")


def _weekly(c: Context, name: object, vendor: Vendor) -> bool:
    """Whether a vendor has people, or a capacity by week or month."""
    stated = vendor.capacity is not None and not is_in_all(vendor.capacity)
    rows = any(row.vendor == name and row.capacity is not None for row in c.file.calendar)
    return bool(vendor.people or stated or vendor.capacity_steps or rows)


def _turnover(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """People leave a capacity by week, and a ramp is that of somebody who comes."""
    if vendor.turnover is None or vendor.team is not None:
        return  # beside a team it is said where teams are checked
    if not _weekly(c, where[-1], vendor):
        message = f"vendors.{where[-1]} has no people and no capacity by week for its turnover to lessen"
        yield c.problem((*where, "turnover"), message, "add `capacity: 400 h/week`, or people and hours")
    if vendor.turnover.ramp and vendor.turnover.vacancy is None:
        message = f"vendors.{where[-1]} has a ramp for those who come after leavers, and nobody is hired in their place"
        yield c.problem((*where, "turnover", "ramp"), message, "add `vacancy: 3 weeks`, or remove the ramp")


def _utilisation(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """A utilisation is a share of people's hours or of a capacity by week, and leaves some of it."""
    if vendor.utilisation is None:
        return
    name, path = where[-1], (*where, "utilisation")
    if vendor.team is not None:
        message = f"vendors.{name} has a team, and `utilisation` beside it"
        yield c.problem(path, message, "write the hours kept free into the team's `shrinkage`")
    elif not _weekly(c, name, vendor):
        message = f"vendors.{name} has no capacity by week for its utilisation to be a share of"
        yield c.problem(path, message, "add `capacity: 400 h/week`, or people and hours")
    if vendor.utilisation <= 0:
        yield c.problem(path, "a utilisation of 0% leaves nothing to work with", "write a larger share, as in `85%`")


def _hours(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    name = where[-1]
    region = c.model.regions.get(vendor.region) if vendor.region else None
    known_region = vendor.region is None or vendor.region in c.model.regions
    if vendor.team is not None:
        return  # its own checks tell what cannot stand beside it
    if vendor.people is not None and vendor.capacity is not None and kind_of(vendor.capacity) == "labour/calendar":
        message = f"vendors.{name} has its hours twice: as people and as capacity ('{vendor.capacity.text}')"
        yield c.problem((*where, "capacity"), message, "keep one of them")
    if vendor.hours is not None and vendor.people is None:
        message = f"vendors.{name} has hours of a person but no people"
        yield c.problem((*where, "hours"), message, "add `people: 10`, or write `capacity: 400 h/week`")
    if vendor.people is not None and vendor.hours is None and known_region and (region is None or region.hours is None):
        message = f"vendors.{name} does not say how many hours its people work"
        yield c.problem(where, message, "add `hours: 40 h/week`", of_key=True)
    if vendor.shrinkage is not None and vendor.shrinkage >= 1:
        yield c.problem((*where, "shrinkage"), "a shrinkage of 100% leaves no hours to work", "write a smaller share")
