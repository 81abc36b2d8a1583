"""A program kept on one live HiGHS: changed a little, solved again from the best plan so far, and put back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import highspy
import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen
from allocate.program.structure import Structure
from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.outcome import PROVEN, Limit, Status
from allocate.solvers.search import Clock, Found, evident, search
from allocate.solvers.sifting.coarse import kinds
from allocate.solvers.sifting.method import suits
from allocate.solvers.sifting.sift import sift
from allocate.solvers.sifting.start import first_columns
from allocate.solvers.start import make_start
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel, Watch

WIDE = 0.5
"""Share of the columns with terms in a row from which the program without it is another one: its best plan is far away."""


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


class Live:
    """One program on one HiGHS, solved once in full; ``base`` is how that ended, within ``time_limit`` seconds.

    A linear program is solved again from that optimal basis, an integer program from the beginning. Equal calls in equal
    order give equal answers. structure: of the columns, for changes that lead far away in a large linear program.
    """

    def __init__(
        self,
        arrays: ProgramArrays,
        time_limit: float | None = None,
        cancel: Cancel | None = None,
        structure: Structure | None = None,
    ) -> None:
        check_numbers(arrays)
        self.arrays = arrays
        self.structure = structure
        self.engine = Engine(Watch(cancel), {"mip_rel_gap": PROVEN})
        self.engine.load(arrays)
        self._loaded = arrays
        self.base: Found = evident(arrays) or self._anew(arrays, Clock(time_limit))
        self._basis = None if self.engine.mixed else self.engine.highs.getBasis()

    @property
    def mixed(self) -> bool:
        """Whether some columns are whole-numbered."""
        return self.engine.mixed

    def after(self, change: Change, seconds: float | None = None) -> Found:
        """How the program ends with a change, within so many seconds; the program itself is left as it was."""
        arrays = change.applied(self.arrays)
        known = evident(arrays)
        if known is not None:
            return known
        self._load(self.arrays)
        self._set(change, arrays)
        found = self._search(arrays, seconds, far=self._leads_far(arrays))
        self._set(change, self.arrays)
        return found

    def instead(self, arrays: ProgramArrays, seconds: float | None = None) -> Found:
        """How another program of the same columns and rows ends, started from where this one is best."""
        check_numbers(arrays)
        known = evident(arrays)
        if known is not None:
            return known
        self._load(arrays)
        return self._search(arrays, seconds)

    def ranges(self, change: Change | None = None) -> tuple[Found, Ranges | None]:
        """How the program (with a change, if any) ends and the ranges of its duals; linear programs only."""
        change = change or Change()
        arrays = change.applied(self.arrays)
        self._load(self.arrays)
        self._set(change, arrays)
        found = self._search(arrays, None)
        status, told = self.engine.highs.getRanging()
        self._set(change, self.arrays)
        if found.status is not Status.OPTIMAL or status != highspy.HighsStatus.kOk:
            return found, None
        sides = (np.array(told.row_bound_dn.value_), np.array(told.row_bound_up.value_))
        return found, Ranges(np.minimum(*sides), np.maximum(*sides))

    def _load(self, arrays: ProgramArrays) -> None:
        if self._loaded is not arrays:
            self.engine.load(arrays)
            self._loaded = arrays

    def _leads_far(self, arrays: ProgramArrays) -> bool:
        """Whether a row that binds and that most columns have terms in is taken away, as a budget is."""
        duals = self.base.row_duals
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
        clock = Clock(seconds)
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
        return search(self.engine, arrays, clock, start)

    def _set(self, change: Change, arrays: ProgramArrays) -> None:
        """Give the solver a program's own numbers wherever a change touches it."""
        if len(change.rows):
            self.engine.set_row_bounds(change.rows, arrays.row_lower[change.rows], arrays.row_upper[change.rows])
        if len(change.columns):
            self.engine.set_column_bounds(change.columns, arrays.lower[change.columns], arrays.upper[change.columns])
        rows, columns = arrays.index[change.entries].tolist(), arrays.column[change.entries].tolist()
        for row, column, value in zip(rows, columns, arrays.value[change.entries].tolist(), strict=True):
            self.engine.highs.changeCoeff(row, column, value)
