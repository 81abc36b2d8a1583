"""Amounts by time (`2k USD/month`, `8 h/day`) counted again from the calendar, and what vendors, teams and levers have of them.

Nothing of `allocate.case.by_time` is used: what a period has of a month is the difference of two running counts, one at
its first day and one at the first day after it.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocate.case.holidays import public_holidays
from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.case.schema import Holidays, ReviewTeam, Vendor
from allocate.costing.supply.teams import Team, teams
from allocate.costing.supply.throughput import Capacity, noun_of, review_load, vendor_capacities
from allocate.costing.supply.turnover import places_of, share_there
from allocate.costing.table import Routes
from allocate.costing.terms.prices import in_case_currency
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]

FIVE = 5
"""Working days of a week where nothing is said."""


def counted(periods: Periods, amount: Quantity, working: int | None = None) -> Floats:
    """What an amount by time comes to in each period, shape (T,); working: working days of a week, for work per day."""
    each = Fraction(str(amount.each))
    by_calendar_days = amount.currency is not None or amount.of() is None
    bounds = [*periods.starts, periods.end + datetime.timedelta(days=1)]
    if amount.time in ("month", "quarter", "year") and periods.unit == "month":
        marks = [Fraction(number) for number in range(len(bounds))]
    else:
        marks = [_until(day, amount.time or "week", 7 if by_calendar_days else working or FIVE) for day in bounds]
    parts = {"quarter": 3, "year": 12}.get(amount.time or "week", 1)
    return np.array([float(each * (later - mark) / parts) for mark, later in itertools.pairwise(marks)])


def _until(day: datetime.date, unit: str, working: int) -> Fraction:
    """How many weeks, working days or months have passed before a day, since the first of the year 1, a Monday."""
    passed = day.toordinal() - 1
    weeks, rest = divmod(passed, 7)
    if unit == "week":
        return Fraction(passed, 7)
    if unit == "day":
        return Fraction(weeks * working + min(rest, working))
    return 12 * day.year + day.month + Fraction(day.day - 1, calendar.monthrange(day.year, day.month)[1])


def at_work(case: Case, stated: Holidays | None, working: int | None) -> Floats:
    """Share of the working days of each period that are no holidays, shape (T,)."""
    days = case.periods.starts
    after = [*days[1:], case.periods.end + datetime.timedelta(days=1)]
    if stated is None:
        return np.ones(len(days))
    years = range(days[0].year, case.periods.end.year + 1)
    off = {*(stated.days if stated.country is None else public_holidays(stated.country, years))}
    shares = []
    for first, end in zip(days, after, strict=True):
        there = _until(end, "day", working or FIVE) - _until(first, "day", working or FIVE)
        lost = sum(first <= day < end and day.weekday() < (working or FIVE) for day in off)
        shares.append(float(1 - lost / there) if there else 0.0)
    return np.array(shares)


def capacities(case: Case) -> tuple[Capacity, ...]:
    """Capacity of every vendor that has one, its amounts by period from the case's words."""
    return tuple(_capacity(case, one) if one.by_period else one for one in vendor_capacities(case))


def _capacity(case: Case, one: Capacity) -> Capacity:
    name, vendor = list(case.vendors.items())[one.vendor]
    left = at_work(case, vendor.holidays, vendor.working_days) * share_there(case, vendor)
    left = left * (1.0 if vendor.utilisation is None else vendor.utilisation)
    if vendor.people is not None and one.noun == "h":
        idle = vendor.shrinkage if vendor.shrinkage is not None else case.model.defaults.shrinkage
        amounts = vendor.people.number * _hours(case, vendor) * (1.0 - idle) * left
    else:
        amounts = _stated(case, name, vendor) * (1.0 - (vendor.shrinkage or 0.0)) * left
    if not isinstance(vendor.ramp_from, str):
        first = 0 if vendor.ramp_from is None else case.periods.first_from(vendor.ramp_from)
        amounts = within(amounts, ramp(case, vendor, first))
    amounts = amounts + case.added.get((one.family, one.vendor), 0.0)
    return replace(one, amounts=amounts, levers=tuple((lever, _added(case, lever, one)) for lever, _ in one.levers))


def within(amounts: Floats, shares: Floats) -> Floats:
    """Shares of what there is in each period, where something is said of it."""
    return np.where(np.isfinite(amounts), np.where(np.isfinite(amounts), amounts, 0.0) * shares, amounts)


def ramp(case: Case, vendor: Vendor, first: int) -> Floats:
    """Share of its capacity a vendor has in each period when its ramp begins in one, from 0, shape (T,)."""
    steps = dict(enumerate(vendor.ramp))
    return np.array([0.0 if t < first else steps.get(t - first, 1.0) for t in range(case.periods.count)])


def _hours(case: Case, vendor: Vendor) -> Floats:
    """Paid hours of one person by period."""
    region = case.model.regions.get(vendor.region) if vendor.region else None
    hours = (vendor.team or vendor).hours or (region.hours if region is not None else None)
    return np.zeros(case.periods.count) if hours is None else counted(case.periods, hours, vendor.working_days)


def _stated(case: Case, name: str, vendor: Vendor) -> Floats:
    """A capacity as the case states it, period by period: the calendar's row, else the last step, else the vendor's own."""
    rows = {row.week - 1: row.capacity for row in case.file.calendar if row.vendor == name and row.capacity is not None}
    own = vendor.capacity if vendor.capacity is not None and vendor.capacity.time is not None else None
    found = np.full(case.periods.count, np.inf)
    for period in range(case.periods.count):
        begun = [step.amount for step in vendor.capacity_steps if case.periods.first_from(step.from_) <= period]
        amount = rows.get(period) or (begun[-1] if begun else own)
        if amount is not None:
            found[period] = counted(case.periods, amount, vendor.working_days)[period]
    return found


def _added(case: Case, number: int, one: Capacity) -> Floats:
    """What a lever adds to a capacity in each period from its start on."""
    name, vendor = list(case.vendors.items())[one.vendor]
    lever = list(case.file.levers.values())[number]
    first = case.periods.first_from(lever.from_) if lever.from_ is not None else 0
    found = np.zeros(case.periods.count)
    for effect in lever.effect:
        amount = effect.capacity
        if amount is not None and amount.time and noun_of(amount) == one.noun and name in (effect.vendors or ()):
            found[first:] += counted(case.periods, amount, vendor.working_days)[first:]
    return found


def checking_hours(case: Case, ways: Routes) -> Floats | None:
    """Hours of checking there are by period, shape (T,); None where there are as many as needed."""
    team: ReviewTeam | None = case.file.review_team
    hours = None if team is None else (team.capacity if team.people is None else team.hours)
    if team is None or hours is None:
        return None
    load = (team.utilisation or 1.0) if team.people is None else review_load(case, ways, int(team.people.number))
    there = counted(case.periods, hours, team.working_days) * at_work(case, team.holidays, team.working_days)
    return np.asarray(there * load * (1.0 - (team.shrinkage or 0.0)), dtype=np.float64)


def own_teams(case: Case) -> tuple[Team, ...]:
    """Every in-house team, what it has and costs by time counted again."""
    found = []
    for team in teams(case):
        vendor = list(case.vendors.values())[team.vendor]
        assert vendor.team is not None
        place, leaving = places_of(case, vendor.team), vendor.team.turnover
        replaced = np.zeros(case.periods.count) if leaving is None else counted(case.periods, leaving.rate)
        further = vendor.team.shifts.further if vendor.team.shifts is not None else ()
        costs = [money(case, one.cost) for one in further]
        found.append(
            replace(
                team,
                hours=_hours(case, vendor) * place.filled,
                replaced=replaced * place.filled,
                shift_cost=np.array(costs).reshape(len(further), case.periods.count),
            )
        )
    return tuple(found)


def rate_items(case: Case, line: int) -> Floats | None:
    """Items a line of the rate card can make in each period, shape (T,); None where it states no amount by time."""
    rate = case.file.rates[line] if case.file.rates else None
    if rate is None or rate.capacity is None or kind_of(rate.capacity) == "count":
        return None
    return counted(case.periods, rate.capacity, case.vendors[rate.vendor].working_days)


def money(case: Case, amount: Quantity | None) -> Floats:
    """Money by time in each period, in the case's currency."""
    if amount is None:
        return np.zeros(case.periods.count)
    rates = in_case_currency(case, replace(amount, number=1.0, in_time=None))
    return np.asarray(counted(case.periods, amount) * rates, dtype=np.float64)
