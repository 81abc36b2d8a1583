"""What a vendor's work in a billing window can come to at most: what its capacities leave it there, and not the whole horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.schedules import Schedule
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.tolerances import WINDOW_ROOM


@dataclass(frozen=True, eq=False)
class _Held:
    """A capacity as it holds single items; arrays have one entry per item column of the vendor."""

    most: Floats
    """What there is in each period, with every lever bought."""
    period: Integers
    """Period in which an item first takes of it; -1 where it takes nothing of it within the horizon."""
    content: Floats
    """How much an item takes then."""


@dataclass(frozen=True, eq=False)
class Workable:
    r"""The most a vendor's work can count for, whatever is counted.

    .. math:: \sum_{(r,t)} w_{rt} \, x_{rt} \le \min\Bigl(\sum_p M_{pv} \max_{(r,t) \in p} w_{rt}, \;
        \sum_\tau Q_{v\tau} \max_{(r,t) \in \tau} \frac{w_{rt}}{q_r} \Bigr)

    with Q a capacity by period, q what an item takes of it, M the most items of a pair; what takes nothing of the capacity is
    bounded by M alone. What capacities leave is told a hair too large (`WINDOW_ROOM`), so that a plan that works all its hours is held by its
    hours, and the dual of those is the price of an hour.
    """

    layout: Layout
    vendor: int

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """Positions of the vendor's item columns."""
        return np.flatnonzero(self.layout.vendor == self.vendor)

    def most(self, each: Floats) -> float:
        """Most that items of all columns of the vendor come to, where one of each counts so much (0 or more), shape (n,)."""
        counted = np.flatnonzero(each > 0)
        if not len(counted):
            return 0.0
        found = [self._demanded(counted, each)]
        found += [self._worked(held, counted, each) * (1.0 + WINDOW_ROOM) for held in self._held]
        return min(found)

    @property
    def limited(self) -> bool:
        """Whether a capacity that may not give way bounds the vendor's work."""
        return bool(self._held)

    def _worked(self, held: _Held, counted: NDArray[np.intp], each: Floats) -> float:
        period, content = held.period[counted], held.content[counted]
        taken, best = period >= 0, np.zeros(len(held.most))
        np.maximum.at(best, period[taken], each[counted[taken]] / content[taken])
        # Where nothing is counted in a period it does not matter how much there is of it.
        worked = np.multiply(best, held.most, out=np.zeros(len(best)), where=best > 0)
        return float(worked.sum()) + self._demanded(counted[~taken], each)

    def _demanded(self, counted: NDArray[np.intp], each: Floats) -> float:
        """The same by the most items of each product."""
        highest = np.zeros(len(self.layout.routes.products))
        np.maximum.at(highest, self.layout.product[self.columns[counted]], each[counted])
        items = self.layout.most_items[:, self.vendor]
        return float(np.multiply(highest, items, out=np.zeros(len(items)), where=highest > 0).sum())

    @cached_property
    def _held(self) -> tuple[_Held, ...]:
        return tuple(self._capacities())

    def _capacities(self) -> Iterator[_Held]:
        layout, periods = self.layout, self.layout.case.periods.count
        if ("windows", 0) in layout.ignoring or ("capacity", self.vendor) in layout.ignoring:
            return
        for capacity in layout.capacities:
            if capacity.vendor != self.vendor or not np.isfinite(capacity.most).all():
                continue
            if capacity.family == "vendor_hours":
                yield _Held(capacity.most, *self._first_hours(periods))
                continue
            content = work_content(layout.case, layout.routes, capacity.noun)[layout.route[self.columns]]
            when = layout.period[self.columns] if capacity.by_period else np.zeros(len(self.columns), np.int32)
            yield _Held(capacity.most, np.where(content > 0, when, -1), content)

    def _first_hours(self, periods: int) -> tuple[Integers, Floats]:
        """Period and hours of an item's first stage that takes any; pairs that learn take less and less, so they count as none."""
        layout, columns = self.layout, self.columns
        period, content = np.full(len(columns), -1, np.int32), np.zeros(len(columns))
        learns = {one.product for one in layout.routes.learners if one.vendor == self.vendor}
        plain = ~np.isin(layout.product[columns], list(learns))
        for hours, when in layout.stages():
            first = plain & (period < 0) & (hours[columns] > 0) & (when[columns] < periods)
            period[first], content[first] = when[columns[first]], hours[columns[first]]
        return period, content


def most_filled(layout: Layout, plans: Sequence[Schedule]) -> dict[int, list[float]]:
    """Most of what the steps of some schedules count that could be billed in each of their windows."""
    found: dict[int, list[float]] = {}
    workable = {schedule.vendor: Workable(layout, schedule.vendor) for schedule in plans}
    for schedule in plans:
        if schedule.number not in found:
            own = workable[schedule.vendor]
            route = layout.route[own.columns]
            counted = np.where(layout.routes.schedule[route] == schedule.number, layout.routes.counted[route], 0.0)
            weights = schedule.windows.weights[:, layout.period[own.columns]] * schedule.filling[:, None]
            most = [own.most(weight * counted) for weight in weights]
            found[schedule.number] = [schedule.billed_for(one) if np.isfinite(one) else one for one in most]
    return found
