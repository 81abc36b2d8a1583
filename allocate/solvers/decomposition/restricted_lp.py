"""Restricted LP: what whole numbers leave, on one live HiGHS over a growing part of its columns."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.program.structure import Structure
from allocate.solvers.engine import ModelStatus
from allocate.solvers.outcome import Status
from allocate.solvers.search import Clock, Found
from allocate.solvers.sifting.coarse import kinds
from allocate.solvers.sifting.first_columns import Beginning, beginning, columns_for
from allocate.solvers.sifting.restricted import Restricted
from allocate.solvers.sifting.sift import improve, missing
from allocate.solvers.watch import Watch

LARGE = 200_000
"""Coefficients from which the program begins with the columns that matter; a smaller one has all of them at once."""


class Rest:
    """An integer program, maximised, with its whole numbers let go or held; each solve goes on from the one before."""

    def __init__(self, arrays: ProgramArrays, structure: Structure, watch: Watch, clock: Clock) -> None:
        self.arrays, self.clock = arrays, clock
        relaxed = arrays.relaxed()
        kind = kinds(relaxed, structure)
        begin = Beginning(np.ones(arrays.column_count, dtype=bool))
        if arrays.nonzeros >= LARGE:
            begin = beginning(relaxed, kind, watch, clock)
        self._begin, self._relaxed = begin, relaxed
        self.guess = begin.values
        """About what the relaxation's optimum is, shape (n,), from a smaller program; None where none was asked."""
        self.ids = np.flatnonzero(arrays.integer).astype(np.int32)
        self._groups = kind.columns
        self._live = Restricted(watch, relaxed, begin.columns | arrays.integer)

    def relaxed(self) -> Found:
        """The optimum with the whole numbers let go."""
        self._live.hold(self.ids, self.arrays.lower[self.ids], self.arrays.upper[self.ids])
        return improve(self._live, self._groups, self.clock)

    def enter(self, wanted: Booleans) -> None:
        """Let columns in, shape (n,)."""
        entering = np.flatnonzero(wanted & ~self._live.inside).astype(np.int32)
        if len(entering):
            self._live.enter(entering)

    def soon(self, whole: Floats, clock: Clock) -> Found | None:
        """`best` of whole numbers near the guess, begun with what the smaller program has for them.

        None also where the columns that has let in have no plan.
        """
        wanted = columns_for(self._begin, self._relaxed, (self.ids, whole), self._live.engine.watch, clock)
        if wanted is None:
            return None
        self.enter(wanted)
        self._live.hold(self.ids, whole, whole)
        if self._live.run(clock.left).status != ModelStatus.kOptimal:
            return None
        found = improve(self._live, self._groups, clock)
        return found if found.status is Status.OPTIMAL else None

    def best(self, whole: Floats, clock: Clock) -> Found | None:
        """The best of all columns with whole numbers held, shape (integers,); None where there is no plan, or no time."""
        self._live.hold(self.ids, whole, whole)
        if not self._made_feasible(clock):
            return None
        found = improve(self._live, self._groups, clock)
        self._live.tighten()
        return found if found.status is Status.OPTIMAL else None

    def _made_feasible(self, clock: Clock) -> bool:
        """Let columns in until the whole numbers held have a plan; whether they have one."""
        live = self._live
        while live.run(clock.left).status == ModelStatus.kInfeasible:
            basis = live.basis
            entering = missing(live, self._groups, clock)
            live.tighten()
            if entering is None:
                return False
            live.enter(entering)
            live.restore(basis)
        return True

    def rough(self, whole: Floats, thorough: bool = False) -> Floats | None:
        """The best of the columns inside with whole numbers held, shape (n,); None where they have no plan.

        thorough: where they have none, columns are added until they do.
        """
        self._live.hold(self.ids, whole, whole)
        if thorough and not self._made_feasible(self.clock):
            return None
        run = self._live.run(self.clock.left)
        if run.status != ModelStatus.kOptimal or run.values is None:
            return None
        return self._live.values(run)
