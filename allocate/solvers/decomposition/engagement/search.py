"""The search: prices of money, the best set of vendors, its prices and plan, then all sets gone through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from allocate.certificate.engagement.engaged_form import EngagedForm, Masks
from allocate.certificate.engagement.tables import sets_left
from allocate.program.arrays import Floats
from allocate.solvers.decomposition.column_generation import State, along
from allocate.solvers.decomposition.engagement.fees import shared_out
from allocate.solvers.decomposition.engagement.plans import Planner
from allocate.solvers.decomposition.engagement.pricing import OneSet, SetPricing
from allocate.solvers.decomposition.engagement.relaxed_prices import RelaxedPrices
from allocate.solvers.decomposition.engagement.set_master import SetMaster, heaviest
from allocate.solvers.watch import Watch

MONEY = 12
"""Looks at prices of the row most columns share, usually money."""
MOST_PRICE, WIDER = 4.0, 4.0
"""Greatest such price at first, in units of what columns lose by it, and how much wider where the best is at the end."""
STEPS = 8
"""Sets that are tried one after the other by local search, at most."""
IN_VAIN = 3
"""Of them those without a plan, before it is asked whether there is one at all."""
ROUNDS = 25
"""Looks for the prices of one of them."""
LATER = 15
"""Looks for the prices of an open set, times how often it has been tried."""
VISITED = 40
"""Sets whose own prices of the relaxation are taken, at most."""
AGAIN = 3
"""Times an open set is tried at most at one gap."""

NEAR = 1e-4
"""Bound and mixture so close: the prices of a set are found well enough to go on."""
GAPS = (1e-3, 2e-4, 4e-5, 8e-6, 1e-6)
"""Relative gaps that are proven one after the other, as far as asked for."""
INSIDE = 0.9999
"""Part of the gap asked for that is aimed at, so that rounding does not leave it a hair too large."""
LAST = 400
"""Patterns of the search before that the next begins with: those that came last."""
MOST_OPEN = 200_000
"""Boxes of sets of vendors open at once."""


@dataclass(eq=False)
class Open:
    """Sets of vendors that are not closed, with the least bound known of each and the prices it comes from."""

    sets: Masks = field(default_factory=lambda: np.zeros(0, np.int64))
    bounds: Floats = field(default_factory=lambda: np.zeros(0))
    at: np.ndarray[tuple[int], np.dtype[np.int64]] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Number of the prices among those kept."""


class Search:
    """One search over the sets of vendors of a maximised program."""

    def __init__(
        self,
        pricing: SetPricing,
        planner: Planner,
        form: EngagedForm,
        gap: float,
        watch: Watch,
        over: Callable[[], bool],
        tell: Callable[[float, float], None],
        floor: float | None = None,
        relaxed: RelaxedPrices | None = None,
    ) -> None:
        """relaxed: where prices begin; absent, with that of money alone.

        floor: what sets are closed at whatever the best plan is, at prices of 1 at most (`allocate.solvers.decomposition.engagement.method`)."""
        self.pricing, self.planner, self.form = pricing, planner, form
        self.gap, self.watch, self.over, self.tell = gap, watch, over, tell
        self.relaxed = relaxed
        self.floor, self.most = floor, np.inf if floor is None else 1.0
        self.master = SetMaster(pricing, form, [one.part for one in pricing.sets.kinds], watch)
        self.bound, self.closed_at = np.inf, np.inf
        """What no plan passes, and the target at which all sets outside the open ones are closed."""
        self.prices: list[Floats] = []
        self.open = Open()
        self.at_last: Floats | None = None
        self._first: Floats | None = None
        self._inside = (1 << form.count) - 1
        """Prices and set of vendors to begin with."""
        self.root: Floats | None = None
        """Prices at which all sets were gone through."""
        self.target = np.inf
        """What all sets that these prices leave open passed then."""
        self.first: dict[int, float] = {}
        """Bound of each of those sets at these prices."""
        self.closed_by: dict[int, int] = {}
        """Of each of those sets, the number of the prices that bound it least, where these are others."""

    def run(self) -> None:
        """All of it; what was found is in the planner, in `bound`, and in the prices kept."""
        everyone = (1 << self.form.count) - 1
        if self._visited(everyone):
            self._to_the_end(self.root)
            return
        best, prices = self._begun(everyone)
        if prices is None or self.over():
            return
        if np.isfinite(self.planner.objective) and self._first is None:
            self._enumerate(prices, GAPS[0])
        centre = self._local(best, prices)
        self._to_the_end(centre)

    def _begun(self, everyone: int) -> tuple[int, Floats | None]:
        """A set of vendors and prices to begin with: those of the search before, else by the price of money alone."""
        if self._first is None:
            return self._price_of_money(everyone)
        self.pricing.look(self._first)
        return self.pricing.best_set(self._inside)[0], self._first

    def _to_the_end(self, prices: Floats | None) -> None:
        """Go through all sets at one gap after the other."""
        self.at_last = prices
        for gap in [one for one in GAPS if one > self.gap] + [INSIDE * self.gap]:
            if prices is None or self.over() or not np.isfinite(self.planner.objective):
                return
            self._through(prices, gap)

    def _visited(self, everyone: int) -> bool:
        """Go through all sets at prices of the relaxation, then take those of the set with the greatest bound, until it is the same.

        Rows of vendors outside a set keep the prices of the relaxation as a whole. Whether there are such prices and a plan.
        """
        root = None if self.relaxed is None else self.relaxed.of_all()
        if root is None or self.relaxed is None:
            return False
        self.pricing.look(root)
        inside, _ = self.pricing.best_set(everyone)
        if not np.isfinite(self.planner.objective):
            self._local(inside, self._own(self.relaxed, inside, root))
        if not np.isfinite(self.planner.objective):
            return False
        self._enumerate(root, min(self.gap, GAPS[0]))
        visited = set[int]()
        while not self.over() and len(visited) < VISITED and (at := self._greatest(self.gap)) is not None:
            inside = int(self.open.sets[at])
            if inside in visited:
                break
            visited.add(inside)
            self.pricing.look(self._own(self.relaxed, inside, root))
            self._kept()
            self._close()
        return self.root is not None

    def _own(self, relaxed: RelaxedPrices, inside: int, root: Floats) -> Floats:
        """Prices of a set, those of rows that are empty without their vendor as they were; all as they were where it has no point."""
        found = relaxed.within(inside)
        return root if found is None else np.where(self.pricing.live(inside), found, root)

    def go_on(self, before: Search) -> None:
        """Begin with the prices, patterns and plan of another search of the same program, which had more room."""
        self._first = before.at_last
        self.master.add(before.master.patterns[-LAST:])
        best = before.planner.best
        if best is not None:
            self._inside = self.planner.again(best.values)

    def _price_of_money(self, everyone: int) -> tuple[int, Floats | None]:
        """The best price of the row most columns share, all others free, by golden section; and the best set there."""
        row, unit = self._money()
        best: tuple[float, int, Floats | None, float] = (np.inf, everyone, None, 0.0)

        def value(price: float) -> float:
            nonlocal best
            prices = np.zeros(len(self.pricing.rows))
            prices[row] = price * unit
            found = self.pricing.look(prices).prices
            inside, bound = self.pricing.best_set(best[1])
            if bound < best[0]:
                best = bound, inside, found, price
            return bound

        low, high = 0.0, MOST_PRICE
        for _ in range(3):
            _golden(value, low, high, MONEY, self.over)
            if best[3] < 0.9 * high or self.over():
                break
            low, high = 0.5 * high, WIDER * high
        return best[1], best[2]

    def _money(self) -> tuple[int, float]:
        """The row with an upper side that most columns share, by position, and the price at which it takes what they cost."""
        pricing, arrays = self.pricing, self.pricing.arrays
        size = np.bincount(pricing.row, minlength=len(pricing.rows))
        size[np.isinf(pricing.upper) | (pricing.upper <= 0.0) | (pricing.account >= 0)] = 0
        row = int(size.argmax())
        mine = pricing.row == row
        costs, values = np.abs(arrays.costs[pricing.column[mine]]), np.abs(pricing.value[mine])
        there = costs > 0.0
        return row, float(np.median(costs[there] / values[there])) if there.any() else 1.0

    def _local(self, inside: int, prices: Floats) -> Floats:
        """Prices and plan of the best set, then of the best set at those prices, until it is the same."""
        seen: set[int] = set()
        for step in range(STEPS):
            state = self.generate(inside, prices, ROUNDS)
            seen.add(inside)
            if state is not None:
                prices = state.prices
                self.plan(inside, state, step > 0 and not np.isfinite(self.planner.objective))
            if self.over():
                return prices
            self.pricing.look(prices)
            better, bound = self.pricing.best_set(inside)
            none = not np.isfinite(self.planner.objective)
            if (better in seen and not none) or bound <= self._target(GAPS[0]):
                return prices
            if none and step + 1 >= IN_VAIN:
                return prices
            inside = better
        return prices

    def _target(self, gap: float) -> float:
        best = self.planner.objective
        return best + gap * abs(best) if self.floor is None else self.floor

    def generate(
        self, inside: int, prices: Floats, rounds: int, near: float = NEAR, target: float | None = None
    ) -> State | None:
        """Column generation for one set from prices on; its last state, None where there was none."""
        self.master.turn(inside)
        asked, last = OneSet(self.pricing, inside, prices), None
        for number, state in enumerate(along(asked, self.master, prices, self.watch, self.most), 1):
            last = state
            self._kept()
            distance = (state.bound - state.mixture.objective) / max(1.0, abs(state.bound))
            if number >= rounds or self.over() or (distance <= near and not state.mixture.on_edge.any()):
                break
            if state.bound <= (self._target(GAPS[0]) if target is None else target):
                break
        return last

    def _kept(self) -> None:
        """Note what the prices just looked at say of the open sets."""
        last = self.pricing.last
        if not len(self.open.sets) or last is None:
            return
        bounds = self.pricing.bounds(self.open.sets)
        better = bounds < self.open.bounds
        if better.any():
            self.open.bounds[better], self.open.at[better] = bounds[better], len(self.prices)
            self.closed_by.update(dict.fromkeys(self.open.sets[better].tolist(), len(self.prices)))
            self.prices.append(last.prices)

    def plan(self, inside: int, state: State, swaps: bool) -> bool:
        """A plan of the heaviest product-vendor sets of a mixture, and of some swapped; whether the best plan was bettered."""
        weights = self.master.chosen(state)
        if len(weights) < len(self.planner.parts):
            return False
        chosen, before = heaviest(weights), self.planner.objective
        self.planner.of(chosen, inside)
        if swaps:
            self.planner.among({part: list(of) for part, of in weights.items()}, inside)
        if self.planner.objective > before:
            self.planner.settle()
        self.tell(self.planner.objective, self.bound)
        return self.planner.objective > before

    def _through(self, prices: Floats, gap: float) -> None:
        """Go through all sets at a gap, then better the bounds and plans of those left open, the greatest first."""
        if self.closed_at > self._target(gap):
            self._enumerate(prices, gap)
        elif self.root is not None:
            self._close()
        tried: dict[int, int] = {}
        while (at := self._greatest(gap)) is not None and not self.over():
            inside = int(self.open.sets[at])
            times = tried[inside] = tried.get(inside, 0) + 1
            if times > AGAIN:
                break
            start = self.prices[int(self.open.at[at])]
            state = self.generate(inside, start, LATER * times, 0.3 * gap, self._target(gap))
            if state is not None and state.bound > self.planner.objective:
                self.plan(inside, state, times > 1)
            self._close()

    def _greatest(self, gap: float) -> int | None:
        """The set with the greatest bound, None where no plan worth having lies in any."""
        bounds = self.open.bounds
        return int(bounds.argmax()) if len(bounds) and bounds.max() > self._target(gap) else None

    @property
    def closed(self) -> bool:
        """Whether all sets were gone through and none is open at the floor."""
        return self.root is not None and self._greatest(0.0) is None

    def through(self, prices: Floats) -> None:
        """Go through all sets once, at the floor."""
        self._through(prices, 0.0)

    def _close(self) -> None:
        """Tell the bound: the greatest of any set, those closed when all were gone through among them."""
        self.bound = min(self.bound, max(self.closed_at, float(self.open.bounds.max(initial=-np.inf))))
        self.tell(self.planner.objective, self.bound)

    def _enumerate(self, prices: Floats, gap: float) -> None:
        """All sets whose bound at these prices is above the target."""
        looked = self.pricing.look(prices)
        sets, target = self.pricing.sets, self._target(gap)
        self.shares, charges = shared_out(sets, looked.priced, self.form.count)
        self.order = self._order()
        found = sets_left(
            self.pricing.tables, looked.priced, charges, self.order, self.pricing.rules, target, MOST_OPEN
        )
        self.pricing.tables.fill(looked.priced.values)
        if found is None:
            return
        self.root, self.target, self.closed_at, self.closed_by = looked.prices, target, target, {}
        self.prices.append(looked.prices)
        masks, bounds = found
        self.first = dict(zip(masks.tolist(), bounds.tolist(), strict=True))
        known = dict(zip(self.open.sets.tolist(), range(len(self.open.sets)), strict=True))
        at_root = len(self.prices) - 1
        at = np.full(len(masks), at_root, np.int64)
        for place, mask in enumerate(masks.tolist()):
            before = known.get(mask)
            if before is not None and self.open.bounds[before] < bounds[place]:
                bounds[place], at[place] = self.open.bounds[before], self.open.at[before]
        self.open = Open(masks, bounds, at)
        self.closed_by = {mask: n for mask, n in zip(masks.tolist(), at.tolist(), strict=True) if n != at_root}
        self._close()

    def _order(self) -> list[int]:
        """Vendors by how many product-vendor sets they are in, the most first."""
        counts = [int(((self.pricing.large >> v) & 1).sum()) for v in range(self.form.count)]
        return sorted(range(self.form.count), key=lambda v: (-counts[v], v))


def _golden(value: Callable[[float], float], low: float, high: float, looks: int, over: Callable[[], bool]) -> None:
    """Look at a convex function between two ends, closing in on its least by golden section."""
    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = value(left), value(right)
    for _ in range(looks - 2):
        if over():
            return
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = value(right)
