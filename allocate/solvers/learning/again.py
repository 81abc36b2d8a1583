"""Changed programs with pairs that learn, solved again near a plan of the program as it was."""

from __future__ import annotations

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.solvers.learning.method import as_found, best_plan
from allocate.solvers.search import Clock, Found
from allocate.solvers.watch import Cancel, Watch


def truly(
    arrays: ProgramArrays,
    learned: Learned,
    found: Found,
    seconds: float | None = None,
    cancel: Cancel | None = None,
    also: Floats | None = None,
) -> Found:
    """How a program ends whose plans keep their hours by the curves, from how the wide one ended; also: a plan to start from."""
    if found.values is None or found.objective is None:
        return found
    plan = best_plan(
        arrays, learned, found, Watch(cancel), Clock(None if seconds is None else max(seconds, 1e-3)), cancel, also
    )
    return as_found(arrays, found, plan)
