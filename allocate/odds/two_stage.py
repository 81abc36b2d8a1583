"""What deciding now is worth: a decision taken before the scenario is known, against knowing it and against ignoring it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.odds.stacked import Scenario, Stacked, alone, bound_of, holding, stacked
from allocate.program.arrays import Floats, inner
from allocate.solvers.goals import Goal
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.solve import solve
from allocate.tolerances import LINE_HELD, PROVEN

Goals = Callable[[Stacked], Sequence[Goal]]
"""What is sought after the objective, so that one scenario has the plan its own program has."""


@dataclass(frozen=True)
class Bracket:
    """A figure that lies between two; both are the same where a search came to its end."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Half-way between both."""
        return (self.low + self.high) / 2.0

    def less(self, other: Bracket) -> Bracket:
        """The difference, as far as both are known."""
        return Bracket(self.low - other.high, self.high - other.low)

    def at_least(self, least: float) -> Bracket:
        """The same where it is known to be no less than something."""
        return Bracket(max(self.low, least), max(self.high, least))


@dataclass(frozen=True, eq=False)
class Solved:
    """A stacked program with its plan, and what is known of its best."""

    made: Stacked
    outcome: Outcome
    best: Bracket | None
    """Between what the plan reaches and the bound; None without a plan."""

    @property
    def values(self) -> Floats:
        """The plan's columns; only where there is a plan."""
        assert self.outcome.values is not None
        return self.outcome.values


@dataclass(frozen=True, eq=False)
class TwoStage:
    """The figures of a decision in two stages, in the sense of the objective (less is better where it is minimised)."""

    maximise: bool
    stochastic: Solved
    """RP: the best common decision."""
    middle: Solved
    """EV: the middle scenario, as if it were certain."""
    of_middle: tuple[Solved, ...]
    """Each scenario with the common decisions of the middle one."""
    knowing: tuple[Solved, ...]
    """Each scenario as if it were known beforehand."""
    probabilities: Floats

    @property
    def rp(self) -> Bracket:
        """What the best common decision reaches on average."""
        assert self.stochastic.best is not None
        return self.stochastic.best

    @property
    def ws(self) -> Bracket:
        """WS, wait and see: the average of what each scenario would reach if it were known."""
        found = self._mean(self.knowing)
        assert found is not None
        return found

    @property
    def eev(self) -> Bracket | None:
        """EEV: what the middle scenario's decision reaches on average; None where some scenario has no plan with it."""
        return self._mean(self.of_middle)

    @property
    def kept_by_middle(self) -> float:
        """Chance that the middle scenario's decision leaves a plan."""
        having = [one.best is not None for one in self.of_middle]
        return float(self.probabilities[having].sum())

    @property
    def evpi(self) -> Bracket:
        """What knowing everything beforehand would be worth, never below 0."""
        return self._worse(self.rp, self.ws)

    @property
    def vss(self) -> Bracket | None:
        """What deciding for all scenarios is worth against deciding for the middle one; None where EEV has no value."""
        return None if self.eev is None else self._worse(self.eev, self.rp)

    @property
    def broken(self) -> tuple[str, ...]:
        """What must hold of the figures, and does not: WS is no worse than RP, RP no worse than EEV. Empty when all is right."""
        pairs = [("WS", self.ws, "RP", self.rp)]
        if self.eev is not None:
            pairs.append(("RP", self.rp, "EEV", self.eev))
        found = []
        for name, better, other, worse in pairs:
            sign = 1.0 if self.maximise else -1.0
            past = (
                sign * worse.middle - sign * better.middle - (better.high - better.low + worse.high - worse.low) / 2.0
            )
            if past > PROVEN * max(1.0, abs(worse.middle)):
                found.append(f"{name} is worse than {other} by {past:.6g}")
        return tuple(found)

    def _worse(self, worse: Bracket, better: Bracket) -> Bracket:
        return (better.less(worse) if self.maximise else worse.less(better)).at_least(0.0)

    def _mean(self, some: Sequence[Solved]) -> Bracket | None:
        brackets = [one.best for one in some]
        if any(one is None for one in brackets):
            return None
        ends = [np.array([getattr(one, side) for one in brackets]) for side in ("low", "high")]
        return Bracket(*(inner(self.probabilities, end) for end in ends))


class NoPlanError(ValueError):
    """No common decision leaves a plan in every scenario; or one of them has none even if it were known (`number`)."""

    def __init__(self, message: str, number: int | None = None, outcome: Outcome | None = None) -> None:
        super().__init__(message)
        self.number, self.outcome = number, outcome


def solved(
    made: Stacked, goals: Goals | None = None, time_limit: float | None = None, gap: float | None = None
) -> Solved:
    """The best plan of a stacked program, and between what its best lies."""
    then = () if goals is None else goals(made)
    outcome = solve(made.program, then=then, time_limit=time_limit, gap=gap)
    if outcome.objective is None:
        return Solved(made, outcome, None)
    bound = bound_of(made.program.arrays(), outcome)
    infinite = math.inf if made.program.maximise else -math.inf
    ends = sorted((outcome.objective, infinite if bound is None else bound))
    return Solved(made, outcome, Bracket(*ends))


def two_stage(
    scenarios: Sequence[Scenario],
    middle: Scenario,
    goals: Goals | None = None,
    time_limit: float | None = None,
    within: float = LINE_HELD,
) -> TwoStage:
    """RP, EV, EEV and WS of scenarios; middle: the scenario somebody would plan for who ignores that there are others.

    within: how far common decisions of the middle scenario may move, relative to themselves. time_limit: s, for each search.
    Raises NoPlanError where a scenario has no plan, or all of them no common one.
    """
    knowing = []
    for number, one in enumerate(scenarios):
        found = solved(stacked([alone(one)]), None, time_limit)
        if found.best is None:
            raise NoPlanError(_without(found.outcome, "a scenario"), number, found.outcome)
        knowing.append(found)
    plain = solved(stacked([alone(middle)]), goals, time_limit)
    if plain.best is None:
        raise NoPlanError(_without(plain.outcome, "the case itself"), None, plain.outcome)
    stochastic = solved(stacked(scenarios), goals, time_limit)
    if stochastic.best is None:
        raise NoPlanError(_without(stochastic.outcome, "all scenarios together"), None, stochastic.outcome)
    decided = plain.made.decided(plain.values)
    return TwoStage(
        maximise=stochastic.made.program.maximise,
        stochastic=stochastic,
        middle=plain,
        of_middle=tuple(_with_decisions(one, decided, within, time_limit) for one in scenarios),
        knowing=tuple(knowing),
        probabilities=stochastic.made.probabilities,
    )


def _with_decisions(
    scenario: Scenario, decided: dict[Hashable, float], within: float, time_limit: float | None
) -> Solved:
    """A scenario with the common decisions of another one; what only this one has is nothing."""
    made = stacked([alone(scenario)])
    every = {key: decided.get(key, 0.0) for key in made.keys}
    return solved(holding(made, every, within), None, time_limit)


def _without(outcome: Outcome, what: str) -> str:
    if outcome.status is Status.INFEASIBLE:
        return f"{what}: no plan keeps all limits"
    if outcome.limit is Limit.TIME:
        return f"{what}: no plan was found in the time there was"
    return f"{what}: {outcome.message or outcome.status.value}"
