"""Programs of the nodes of a branching over work, each solved from where the last one ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.weak_duality import proven_bound, repaired
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.program.scaling import scaling_of
from allocate.program.structure import Structure
from allocate.solvers.engine import Engine
from allocate.solvers.highs import solve_scaled
from allocate.solvers.learning.pursuit import MOMENT, PATIENCE, STEPS
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.scaled import found_outward
from allocate.solvers.search import Clock, Found, evident, search
from allocate.solvers.watch import Cancel, Watch
from allocate.tolerances import PROVEN

FAR = 2.0
"""A ray is taken so far that what it proves lies beyond every plan worth having, by as much again."""


class LinearNodes:
    """Linear programs of one shape; duals: of the program as it stands, for proofs that a node has no plan."""

    def __init__(self, arrays: ProgramArrays, structure: Structure, duals: Floats, watch: Watch, clock: Clock) -> None:
        self.duals, self.clock = duals, clock
        self._scaling = scaling_of(arrays, structure)
        self._engine = Engine(watch, {"presolve": "off", "simplex_iteration_limit": STEPS})
        self._basis: Any = None

    def solve(self, arrays: ProgramArrays) -> Found:
        """How one ends; without a plan, duals that prove it, or else that nothing is known."""
        if (arrays.lower > arrays.upper).any():
            return Found(Status.INFEASIBLE)
        own = self._scaling.scaled(arrays)
        known = evident(own)
        if known is not None:
            return Found(Status.STOPPED, Limit.OTHER)
        self._engine.load(own)
        if self._basis is not None:
            self._engine.highs.setBasis(self._basis)
        left = self.clock.left
        patience = Clock(PATIENCE if left is None else max(min(left, PATIENCE), MOMENT))
        found = search(self._engine, own, patience)
        if found.status is Status.OPTIMAL:
            self._basis = self._engine.highs.getBasis()
        if found.status is Status.INFEASIBLE:
            duals = self._beyond(arrays)
            return Found(Status.STOPPED, Limit.OTHER) if duals is None else Found(Status.INFEASIBLE, row_duals=duals)
        return found_outward(self._scaling, found)

    def _beyond(self, arrays: ProgramArrays) -> Floats | None:
        """Duals whose bound lies beyond every plan, from a ray; None without one."""
        _, there, ray = self._engine.highs.getDualRay()
        if not there:
            return None
        limits, sense = boxes(arrays), 1.0 if arrays.maximise else -1.0
        nothing = replace(arrays, maximise=True, offset=0.0, costs=frozen(np.zeros(arrays.column_count)))
        start = sense * proven_bound(arrays, self.duals, limits)
        for sign in (1.0, -1.0):
            one = repaired(nothing, sign * np.array(ray) * self._scaling.rows, limits)
            gained = proven_bound(nothing, one, limits)
            if not (gained < 0.0 and np.isfinite(start)):
                continue
            duals = self.duals + sense * FAR * (abs(start) + 1.0) / -gained * one
            if sense * proven_bound(arrays, duals, limits) < start - abs(start):
                return duals
        return None


class WholeNodes:
    """Programs with whole numbers, each searched by itself."""

    def __init__(self, structure: Structure, clock: Clock, cancel: Cancel | None) -> None:
        self.structure, self.clock, self.cancel = structure, clock, cancel

    def solve(self, arrays: ProgramArrays) -> Found:
        """How one ends, as the solver claims."""
        if (arrays.lower > arrays.upper).any():
            return Found(Status.INFEASIBLE)
        left = None if self.clock.left is None else max(self.clock.left, 1e-3)
        found = solve_scaled(arrays, self.structure, time_limit=left, gap=PROVEN, cancel=self.cancel)
        return Found(found.status, found.limit, found.objective, found.bound, found.values)
