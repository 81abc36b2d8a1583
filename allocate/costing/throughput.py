"""What vendors and reviewers can do: hours, items and equivalent units by period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.costing.prices import stepped
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Capacity:
    """The most a vendor does of something; infinite where nothing is said."""

    vendor: int
    """Position of the vendor."""
    noun: str
    """What is counted: `h` for hours worked, `EU`, `item` for items of any kind, or one item's noun."""
    amounts: Floats
    """By period, shape (T,); for a capacity of the whole horizon shape (1,)."""
    by_period: bool = True
    """Whether each period has its own limit."""


def vendor_capacities(case: Case) -> tuple[Capacity, ...]:
    """Capacity of every vendor that has one, after shrinkage and ramp.

    Hours worked in a week are people times paid hours times (1 - shrinkage) times the ramp of that week.
    """
    weeks = np.array(case.periods.weeks_each())
    found = []
    for position, (name, vendor) in enumerate(case.vendors.items()):
        ramp = ramp_of(vendor, case.periods.count)
        if vendor.people is not None:
            hours = vendor.people.number * paid_hours(case, vendor) * (1.0 - shrinkage(case, vendor))
            found.append(Capacity(position, "h", hours * weeks * ramp))
        amounts = _stated(case, name, vendor)
        if vendor.capacity is not None and kind_of(vendor.capacity) == "count":
            found.append(Capacity(position, _noun(vendor.capacity), np.array([vendor.capacity.number]), False))
        elif amounts is not None:
            noun, weekly = amounts
            found.append(Capacity(position, noun, weekly * weeks * ramp * (1.0 - (vendor.shrinkage or 0.0))))
    return tuple(found)


def _stated(case: Case, name: str, vendor: Vendor) -> tuple[str, Floats] | None:
    """The noun and amount per week of a stated capacity, by period; None where there is none."""
    rows = [row for row in case.file.calendar if row.vendor == name and row.capacity is not None]
    first = vendor.capacity or next(iter([s.amount for s in vendor.capacity_steps]), None)
    first = first or next((row.capacity for row in rows), None)
    if first is None:
        return None
    start = vendor.capacity.number if vendor.capacity is not None else np.inf
    starts = [step.from_ for step in vendor.capacity_steps]
    weekly = stepped(case.periods, starts, [step.amount.number for step in vendor.capacity_steps], before=start)
    for row in rows:
        if row.capacity is not None:
            weekly[row.week - 1] = row.capacity.number
    return _noun(first), weekly


def _noun(capacity: Quantity) -> str:
    return capacity.of() or "h"


def paid_hours(case: Case, vendor: Vendor) -> float:
    """Paid hours a week of one of a vendor's people: its own, else its region's."""
    region = case.model.regions.get(vendor.region) if vendor.region else None
    hours = vendor.hours or (region.hours if region else None)
    return float(hours.number) if hours is not None else 0.0


def shrinkage(case: Case, vendor: Vendor) -> float:
    """Share of a vendor's paid hours not worked on items: its own, else the model's default."""
    return vendor.shrinkage if vendor.shrinkage is not None else case.model.defaults.shrinkage


def ramp_of(vendor: Vendor, periods: int) -> Floats:
    """Share of capacity a vendor has in each period, shape (T,)."""
    ramp = np.ones(periods)
    ramp[: len(vendor.ramp)] = vendor.ramp[:periods]
    return ramp


def review_hours(case: Case) -> Floats | None:
    """Hours of checking the review team has by period, shape (T,); None where it has as many as needed."""
    team = case.file.review_team
    if team is None or team.capacity is None:
        return None
    hours: Floats = team.capacity.number * (1.0 - (team.shrinkage or 0.0)) * np.array(case.periods.weeks_each())
    return hours
