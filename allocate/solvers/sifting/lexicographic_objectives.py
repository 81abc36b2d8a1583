"""Lexicographic objectives: later goals, each on the small program that is left when all that earlier goals hold is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen, inner
from allocate.solvers.goals import Goal, Reached, at_least, floors, reached
from allocate.solvers.lexicographic_objectives import held_columns, held_rows
from allocate.solvers.objective_cutoff import fenced
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.search import Clock, Found
from allocate.solvers.sifting.sift import sift
from allocate.solvers.watch import Watch
from allocate.tolerances import GOAL_HELD, ROW_KEPT


class Faces:
    """Solves goal after goal, each by sifting what the goals before it leave open.

    Columns with a reduced cost stay where they are and leave the program; rows with a dual stay where they are. Where an
    earlier objective moves all the same, a row fences each of them in instead, as `allocate.solvers.lexicographic_objectives` does it.
    """

    def __init__(self, arrays: ProgramArrays, first: Found, groups: Integers, watch: Watch, clock: Clock) -> None:
        self.arrays = arrays
        self.groups = groups
        self.watch = watch
        self.clock = clock
        self._ids = np.arange(arrays.column_count, dtype=np.int32)
        self._last = (arrays, first)
        self._fences = False
        self._room = GOAL_HELD
        self._reached: list[Reached] = []
        self._past(arrays.costs, arrays.maximise, first)

    def reach(self, goal: Goal, values: Floats) -> Found:
        """The best plan for a goal that keeps all earlier ones, starting from one; without values if not finished."""
        if self.watch.stopped:
            return Found(Status.STOPPED, Limit.INTERRUPT, message="interrupted")
        least = floors(self._reached, goal, values)
        if least is not None:
            self._room = 0.0  # a vertex with no room left; room would be used up for crumbs of items
            given = self._behind_fences(goal, values, least)
            if not given.finished or given.values is None or not at_least(self._reached, least, given.values):
                return replace(given, values=None)
            self._past(goal.costs, goal.maximise, given)
            return given
        found, tolerance = (None, GOAL_HELD) if self._fences else (self._on_face(goal, values), GOAL_HELD)
        if found is None or (found.values is not None and not self._keeps(found.values, GOAL_HELD)):
            found, tolerance = self._behind_fences(goal, values), ROW_KEPT
        if not found.finished or found.values is None:
            return replace(found, values=None)
        if not self._keeps(found.values, tolerance):
            return Found(Status.STOPPED, Limit.OTHER, message="it would have moved an earlier goal")
        self._past(goal.costs, goal.maximise, found)
        return found

    def _on_face(self, goal: Goal, values: Floats) -> Found:
        """Solve what is left open, with the rest where it is."""
        last, result = self._last
        columns, _ = held_columns(last, result)
        rows, _ = held_rows(last, result)
        assert result.values is not None
        open_ = last.upper > last.lower
        open_[columns] = False
        left = np.flatnonzero(open_).astype(np.int32)
        self._ids = self._ids[left]
        part = _left(last, result.values, left, rows)
        whole = values.copy()
        whole[self._ids] = 0.0
        costs = frozen(goal.costs[self._ids])
        offset = goal.offset + inner(goal.costs, whole)
        part = replace(part, costs=costs, maximise=goal.maximise, offset=offset)
        found, _ = sift(part, values[self._ids] != 0.0, self.groups[self._ids], self.watch, self.clock)
        self._last = (part, found)
        return self._of_all(goal, found, whole)

    def _of_all(self, goal: Goal, found: Found, whole: Floats) -> Found:
        """What was found on a face, over all columns."""
        if found.values is None or found.row_duals is None:
            return found
        whole[self._ids] = found.values
        return replace(found, values=whole, reduced_costs=goal.costs - self.arrays.priced(found.row_duals))

    def _behind_fences(self, goal: Goal, values: Floats, least: Sequence[float] | None = None) -> Found:
        """Solve with a row per goal reached that keeps its objective, all else as the program has it.

        least: what each has to keep; absent: what was reached.
        """
        self._fences = True
        arrays = self.arrays
        for number, one in enumerate(self._reached):
            arrays = fenced(arrays, *one.fence(one.value if least is None else least[number], self._room))
        arrays = replace(arrays, costs=goal.costs, maximise=goal.maximise, offset=goal.offset)
        found, _ = sift(arrays, values != 0.0, self.groups, self.watch, self.clock)
        duals = None if found.row_duals is None else found.row_duals[: self.arrays.row_count]
        return replace(found, row_duals=duals)

    def _past(self, costs: Floats, maximise: bool, found: Found) -> None:
        """Note a goal as reached."""
        assert found.values is not None
        self._reached.append(reached(costs, maximise, found.values))

    def _keeps(self, values: Floats, tolerance: float) -> bool:
        """Whether a plan leaves all goals reached so far where they were."""
        return all(one.keeps(values, tolerance) for one in self._reached)


def _left(arrays: ProgramArrays, values: Floats, left: Integers, rows: Integers) -> ProgramArrays:
    """The program over the columns left, the others where a plan has them; the plan stays a plan of it exactly."""
    part, at = arrays.picked(left), values[left]
    activity = part.activity(at)
    moved = arrays.activity(values) - activity
    lower = np.minimum(arrays.row_lower - moved, activity)
    upper = np.maximum(arrays.row_upper - moved, activity)
    lower[rows] = upper[rows] = activity[rows]
    return replace(
        part,
        lower=frozen(np.minimum(part.lower, at)),
        upper=frozen(np.maximum(part.upper, at)),
        row_lower=frozen(lower),
        row_upper=frozen(upper),
    )
