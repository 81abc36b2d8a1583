r"""A decision in two stages, scenario by scenario, for programs too large to be solved as one.

A master program has the common decisions, all that any scenario asks of them alone, some scenarios whole, and of all others
what their cuts say (the L-shaped method of Van Slyke and Wets, 1969, with a cut a scenario as in Birge and Louveaux, 1988; some
scenarios whole as in Crainic, Hewitt, Maggioni and Rei, Partial Benders decomposition, 2021). Its best bounds every plan from the
good side. The search begins at decisions that suit the worst of all scenarios, so that there is a plan from the first round. In
each round decisions half-way from the best so far to the master's are tried in every scenario, each by itself (the in-out method
of Ben-Ameur and Neto, Acceleration of cutting-plane and column generation algorithms, 2007): where all have a plan, their mean
bounds the best from the other side; each gives a cut, and those that say most join the whole ones. Scenarios are asked wherever an
executor does its work, and answer the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from allocate.odds.bracket import Bracket
from allocate.odds.of_all_scenarios import between, of_decisions_alone, worst_of_all
from allocate.odds.scenario_cuts import Cut, Question, Tried, bracket_of, known_by_cuts, tried, whatever_is_decided
from allocate.odds.stacked import Scenario, Stacked, stacked
from allocate.program.arrays import Floats, inner
from allocate.solvers.methods import PLAIN
from allocate.solvers.outcome import Outcome
from allocate.solvers.solve import solve
from allocate.workers.handed import Handed

DECOMPOSITION = "decomposition"
LARGE = 400_000
"""Columns of all scenarios together from which they are planned one by one."""
WHOLE = 100_000
"""Columns that the scenarios which the master has whole come to at most, where two do not exceed it."""
STEP, LEAST_STEP = 0.5, 1.0 / 64
"""How far decisions move from the best so far to the master's; and how far at least, where some scenario has no plan further off."""
JOIN = 2
"""Scenarios that join the whole ones after a round."""
NEAR = 1e-6
"""Relative gap at which the search ends."""
MOST, IDLE = 60, 3
"""Rounds at most; and rounds in a row that bring nothing, after which the search ends."""
NARROWER = 0.05
"""Share by which a round must narrow the gap at least to bring something."""

Answers = Callable[[Sequence[Question]], list[Tried] | None]


@dataclass(frozen=True, eq=False)
class Decision:
    """Common decisions, and what every scenario makes of them."""

    best: Bracket
    decided: dict[Hashable, float]
    outcomes: tuple[Outcome, ...]
    """Of each scenario, with values by its own columns."""
    reached: Floats
    """What each scenario's own objective comes to, shape (scenarios,)."""
    rounds: int = 0
    """Of a search scenario by scenario; 0: all were solved as one."""

    @property
    def method(self) -> str:
        """How they were found, by the name of the option."""
        return DECOMPOSITION if self.rounds else PLAIN


@dataclass(eq=False)
class _Search:
    """What is known so far."""

    scenarios: Sequence[Scenario]
    cuts: list[list[Cut]]
    whole: set[int]
    best: float
    bound: float
    shared: Scenario
    """What all scenarios ask of the common decisions alone."""
    decided: dict[Hashable, float] | None = None
    found: Sequence[Tried] | None = None
    """What scenarios make of these."""
    outcome: Outcome | None = None
    rounds: int = 0
    idle: int = 0
    step: float = STEP

    @property
    def maximise(self) -> bool:
        return self.scenarios[0].arrays.maximise

    @property
    def probabilities(self) -> Floats:
        return np.array([one.probability for one in self.scenarios])

    @property
    def can_part(self) -> bool:
        """Whether decisions half-way between two others are decisions."""
        return not self.shared.arrays.integer.any()

    @property
    def gap(self) -> float:
        """Relative; infinite without a plan or a bound."""
        if not (math.isfinite(self.best) and math.isfinite(self.bound)):
            return math.inf
        largest = max(abs(self.best), abs(self.bound))
        return abs(self.bound - self.best) / largest if largest else 0.0

    def better(self, one: float, other: float) -> bool:
        """Whether a figure is truly better than another."""
        ahead = one - other if self.maximise else other - one
        return math.isinf(other) or ahead > 1e-9 * abs(one)


def columns_of(scenarios: Sequence[Scenario]) -> int:
    """Columns of all scenarios stacked, common ones once."""
    own = sum(one.arrays.column_count - len(one.common) for one in scenarios)
    return own + len({key for one in scenarios for key in one.keys})


def answers_by(executor: Executor, until: float | None) -> Answers:
    """Answers to questions in their order, whoever gives them; None once the time is over (`time.monotonic`, s)."""

    def over() -> bool:
        return until is not None and time.monotonic() > until

    def answers(questions: Sequence[Question]) -> list[Tried] | None:
        handed = [Handed(executor, tried, one) for one in questions]
        found = []
        try:
            for one in handed:
                answer = one.result(over)
                if answer is None:
                    return None
                found.append(answer)
        finally:
            for one in handed:
                one.call_off()
        return found

    return answers


def decided_by_scenario(
    scenarios: Sequence[Scenario],
    knowing: Sequence[Tried],
    answers: Answers,
    last: Callable[[dict[Hashable, float]], Sequence[Question]],
    until: float | None = None,
    patient: Answers | None = None,
    rounds: int = MOST,
) -> Decision | Outcome:
    """The best common decisions, within `NEAR` or between what is printed; the master's outcome where there are none.

    knowing: each scenario's best plan of its own. last: the questions whose answers are the plans at the decisions found.
    until: when to end (`time.monotonic`, s). patient: answers to the first questions, so that there is a plan however early it
    ends; absent: `answers`. rounds: at most.
    """
    worst = -math.inf if scenarios[0].arrays.maximise else math.inf
    cuts = [[whatever_is_decided(one, found.best)] for one, found in zip(scenarios, knowing, strict=True) if found.best]
    search = _Search(scenarios, cuts, _first(scenarios, knowing), worst, -worst, of_decisions_alone(scenarios))
    search.bound = _knowing(scenarios, knowing)
    _begin(search, patient or answers, until)
    while search.gap > NEAR and search.rounds < rounds and search.idle < IDLE:
        if until is not None and time.monotonic() > until and search.outcome is not None:
            break
        if not _round(search, answers, until):
            break
    if search.decided is None:
        return search.outcome or knowing[0].outcome
    found: Sequence[Tried] | None = answers(last(search.decided))
    if found is None or any(one.best is None for one in found):  # as where the time is over: the plans that were tried
        found = search.found
    assert found is not None
    return _decision(search, found)


def _decision(search: _Search, found: Sequence[Tried]) -> Decision:
    values = [one.outcome.values for one in found]
    reached = np.array(
        [one.arrays.objective(v) for one, v in zip(search.scenarios, values, strict=True) if v is not None]
    )
    mean = float(search.probabilities @ reached)
    assert search.decided is not None
    return Decision(
        Bracket(*sorted((mean, search.bound))),
        search.decided,
        tuple(one.outcome for one in found),
        reached,
        search.rounds,
    )


def _round(search: _Search, answers: Answers, until: float | None) -> bool:
    """One round of the search; whether another makes sense."""
    made = _master(search)
    left = None if until is None else max(until - time.monotonic(), 0.01)
    outcome = search.outcome = solve(made.program, time_limit=left)
    if outcome.values is None:
        return False
    ends, before = bracket_of(made.program.arrays(), outcome), search.gap
    assert ends is not None
    search.bound = min(search.bound, ends.high) if search.maximise else max(search.bound, ends.low)
    wanted = made.decided(outcome.values)
    decided = between(search.decided, wanted, search.step) if search.decided and search.can_part else wanted
    found = answers([_question(search, number, decided) for number in range(len(search.scenarios))])
    if found is None:
        return False
    search.rounds += 1
    _learn(search, decided, found)
    joined = _join(search, made, outcome.values, found)
    narrower = math.isinf(before) or search.gap < (1.0 - NARROWER) * before
    search.idle = 0 if narrower or joined else search.idle + 1
    return True


def _begin(search: _Search, answers: Answers, until: float | None) -> None:
    """Try decisions that suit the worst of all scenarios, where there are any."""
    worst = worst_of_all(search.scenarios)
    if worst is None:
        return
    made = stacked([worst])
    left = None if until is None or search.can_part else max(until - time.monotonic(), 0.01)
    outcome = solve(made.program, time_limit=left)
    if outcome.values is None:
        return
    decided = made.decided(outcome.values)
    found = answers([_question(search, number, decided) for number in range(len(search.scenarios))])
    if found is not None:
        _learn(search, decided, found)
        search.outcome, search.rounds = outcome, 1


def _knowing(scenarios: Sequence[Scenario], knowing: Sequence[Tried]) -> float:
    """What all reach on average where each is known beforehand: no common decision is better."""
    side = "high" if scenarios[0].arrays.maximise else "low"
    return inner(
        np.array([one.probability for one in scenarios]), np.array([getattr(one.best, side) for one in knowing])
    )


def _first(scenarios: Sequence[Scenario], knowing: Sequence[Tried]) -> set[int]:
    """The scenarios the master has whole at first: the worst by themselves, and the best."""
    sign = 1.0 if scenarios[0].arrays.maximise else -1.0
    order = np.argsort([sign * one.best.middle for one in knowing if one.best], kind="stable")
    return {int(order[0]), int(order[-1])}


def _master(search: _Search) -> Stacked:
    parts = [
        one if number in search.whole else known_by_cuts(one, search.cuts[number])
        for number, one in enumerate(search.scenarios)
    ]
    return stacked([*parts, search.shared])


def _question(search: _Search, number: int, decided: dict[Hashable, float]) -> Question:
    one = search.scenarios[number]
    return Question(one, np.array([decided[key] for key in one.keys]), cuts=True)


def _learn(search: _Search, decided: dict[Hashable, float], found: Sequence[Tried]) -> None:
    """Keep the cuts; and the decisions, where every scenario has a plan and their mean is the best so far."""
    for cuts, one in zip(search.cuts, found, strict=True):
        cuts += [one.cut] if one.cut is not None else []
    plans = [one.outcome.objective for one in found if one.best is not None]
    if len(plans) < len(found):
        search.step = max(search.step / 2.0, LEAST_STEP)
        return
    search.step = STEP
    mean = float(search.probabilities @ np.array(plans))
    if search.better(mean, search.best):
        search.best, search.decided, search.found = mean, decided, found


def _join(search: _Search, made: Stacked, values: Floats, found: Sequence[Tried]) -> bool:
    """Take those scenarios whole whose cuts say least of them: without a plan, or with one far from what cuts promise."""
    size = sum(search.scenarios[number].arrays.column_count for number in search.whole)
    far = []
    for number, (one, columns) in enumerate(zip(found, made.columns[: len(found)], strict=True)):
        if number in search.whole:
            continue
        promised = float(values[columns[-1]])
        if one.best is None:
            far.append((-1.0 - one.broken, number))
        elif one.outcome.objective is not None:
            off = search.scenarios[number].probability * abs(promised - one.outcome.objective)
            far += [(-off / (abs(search.bound) + off), number)] if off > NEAR * abs(search.bound) / 10 else []
    joined = False
    for _, number in sorted(far)[:JOIN]:
        size += search.scenarios[number].arrays.column_count
        if size > WHOLE:
            break
        search.whole.add(number)
        joined = True
    return joined
