"""Where work is tight: how much of each stage a plan uses, period by period, and how many people it takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.supply.throughput import in_periods, review_load, vendor_capacities, working_days
from allocate.costing.table import Routes
from allocate.explaining.growth import Growth
from allocate.tables.shown import Shown
from allocate.verification import Check

STAGES = (
    "vendor_hours",
    "vendor_items",
    "vendor_total",
    "team_hours",
    "rate_items",
    "rate_total",
    "review_team_hours",
    "resource_by_period",
    "resource_in_all",
    "work_in_progress",
)
"""Families of limits on what somebody can do, or on what may wait."""
SPARE = 1e-6
"""A person is spared only where this share of one is left over too: less is rounding."""


@dataclass(frozen=True)
class Use:
    """What a plan uses of a stage in one period."""

    period: int | None
    """Position of the period; None for a limit of the whole horizon."""
    used: float
    there: float
    worth: float | None
    """What the objective changes by for one more unit; None without prices."""

    @property
    def utilisation(self) -> float:
        """Share of what is there that is used; nothing of nothing is 0."""
        return self.used / self.there if self.there > 0 else float(self.used > 0)


@dataclass(frozen=True)
class Stage:
    """A vendor, a pair on the rate card, an in-house team or the review team."""

    name: str
    unit: str
    uses: tuple[Use, ...]

    @property
    def peak(self) -> Use:
        """The first of the periods in which most of it is used."""
        most = max(use.utilisation for use in self.uses)
        return next(use for use in self.uses if use.utilisation >= most - 1e-9)

    @property
    def mean(self) -> float:
        """Share used of all there is."""
        there = sum(use.there for use in self.uses)
        return sum(use.used for use in self.uses) / there if there > 0 else 0.0

    @property
    def full(self) -> int:
        """Periods in which nothing is left."""
        return sum(use.there > 0 and use.utilisation >= 1.0 - 1e-6 for use in self.uses)


@dataclass(frozen=True)
class People:
    """How many people a plan takes of those there are."""

    who: str
    there: float
    needed: float
    """Fewest that the plan's busiest period can do with; one fewer would not."""


@dataclass(frozen=True, repr=False)
class Bottlenecks(Shown):
    """Where a plan is tight, and how far demand can grow."""

    stages: tuple[Stage, ...]
    """The fullest first; empty without a plan."""
    people: tuple[People, ...]
    growth: Growth | None
    """None where the case asks for no items that could grow."""

    def facts(self) -> dict[str, str]:
        """The fullest stage, and how far demand can grow."""
        fullest = {"fullest": self.stages[0].name} if self.stages else {}
        grown = {} if self.growth is None else {"demand grows to": f"{self.growth.factor:.4g} times"}
        return {"": f"{len(self.stages)} stages", **fullest, **grown}


def stages(checks: Sequence[Check], worth: Callable[[Check], float | None]) -> tuple[Stage, ...]:
    """Every stage of a plan, the one with the fullest period first, then by mean and name."""
    found: dict[tuple[str, str, str], list[Use]] = {}
    for check in checks:
        if check.family in STAGES:
            use = Use(check.period, check.used, check.limit, worth(check))
            found.setdefault((check.family, check.group or check.subject, check.unit), []).append(use)
    named = [Stage(name, unit, tuple(uses)) for (_, name, unit), uses in found.items()]
    return tuple(sorted(named, key=lambda one: (-round(one.peak.utilisation, 9), -round(one.mean, 9), one.name)))


def people(case: Case, ways: Routes, checks: Sequence[Check]) -> tuple[People, ...]:
    """The fewest people of each vendor, and of the review team, that can do what the plan asks of them.

    Only where the case says how many people there are; whoever plans an in-house team has its people in the plan. A
    vendor's hours follow from its people in proportion; a review team with a promise needs so many that its queue keeps it.
    """
    found = []
    names = list(case.vendors)
    for capacity in vendor_capacities(case):
        there = case.vendors[names[capacity.vendor]].people
        if there is None or capacity.family != "vendor_hours":
            continue
        left = [c.slack for c in checks if c.family == "vendor_hours" and c.key[0] == capacity.vendor]
        each = capacity.amounts / there.number
        spare = min(slack / hours for slack, hours in zip(left, each.tolist(), strict=True) if hours > 0)
        found.append(People(names[capacity.vendor], there.number, there.number - math.floor(spare + SPARE)))
    return tuple(found) + _reviewers(case, ways, checks)


def _reviewers(case: Case, ways: Routes, checks: Sequence[Check]) -> tuple[People, ...]:
    team = case.file.review_team
    used = np.array([check.used for check in checks if check.family == "review_team_hours"])
    if team is None or team.people is None or team.hours is None or not len(used):
        return ()
    each = in_periods(case, team.hours, team) * (1.0 - (team.shrinkage or 0.0))
    each = each * working_days(case, team.holidays, team.working_days)
    load, there = float((used[each > 0] / each[each > 0]).max(initial=0.0)), int(team.people.number)
    few, enough = 0, there if load > 0 else 0
    while enough - few > 1:  # more people carry more
        count = (few + enough) // 2
        few, enough = (few, count) if review_load(case, ways, count) >= load * (1.0 - SPARE) else (count, enough)
    return (People("review team", there, enough),)
