"""Solving again: one program with one thing changed after another, and what each change is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.errors import CaseError
from allocate.program.arrays import ProgramArrays
from allocate.program.build import Built
from allocate.solvers.live import Change, Live
from allocate.solvers.outcome import Status
from allocate.solvers.search import Clock, Found
from allocate.solvers.watch import Cancel

Floats = NDArray[np.float64]

EACH = 5.0
"""Seconds one more solve of an integer program may take where no limit is given."""


@dataclass(frozen=True)
class Worth:
    """What a change does to the first objective; above zero is better."""

    gain: float | None
    """Of the best plan found with the change; None where there is none."""
    at_most: float | None
    """No plan with the change gains more; None where that is not known."""
    state: str
    """exact; bound (the gain is what was found in the time there was, more may be possible); impossible (no plan keeps
    the rest); endless (nothing else limits the plan); unknown (the time ended without a plan)."""


@dataclass(frozen=True, eq=False)
class Resolved:
    """A plan of a changed program."""

    worth: Worth
    built: Built
    values: Floats | None
    row_duals: Floats | None = None


class Again:
    """A case's program on one live solver, asked again and again; where it was solved before, about that plan.

    time_limit: s for everything; each: s for each solve but the first of an integer program.
    """

    def __init__(
        self, built: Built, time_limit: float | None = None, each: float | None = None, cancel: Cancel | None = None
    ) -> None:
        self.built = built
        self.clock = Clock(time_limit)
        arrays, known = built.program.arrays(), built.program.values()
        plan = known if len(known) == arrays.column_count and np.isfinite(known).all() else None
        self.live = Live(arrays, time_limit, cancel, built.program.structure(), plan)
        self.base: Found = self.live.base
        limit = EACH if self.live.mixed else None
        self.each = each if each is not None else limit

    @property
    def seconds(self) -> float | None:
        """How long the next solve may take."""
        left = self.clock.left
        both = [seconds for seconds in (self.each, left) if seconds is not None]
        return min(both, default=None)

    def change(self, change: Change, wider: Callable[[], Built] | None = None) -> Resolved:
        """The plan with a change.

        wider: the same program where nothing follows from what is changed. It is made only when needed: in programs that
        derive a most of everything, and when the plan goes beyond the pieces of a value curve.
        """
        if wider is None or not self.derives:
            found = self.live.after(change, self.seconds)
            if wider is None or not self._cut_short(found):
                return self._resolved(self.built, found)
        return self.program(wider, change)

    def program(self, make: Callable[[], Built], change: Change | None = None) -> Resolved:
        """The plan of another program for the same products, solved anew."""
        try:
            other = make()
        except CaseError as error:
            endless = all("nothing limits" in problem.message for problem in error.problems)
            return Resolved(Worth(None, None, "endless" if endless else "impossible"), self.built, None)
        arrays = other.program.arrays()
        changed = change.applied(arrays) if change is not None else arrays
        if self.seconds is not None and self.seconds <= 0:
            return Resolved(Worth(None, None, "unknown"), other, None)
        if self.hot_for(changed):
            return self._resolved(other, self.live.instead(changed, self.seconds))
        return self._resolved(other, Live(changed, self.seconds).base)

    def arrays(self, arrays: ProgramArrays) -> Resolved:
        """The plan of a program with the same columns and rows and other numbers."""
        return self._resolved(self.built, self.live.instead(arrays, self.seconds))

    def hot_for(self, arrays: ProgramArrays) -> bool:
        """Whether what is known of this program helps to solve another: the same choices, columns and rows."""
        base = self.live.arrays
        alike = (arrays.row_count, arrays.column_count) == (base.row_count, base.column_count)
        return self.live.hot and alike and np.array_equal(arrays.integer, base.integer)

    @property
    def derives(self) -> bool:
        """Whether a most of everything there could be stands in the program.

        Choices and volume prices are bounded by it, and gates that no plan can reach are left out.
        """
        if any(one.more_beyond for one in self.built.layout.values.values()):
            return True
        return self.live.mixed or "tier_units" in self.built.program.columns

    def _cut_short(self, found: Found) -> bool:
        """Whether a plan goes beyond the pieces of a curve."""
        if found.values is None:
            return found.status is Status.UNBOUNDED
        block = self.built.program.columns["value_stretch"]
        product = block.index["product"]
        made = np.bincount(product, found.values[block.ids], minlength=len(self.built.layout.routes.products))
        for number, one in self.built.layout.values.items():
            if not one.complete and made[number] > one.reach * (1.0 + 1e-9):
                return True
        return False

    def _resolved(self, built: Built, found: Found) -> Resolved:
        return Resolved(self._worth(found), built, found.values, found.row_duals)

    def _worth(self, found: Found) -> Worth:
        assert self.base.objective is not None
        if found.values is None or found.objective is None:
            states = {Status.INFEASIBLE: "impossible", Status.UNBOUNDED: "endless"}
            return Worth(None, None, states.get(found.status, "unknown"))
        sign = 1.0 if self.live.arrays.maximise else -1.0
        gain = sign * (found.objective - self.base.objective)
        proven = found.status is Status.OPTIMAL and self.base.status is Status.OPTIMAL
        bound = None if found.bound is None else sign * (found.bound - self.base.objective)
        size = max(1.0, abs(self.base.objective))
        # Two optima of one amount differ by the rounding of the solver.
        gain = 0.0 if abs(gain) <= 1e-9 * size else gain
        bound = 0.0 if bound is not None and abs(bound) <= 1e-9 * size else bound
        return Worth(gain, gain if proven else bound, "exact" if proven else "bound")
