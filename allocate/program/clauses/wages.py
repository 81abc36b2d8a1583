"""Columns and rows of in-house teams: people, ramp, hours, overtime, shifts, and their pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.supply.teams import Staff, Team
from allocate.costing.work.stages import parts
from allocate.program.charges import Charge
from allocate.program.layout import Floats, Integers, Layout
from allocate.program.limits.learning import NOTHING_LEARNED, Learned
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.tolerances import OVERTIME_HOURS


@dataclass(frozen=True)
class Staffing:
    """The columns of a case's teams, team after team, period after period; `shift` adds the further shifts."""

    teams: tuple[Team, ...]
    periods: int
    people: Block | None = None
    hired: Block | None = None
    released: Block | None = None
    overtime: Block | None = None
    in_shift: Block | None = None
    shift_open: Block | None = None

    def columns(self, block: Block | None) -> Integers:
        """Numbers of a block's columns, shape (teams, T)."""
        assert block is not None
        return block.ids.reshape(len(self.teams), self.periods)

    def decided(self, values: Floats) -> Staff:
        """The decisions in a solver's values, people as the whole numbers they are."""
        if not self.teams:
            nothing = np.zeros((0, self.periods))
            return Staff(nothing, nothing, nothing)
        overtime = values[self.columns(self.overtime)]
        return Staff(
            hired=np.round(values[self.columns(self.hired)]),
            released=np.round(values[self.columns(self.released)]),
            overtime=np.where(overtime < OVERTIME_HOURS, 0.0, overtime),
        )


def team_people(program: Program, layout: Layout) -> Staffing:
    r"""Everybody employed in a period: those before, those who start, less those who leave.

    .. math:: p_{vt} = p_{v,t-1} + a_{vt} - d_{vt}, \qquad p_{v,-1} = P_v, \qquad a_{vt}, d_{vt} \in \{0, 1, 2, \dots\}
        \qquad \forall v, t \qquad [\text{people}]

    Who starts is known after the notice of hiring, :math:`a_{vt} = 0` for :math:`t < n_v`; who is released stays, paid, until
    the notice of releasing is over, :math:`d_{vt} = 0` for :math:`t < m_v`. Nobody starts or leaves within a period.

    Dual: money the plan gains from one more person in period t, for nothing, while hires and releases stay as they are.
    """
    found, periods = layout.teams, layout.case.periods.count
    if not found:
        return Staffing((), periods)
    axes = _axes(found, periods)
    count = np.arange(periods)
    most_hired = [np.where(count >= one.hire_from, one.most_hired, 0.0) for one in found]
    most_released = [np.where(count >= one.release_from, one.most_released, 0.0) for one in found]
    staff = Staffing(
        teams=found,
        periods=periods,
        people=program.add_columns("people", axes),
        hired=program.add_columns("hired", axes, upper=np.concatenate(most_hired), integer=True),
        released=program.add_columns("released", axes, upper=np.concatenate(most_released), integer=True),
        overtime=program.add_columns("overtime", axes, upper=np.repeat([_open(one) for one in found], periods)),
    )
    start = np.zeros((len(found), periods))
    start[:, 0] = [one.people for one in found]
    rows = program.add_rows("team_people", axes, lower=start.ravel(), upper=start.ravel())
    ids, people = rows.ids.reshape(start.shape), staff.columns(staff.people)
    program.add_terms(ids.ravel(), people.ravel(), 1.0)
    program.add_terms(ids[:, 1:].ravel(), people[:, :-1].ravel(), -1.0)
    program.add_terms(ids.ravel(), staff.columns(staff.hired).ravel(), -1.0)
    program.add_terms(ids.ravel(), staff.columns(staff.released).ravel(), 1.0)
    return _with_shifts(program, staff)


def _open(team: Team) -> float:
    return np.inf if team.overtime > 0 else 0.0


def _axes(found: tuple[Team, ...], periods: int) -> dict[str, ArrayLike]:
    vendor = np.repeat([one.vendor for one in found], periods)
    return {"vendor": vendor, "period": np.tile(np.arange(periods), len(found))}


def _with_shifts(program: Program, staff: Staffing) -> Staffing:
    """The columns of further shifts, where a team has any."""
    cells = [
        (position, team, shift, period)
        for position, team in enumerate(staff.teams)
        for shift in range(len(team.shift_premium))
        for period in range(staff.periods)
    ]
    if not cells:
        return staff
    axes = {
        "vendor": np.array([team.vendor for _, team, _, _ in cells]),
        "shift": np.array([shift + 1 for _, _, shift, _ in cells]),
        "period": np.array([period for *_, period in cells]),
    }
    seats = np.array([team.seats for _, team, _, _ in cells])
    return Staffing(
        staff.teams, staff.periods, staff.people, staff.hired, staff.released, staff.overtime,
        in_shift=program.add_columns("in_shift", axes, upper=seats),
        shift_open=program.add_columns("shift_open", axes, upper=1.0, integer=True),
    )  # fmt: skip


def team_proficient(program: Program, layout: Layout, staff: Staffing) -> None:
    r"""Only people whose ramp is over are released.

    .. math:: p_{vt} - \sum_{k=0}^{K_v - 1} a_{v,t-k} \ge 0 \qquad \forall v, t \qquad [\text{people}]

    with :math:`K_v` the periods of the ramp: what is left when everybody still in it is taken away.

    Dual: money the plan gains if one of those in their ramp could be released in period t.
    """
    if not staff.teams:
        return
    rows = program.add_rows("team_proficient", _axes(staff.teams, staff.periods), lower=0.0)
    _proficient(program, staff, rows, [1.0] * len(staff.teams))


def _proficient(program: Program, staff: Staffing, rows: Block, factors: list[float] | list[Floats]) -> None:
    """Put people less those in their ramp, times a factor by team (and period), into rows."""
    ids, people, hired = (staff.columns(block) for block in (rows, staff.people, staff.hired))
    for position, team in enumerate(staff.teams):
        factor = np.broadcast_to(np.asarray(factors[position]), (staff.periods,))
        program.add_terms(ids[position], people[position], factor)
        for step in range(min(len(team.ramp), staff.periods)):
            program.add_terms(ids[position, step:], hired[position, : staff.periods - step], -factor[step:])


def team_hours(program: Program, layout: Layout, staff: Staffing, learned: Learned = NOTHING_LEARNED) -> None:
    r"""A team works no more hours in a period than its people are there for, newcomers counted by their ramp, and overtime.

    .. math:: \sum_{r \in R(v)} h_r \, x_{rt} \le H_{vt} (1 - s_v) \Bigl(p_{vt} - \sum_{k=0}^{K_v - 1} (1 - \rho_{vk}) \,
        a_{v,t-k}\Bigr) + o_{vt} \qquad \forall v, t \qquad [\text{hours}]

    with H the paid hours of one person, s the shrinkage, :math:`\rho_k` what a newcomer is worth in the k-th period, and o
    overtime, all of which is work on items. Where the team learns, its hours are those of its curve (see `learned_work`), and
    the share of people's hours by which that may be wrong stays free.

    Dual: money the plan gains from one more hour of the team in period t; zero while people are idle.
    """
    if not staff.teams:
        return
    rows = program.add_rows("team_hours", _axes(staff.teams, staff.periods), upper=0.0)
    ids = staff.columns(rows)
    row_of = np.full((len(layout.routes.vendors), staff.periods), -1)
    row_of[[one.vendor for one in staff.teams]] = ids
    for begins, each in parts(layout.routes):
        then = layout.period + (begins if isinstance(begins, int) else begins[layout.route])
        hours = each[layout.route]
        at = np.where(learned.learns(layout)[layout.route], -1, row_of[layout.vendor, then])
        program.add_terms(at[at >= 0], layout.ids[at >= 0], hours[at >= 0])
    people, hired = staff.columns(staff.people), staff.columns(staff.hired)
    for position, team in enumerate(staff.teams):
        learned.put_hours(program, ids[position], team.vendor)
        each = team.hours * team.worked * (1.0 - learned.free_share(team.vendor))
        program.add_terms(ids[position], people[position], -each)
        for step in range(min(len(team.ramp), staff.periods)):
            lost = each[step:] * (1.0 - team.ramp[step])
            program.add_terms(ids[position, step:], hired[position, : staff.periods - step], lost)
    program.add_terms(rows.ids, staff.columns(staff.overtime).ravel(), -1.0)


def team_overtime(program: Program, layout: Layout, staff: Staffing) -> None:
    r"""Overtime is at most a share of the regular paid hours of the people whose ramp is over.

    .. math:: o_{vt} \le \omega_v H_{vt} \Bigl(p_{vt} - \sum_{k=0}^{K_v - 1} a_{v,t-k}\Bigr)
        \qquad \forall v, t \qquad [\text{hours}]

    Dual: money the plan gains from one more hour of overtime in period t.
    """
    if all(team.overtime == 0 for team in staff.teams):
        return
    rows = program.add_rows("team_overtime", _axes(staff.teams, staff.periods), upper=0.0)
    program.add_terms(rows.ids, staff.columns(staff.overtime).ravel(), 1.0)
    _proficient(program, staff, rows, [-team.overtime * team.hours for team in staff.teams])


def team_hires(program: Program, layout: Layout, staff: Staffing) -> None:
    r"""A team hires no more people over the horizon than it may, and releases no more.

    .. math:: \sum_t a_{vt} \le A_v, \qquad \sum_t d_{vt} \le D_v \qquad \forall v \qquad [\text{people}]

    Dual: money the plan gains from the right to one more hire (release), of little meaning while people are whole.
    """
    for family, block, most in (
        ("team_hires", staff.hired, [one.most_hired for one in staff.teams]),
        ("team_releases", staff.released, [one.most_released for one in staff.teams]),
    ):
        chosen = [position for position, amount in enumerate(most) if 0 < amount < np.inf]
        if not chosen:
            continue
        vendor = [staff.teams[position].vendor for position in chosen]
        rows = program.add_rows(family, {"vendor": vendor}, upper=[most[position] for position in chosen])
        columns = staff.columns(block)[chosen]
        program.add_terms(np.repeat(rows.ids, staff.periods), columns.ravel(), 1.0)


def team_shifts(program: Program, layout: Layout, staff: Staffing) -> None:
    r"""Everybody has a seat, in the first shift or a further one that is open; shifts fill in order.

    .. math:: S_v z_{v1t} \le p_{vt} - \sum_k e_{vkt} \le S_v, \qquad S_v z_{v,k+1,t} \le e_{vkt} \le S_v z_{vkt}, \qquad
        e_{vkt} \ge z_{vkt} \qquad \forall v, k, t \qquad [\text{people}]

    with S the seats, e the people in the k-th further shift and z 0 or 1 whether it is open: only when those before it are
    full, and somebody works in it.

    Dual: of the seats, money the plan gains from one more seat in period t, with the shifts open as they are.
    """
    chosen = [position for position, team in enumerate(staff.teams) if np.isfinite(team.seats)]
    if not chosen:
        return
    seated = tuple(staff.teams[position] for position in chosen)
    seats = np.repeat([team.seats for team in seated], staff.periods)
    rows = program.add_rows("team_seats", _axes(seated, staff.periods), upper=seats)
    ids = rows.ids.reshape(len(chosen), staff.periods)
    program.add_terms(rows.ids, staff.columns(staff.people)[chosen].ravel(), 1.0)
    inside, opened = staff.in_shift, staff.shift_open
    if inside is None or opened is None:
        return
    place = {team.vendor: position for position, team in enumerate(seated)}
    team = np.array([place[vendor] for vendor in inside.index["vendor"].tolist()])
    period, full = inside.index["period"], np.array([one.seats for one in seated])[team]
    program.add_terms(ids[team, period], inside.ids, -1.0)
    axes = dict(inside.index)
    at_most = program.add_rows("shift_seats", axes, upper=0.0)
    program.add_terms(at_most.ids, inside.ids, 1.0)
    program.add_terms(at_most.ids, opened.ids, -full)
    at_least = program.add_rows("shift_used", axes, lower=0.0)
    program.add_terms(at_least.ids, inside.ids, 1.0)
    program.add_terms(at_least.ids, opened.ids, -1.0)
    _in_order(program, staff, team, full, seated)


def _in_order(program: Program, staff: Staffing, team: Integers, full: Floats, seated: tuple[Team, ...]) -> None:
    """A shift is open only when the one before it is full; cells come team by team, shift by shift, period by period."""
    inside, opened = staff.in_shift, staff.shift_open
    assert inside is not None
    assert opened is not None
    rows = program.add_rows("shift_order", dict(inside.index), lower=0.0)
    program.add_terms(rows.ids, opened.ids, -full)
    second = inside.index["shift"] == 1
    program.add_terms(rows.ids[~second], inside.ids[~second] - staff.periods, 1.0)
    people = staff.columns(staff.people)
    vendor = [one.vendor for one in staff.teams]
    mine = np.array([vendor.index(seated[position].vendor) for position in team.tolist()])
    program.add_terms(rows.ids[second], people[mine[second], inside.index["period"][second]], 1.0)
    for position, one in enumerate(seated):
        cells = team == position
        for shift in range(1, len(one.shift_premium) + 1):
            later = cells & (inside.index["shift"] == shift)
            program.add_terms(rows.ids[cells & second], inside.ids[later], -1.0)


def pay(layout: Layout, staff: Staffing) -> list[Charge]:
    """What teams are paid: everybody employed for all regular hours, busy or idle; overtime, shifts, hiring, releasing."""
    if not staff.teams:
        return []
    charges = [
        _charge(layout, staff.columns(staff.people), [_employed(one) for one in staff.teams], staff.people),
        _charge(layout, staff.columns(staff.hired), [one.hire_cost for one in staff.teams], staff.hired),
        _charge(layout, staff.columns(staff.released), [one.release_cost for one in staff.teams], staff.released),
        _charge(layout, staff.columns(staff.overtime), [one.overtime_wage for one in staff.teams], staff.overtime),
    ]
    if staff.in_shift is not None:
        cells = staff.in_shift.ids
        with_shifts = [one for one in staff.teams if len(one.shift_premium)]
        premium = [(one.shift_premium[:, None] * one.wage * one.hours).ravel() for one in with_shifts]
        cost = [one.shift_cost.ravel() for one in with_shifts]
        charges.append(_charge(layout, cells, premium, staff.in_shift))
        charges.append(_charge(layout, cells, cost, staff.shift_open))
    return charges


def _employed(team: Team) -> Floats:
    """Money of one person in each period: the wage, and what it takes to replace leavers."""
    money: Floats = team.wage * team.hours + team.replaced * team.replace_cost
    return money


def _charge(layout: Layout, cells: Integers, amounts: list[Floats], block: Block | None) -> Charge:
    assert block is not None
    every = tuple(range(len(layout.routes.products)))
    return Charge(
        columns=block,
        amount=np.concatenate(amounts),
        usage=np.zeros(cells.size),
        vendor=block.index["vendor"],
        period=block.index["period"],
        products=(every,) * cells.size,
    )
