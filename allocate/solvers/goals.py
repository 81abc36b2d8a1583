"""Goals in order: each is solved among the plans that are best for all goals before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.program.arrays import Floats, ProgramArrays, inner
from allocate.solvers.outcome import Outcome, Stage, gap_of
from allocate.solvers.search import Clock, Found
from allocate.tolerances import GOAL_HELD, ROW_KEPT

OWN = "objective"
"""Name of the first stage, the program's own objective."""


@dataclass(frozen=True, eq=False)
class Goal:
    """A goal after the program's own objective: coefficients of the columns, shape (n,), sense and constant."""

    name: str
    costs: Floats
    maximise: bool
    offset: float = 0.0
    breaks_ties: bool = False
    """In an integer program: sought with all whole numbers as they are, for it need not cost another search."""
    gives: tuple[float, ...] = ()
    """Part of each goal before it that may be given up, the own objective first, as a share of what was reached; empty: none."""


MOST_ENLARGED = 2.0**20
"""Most that the row of a small goal is enlarged by."""


@dataclass(frozen=True, eq=False)
class Reached:
    """A goal that was reached: its coefficients, sense, what it came to, and how large its terms are together."""

    costs: Floats
    maximise: bool
    value: float
    size: float
    """What tolerances are a part of: a goal may come to very little in the program's own scale."""

    def keeps(self, values: Floats, tolerance: float) -> bool:
        """Whether a plan leaves it where it was, but for a part of its size."""
        return abs(inner(self.costs, values) - self.value) <= tolerance * self.size

    def fence(self, value: float, room: float) -> tuple[Floats, float, float]:
        """Coefficients, lower and upper side of the row that keeps it at a value, but for a part of its size.

        The row of a small goal is enlarged by a power of two: solvers keep rows to an absolute tolerance.
        """
        times = min(max(1.0, 2.0 ** -np.ceil(np.log2(self.size))), MOST_ENLARGED)
        slack = room * self.size
        lower, upper = (value - slack, np.inf) if self.maximise else (-np.inf, value + slack)
        return self.costs * times, lower * times, upper * times


def reached(costs: Floats, maximise: bool, values: Floats) -> Reached:
    """A goal as a plan reaches it."""
    terms = costs * values
    return Reached(costs, maximise, inner(costs, values), float(np.add.reduce(np.abs(terms))) or 1.0)


Reach = Callable[[Goal, Floats], Found]
"""The best plan for a goal that keeps all earlier ones, given the plan so far; without values if not finished."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """The own objective's end, the plan after the last goal reached, and every stage."""

    first: Found
    values: Floats | None
    stages: tuple[Stage, ...]
    message: str
    gave: bool = False
    """Whether later goals were let give up part of the own objective."""


def in_order(first: Found, goals: Sequence[Goal], reach: Reach | None, clock: Clock) -> Ordered:
    """Goals one after the other behind a finished first search; one that is not reached leaves the plan before it."""
    stages = [_stage(OWN, first, clock.spent)]
    values, messages = first.values, [first.message]
    for goal in goals:
        if reach is None or values is None or not first.finished or clock.left == 0.0:
            break
        began = clock.spent
        found = reach(goal, values)
        stages.append(_stage(goal.name, found, clock.spent - began))
        if found.values is None:
            messages.append(f"the goal {goal.name} was not reached: {found.message}")
            break
        values = found.values
    missing = [goal.name for goal in goals[len(stages) - 1 :]]
    if missing and values is not None:
        messages.append(f"not tried: {', '.join(missing)}")
    gave = any(share > 0 for goal in goals for share in goal.gives[:1])
    return Ordered(first, values, tuple(stages), "; ".join(filter(None, messages)), gave)


def floors(before: Sequence[Reached], goal: Goal, values: Floats) -> list[float] | None:
    """What each goal reached has to keep for another one: all but what it gives up, or what it has in the plan so far.

    None where nothing was ever given up.
    """
    now = [inner(one.costs, values) for one in before]
    gives = [*goal.gives, *[0.0] * len(before)][: len(before)]
    apart = any(abs(here - one.value) > GOAL_HELD * one.size for one, here in zip(before, now, strict=True))
    if not any(gives) and not apart:
        return None
    return [
        one.value + (-1.0 if one.maximise else 1.0) * give * abs(one.value) if give > 0 else here
        for one, give, here in zip(before, gives, now, strict=True)
    ]


def at_least(before: Sequence[Reached], least: Sequence[float], values: Floats) -> bool:
    """Whether a plan keeps the floors of all goals reached."""
    return all(
        (inner(one.costs, values) - floor) * (1.0 if one.maximise else -1.0) >= -ROW_KEPT * one.size
        for one, floor in zip(before, least, strict=True)
    )


def outcome_of(arrays: ProgramArrays, ordered: Ordered, clock: Clock, solver: str) -> Outcome:
    """The outcome of an ordered solve of a program."""
    first, values = ordered.first, ordered.values
    objective = arrays.objective(values) if ordered.gave and values is not None else first.objective
    return Outcome(
        status=first.status,
        limit=first.limit,
        objective=objective,
        bound=first.bound,
        gap=gap_of(objective, first.bound),
        values=values,
        row_values=None if values is None else arrays.activity(values),
        row_duals=first.row_duals,
        reduced_costs=first.reduced_costs,
        duals_are_local=first.row_duals is not None and bool(arrays.integer.any()),
        seconds=clock.spent,
        solver=solver,
        message=ordered.message,
        stages=ordered.stages,
        relaxation_duals=first.relaxation_duals,
    )


def _stage(name: str, found: Found, seconds: float) -> Stage:
    duals, reduced = found.row_duals, found.reduced_costs
    return Stage(name, found.status, found.limit, found.objective, found.bound, seconds, duals, reduced, found.message)
