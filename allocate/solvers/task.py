"""What a solve is asked for: the program, what its columns stand for, goals, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.structure import Structure
from allocate.solvers.goals import Goal
from allocate.solvers.kept import Kept
from allocate.solvers.watch import Cancel, Progress

SHORTEST = 0.1
"""Part of a time limit that is for the search, however long what comes after it takes."""


@dataclass(frozen=True, eq=False)
class Task:
    """One solve, the same for every method."""

    arrays: ProgramArrays
    structure: Structure
    """Families and axes of columns and rows: hints, which a program may do without."""
    goals: Sequence[Goal] = ()
    """After the program's own objective, most important first."""
    time_limit: float | None = None
    """Seconds over all goals."""
    closing: float = 0.0
    """Seconds of the time limit for what is done with a plan afterwards; a search without a plan may use them too."""
    gap: float | None = None
    """Relative; of integer programs only."""
    progress: Progress | None = field(default=None, repr=False)
    cancel: Cancel | None = field(default=None, repr=False)
    executor: Executor | None = field(default=None, repr=False)
    """Who does work that can be shared out; None for this process."""
    start: Floats | None = field(default=None, repr=False)
    """A point to start an integer search from, shape (n,), nan where open."""
    true: Callable[[Floats], Floats | None] | None = field(default=None, repr=False)
    """A plan of the case near one of the program, shape (n,) each, or None where none is found; absent where all of these are the case's."""
    kept: Kept | None = field(default=None, repr=False)
    """What the search before left for this one, and this one for the next; None where there is no next."""

    def goals_after(self, row_duals: Floats | None) -> Sequence[Goal]:
        """Goals sought behind a plan, with the duals of the linear program its whole numbers leave."""
        return self.goals if self.kept is None else self.kept.goals(self.goals, row_duals)

    @property
    def searching(self) -> float | None:
        """Seconds for the search itself, s; None without a limit."""
        return None if self.time_limit is None else max(self.time_limit - self.closing, SHORTEST * self.time_limit)

    def __post_init__(self) -> None:
        if self.gap is not None and not self.gap >= 0:
            raise ValueError(f"the gap must be 0 or more, got {self.gap}")
