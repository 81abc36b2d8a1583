"""A program kept on one live HiGHS: changed a little, solved again with a warm start from the best plan, and put back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import highspy
import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen
from allocate.program.scaling import Scaling, scaling_of
from allocate.program.structure import Structure
from allocate.solvers import branch_and_bound
from allocate.solvers.branch_and_bound import Branching
from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.primal_heuristic import make_start
from allocate.solvers.scaled import found_outward
from allocate.solvers.search import Clock, Found, evident, search
from allocate.solvers.sifting.coarse import kinds
from allocate.solvers.sifting.first_columns import first_columns
from allocate.solvers.sifting.method import suits
from allocate.solvers.sifting.sift import sift
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel, Watch
from allocate.solvers.work import Work
from allocate.tolerances import PROVEN, ROW_KEPT

WIDE = 0.5
"""Share of the columns with terms in a row from which the program without it is another one: its best plan is far away."""

DUAL, PRIMAL = 1, 4
"""Simplex methods, as HiGHS numbers them."""


def _none() -> Integers:
    return np.zeros(0, dtype=np.int32)


def _nothing() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class Change:
    """Sides of rows, bounds of columns and coefficients that are to differ from the program's own."""

    rows: Integers = field(default_factory=_none)
    row_lower: Floats = field(default_factory=_nothing)
    row_upper: Floats = field(default_factory=_nothing)
    columns: Integers = field(default_factory=_none)
    lower: Floats = field(default_factory=_nothing)
    upper: Floats = field(default_factory=_nothing)
    entries: Integers = field(default_factory=_none)
    """Positions among the stored coefficients."""
    values: Floats = field(default_factory=_nothing)

    def applied(self, arrays: ProgramArrays) -> ProgramArrays:
        """The program with the change."""
        parts: dict[str, Any] = {}
        for name, ids, new in (
            ("row_lower", self.rows, self.row_lower),
            ("row_upper", self.rows, self.row_upper),
            ("lower", self.columns, self.lower),
            ("upper", self.columns, self.upper),
        ):
            if len(ids):
                side = getattr(arrays, name).copy()
                side[ids] = new
                parts[name] = frozen(side)
        changed = replace(arrays, **parts)
        if not len(self.entries):
            return changed
        coefficients = arrays.value.copy()
        coefficients[self.entries] = self.values
        return replace(changed, matrix=replace(arrays.matrix, value=frozen(coefficients)))


@dataclass(frozen=True, eq=False)
class Ranges:
    """Between which right-hand sides each row's dual stays as it is while all else does, shape (m,) each."""

    lower: Floats
    upper: Floats


MOMENT = 1e-3
"""Seconds of a search whose time has run out before it begins: it ends at once, and says so."""


def _clock(seconds: float | None) -> Clock:
    """The clock of one search."""
    return Clock(None if seconds is None else max(seconds, MOMENT))


class Live:
    """One program on one HiGHS, solved once in full; ``base`` is how that ended, within ``time_limit`` seconds.

    A linear program is solved again from that optimal basis, a small integer program from the parts of its choices that
    proved its best plan (`allocate.solvers.branch_and_bound`), a larger one from the beginning. Equal calls in equal order give equal
    answers. structure: of the columns, for changes that lead far away in a large linear program. The solver sees the
    program at its own scale; all that is asked and told is in the program's own figures.
    """

    def __init__(
        self,
        arrays: ProgramArrays,
        time_limit: float | None = None,
        cancel: Cancel | None = None,
        structure: Structure | None = None,
        plan: Floats | None = None,
        work: Work | None = None,
        scaling: Scaling | None = None,
    ) -> None:
        """``plan``: values known to be best, which ``base`` has in place of others that are as good. ``work``: where what is
        searched is counted, and ends. ``scaling``: of another program with the same coefficients."""
        check_numbers(arrays)
        self.arrays = arrays
        self.structure = structure
        self.work = work or Work()
        if scaling is None:
            self.work.scaled(arrays.nonzeros)
        self.scaling = scaling or scaling_of(arrays, structure)
        self._own = own = self.scaling.scaled(arrays)
        self.engine = Engine(Watch(cancel, work=self.work), {"mip_rel_gap": PROVEN})
        self.engine.load(own)
        self._loaded = own
        self._branching = Branching(self.engine.watch, own) if branch_and_bound.suits(own) else None
        self._first_end = evident(own) or self._first(own, _clock(time_limit), plan)
        self.base: Found = self._with_plan(found_outward(self.scaling, self._first_end), plan)
        self._basis = None if self.engine.mixed else self.engine.highs.getBasis()

    @property
    def mixed(self) -> bool:
        """Whether some columns are whole-numbered."""
        return self.engine.mixed

    @property
    def hot(self) -> bool:
        """Whether a little change is solved again from what is known: not where a search begins again each time."""
        return not self.mixed or self._branching is not None

    def after(self, change: Change, seconds: float | None = None, primal: bool = False) -> Found:
        """How the program ends with a change, within so many seconds; the program itself is left as it was.

        primal: by the primal simplex method, which is quicker where the plan stays possible.
        """
        arrays = self.scaling.scaled(change.applied(self.arrays))
        known = evident(arrays) or self._by_parts(arrays, seconds)
        if known is not None:
            return found_outward(self.scaling, known)
        self._load(self._own)
        self._set(change, arrays)
        self.engine.option("simplex_strategy", PRIMAL if primal else DUAL)
        found = self._search(arrays, seconds, far=self._leads_far(arrays))
        self.engine.option("simplex_strategy", DUAL)
        self._set(change, self._own)
        return found_outward(self.scaling, found)

    def one_after_the_other(self, first: Change, second: Change) -> tuple[Found, Found]:
        """How a linear program ends with a change that leaves its plan possible, and from there with another of the same rows."""
        self._load(self._own)
        self.engine.highs.setBasis(self._basis)
        found = []
        for change, method in ((first, PRIMAL), (second, DUAL)):
            arrays = self.scaling.scaled(change.applied(self.arrays))
            self._set(change, arrays)
            self.engine.option("simplex_strategy", method)
            found.append(found_outward(self.scaling, search(self.engine, arrays, _clock(None))))
        self._set(first, self._own)
        return found[0], found[1]

    def instead(self, arrays: ProgramArrays, seconds: float | None = None) -> Found:
        """How another program of the same columns and rows ends, started from where this one is best."""
        check_numbers(arrays)
        arrays = self.scaling.scaled(arrays)
        known = evident(arrays) or self._by_parts(arrays, seconds)
        if known is None:
            self._load(arrays)
            known = self._search(arrays, seconds)
        return found_outward(self.scaling, known)

    def ranges(self, change: Change | None = None) -> tuple[Found, Ranges | None]:
        """How the program (with a change, if any) ends and the ranges of its duals; linear programs only."""
        change = change or Change()
        arrays = self.scaling.scaled(change.applied(self.arrays))
        self._load(self._own)
        self._set(change, arrays)
        found = self._search(arrays, None)
        status, told = self.engine.highs.getRanging()
        self.work.ranged(arrays.nonzeros)
        self._set(change, self._own)
        found = found_outward(self.scaling, found)
        if found.status is not Status.OPTIMAL or status != highspy.HighsStatus.kOk:
            return found, None
        sides = [np.array(one.value_) / self.scaling.rows for one in (told.row_bound_dn, told.row_bound_up)]
        return found, Ranges(np.minimum(*sides), np.maximum(*sides))

    def shifts(self, rows: Integers) -> list[Floats | None]:
        """How the best plan moves per unit of each row's side while its basis stays, shape (n,) each; linear programs only.

        The same reduced costs prove the moved plan best as long as it keeps its rows and bounds. None for a row that is not
        at its side.
        """
        highs, count = self.engine.highs, self.arrays.column_count
        self._load(self._own)
        highs.setBasis(self._basis)
        self.engine.run_here()
        status, basic = highs.getBasicVariables()
        found: list[Floats | None] = []
        for row in rows.tolist():
            side = np.zeros(self.arrays.row_count)
            side[row] = 1.0
            solved, moved = highs.getBasisSolve(side) if status == highspy.HighsStatus.kOk else (status, side)
            self.work.done += 0.01 * self.arrays.nonzeros
            if solved != highspy.HighsStatus.kOk or (basic == -1 - row).any():
                found.append(None)
                continue
            values = np.zeros(count)
            values[basic[basic >= 0]] = moved[basic >= 0]
            activity = self._own.activity(values)
            values = values if activity[row] > 0 else -values
            found.append(self.scaling.outward(values) * self.scaling.rows[row])
        return found

    def _first(self, arrays: ProgramArrays, clock: Clock, plan: Floats | None) -> Found:
        """How the program itself ends."""
        known = None if plan is None else self.scaling.inward(plan)
        found = self._branching.base(arrays, clock, known) if self._branching is not None else None
        if found is None:
            # A tree that does not do for the program itself does not for one much like it.
            self._branching = None
            found = self._anew(arrays, clock)
        return found

    def _with_plan(self, found: Found, plan: Floats | None) -> Found:
        """The same end with a plan that is as good; its duals are those of its own whole numbers."""
        if plan is None or found.objective is None or not is_feasible(self.arrays, plan):
            return found
        if abs(self.arrays.objective(plan) - found.objective) > ROW_KEPT * max(1.0, abs(found.objective)):
            return found
        if not self.mixed or (found.values is not None and np.array_equal(found.values, plan)):
            return replace(found, values=plan)
        fixed = Live(self.arrays.with_whole_numbers(plan), work=self.work).base
        return replace(found, values=plan, row_duals=fixed.row_duals, reduced_costs=fixed.reduced_costs)

    def _by_parts(self, arrays: ProgramArrays, seconds: float | None) -> Found | None:
        """How a small integer program ends, searched from the parts of the program's own choices."""
        if self._branching is None or (seconds is not None and seconds <= 0):
            return None
        return self._branching.search(arrays, _clock(seconds))

    def _load(self, arrays: ProgramArrays) -> None:
        if self._loaded is not arrays:
            self.engine.load(arrays)
            self._loaded = arrays

    def _leads_far(self, arrays: ProgramArrays) -> bool:
        """Whether a row that binds and that most columns have terms in is taken away, as a budget is."""
        duals = self._first_end.row_duals
        if self._basis is None or duals is None:
            return False
        freed = np.isinf(arrays.row_lower) & np.isinf(arrays.row_upper) & (np.abs(duals) > 0.0)
        return bool((freed & (self._terms >= WIDE * arrays.column_count)).any())

    @cached_property
    def _terms(self) -> Integers:
        """How many columns have terms in each row."""
        return np.bincount(self.arrays.index, minlength=self.arrays.row_count).astype(np.int32)

    def _search(self, arrays: ProgramArrays, seconds: float | None, far: bool = False) -> Found:
        if seconds is not None and seconds <= 0:
            return Found(Status.STOPPED, Limit.TIME, message="the time limit was reached")
        clock = _clock(seconds)
        if self._basis is None:
            return self._anew(arrays, clock)
        if far:
            return self._far(arrays, clock)
        self.engine.highs.setBasis(self._basis)
        found = search(self.engine, arrays, clock)
        if found.status is Status.STOPPED and found.limit is Limit.OTHER:
            # A basis from far away can lead the simplex method astray; from the beginning it finds its way.
            return self._anew(arrays, clock)
        return found

    def _far(self, arrays: ProgramArrays, clock: Clock) -> Found:
        """The search where nothing of what was known helps: by sifting where that is quicker, else from the beginning."""
        if self.structure is not None and suits(Task(arrays, self.structure)):
            kind, watch = kinds(arrays, self.structure), self.engine.watch
            found, _ = sift(arrays, first_columns(arrays, kind, watch, clock), kind.columns, watch, clock)
            if found.limit is not Limit.OTHER:
                return found
        self.engine.forget()
        # Making the program smaller first takes as long as solving it.
        self.engine.option("presolve", "off")
        found = search(self.engine, arrays, clock)
        self.engine.option("presolve", "choose")
        return self._anew(arrays, clock) if found.status is Status.STOPPED and found.limit is Limit.OTHER else found

    def _anew(self, arrays: ProgramArrays, clock: Clock) -> Found:
        """The search as if nothing had been solved before: what an integer search leaves behind misleads the next."""
        self.engine.forget()
        start = make_start(self.engine.watch, arrays, clock)
        if start is not None:
            self.engine.start_from(start.values)
        found = search(self.engine, arrays, clock, start)
        if self.engine.mixed or found.status is not Status.STOPPED or found.limit is not Limit.OTHER:
            return found
        # Where a program all but has a plan the simplex method may end without a word; interior points tell.
        self.engine.forget()
        self.engine.option("solver", "ipm")
        found = search(self.engine, arrays, clock)
        self.engine.option("solver", "choose")
        return found

    def _set(self, change: Change, arrays: ProgramArrays) -> None:
        """Give the solver a program's own numbers wherever a change touches it."""
        if len(change.rows):
            self.engine.set_row_bounds(change.rows, arrays.row_lower[change.rows], arrays.row_upper[change.rows])
        if len(change.columns):
            self.engine.set_column_bounds(change.columns, arrays.lower[change.columns], arrays.upper[change.columns])
        rows, columns = arrays.index[change.entries].tolist(), arrays.column[change.entries].tolist()
        for row, column, value in zip(rows, columns, arrays.value[change.entries].tolist(), strict=True):
            self.engine.highs.changeCoeff(row, column, value)
