"""What deciding now is worth: a decision taken before the scenario is known, against knowing it and against ignoring it."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from allocate.odds.bracket import Bracket
from allocate.odds.by_scenario import (
    DECOMPOSITION,
    LARGE,
    MOST,
    Answers,
    Decision,
    answers_by,
    columns_of,
    decided_by_scenario,
)
from allocate.odds.scenario_cuts import Question, Tried, bracket_of
from allocate.odds.stacked import Scenario, Stacked, alone, stacked
from allocate.program.arrays import Floats, inner
from allocate.solvers.goals import Goal
from allocate.solvers.methods import AUTO
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.solve import solve
from allocate.tolerances import LINE_HELD, PROVEN
from allocate.workers.executors import InProcess

Goals = Callable[[Stacked, Sequence[int]], Sequence[Goal]]
"""What is sought after the objective, of scenarios by their numbers, so that one scenario has the plan its own program has."""


@dataclass(frozen=True, eq=False)
class TwoStage:
    """The figures of a decision in two stages, in the sense of the objective (less is better where it is minimised)."""

    maximise: bool
    stochastic: Decision
    """RP: the best common decision."""
    middle: Decision
    """EV: the middle scenario, as if it were certain."""
    of_middle: tuple[Tried, ...]
    """Each scenario with the common decisions of the middle one."""
    knowing: tuple[Tried, ...]
    """Each scenario as if it were known beforehand."""
    probabilities: Floats

    @property
    def rp(self) -> Bracket:
        """What the best common decision reaches on average."""
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

    def _mean(self, some: Sequence[Tried]) -> Bracket | None:
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


def two_stage(
    scenarios: Sequence[Scenario],
    middle: Scenario,
    goals: Goals | None = None,
    time_limit: float | None = None,
    within: float = LINE_HELD,
    *,
    method: str = AUTO,
    executor: Executor | None = None,
) -> TwoStage:
    """RP, EV, EEV and WS of scenarios; middle: the scenario somebody would plan for who ignores that there are others.

    within: how far common decisions of the middle scenario may move, relative to themselves. time_limit: s, for each search; single
    scenarios without whole numbers have no plan before their end, and are solved to it.
    method: `plain`, all scenarios as one program; `decomposition`, one by one; `auto`, by their size. executor: who is asked
    what single scenarios come to; the figures are the same whoever it is.
    Raises NoPlanError where a scenario has no plan, or all of them no common one.
    """
    answers = answers_by(executor or InProcess(), None)
    each = time_limit if any(one.arrays.integer.any() for one in (*scenarios, middle)) else None
    knowing = answers([Question(one, within=within, time_limit=each) for one in scenarios])
    assert knowing is not None
    for number, one in enumerate(knowing):
        if one.best is None:
            raise NoPlanError(_without(one.outcome, "a scenario"), number, one.outcome)
    plain = _as_one([alone(middle)], goals, each)
    if isinstance(plain, Outcome):
        raise NoPlanError(_without(plain, "the case itself"), None, plain)
    stochastic = _decided(scenarios, knowing, goals, time_limit, method, executor or InProcess())
    if isinstance(stochastic, Outcome):
        raise NoPlanError(_without(stochastic, "all scenarios together"), None, stochastic)
    return TwoStage(
        maximise=scenarios[0].arrays.maximise,
        stochastic=stochastic,
        middle=plain,
        of_middle=_with_decisions(scenarios, plain.decided, answers, within, each),
        knowing=tuple(knowing),
        probabilities=np.array([one.probability for one in scenarios]),
    )


def _decided(
    scenarios: Sequence[Scenario],
    knowing: Sequence[Tried],
    goals: Goals | None,
    time_limit: float | None,
    method: str,
    executor: Executor,
) -> Decision | Outcome:
    """The best common decisions, by the method that suits; by the other one where it finds none and none is proven not to be there.

    A program of all scenarios whose time is over before it has a plan has one that suits the worst of all.
    """
    if method == DECOMPOSITION or (method == AUTO and columns_of(scenarios) > LARGE):
        found = _one_by_one(scenarios, knowing, goals, time_limit, executor)
        if isinstance(found, Outcome) and found.status is not Status.INFEASIBLE and method == AUTO:
            return _as_one(scenarios, goals, time_limit)
        return found
    found = _as_one(scenarios, goals, time_limit)
    if isinstance(found, Outcome) and found.limit is Limit.TIME:
        careful = _one_by_one(scenarios, knowing, goals, time_limit, executor, 0)
        return found if isinstance(careful, Outcome) else careful
    return found


def _as_one(scenarios: Sequence[Scenario], goals: Goals | None, time_limit: float | None) -> Decision | Outcome:
    """The best common decisions by one program of all scenarios; its outcome where there are none."""
    made = stacked(scenarios)
    then = () if goals is None else goals(made, range(len(scenarios)))
    outcome = solve(made.program, then=then, time_limit=time_limit)
    best = bracket_of(made.program.arrays(), outcome)
    if best is None or outcome.values is None:
        return outcome
    values = outcome.values
    each = tuple(replace(outcome, values=values[columns]) for columns in made.columns)
    return Decision(best, made.decided(values), each, made.reached(values))


def _one_by_one(
    scenarios: Sequence[Scenario],
    knowing: Sequence[Tried],
    goals: Goals | None,
    time_limit: float | None,
    executor: Executor,
    rounds: int = MOST,
) -> Decision | Outcome:
    """The same with every scenario asked by itself."""
    until = None if time_limit is None else time.monotonic() + time_limit

    def last(decided: dict[Hashable, float]) -> list[Question]:
        asked = []
        for number, one in enumerate(scenarios):
            then = () if goals is None else goals(stacked([alone(one)]), [number])
            asked.append(Question(one, np.array([decided[key] for key in one.keys]), goals=then, time_limit=time_limit))
        return asked

    patient = answers_by(executor, None)
    return decided_by_scenario(scenarios, knowing, answers_by(executor, until), last, until, patient, rounds)


def _with_decisions(
    scenarios: Sequence[Scenario],
    decided: dict[Hashable, float],
    answers: Answers,
    within: float,
    time_limit: float | None,
) -> tuple[Tried, ...]:
    """Scenarios with the common decisions of another one; what only they have is nothing."""
    held = [np.array([decided.get(key, 0.0) for key in one.keys]) for one in scenarios]
    pairs = zip(scenarios, held, strict=True)
    found = answers([Question(one, own, within=within, time_limit=time_limit) for one, own in pairs])
    assert found is not None
    return tuple(found)


def _without(outcome: Outcome, what: str) -> str:
    if outcome.status is Status.INFEASIBLE:
        return f"{what}: no plan keeps all limits"
    if outcome.limit is Limit.TIME:
        return f"{what}: no plan was found in the time there was"
    if outcome.has_plan:
        return f"{what}: no common decision leaves each a plan, of those that were tried"
    return f"{what}: {outcome.message or outcome.status.value}"
