"""In-house teams, followed person by person from who starts and who leaves: people, hours, money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.costing.supply.staff_table import STAFF_COLUMNS
from allocate.costing.supply.teams import CLAUSES, Staff, Team, unchanged
from allocate.exact import element, total
from allocate.tables.table import Table
from allocate.tolerances import IDLE_NOISE
from allocate.verification.by_time import own_teams
from allocate.verification.found import Check, is_near, near
from allocate.verification.work import Floats, Work

if TYPE_CHECKING:
    pass


def read_staff(case: Case, table: Table) -> tuple[Staff, list[str]]:
    """What a plan's staff table decides; what is no decision (missing rows, halves of people) as problems."""
    found, names, count = own_teams(case), list(case.vendors), case.periods.count
    expected = [(names[one.vendor], period + 1) for one in found for period in range(count)]
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
        amounts[column] = np.where(good, given, 0.0).reshape(len(found), count)
    staff = Staff(amounts["hired"], amounts["released"], amounts["overtime"])
    for position, one in enumerate(found):
        problems += _too_early(case, one, staff.hired[position], staff.released[position])
    return staff, problems


def _too_early(case: Case, team: Team, hired: Floats, released: Floats) -> list[str]:
    """People who start or leave before a notice can be over, or at all where nobody may."""
    name, problems = list(case.vendors)[team.vendor], []
    for verb, many, first, most in (
        ("start", hired, team.hire_from, team.most_hired),
        ("leave", released, team.release_from, team.most_released),
    ):
        for period in np.flatnonzero(many[:first] > 0).tolist():
            reason = "nobody may" if most == 0 else "the notice is not over"
            problems.append(f"{name}: {many[period]:g} people {verb} in {case.periods.label(period)}, {reason}")
    return problems


@dataclass(frozen=True)
class _Week:
    """A team in one period."""

    people: float
    proficient: float
    hours: float
    in_shifts: tuple[float, ...]
    """People in the first shift, the second …"""


def _followed(team: Team, hired: Floats, released: Floats) -> list[_Week]:
    """Each period of a team: whoever has come is followed from the first day; the proficient leave."""
    proficient, learning = float(team.people), list[tuple[int, float]]()
    weeks: list[_Week] = []
    for period in range(len(hired)):
        proficient += sum(many for start, many in learning if period - start >= len(team.ramp))
        learning = [(start, many) for start, many in learning if period - start < len(team.ramp)]
        proficient -= element(released[period])
        if team.ramp:
            learning.append((period, element(hired[period])))
        else:
            proficient += element(hired[period])
        people = proficient + sum(many for _, many in learning)
        worth = proficient + sum(many * team.ramp[period - start] for start, many in learning)
        weeks.append(_Week(people, proficient, worth * float(team.hours[period]) * team.worked, _seated(team, people)))
    return weeks


def _seated(team: Team, people: float) -> tuple[float, ...]:
    """People by shift: the first has all its seats taken before the second opens."""
    left, shifts = people, []
    for _ in range(1 + len(team.shift_premium)):
        shifts.append(min(left, team.seats))
        left -= shifts[-1]
    return tuple(shifts)


def _hours_worked(work: Work, team: Team) -> Floats:
    return work.hours_worked(work.vendor == team.vendor)


def staffing(work: Work) -> Iterator[Check]:
    """Hours, overtime, releases and seats of every team in each period; hires and releases in all."""
    for position, team in enumerate(own_teams(work.case)):
        hired, released, overtime = (
            part[position] for part in (work.staff.hired, work.staff.released, work.staff.overtime)
        )
        name, used = work.routes.vendors[team.vendor], _hours_worked(work, team)
        for period, week in enumerate(_followed(team, hired, released)):
            most = team.overtime * float(team.hours[period]) * week.proficient
            extra = element(overtime[period])
            room = team.seats * len(week.in_shifts)
            limits = [("team_hours", "hours", "h", element(used[period]), week.hours + extra, False)]
            if team.overtime > 0 or extra > 0:
                limits.append(("team_overtime", "overtime", "h", extra, most, False))
            if team.most_released > 0 or week.proficient < 0:
                limits.append(("team_proficient", "people past their ramp", "people", week.proficient, 0.0, True))
            if np.isfinite(team.seats):
                limits.append(("team_seats", "seats", "people", week.people, room, False))
            for family, words, unit, amount, limit, at_least in limits:
                group = f"{words} of {name}"
                check = Check(family, (team.vendor, period), "", unit, amount, limit, at_least)
                yield replace(check, subject=f"{group} in {work.label(period)}", group=group, period=period)
        for family, words, many, limit in (
            ("team_hires", "people hired", hired, team.most_hired),
            ("team_releases", "people released", released, team.most_released),
        ):
            if 0 < limit < np.inf:
                yield Check(family, (team.vendor,), f"{words} by {name}", "people", total(many), limit, False)


def wrong_staff(work: Work, table: Table) -> list[str]:
    """Figures of a plan's staff table that do not follow from its decisions, the lines and the case."""
    problems: list[str] = []
    count, found = work.case.periods.count, own_teams(work.case)
    if len(table) != len(found) * count:
        return problems  # said where it was read
    for position, team in enumerate(found):
        name, rows = work.routes.vendors[team.vendor], slice(position * count, (position + 1) * count)
        expected = _figures(work, team, position)
        for column in list(STAFF_COLUMNS)[2:]:
            if column not in table:
                problems.append(f"the staff has no {column}")
                continue
            given, right = table[column][rows].astype(np.float64), expected[column]
            # The table takes idle hours of nothing but rounding for none.
            rounding = IDLE_NOISE * (expected["hours"] + expected["overtime"]) if column == "idle" else 0.0
            wrong = ~(near(given, right) | (np.abs(given - right) <= rounding))
            problems += [
                f"{name}, {work.label(period)}: {column} is {given[period]:.10g}, the case says {right[period]:.10g}"
                for period in np.flatnonzero(wrong).tolist()
            ]
        owed = sum(e.amount for e in work.owed.entries if e.vendor == name and e.clause in CLAUSES)
        paid = float(expected["spend"].sum())
        if not is_near(owed, paid):
            problems.append(f"the invoice asks {owed:.10g} for {name}, its people are paid {paid:.10g}")
    return problems


def _figures(work: Work, team: Team, position: int) -> dict[str, Floats]:
    """Every column of the staff table for one team, by period."""
    hired, released, overtime = (
        part[position] for part in (work.staff.hired, work.staff.released, work.staff.overtime)
    )
    weeks, worked = _followed(team, hired, released), _hours_worked(work, team)
    people = np.array([week.people for week in weeks])
    hours = np.array([week.hours for week in weeks])
    shifts = [1 + sum(many > 0 for many in week.in_shifts[1:]) for week in weeks]
    premium = np.zeros(len(weeks))
    lights = np.zeros(len(weeks))
    for period, week in enumerate(weeks):
        for shift, many in enumerate(week.in_shifts[1:]):
            premium[period] += many * float(team.shift_premium[shift])
            lights[period] += float(team.shift_cost[shift, period]) if many > 0 else 0.0
    money = {
        "wages": (people + premium) * team.hours * team.wage,
        "overtime_pay": overtime * team.overtime_wage,
        "hiring": hired * team.hire_cost + people * team.replaced * team.replace_cost,
        "releasing": released * team.release_cost,
        "shift_cost": lights,
    }
    return {
        "people": people, "hired": hired, "released": released, "shifts": np.array(shifts, dtype=np.float64),
        "hours": hours, "overtime": overtime, "worked": worked, "idle": hours + overtime - worked,
        "paid": people * team.hours + overtime, **money, "spend": np.sum(list(money.values()), axis=0),
    }  # fmt: skip
