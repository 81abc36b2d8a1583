"""Prices of the linear relaxation with a set of vendors engaged: where a search begins whose vendors have many rows of their own."""

from __future__ import annotations

import numpy as np

from allocate.certificate.engagement.engaged_form import EngagedForm
from allocate.program.arrays import Floats, Integers, ProgramArrays
from allocate.solvers.branching.nodes import OPTIMAL, ROUGH
from allocate.solvers.engine import Engine
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch


class RelaxedPrices:
    """Prices of some rows, shape (rows,), by linear programs that let go of all whole numbers but the vendors'."""

    def __init__(self, program: ProgramArrays, form: EngagedForm, rows: Integers, watch: Watch, clock: Clock) -> None:
        self.program, self.form, self.rows, self.watch, self.clock = program, form, rows, watch, clock
        self._within: Engine | None = None

    def of_all(self) -> Floats | None:
        """Prices with vendors let go of too; None where there are none."""
        engine = Engine(self.watch, ROUGH)
        engine.load(self.program.relaxed())
        return self._prices(engine)

    def within(self, inside: int) -> Floats | None:
        """Prices with exactly a set of vendors engaged, each from where the last ended; None where it has no point."""
        form = self.form
        if self._within is None:
            self._within = Engine(self.watch, ROUGH)
            self._within.load(form.arrays.relaxed())
        lower, upper = form.arrays.lower.copy(), form.arrays.upper.copy()
        upper[(form.needed & ~np.int64(inside)) != 0] = 0.0
        lower[form.ids] = upper[form.ids] = [float(inside >> v & 1) for v in range(form.count)]
        self._within.set_column_bounds(np.arange(len(lower), dtype=np.int32), np.minimum(lower, upper), upper)
        return self._prices(self._within)

    def _prices(self, engine: Engine) -> Floats | None:
        run = engine.run(self.clock.left)
        if run.status != OPTIMAL or run.row_duals is None:
            return None
        found: Floats = run.row_duals[self.rows]
        return found
