"""Goals in order: each is solved among the plans that are best for all goals before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


def floors(reached: Sequence[tuple[Floats, bool, float]], goal: Goal, values: Floats) -> list[float] | None:
    """What each goal reached has to keep for another one: all but what it gives up, or what it has in the plan so far.

    reached: coefficients, sense and value of each; None where nothing was ever given up.
    """
    now = [inner(costs, values) for costs, _, _ in reached]
    best = [value for _, _, value in reached]
    gives = [*goal.gives, *[0.0] * len(reached)][: len(reached)]
    apart = any(abs(one - two) > GOAL_HELD * max(1.0, abs(two)) for one, two in zip(now, best, strict=True))
    if not any(gives) and not apart:
        return None
    return [
        value + (-1.0 if maximise else 1.0) * give * abs(value) if give > 0 else here
        for (_, maximise, value), give, here in zip(reached, gives, now, strict=True)
    ]


def at_least(reached: Sequence[tuple[Floats, bool, float]], least: Sequence[float], values: Floats) -> bool:
    """Whether a plan keeps the floors of all goals reached."""
    return all(
        (inner(costs, values) - floor) * (1.0 if maximise else -1.0) >= -ROW_KEPT * max(1.0, abs(floor))
        for (costs, maximise, _), floor in zip(reached, least, strict=True)
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
