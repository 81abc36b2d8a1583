"""What vendors, lines of the rate card and the review team can do in each period, from the words of the case."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.clauses.review import Answer, ReviewTeam
from allocate.case.load import Case
from allocate.case.schema import Rate, Vendor
from allocate.exact import Floats
from allocate.units import Quantity, kind_of
from allocate.verification.arrivals import load_promised
from allocate.verification.by_time import at_work, counted, paid_hours, share_there


@dataclass(frozen=True, eq=False)
class Capacity:
    """The most a vendor does of something, its ramp from the first work aside; infinite where nothing is said."""

    vendor: int
    noun: str
    """`h`, `EU`, `item` for items of any kind, one item's noun, or a driver's."""
    amounts: Floats
    """By period, shape (T,); for the whole horizon shape (1,)."""
    by_period: bool
    levers: tuple[tuple[int, Floats], ...] = ()
    """Position of each lever that changes the amounts, and by how much."""

    @property
    def family(self) -> str:
        """Kind of limit it is."""
        if not self.by_period:
            return "vendor_total"
        return "vendor_hours" if self.noun == "h" else "vendor_items"


def noun_of(amount: Quantity) -> str:
    """What an amount of work counts; `h` for hours."""
    return amount.of() or "h"


def in_all(amount: Quantity | None) -> bool:
    """Whether a capacity is one for the whole horizon: of items, or of hours."""
    return amount is not None and "calendar" not in kind_of(amount)


def capacities(case: Case) -> tuple[Capacity, ...]:
    """Every capacity the case states, vendor by vendor: of people, in all, and by time."""
    return tuple(_changed(case, one) for one in _capacities(case))


def _capacities(case: Case) -> Iterator[Capacity]:
    for position, (name, vendor) in enumerate(case.vendors.items()):
        there = at_work(case, vendor.holidays, vendor.working_days) * share_there(case, vendor)
        there = there * (1.0 if vendor.utilisation is None else vendor.utilisation)
        first = 0 if vendor.ramp_from is None else None
        if vendor.ramp_from is not None and not isinstance(vendor.ramp_from, str):
            first = case.periods.first_from(vendor.ramp_from)
        shares = np.ones(len(there)) if first is None else ramp(case, vendor, first)
        if vendor.people is not None:
            idle = vendor.shrinkage if vendor.shrinkage is not None else case.model.defaults.shrinkage
            hours = vendor.people.number * paid_hours(case, vendor) * (1.0 - idle)
            yield Capacity(position, "h", within(hours * there, shares), True)
        if vendor.capacity is not None and in_all(vendor.capacity):
            yield Capacity(position, noun_of(vendor.capacity), np.array([vendor.capacity.number]), False)
        amounts = _by_statement(case, name, vendor)
        stated = [amount for amount in amounts if amount is not None]
        if stated:
            each = np.full(len(there), np.inf)
            distinct = {id(amount): amount for amount in stated}
            known = {key: counted(case.periods, amount, vendor.working_days) for key, amount in distinct.items()}
            for period, amount in enumerate(amounts):
                if amount is not None:
                    each[period] = known[id(amount)][period]
            left = within(each, (1.0 - (vendor.shrinkage or 0.0)) * there)
            yield Capacity(position, noun_of(stated[0]), within(left, shares), True)


def _by_statement(case: Case, name: str, vendor: Vendor) -> list[Quantity | None]:
    """The capacity by time that holds in each period: the calendar's row, else the last step begun, else the vendor's own."""
    rows = {row.week - 1: row.capacity for row in case.file.calendar if row.vendor == name and row.capacity is not None}
    own = None if in_all(vendor.capacity) else vendor.capacity
    amounts: list[Quantity | None] = []
    for period in range(case.periods.count):
        begun = [step.amount for step in vendor.capacity_steps if case.periods.first_from(step.from_) <= period]
        amounts.append(rows.get(period) or (begun[-1] if begun else own))
    return amounts


def _changed(case: Case, one: Capacity) -> Capacity:
    """A capacity with what a question about it adds, and what levers add to it."""
    name, vendor = list(case.vendors.items())[one.vendor]
    added = []
    for number, lever in enumerate(case.file.levers.values()):
        first = case.periods.first_from(lever.from_) if lever.from_ is not None else 0
        change, changed = np.zeros(len(one.amounts)), False
        for effect in lever.effect:
            amount = effect.capacity
            if amount is None or name not in (effect.vendors or ()) or noun_of(amount) != one.noun:
                continue
            if in_all(amount) == one.by_period:
                continue
            changed = True
            if one.by_period:
                change[first:] += counted(case.periods, amount, vendor.working_days)[first:]
            else:
                change += amount.number
        if changed:
            added.append((number, change))
    more = case.added.get((one.family, one.vendor), 0.0)
    return replace(one, amounts=one.amounts + more, levers=tuple(added))


def within(amounts: Floats, shares: Floats) -> Floats:
    """Shares of what there is in each period, where something is said of it."""
    return np.where(np.isfinite(amounts), np.where(np.isfinite(amounts), amounts, 0.0) * shares, amounts)


def ramp(case: Case, vendor: Vendor, first: int) -> Floats:
    """Share of its capacity a vendor has in each period when its ramp begins in one, from 0, shape (T,)."""
    steps = dict(enumerate(vendor.ramp))
    return np.array([0.0 if t < first else steps.get(t - first, 1.0) for t in range(case.periods.count)])


def rate_items(case: Case, rate: Rate) -> Floats | None:
    """Items a line of the rate card can make in each period, shape (T,); None where it states no amount by time."""
    if rate.capacity is None or in_all(rate.capacity):
        return None
    return counted(case.periods, rate.capacity, case.vendors[rate.vendor].working_days)


def checking_hours(case: Case, longest_check: Callable[[], float]) -> Floats | None:
    """Hours of checking there are by period, shape (T,); None where there are as many as needed.

    longest_check: the longest mean time of a check of any route, asked for where a promise depends on it.
    """
    team = case.file.review_team
    hours = None if team is None else (team.capacity if team.people is None else team.hours)
    if team is None or hours is None:
        return None
    load = 1.0 if team.utilisation is None else team.utilisation
    if team.people is not None:
        load = _load(team, load, longest_check)
    there = counted(case.periods, hours, team.working_days) * at_work(case, team.holidays, team.working_days)
    return np.asarray(there * load * (1.0 - (team.shrinkage or 0.0)), dtype=np.float64)


def _load(team: ReviewTeam, share: float, longest_check: Callable[[], float]) -> float:
    """How many people of a team can be checking on average, so that a promise of beginning in time is kept."""
    assert team.people is not None
    people, answer = int(team.people.number), team.answer
    if answer is None:
        return people * share
    handling = answer.handling.number if answer.handling is not None else longest_check()
    if handling == 0.0:
        return people * share
    if answer.arrivals is not None and not answer.arrivals.steady:
        return min(people * share, load_promised(team, handling))
    low, high = 0.0, float(people)
    while high - low > 1e-9 * people:
        middle = (low + high) / 2.0
        kept = 1.0 - _late(people, middle, handling, answer) >= answer.share
        low, high = (middle, high) if kept else (low, middle)
    return min(people * share, low)


def _late(people: int, load: float, handling: float, answer: Answer) -> float:
    """Share of checks that wait longer than promised: Erlang's C, waits exponential with Allen and Cunneen's mean."""
    if load >= people:
        return 1.0
    free = 1.0
    for number in range(1, people + 1):
        free = 1.0 + free * number / load if load > 0.0 else math.inf
    blocked = 1.0 / free
    waits = people * blocked / (people - load * (1.0 - blocked))
    mean = waits * handling / (people - load) * (answer.arrival_variability + answer.work_variability) / 2.0
    if mean == 0.0:
        return waits if answer.within.number == 0.0 else 0.0
    return waits * math.exp(-answer.within.number * waits / mean)


def uniform(ratios: Sequence[float]) -> bool:
    """Whether ratios differ by no more than rounding."""
    return not ratios or max(ratios) - min(ratios) <= 1e-9 * max(ratios)
