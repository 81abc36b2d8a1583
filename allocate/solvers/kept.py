"""What a search leaves for the next one of the same program with less room in its rows: where to begin, never what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays
from allocate.program.order import Order
from allocate.program.scaling import Scaling
from allocate.solvers.goals import Goal

SAME = ("costs", "lower", "upper", "integer", "row_lower", "start", "index", "value")
"""What does not differ between programs of one row of searches."""


@dataclass(eq=False)
class Kept:
    """Filled by each search, and read by the next: its plan, its prices, its tree, the simplex method where it stood.

    Only a program that differs from the last one in upper sides of rows, none of which is higher, goes on from there; any other begins from scratch.
    """

    arrays: ProgramArrays | None = None
    moved: Integers = field(default_factory=lambda: np.zeros(0, np.int32))
    """Rows that have less room than in the program before, by position in the order they are solved in."""
    """The last program, as it was given."""
    order: Order | None = None
    scaling: Scaling | None = None
    """How it was put in order and scaled."""
    method: str = ""
    reason: str = ""
    """The method it was solved by, and why it."""
    search: Any = None
    """The search itself, of the method's own kind; None where it leaves nothing."""
    plan: Floats | None = None
    """Its plan, in that order and scale, shape (n,)."""

    def goes_on(self, arrays: ProgramArrays) -> bool:
        """Turn to the next program: whether it can go on from the last; all is let go of where it cannot."""
        goes_on = self.arrays is not None and tightened(self.arrays, arrays)
        if not goes_on:
            self.order, self.scaling, self.search, self.plan, self.method, self.reason = None, None, None, None, "", ""
        before, self.arrays = self.arrays, arrays
        rows = (
            np.flatnonzero(arrays.row_upper != before.row_upper) if goes_on and before is not None else self.moved[:0]
        )
        self.moved = (rows if self.order is None else np.flatnonzero(np.isin(self.order.rows, rows))).astype(np.int32)
        return goes_on

    def goals(self, goals: Sequence[Goal], row_duals: Floats | None) -> Sequence[Goal]:
        """Goals that are still sought: where the rows that moved are full, what breaks ties is not, as along a linear program."""
        if row_duals is None or not row_duals[self.moved].any():
            return goals
        return [one for one in goals if not one.breaks_ties]


def tightened(before: ProgramArrays, after: ProgramArrays) -> bool:
    """Whether a program is another one with less room in some rows, and the same in all else."""
    sizes = (before.column_count, before.row_count, before.nonzeros, before.maximise, before.offset)
    if sizes != (after.column_count, after.row_count, after.nonzeros, after.maximise, after.offset):
        return False
    if not all(np.array_equal(getattr(before, name), getattr(after, name)) for name in SAME):
        return False
    return bool((after.row_upper <= before.row_upper).all())
