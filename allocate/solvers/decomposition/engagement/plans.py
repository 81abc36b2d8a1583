"""Plans with a set of vendors started on each product: the program that is left, solved to the end; the best plan kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np

from allocate.certificate.engagement.engaged_form import EngagedForm, PartOfForm
from allocate.certificate.engagement.tables import Rules
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.engine import Engine
from allocate.solvers.facility_location.restricted_lp import Left, left_of, whole
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch
from allocate.tolerances import BETTER_PLAN

OPTIMAL = highspy.HighsModelStatus.kOptimal
OTHERS_NEAR = 1e-4
"""Relative gap at which whole numbers beside vendors and starts are settled, in plans on the way."""
OTHERS_NODES = 200
"""Nodes of branch and bound for these, at most."""


@dataclass(frozen=True, eq=False)
class EngagedPlan:
    """A plan, what it gains, and the vendors started on each part."""

    objective: float
    values: Floats
    chosen: tuple[int, ...]
    """Mask of all vendors by part."""
    row_duals: Floats
    """Of the linear program with all whole numbers as they are, shape (m,)."""


class Planner:
    """Plans of a maximised program, the best of them kept."""

    def __init__(
        self,
        program: ProgramArrays,
        form: EngagedForm,
        parts: list[PartOfForm],
        rules: Rules,
        watch: Watch,
        clock: Clock,
    ) -> None:
        self.program, self.form, self.parts, self.rules = program, form, parts, rules
        self.watch, self.clock = watch, clock
        self.best: EngagedPlan | None = None
        self.others = bool(np.setdiff1d(np.flatnonzero(program.integer), self._decided()).size)
        """Whether there are whole numbers beside vendors and starts."""
        self.tried: dict[tuple[int, ...], float | None] = {}

    def _decided(self) -> Integers:
        starts = [part.columns[part.starts[part.starts >= 0]] for part in self.parts]
        return np.concatenate([self.form.ids, *starts])

    @property
    def objective(self) -> float:
        """What the best plan gains, minus infinity without one."""
        return -np.inf if self.best is None else self.best.objective

    def of(self, chosen: Mapping[int, int], inside: int) -> float | None:
        """Solve with these vendors started on each part, masks of all vendors; what the plan gains, None where there is none.

        inside: the set of vendors it comes from, engaged in full where rules about vendors ask for it.
        """
        key = tuple(chosen.get(part.number, 0) for part in self.parts)
        if key in self.tried or self.watch.stopped or self.clock.left == 0.0:
            return self.tried.get(key)
        union = 0
        for mask in key:
            union |= mask
        engaged = union if self._allowed(union) else inside | union
        found = self._solved(key, engaged)
        self.tried[key] = None if found is None else found.objective
        if (found is not None and found.objective > self.objective + BETTER_PLAN * max(1.0, abs(self.objective))) or (
            found is not None and self.best is None
        ):
            self.best = found
        return self.tried[key]

    def _allowed(self, mask: int) -> bool:
        everyone = (1 << self.form.count) - 1
        return bool(self.rules.allowed(np.array([mask], np.int64), np.array([everyone & ~mask], np.int64))[0])

    def _solved(self, key: tuple[int, ...], engaged: int) -> EngagedPlan | None:
        program = self.program
        taken, open_ = self._taken(key, engaged)
        part = left_of(program, taken, np.flatnonzero(open_).astype(np.int32))
        if not isinstance(part, Left):
            return None
        engine = Engine(self.watch, {"mip_rel_gap": OTHERS_NEAR, "mip_max_nodes": OTHERS_NODES})
        engine.load(part.arrays)
        run = engine.run(self.clock.left)
        values = run.values
        if values is not None and engine.mixed:
            held = np.flatnonzero(part.arrays.integer).astype(np.int32)
            if not is_feasible(part.arrays, values):
                return None
            at = np.round(values[held])
            engine.set_integer(np.zeros_like(part.arrays.integer))
            engine.set_column_bounds(held, at, at)
            run = engine.run(self.clock.left)
        if run.status != OPTIMAL or run.values is None or run.row_duals is None:
            return None
        found = whole(part, run.values)
        found[program.integer] = np.round(found[program.integer])
        if not is_feasible(program, found):
            return None
        duals = np.zeros(program.row_count)
        duals[part.rows] = run.row_duals
        return EngagedPlan(program.objective(found), found, key, self._closing(duals, ~open_))

    def _taken(self, key: tuple[int, ...], engaged: int) -> tuple[Floats, Booleans]:
        """Vendors and starts as chosen, all else at 0; and which columns are left open."""
        taken, open_ = np.zeros(self.program.column_count), np.ones(self.program.column_count, dtype=bool)
        for v, column in enumerate(self.form.ids.tolist()):
            taken[column], open_[column] = engaged >> v & 1, False
        for part, mask in zip(self.parts, key, strict=True):
            small = 0
            for i, v in enumerate(part.vendors):
                small |= (mask >> v & 1) << i
                at = part.starts[i]
                if at >= 0:
                    taken[part.columns[at]], open_[part.columns[at]] = mask >> v & 1, False
            open_[part.columns[(part.local & ~np.int64(small)) != 0]] = False
        closed = (self.form.needed & ~np.int64(engaged)) != 0
        open_[closed] = False
        return taken, open_

    def _closing(self, duals: Floats, closed: Booleans) -> Floats:
        """Duals that also say why nothing is made of what is closed: a row that opens columns takes what one would gain."""
        gains = self.program.costs - self.program.priced(duals)
        entry = self.form.opening
        column = self.program.column[entry]
        mine = entry[closed[column] & (gains[column] > 0.0) & ~self.program.integer[column]]
        found, column = duals.copy(), self.program.column[mine]
        np.maximum.at(found, self.program.index[mine], gains[column] / self.program.value[mine])
        return found
