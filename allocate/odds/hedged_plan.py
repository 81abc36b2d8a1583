"""What a hedge is: a plan in fresh scenarios, beside the best one without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocate.answers import Answer
from allocate.case.load import Case
from allocate.numbers import Floats
from allocate.odds.estimates import Estimate
from allocate.odds.hedge import Hedge
from allocate.plan import Plan
from allocate.tables.shown import Shown

SCENARIOS, FRESH = 200, 4096
"""Scenarios of the program, and fresh ones that the plan is tried in."""


@dataclass(frozen=True)
class Drawing:
    """How many scenarios are drawn, each number a multiple of eight."""

    scenarios: int = SCENARIOS
    """Of the program."""
    fresh: int = FRESH
    """That plans are tried in."""
    seed: int | None = None
    """None: the case's own."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A plan in fresh scenarios."""

    plan: Plan
    odds: Estimate
    """Chance that the promises chosen hold together."""
    each: tuple[tuple[str, Estimate], ...]
    """The same of each of them."""
    objective: Floats
    """What the plan comes to in each fresh scenario."""
    mean: Estimate
    worst: Estimate
    """Mean of the worst outcomes."""
    room: Mapping[int, float]
    """Part of each vendor's capacity at P50 left over, by the vendor's position."""

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval of the odds."""
        return self.odds.value - self.odds.error


@dataclass(frozen=True, eq=False, repr=False)
class Hedged(Shown):
    """A plan that keeps its promises with the odds asked for, beside the best one without them."""

    case: Case
    asked: float | None
    """Odds; None where risk alone was weighed."""
    promises: tuple[str, ...]
    """Which hold together, by name."""
    scenarios: int
    fresh: int
    seed: int
    without: Tried
    found: Hedge | None
    """How the program over scenarios ended; None where the plan without a hedge has the odds already."""
    at: float
    """Odds asked for in the scenarios the plan was made with, so that fresh ones keep those asked for."""
    with_it: Tried
    tail: float
    """Share of the worst outcomes whose mean is told."""
    answer: Answer
    """The hedged plan, verified, with the bound of the case's own program."""
    notes: tuple[str, ...]

    def facts(self) -> dict[str, str]:
        """The odds with and without the hedge, and what it costs."""
        asked = "the mean and the worst outcomes" if self.asked is None else f"{self.asked:.0%}"
        currency = self.case.currency
        return {
            "": self.case.name, "asked": asked, "without": f"{self.without.odds.value:.0%}", "with": f"{self.with_it.odds.value:.0%}",
            "premium": f"{self.premium:,.2f} {currency}", "on average": f"{self.premium_on_average:,.2f} {currency}",
        }  # fmt: skip

    @property
    def premium(self) -> float:
        """What the odds cost: the loss of the first objective, every amount at P50; never below 0 but for rounding."""
        goal = self.case.file.objective[0]
        return self._loss(self.without.plan.amount(goal), self.with_it.plan.amount(goal))

    @property
    def premium_on_average(self) -> float:
        """The same over fresh scenarios; below 0 where missing promises costs more than keeping them."""
        return self._loss(self.without.mean.value, self.with_it.mean.value)

    @property
    def tail_reduction(self) -> float:
        """By how much the mean of the worst outcomes is better; below 0 where it is worse."""
        return -self._loss(self.without.worst.value, self.with_it.worst.value)

    def _loss(self, before: float, after: float) -> float:
        return after - before if self.case.file.objective[0] == "cost" else before - after

    @property
    def reaches(self) -> bool:
        """Whether the lower end of the fresh odds is no less than what was asked for."""
        return self.asked is None or self.with_it.low >= self.asked
