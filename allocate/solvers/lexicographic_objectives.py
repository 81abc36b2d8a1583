"""Lexicographic objectives: later goals held among the best plans of earlier ones, on one live HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.engine import Engine
from allocate.solvers.goals import Goal, Reached, at_least, floors, reached
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.search import Clock, Found, search
from allocate.solvers.waste import tidied
from allocate.tolerances import GOAL_HELD, ROW_KEPT


class Hold:
    """Solves goal after goal on a live engine.

    A linear program is held on the optimal face of a stage exactly: columns with a reduced cost stay at their bound,
    rows with a dual at their side. Where an earlier objective moves all the same by more than ``GOAL_HELD``, and in every
    integer program, a row fences each earlier objective in instead. From the first goal that only breaks ties on, an
    integer program is the linear program with its whole numbers fixed.
    """

    def __init__(self, engine: Engine, arrays: ProgramArrays, first: Found, clock: Clock) -> None:
        self.engine = engine
        self.arrays = arrays
        self.clock = clock
        self.mixed = engine.mixed
        self._reached: list[Reached] = []
        self._fenced = 0
        self._gave = False
        self._room = GOAL_HELD
        self._last = (arrays, first)
        self._past(arrays, first)
        if not self.mixed:
            self._go_on_from_plans()

    def reach(self, goal: Goal, values: Floats) -> Found:
        """The best plan for a goal that keeps all earlier ones, starting from one; without values if not finished."""
        if self.engine.watch.stopped:
            return Found(Status.STOPPED, Limit.INTERRUPT, message="interrupted")
        if self.mixed and goal.breaks_ties:
            values = self._settled(self._spared(goal, values))
        arrays = replace(self.arrays, costs=goal.costs, maximise=goal.maximise, offset=goal.offset)
        least = floors(self._reached, goal, values)
        self._gave |= any(goal.gives)
        if least is not None:
            return self._giving(arrays, values, least)
        found = None if self.mixed else self._on_face(arrays)
        tolerance = GOAL_HELD
        if found is None or (found.values is not None and not self._keeps(found.values, GOAL_HELD)):
            found, tolerance = self._behind_fences(arrays, values), ROW_KEPT
        if not found.finished:
            return replace(found, values=None)
        assert found.values is not None
        if not self._keeps(found.values, tolerance):
            return Found(Status.STOPPED, Limit.OTHER, message="it would have moved an earlier goal")
        self._past(arrays, found)
        return found

    def _giving(self, arrays: ProgramArrays, values: Floats, least: Sequence[float]) -> Found:
        """The best plan for a goal behind rows that keep as much of the earlier ones as has to be kept."""
        if not self.mixed:
            self._room = 0.0  # a vertex with no room left; room would be used up for crumbs of items
        found = self._behind_fences(arrays, values, least)
        if not found.finished or found.values is None:
            return replace(found, values=None)
        if not at_least(self._reached, least, found.values):
            return Found(Status.STOPPED, Limit.OTHER, message="it would have moved an earlier goal")
        self._past(arrays, found)
        return found

    def _go_on_from_plans(self) -> None:
        # A plan stays feasible when only the objective changes, so the primal method goes on from it.
        self.engine.option("simplex_strategy", 4)

    def _spared(self, goal: Goal, values: Floats) -> Floats:
        """A plan without whole numbers that only cost the goal something, as a fee of a vendor that makes nothing; else itself."""
        less = tidied(replace(self.arrays, costs=goal.costs, maximise=goal.maximise), values)
        return values if less is None or not self._keeps(less, GOAL_HELD) else less

    def _settled(self, values: Floats) -> Floats:
        """Fix the whole numbers of a plan and go on with the linear program that is left; the plan to go on from."""
        integer = self.arrays.integer
        ids = np.flatnonzero(integer).astype(np.int32)
        self.engine.set_integer(np.zeros_like(integer))
        self.engine.set_column_bounds(ids, np.round(values[ids]), np.round(values[ids]))
        self.arrays = self.arrays.with_whole_numbers(values)
        last, found = self._last
        self._last = (last.with_whole_numbers(values), found)
        self.mixed = False
        self._go_on_from_plans()
        if len(self._reached) == 1:
            return values
        self._room = 0.0
        return values if self._gave else self._polished(values)

    def _polished(self, values: Floats) -> Floats:
        """A plan that reaches all goals again, one after the other, in the linear program that is left.

        In the integer program a later goal uses up the room that fences leave earlier ones: crumbs of items. The plan as it was
        where that is not possible.
        """
        again: list[Reached] = []
        for before in self._reached:
            self._fence([one.value for one in again], 0.0)
            arrays = replace(self.arrays, costs=before.costs, maximise=before.maximise, offset=0.0)
            self.engine.set_costs(before.costs, before.maximise, 0.0)
            found = search(self.engine, arrays, self.clock)
            if not found.finished or found.values is None or not before.keeps(found.values, ROW_KEPT):
                return values
            values = found.values
            # Its row stays as large as it was.
            again.append(replace(reached(before.costs, before.maximise, values), size=before.size))
        self._reached = again
        return values

    def _past(self, arrays: ProgramArrays, found: Found) -> None:
        """Note a goal as reached."""
        assert found.values is not None
        self._reached.append(reached(arrays.costs, arrays.maximise, found.values))
        self._last = (arrays, found)

    def _keeps(self, values: Floats, tolerance: float) -> bool:
        """Whether a plan leaves all goals reached so far where they were."""
        return all(one.keeps(values, tolerance) for one in self._reached)

    def _on_face(self, arrays: ProgramArrays) -> Found | None:
        """Solve with everything fixed that the last goal's duals hold; None without duals or once fences stand."""
        last, found = self._last
        if self._fenced or found.row_duals is None or found.reduced_costs is None or found.values is None:
            return None
        columns, at = held_columns(last, found)
        rows, side = held_rows(last, found)
        self.engine.set_column_bounds(columns, at, at)
        self.engine.set_row_bounds(rows, side, side)
        self.engine.set_costs(arrays.costs, arrays.maximise, arrays.offset)
        return search(self.engine, arrays, self.clock)

    def _behind_fences(self, arrays: ProgramArrays, values: Floats, least: Sequence[float] | None = None) -> Found:
        """Solve with a row per goal reached that keeps its objective, all else as the program has it.

        least: what each has to keep; absent: what was reached.
        """
        engine, program = self.engine, self.arrays
        if not self.mixed and not self._fenced:
            engine.set_column_bounds(np.arange(program.column_count, dtype=np.int32), program.lower, program.upper)
            engine.set_row_bounds(np.arange(program.row_count, dtype=np.int32), program.row_lower, program.row_upper)
        keeps = [one.value for one in self._reached] if least is None else list(least)
        engine.set_costs(arrays.costs, arrays.maximise, arrays.offset)
        self._fence(keeps, self._room)
        if self.mixed:
            engine.start_from(values)
        found = search(engine, arrays, self.clock)
        if found.status is Status.INFEASIBLE and self._room == 0.0:
            self._fence(keeps, GOAL_HELD)
            found = search(engine, arrays, self.clock)
        return found

    def _fence(self, keeps: Sequence[float], room: float) -> None:
        """Rows that keep the first goals reached where they are, but for some room as a part; those of all others are free."""
        for number, one in enumerate(self._reached):
            costs, lower, upper = one.fence(keeps[number] if number < len(keeps) else 0.0, room)
            if number >= len(keeps):
                lower, upper = -np.inf, np.inf
            if number >= self._fenced:
                self.engine.add_row(costs, lower, upper)
                self._fenced += 1
            else:
                row = np.array([self.arrays.row_count + number], dtype=np.int32)
                self.engine.set_row_bounds(row, np.array([lower]), np.array([upper]))


def held_columns(arrays: ProgramArrays, found: Found) -> tuple[Integers, Floats]:
    """Columns whose reduced cost holds them at a bound, and that bound."""
    values, duals, reduced = _proof(found)
    held = np.abs(reduced) > GOAL_HELD * _size_of_prices(arrays, duals)
    return _at_side(held, values, arrays.lower, arrays.upper)


def held_rows(arrays: ProgramArrays, found: Found) -> tuple[Integers, Floats]:
    """Rows whose dual holds them at a side, and that side."""
    values, duals, _ = _proof(found)
    # A dual counts where its charge is not lost in the rounding of the columns it charges.
    size, charge = np.zeros(arrays.row_count), np.zeros(arrays.row_count)
    np.maximum.at(size, arrays.index, _size_of_prices(arrays, duals)[arrays.column])
    np.maximum.at(charge, arrays.index, np.abs(arrays.value * duals[arrays.index]))
    held = charge > GOAL_HELD * size
    return _at_side(held, arrays.activity(values), arrays.row_lower, arrays.row_upper)


def _proof(found: Found) -> tuple[Floats, Floats, Floats]:
    assert found.values is not None
    assert found.row_duals is not None
    assert found.reduced_costs is not None
    return found.values, found.row_duals, found.reduced_costs


def _size_of_prices(arrays: ProgramArrays, duals: Floats) -> Floats:
    """Size of the terms each reduced cost is the difference of, shape (n,)."""
    charges = np.abs(arrays.value * duals[arrays.index])
    return np.abs(arrays.costs) + np.bincount(arrays.column, weights=charges, minlength=arrays.column_count)


def _at_side(held: Booleans, at: Floats, lower: Floats, upper: Floats) -> tuple[Integers, Floats]:
    """Of what is held, the nearer side; what lies on neither is left free, the guard sees to it."""
    side = np.where(np.abs(at - lower) <= np.abs(upper - at), lower, upper)
    close = np.abs(side - at) <= ROW_KEPT * np.maximum(1.0, np.abs(at))
    ids = np.flatnonzero(held & close).astype(np.int32)
    return ids, side[ids]
