"""What a case promises, as rows of scenarios' programs over the columns of one plan: who misses what, by how much."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits.amounts import demand
from allocate.odds.commitments import (
    FAMILIES,
    ROLLING,
    Chain,
    Commitment,
    chains_of,
    commitments_of,
    is_past,
    name_of,
)
from allocate.odds.cuts import Cut
from allocate.odds.drawn import Luck
from allocate.odds.passed import passed
from allocate.odds.shares_right import shares_right
from allocate.odds.surer import at_or_beyond
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.build import Built
from allocate.tolerances import LIMIT_KEPT

DECIDING = 3
"""Scenarios of each limit that are looked at where those that are kept stand fast."""
Wanted = Callable[[str, str], bool]
"""Whether a promise of a kind and a name is to be kept with the odds asked for."""


@dataclass(frozen=True)
class Single:
    """A promise that is one row of the program by itself: a budget, an accuracy floor."""

    name: str
    kind: str
    row: int


class Scenarios:
    """The promises of many programs of one case, over the columns of one of them (`base`).

    plan: values of the base's columns, from which it is taken by when so much of each product is made as is promised. luck: by
    product, a standard normal figure of each scenario, shape (scenarios,): luck with single items (see `_unlucky`).
    """

    def __init__(
        self,
        base: Built,
        programs: Sequence[Built],
        plan: Floats,
        wanted: Wanted,
        luck: Mapping[Luck, Floats] | None = None,
    ) -> None:
        self.base, rows = base, base.program.rows
        self.singles = [
            Single(name_of(base, family, place), kind, int(block.ids[place]))
            for family, block in rows.items()
            for kind in [FAMILIES.get(family)]
            if kind is not None and family not in ROLLING
            for place in range(len(block))
            if not is_past(base, block, place) and wanted(kind, name_of(base, family, place))
        ]
        self.chains: list[Chain] = chains_of(base)
        most = self._asked(programs).max(axis=0, initial=0.0) if programs else None
        self.commitments: list[Commitment] = [
            one for one in commitments_of(base, self.chains, plan, most) if wanted("deadlines", one.name)
        ]
        if not self.commitments:
            self.chains = []
        self.rows = np.concatenate(
            [np.empty(0, np.int32), *(one.rows for one in self.chains), [one.row for one in self.singles]]
        ).astype(np.int32)
        """Rows that count, those of chains first, shape (R,)."""
        self.starts = np.cumsum([0, *(len(one.rows) for one in self.chains)])
        self.limits = np.array([self._upper(one) for one in programs]).reshape(len(programs), -1)
        """Upper sides of the rows, turned around where they are lower ones, shape (scenarios, R)."""
        self.terms = [self._terms(one) for one in programs]
        """Rows (in R), columns and values of each scenario's coefficients, by row."""
        self.upper, self.own = self._upper(base), self._terms(base)
        for number, one in enumerate(self.singles):
            if one.kind == "accuracy":
                self._unlucky(programs, plan, number, luck or {})
        asked = np.array([one.row for one in self.commitments], np.int32)
        there = np.array([one.done for one in self.commitments])
        self.asked = np.maximum(self._lower(programs, asked) - there, 0.0)
        """Items promised beyond those that are there already, shape (scenarios, commitments)."""

    def _unlucky(self, programs: Sequence[Built], plan: Floats, number: int, luck: Mapping[Luck, Floats]) -> None:
        r"""Ask an accuracy floor for what bad luck with single items takes, where the plan the row is made at makes some.

        With v the variance of right items, :math:`\sum_j a_j (1 - a_j) x_j`, and luck -c, a floor is kept where
        :math:`\sum_j (a_j - A) x_j \ge c \sqrt v`; the root lies below its tangent at the plan's own variance :math:`v_0`:

        .. math:: \sum_j (a_j - A) x_j \ge c \, \frac{v_0 + v}{2 \sqrt{v_0}}

        Good luck is not counted on.
        """
        layout, at = self.base.layout, len(self.rows) - len(self.singles) + number
        items = self._items_of(number)
        if not len(items):
            return
        product, quality = int(layout.product[items[0]]), self._quality_of(number)
        bad = luck.get(product if quality is None else (product, quality))
        accuracy = shares_right(self.base, product, quality)[layout.route[items]]
        variance = float((accuracy * (1.0 - accuracy)) @ plan[layout.ids[items]])
        if bad is None or variance <= 0.0:
            return
        for s, one in enumerate(programs):
            taken = max(-float(bad[s]), 0.0) / (2.0 * math.sqrt(variance))
            right = shares_right(one, product, quality)[one.layout.route[items]]
            rows, columns, part = self.terms[s]
            rows = np.concatenate([rows, np.full(len(items), at, np.int32)])
            order = np.argsort(rows, kind="stable")
            columns = np.concatenate([columns, layout.ids[items]])[order]
            self.terms[s] = (rows[order], columns, np.concatenate([part, taken * right * (1.0 - right)])[order])
            self.limits[s, at] -= taken * variance

    def _items_of(self, number: int) -> NDArray[np.intp]:
        """Positions of the item columns an accuracy floor is about, also of those that are right just as often as it asks."""
        layout, row = self.base.layout, self.singles[number].row
        block = next(one for one in self.base.program.rows.values() if one.start <= row < one.stop)
        inside = ~layout.past  # how many were right of what is done is known
        places = {"product": layout.product, "vendor": layout.vendor, "period": layout.delivered}
        for axis, positions in block.index.items():
            if axis == "quality":
                continue
            inside &= places[axis] == positions[row - block.start]
        return np.flatnonzero(inside)

    def _quality_of(self, number: int) -> int | None:
        """Which further quality a row is about; None for an accuracy floor."""
        row = self.singles[number].row
        block = next(one for one in self.base.program.rows.values() if one.start <= row < one.stop)
        return int(block.index["quality"][row - block.start]) if "quality" in block.index else None

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return len(self.terms)

    @cached_property
    def choices(self) -> list[tuple[int, int]]:
        """Commitment and place among its vendors, of every vendor that may make what is promised."""
        return [(c, v) for c, one in enumerate(self.commitments) for v in range(len(one.vendors))]

    def made(self, values: Floats) -> Floats:
        """Items of each choice that count for what is promised, shape (choices,)."""
        found = [float(values[self.commitments[c].columns[v]].sum()) for c, v in self.choices]
        return np.array(found)

    def in_time(self, values: Floats) -> Booleans:
        """Whether what each choice makes is done in time, shape (scenarios, choices)."""
        over, free = self._over(values)
        found = np.ones((self.count, len(self.choices)), bool)
        for number, (c, v) in enumerate(self.choices):
            for chain in self.commitments[c].chains[v]:
                waiting, _ = self._waiting(over, free, c, v, chain)
                found[:, number] &= waiting <= LIMIT_KEPT * self._size(chain)
        return found

    def kept(self, values: Floats) -> Booleans:
        """Whether all promises are kept at a point of the base, shape (scenarios,)."""
        over, _ = self._over(values)
        first = len(self.rows) - len(self.singles)
        size = np.maximum(np.abs(self.limits[:, first:]), 1.0)
        found: Booleans = (over[:, first:] <= LIMIT_KEPT * size).all(axis=1)
        if self.choices:
            there = self.in_time(values) * self.made(values)
            for c in range(len(self.commitments)):
                mine = [number for number, (of, _) in enumerate(self.choices) if of == c]
                found &= there[:, mine].sum(axis=1) >= self.asked[:, c] * (1.0 - LIMIT_KEPT) - LIMIT_KEPT
        return found

    def cuts(self, values: Floats, chosen: Floats, missed: Floats, tight: Floats | None = None) -> list[Cut]:
        """Rows that a point passes by more than it says, the worst of each; shapes (columns,), (choices,), (scenarios,).

        tight: by how much rows by themselves can be passed at most, where that is known better; see `passed_at_most`.
        """
        over, free = self._over(values)
        first, found = len(self.rows) - len(self.singles), []
        some = np.flatnonzero(missed < 1.0)
        for number, _ in enumerate(self.singles):
            at = first + number
            for s in some[over[some, at] > 0].tolist():
                cut = self._cut(s, -1, slice(at, at + 1), slice(0, 0))
                if tight is not None:
                    cut = replace(cut, most=min(cut.most, float(tight[s, number])))
                found.append((cut, missed[s]))
        for number, (c, v) in enumerate(self.choices):
            if chosen[number] <= 0:
                continue
            for chain in self.commitments[c].chains[v]:
                waiting, since = self._waiting(over, free, c, v, chain)
                for s in some[waiting[some] > 0].tolist():
                    cut = self._window(s, number, chain, int(since[s]))
                    found.append((cut, missed[s] + 1.0 - chosen[number]))
        return [cut for cut, given in found if cut.passed(values, float(given))]

    def deepened(self, cuts: Sequence[Cut], values: Floats) -> list[Cut]:
        """Of rows that a point passes, those of the scenarios that are worst for each limit, with all other sums of these.

        Where the scenarios that are kept stand fast, few of them decide, and their sums are better added at once.
        """
        groups: dict[tuple[int, int, int], list[tuple[float, Cut]]] = {}
        for number, cut in enumerate(cuts):
            over = (float(cut.coefficients @ values[cut.columns]) - cut.limit) / max(1.0, abs(cut.limit))
            key = (cut.choice, cut.chain, -1 if cut.chain >= 0 else int(cut.columns[0]) if len(cut.columns) else number)
            groups.setdefault(key, []).append((over, cut))
        found: list[Cut] = []
        for group in groups.values():
            for _, cut in sorted(group, key=lambda pair: -pair[0])[:DECIDING]:
                if cut.chain < 0:
                    found.append(cut)
                    continue
                c, v = self.choices[cut.choice]
                until = min(self.commitments[c].end, self.commitments[c].last[v])
                found += [self._window(cut.scenario, cut.choice, cut.chain, first) for first in range(until + 1)]
        return found

    def _window(self, scenario: int, number: int, chain: int, first: int) -> Cut:
        """The rows of a capacity from a period to the last in which a choice can be in time, added up."""
        c, v = self.choices[number]
        start, last = int(self.starts[chain]), self.commitments[c].last[v]
        until = min(self.commitments[c].end, last) + 1
        cut = self._cut(scenario, number, slice(start + first, start + until), slice(start + until, start + last + 1))
        return replace(cut, chain=chain)

    def passed_at_most(self, spare: int) -> Floats:
        r"""By how much each row by itself can be passed by a plan that misses no more than so many scenarios; (scenarios, singles).

        Of any `spare` + 1 scenarios one is kept. So a row of scenario s is passed by no more than the (`spare` + 1)th least, over
        scenarios s', of what it can be passed by where s' is kept (F. Qiu, S. Ahmed, S. Dey and L. Wolsey, Covering linear
        programming with violations, 2014); that is bounded as in `_most`, with the row of s' in place of the base's.
        """
        first, found = len(self.rows) - len(self.singles), np.full((self.count, len(self.singles)), math.inf)
        for number in range(len(self.singles)):
            rows = [np.zeros(self.base.program.column_count) for _ in range(self.count)]
            for one, (row, columns, part) in zip(rows, self.terms, strict=True):
                np.add.at(one, columns[row == first + number], part[row == first + number])
            some = np.flatnonzero(np.any(rows, axis=0))
            limits = self.limits[:, first + number]
            found[:, number] = passed(self.base, self.most_items, np.array(rows)[:, some], some, limits, spare)
        return found

    def at_quantile(self, share: float) -> list[Cut]:
        """Each row with each of its coefficients, and its side, at the quantile of all scenarios that is worse for it.

        share: above 1, that much further from the middle than the worst scenario.
        """
        size = self.base.program.column_count
        keys = [rows.astype(np.int64) * size + columns for rows, columns, _ in self.terms]
        every = np.unique(np.concatenate(keys))
        values = np.zeros((self.count, len(every)))
        for number, (key, (_, _, part)) in enumerate(zip(keys, self.terms, strict=True)):
            np.add.at(values[number], np.searchsorted(every, key), part)
        row, column = every // size, (every % size).astype(np.int32)
        worst, sides = at_or_beyond(values, share), -at_or_beyond(-self.limits, share)
        cuts = [
            Cut(-1, -1, column[row == one], worst[row == one], float(sides[one]), math.inf)
            for one in range(len(self.rows))
        ]
        for c, one in enumerate(self.commitments):
            columns = np.concatenate(one.columns)
            asked = float(at_or_beyond(self.asked[:, c], share))
            cuts.append(Cut(-1, -1, columns, np.full(len(columns), -1.0), -asked, math.inf))
        return cuts

    def _waiting(self, over: Floats, free: Floats, c: int, v: int, chain: int) -> tuple[Floats, Integers]:
        """What of the work up to the end of a commitment is undone by its last period, and since when; (scenarios,)."""
        start, end = int(self.starts[chain]), self.commitments[c].end
        last = self.commitments[c].last[v]
        waiting, since = np.full(self.count, -np.inf), np.zeros(self.count, np.int32)
        for period in range(last + 1):
            now = over[:, start + period] if period <= end else free[:, start + period]
            since = np.where(waiting > 0, since, period).astype(np.int32) if period <= end else since
            waiting = np.where(waiting > 0, waiting, 0.0 if period <= end else np.minimum(waiting, 0.0)) + now
        return waiting, since

    def _size(self, chain: int) -> Floats:
        here = slice(int(self.starts[chain]), int(self.starts[chain + 1]))
        size: Floats = np.maximum(np.abs(self.limits[:, here]).sum(axis=1), 1.0)
        return size

    def _over(self, values: Floats) -> tuple[Floats, Floats]:
        """By how much each row is passed at a point, and would be without items, shapes (scenarios, R)."""
        items = self.base.layout.items
        taken, free = np.zeros((self.count, len(self.rows))), np.zeros((self.count, len(self.rows)))
        for number, (rows, columns, part) in enumerate(self.terms):
            terms = part * values[columns]
            taken[number] = np.bincount(rows, terms, len(self.rows))
            other = (columns < items.start) | (columns >= items.stop)
            if other.any():
                free[number] = np.bincount(rows[other], terms[other], len(self.rows))
        return taken - self.limits, free - self.limits

    def _cut(self, scenario: int, choice: int, full: slice, free: slice) -> Cut:
        """Rows of a scenario added up, of some of them without their items."""
        columns, coefficients = self._summed(self.terms[scenario], full, free)
        limit = float(self.limits[scenario, full].sum() + self.limits[scenario, free].sum())
        most = self._most(full, columns, coefficients, limit)
        return Cut(scenario, choice, columns, coefficients, limit, most)

    def _most(self, full: slice, columns: Integers, coefficients: Floats, limit: float) -> float:
        r"""How far a plan that keeps the base's own rows, :math:`b x \le B`, can pass a sum of rows, :math:`a x \le A`.

        .. math:: \min \Bigl( \max_j \frac{a_j}{b_j} B, \; B + \sum_p \max_{j \in p} (a_j - b_j)^+ M_p \Bigr) - A

        the first where no coefficient is below 0; M: the most items of a product there can be.
        """
        count = self.base.program.column_count
        own_columns, own = self._summed(self.own, full, slice(0, 0))
        side = float(self.upper[full].sum())
        there, here = np.zeros(count), np.zeros(count)
        there[own_columns], here[columns] = own, coefficients
        found = side + self._at_most(np.maximum(here - there, 0.0))
        if side >= 0 and (coefficients >= 0).all() and (there[columns] > 0).all():
            found = min(found, float((coefficients / there[columns]).max(initial=0.0)) * side)
        return max(0.0, found - limit) if math.isfinite(found) else math.inf

    def _at_most(self, each: Floats) -> float:
        """What amounts for each column, none below 0, come to at most in any plan."""
        layout, total = self.base.layout, 0.0
        of_items = each[layout.items.start : layout.items.stop]
        for product, most in enumerate(self.most_items.tolist()):
            greatest = float(of_items[layout.product == product].max(initial=0.0))
            total += greatest * most if greatest > 0 else 0.0
        others = each.copy()
        others[layout.items.start : layout.items.stop] = 0.0
        some = np.flatnonzero(others)
        return total + float(others[some] @ self.base.program.arrays().upper[some]) if len(some) else total

    @cached_property
    def most_items(self) -> Floats:
        """Most items of each product in any plan, shape (P,)."""
        _, ceiling = demand(self.base.layout.case)
        most: Floats = np.minimum(ceiling, self.base.layout.most_items.sum(axis=1))
        return most

    def _asked(self, programs: Sequence[Built]) -> Floats:
        """Lower sides of all rows that commit, shape (scenarios, rows)."""
        rows = [
            self.base.program.rows[family].ids
            for family in ("demand_floor", "milestone")
            if family in self.base.program.rows
        ]
        return self._lower(programs, np.concatenate([np.empty(0, np.int32), *rows]).astype(np.int32))

    @staticmethod
    def _lower(programs: Sequence[Built], rows: Integers) -> Floats:
        return np.array([one.program.arrays().row_lower[rows] for one in programs]).reshape(len(programs), len(rows))

    def _upper(self, built: Built) -> Floats:
        arrays = built.program.arrays()
        lower, upper = arrays.row_lower[self.rows], arrays.row_upper[self.rows]
        sides = np.where(np.isfinite(upper), upper, -lower)
        free: Floats = np.where(np.isfinite(sides), sides, 0.0)  # those of periods that are past
        return free

    def _terms(self, built: Built) -> tuple[Integers, Integers, Floats]:
        arrays = built.program.arrays()
        start, column, value = arrays.by_rows
        limited = np.isfinite(arrays.row_lower[self.rows]) | np.isfinite(arrays.row_upper[self.rows])
        lengths = np.where(limited, start[self.rows + 1] - start[self.rows], 0).astype(np.int64)
        row = np.repeat(np.arange(len(self.rows), dtype=np.int32), lengths)
        before = np.cumsum(lengths) - lengths
        entries = np.arange(int(lengths.sum())) - np.repeat(before - start[self.rows], lengths)
        sign = np.where(np.isfinite(arrays.row_upper[self.rows]), 1.0, -1.0)
        return row, column[entries], value[entries] * sign[row]

    def _summed(self, terms: tuple[Integers, Integers, Floats], full: slice, free: slice) -> tuple[Integers, Floats]:
        """Columns and coefficients of rows added up, of some without their items; those that come to nothing left out."""
        rows, columns, values = terms
        count, items = self.base.program.column_count, self.base.layout.items
        low, high = np.searchsorted(rows, [full.start, full.stop])
        total = np.bincount(columns[low:high], values[low:high], count).astype(np.float64, copy=False)
        if free.stop > free.start:
            low, high = np.searchsorted(rows, [free.start, free.stop])
            inside, part = columns[low:high], values[low:high]
            other = (inside < items.start) | (inside >= items.stop)
            total = total + np.bincount(inside[other], part[other], count)
        some = np.flatnonzero(total).astype(np.int32)
        return some, total[some]
