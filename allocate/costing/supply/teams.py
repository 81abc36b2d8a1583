"""In-house teams as plain numbers: what people cost and how many hours they are there for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.case.by_time import days_in, times
from allocate.case.load import Case
from allocate.case.schema import Team as TeamBlock
from allocate.case.schema import Vendor
from allocate.costing.readings import read_once
from allocate.costing.supply.throughput import Capacity, paid_hours, vendor_capacities, working_days
from allocate.costing.supply.turnover import places_of, starts
from allocate.costing.terms.prices import by_time, in_case_currency, price_factors
from allocate.numbers import Floats, ratio
from allocate.units import WORKING_DAYS, Quantity


@dataclass(frozen=True, eq=False)
class Decided:
    """What is decided about one team already: people who start and who leave, and overtime, by period, shape (T,)."""

    first: int
    """Position of the first period that is planned."""
    hired: Floats
    released: Floats
    overtime: Floats
    """Hours, in periods that are past."""
    kept: bool
    """Whether all who are to start or leave later do; else fewer may."""

    def most(self, people: int) -> Floats:
        """Most people employed by period if nobody else starts, shape (T,)."""
        gone = np.where(np.arange(len(self.released)) < self.first, self.released, 0.0)
        employed: Floats = people + np.cumsum(self.hired - gone)
        return employed

    def bounds(self, orders: Floats, notice: int, most: float) -> tuple[Floats, Floats]:
        """Least and most people who start (leave) by period, shape (T,); notice: position of the first period that is open."""
        count = np.arange(len(orders))
        fixed = (count < self.first) | (self.kept & (count < notice))
        upper = np.where(count < notice, orders, np.maximum(most, 0.0))
        return np.where(fixed, orders, 0.0), upper


@dataclass(frozen=True, eq=False)
class Team:
    """One team; arrays by period have shape (T,), money is in the case's currency."""

    vendor: int
    people: int
    """At the start, all proficient: their ramp is over. With turnover these, and those hired, are places."""
    wage: Floats
    """Money per paid hour."""
    hours: Floats
    """Paid hours of one person in each period, on average where places are empty at times."""
    worked: Floats
    """Share of paid hours worked on items: what holidays and shrinkage leave, and what a newcomer in a leaver's place is worth."""
    ramp: tuple[float, ...]
    """Share of those hours a newcomer is worth in the first, second … period."""
    hire_cost: Floats
    replaced: Floats
    """People who start in a leaver's place in each period, for each person: a number on average, none without turnover."""
    replace_cost: Floats
    """Money for each of them."""
    hire_from: int
    """First period (from 0) in which a newcomer can start."""
    most_hired: float
    """Over the horizon; infinite where nothing is said, 0 where nobody is hired."""
    hired_at_once: float
    """In one period at most; infinite where nothing is said."""
    release_cost: Floats
    release_from: int
    most_released: float
    released_at_once: float
    overtime: float
    """Overtime as a share of the regular paid hours of proficient people, at most."""
    overtime_wage: Floats
    seats: float
    """People of one shift; infinite where nothing is said."""
    shift_cost: Floats
    """(S, T) what each further shift costs while it is open."""
    shift_premium: Floats
    """(S,) on the wage of the people in it."""
    decided: Decided | None = None
    """Who started and left before the first planned period, and who does later because it was ordered; None where nothing is done."""
    added: float = 0.0
    """Hours a question about the team's limits adds to the most it could come to in each period."""

    @property
    def room(self) -> float:
        """People all shifts together have seats for."""
        return self.seats * (1 + len(self.shift_premium))

    def most_hours(self, money: float) -> Floats:
        """Hours of work there can be in each period at most, shape (T,), with all hires, in all seats, for some money."""
        # Every newcomer is paid for one period at least.
        least = float((self.hire_cost + self.wage * self.hours).min())
        affordable = self.people + np.floor(money / least) if least > 0 else np.inf
        before = (
            np.full(len(self.hours), float(self.people)) if self.decided is None else self.decided.most(self.people)
        )
        most = max(min(self.people + self.most_hired, self.room, affordable), before.max())
        people = np.where(np.arange(len(self.hours)) < self.hire_from, before, most)
        each = self.hours * (self.worked + self.overtime)
        hours: Floats = np.multiply(people, each, out=np.zeros(len(each)), where=each > 0)
        return hours + self.added


@read_once
def teams(case: Case) -> tuple[Team, ...]:
    """Every in-house team of a case, in the order of its vendors."""
    if all(vendor.team is None for vendor in case.vendors.values()):
        return ()
    return tuple(
        _team(case, position, vendor.team)
        for position, vendor in enumerate(case.vendors.values())
        if vendor.team is not None
    )


@read_once
def most_capacities(case: Case, money: float) -> tuple[Capacity, ...]:
    """Capacities of every vendor, with the most hours each in-house team could come to for some money."""
    return (*vendor_capacities(case), *(Capacity(team.vendor, "h", team.most_hours(money)) for team in teams(case)))


def _team(case: Case, position: int, block: TeamBlock) -> Team:
    vendor = list(case.vendors.values())[position]
    periods = case.periods
    shrinkage = block.shrinkage if block.shrinkage is not None else case.model.defaults.shrinkage
    wage = _wage(case, vendor, block.wage) * price_factors(case)[position]
    place = places_of(case, block)
    at_work = working_days(case, vendor.holidays, vendor.working_days)
    by_day = block.wage.time == "day"  # of days that are paid: holidays are no paid hours then
    hours = paid_hours(case, vendor) * place.filled * (at_work if by_day else 1.0)
    hire, release, overtime, shifts = block.hire, block.release, block.overtime, block.shifts
    first = case.planned_from
    further = shifts.further if shifts is not None else ()
    return Team(
        vendor=position,
        people=block.people,
        wage=wage,
        hours=hours,
        worked=(np.ones_like(at_work) if by_day else at_work) * ((1.0 - float(shrinkage)) * place.worth),
        ramp=tuple(block.ramp),
        hire_cost=_money(case, hire.cost if hire is not None else None),
        replaced=starts(case, block) * place.filled,
        replace_cost=_replace_cost(case, block),
        hire_from=first + periods.lead(hire.notice) if hire is not None else periods.count,
        most_hired=_most(hire is not None, hire.at_most if hire is not None else None),
        hired_at_once=_most(True, hire.per_period if hire is not None else None),
        release_cost=_money(case, release.cost if release is not None else None),
        release_from=first + periods.lead(release.notice) if release is not None else periods.count,
        most_released=_most(release is not None, release.at_most if release is not None else None),
        released_at_once=_most(True, release.per_period if release is not None else None),
        overtime=overtime.at_most if overtime is not None else 0.0,
        overtime_wage=wage * (1.0 + (overtime.premium if overtime is not None else 0.0)),
        seats=float(shifts.seats) if shifts is not None else np.inf,
        shift_cost=np.array([by_time(case, one.cost) for one in further]).reshape(len(further), periods.count),
        shift_premium=np.array([one.premium for one in further]),
        decided=_decided(case, list(case.vendors)[position]),
        added=case.added.get(("team_hours", position), 0.0),
    )


def _wage(case: Case, vendor: Vendor, wage: Quantity) -> Floats:
    """What a paid hour of one person costs in each period, shape (T,): a salary or a rate by the day over the hours it is for.

    The hours of a salary are all there are, those of holidays included; those of a day are its own.
    """
    money = in_case_currency(case, wage)
    if wage.time is None:
        return money
    if wage.time == "day":
        many = np.array(days_in(case.periods, vendor.working_days or WORKING_DAYS), dtype=np.float64)
    else:
        many = np.array([float(one) for one in times(case.periods, wage)])
    hours = paid_hours(case, vendor)
    each: Floats = money * ratio(many, hours)
    return each


def _decided(case: Case, name: str) -> Decided | None:
    """What is decided about a team already; None where nothing is done."""
    past = case.past
    if past is None:
        return None
    hired, released, overtime = (np.zeros(case.periods.count) for _ in range(3))
    for one in past.staff:
        if one.team == name:
            hired[one.period - 1] += one.hired
            released[one.period - 1] += one.released
            overtime[one.period - 1] += one.overtime
    return Decided(past.first, hired, released, overtime, past.hires_kept)


def _replace_cost(case: Case, block: TeamBlock) -> Floats:
    """Money for each person who starts in a leaver's place: as said of the turnover, else of hiring."""
    stated = block.turnover.cost if block.turnover is not None else None
    return _money(case, stated or (block.hire.cost if block.hire is not None else None))


def _money(case: Case, amount: Quantity | None) -> Floats:
    return np.zeros(case.periods.count) if amount is None else in_case_currency(case, amount)


def _most(allowed: bool, at_most: int | None) -> float:
    if not allowed:
        return 0.0
    return np.inf if at_most is None else float(at_most)


@dataclass(frozen=True, eq=False)
class Staff:
    """What is decided about teams: people who start and who leave in each period, and overtime; shapes (teams, T)."""

    hired: Floats
    released: Floats
    overtime: Floats
    """Hours."""


def unchanged(case: Case) -> Staff:
    """Every team as it is at the start, without overtime; with what is decided already."""
    shape, known = (len(teams(case)), case.periods.count), [team.decided for team in teams(case)]
    if known and known[0] is not None:
        return Staff(*(np.stack([getattr(one, name) for one in known]) for name in ("hired", "released", "overtime")))
    return Staff(np.zeros(shape), np.zeros(shape), np.zeros(shape))


@dataclass(frozen=True, eq=False)
class Staffed:
    """What decisions about one team come to, by period, shapes (T,)."""

    team: Team
    hired: Floats
    released: Floats
    overtime: Floats

    @cached_property
    def people(self) -> Floats:
        """Everybody employed."""
        employed: Floats = self.team.people + np.cumsum(self.hired - self.released)
        return employed

    @cached_property
    def learning(self) -> Floats:
        """People in each period of their ramp, shape (ramp, T)."""
        periods = len(self.hired)
        table = np.zeros((len(self.team.ramp), periods), dtype=self.hired.dtype)
        for step in range(min(len(self.team.ramp), periods)):
            table[step, step:] = self.hired[: periods - step]
        return table

    @cached_property
    def hours(self) -> Floats:
        """Regular hours worked on items."""
        lost = self.learning.T @ (1.0 - np.array(self.team.ramp))
        there: Floats = self.team.hours * self.team.worked * (self.people - lost)
        return there

    @cached_property
    def in_shift(self) -> Floats:
        """People in each further shift, filled in order, shape (S, T)."""
        count = len(self.team.shift_premium)
        before = self.team.seats * np.arange(1, count + 1)[:, None] if count else np.zeros((0, 1))
        table: Floats = np.clip(self.people - before, 0.0, self.team.seats)
        return table

    @cached_property
    def charges(self) -> dict[str, tuple[Floats, Floats]]:
        """Quantity and money of each clause by period."""
        team, premium = self.team, self.team.shift_premium @ self.in_shift
        opened = (self.in_shift > 0).astype(np.float64)
        regular = self.people * team.hours
        return {
            "wages": (regular, regular * team.wage),
            "shift premium": (self.in_shift.sum(axis=0) * team.hours, premium * team.hours * team.wage),
            "shift": (opened.sum(axis=0), (opened * team.shift_cost).sum(axis=0)),
            "overtime": (self.overtime, self.overtime * team.overtime_wage),
            "hiring": (self.hired, self.hired * team.hire_cost),
            "replacement": (self.people * team.replaced, self.people * team.replaced * team.replace_cost),
            "release": (self.released, self.released * team.release_cost),
        }

    @property
    def running(self) -> Floats:
        """Money of the hours, worked or idle: wages, shifts, overtime."""
        parts = [self.charges[name][1] for name in RUNNING]
        total: Floats = np.sum(parts, axis=0)
        return total


CLAUSES = {
    "wages": "h",
    "shift premium": "h",
    "shift": "shift",
    "overtime": "h",
    "hiring": "person",
    "replacement": "person",
    "release": "person",
}
"""What is paid for a team, and what is counted."""
RUNNING = ("wages", "shift premium", "shift", "overtime")
"""What of it is for the hours, worked or idle."""


def staffed(found: tuple[Team, ...], staff: Staff) -> tuple[Staffed, ...]:
    """Decisions about each team, worked out."""
    rows = zip(found, staff.hired, staff.released, staff.overtime, strict=True)
    return tuple(Staffed(team, hired, released, overtime) for team, hired, released, overtime in rows)
