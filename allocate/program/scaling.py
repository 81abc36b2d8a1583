"""Programs brought to their own size: rows, columns and objective times powers of two, and all of it scaled back exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.program.arrays import Booleans, Floats, Integers, Matrix, ProgramArrays, frozen, inner
from allocate.program.partition import AXIS
from allocate.program.structure import Side, Structure
from allocate.tolerances import FAR_BELOW, SPECK

PERIOD = "period"
"""Rows that differ in nothing but their period are scaled alike, so that methods may merge them."""
LARGEST = 400.0
"""No power of two beyond this one, either way: scaled numbers stay ordinary floats."""
LOOKS = 4
"""Times at most that scales are made, each without what lay far below the others at those before."""
ROUNDS, CLOSE = 300, 1e-4
"""Steps of the search for scales at most, and how near (in powers of two) they are to the best when it ends."""
ASIDE = 1.0 / 512.0
"""Halves are common among the scales found; the point from which they are rounded up lies aside of them."""


@dataclass(frozen=True, eq=False)
class Scaling:
    r"""Powers of two for each row, each column and the objective.

    .. math:: x_j = \gamma_j x'_j, \qquad a'_{ij} = \rho_i a_{ij} \gamma_j, \qquad b'_i = \rho_i b_i, \qquad
        c'_j = \sigma c_j \gamma_j

    Whole numbers keep the scale 1. Multiplying by powers of two changes no digit, so what is found of the scaled program
    is exactly what it says of the program itself: :math:`y_i = \rho_i y'_i / \sigma` for duals,
    :math:`d_j = d'_j / (\sigma \gamma_j)` for reduced costs.
    """

    rows: Floats
    """Shape (m,)."""
    columns: Floats
    """Shape (n,)."""
    objective: float

    def scaled(self, arrays: ProgramArrays) -> ProgramArrays:
        """A program of the same rows and columns at this scale."""
        value = arrays.value * self.rows[arrays.index] * self.columns[arrays.column]
        return replace(
            arrays,
            offset=arrays.offset * self.objective,
            costs=self.costs(arrays.costs, self.objective),
            lower=frozen(arrays.lower / self.columns),
            upper=frozen(arrays.upper / self.columns),
            row_lower=frozen(arrays.row_lower * self.rows),
            row_upper=frozen(arrays.row_upper * self.rows),
            matrix=Matrix(arrays.start, arrays.index, frozen(value)),
        )

    def costs(self, costs: Floats, objective: float) -> Floats:
        """Coefficients of an objective at the scale of the columns and a scale of its own, shape (n,)."""
        return frozen(costs * self.columns * objective)

    def inward(self, values: Floats) -> Floats:
        """A point of the program as one of the scaled program, shape (n,)."""
        return values / self.columns

    def outward(self, values: Floats) -> Floats:
        """A point of the scaled program as one of the program, shape (n,)."""
        return values * self.columns

    def duals(self, duals: Floats, objective: float | None = None) -> Floats:
        """Row duals of the scaled program as those of the program, shape (m,); objective: another one's scale."""
        return duals * self.rows / (self.objective if objective is None else objective)

    def duals_inward(self, duals: Floats) -> Floats:
        """Row duals of the program as those of the scaled program, shape (m,)."""
        return duals / self.rows * self.objective

    def reduced(self, reduced: Floats, objective: float | None = None) -> Floats:
        """Reduced costs of the scaled program as those of the program, shape (n,)."""
        return reduced / self.columns / (self.objective if objective is None else objective)

    def size_of(self, costs: Floats) -> float:
        """The scale at which an objective's coefficients are about 1 a unit of the scaled columns."""
        scaled = costs * self.columns
        powers = _powers(np.where(np.abs(scaled) > SPECK * np.abs(scaled).max(initial=0.0), scaled, 0.0))
        known = powers[np.isfinite(powers)]
        return float(_two_to(np.array(-known.mean()))) if len(known) else 1.0


def scaling_of(arrays: ProgramArrays, structure: Structure | None = None) -> Scaling:
    r"""Scales at which a program's coefficients, sides and bounds are as near to 1 as they get, in the geometric mean.

    structure: rows of one family that differ in their period alone, and columns of one family and product, are scaled
    alike; absent: each by itself. With :math:`m` the mean of the logarithms of what a group of rows has of a group of
    columns (or, with :math:`\gamma = 0`, of whole numbers or as its sides), the scales minimise

    .. math:: \sum_{g, h} (m_{gh} + \rho_g + \gamma_h)^2 + \tfrac12 \sum_h (\gamma_h - \log \overline{x}_h)^2

    (A. R. Curtis and J. K. Reid, On the automatic scaling of matrices for Gaussian elimination, 1972). So a unit of money,
    work or time that is a thousand times as large leads to the same scaled program, but for rounding to powers of two.
    """
    sides = (None, None) if structure is None else (structure.rows, structure.columns)
    rows = _groups(sides[0], arrays.row_count, lambda axis: axis != PERIOD)
    columns = _groups(sides[1], arrays.column_count, lambda axis: axis == AXIS)
    fit = _Fit.of(arrays, rows, columns)
    of_rows, of_columns = fit.solved()
    gamma = np.where(arrays.integer, 1.0, _two_to(of_columns)[columns])
    unscaled = Scaling(frozen(_two_to(of_rows)[rows]), frozen(gamma), 1.0)
    return replace(unscaled, objective=unscaled.size_of(arrays.costs))


@dataclass(frozen=True, eq=False)
class _Fit:
    """Means of logarithms, to base 2, and what they are of; the last column group is what is not scaled."""

    row: Integers
    """Group of rows of each mean, shape (p,)."""
    column: Integers
    mean: Floats
    bound: Floats
    """Mean of each column group's bounds, nan where it has none, shape (columns,)."""
    rows: int

    @classmethod
    def of(cls, arrays: ProgramArrays, rows: Integers, columns: Integers) -> _Fit:
        """What a program's numbers ask of the scales of its groups."""
        row_count, fixed = int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1
        group = np.where(arrays.integer, fixed, columns)
        parts = [(rows[arrays.index], group[arrays.column], _powers(arrays.value))]
        parts += [(rows, np.full(len(rows), fixed), _powers(side)) for side in (arrays.row_lower, arrays.row_upper)]
        at, of, power = (np.concatenate(part) for part in zip(*parts, strict=True))
        known = np.isfinite(power)
        key, place = np.unique(at[known].astype(np.int64) * (fixed + 1) + of[known], return_inverse=True)
        largest = np.full(len(key), -np.inf)
        np.maximum.at(largest, place, power[known])
        size = np.where(power[known] > largest[place] + np.log2(SPECK), power[known], np.nan)
        mean = _means(place[~np.isnan(size)], size[~np.isnan(size)], len(key))
        bounds = np.concatenate([_powers(arrays.lower), _powers(arrays.upper)])
        of_bounds = np.isfinite(bounds) & ~np.tile(arrays.integer, 2)
        bound = _means(np.tile(columns, 2)[of_bounds], bounds[of_bounds], fixed)
        return cls((key // (fixed + 1)).astype(np.int32), (key % (fixed + 1)).astype(np.int32), mean, bound, row_count)

    def solved(self) -> tuple[Floats, Floats]:
        """Logarithms of the scales of row and column groups.

        What rounding leaves where amounts cancel says nothing of a program's size, and would be scaled up to look like it:
        groups that lie far below all others at the best scales are left out, and the rest is scaled again.
        """
        kept = np.ones(len(self.mean), dtype=bool)
        for _ in range(LOOKS):
            part = replace(self, row=self.row[kept], column=self.column[kept], mean=self.mean[kept])
            of_rows, of_columns = part._least_squares()
            left = self.mean + of_rows[self.row] + np.append(of_columns, 0.0)[self.column]
            before, kept = kept, left > np.log2(FAR_BELOW)
            if np.array_equal(before, kept):
                break
        return of_rows, of_columns

    def _least_squares(self) -> tuple[Floats, Floats]:
        """The least squares over all groups, by conjugate gradients."""
        pulled = ~np.isnan(self.bound)
        target = np.where(pulled, self.bound, 0.0)
        diagonal = self._sums(np.ones(len(self.mean)), 0.5 * pulled)
        diagonal[diagonal == 0.0] = 1.0
        scales = np.zeros(len(diagonal))
        left = self._sums(-self.mean, 0.5 * target)
        step = left / diagonal
        size = inner(left, step)
        for _ in range(ROUNDS):
            if np.abs(left / diagonal).max(initial=0.0) <= CLOSE:
                break
            applied = self._applied(step, pulled)
            along = size / inner(step, applied)
            scales += along * step
            left -= along * applied
            before, size = size, inner(left, left / diagonal)
            step = left / diagonal + size / before * step
        return scales[: self.rows], scales[self.rows :]

    def _applied(self, scales: Floats, pulled: Booleans) -> Floats:
        of_columns = np.append(scales[self.rows :], 0.0)
        return self._sums(scales[self.row] + of_columns[self.column], 0.5 * pulled * scales[self.rows :])

    def _sums(self, of_means: Floats, of_bounds: Floats) -> Floats:
        """Sums of figures of means by row and column group, those of bounds added."""
        rows = np.bincount(self.row, weights=of_means, minlength=self.rows)
        columns = np.bincount(self.column, weights=of_means, minlength=len(self.bound) + 1)[:-1]
        return np.concatenate([rows, columns + of_bounds]).astype(np.float64)


def _groups(side: Side | None, count: int, kept: Callable[[str], bool]) -> Integers:
    """Group of each member by its family and the axes that are kept; without a family each is a group by itself."""
    group, groups = np.full(count, -1, np.int64), 0
    for block in side.blocks.values() if side is not None else ():
        key = np.zeros(len(block), np.int64)
        for axis, positions in block.index.items():
            if kept(axis):
                key = np.unique(key, return_inverse=True)[1] * (int(positions.max(initial=0)) + 1) + positions
        group[block.start : block.stop] = np.unique(key, return_inverse=True)[1] + groups
        groups = int(group.max(initial=-1)) + 1
    alone = group < 0
    group[alone] = groups + np.arange(int(alone.sum()))
    return group.astype(np.int32)


def _means(place: NDArray[np.signedinteger[Any]], power: Floats, count: int) -> Floats:
    """Mean of the figures at each place, nan where there are none."""
    with np.errstate(invalid="ignore"):
        means: Floats = np.bincount(place, weights=power, minlength=count) / np.bincount(place, minlength=count)
    return means


def _powers(amounts: Floats) -> Floats:
    """Logarithms to base 2 of the sizes of amounts; infinite for 0 and infinity."""
    with np.errstate(divide="ignore"):
        powers: Floats = np.log2(np.abs(amounts))
    return powers


def power_of_two(amounts: Floats) -> Floats:
    """The powers of two next to amounts above zero, any shape."""
    return _two_to(np.log2(amounts))


def _two_to(powers: Floats) -> Floats:
    """The powers of two next to what is asked for."""
    powers_of_two: Floats = np.exp2(np.clip(np.floor(powers + 0.5 + ASIDE), -LARGEST, LARGEST))
    return powers_of_two
