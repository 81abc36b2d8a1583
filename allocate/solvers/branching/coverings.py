"""Choices of vendors that leave every product a plan by itself, where rules keep some from being chosen together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import highspy
import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays, assemble, batch, frozen
from allocate.program.partition import AXIS, groups_by, partition
from allocate.program.structure import Structure
from allocate.solvers.engine import Engine
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch
from allocate.tolerances import ROW_KEPT

INFEASIBLE, OPTIMAL = highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kOptimal
MISSED, LOOSE = 1e-6, 1e-9
"""A choice is refused where it misses a cut by more, and cuts are held with this much room: shares of the cut's terms."""
ROUNDS = 200
"""Choices that are tried one after the other, at most."""
EXCLUDED = "no vendors that may be engaged together leave every product a plan"


@dataclass(frozen=True, eq=False)
class Cut:
    r"""What every plan's choices keep, :math:`a u \ge b`."""

    choices: Integers
    """Positions among the choices."""
    factors: Floats
    side: float


class Coverings:
    r"""Choices :math:`u` for which each product's own linear program has a point, all others at their best.

    Where the rows of a product have none for some choice, a direction :math:`y` shows it (Farkas' lemma), and with the box of all
    other columns it says of every choice

    .. math:: y^T A_u u \ge y^T b - \max_{x \in \text{box}} y^T A_x x ,

    a cut in the way of Benders (Partitioning procedures for solving mixed-variables programming problems, 1962).
    """

    def __init__(self, arrays: ProgramArrays, groups: Integers, ids: Integers, watch: Watch) -> None:
        """groups: product of each column, -1 for none, shape (n,). ids: numbers of the columns that are choices of 0 or 1."""
        self.given = arrays
        self.ids, self.watch = ids, watch
        self.chosen = np.zeros(arrays.column_count, dtype=bool)
        self.chosen[ids] = True
        self.position = np.full(arrays.column_count, -1, np.int32)
        self.position[ids] = np.arange(len(ids), dtype=np.int32)
        self._groups, self._blocks = np.where(self.chosen, -1, groups), list[_Block]()
        self.cuts: list[Cut] = []
        size = np.bincount(arrays.index, minlength=arrays.row_count)
        mine = np.bincount(arrays.index[self.chosen[arrays.column]], minlength=arrays.row_count)
        self._rules = np.flatnonzero((size > 0) & (size == mine))
        self._rows_of_rules = np.isin(arrays.index, self._rules)

    @cached_property
    def arrays(self) -> ProgramArrays:
        """The program with ends for all its columns."""
        lower, upper = boxes(self.given)
        return replace(self.given, lower=frozen(lower), upper=frozen(upper))

    @cached_property
    def limited(self) -> bool:
        """Whether rules keep some choices from being made together."""
        every = np.zeros(self.given.column_count)
        every[self.ids] = self.given.upper[self.ids]
        return bool((self.given.activity(every) > self.given.row_upper + ROW_KEPT)[self._rules].any())

    def best(self, weights: Floats, clock: Clock) -> Floats | None:
        """The choice of most weight for which each product has a plan by itself, shape (I,); None where there is none.

        Raises TimeoutError where the time is up before that is known.
        """
        if not self._blocks:
            part = np.where(self.chosen, -1, partition(self.arrays, self._groups)[0])
            self._blocks = [_Block(self, part == number) for number in range(int(part.max(initial=-1)) + 1)]
        for _ in range(ROUNDS):
            if self.watch.stopped or clock.left == 0.0:
                break
            chosen = self._most(weights)
            if chosen is None:
                return None
            found = [cut for block in self._blocks if (cut := block.refused(chosen)) is not None]
            if not found:
                return chosen
            self.cuts += found
        raise TimeoutError

    def refuse(self, chosen: Floats, ray: Floats | None = None) -> None:
        """Refuse a choice, shape (I,), with which no plan was found: by a direction of all rows, shape (m,), that shows why,
        else by having one vendor at least that it leaves out."""
        for way in () if ray is None else (ray, -ray):
            cut = self._said(way)
            if cut is not None and _missed(cut, chosen):
                self.cuts.append(cut)
                return
        others = np.flatnonzero(chosen < 0.5).astype(np.int32)
        self.cuts.append(Cut(others, np.ones(len(others)), 1.0))

    def _said(self, ray: Floats) -> Cut | None:
        """The cut that a direction of all rows is; None where something has no end."""
        arrays = self.arrays
        gains = arrays.priced(ray)
        return _cut(ray, gains, (arrays.row_lower, arrays.row_upper), (arrays.lower, arrays.upper), self.ids)

    def _most(self, weights: Floats) -> Floats | None:
        """The choice of most weight that keeps all rules and cuts."""
        arrays, count, rules = self.arrays, len(self.ids), len(self._rules)
        entry = self._rows_of_rules
        parts = [
            batch(
                np.searchsorted(self._rules, arrays.index[entry]).astype(np.int32),
                self.position[arrays.column[entry]],
                arrays.value[entry],
            )
        ]
        parts += [batch(rules + n, cut.choices, cut.factors) for n, cut in enumerate(self.cuts)]
        sides = np.array([cut.side for cut in self.cuts])
        program = ProgramArrays(
            True,
            0.0,
            frozen(weights),
            frozen(arrays.lower[self.ids]),
            frozen(arrays.upper[self.ids]),
            frozen(np.ones(count, dtype=bool)),
            frozen(np.concatenate([arrays.row_lower[self._rules], sides])),
            frozen(np.concatenate([arrays.row_upper[self._rules], np.full(len(sides), np.inf)])),
            assemble([one for one in parts if len(one.columns)], count, rules + len(sides)),
        )
        engine = Engine(self.watch, brief=True)
        engine.load(program)
        run = engine.run_here()
        if run.status == INFEASIBLE:
            return None
        if run.status != OPTIMAL or run.values is None:
            raise TimeoutError
        return np.round(run.values)


class _Block:
    """One product's rows over its own columns and the choices; all else is at its best."""

    def __init__(self, of: Coverings, mine: Booleans) -> None:
        """mine: columns of the product, shape (n,)."""
        arrays, self.of = of.arrays, of
        entry, self.rows, lower, upper = _own(of, mine)
        self.columns = np.unique(arrays.column[entry])
        self.lower, self.upper = arrays.lower[self.columns], arrays.upper[self.columns]
        self.sides = lower[self.rows], upper[self.rows]
        self.row = np.searchsorted(self.rows, arrays.index[entry]).astype(np.int32)
        self.column = np.searchsorted(self.columns, arrays.column[entry]).astype(np.int32)
        self.value = arrays.value[entry]
        self.choices = np.flatnonzero(of.chosen[self.columns]).astype(np.int32)
        self.engine = Engine(of.watch, {"presolve": "off"}, brief=True)
        nothing = np.zeros(len(self.columns))
        matrix = assemble([batch(self.row, self.column, self.value, distinct=True)], len(self.columns), len(self.rows))
        bounds = frozen(self.lower), frozen(self.upper)
        sides = frozen(self.sides[0]), frozen(self.sides[1])
        self.engine.load(ProgramArrays(True, 0.0, frozen(nothing), *bounds, frozen(nothing > 0.0), *sides, matrix))

    def refused(self, chosen: Floats) -> Cut | None:
        """What a choice misses where it leaves the product no plan; None where it leaves one, or nothing shows that."""
        at = chosen[self.of.position[self.columns[self.choices]]]
        self.engine.set_column_bounds(self.choices, at, at)
        if self.engine.run_here().status != INFEASIBLE:
            return None
        _, there, ray = self.engine.highs.getDualRay()
        for sign in (1.0, -1.0) if there else ():
            cut = self._said(sign * np.array(ray))
            if cut is not None and _missed(cut, chosen):
                return cut
        return None

    def _said(self, ray: Floats) -> Cut | None:
        gains: Floats = np.bincount(self.column, self.value * ray[self.row], len(self.columns)).astype(np.float64)
        cut = _cut(ray, gains, self.sides, (self.lower, self.upper), self.choices)
        return None if cut is None else replace(cut, choices=self.of.position[self.columns[self.choices]])


def _cut(
    ray: Floats, gains: Floats, sides: tuple[Floats, Floats], box: tuple[Floats, Floats], ids: Integers
) -> Cut | None:
    """What a direction of rows says of the choices, columns of these numbers, all others at their best; None where something has no end."""
    side, some = np.where(ray > 0.0, *sides), ray != 0.0
    best, rest = np.where(gains > 0.0, box[1], box[0]), gains != 0.0
    rest[ids] = False
    if not (np.isfinite(side[some]).all() and np.isfinite(best[rest]).all()):
        return None
    terms = np.concatenate([ray[some] * side[some], -gains[rest] * best[rest]])
    room = LOOSE * float(np.abs(terms).sum())
    return Cut(np.arange(len(ids), dtype=np.int32), gains[ids], float(terms.sum()) - room)


def _missed(cut: Cut, chosen: Floats) -> bool:
    """Whether a choice, shape (I,), misses a cut."""
    return float(cut.factors @ chosen[cut.choices]) < cut.side - MISSED * _size(cut)


def _size(cut: Cut) -> float:
    return max(1.0, abs(cut.side), float(np.abs(cut.factors).max(initial=0.0)))


def _own(of: Coverings, mine: Booleans) -> tuple[Booleans, Integers, Floats, Floats]:
    """Entries of the columns of a product and of choices, in the rows these can break; and what all else leaves of all rows' sides."""
    arrays = of.arrays
    row, column, value, count = arrays.index, arrays.column, arrays.value, arrays.row_count
    own, spoken = mine[column], np.zeros(count, dtype=bool)
    spoken[row[own]] = True
    entry = own | (of.chosen[column] & spoken[row])
    low = np.where(value > 0.0, value * arrays.lower[column], value * arrays.upper[column])
    high = np.where(value > 0.0, value * arrays.upper[column], value * arrays.lower[column])
    other = spoken[row] & ~entry
    lower = arrays.row_lower - np.bincount(row[other], high[other], count)
    upper = arrays.row_upper - np.bincount(row[other], low[other], count)
    least, most = (np.bincount(row[entry], part[entry], count) for part in (low, high))
    rows = np.flatnonzero(spoken & ((lower > least) | (upper < most)))
    entry &= np.isin(row, rows)
    return entry, rows.astype(np.int32), lower, upper


def excluded(arrays: ProgramArrays, structure: Structure, watch: Watch, clock: Clock) -> bool:
    """Whether rules on vendors leave no choice with which every product of a maximised program can be done; proven then."""
    used = used_of(arrays, structure)
    if used is None:
        return False
    found = Coverings(arrays, groups_by(structure, AXIS), used, watch)
    if not found.limited:
        return False
    try:
        return found.best(np.ones(len(used)), clock) is None
    except TimeoutError:
        return False


def used_of(arrays: ProgramArrays, structure: Structure) -> Integers | None:
    """Numbers of the columns that say whether a vendor is engaged; None where there are none."""
    names = list(structure.columns.blocks)
    if "used" not in names:
        return None
    ids = np.flatnonzero(arrays.integer & (structure.columns.family == names.index("used"))).astype(np.int32)
    return ids if len(ids) else None
