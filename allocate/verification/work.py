"""A plan's lines read against the case: what each line takes, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.exact import Floats, by_position, exactly, floats, total
from allocate.verification.bill import Bill
from allocate.verification.entries import Number
from allocate.verification.stated import Stated
from allocate.verification.teams import Staff
from allocate.verification.volume import Schedule
from allocate.verification.volume_owed import Billed, billed_by_volume
from allocate.verification.work_content.item import STAGES, Item

Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Work:
    """A plan's lines; arrays of one entry per line."""

    case: Case
    stated: Stated
    made: tuple[Item, ...]
    """What one item of each line takes and comes to."""
    period: Integers
    items: Floats
    staff: Staff
    """What is decided about in-house teams."""
    bought: frozenset[int] = frozenset()
    """Positions of the levers bought."""
    brief: bool = False
    """Whether capacities and shares that hold may be left out of what is found."""

    @cached_property
    def lines(self) -> list[tuple[Item, int, Number]]:
        """What one item of each line takes, the position of its period, and its items."""
        return list(zip(self.made, self.period.tolist(), self.items.tolist(), strict=True))

    @cached_property
    def by_pair(self) -> Mapping[tuple[int, int], list[int]]:
        """Positions of the lines of each product with each vendor."""
        pairs: dict[tuple[int, int], list[int]] = {}
        for line, item in enumerate(self.made):
            pairs.setdefault((item.product, item.vendor), []).append(line)
        return pairs

    def in_schedule(self, schedule: Schedule) -> list[int]:
        """Positions of the lines that a list of prices by volume counts."""
        pairs = ((product, schedule.vendor) for product in schedule.products)
        return sorted(line for pair in pairs for line in self.by_pair.get(pair, ()) if self.made[line].by_volume)

    @cached_property
    def product(self) -> Integers:
        """Position of each line's product, and so on."""
        return self._whole("product")

    @cached_property
    def vendor(self) -> Integers:
        """Position of each line's vendor."""
        return self._whole("vendor")

    @cached_property
    def lead(self) -> Integers:
        """Periods from work to delivery of each line."""
        return self._whole("lead")

    def _whole(self, name: str) -> Integers:
        return np.array([getattr(item, name) for item in self.made], dtype=np.int32)

    def each(self, name: str) -> Floats:
        """A figure of one item of each line, by its name."""
        return np.array([getattr(item, name) for item in self.made], dtype=np.float64)

    @property
    def exact(self) -> Work:
        """The same in numbers without rounding."""
        staff = Staff(*(exactly(part) for part in (self.staff.hired, self.staff.released, self.staff.overtime)))
        return replace(self, items=exactly(self.items), staff=staff)

    @cached_property
    def bill(self) -> Bill:
        """What is owed for the lines, by the contracts' text."""
        return Bill(self)

    @cached_property
    def shared(self) -> tuple[Floats, Floats]:
        """What each line bears of money that is for no line, and each product of which nothing is made."""
        from allocate.verification.shared import shared

        return shared(self)

    @cached_property
    def by_volume(self) -> tuple[Billed, ...]:
        """What each window of prices by volume bills."""
        return tuple(billed_by_volume(self))

    @cached_property
    def labels(self) -> Floats:
        """Effective labels of each product, and what labels of others count for it, shape (P,)."""
        own = floats(by_position(self.product, self.items * self.each("effective"), len(self.stated.products)))
        names, found = self.stated.products, own.copy()
        for product, asked in enumerate(self.case.products.values()):
            for given in asked.value.transfer if asked.value is not None else ():
                found[product] += given.rate * own[names.index(given.from_)]
        return found

    @cached_property
    def worth(self) -> Floats:
        """Value of what is made of each product, by its curve; 0 where it has none, shape (P,)."""
        labels, money = self.labels, np.zeros(len(self.stated.products))
        for product, value in self.stated.values.items():
            money[product] = value.money(float(labels[product]))
        return money

    @cached_property
    def stages(self) -> list[tuple[Integers, Floats, Floats]]:
        """Period, hours of the vendor and hours of the review team of each line, stage by stage.

        Of a pair that learns, the standard hours are added up week after week; what its curve asks for a week's is shared
        among the lines worked in it.
        """
        stages = []
        for stage in range(len(STAGES)):
            begins, hours, review = (np.array([item.stages[stage][part] for item in self.made]) for part in range(3))
            if stage and not hours.any() and not review.any():
                continue
            stages.append((self.period + begins.astype(np.int32), self.items * hours, self.items * review))
        for pair, curve in self.stated.learning.items():
            of_pair = (self.product == pair[0]) & (self.vendor == pair[1])
            done = 0.0
            for period in range(self.case.periods.count):
                now = [of_pair & (then == period) for then, _, _ in stages]
                work = sum(_rounded(total(hours[where])) for (_, hours, _), where in zip(stages, now, strict=True))
                if work > 0:
                    needed = (curve.hours(done + work) - curve.hours(done)) / work
                    for (_, hours, _), where in zip(stages, now, strict=True):
                        hours[where] = hours[where] * needed
                done += work
        return stages

    @cached_property
    def hours(self) -> Floats:
        """Hours of the vendor each line takes, in whatever period."""
        if not self.stated.learning:
            return self.items * self.each("hours")
        return sum((hours for _, hours, _ in self.stages), self.items * 0.0)

    def paid_pace(self, line: int) -> Number:
        """What an hour of a line at the pace stated comes to where its vendor learns and is paid by the hour; 1 for all others."""
        item = self.made[line]
        if item.basis != "hour" or (item.product, item.vendor) not in self.stated.learning:
            return 1.0
        stated = self.items[line] * item.hours
        return self.hours[line] / stated if stated else 1.0

    def hours_worked(self, where: NDArray[np.bool_], review: bool = False) -> Floats:
        """Hours some lines take in each period, of vendors or of the review team, shape (T,): each stage when it begins.

        What is too late is said of its line.
        """
        count = self.case.periods.count
        whens = [np.minimum(then[where], count) for then, _, _ in self.stages]
        hours = [(checks if review else own)[where] for _, own, checks in self.stages]
        return by_position(np.concatenate(whens), np.concatenate(hours), count + 1)[:count]

    def summed(self, amounts: Floats, where: NDArray[np.bool_] | None = None) -> float:
        """Total of an amount, over some lines where said."""
        return total(amounts if where is None else amounts[where])

    def pairs(self, where: Booleans | None = None) -> Floats:
        """Items by product and vendor, shape (P, V); of some lines where said."""
        shape = (len(self.stated.products), len(self.stated.vendors))
        cells, items = self.product.astype(np.int64) * shape[1] + self.vendor, self.items
        if where is not None:
            cells, items = cells[where], items[where]
        return by_position(cells, items, shape[0] * shape[1]).reshape(shape)

    def label(self, period: int) -> str:
        """A period in words."""
        return self.case.periods.label(period)


def _rounded(amount: float) -> float:
    return float(floats(np.array([amount], dtype=object))[0])
