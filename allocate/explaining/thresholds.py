"""A vendor's prices moved by one factor, and the factor at which its work changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocate.costing.routes import routes
from allocate.explaining.re_solve import Again, Resolved
from allocate.explaining.repriced import with_prices
from allocate.program.arrays import Floats, ProgramArrays, frozen, inner, risen
from allocate.program.build import Built, build
from allocate.solvers.live import Live
from allocate.solvers.outcome import Status

HAIR = 1e-6
"""Prices are found to this part of themselves in linear programs."""
CLOSE = 2e-3
"""The same in integer programs where nothing says where to look, so that each price tried halves what is left."""
BESIDE = 1e-5
"""By which part of itself a price that is likely the threshold is tried on both sides."""
ROUNDING = 1e-9
"""Part of themselves to which the costs of plans are known."""
HIGH, LOW = 4.0, 0.25
"""Factors at which programs are made to see whether their numbers move in proportion to prices, at first."""
LIKE = 0.03
"""By which part of itself the slope of what plans cost may differ where they are of one kind."""
PATIENCE = 5
"""Guesses in a row that may leave more than half of where the factor can lie, before it is halved."""


@dataclass(frozen=True)
class Threshold:
    """A factor on all of a vendor's prices at which its work changes."""

    factor: float | None
    """None where there is none within reach, or it is not known."""
    state: str
    """exact (to `HAIR`; to `CLOSE` in integer programs where it has to be found by halving); never (no price does it); unknown (the time ended); left (not looked into:
    it would take more work than is to be done)."""


class AsChosen(Again):
    """A case's program asked again and again with every whole-number choice as its best plan has it: a linear one."""

    def __init__(self, again: Again) -> None:
        assert again.base.values is not None
        self._plan = again.base.values
        self.built, self.clock, self.each, self.tell = again.built, again.clock, again.each, again.tell
        self.work, self._searched, self._asked = again.work, again._searched, again._asked
        self.live = Live(again.live.arrays.with_whole_numbers(self._plan), again.seconds, work=self.work)
        self.base = self.live.base

    def carried(self, other: Built) -> ProgramArrays | None:
        """Another program with the plan's choices, where it has the same columns."""
        arrays = super().carried(other)
        if arrays is None or arrays.column_count != len(self._plan):
            return None
        return arrays.with_whole_numbers(self._plan)


class Priced:
    """A case's program with all prices of one vendor times a factor."""

    def __init__(self, again: Again, vendor: int, free: Priced | None = None) -> None:
        """``free``: the same with choices free, where ``again`` has them as its plan."""
        self.again = again
        self.vendor = vendor
        self._one = again.live.arrays
        self._known: dict[float, float | None] = {}
        """Work at factors that were tried."""
        self._lines: dict[float, tuple[float, float]] = {}
        """What the plans at factors cost, and how that moves with the factor."""
        self._as_chosen: Priced | None = None
        self._two: ProgramArrays | None = None
        self._free = free
        self._reach = (LOW, HIGH)
        """Factors at which, and between which, numbers were seen to move in proportion."""
        self._beyond: dict[float, bool] = {}
        """Whether they do at factors that were tried farther away."""
        if free is None or free._two is None:
            self._two = self._doubled()
        else:
            # Choices as a plan has them take the place of bounds that were seen not to move.
            self._two = free._two.with_whole_numbers(again.base.values) if again.base.values is not None else None
        base = again.base
        if base.values is not None and again.base.status is Status.OPTIMAL:
            # At the case's own prices it is the plan itself.
            self._known[1.0] = made(again.built, vendor, base.values)
            self._remember(1.0, base.values, base.row_duals)

    def _doubled(self) -> ProgramArrays | None:
        """The program at double prices, where it and the program itself give those at all other prices.

        What is derived from prices need not move in proportion to them: programs on both sides have to lie on one line then,
        and the doubled one is taken from the higher.
        """
        high = self.again.carried(self.built(HIGH if self.again.derives else 2.0))
        if high is None or not _alike(self._one, high):
            return None
        if not self.again.derives:
            return high
        self._two = high
        self._two = self.at(1.0 + 1.0 / (HIGH - 1.0))
        low = self.again.carried(self.built(LOW))
        return self._two if low is not None and _alike(high, low) and _near(low, self.at(LOW)) else None

    @property
    def linear(self) -> bool:
        """Whether the program is linear and its numbers move in proportion to the factor, so that two of them give all."""
        return self._two is not None and not self.again.derives

    @property
    def tolerance(self) -> float:
        """To which part of itself a factor is found by halving."""
        return HAIR if self.linear else CLOSE

    @property
    def as_chosen(self) -> Priced | None:
        """The same with every whole-number choice as the plan has it: quick, and often where the threshold is; None without choices."""
        if self._as_chosen is None and self.again.live.mixed and self.again.base.values is not None:
            self._as_chosen = Priced(AsChosen(self.again), self.vendor, self)
        return self._as_chosen

    def within(self, near: float, far: float) -> float:
        """To which part of itself a factor between two is found: closely where the plans at both say where to look."""
        quick = self.again.live.hot and near in self._lines and far in self._lines
        return HAIR if quick else self.tolerance

    def built(self, factor: float) -> Built:
        """The program made again from the case."""
        layout = self.again.built.layout
        case = with_prices(layout.case, self.vendor, factor)
        self.again.work.made(self._one.nonzeros)
        return build(case, routes(case), layout.values)

    def at(self, factor: float) -> ProgramArrays:
        """The program at a factor, from the two made before."""
        assert self._two is not None
        one, two, part = self._one, self._two, factor - 1.0
        costs, value = (a + part * (b - a) for a, b in ((one.costs, two.costs), (one.value, two.value)))
        lower, upper = one.row_lower.copy(), one.row_upper.copy()
        for side, other in ((lower, two.row_lower), (upper, two.row_upper)):
            finite = np.isfinite(side)
            side[finite] += part * (other[finite] - side[finite])
        matrix = replace(one.matrix, value=frozen(value))
        return replace(one, costs=frozen(costs), matrix=matrix, row_lower=frozen(lower), row_upper=frozen(upper))

    def solve(self, factor: float) -> Resolved:
        """The plan at a factor."""
        if self._proportional(factor):
            return self.again.arrays(self.at(factor))
        return self.again.program(lambda: self.built(factor))

    def _proportional(self, factor: float) -> bool:
        """Whether two programs give the one at a factor too.

        What is derived from prices may begin to bind beyond the factors looked at, as the rows of a lever that is not worth
        its cost at low prices: there the program is made, and has to be the one that the two give.
        """
        if self._free is not None and self._two is not None:
            return self._free._proportional(factor)
        low, high = self._reach
        if self.linear or self._two is None or low <= factor <= high:
            return self._two is not None
        if factor not in self._beyond:
            there = self.again.carried(self.built(factor))
            self._beyond[factor] = there is not None and _alike(self._one, there) and _near(there, self.at(factor))
        if self._beyond[factor]:
            self._reach = (min(low, factor), max(high, factor))
        return self._beyond[factor]

    def work(self, factor: float) -> float | None:
        """Equivalent units the vendor makes at a factor; 0 where no plan is possible, None where that is not known."""
        if factor not in self._known:
            after = self.solve(factor)
            if after.worth.state == "impossible":
                self._known[factor] = 0.0
            elif after.values is None or after.worth.state != "exact":
                self._known[factor] = None
            else:
                self._known[factor] = made(after.built, self.vendor, after.values)
                self._remember(factor, after.values, after.row_duals)
        return self._known[factor]

    def _remember(self, factor: float, values: Floats, duals: Floats | None) -> None:
        """What the plan at a factor costs there, and how that moves with the factor if its choices and basis stay.

        By the envelope theorem: the costs' own change, and what the rows' change is worth at their duals.
        """
        if self._two is None or not self._proportional(factor):
            return
        one, two = self._one, self._two
        slope = inner(two.costs - one.costs, values)
        if duals is not None:
            pressed = (duals > 0) == one.maximise
            upper, lower = (risen(*sides) for sides in ((one.row_upper, two.row_upper), (one.row_lower, two.row_lower)))
            terms = (two.value - one.value) * values[one.column]
            moved = np.where(pressed, upper, lower) - np.bincount(one.index, terms, one.row_count)
            slope += inner(duals, np.asarray(moved, dtype=np.float64))
        self._lines[factor] = (inner(one.costs + (factor - 1.0) * (two.costs - one.costs), values), slope)

    def seen(self, low: float, high: float) -> list[tuple[float, float]]:
        """Factors between two that were tried before, and the vendor's work there."""
        return [(at, work) for at, work in sorted(self._known.items()) if low < at < high and work is not None]

    def meeting(self, level: float, one: float, other: float) -> float | None:
        """The factor at which work meets a level if it moves evenly between two; None where that is not between them."""
        first, second = self._known.get(one), self._known.get(other)
        if first is None or second is None or first == second or one not in self._lines or other not in self._lines:
            return None
        part = (first - level) / (first - second)
        return one + part * (other - one) if 0.0 < part < 1.0 else None

    def smooth(self, one: float, other: float) -> bool:
        """Whether the plans at two factors are of one kind: they cost nearly the same more when prices rise."""
        if one not in self._lines or other not in self._lines:
            return False
        first, second = self._lines[one][1], self._lines[other][1]
        return abs(first - second) <= LIKE * max(abs(first), abs(second))

    def even(self, one: float, other: float) -> float | None:
        """The factor at which the plans found at two factors cost the same; None where that is not known."""
        if one not in self._lines or other not in self._lines:
            return None
        (first, rising), (second, falling) = self._lines[one], self._lines[other]
        if abs(rising - falling) <= 1e-12 * max(abs(rising), abs(falling)):
            return None
        return (second - other * falling - first + one * rising) / (rising - falling)

    def blur(self, one: float, other: float) -> float:
        """How far off that factor may be, as costs are known to `ROUNDING` of themselves."""
        (first, rising), (_, falling) = self._lines[one], self._lines[other]
        return ROUNDING * max(abs(first), abs(rising), abs(falling)) / abs(rising - falling)


def _near(one: ProgramArrays, other: ProgramArrays) -> bool:
    """Whether two programs that are alike have the same numbers."""
    pairs = (
        (one.costs, other.costs), (one.value, other.value), (one.row_lower, other.row_lower),
        (one.row_upper, other.row_upper),
    )  # fmt: skip
    return all(np.allclose(a, b) for a, b in pairs)


def _alike(one: ProgramArrays, other: ProgramArrays) -> bool:
    """Whether two programs have the same columns, with the same bounds, in the same rows with sides of the same kinds."""
    pairs: list[tuple[Any, Any]] = [
        (one.start, other.start),
        (one.index, other.index),
        (one.lower, other.lower),
        (one.upper, other.upper),
    ]
    sides = [(one.row_lower, other.row_lower), (one.row_upper, other.row_upper)]
    pairs += [(np.isfinite(a), np.isfinite(b)) for a, b in sides]
    return all(np.array_equal(a, b) for a, b in pairs)


def made(built: Built, vendor: int, values: Floats) -> float:
    """Equivalent units a vendor makes."""
    layout = built.layout
    return float((values[layout.ids] * layout.equivalent_units)[layout.vendor == vendor].sum())


def crossing(priced: Priced, level: float, low: float, high: float, *, above: bool, more: bool = False) -> Threshold:
    """The factor between two above (or below) which the vendor's work is at a level or less (or more than it).

    Looked for where the plans on both sides cost the same, else where work between them would meet the level, and by
    halving where that does not close in on it.
    """
    far, near = (high, low) if above else (low, high)

    def holds(work: float) -> bool:
        return (work > level) is more

    guess = _as_chosen(priced, level, low, high, above, more)
    if guess is not None and (low < guess < high) and _parts(priced, guess, 1.0 if above else -1.0, holds):
        return Threshold(guess, "exact")
    there = priced.work(far)
    if there is None:
        return Threshold(None, "unknown")
    here = priced.work(near) if near != 1.0 else None  # at the case's own prices it is the plan itself
    if not holds(there) or (here is not None and holds(here)):
        return Threshold(None, "never")
    for factor, before in priced.seen(min(near, far), max(near, far)):
        if min(near, far) < factor < max(near, far):
            near, far = (near, factor) if holds(before) else (factor, far)
    slow, last = 0, float("nan")
    while abs(far - near) > (tolerance := priced.within(near, far)) * max(far, near):
        width = abs(far - near)
        likely, blur = _likely(priced, level, near, far, slow % 2 == 0) if slow < PATIENCE else (None, 0.0)
        hair = 0.0 if likely is None else max(0.4 * tolerance * max(likely, HAIR), blur)
        if likely is None or abs(likely - last) <= 4.0 * hair:
            aimed, last = [_middle(near, far)], float("nan")
        else:
            aimed, last = _beside(likely, hair, near, far), likely
        for factor in aimed:
            if not min(near, far) < factor < max(near, far):
                continue
            work = priced.work(factor)
            if work is None:
                return Threshold(None, "unknown")
            near, far = (near, factor) if holds(work) else (factor, far)
        if max(far, near) < HAIR:
            return Threshold(None, "never")
        slow = slow + 1 if slow < PATIENCE and abs(far - near) > width / 2.0 else 0
    return Threshold(far, "exact")


def _as_chosen(priced: Priced, level: float, low: float, high: float, above: bool, more: bool) -> float | None:
    """Where the threshold is with every whole-number choice as the plan has it; None where that says nothing."""
    other = priced.as_chosen
    if other is None or other.again.base.values is None:
        return None
    return crossing(other, level, low, high, above=above, more=more).factor


def _parts(priced: Priced, factor: float, side: float, holds: Callable[[float], bool]) -> bool:
    """Whether plans a hair to both sides of a factor, all choices free, differ as they should; side: where it is to hold."""
    before, after = (priced.work(factor * (1.0 + sign * side * BESIDE)) for sign in (-1.0, 1.0))
    return before is not None and after is not None and not holds(before) and holds(after)


def _likely(priced: Priced, level: float, near: float, far: float, smooth: bool) -> tuple[float | None, float]:
    """Where between two factors the threshold is likely, None where nothing says where; and how far off that may be.

    Where one plan gives way to another: at the factor at which both cost the same. Where work moves little by little:
    where it meets the level. smooth: whether to take the second for likelier where plans cost nearly the same more.
    """
    even = None if smooth and priced.smooth(near, far) else priced.even(near, far)
    if even is None or not min(near, far) < even < max(near, far):
        return priced.meeting(level, near, far), 0.0
    return even, priced.blur(near, far)


def _beside(likely: float, hair: float, near: float, far: float) -> list[float]:
    """A hair to each side of where the threshold is likely, the far side first."""
    low, high = min(near, far), max(near, far)
    hair = min(hair, 0.4 * (high - low))
    towards = 1.0 if far > near else -1.0
    return [min(max(likely + side * hair, low + hair), high - hair) for side in (towards, -towards)]


def _middle(near: float, far: float) -> float:
    return float(np.sqrt(far * near) if far > 4.0 * near > 0 else (far + near) / 2.0)
