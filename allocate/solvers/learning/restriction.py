"""The convex-concave restriction: a linear program near some work done, all of whose plans keep their hours by the curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.program.arrays import Batch, Floats, Integers, ProgramArrays, assemble, batch, frozen
from allocate.program.learned import Learned

LITTLE = 1e-3
"""Items below which a pair's work is taken as a straight line from none on: the slope of a curve may have no end there."""
JOINTS = (0.02, 0.1, 0.35)
"""Parts of the most work at which chords meet, beside none, all, and the work the program was made at."""
LITTLE_OF = 0.1
"""Part of the most work at whose hours pairs count where there are hours to spare."""
ROOM = 2.0
"""Near a plan, so many times the work may be done that limits leave room for as they are."""
SHORT = 1e-6
"""Parts of the most work by which joints are apart."""


class Restriction:
    r"""Restrictions of one program, made at one amount of work done after the other; all have the same columns and rows.

    To the program come columns g, hours by the end of a period told too low, and s, hours that are short. At work :math:`W'`

    .. math:: T_{vt} - T_{v,t-1} + s_{vt} \ge \sum_{l \in L(v)} \Bigl(H_l(W'_{lt}) + H_l'(W'_{lt}) (W_{lt} - W'_{lt})
        - g_{l,t-1}\Bigr), \qquad g_{lt} \le \text{each chord of } H_l

    take the place of `learned_pace`. A tangent lies above a concave curve and its chords below it, so what a period takes is
    never told too low: with s at 0 every plan keeps its true hours. :math:`W'` itself is a joint of the chords, so work that
    kept them before still does (the convex-concave procedure: Lipp and Boyd, Optimization and Engineering 2016).
    """

    def __init__(self, arrays: ProgramArrays, learned: Learned, room: float = 1.0) -> None:
        """room: the work that may be done, as times what there can be at most by the limits as they are."""
        self.arrays, self.learned = arrays, learned
        self.caps_hours = False
        """Whether hours are held from above too: none are then paid that nobody works, but plans move in small steps."""
        pairs, periods = learned.work.shape
        self._fresh = np.diff(learned.work, axis=1, prepend=-1) > 0
        """Whether a pair may still work in a period, shape (L, T)."""
        self._told = np.zeros((pairs, periods), dtype=bool)
        self._told[:, :-1] = self._fresh[:, 1:]
        count = int(self._told.sum())
        self.low = np.full((pairs, periods), -1, np.int32)
        self.low[self._told] = arrays.column_count + np.arange(count)
        self.short: Integers = arrays.column_count + count + np.arange(learned.pace.size, dtype=np.int32)
        """Columns s, vendor after vendor."""
        self.count = arrays.column_count + count + len(self.short)
        self._pace = learned.pace[learned.of]
        self._each = np.array([learner.each for learner in learned.learners])
        of_work = np.zeros(arrays.column_count, dtype=bool)
        of_work[learned.work] = True
        of_pace = np.zeros(arrays.row_count, dtype=bool)
        of_pace[learned.pace] = True
        kept = ~(of_pace[arrays.index] & of_work[arrays.column])
        self._kept = batch(arrays.index[kept], arrays.column[kept], arrays.value[kept], distinct=True)
        self._most = room * learned.reach
        if room != 1.0:
            upper = arrays.upper.copy()
            upper[learned.work] *= room
            self.arrays = replace(arrays, upper=frozen(upper))
        self._at_joints = learned.hours_of(self._most[..., None] * np.array(JOINTS))
        self._at_most = learned.hours_of(self._most)

    def work(self, values: Floats) -> Floats:
        """Work done in a plan by pair and period, as its columns have it, shape (L, T)."""
        work: Floats = np.clip(values[self.learned.work], 0.0, self._most)
        return np.maximum.accumulate(work, axis=1)

    def true(self, values: Floats) -> Floats:
        """A plan's values in the program's own columns, with the hours that the curves have for its work."""
        found = values[: self.arrays.column_count].copy()
        hours = self.learned.together(self.learned.hours_of(self.work(values)))
        found[self.learned.hours] = hours
        return found

    def at(self, work: Floats, price: float = 0.0, closed: bool = False, held: bool = False) -> ProgramArrays:
        """The restriction at some work done, shape (L, T).

        price: of an hour that is short; at 0 none may be. closed: whether pairs that have done next to nothing by a period are
        to do nothing by then, so that no straight line stands for their curve. held: whether work and hours are to stay as they are.
        """
        learned, little = self.learned, LITTLE * self._each[:, None]
        some = work >= little
        base = np.where(some, work, little)
        hours = learned.hours_of(base)
        slope = np.array([one.slope_before(part) for one, part in zip(learned.learners, base, strict=True)])
        slope = np.where(some, slope, hours / base)
        above = np.where(some, np.maximum(hours - slope * base, 0.0), 0.0)
        least = learned.together(np.where(self._fresh, above, 0.0))
        chords, sides = self._chords(work)
        arrays = self._assembled(self._rates(slope, np.zeros_like(slope), low=True), chords, sides, least, price)
        arrays = self._no_more_hours(arrays, slope, np.where(some, hours - slope * base, 0.0))
        if closed or held:
            lower, upper = arrays.lower.copy(), arrays.upper.copy()
            upper[learned.work[~some]] = 0.0
            if held:
                done = np.where(some, work, 0.0)
                lower[learned.work] = upper[learned.work] = done
                lower[learned.hours] = upper[learned.hours] = learned.together(learned.hours_of(done))
            arrays = replace(arrays, lower=frozen(lower), upper=frozen(upper))
        return arrays

    def _no_more_hours(self, arrays: ProgramArrays, slope: Floats, above: Floats) -> ProgramArrays:
        """The same with hours of each pair no more than its tangent, where that is asked."""
        learned, count = self.learned, slope.size
        if not self.caps_hours:
            return arrays
        pairs = np.argsort(learned.of)
        rows = arrays.row_count + np.arange(count, dtype=np.int32)
        parts = [
            batch(arrays.index, arrays.column, arrays.value, distinct=True),
            batch(rows, learned.hours.ravel(), np.ones(count), distinct=True),
            batch(rows, learned.work[pairs].ravel(), -slope[pairs].ravel(), distinct=True),
        ]
        return replace(
            arrays,
            row_lower=frozen(np.concatenate([arrays.row_lower, np.full(count, -np.inf)])),
            row_upper=frozen(np.concatenate([arrays.row_upper, np.maximum(above[pairs], 0.0).ravel()])),
            matrix=assemble(parts, arrays.column_count, arrays.row_count + count),
        )

    def averaged(self, work: Floats) -> ProgramArrays:
        """The program with each pair's hours at what they are on average in some plan's work, at the best there can be without."""
        done = work[:, -1:]
        some = done > LITTLE * self._each[:, None]
        mean = np.divide(self.learned.hours_of(done), done, out=np.zeros(done.shape), where=some)
        best = np.divide(self._at_most, self._most, out=np.zeros(self._most.shape), where=self._most > 0.0)
        rate = np.where(some, mean, best)
        chords, _ = self._chords(work)
        free = np.full(sum(len(part.columns) for part in chords) // 2, np.inf)
        arrays = self._assembled(
            self._rates(rate, rate, low=False), chords, free, np.zeros(self.learned.pace.shape), 0.0
        )
        return self._no_more_hours(arrays, rate, np.zeros_like(rate))

    def spare(self) -> ProgramArrays:
        """The program in its own columns with each pair's hours as they are on average in a little work: most plans do more."""
        done = LITTLE_OF * self._most[:, -1:]
        rate = np.divide(self.learned.hours_of(done), done, out=np.zeros(done.shape), where=done > 0.0)
        rate = np.broadcast_to(rate, self._most.shape)
        before, row_lower = self.arrays, self.arrays.row_lower.copy()
        row_lower[self.learned.pace], row_lower[self.learned.least] = 0.0, -np.inf
        matrix = assemble([self._kept, *self._rates(rate, rate, low=False)], before.column_count, before.row_count)
        return replace(before, row_lower=frozen(row_lower), matrix=matrix)

    def _rates(self, now: Floats, before: Floats, low: bool) -> list[Batch]:
        """What hours of a period ask of the work done by its end, less that of the one before."""
        work, pace, fresh, told = self.learned.work, self._pace, self._fresh, self._told
        parts = [(pace[fresh], work[fresh], -now[fresh])]
        later = np.roll(told, 1, axis=1)
        parts += [(pace[later], self.low[told], np.ones(int(told.sum())))] if low else []
        parts += [(pace[later], work[told], before[later])]
        return [batch(rows, columns, values, distinct=True) for rows, columns, values in parts if len(columns)]

    def _chords(self, work: Floats) -> tuple[list[Batch], Floats]:
        """Rows that hold g to chords of the curves, a fixed number for each, and their upper sides."""
        told, most = self._told, self._most[self._told]
        done = np.clip(work, 0.0, self._most)[told]
        aside = (done > SHORT * most) & (done < (1.0 - SHORT) * most)
        by_now = self.learned.hours_of(np.clip(work, 0.0, self._most))[told]
        joints = np.column_stack(
            [np.zeros(len(most)), most[:, None] * np.array(JOINTS), np.where(aside, done, 0.0), most]
        )
        heights = np.column_stack(
            [np.zeros(len(most)), self._at_joints[told], np.where(aside, by_now, 0.0), self._at_most[told]]
        )
        order = np.argsort(joints, axis=1, kind="stable")
        joints, heights = np.take_along_axis(joints, order, 1), np.take_along_axis(heights, order, 1)
        wide = np.diff(joints, axis=1)
        apart = wide > SHORT * most[:, None]
        slopes = np.divide(np.diff(heights, axis=1), wide, out=np.zeros(wide.shape), where=apart)
        # Where joints meet there is no chord, and no row beside those of its neighbours.
        # A curve's chords meet none at or above 0: what rounding leaves below would rule out that a pair does nothing.
        above = np.maximum(heights[:, :-1] - slopes * joints[:, :-1], 0.0)
        sides = np.where(apart, above, np.where(most > 0.0, np.inf, 0.0)[:, None])
        if not slopes.size:
            return [], sides.ravel()
        rows = self.arrays.row_count + np.arange(slopes.size, dtype=np.int32)
        pieces = slopes.shape[1]
        low, by = np.repeat(self.low[told], pieces), np.repeat(self.learned.work[told], pieces)
        parts = [batch(rows, low, np.ones(len(rows)), distinct=True), batch(rows, by, -slopes.ravel(), distinct=True)]
        return parts, sides.ravel()

    def _assembled(
        self, rates: list[Batch], chords: list[Batch], sides: Floats, least: Floats, price: float
    ) -> ProgramArrays:
        before, pace = self.arrays, self.learned.pace
        added = self.count - before.column_count
        row_lower, row_upper = before.row_lower.copy(), before.row_upper
        row_lower[pace] = least
        row_lower[self.learned.least] = -np.inf  # what the others ask is never less
        upper = np.full(added, np.inf)
        upper[added - len(self.short) :] = np.inf if price else 0.0
        costs = np.zeros(added)
        costs[added - len(self.short) :] = -price if before.maximise else price
        slack = batch(pace.ravel(), self.short, np.ones(len(self.short)), distinct=True)
        return replace(
            before,
            costs=frozen(np.concatenate([before.costs, costs])),
            lower=frozen(np.concatenate([before.lower, np.zeros(added)])),
            upper=frozen(np.concatenate([before.upper, upper])),
            integer=frozen(np.concatenate([before.integer, np.zeros(added, dtype=bool)])),
            row_lower=frozen(np.concatenate([row_lower, np.full(len(sides), -np.inf)])),
            row_upper=frozen(np.concatenate([row_upper, sides])),
            matrix=assemble([self._kept, *rates, *chords, slack], self.count, before.row_count + len(sides)),
        )
