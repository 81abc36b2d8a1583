"""Small linear programs, one for each product and set of vendors started on it, brought to one shape and solved together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.certificate.engagement.engaged_form import Masks, PartOfForm
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.solvers.decomposition.engagement.batched_simplex import Batch
from allocate.solvers.decomposition.reach import reach

NOTHING = 1e-11
"""Amounts and duals of less are rounding, in the program's own scale."""


@dataclass(frozen=True, eq=False)
class Kinds:
    """A part's columns by kind: from 0 up, needing the same vendors and entering the part's own rows alike."""

    part: PartOfForm
    kind: Integers
    """Kind of each column of the part, shape (n,)."""
    matrix: Floats
    """Own rows by kinds, shape (rows, kinds)."""
    local: Masks
    lower: Floats
    upper: Floats
    start: Integers
    """Kind of the binary that starts each of the part's vendors, -1 where there is none."""
    first: int
    """Number of the part's first kind among those of all parts."""


def kinds_of(parts: Sequence[PartOfForm], ends: tuple[Floats, Floats]) -> list[Kinds]:
    """The kinds of all parts; ends: bounds of all columns of the program, shape (columns,) each."""
    found, first = list[Kinds](), 0
    for part in parts:
        found.append(_kinds(part, first, ends))
        first += len(found[-1].lower)
    return found


def _kinds(part: PartOfForm, first: int, ends: tuple[Floats, Floats]) -> Kinds:
    one = part.program
    counts = np.diff(one.start)
    rank = np.arange(one.nonzeros) - np.repeat(one.start[:-1], counts)
    table = np.zeros((one.column_count, 2 * int(counts.max(initial=0)) + 2))
    table[one.column, 2 * rank] = one.index + 1
    table[one.column, 2 * rank + 1] = one.value
    plain = (one.lower == 0) & np.isposinf(one.upper) & ~one.integer
    table[:, -2] = np.where(plain, 0, np.arange(one.column_count) + 1)
    table[:, -1] = part.local
    _, at, places = np.unique(table, axis=0, return_index=True, return_inverse=True)
    kind: Integers = places.reshape(-1).astype(np.int32)
    shown = one.picked(at.astype(np.int32))
    matrix = np.zeros((one.row_count, len(at)))
    matrix[shown.index, shown.column] = shown.value
    lower, upper = reach(shown)
    low, high = (np.bincount(kind, weights=side[part.columns], minlength=len(at)) for side in ends)
    lower, upper = np.maximum(lower, low), np.minimum(upper, high)
    start = np.where(part.starts >= 0, kind[np.maximum(part.starts, 0)] if len(kind) else 0, -1).astype(np.int32)
    return Kinds(part, kind, matrix, part.local[at], lower, upper, start, first)


@dataclass(frozen=True, eq=False)
class SmallProgram:
    """A part with exactly one set of vendors started: the rows and kinds that are left of it."""

    kinds: Kinds
    mask: int
    inside: Integers
    """Kinds that may be above zero, without the starts."""
    started: Integers
    matrix: Floats
    row_lower: Floats
    row_upper: Floats
    rows: Integers
    """Two own rows of the part for each row left, shape (rows, 2): the one whose lower side it has, and whose upper."""


def small_program(kinds: Kinds, mask: int) -> SmallProgram:
    """The program of one set, without rows that are kept whatever its columns are."""
    started = np.array(
        [kinds.start[i] for i in range(len(kinds.start)) if mask >> i & 1 and kinds.start[i] >= 0], np.int32
    )
    closed = (kinds.local & ~np.int64(mask)) != 0
    closed[kinds.start[kinds.start >= 0]] = True
    inside = np.flatnonzero(~closed).astype(np.int32)
    matrix, shift = kinds.matrix[:, inside], kinds.matrix[:, started].sum(axis=1)
    lower, upper = kinds.part.program.row_lower - shift, kinds.part.program.row_upper - shift
    least, most = _activity(matrix, kinds.lower[inside], kinds.upper[inside])
    lower = np.where(least >= lower, -np.inf, lower)
    upper = np.where(most <= upper, np.inf, upper)
    return _merged(kinds, mask, inside, started, matrix, lower, upper)


def _activity(matrix: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Least and most of each row within bounds of the columns."""
    with np.errstate(invalid="ignore"):
        low, high = matrix * lower, matrix * upper
    low, high = np.where(matrix == 0.0, 0.0, low), np.where(matrix == 0.0, 0.0, high)
    return np.minimum(low, high).sum(axis=1), np.maximum(low, high).sum(axis=1)


def _merged(
    kinds: Kinds, mask: int, inside: Integers, started: Integers, matrix: Floats, lower: Floats, upper: Floats
) -> SmallProgram:
    """Rows that say something, those of the same terms as one."""
    says = np.flatnonzero(np.isfinite(lower) | np.isfinite(upper))
    chosen: dict[bytes, int] = {}
    low, high, names, lines = list[float](), list[float](), list[list[int]](), list[int]()
    for row in says.tolist():
        key = matrix[row].tobytes()
        at = chosen.setdefault(key, len(lines))
        if at == len(lines):
            lines.append(row)
            low.append(-np.inf)
            high.append(np.inf)
            names.append([row, row])
        if lower[row] > low[at]:
            low[at], names[at][0] = float(lower[row]), row
        if upper[row] < high[at]:
            high[at], names[at][1] = float(upper[row]), row
    rows = np.array(names, np.int32).reshape(len(names), 2)
    return SmallProgram(kinds, mask, inside, started, matrix[lines], np.array(low), np.array(high), rows)


@dataclass(frozen=True, eq=False)
class Empty:
    """A set at which a part has no point, with a ray of its own rows' duals, shape (rows,)."""

    part: int
    mask: int
    ray: Floats


@dataclass(eq=False)
class _Alike:
    """Small programs in one batch, all with as many vendors."""

    programs: list[SmallProgram]
    batch: Batch
    kind: Integers
    """Number of each column among the kinds of all parts, the last of all where there is none, shape (programs, n)."""
    started: Integers
    """The same for starts, shape (programs, most starts)."""


class ProductSets:
    """All product-vendor sets T of a program that have a point, in batches of one shape.

    ``part`` and ``mask`` name them in the order of all answers; ``empty`` are those without a point.
    """

    def __init__(self, kinds: Sequence[Kinds], sets: Sequence[Masks]) -> None:
        """sets: of each part, the small masks of the sets that may have a point."""
        self.kinds = kinds
        self.total = kinds[-1].first + len(kinds[-1].lower)
        self.empty: list[Empty] = []
        self._alike: list[_Alike] = []
        self._named()
        by_size: dict[int, list[SmallProgram]] = {}
        for of, masks in zip(kinds, sets, strict=True):
            for mask in masks.tolist():
                one = small_program(of, mask)
                by_size.setdefault(mask.bit_count(), []).append(one)
        for size in sorted(by_size):
            self._enter(by_size[size])
        self._named()

    def _named(self) -> None:
        programs = [one for alike in self._alike for one in alike.programs]
        self.part = np.array([one.kinds.part.number for one in programs], np.int32)
        self.mask = np.array([one.mask for one in programs], np.int64)

    def _enter(self, programs: list[SmallProgram]) -> None:
        """Put programs of one size into a batch, those without a point aside."""
        alike = _alike(programs, self.total)
        feasible, empty, rays = alike.batch.make_feasible()
        for at in np.flatnonzero(~feasible).tolist():
            one = programs[at]
            if empty[at]:
                self.empty.append(Empty(one.kinds.part.number, one.mask, _in_own_rows(one, rays[at])))
            else:
                feasible[at] = True
        alike.batch.only(feasible)
        alike.programs = [one for one, there in zip(programs, feasible.tolist(), strict=True) if there]
        alike.kind, alike.started = alike.kind[feasible], alike.started[feasible]
        if alike.programs:
            self._alike.append(alike)

    def only(self, chosen: Booleans) -> None:
        """Let go of all sets but the chosen, shape (sets,)."""
        begin, left = 0, []
        for alike in self._alike:
            mine = chosen[begin : begin + len(alike.programs)]
            begin += len(alike.programs)
            if mine.any():
                alike.batch.only(mine)
                alike.programs = [one for one, there in zip(alike.programs, mine.tolist(), strict=True) if there]
                alike.kind, alike.started = alike.kind[mine], alike.started[mine]
                left.append(alike)
        self._alike = left
        self._named()

    def solve(self, gains: Floats) -> Floats:
        """The most each set gains at gains of all kinds, shape (kinds,): shape (sets,)."""
        padded, values = np.append(gains, 0.0), [np.zeros(0)]
        for alike in self._alike:
            costs = padded[alike.kind]
            alike.batch.solve(costs)
            values.append(alike.batch.bounds(costs) + padded[alike.started].sum(axis=1))
        return np.concatenate(values)

    def reached(self, gains: Floats) -> Floats:
        """What each set's point of the last solve gains, shape (sets,)."""
        padded = np.append(gains, 0.0)
        return np.concatenate(
            [
                np.zeros(0),
                *(
                    (padded[alike.kind] * alike.batch.values).sum(axis=1) + padded[alike.started].sum(axis=1)
                    for alike in self._alike
                ),
            ]
        )

    def point(self, number: int) -> tuple[Integers, Floats]:
        """Kinds above zero at a set's point of the last solve, starts among them, and their amounts."""
        alike, at = self._place(number)
        one, amounts = alike.programs[at], alike.batch.values[at]
        there = np.flatnonzero(np.abs(amounts[: len(one.inside)]) > NOTHING)
        kinds = np.concatenate([one.inside[there], one.started])
        return kinds, np.concatenate([amounts[there], np.ones(len(one.started))])

    def duals(self, number: int) -> tuple[Integers, Floats]:
        """Own rows of the part (positions) and their duals at a set's last solve."""
        alike, at = self._place(number)
        found = _in_own_rows(alike.programs[at], alike.batch.duals[at])
        rows = np.flatnonzero(found)
        return rows.astype(np.int32), found[rows]

    def _place(self, number: int) -> tuple[_Alike, int]:
        for alike in self._alike:
            if number < len(alike.programs):
                return alike, number
            number -= len(alike.programs)
        raise IndexError(number)


def _alike(programs: list[SmallProgram], nobody: int) -> _Alike:
    """Small programs brought to one shape; nobody: number of the kind that stands for none."""
    m = max(len(one.rows) for one in programs)
    n = max(len(one.inside) for one in programs)
    most = max(len(one.started) for one in programs)
    matrix = np.zeros((len(programs), m, n))
    lower, upper = np.zeros((2, len(programs), n + m))
    kind = np.full((len(programs), n), nobody, np.int32)
    started = np.full((len(programs), most), nobody, np.int32)
    for at, one in enumerate(programs):
        rows, columns = one.matrix.shape
        matrix[at, :rows, :columns] = one.matrix
        lower[at, :columns], upper[at, :columns] = one.kinds.lower[one.inside], one.kinds.upper[one.inside]
        lower[at, n : n + rows], upper[at, n : n + rows] = one.row_lower, one.row_upper
        kind[at, :columns] = one.kinds.first + one.inside
        started[at, : len(one.started)] = one.kinds.first + one.started
    return _Alike(programs, Batch(matrix, lower, upper), kind, started)


def _in_own_rows(one: SmallProgram, duals: Floats) -> Floats:
    """Duals of a small program's rows as duals of all rows of its part, shape (rows,)."""
    found = np.zeros(one.kinds.part.program.row_count)
    mine = duals[: len(one.rows)]
    rows = np.where(mine > 0.0, one.rows[:, 1], one.rows[:, 0])
    there = np.abs(mine) > NOTHING
    found[rows[there]] = mine[there]
    return found
