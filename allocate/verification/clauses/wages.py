"""In-house teams: what their people are paid, busy or idle, and the hours, seats and people there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import element, total
from allocate.verification.checks import Check
from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import everything
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.teams import Team, Week, followed, told

if TYPE_CHECKING:
    from allocate.verification.work import Work

PAID = {
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


def decided(work: Work, position: int) -> tuple[list[Number], list[Number], list[Number]]:
    """People who start and who leave, and overtime, of a team by period."""
    parts = (work.staff.hired, work.staff.released, work.staff.overtime)
    return tuple([element(amount) for amount in part[position]] for part in parts)  # type: ignore[return-value]


def weeks_of(work: Work, position: int) -> list[Week]:
    """A team period by period."""
    hired, released = work.staff.hired[position], work.staff.released[position]
    return followed(work.stated.teams[position], hired, released)


def paid(work: Work, position: int) -> list[dict[str, tuple[Number, Number]]]:
    """Quantity and money of all that a team is paid in each period."""
    team = work.stated.teams[position]
    hired, released, overtime = decided(work, position)
    told = []
    for t, week in enumerate(weeks_of(work, position)):
        hours, wage = float(team.hours[t]), float(team.wage[t])
        later = week.in_shifts[1:]
        opened = [float(team.shift_cost[shift, t]) for shift, people in enumerate(later) if people > 0]
        premium = sum((people * extra for people, extra in zip(later, team.premiums, strict=True)), 0.0)
        replaced = week.people * float(team.replaced[t])
        told.append(
            {
                "wages": (week.people * hours, week.people * hours * wage),
                "shift premium": (sum(later, 0.0) * hours, premium * hours * wage),
                "shift": (float(len(opened)), sum(opened, 0.0)),
                "overtime": (overtime[t], overtime[t] * float(team.overtime_wage[t])),
                "hiring": (hired[t], hired[t] * float(team.hire_cost[t])),
                "replacement": (replaced, replaced * float(team.replace_cost[t])),
                "release": (released[t], released[t] * float(team.release_cost[t])),
            }
        )
    return told


def owed(work: Work, before: Before) -> Owed:
    """All that each team is paid in each period; each line bears what its hours cost of what all hours of a period cost."""
    entries: list[Entry] = []
    lines: list[Number] = [0.0] * len(work.made)
    for position, team in enumerate(work.stated.teams):
        name, by_period = work.stated.vendors[team.vendor], paid(work, position)
        for clause, unit in PAID.items():
            for period, money in enumerate(by_period):
                many, amount = money[clause]
                if amount:
                    entries.append(
                        Entry(
                            name, work.label(period), clause, name, many, unit, amount / many, amount, period,
                            everything(work),
                        )
                    )  # fmt: skip
        each = _of_an_hour(work, position, by_period)
        for then, hours, _ in work.stages:
            for line in np.flatnonzero(work.vendor == team.vendor).tolist():
                if then[line] < len(each):
                    lines[line] = element(hours[line]) * each[then[line]] + lines[line]
    return Owed(entries, lines)


def _of_an_hour(work: Work, position: int, by_period: list[dict[str, tuple[Number, Number]]]) -> list[Number]:
    """What an hour worked costs in each period: all that the period's hours cost, over the hours there are."""
    used = work.hours_worked(work.vendor == work.stated.teams[position].vendor)
    overtime = decided(work, position)[2]
    each = []
    for t, week in enumerate(weeks_of(work, position)):
        there = max(week.hours + overtime[t], element(used[t]))
        running = sum((by_period[t][clause][1] for clause in RUNNING), 0.0)
        each.append(running / there if there > 0 else 0.0)
    return each


def kept(work: Work) -> Iterator[Check]:
    """Hours, overtime, releases and seats of every team in each period; hires and releases in all."""
    for position, team in enumerate(work.stated.teams):
        name, overtime = work.stated.vendors[team.vendor], decided(work, position)[2]
        used = work.hours_worked(work.vendor == team.vendor)
        for period, week in enumerate(weeks_of(work, position)):
            for family, words, unit, amount, limit, at_least in _limits(
                team, period, week, (element(used[period]), overtime[period])
            ):
                group = f"{words} of {name}"
                check = Check(family, (team.vendor, period), "", unit, amount, limit, at_least)
                yield replace(check, subject=f"{group} in {work.label(period)}", group=group, period=period)
        for family, words, many, limit in (
            ("team_hires", "people hired", work.staff.hired[position], team.most_hired),
            ("team_releases", "people released", work.staff.released[position], team.most_released),
        ):
            if 0 < limit < np.inf:
                ordered = float(told(work.case, name)[family == "team_releases"].sum())
                most = max(limit, ordered)
                yield Check(family, (team.vendor,), f"{words} by {name}", "people", total(many), most, False)
        yield from _at_once(work, position)


def _at_once(work: Work, position: int) -> Iterator[Check]:
    """People who start, and leave, in each period, where the case says how many may."""
    team = work.stated.teams[position]
    name, staff = work.stated.vendors[team.vendor], decided(work, position)
    known = told(work.case, name)
    for family, words, many, before, most in (
        ("team_hires_at_once", "people hired", staff[0], known[0], team.at_once[0]),
        ("team_releases_at_once", "people released", staff[1], known[1], team.at_once[1]),
    ):
        group = f"{words} by {name}"
        for period in range(work.case.periods.count) if most is not None else ():
            limit = max(float(most or 0), float(before[period]))
            check = Check(family, (team.vendor, period), "", "people", many[period], limit, False)
            yield replace(check, subject=f"{group} in {work.label(period)}", group=group, period=period)


def _limits(
    team: Team, period: int, week: Week, hours: tuple[Number, Number]
) -> Iterator[tuple[str, str, str, Number, Number, bool]]:
    """Limits of a team in a period; hours: those its lines take, and overtime."""
    used, overtime = hours
    yield "team_hours", "hours", "h", used, week.hours + overtime, False
    if team.overtime > 0 or overtime > 0:
        most = team.overtime * float(team.hours[period]) * week.proficient
        yield "team_overtime", "overtime", "h", overtime, most, False
    if team.most_released > 0 or week.proficient < 0:
        yield "team_proficient", "people past their ramp", "people", week.proficient, 0.0, True
    if np.isfinite(team.seats):
        yield "team_seats", "seats", "people", week.people, team.seats * len(week.in_shifts), False
