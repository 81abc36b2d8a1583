"""The linear program near a plan, of which prices and returns are told."""

from __future__ import annotations

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.solvers.lexicographic_objectives import with_whole_numbers


def near(arrays: ProgramArrays, learned: Learned | None, plan: Floats) -> ProgramArrays:
    """The linear program near a plan: whole numbers as there, hours of pairs that learn along their tangents and chords there.

    Its first columns and rows are the program's own. What it gains by a little more or less of a limit the case gains too.
    """
    fixed = with_whole_numbers(arrays, plan) if arrays.integer.any() else arrays
    if learned is None:
        return fixed
    from allocate.solvers.learning.restriction import ROOM, Restriction  # loaded where vendors learn only

    restriction = Restriction(fixed, learned, ROOM)
    return restriction.at(restriction.work(plan))
