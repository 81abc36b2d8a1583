"""In-house teams, followed person by person from who starts and who leaves: people, hours, money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Team as Terms
from allocate.exact import Floats, element
from allocate.tables.table import Table
from allocate.units import Quantity
from allocate.verification.by_time import Place, at_work, counted, lengths, paid_hours, place
from allocate.verification.exchange import by_period, price_factor, worth


@dataclass(frozen=True, eq=False)
class Staff:
    """What is decided about teams: people who start and who leave in each period, and overtime; shapes (teams, T)."""

    hired: Floats
    released: Floats
    overtime: Floats
    """Hours."""


@dataclass(frozen=True, eq=False)
class Team:
    """A team in the case's words; arrays by period, money in the case's currency."""

    vendor: int
    terms: Terms
    place: Place
    wage: Floats
    """Money for a paid hour."""
    hours: Floats
    """Paid hours of one person, on average where places are empty at times."""
    worked: Floats
    """Share of them worked on items, without those of holidays."""
    replaced: Floats
    """People who start in a leaver's place, for each person."""
    hire_cost: Floats
    replace_cost: Floats
    release_cost: Floats
    shift_cost: Floats
    """Of each further shift while it is open, shape (S, T)."""
    notice: tuple[int, int]
    """First periods in which people may start, and leave."""

    @property
    def seats(self) -> float:
        """People of one shift."""
        return float(self.terms.shifts.seats) if self.terms.shifts is not None else np.inf

    @property
    def premiums(self) -> tuple[float, ...]:
        """On the wage of the people in each further shift."""
        return tuple(shift.premium for shift in self.terms.shifts.further) if self.terms.shifts is not None else ()

    @property
    def overtime(self) -> float:
        """Overtime at most, as a share of regular paid hours."""
        return self.terms.overtime.at_most if self.terms.overtime is not None else 0.0

    @property
    def overtime_wage(self) -> Floats:
        """Money for an hour of overtime."""
        premium = self.terms.overtime.premium if self.terms.overtime is not None else 0.0
        wage: Floats = self.wage * (1.0 + premium)
        return wage

    @property
    def most_hired(self) -> float:
        """People who may be hired."""
        hire = self.terms.hire
        return 0.0 if hire is None else np.inf if hire.at_most is None else float(hire.at_most)

    @property
    def most_released(self) -> float:
        """People who may be released."""
        release = self.terms.release
        return 0.0 if release is None else np.inf if release.at_most is None else float(release.at_most)

    @property
    def at_once(self) -> tuple[int | None, int | None]:
        """People who may start, and leave, in one period; None: any number."""
        hire, release = self.terms.hire, self.terms.release
        return hire.per_period if hire is not None else None, release.per_period if release is not None else None


def own_teams(case: Case) -> tuple[Team, ...]:
    """Every in-house team of a case, in the order of its vendors."""
    named = enumerate(case.vendors.items())
    return tuple(
        _team(case, position, name, vendor.team) for position, (name, vendor) in named if vendor.team is not None
    )


def _hourly(case: Case, name: str, wage: Quantity) -> Floats:
    """What a paid hour costs in each period: as written, or what a person is paid in it over the paid hours there are in it."""
    vendor, money = case.vendors[name], [worth(case, wage, period) for period in range(case.periods.count)]
    if wage.time is None:
        return np.array(money)
    if wage.time == "day":  # hours by the day are those of working days: one each
        day = Quantity(1.0, (("h", 1),), "1 h/day", "day", 1.0)
        many = counted(case.periods, day, vendor.working_days)
    else:
        many = lengths(case.periods, wage)
    hours = paid_hours(case, vendor)
    return np.array(
        [each * part / there if there else 0.0 for each, part, there in zip(money, many, hours, strict=True)]
    )


def _team(case: Case, position: int, name: str, terms: Terms) -> Team:
    periods, leaving, hire, release = case.periods, terms.turnover, terms.hire, terms.release
    count = range(periods.count)
    held = Place()
    replaced = np.zeros(periods.count)
    if leaving is not None:
        vacancy = leaving.vacancy or (hire.notice if hire is not None else None)
        assert vacancy is not None
        held = place(leaving.rate, vacancy, terms.ramp, periods.unit)
        replaced = counted(periods, leaving.rate) * held.filled

    def money(amount: Quantity | None) -> Floats:
        return np.array([worth(case, amount, period) for period in count])

    further = terms.shifts.further if terms.shifts is not None else ()
    # Holidays are paid and not worked, or of people paid by the day neither.
    there, unpaid = (
        at_work(case, case.vendors[name].holidays, case.vendors[name].working_days),
        terms.wage.time == "day",
    )
    idle = terms.shrinkage if terms.shrinkage is not None else case.model.defaults.shrinkage
    replacing = leaving.cost if leaving is not None else None
    return Team(
        vendor=position,
        terms=terms,
        place=held,
        wage=_hourly(case, name, terms.wage) * np.array([price_factor(case, name, period) for period in count]),
        hours=paid_hours(case, case.vendors[name]) * held.filled * (there if unpaid else 1.0),
        worked=(1.0 - idle) * held.worth * (np.ones_like(there) if unpaid else there),
        replaced=replaced,
        hire_cost=money(hire.cost if hire is not None else None),
        replace_cost=money(replacing or (hire.cost if hire is not None else None)),
        release_cost=money(release.cost if release is not None else None),
        shift_cost=np.array([by_period(case, shift.cost) for shift in further]).reshape(len(further), periods.count),
        notice=(
            case.planned_from + periods.lead(hire.notice) if hire is not None else periods.count,
            case.planned_from + periods.lead(release.notice) if release is not None else periods.count,
        ),
    )


def unchanged(case: Case) -> Staff:
    """Every team as it is at the start, without overtime; with what is done and ordered."""
    decided = [told(case, name) for name, vendor in case.vendors.items() if vendor.team is not None]
    if not decided:
        return Staff(*(np.zeros((0, case.periods.count)) for _ in range(3)))
    return Staff(*(np.stack(part) for part in zip(*decided, strict=True)))


def told(case: Case, name: str) -> tuple[Floats, Floats, Floats]:
    """What is said of a team as done or ordered: people who start, people who leave, and overtime, by period."""
    told = np.zeros((3, case.periods.count))
    for one in () if case.past is None else case.past.staff:
        if one.team == name:
            told[:, one.period - 1] += one.hired, one.released, one.overtime
    return told[0], told[1], told[2]


def read_staff(case: Case, table: Table) -> tuple[Staff, list[str]]:
    """What a plan's staff table decides; what is no decision (missing rows, halves of people) as problems."""
    teams, names, count = own_teams(case), list(case.vendors), case.periods.count
    expected = [(names[team.vendor], period + 1) for team in teams for period in range(count)]
    if [*zip(table["team"].tolist(), table["period"].tolist(), strict=True)] != expected:
        return unchanged(case), ["the staff is not that of the case's teams and periods, in their order"]
    problems: list[str] = []
    amounts: dict[str, Floats] = {}
    for column in ("hired", "released", "overtime"):
        given = np.array(table[column].tolist(), dtype=np.float64)
        whole = np.ones(len(given), dtype=bool) if column == "overtime" else given == np.round(given)
        good = np.isfinite(given) & (given >= 0) & whole
        for row in np.flatnonzero(~good).tolist():
            name, period = expected[row]
            problems.append(f"{name}: {given[row]:g} {column} in {case.periods.label(period - 1)} is not an amount")
        amounts[column] = np.where(good, given, 0.0).reshape(len(teams), count)
    staff = Staff(amounts["hired"], amounts["released"], amounts["overtime"])
    for position, team in enumerate(teams):
        problems += _too_early(case, team, staff.hired[position], staff.released[position])
        problems += _otherwise(case, team, (staff.hired[position], staff.released[position], staff.overtime[position]))
    return staff, problems


def _too_early(case: Case, team: Team, hired: Floats, released: Floats) -> Iterator[str]:
    """People who start or leave before a notice can be over, or at all where nobody may, and were not to already."""
    name = list(case.vendors)[team.vendor]
    ordered = told(case, name)
    for verb, many, known, first, most in (
        ("start", hired, ordered[0], team.notice[0], team.most_hired),
        ("leave", released, ordered[1], team.notice[1], team.most_released),
    ):
        for period in np.flatnonzero(many[:first] > known[:first]).tolist():
            reason = "nobody may" if most == 0 else "the notice is not over"
            yield f"{name}: {many[period]:g} people {verb} in {case.periods.label(period)}, {reason}"


def _otherwise(case: Case, team: Team, decided: tuple[Floats, Floats, Floats]) -> Iterator[str]:
    """Decisions for periods that are past, and those that are kept, which are not what was decided."""
    past, name = case.past, list(case.vendors)[team.vendor]
    if past is None:
        return
    words = ("people start", "people leave", "hours of overtime are worked")
    for verb, many, known, until in zip(words, decided, told(case, name), (*team.notice, past.first), strict=True):
        last = until if past.hires_kept else past.first
        for period in np.flatnonzero(many[:last] != known[:last]).tolist():
            yield f"{name}: {many[period]:g} {verb} in {case.periods.label(period)}, and {known[period]:g} is what was decided"


@dataclass(frozen=True)
class Week:
    """A team in one period."""

    people: float
    proficient: float
    hours: float
    """Regular hours worked on items."""
    in_shifts: tuple[float, ...]
    """People in the first shift, the second …"""


def followed(team: Team, hired: Floats, released: Floats) -> list[Week]:
    """Each period of a team: whoever has come is followed from the first day; the proficient leave."""
    proficient, learning = float(team.terms.people), list[tuple[int, float]]()
    weeks: list[Week] = []
    ramp = team.terms.ramp
    for period in range(len(hired)):
        proficient += sum(many for start, many in learning if period - start >= len(ramp))
        learning = [(start, many) for start, many in learning if period - start < len(ramp)]
        proficient -= element(released[period])
        if ramp:
            learning.append((period, element(hired[period])))
        else:
            proficient += element(hired[period])
        people = proficient + sum(many for _, many in learning)
        there = proficient + sum(many * ramp[period - start] for start, many in learning)
        weeks.append(
            Week(people, proficient, there * float(team.hours[period] * team.worked[period]), _seated(team, people))
        )
    return weeks


def _seated(team: Team, people: float) -> tuple[float, ...]:
    """People by shift: the first has all its seats taken before the second opens."""
    left, shifts = people, []
    for _ in range(1 + len(team.premiums)):
        shifts.append(min(left, team.seats))
        left -= shifts[-1]
    return tuple(shifts)
