"""Pairs of a product and a vendor that learn: their hours as a concave curve of the work they have done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from allocate.case.load import Case
from allocate.costing.work.learning import Learning, exponent, total_time
from allocate.numbers import Floats, Integers

_ROUNDS = 9
"""Rounds in which a number is searched, each 64 times closer than the last: as close as doubles tell apart."""
_CLOSER = 4
"""Rounds in which a place is searched, each 32 times closer than the last."""


@dataclass(frozen=True)
class Learner:
    r"""One pair; its hours are counted against the standard hours of what it makes, those without learning.

    An item counts as one where it is worked once at the standard pace, and by its hours where it is worked more often or
    less: n of them are :math:`n h` standard hours, which take

    .. math:: H(n h) = h \bigl(M(n_0 + n) - M(n_0)\bigr), \qquad M(n) = \int_0^n \max\Bigl(\frac{dT}{dn}, \phi\Bigr) dn

    hours, with :math:`n_0` the items made before, T Wright's or Crawford's total time (see `learning.total_time`) for
    which the item number :math:`n_1` (with Wright: :math:`n_1` items on average) takes 1, and the floor :math:`\phi`.
    """

    product: int
    vendor: int
    each: float
    """h: hours of an item worked once at the standard pace."""
    rate: float
    kind: Learning
    start: float
    """:math:`n_1`, items at which the standard pace holds."""
    experience: float
    """:math:`n_0`, items made before the horizon."""
    floor: float

    @cached_property
    def first(self) -> float:
        """Hours of the first item, as a share of the standard ones."""
        return float(self.start ** exponent(self.rate))

    @cached_property
    def last(self) -> float:
        """Items after which each takes the floor; infinite where there is none."""
        b = exponent(self.rate)
        if b == 0.0:
            return np.inf if self.floor <= 1.0 else 0.0
        if self.floor == 0.0:
            return np.inf
        steepest = self.first * (1.0 - b if self.kind is Learning.WRIGHT else 1.0)
        items = (steepest / self.floor) ** (1.0 / b)
        return float(items if self.kind is Learning.WRIGHT else np.floor(items))

    def _total(self, items: Floats) -> Floats:
        """M: time of so many items from the first on, in standard times of one."""
        falling = total_time(np.minimum(items, self.last), self.first, self.rate, self.kind)
        total: Floats = falling + self.floor * np.maximum(items - self.last, 0.0) if np.isfinite(self.last) else falling
        return total

    def hours(self, work: Floats | float) -> Floats:
        """Hours that so many standard hours from the start of the horizon on take, any shape."""
        items = self.experience + np.maximum(np.asarray(work, dtype=np.float64), 0.0) / self.each
        taken: Floats = self.each * (self._total(items) - self._total(np.array(self.experience)))
        return taken

    def work(self, hours: float) -> float:
        """Most standard hours that can be done in so many hours, rounded up to nine digits: the same on every machine."""
        if not np.isfinite(hours):
            return float(np.inf)
        low, high = 0.0, max(hours, self.each)
        while self.hours(high) < hours:
            high *= 2.0
            if high > 1e15:
                return float(np.inf)
        for _ in range(_ROUNDS):
            grid = np.linspace(low, high, 65)
            found = min(max(int(np.searchsorted(self.hours(grid), hours)), 1), 64)
            low, high = float(grid[found - 1]), float(grid[found])
        digit = _ninth_digit(high)
        return math.ceil(high / digit - 1e-3) * digit


@dataclass(frozen=True, eq=False)
class Chords:
    """A concave curve of hours from 0 on as straight stretches under it."""

    lengths: Floats
    """Standard hours of each."""
    slopes: Floats
    """Hours for each of them, falling from stretch to stretch."""
    error: float
    """Most hours by which they lie under the curve."""


def learners(case: Case, product: Integers, vendor: Integers, once: Floats) -> tuple[Learner, ...]:
    """Every pair that learns, by product and vendor.

    product, vendor: positions of each route's; once: hours of an item of it worked once; shape (R,).
    """
    found = []
    for maker, one in enumerate(case.vendors.values()):
        for block in one.learning:
            for number, item in enumerate(case.products):
                inside = (product == number) & (vendor == maker)
                if not inside.any() or (block.products is not None and item not in block.products):
                    continue
                made = block.experience.number if block.experience is not None else 0.0
                found.append(
                    Learner(
                        number,
                        maker,
                        float(once[inside].min()),
                        block.rate,
                        Learning(block.model),
                        block.from_.number,
                        made,
                        block.floor or 0.0,
                    )
                )
    return tuple(sorted(found, key=lambda one: (one.product, one.vendor)))


def _ninth_digit(number: float) -> float:
    """One in the ninth digit of a number above zero."""
    return float(10.0 ** (math.floor(math.log10(number)) - 8))


@lru_cache(maxsize=256)
def chords(pair: Learner, most: float, tolerance: float) -> Chords:
    """The curve of a pair up to some standard hours as few chords as keep within a tolerance, in hours.

    They are kept: explanations and studies build a case's program again and again, with the same curves.

    Each reaches as far as it can, to a millionth of all. Chords of a concave curve lie under it; how far is found where the curve is as steep as
    the chord, by halving.
    """
    ends, error, digit = [0.0], 0.0, _ninth_digit(most)
    while ends[-1] < most:
        start, low, high = ends[-1], ends[-1], most
        if _gap(pair, start, high) <= tolerance:
            low = high
        while high - low > 1e-6 * most:
            middle = (low + high) / 2.0
            low, high = (middle, high) if _gap(pair, start, middle) <= tolerance else (low, middle)
        low = most if low == most else math.floor(low / digit) * digit  # the same on every machine
        if low <= start:
            raise ValueError(f"hours of learning cannot be told to within {tolerance:g} h")
        error = max(error, _gap(pair, start, low))
        ends.append(low)
    joints = np.array(ends)
    heights = pair.hours(joints)
    lengths = np.diff(joints)
    slopes = np.diff(heights) / lengths
    lengths.flags.writeable = slopes.flags.writeable = False
    return Chords(lengths, slopes, error)


def _gap(pair: Learner, start: float, end: float) -> float:
    """Most hours by which a chord lies under the curve: what is between them bulges once, and is searched ever closer."""
    from_, to = float(pair.hours(start)), float(pair.hours(end))
    slope, low, high, most = (to - from_) / (end - start), start, end, 0.0
    for _ in range(_CLOSER):
        grid = np.linspace(low, high, 65)
        above = pair.hours(grid) - from_ - slope * (grid - start)
        best = int(above.argmax())
        most = max(most, float(above[best]))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 64)])
    return most * (1.0 + 1e-6)
