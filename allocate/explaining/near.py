"""The linear program near a plan, of which prices and returns are told."""

from __future__ import annotations

import numpy as np

from allocate.explaining.re_solve import Again
from allocate.program.arrays import Floats, Integers, ProgramArrays
from allocate.program.learned import Learned
from allocate.solvers.live import Change, Live
from allocate.solvers.outcome import is_feasible

_NONE = np.zeros(0, dtype=np.int32)
IDLE = 1e-12
"""Duals below this are none."""


def near(arrays: ProgramArrays, learned: Learned | None, plan: Floats) -> ProgramArrays:
    """The linear program near a plan: whole numbers as there, hours of pairs that learn along their tangents and chords there.

    Its first columns and rows are the program's own. What it gains by a little more or less of a limit the case gains too.
    """
    fixed = arrays.with_whole_numbers(plan) if arrays.integer.any() else arrays
    if learned is None:
        return fixed
    from allocate.solvers.learning.restriction import ROOM, Restriction  # loaded where vendors learn only

    restriction = Restriction(fixed, learned, ROOM)
    return restriction.at(restriction.work(plan))


class NearBy:
    """Plans of least money with a few labels more or less of a product."""

    def __init__(self, again: Again, live: Live, links: Integers) -> None:
        """``live``: the program of least money; ``links``: rows that count labels."""
        self._again, self._live = again, live
        self._shifts = dict(zip(links.tolist(), live.shifts(links), strict=True))

    def plan(
        self, row: int, more: float, free: Integers | None = None, *, exactly: bool = False
    ) -> tuple[bool, Floats | None]:
        """Whether it was looked into, and the plan with so many labels more of a product, by the row that counts them.

        free: rows that ask for nothing. At least so many, or exactly: there is no plan then where something else asks for
        the labels. Where the basis stays the plan moves along it, and nothing has to be solved.
        """
        live, shift = self._live, self._shifts[row]
        assert live.base.values is not None
        assert live.base.row_duals is not None
        change = _labelled(live.arrays, row, more, _NONE if free is None else free, exactly=exactly)
        idle = free is None or (np.abs(live.base.row_duals[free]) <= IDLE).all()
        if idle and not more:
            return True, live.base.values
        if idle and shift is not None:
            values = live.base.values - more * shift
            if is_feasible(change.applied(live.arrays), values):
                return True, values
        if not self._again.work.left:
            return False, None
        return True, live.after(change).values

    def without_the_last(self, row: int, less: float, free: Integers) -> tuple[bool, Floats | None, Floats | None]:
        """Whether it was looked into, the plan where some rows ask for nothing, and the same with so many labels less."""
        live = self._live
        assert live.base.row_duals is not None
        if (np.abs(live.base.row_duals[free]) <= IDLE).all():
            (_, here), (asked, fewer) = self.plan(row, 0.0, free), self.plan(row, -less, free, exactly=True)
            return asked, here, fewer
        if not self._again.work.left:
            return False, None, None
        changes = (_labelled(live.arrays, row, more, free, exactly=more < 0) for more in (0.0, -less))
        here_, fewer_ = live.one_after_the_other(*changes)
        return True, here_.values, fewer_.values


def _labelled(arrays: ProgramArrays, row: int, more: float, free: Integers, *, exactly: bool) -> Change:
    """So many labels more in the row that counts them, and rows that ask for nothing."""
    rows = np.array([row], dtype=np.int32)
    upper = arrays.row_upper[rows] - more
    lower = upper if exactly else arrays.row_lower[rows]
    if len(free):
        lower = np.concatenate([lower, np.full(len(free), -np.inf)])
        upper = np.concatenate([upper, arrays.row_upper[free]])
    return Change(rows=np.concatenate([rows, free]), row_lower=lower, row_upper=upper)
