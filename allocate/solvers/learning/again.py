"""Changed programs with pairs that learn, solved again near a plan of the program as it was."""

from __future__ import annotations

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.solvers.learning.method import as_found, best_plan
from allocate.solvers.learning.restriction import Restriction
from allocate.solvers.lexicographic_objectives import with_whole_numbers
from allocate.solvers.search import Clock, Found
from allocate.solvers.watch import Cancel, Watch

ROOM = 2.0
"""Near a plan, so many times the work may be done that limits leave room for as they are."""


def near(arrays: ProgramArrays, learned: Learned | None, plan: Floats) -> ProgramArrays:
    """The linear program near a plan: whole numbers as there, hours of pairs that learn along its tangents and chords there.

    Its first columns and rows are the program's own. What it gains by a little more or less of a limit the case gains too.
    """
    fixed = with_whole_numbers(arrays, plan) if arrays.integer.any() else arrays
    if learned is None:
        return fixed
    restriction = Restriction(fixed, learned, ROOM)
    return restriction.at(restriction.work(plan))


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
