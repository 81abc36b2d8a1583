"""Prices of the rows between products, and what they say of every set of engaged vendors at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.certificate.engagement.engaged_form import EngagedForm, Masks
from allocate.certificate.engagement.tables import Priced, Rules, Tables, beside, of_sets, sets_left
from allocate.certificate.weak_duality import row_terms
from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.solvers.decomposition.engagement.product_sets import Kinds, ProductSets
from allocate.solvers.decomposition.pricing import Linked, Pattern, Round

BEAM = 40_000
"""Boxes of vendors that go on at once where a set that keeps all rules is looked for."""
PATTERNS = 2
"""Product-vendor sets of each part, the best within a set of vendors, that enter the mixture at each price."""


@dataclass(frozen=True, eq=False)
class Looked:
    """One price vector with what it says."""

    prices: Floats
    """Of the priced rows, shape (rows,)."""
    priced: Priced
    gains: Floats
    """Of every column after paying for the priced rows, shape (columns,)."""
    of_kinds: Floats


class SetPricing(Linked):
    """The program in the form of sets of vendors, asked again and again at changing prices.

    Owned rows (`EngagedForm.account`) count in the vendor's account: a set without the vendor pays nothing for them.
    """

    def __init__(
        self, program: ProgramArrays, form: EngagedForm, sets: ProductSets, ends: tuple[Floats, Floats]
    ) -> None:
        filled = np.bincount(form.arrays.index, minlength=form.arrays.row_count) > 0
        rows = np.setdiff1d(np.flatnonzero((form.owner < 0) & filled), form.rules).astype(np.int32)
        super().__init__(form.arrays, form.part, rows)
        self.form, self.sets, self.rules = form, sets, Rules(form, program)
        self.account = form.account[rows]
        self.all_ends = ends
        self.ends = ends[0][form.free], ends[1][form.free]
        self._by_kind(sets.kinds)
        self.tables = self._tables()
        self.looks = 0
        self.last: Looked | None = None

    def _by_kind(self, kinds: Sequence[Kinds]) -> None:
        columns = np.concatenate([one.part.columns for one in kinds])
        number = np.concatenate([one.first + one.kind for one in kinds])
        order = np.lexsort((columns, number))
        self._column, self._kind = columns[order], number[order]
        self._begin = np.flatnonzero(np.diff(self._kind, prepend=-1))

    def _tables(self) -> Tables:
        vendors = [one.part.vendors for one in self.sets.kinds]
        self.large = np.zeros(len(self.sets.mask), np.int64)
        for part, of in enumerate(vendors):
            mine = self.sets.part == part
            for i, v in enumerate(of):
                self.large[mine] |= ((self.sets.mask[mine] >> i) & 1) << v
        return Tables(vendors, self.sets.part, self.sets.mask)

    def only(self, chosen: Booleans) -> None:
        """Let go of all product-vendor sets but the chosen."""
        self.sets.only(chosen)
        self.tables, self.last = self._tables(), None

    def look(self, prices: Floats) -> Looked:
        """What prices say; the tables hold it until the next look."""
        prices = self.allowed(prices)
        gains = self.gains(prices)
        of_kinds = np.maximum.reduceat(gains[self._column], self._begin)
        by_rows = row_terms(prices, self.lower, self.upper)
        free = gains[self.form.free]
        by_columns = np.where(free == 0.0, 0.0, free * np.where(free > 0.0, self.ends[1], self.ends[0]))
        accounts = gains[self.form.ids]
        for account, terms in ((self.account, by_rows), (self.form.account_of_free, by_columns)):
            accounts = accounts + np.bincount(account[account >= 0], terms[account >= 0], self.form.count)
        base = float(by_rows[self.account < 0].sum() + by_columns[self.form.account_of_free < 0].sum())
        priced = Priced(base + self.arrays.offset, accounts, self.sets.solve(of_kinds))
        self.tables.fill(priced.values)
        self.looks += 1
        self.last = Looked(prices, priced, gains, of_kinds)
        return self.last

    def live(self, inside: int) -> Booleans:
        """Priced rows that are not empty with a set of vendors, shape (rows,)."""
        found: Booleans = (self.account < 0) | ((np.int64(inside) >> np.maximum(self.account, 0)) & 1 > 0)
        return found

    def bounds(self, sets: Masks) -> Floats:
        """The bound of sets of vendors at the prices last looked at, shape (sets,)."""
        assert self.last is not None
        return of_sets(self.tables, self.last.priced, sets)

    def bound(self, one: int) -> float:
        """The bound of one set."""
        return float(self.bounds(np.array([one], np.int64))[0])

    def best_set(self, start: int) -> tuple[int, float]:
        """The best set by adding, dropping and swapping vendors at the prices last looked at, and its bound.

        Rules about vendors and parts that a set cannot do come first. Where some stay missed, the best of some sets that
        miss none, found box by box; minus infinity where there is none among them.
        """
        found, bound = self._climbed(start)
        if bound > -np.inf:
            return found, bound
        one = self._some()
        return (found, bound) if one is None else self._climbed(one)

    def _some(self) -> int | None:
        """The best of some sets that keep the rules and can do all parts, at the prices last looked at; None without one."""
        assert self.last is not None
        priced, order = self.last.priced, range(self.form.count)
        whole = np.zeros((len(self.large), self.form.count))
        found = sets_left(self.tables, priced, whole, order, self.rules, -np.inf, BEAM, some=True)
        self.tables.fill(priced.values)
        return int(found[0][found[1].argmax()]) if found is not None and len(found[0]) else None

    def _climbed(self, start: int) -> tuple[int, float]:
        count, at = self.form.count, start
        missed, best = self._judged(np.array([start], np.int64))
        while True:
            near = _neighbours(at, count)
            misses, values = self._judged(near)
            top = int(np.lexsort((-values, misses))[0])
            gains = values[top] > best[0] + 1e-9 * max(1.0, abs(best[0]))
            if misses[top] > missed[0] or (misses[top] == missed[0] and not gains):
                return at, float(best[0]) if missed[0] == 0.0 else -np.inf
            at, missed, best = int(near[top]), misses[[top]], values[[top]]

    def _judged(self, sets: Masks) -> tuple[Floats, Floats]:
        """What sets of vendors miss, of rules about them and of parts they cannot do, and their bounds, shape (sets,) each."""
        assert self.last is not None
        everyone = np.int64((1 << self.form.count) - 1)
        total, idle = self.tables.looked_up(sets)
        return self.rules.missed(sets, everyone & ~sets) + idle, total + beside(self.last.priced, sets)

    def patterns(self, inside: int) -> tuple[Pattern, ...]:
        """The best patterns of every part within a set of vendors, at the prices last looked at."""
        assert self.last is not None
        able = np.flatnonzero((self.large & ~np.int64(inside)) == 0)
        value = self.last.priced.values[able]
        order = able[np.lexsort((-value, self.sets.part[able]))]
        part = self.sets.part[order]
        begin = np.flatnonzero(np.diff(part, prepend=-1))
        rank = np.arange(len(order)) - np.repeat(begin, np.diff(begin, append=len(order)))
        return tuple(self._pattern(int(one)) for one in order[rank < PATTERNS])

    def _pattern(self, number: int) -> Pattern:
        """The pattern of a product-vendor set, every kind's amount in the best of its columns."""
        assert self.last is not None
        of = self.sets.kinds[int(self.sets.part[number])]
        kinds, amounts = self.sets.point(number)
        ends = np.append(self._begin, len(self._column))
        columns = np.empty(len(kinds), np.int32)
        for at, kind in enumerate((of.first + kinds).tolist()):
            mine = self._column[ends[kind] : ends[kind + 1]]
            columns[at] = mine[self.last.gains[mine].argmax()]
        order = np.argsort(columns, kind="stable")
        return self.pattern(of.part.number, columns[order], amounts[order])


class OneSet:
    """The same as one who asks for column generation sees it: a set of vendors held, patterns within it."""

    def __init__(self, pricing: SetPricing, inside: int, start: Floats) -> None:
        """start: prices that rows keep which are empty without their vendor, for they bound other sets."""
        self.pricing, self.inside, self._start = pricing, inside, start
        self.count = pricing.count
        self._live = live = pricing.live(inside)
        self.lower, self.upper = np.where(live, pricing.lower, -np.inf), np.where(live, pricing.upper, np.inf)

    def allowed(self, prices: Floats) -> Floats:
        """Prices with those taken out that press towards a side a row does not have."""
        return self.pricing.allowed(prices)

    def round(self, prices: Floats) -> Round:
        """Bound of the set and patterns at prices."""
        looked = self.pricing.look(np.where(self._live, prices, self._start))
        return Round(looked.prices, self.pricing.bound(self.inside), self.pricing.patterns(self.inside))


def _neighbours(one: int, count: int) -> Masks:
    """All sets with one vendor more, one less, or one in place of another."""
    inside = [v for v in range(count) if one >> v & 1]
    outside = [v for v in range(count) if not one >> v & 1]
    found = [one ^ (1 << v) for v in range(count)]
    found += [one ^ (1 << v) ^ (1 << w) for v in inside for w in outside]
    return np.array(found, np.int64)
