"""The lines of a plan: what is made on which route and when, and what is decided beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.supply.teams import Staff, unchanged
from allocate.costing.table import Routes
from allocate.costing.work.stages import STAGES
from allocate.exact import by_pair, by_position, floats, total
from allocate.formula import Formula
from allocate.numbers import Floats, Integers, above, by_value, is_traced, named, ratio
from allocate.tolerances import AT_WORK


@dataclass(frozen=True, eq=False)
class Lines:
    """Items by route and period, arrays of one entry per line, shape (N,); and the levers and people they are made with."""

    case: Case
    routes: Routes
    route: Integers
    """Position of each line's route."""
    period: Integers
    """Position of the period its work begins in."""
    items: Floats
    """Floats, or in an array of objects any kind of number."""
    bought: tuple[int, ...] = ()
    """Positions of the levers bought."""
    staff: Staff | None = None
    """What is decided about in-house teams; None: they stay as they are at the start."""

    @cached_property
    def staffing(self) -> Staff:
        """What is decided about in-house teams."""
        return self.staff or unchanged(self.case)

    @cached_property
    def vendor(self) -> Integers:
        """Position of each line's vendor."""
        return self.routes.vendor[self.route]

    @cached_property
    def product(self) -> Integers:
        """Position of each line's product."""
        return self.routes.product[self.route]

    @cached_property
    def delivered(self) -> Integers:
        """Position of the period each line is delivered in; past the last one of the horizon where it is too late."""
        return (self.period + self.routes.lead[self.route]).astype(np.int32)

    @cached_property
    def billable(self) -> Floats:
        """Billable units of each line."""
        return self.as_learned(self.items * self.routes.billable[self.route])

    def as_learned(self, amounts: Floats) -> Floats:
        """Amounts that go by what is billed, shape (N,), those by the hour of pairs that learn by the hours they come to."""
        if not self.routes.learners:
            return amounts
        paid = self.routes.paid_as_learned[self.route]
        return np.where(paid, amounts * self._pace, amounts) if paid.any() else amounts

    @cached_property
    def _pace(self) -> Floats:
        """What one hour of each line at the pace stated comes to, shape (N,)."""
        return ratio(self.hours, self.items * self.routes.hours[self.route])  # type: ignore[no-any-return]

    @cached_property
    def right(self) -> Floats:
        """Items of each line that count as right against accuracy floors."""
        return self.items * self.routes.assured[self.route]

    @cached_property
    def by_pair(self) -> Floats:
        """Items by product and vendor, shape (P, V)."""
        return self.summed(self.items)

    def parts_of(self, each: Floats, products: tuple[int, ...]) -> tuple[tuple[int, float], ...]:
        """Products by position, and the share each has of amounts of lines, shape (N,); none for one product, or for nothing."""
        if len(products) < 2 or is_traced(each):
            return ()
        sums = floats(by_position(self.product, each, len(self.routes.products)))
        whole = float(sums.sum())
        return tuple((p, float(sums[p]) / whole) for p in np.flatnonzero(sums).tolist()) if whole else ()

    def summed(self, amounts: Floats) -> Floats:
        """Amounts of lines by product and vendor, shape (P, V)."""
        return by_pair(self.product, self.vendor, amounts, (len(self.routes.products), len(self.routes.vendors)))

    def started(self, vendor: int) -> list[int]:
        """Positions of the products a vendor makes anything of."""
        return np.flatnonzero(self.by_pair[:, vendor] > AT_WORK).tolist()

    def works(self, vendor: int) -> Any:
        """Whether a vendor makes anything, or is signed already."""
        if self.case.past is not None and self.routes.vendors[vendor] in self.case.past.committed:
            return True
        if is_traced(self.items):
            return above(total(self.items[self.vendor == vendor]), AT_WORK)
        return bool(self.started(vendor))

    @cached_property
    def planned(self) -> Lines:
        """The lines that today's limits are asked of: all but what is done."""
        first = self.case.planned_from
        if first == 0:
            return self
        some = self.period >= first
        return replace(self, route=self.route[some], period=self.period[some], items=self.items[some])

    @property
    def everything(self) -> tuple[int, ...]:
        """Positions of all products."""
        return tuple(range(len(self.routes.products)))

    @cached_property
    def worked(self) -> list[tuple[Integers, Floats]]:
        """When lines are worked on and for how many hours of their vendor, stage by stage, shape (N,) each.

        Hours of pairs that learn are what they come to by then; those past the horizon stay standard.
        """
        whens, hours, items = list[Integers](), list[Floats](), list[Floats]()
        for begins, each in self.routes.parts():
            whens.append(self.period + (begins if isinstance(begins, int) else begins[self.route]))
            items.append(each[self.route])
            hours.append(self.items * items[-1])
        if self.routes.learners:
            learner, factors = self._paces(whens, hours)
            factors = self._paces_in_formulas(learner, factors, whens, items) if is_traced(self.items) else factors
            for stage, when in enumerate(whens):
                factor = np.where(learner >= 0, factors[learner, np.minimum(when, self.case.periods.count)], 1.0)
                hours[stage] = hours[stage] * factor
        return list(zip(whens, hours, strict=True))

    def _paces(self, whens: list[Integers], standard: list[Floats]) -> tuple[Integers, Floats]:
        """Number of each line's learner (-1: none), and what a standard hour of each learner takes by period, (L, T + 1)."""
        learners, periods = self.routes.learners, self.case.periods.count
        number = np.full((len(self.routes.products), len(self.routes.vendors)), -1, dtype=np.int32)
        for position, pair in enumerate(learners):
            number[pair.product, pair.vendor] = position
        learner, work = number[self.product, self.vendor], np.zeros((len(learners), periods))
        for when, hours in zip(whens, standard, strict=True):
            inside = (learner >= 0) & (when < periods)
            np.add.at(work, (learner[inside], when[inside]), floats(hours)[inside])
        factors = np.ones((len(learners), periods + 1))
        for position, pair in enumerate(learners):
            taken = np.diff(pair.hours(np.concatenate([[0.0], np.cumsum(work[position])])))
            done = work[position] > 0
            factors[position, :periods][done] = taken[done] / work[position][done]
        return learner, factors

    def _paces_in_formulas(
        self, learner: Integers, known: Floats, whens: list[Integers], each: list[Floats]
    ) -> NDArray[Any]:
        """What a standard hour takes as formulas of the items made so far, where curves have one; each: hours of an item by stage."""
        factors = known.astype(object)
        for position, pair in enumerate(self.routes.learners):
            if not pair.has_formula:
                continue
            made: list[Any] = [0.0] * self.case.periods.count
            for when, hours in zip(whens, map(by_value, each), strict=True):
                for line in np.flatnonzero((learner == position) & (when < len(made))).tolist():
                    made[when[line]] = self.items[line] * (float(hours[line]) / pair.each) + made[when[line]]
            before: Any = pair.experience
            for period, items in enumerate(made):
                if isinstance(items, Formula):
                    after = named("items made by then", before + items)
                    factors[position, period] = named(
                        "share of the standard hours", ratio(pair.total_of(after) - pair.total_of(before), items)
                    )
                    before = after
        return factors

    @cached_property
    def hours(self) -> Floats:
        """Hours of the vendor of each line, all stages together."""
        if not self.routes.learners:
            return self.items * self.routes.hours[self.route]
        total = self.items * 0.0
        for _, hours in self.worked:
            total = total + hours
        return total

    @cached_property
    def vendor_hours(self) -> Floats:
        """Hours each vendor works, in the periods it works them, shape (V, T); those past the last period are left out."""
        total: Floats = np.zeros((len(self.routes.vendors), self.case.periods.count))
        for when, hours in self.worked:
            inside = when < self.case.periods.count
            total = total + by_pair(self.vendor[inside], when[inside], hours[inside], total.shape)
        return total

    @cached_property
    def pipeline(self) -> Floats:
        """Items begun and not delivered at the end of each period, by product and stage, shape (P, 4, T)."""
        routes, periods = self.routes, self.case.periods.count
        waiting = np.zeros((len(routes.products), len(STAGES), periods + 1))
        lead = routes.lead[self.route]
        begins = (
            np.repeat(lead[:, None], len(STAGES), axis=1) if routes.stages is None else routes.stages.begins[self.route]
        )
        if routes.stages is None:
            begins[:, 0] = 0
        ends = np.column_stack([begins[:, 1:], lead])
        for stage in range(len(STAGES)):
            for place, amounts in ((begins[:, stage], self.items), (ends[:, stage], -self.items)):
                np.add.at(waiting[:, stage], (self.product, np.minimum(self.period + place, periods)), amounts)
        held: Floats = np.cumsum(waiting, axis=2)[:, :, :periods]
        return held
