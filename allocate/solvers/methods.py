"""Ways to solve a program, side by side over the same arrays, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import AskedError, Outcome
from allocate.solvers.sifting import method as sifting
from allocate.solvers.task import Task

AUTO = "auto"
PLAIN = "plain"


@dataclass(frozen=True)
class Method:
    """One way to solve a program."""

    name: str
    solve: Callable[[Task], Outcome]
    unfit: Callable[[Task], str | None]
    """Why it cannot solve a program, as the end of a sentence; None where it can."""
    suits: Callable[[Task], str | None]
    """Why it is the method of choice, None where another is; asked only where it can solve the program."""


def _plain(task: Task) -> Outcome:
    start = task.start
    if start is None and task.kept is not None and task.kept.plan is not None:
        # All else follows from whole numbers, and what it was may not fit any more.
        start = np.where(task.arrays.integer, np.round(task.kept.plan), np.nan)
    return solve_arrays(
        task.arrays,
        time_limit=task.searching,
        gap=task.gap,
        goals=task.goals,
        progress=task.progress,
        cancel=task.cancel,
        start=start,
    )


def _decomposed(task: Task) -> Outcome:
    from allocate.solvers.decomposition.method import solve  # loaded for integer programs only

    return solve(task)


def _undecomposed(task: Task) -> str | None:
    if not task.arrays.integer.any():
        return "it is made for integer programs, and this one is linear"
    from allocate.solvers.decomposition.method import unfit

    return unfit(task)


def _decomposable(task: Task) -> str | None:
    from allocate.solvers.decomposition.method import suits

    return suits(task)


def _by_branching(task: Task) -> Outcome:
    from allocate.solvers.branching.method import solve  # loaded for integer programs only

    return solve(task)


def _unbranched(task: Task) -> str | None:
    if not task.arrays.integer.any():
        return "it is made for integer programs, and this one is linear"
    return None


def _branchable(task: Task) -> str | None:
    from allocate.solvers.branching.method import suits

    reason = suits(task)
    return None if reason is None or _of_sets(task) else reason


def _of_sets(task: Task) -> bool:
    """Whether a third of all whole numbers are choices of products that tables of vendor sets decide on: branching bounds these badly."""
    from allocate.solvers.decomposition.engagement.method import cut_of

    cut = cut_of(task)
    return cut is not None and 3 * sum(int((one.starts >= 0).sum()) for one in cut.parts) > int(
        task.arrays.integer.sum()
    )


def _small(task: Task) -> str:
    kind = "an integer" if task.arrays.integer.any() else "a linear"
    return f"{kind} program of {task.arrays.column_count:,} columns, for which no other method is quicker"


METHODS = {
    one.name: one
    for one in (
        Method("sifting", sifting.solve, sifting.unfit, sifting.suits),
        Method("branching", _by_branching, _unbranched, _branchable),
        Method("decomposition", _decomposed, _undecomposed, _decomposable),
        Method(PLAIN, _plain, lambda _: None, _small),
    )
}
"""All methods, in the order in which `auto` asks them; the last takes what the others leave."""


def solve_by(name: str, task: Task) -> Outcome:
    """The outcome of a task by the method named, or by the one `auto` chooses; it says which and why.

    Raises ValueError for a method that is not there or cannot solve the program.
    """
    kept = task.kept
    if kept is not None and kept.method:
        method, reason = METHODS[kept.method], kept.reason
    else:
        method, reason = choose(name, task)
    if kept is not None:
        kept.method, kept.reason = method.name, reason
    outcome = method.solve(task)
    return replace(outcome, method=method.name, method_reason="; ".join(filter(None, (reason, outcome.method_reason))))


def choose(name: str, task: Task) -> tuple[Method, str]:
    """The method to solve a task by, and why it; ValueError for one that is not there or cannot."""
    if name == AUTO:
        for method in METHODS.values():
            reason = None if method.unfit(task) else method.suits(task)
            if reason is not None:
                return method, reason
    check_name(name)
    problem = METHODS[name].unfit(task)
    if problem is not None:
        raise AskedError("method", f"the method {name} cannot be used here: {problem}")
    return METHODS[name], "asked for"


def check_name(name: str) -> None:
    """Raise ValueError for a method that is not there."""
    if name not in (AUTO, *METHODS):
        raise AskedError("method", f"there is no method {name!r}; there are: {', '.join((AUTO, *METHODS))}")
