"""Pairs of a product and a vendor that learn: their hours as a concave curve of the work they have done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from allocate.case.load import Case
from allocate.costing.work.learning import Learning, exponent, total_time
from allocate.numbers import Floats, Integers, least, most

_ROUNDS = 9
"""Rounds in which a number is searched, each 64 times closer than the last: as close as doubles tell apart."""
MOST_WORK = 1e15
"""Standard hours beyond which work has no end."""
ROUNDED = 1e-11
"""Part of a curve's hours that rounding can have changed: sums of Crawford's times are right to 1e-12."""
AT_END = 1e-12
"""Part of a number of items that rounding can have changed."""


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

    @property
    def has_formula(self) -> bool:
        """Whether its hours are a formula of the items made; Crawford's are a sum over single items."""
        return self.kind is Learning.WRIGHT

    def total_of(self, items: Any) -> Any:
        """M of Wright's curve, of a formula too."""
        falling = self.first * least(items, self.last) ** (1.0 - exponent(self.rate))
        return falling + self.floor * most(items - self.last, 0.0) if np.isfinite(self.last) else falling

    def hours(self, work: Floats | float) -> Floats:
        """Hours that so many standard hours from the start of the horizon on take, any shape."""
        items = self.experience + np.maximum(np.asarray(work, dtype=np.float64), 0.0) / self.each
        taken: Floats = self.each * (self._total(items) - self._total(np.array(self.experience)))
        return taken

    def work(self, hours: Floats | float) -> Floats:
        """Most standard hours that can be done in so many hours, rounded up to nine digits: the same on every machine."""
        asked = np.asarray(hours, dtype=np.float64)
        most = np.where(np.isfinite(asked), asked, 0.0)
        low, high = np.zeros(asked.shape), np.maximum(most, self.each)
        while (short := (self.hours(high) < most) & (high < MOST_WORK)).any():
            high = np.where(short, 2.0 * high, high)
        endless = ~np.isfinite(asked) | (high >= MOST_WORK)
        for _ in range(_ROUNDS):
            grid = np.linspace(low, high, 65, axis=-1)
            found = np.clip((self.hours(grid) < most[..., None]).sum(axis=-1, keepdims=True), 1, 64)
            low, high = (np.take_along_axis(grid, place, axis=-1)[..., 0] for place in (found - 1, found))
        return np.where(endless, np.inf, _to_nine_digits(high, up=True))

    @cached_property
    def _known(self) -> dict[float, float]:
        """Answers of `work_in`."""
        return {}

    def work_in(self, hours: float) -> float:
        """The same of one number of hours; capacities ask for few, again and again."""
        if hours not in self._known:
            self._known[hours] = float(self.work(hours))
        return self._known[hours]

    def slope(self, work: Floats | float) -> Floats:
        """Hours of the next standard hour where so many have been done, any shape: those of the last one are no fewer."""
        return self._falling(np.asarray(work, dtype=np.float64) / self.each, after=True)

    def slope_before(self, work: Floats | float) -> Floats:
        """Hours of the last standard hour where so many have been done, above none, any shape."""
        return self._falling(np.asarray(work, dtype=np.float64) / self.each, after=False)

    def _falling(self, made: Floats, after: bool) -> Floats:
        """The slope of M after (before) so many items of the horizon, :math:`dM/dn`."""
        items, b = self.experience + made, exponent(self.rate)
        with np.errstate(divide="ignore"):
            if self.kind is Learning.WRIGHT:
                each = (1.0 - b) * self.first * items**-b
            else:
                each = self.first * np.maximum(np.floor(items) + 1.0 if after else np.ceil(items), 1.0) ** -b
        # What rounding of items does to a step is left on the side that is asked for.
        past = items >= self.last * (1.0 - AT_END if after else 1.0 + AT_END)
        slope: Floats = np.where(past, self.floor, np.maximum(each, self.floor))
        return slope

    def least_slope(self, work: Floats) -> Floats:
        """The slope after so many standard hours, rounded down to nine digits."""
        return _to_nine_digits(self.slope(np.asarray(work) * (1.0 + AT_END)) * (1.0 - ROUNDED), up=False)

    def least_average(self, work: Floats) -> Floats:
        """Hours of a standard hour on average over so many, rounded down to nine digits; 0 for none, any shape."""
        done = np.asarray(work, dtype=np.float64)
        wrong = ROUNDED * self.each * self._total(self.experience + done / self.each)
        average = np.divide(self.hours(done) - wrong, done, out=np.zeros(done.shape), where=done > 0.0)
        return _to_nine_digits(np.maximum(average, 0.0), up=False)


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


def _to_nine_digits(numbers: Floats, up: bool) -> Floats:
    """Numbers, none below 0, to nine digits, away from 0 or towards it; what is off by rounding alone stays."""
    with np.errstate(divide="ignore"):
        digit = 10.0 ** (np.floor(np.log10(np.where(numbers > 0.0, numbers, 1.0))) - 8.0)
    with np.errstate(invalid="ignore"):  # of endless numbers
        counted = numbers / digit
        rounded: Floats = (np.ceil(counted - 1e-3) if up else np.floor(counted)) * digit
    return rounded
