"""What vendors and reviewers can do: hours, items and equivalent units by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.costing.prices import stepped
from allocate.costing.products import driver_count, drivers_of, item_of
from allocate.errors import CaseError, Problem
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    from allocate.costing.routes import Routes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Capacity:
    """The most a vendor does of something; infinite where nothing is said."""

    vendor: int
    """Position of the vendor."""
    noun: str
    """What is counted: `h` for hours worked, `EU`, `item` for items of any kind, one item's noun, or a driver's."""
    amounts: Floats
    """By period, shape (T,); for a capacity of the whole horizon shape (1,)."""
    by_period: bool = True
    """Whether each period has its own limit."""


def vendor_capacities(case: Case) -> tuple[Capacity, ...]:
    """Capacity of every vendor that has one, after shrinkage and ramp; at most one of a noun by period.

    Hours worked in a week are people times paid hours times (1 - shrinkage) times the ramp of that week. A stated
    capacity is what the vendor says it can do: shrinkage and ramp written beside it apply, the model's default does not.

    Raises CaseError for capacities of one vendor that do not go together, and nouns nothing in the case counts.
    """
    weeks = np.array(case.periods.weeks_each())
    found: list[Capacity] = []
    problems: list[Problem] = []
    for position, (name, vendor) in enumerate(case.vendors.items()):
        ramp = ramp_of(vendor, case.periods.count)
        if vendor.people is not None:
            hours = vendor.people.number * paid_hours(case, vendor) * (1.0 - shrinkage(case, vendor))
            found.append(Capacity(position, "h", hours * weeks * ramp))
        if vendor.capacity is not None and kind_of(vendor.capacity) == "count":
            found.append(Capacity(position, noun_of(vendor.capacity), np.array([vendor.capacity.number]), False))
        stated = _stated(case, name, vendor)
        problems += _clashes(case, name, vendor, stated)
        if stated:
            weekly = _weekly(case, name, vendor)
            left = 1.0 - (vendor.shrinkage or 0.0)
            found.append(Capacity(position, noun_of(stated[0]), weekly * weeks * ramp * left))
    if problems:
        raise CaseError(problems)
    return tuple(found)


def _stated(case: Case, name: str, vendor: Vendor) -> list[Quantity]:
    """Every capacity by week a vendor states: in general, from a period on, for single periods."""
    whole = vendor.capacity is not None and kind_of(vendor.capacity) == "count"
    general = [vendor.capacity] if vendor.capacity is not None and not whole else []
    rows = [row.capacity for row in case.file.calendar if row.vendor == name and row.capacity is not None]
    return [*general, *(step.amount for step in vendor.capacity_steps), *rows]


def _clashes(case: Case, name: str, vendor: Vendor, stated: list[Quantity]) -> list[Problem]:
    place = case.place("vendors", name)
    nouns = {noun_of(one) for one in stated}
    problems = []
    if len(nouns) > 1:
        message = f"the capacities of {name} by week count different things: {', '.join(sorted(nouns))}"
        problems.append(Problem(message, place, "write all of them in one unit"))
    if vendor.people is not None and "h" in nouns:
        message = f"vendors.{name} has its hours twice: people and capacity"
        problems.append(Problem(message, place, "keep one"))
    if any(kind_of(one) == "count" for one in stated):
        message = f"a capacity from a period on, or of one period, is by week (vendor {name})"
        problems.append(Problem(message, place, "write `5_000 items/week`"))
    whole = [vendor.capacity] if vendor.capacity is not None else []
    for noun in sorted({*nouns, *map(noun_of, whole)} - {"h", "EU", "item"} - set(_counted(case))):
        fix = f"this case counts {', '.join(dict.fromkeys(_counted(case)))}, item, EU, h"
        problems.append(Problem(f"the capacity of {name} is in {noun}, which no product has", place, fix))
    return problems


def _counted(case: Case) -> list[str]:
    """Nouns of items and drivers of the case's products."""
    nouns = [item_of(case, product) for product in case.products.values()]
    return nouns + [driver for product in case.products.values() for driver in drivers_of(case, product)]


def _weekly(case: Case, name: str, vendor: Vendor) -> Floats:
    """A stated capacity per week, by period; infinite before the first statement."""
    whole = vendor.capacity is None or kind_of(vendor.capacity) == "count"
    start = np.inf if vendor.capacity is None or whole else vendor.capacity.number
    starts = [step.from_ for step in vendor.capacity_steps]
    weekly = stepped(case.periods, starts, [step.amount.number for step in vendor.capacity_steps], before=start)
    for row in case.file.calendar:
        if row.vendor == name and row.capacity is not None:
            weekly[row.week - 1] = row.capacity.number
    return weekly


def noun_of(capacity: Quantity) -> str:
    """What a capacity counts; `h` for hours."""
    return capacity.of() or "h"


def work_content(case: Case, ways: Routes, noun: str) -> Floats:
    """How much of a capacity one item of each route takes, shape (R,); 0 where it is not counted.

    noun: `h`, `EU`, `item` for items of any kind, one item's noun, or a driver's (as in boxes a week).
    """
    if noun == "h":
        return ways.hours
    if noun == "EU":
        return ways.equivalent_units
    each = [
        1.0
        if noun in ("item", item_of(case, product))
        else driver_count(case, product, noun)
        if noun in drivers_of(case, product)
        else 0.0
        for product in case.products.values()
    ]
    return np.array(each)[ways.product]


def paid_hours(case: Case, vendor: Vendor) -> float:
    """Paid hours a week of one of a vendor's people: its own, else its region's."""
    region = case.model.regions.get(vendor.region) if vendor.region else None
    hours = vendor.hours or (region.hours if region else None)
    return float(hours.number) if hours is not None else 0.0


def shrinkage(case: Case, vendor: Vendor) -> float:
    """Share of a vendor's paid hours not worked on items: its own, else the model's default."""
    return float(vendor.shrinkage if vendor.shrinkage is not None else case.model.defaults.shrinkage)


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
