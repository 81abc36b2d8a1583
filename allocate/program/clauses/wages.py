"""Columns and rows of in-house teams: people, ramp, hours, overtime, shifts, and their pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.costing.supply.teams import Staff, Team
from allocate.program.arrays import Floats, Integers
from allocate.program.model import Model, axes_of, by_period
from allocate.program.naming import Block
from allocate.tolerances import OVERTIME_HOURS

SUMMED = 2_000
"""Columns of items up to which a program says that the people of all periods together are a whole number."""


@dataclass(frozen=True, eq=False)
class Staffing:
    """The columns of a case's teams, team after team, period after period."""

    teams: tuple[Team, ...]
    periods: int
    columns: Mapping[str, Block]
    """All families of the program; those of teams are `people`, `hired`, `released` and `overtime`."""

    def cells(self, block: Block | str) -> Integers:
        """Numbers of a family's columns, or of rows like them, shape (teams, T)."""
        cells = self.columns[block] if isinstance(block, str) else block
        return cells.ids.reshape(-1, self.periods)

    def axes(self, teams: Sequence[Team] | None = None) -> dict[str, Integers]:
        """The axes of a family by team and period; teams: of these only."""
        return by_period([team.vendor for team in (self.teams if teams is None else teams)], self.periods)

    def decided(self, values: Floats) -> Staff:
        """The decisions in a solver's values, people as the whole numbers they are."""
        if not self.teams:
            return Staff(*(np.zeros((0, self.periods)) for _ in range(3)))
        hired, released, overtime = (values[self.cells(family)] for family in ("hired", "released", "overtime"))
        overtime = np.where(overtime < OVERTIME_HOURS, 0.0, overtime)
        return Staff(hired=np.round(hired), released=np.round(released), overtime=overtime)


def staffing(model: Model) -> Staffing:
    """The columns of a program's teams."""
    return Staffing(model.layout.teams, model.layout.case.periods.count, model.program.columns)


def team_people(model: Model) -> None:
    r"""Everybody employed in a period: those before, those who start, less those who leave.

    .. math:: p_{vt} = p_{v,t-1} + a_{vt} - d_{vt}, \qquad p_{v,-1} = P_v, \qquad a_{vt}, d_{vt} \in \{0, 1, 2, \dots\}
        \qquad \forall v, t \qquad [\text{people}]

    Who starts is known after the notice of hiring, :math:`a_{vt} = 0` for :math:`t < n_v`; who is released stays, paid, until
    the notice of releasing is over, :math:`d_{vt} = 0` for :math:`t < m_v`. Nobody starts or leaves within a period.

    Dual: money the plan gains from one more person in period t, for nothing, while hires and releases stay as they are.
    """
    program, staff, teams = model.program, staffing(model), model.layout.teams
    if not teams:
        return
    axes, count = staff.axes(), np.arange(staff.periods, dtype=np.int32)
    program.add_columns("people", axes)
    for family, bounds in (("hired", _hired), ("released", _released), ("overtime", _overtime)):
        lower, upper = (np.concatenate(sides) for sides in zip(*(bounds(team, count) for team in teams), strict=True))
        program.add_columns(family, axes, lower=lower, upper=upper, integer=family != "overtime")
    start = np.where(axes["period"] == 0, np.repeat([team.people for team in teams], staff.periods), 0.0)
    rows = program.add_rows("team_people", axes, lower=start, upper=start)
    program.add_terms(rows.ids, program.columns["people"].ids, 1.0)
    program.add_terms(staff.cells(rows)[:, 1:].ravel(), staff.cells("people")[:, :-1].ravel(), -1.0)
    program.add_terms(rows.ids, program.columns["hired"].ids, -1.0)
    program.add_terms(rows.ids, program.columns["released"].ids, 1.0)
    shifts = [(team.vendor, shift + 1) for team in teams for shift in range(len(team.shift_premium))]
    if shifts:
        cells = axes_of(
            ("vendor", "shift", "period"), [(*shift, period) for shift in shifts for period in count.tolist()]
        )
        program.add_columns("in_shift", cells, upper=_seats(staff, cells["vendor"]))
        program.add_columns("shift_open", cells, upper=1.0, integer=True)


def team_person_periods(model: Model) -> None:
    r"""All periods of all people of a team that hires or releases, together a whole number.

    .. math:: w_v = \sum_t p_{vt}, \qquad w_v \in \{0, 1, 2, \dots\} \qquad \forall v \qquad [\text{person-periods}]

    It follows from whole hires and releases, and nothing is paid by it. A search that branches on one period's hires sees the
    fraction move to the next period; one that branches on the sum is soon at its end. Large programs have it not: there the way
    to a plan settles whole numbers few by few, and the sum, which is last, can stand in its way.

    Dual: none to go by; the row only says what the sum is.
    """
    staff = staffing(model)
    moving = [team.most_hired > 0 or team.most_released > 0 for team in staff.teams]
    if not any(moving) or len(model.layout.ids) > SUMMED:
        return
    axes = {
        "vendor": np.array([team.vendor for team, moves in zip(staff.teams, moving, strict=True) if moves], np.int32)
    }
    sums = model.program.add_columns("person_periods", axes, integer=True)
    rows = model.program.add_rows("team_person_periods", axes, lower=0.0, upper=0.0)
    model.program.add_terms(rows.ids, sums.ids, -1.0)
    people = staff.cells("people")[np.array(moving)]
    model.program.add_terms(np.repeat(rows.ids, staff.periods), people.ravel(), 1.0)


def _hired(team: Team, count: Integers) -> tuple[Floats, Floats]:
    """Least and most people who start in each period: after the notice, or as it is decided already."""
    if team.decided is not None:
        return team.decided.bounds(team.decided.hired, team.hire_from, team.most_hired)
    return np.zeros(len(count)), np.where(count >= team.hire_from, team.most_hired, 0.0)


def _released(team: Team, count: Integers) -> tuple[Floats, Floats]:
    """The same of those who leave."""
    if team.decided is not None:
        return team.decided.bounds(team.decided.released, team.release_from, team.most_released)
    return np.zeros(len(count)), np.where(count >= team.release_from, team.most_released, 0.0)


def _overtime(team: Team, count: Integers) -> tuple[Floats, Floats]:
    """Least and most overtime in each period, hours."""
    most = np.full(len(count), np.inf if team.overtime > 0 else 0.0)
    if team.decided is None:
        return np.zeros(len(count)), most
    past = count < team.decided.first
    return np.where(past, team.decided.overtime, 0.0), np.where(past, team.decided.overtime, most)


def _seats(staff: Staffing, vendors: Integers) -> Floats:
    """Seats of the teams of some vendors."""
    seats = {team.vendor: team.seats for team in staff.teams}
    return np.array([seats[vendor] for vendor in vendors.tolist()])


def team_proficient(model: Model) -> None:
    r"""Only people whose ramp is over are released.

    .. math:: p_{vt} - \sum_{k=0}^{K_v - 1} a_{v,t-k} \ge 0 \qquad \forall v, t \qquad [\text{people}]

    with :math:`K_v` the periods of the ramp: what is left when everybody still in it is taken away.

    Dual: money the plan gains if one of those in their ramp could be released in period t.
    """
    staff = staffing(model)
    if staff.teams:
        rows = model.program.add_rows("team_proficient", staff.axes(), lower=0.0)
        _proficient(model, staff, rows, [np.ones(staff.periods)] * len(staff.teams))


def _proficient(model: Model, staff: Staffing, rows: Block, factors: Sequence[Floats]) -> None:
    """Put people less those in their ramp, times a factor by team and period, into rows."""
    for team, factor, ids, people, hired in zip(
        staff.teams, factors, staff.cells(rows), staff.cells("people"), staff.cells("hired"), strict=True
    ):
        model.program.add_terms(ids, people, factor)
        for step in range(min(len(team.ramp), staff.periods)):
            model.program.add_terms(ids[step:], hired[: staff.periods - step], -factor[step:])


def team_hours(model: Model) -> None:
    r"""A team works no more hours in a period than its people are there for, newcomers counted by their ramp, and overtime.

    .. math:: \sum_{r \in R(v)} h_r \, x_{rt} \le H_{vt} (1 - s_v) \Bigl(p_{vt} - \sum_{k=0}^{K_v - 1} (1 - \rho_{vk}) \,
        a_{v,t-k}\Bigr) + o_{vt} \qquad \forall v, t \qquad [\text{hours}]

    with H the paid hours of one person, s the shrinkage, :math:`\rho_k` what a newcomer is worth in the k-th period, and o
    overtime, all of which is work on items. Where the team learns, its hours are those of its curve (see `learned_least`).

    Dual: money the plan gains from one more hour of the team in period t; zero while people are idle.
    """
    program, layout, learned, staff = model.program, model.layout, model.learned, staffing(model)
    if not staff.teams:
        return
    rows = program.add_rows("team_hours", staff.axes(), upper=0.0)
    learns = None if learned is None else learned.learns(layout)[layout.route]
    for hours, when in layout.stages():
        model.put_items(rows, hours if learns is None else np.where(learns, 0.0, hours), when)
    for team, ids, people, hired in zip(
        staff.teams, staff.cells(rows), staff.cells("people"), staff.cells("hired"), strict=True
    ):
        if learned is not None:
            learned.put_hours(program, ids, team.vendor)
        each = team.hours * team.worked
        program.add_terms(ids, people, -each)
        for step in range(min(len(team.ramp), staff.periods)):
            program.add_terms(ids[step:], hired[: staff.periods - step], each[step:] * (1.0 - team.ramp[step]))
    program.add_terms(rows.ids, program.columns["overtime"].ids, -1.0)


def team_overtime(model: Model) -> None:
    r"""Overtime is at most a share of the regular paid hours of the people whose ramp is over.

    .. math:: o_{vt} \le \omega_v H_{vt} \Bigl(p_{vt} - \sum_{k=0}^{K_v - 1} a_{v,t-k}\Bigr)
        \qquad \forall v, t \qquad [\text{hours}]

    Dual: money the plan gains from one more hour of overtime in period t.
    """
    staff = staffing(model)
    if any(team.overtime > 0 for team in staff.teams):
        rows = model.program.add_rows("team_overtime", staff.axes(), upper=0.0)
        model.program.add_terms(rows.ids, model.program.columns["overtime"].ids, 1.0)
        _proficient(model, staff, rows, [-team.overtime * team.hours for team in staff.teams])


def team_hires(model: Model) -> None:
    r"""A team hires no more people over the horizon, and in one period, than it may, and releases no more.

    .. math:: \sum_t a_{vt} \le A_v, \qquad \sum_t d_{vt} \le D_v, \qquad a_{vt} \le \bar A_v, \qquad d_{vt} \le \bar D_v
        \qquad \forall v, t \qquad [\text{people}]

    Dual: money the plan gains from the right to one more hire (release), of little meaning while people are whole.
    """
    staff = staffing(model)
    for family, block, most in (
        ("team_hires", "hired", [team.most_hired for team in staff.teams]),
        ("team_releases", "released", [team.most_released for team in staff.teams]),
    ):
        chosen = [position for position, amount in enumerate(most) if 0 < amount < np.inf]
        if chosen:
            known = [staff.teams[n].decided for n in chosen]
            ordered = [0.0 if one is None else float(getattr(one, block).sum()) for one in known]
            vendors = [staff.teams[n].vendor for n in chosen]
            upper = [max(most[n], decided) for n, decided in zip(chosen, ordered, strict=True)]
            rows = model.program.add_rows(family, {"vendor": vendors}, upper=upper)
            columns = staff.cells(block)[chosen]
            model.program.add_terms(np.repeat(rows.ids, staff.periods), columns.ravel(), 1.0)
    _at_once(model, staff, "team_hires_at_once", "hired", [team.hired_at_once for team in staff.teams])
    _at_once(model, staff, "team_releases_at_once", "released", [team.released_at_once for team in staff.teams])


def _at_once(model: Model, staff: Staffing, family: str, block: str, most: Sequence[float]) -> None:
    """Rows of how many people start (leave) in one period at most; those who were to already may be more."""
    chosen = [position for position, amount in enumerate(most) if amount < np.inf]
    if not chosen:
        return
    known = [staff.teams[n].decided for n in chosen]
    ordered = [np.zeros(staff.periods) if one is None else getattr(one, block) for one in known]
    upper = np.concatenate([np.maximum(most[n], some) for n, some in zip(chosen, ordered, strict=True)])
    rows = model.program.add_rows(family, staff.axes([staff.teams[n] for n in chosen]), upper=upper)
    model.program.add_terms(rows.ids, staff.cells(block)[chosen].ravel(), 1.0)


def team_shifts(model: Model) -> None:
    r"""Everybody has a seat, in the first shift or a further one that is open; shifts fill in order.

    .. math:: S_v z_{v1t} \le p_{vt} - \sum_k e_{vkt} \le S_v, \qquad S_v z_{v,k+1,t} \le e_{vkt} \le S_v z_{vkt}, \qquad
        e_{vkt} \ge z_{vkt} \qquad \forall v, k, t \qquad [\text{people}]

    with S the seats, e the people in the k-th further shift and z 0 or 1 whether it is open: only when those before it are
    full, and somebody works in it.

    Dual: of the seats, money the plan gains from one more seat in period t, with the shifts open as they are.
    """
    program, staff = model.program, staffing(model)
    seated = [team for team in staff.teams if np.isfinite(team.seats)]
    if not seated:
        return
    axes = staff.axes(seated)
    rows = program.add_rows("team_seats", axes, upper=_seats(staff, axes["vendor"]))
    program.add_terms(rows.ids, program.columns["people"].at(**axes), 1.0)
    if "in_shift" not in program.columns:
        return
    inside, opened = program.columns["in_shift"], program.columns["shift_open"]
    full = _seats(staff, inside.index["vendor"])
    program.add_terms(rows.at(**inside.index), inside.ids, -1.0)
    model.tie("shift_seats", inside.index, inside.ids, opened.ids, full)
    model.tie("shift_used", inside.index, inside.ids, opened.ids, 1.0, at_least=True)
    order = program.add_rows("shift_order", inside.index, lower=0.0)
    program.add_terms(order.ids, opened.ids, -full)
    first = inside.index["shift"] == 1
    before = {axis: values[~first] for axis, values in inside.index.items()}
    before["shift"] = before["shift"] - 1
    program.add_terms(order.ids[~first], inside.at(**before), 1.0)
    # Who sits in none of the further shifts is in the first, which the second waits for.
    people = program.columns["people"].at(**{axis: values[first] for axis, values in inside.index.items()})
    program.add_terms(order.ids[first], people, 1.0)
    program.add_terms(order.at(**{**inside.index, "shift": np.ones(len(inside), np.int32)}), inside.ids, -1.0)


def pay(model: Model) -> None:
    r"""Everybody employed is paid for all regular hours, busy or idle; overtime, shifts, hiring and releasing come on top.

    .. math:: \sum_{v,t} \Bigl(w_{vt} H_{vt} \, p_{vt} + \omega_{vt} \, o_{vt} + A_v \, a_{vt} + D_v \, d_{vt}
        + \sum_k (\pi_{vk} w_{vt} H_{vt} \, e_{vkt} + K_{vkt} \, z_{vkt})\Bigr) \qquad [\text{money}]

    with w the wage, of overtime :math:`\omega`, A and D the cost of hiring and releasing, :math:`\pi` the premium of a shift
    and K its cost. What it takes to replace leavers is part of the money of a person. It adds money, and no row.

    Dual: none of its own; see those of hours, people and overtime.
    """
    teams, columns = model.layout.teams, model.program.columns
    if not teams:
        return
    amounts = {
        "people": [team.wage * team.hours + team.replaced * team.replace_cost for team in teams],
        "hired": [team.hire_cost for team in teams],
        "released": [team.release_cost for team in teams],
        "overtime": [team.overtime_wage for team in teams],
    }
    shifts = [team for team in teams if len(team.shift_premium)]
    if shifts:
        amounts["in_shift"] = [(team.shift_premium[:, None] * team.wage * team.hours).ravel() for team in shifts]
        amounts["shift_open"] = [team.shift_cost.ravel() for team in shifts]
    for family, money in amounts.items():
        index = columns[family].index
        model.charge(columns[family], np.concatenate(money), index["vendor"], index["period"])
