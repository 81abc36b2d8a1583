"""An in-house team: whole people with wages, hiring, releasing, overtime and shifts."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.schema.turnover import TeamTurnoverField


class Hire(Block):
    """New people."""

    cost: a.Money | None = None
    """For each person, paid in the period they start."""
    notice: a.Lead | None = None
    """From the decision to the first day, rounded up to whole periods: nobody new starts earlier."""
    at_most: a.Heads | None = None
    """People who may be hired over the horizon; absent: as many as pay."""


class Release(Block):
    """People who leave. Only those whose ramp is over are released."""

    cost: a.Money | None = None
    """For each person, paid in the first period they are gone."""
    notice: a.Lead | None = None
    """From the decision to the last day, rounded up to whole periods: paid and at work until then."""
    at_most: a.Heads | None = None
    """People who may be released over the horizon; absent: all."""


class Overtime(Block):
    """Hours beyond the regular ones, all of them spent on items."""

    at_most: a.Share
    """Of the regular paid hours of the people whose ramp is over, in each period."""
    premium: a.Factor = 0.0
    """On top of the wage: `50%` pays one and a half."""


class Shift(Block):
    """A further shift at the same seats."""

    cost: a.MoneyPerTime | None = None
    """While anybody works in it, as in `1k USD/month`: a lead, light, security. Counted period by period, like a retainer."""
    premium: a.Factor = 0.0
    """On the wage of the people in it."""


class Shifts(Block):
    """Seats, and the shifts in which they can be used; a shift is opened when those before it are full."""

    seats: a.Whole
    """People who can work at the same time."""
    further: tuple[Shift, ...] = ()
    """The second shift, the third …; absent: everybody works in the first."""


class Team(Block):
    """Your own people: everybody employed is paid for all regular hours, busy or idle."""

    people: a.Heads
    """At the start of the horizon, their ramp behind them."""
    hours: a.HoursPerWeek | None = None
    """Paid hours of one person, as in `40 h/week` or `8 h/day` (the vendor's working days); absent: the region's."""
    wage: a.Wage
    """Per paid hour, all that an hour costs you. The vendor's season and escalation apply to it."""
    shrinkage: a.Share | None = None
    """Share of paid hours not worked on items: leave, training, meetings; absent: the model's."""
    ramp: tuple[a.Share, ...] = ()
    """Share of those hours newcomers are worth in their first, second … period; whole afterwards."""
    turnover: TeamTurnoverField | None = None
    """People who leave and are replaced, as in `3 %/month`; absent: none. The team's people are then places."""
    hire: Hire | None = None
    """Absent: nobody is hired."""
    release: Release | None = None
    """Absent: nobody is released."""
    overtime: Overtime | None = None
    """Absent: none."""
    shifts: Shifts | None = None
    """Absent: seats for everybody."""
