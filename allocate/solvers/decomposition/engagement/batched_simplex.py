"""Many small linear programs of one shape, solved together: a bounded primal simplex in numpy."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allocate.certificate.matrix_product import product
from allocate.program.arrays import Booleans, Floats

PIVOTS = 400
"""Pivots of one call at most; a program that is not done by then keeps the basis it has come to."""
PLAIN = 120
"""Pivots after which the first column that gains enters in place of the best: against cycling."""
GAIN = 1e-9
"""A column that gains no more by a unit stays where it is; in the program's own scale."""
PIVOT = 1e-9
"""Smallest coefficient that is pivoted on."""
AGAIN = 12
"""Calls after which the tableau is made again from its basis: pivots let rounding grow."""
LARGE = 30_000_000
"""Numbers of a tableau above which it is not kept from call to call."""
KEPT = 1e-9
"""A side missed by no more is kept."""

Places = NDArray[np.int64]


@dataclass(eq=False)
class Batch:
    r"""Programs :math:`\max c_l'x : r = A_l x, \; l \le (x, r) \le u`, of one shape, each with a basis of its own.

    Costs change from call to call and nothing else does, so a basis stays feasible once it is. Programs that are done
    drop out of the pivoting. Columns from n on are the rows' own amounts r.
    """

    matrix: Floats
    """Shape (programs, m, n)."""
    lower: Floats
    """Of columns and of rows behind them, shape (programs, n + m), finite for columns."""
    upper: Floats
    basis: Places = field(init=False)
    at_upper: Booleans = field(init=False)
    values: Floats = field(init=False)
    """The best point found, shape (programs, n)."""
    duals: Floats = field(init=False)
    """Of rows, shape (programs, m)."""

    def __post_init__(self) -> None:
        count, m, n = self.matrix.shape
        self.whole = np.concatenate([self.matrix, np.broadcast_to(-np.eye(m), (count, m, m))], axis=2)
        self.basis = np.broadcast_to(np.arange(n, n + m), (count, m)).copy()
        self.at_upper = np.isneginf(self.lower) & np.isfinite(self.upper)
        self.values, self.duals = np.zeros((count, n)), np.zeros((count, m))
        self._kept: _Tableau | None = None
        self._solves = 0

    def only(self, chosen: Booleans) -> None:
        """Let go of all programs but the chosen, shape (programs,)."""
        for name in ("matrix", "lower", "upper", "whole", "basis", "at_upper", "values", "duals"):
            setattr(self, name, getattr(self, name)[chosen])
        self._kept = None

    def make_feasible(self) -> tuple[Booleans, Booleans, Floats]:
        """Which programs have a point, which are known to have none, and a ray of row duals for these, shape (programs, m)."""
        state = _Tableau(self)
        n = self.matrix.shape[2]
        state.pivot(None)
        below, above = state.missing()
        feasible = (below | above).sum(axis=1) == 0
        pull = np.zeros_like(state.tableau[:, 0, :])
        np.put_along_axis(pull, self.basis, below.astype(np.float64) - above, 1)
        weight = np.take_along_axis(pull, self.basis, 1)
        reduced = pull - np.einsum("lm,lmk->lk", weight, state.tableau)
        return feasible, ~feasible & state.ended, (reduced - pull)[:, n:]

    def solve(self, costs: Floats) -> None:
        """Best points and duals at costs of the columns, shape (programs, n); all programs have to be feasible."""
        count, m, n = self.matrix.shape
        if not count:
            return
        if self._kept is None or self._solves % AGAIN == 0:
            self._kept = _Tableau(self)
        self._solves += 1
        state = self._kept
        if self.whole.size > LARGE:
            self._kept = None
        state.pivot(np.concatenate([costs, np.zeros((count, m))], axis=1))
        self.values, self.duals = state.point()[:, :n], state.reduced[:, n:].copy()

    def bounds(self, costs: Floats) -> Floats:
        """What no point of each program gains more than, from its duals by weak duality, shape (programs,)."""
        n = self.matrix.shape[2]
        lower, upper = self.lower[:, n:], self.upper[:, n:]
        duals = np.where(np.isinf(np.where(self.duals > 0.0, upper, lower)), 0.0, self.duals)
        side = np.where(duals > 0.0, upper, np.where(duals < 0.0, lower, 0.0))
        rest = costs - np.einsum("lm,lmn->ln", duals, self.matrix)
        at = np.where(rest > 0.0, self.upper[:, :n], self.lower[:, :n])
        found: Floats = (side * duals).sum(axis=1) + (rest * at).sum(axis=1)
        return found


class _Tableau:
    """The programs of a batch at their bases."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        inverse = np.linalg.inv(np.take_along_axis(batch.whole, batch.basis[:, None, :], 2))
        self.tableau = product(inverse, batch.whole)
        self.basic = np.zeros(batch.lower.shape, dtype=bool)
        np.put_along_axis(self.basic, batch.basis, True, 1)
        self.amounts = -np.einsum("lmk,lk->lm", self.tableau, self._resting())
        self.reduced = np.zeros(batch.lower.shape)
        self.ended = np.zeros(len(batch.basis), dtype=bool)
        """Programs whose last look found no column to enter."""

    def _resting(self) -> Floats:
        """Amounts of columns outside the basis: at a bound, free ones at 0."""
        batch = self.batch
        at = np.where(batch.at_upper, batch.upper, batch.lower)
        return np.where(self.basic | ~np.isfinite(at), 0.0, at)

    def point(self) -> Floats:
        """The amounts of all columns, shape (programs, n + m)."""
        found = self._resting()
        np.put_along_axis(found, self.batch.basis, self.amounts, 1)
        return found

    def missing(self, active: Places | slice = slice(None)) -> tuple[Booleans, Booleans]:
        """Which basic columns lie below and above their bounds, shape (programs, m) each."""
        batch, basis = self.batch, self.batch.basis[active]
        lower = np.take_along_axis(batch.lower[active], basis, 1)
        upper = np.take_along_axis(batch.upper[active], basis, 1)
        amounts = self.amounts[active]
        room = KEPT * np.maximum(1.0, np.abs(amounts))
        return amounts < lower - room, amounts > upper + room

    def pivot(self, costs: Floats | None) -> None:
        """Pivot until no column gains; without costs, until all basic columns lie within their bounds."""
        batch = self.batch
        if costs is not None:
            weight = np.take_along_axis(costs, batch.basis, 1)
            self.reduced = costs - np.einsum("lm,lmk->lk", weight, self.tableau)
        active: Places = np.arange(len(batch.basis))
        fixed = batch.upper - batch.lower <= 0.0
        for number in range(PIVOTS):
            reduced = self.reduced[active] if costs is not None else self._towards(active)
            gain = np.where(
                self.basic[active] | fixed[active], 0.0, np.where(batch.at_upper[active], -reduced, reduced)
            )
            enter = (gain > GAIN).argmax(axis=1) if number >= PLAIN else gain.argmax(axis=1)
            goes = np.take_along_axis(gain, enter[:, None], 1)[:, 0] > GAIN
            self.ended[active[~goes]] = True
            active, enter = active[goes], enter[goes]
            if not len(active):
                return
            active = active[self._step(active, enter, costs is not None)]

    def _towards(self, active: Places) -> Floats:
        """What each column brings basic columns towards their bounds, shape (active, n + m)."""
        below, above = self.missing(active)
        found: Floats = np.einsum("lm,lmk->lk", above.astype(np.float64) - below, self.tableau[active])
        return found

    def _step(self, active: Places, enter: Places, priced: bool) -> Booleans:
        """One column enters each program, or moves to its other bound; which programs could move at all."""
        batch, each = self.batch, np.arange(len(active))
        sign = np.where(batch.at_upper[active, enter], -1.0, 1.0)
        column = self.tableau[active, :, enter] * sign[:, None]
        step, leave, able = self._ratios(active, column)
        span = batch.upper[active, enter] - batch.lower[active, enter]
        flips = span <= step
        step = np.where(flips, span, step)
        moves = np.isfinite(step)
        self.amounts[active] -= column * np.where(moves, step, 0.0)[:, None]
        flipped = active[flips & moves]
        batch.at_upper[flipped, enter[flips & moves]] ^= True
        pivots = moves & ~flips & able
        if pivots.any():
            self._exchange(
                active[pivots], enter[pivots], leave[pivots], (sign * step)[pivots], column[each, leave][pivots], priced
            )
        return moves

    def _ratios(self, active: Places, column: Floats) -> tuple[Floats, Places, Booleans]:
        """How far each entering column can go, which place in the basis stops it, and whether one does."""
        batch, amounts = self.batch, self.amounts[active]
        lower = np.take_along_axis(batch.lower[active], batch.basis[active], 1)
        upper = np.take_along_axis(batch.upper[active], batch.basis[active], 1)
        below, above = self.missing(active)
        # A column outside its bounds is stopped by the bound it comes to, and by none on its way out.
        least = np.where(above, upper, np.where(below, -np.inf, lower))
        most = np.where(below, lower, np.where(above, np.inf, upper))
        with np.errstate(divide="ignore", invalid="ignore"):
            to = np.where(
                column > PIVOT, (amounts - least) / column, np.where(column < -PIVOT, (amounts - most) / column, np.inf)
            )
        to = np.where(np.isnan(to), np.inf, np.maximum(to, 0.0))
        step = to.min(axis=1, initial=np.inf)
        near = to <= (step + 1e-12 * np.maximum(1.0, np.where(np.isfinite(step), step, 0.0)))[:, None]
        leave = (
            np.where(near, np.abs(column), -1.0).argmax(axis=1) if column.shape[1] else np.zeros(len(active), np.int64)
        )
        chosen = to[np.arange(len(active)), leave] if column.shape[1] else step
        return chosen, leave, np.isfinite(chosen)

    def _exchange(
        self, active: Places, enter: Places, leave: Places, step: Floats, pivot: Floats, priced: bool
    ) -> None:
        batch, each = self.batch, np.arange(len(active))
        out = batch.basis[active, leave]
        at = np.where(batch.at_upper[active, enter], batch.upper[active, enter], batch.lower[active, enter])
        at = np.where(np.isfinite(at), at, 0.0)
        lower, upper = batch.lower[active, out], batch.upper[active, out]
        amount = self.amounts[active, leave]
        to_upper = np.where(
            np.isfinite(lower) & np.isfinite(upper), np.abs(amount - upper) < np.abs(amount - lower), pivot < 0.0
        )
        batch.at_upper[active, out] = np.where(np.isposinf(upper), False, to_upper | np.isneginf(lower))
        column = self.tableau[active, :, enter]
        row = self.tableau[active, leave, :] / column[each, leave][:, None]
        if len(active) == len(batch.basis):
            self.tableau -= column[:, :, None] * row[:, None, :]
        else:
            self.tableau[active] -= column[:, :, None] * row[:, None, :]
        self.tableau[active, leave, :] = row
        if priced:
            self.reduced[active] -= self.reduced[active, enter][:, None] * row
        self.amounts[active, leave] = at + step
        self.basic[active, out], self.basic[active, enter] = False, True
        batch.basis[active, leave] = enter
        batch.at_upper[active, enter] = False
