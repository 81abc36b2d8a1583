"""A plan's lines read against the routes of its case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.names import OF_CAPACITY
from allocate.costing.bill.entries import Invoice
from allocate.costing.bill.lines import Lines
from allocate.costing.invoice import invoice
from allocate.costing.supply.teams import Staff, unchanged
from allocate.costing.table import JOIN, Routes
from allocate.costing.terms.levers import Combination, needed_too
from allocate.costing.value.values import ProductValue
from allocate.exact import by_position, exactly, floats, total
from allocate.tables.table import Table
from allocate.verification.stated import Stated

if TYPE_CHECKING:
    pass

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Work:
    """A plan's lines against the routes recomputed from the case; arrays of one entry per line."""

    case: Case
    routes: Routes
    values: Mapping[int, ProductValue]
    route: Integers
    period: Integers
    items: Floats
    staff: Staff
    """What is decided about in-house teams."""
    bought: frozenset[int] = frozenset()
    """Positions of the levers bought."""
    known: Stated | None = None
    """What the case says of its limits, where it was read before."""
    asked: Invoice | None = None
    """The invoice, where it was worked out before."""
    brief: bool = False
    """Whether capacities and shares that hold may be left out of what is found."""

    @cached_property
    def stated(self) -> Stated:
        """What the case says of its limits."""
        return self.known or Stated(self.case, self.routes)

    @cached_property
    def product(self) -> Integers:
        """Position of each line's product, and so on."""
        return self.routes.product[self.route]

    @cached_property
    def vendor(self) -> Integers:
        """Position of each line's vendor."""
        return self.routes.vendor[self.route]

    @property
    def exact(self) -> Work:
        """The same in numbers without rounding."""
        staff = Staff(*(exactly(part) for part in (self.staff.hired, self.staff.released, self.staff.overtime)))
        return replace(self, items=exactly(self.items), staff=staff)

    @property
    def lines(self) -> Lines:
        """The same as the lines of a plan."""
        bought = tuple(sorted(self.bought))
        return Lines(self.case, self.routes, self.route, self.period, self.items, bought, self.staff)

    @cached_property
    def owed(self) -> Invoice:
        """The invoice of the lines, from the contracts' text."""
        return self.asked or invoice(self.lines)

    @cached_property
    def worth(self) -> Floats:
        """Value of what is made of each product, by its curve; 0 where it has none, shape (P,)."""
        each = self.items * self.routes.effective[self.route]
        labels = floats(by_position(self.product, each, len(self.routes.products)))
        found = np.zeros(len(labels))
        for product, one in self.values.items():
            found[product] = one.money(float(labels[product]))
        return found

    @property
    def spend(self) -> Floats:
        """Decision-relevant cost of each line."""
        return self.owed.line_spend

    @cached_property
    def learnt(self) -> list[tuple[Integers, Floats]]:
        """Period and hours of each line, stage by stage, in a case with pairs that learn.

        Each pair's standard hours are added up week after week; what its curve asks for a week's is shared among the lines
        worked in it.
        """
        ways, count = self.routes, self.case.periods.count
        stages = ways.stages
        begins = np.zeros((ways.count, 1), dtype=np.int32) if stages is None else stages.begins
        hours = ways.hours[:, None] if stages is None else stages.hours
        then = self.period[:, None] + begins[self.route]
        taken = self.items[:, None] * hours[self.route]
        for one in ways.learners:
            mine = (self.product == one.product) & (self.vendor == one.vendor)
            done = 0.0
            for period in range(count):
                now = mine[:, None] & (then == period)
                work = floats(np.array([total(taken[now])], dtype=object))[0] if now.any() else 0.0
                if work > 0:
                    needed = float(one.hours(done + work)) - float(one.hours(done))
                    taken[now] = taken[now] * (needed / work)
                done += work
        return [(then[:, stage], taken[:, stage]) for stage in range(then.shape[1])]

    def hours_worked(self, where: NDArray[np.bool_], review: bool = False) -> Floats:
        """Hours some lines take in each period, of vendors or of the review team, shape (T,): each stage when it begins."""
        count, ways, route = self.case.periods.count, self.routes, self.route[where]
        period, items = self.period[where], self.items[where]
        if ways.learners and not review:
            learnt = [(then[where], hours[where]) for then, hours in self.learnt]
            return by_position(
                np.concatenate([np.minimum(then, count) for then, _ in learnt]),
                np.concatenate([hours for _, hours in learnt]),
                count + 1,
            )[:count]
        if ways.stages is None:
            each = ways.review_hours if review else ways.hours
            return by_position(period, items * each[route], count)
        hours = ways.stages.review_hours if review else ways.stages.hours
        then = np.minimum(period[:, None] + ways.stages.begins[route], count)  # what is too late is said of its line
        taken = items[:, None] * hours[route]
        return by_position(then.ravel(), taken.ravel(), count + 1)[:count]

    def summed(self, amounts: Floats, where: NDArray[np.bool_] | None = None) -> float:
        """Total of an amount, over some lines where said."""
        return total(amounts if where is None else amounts[where])

    def label(self, period: int) -> str:
        """A period in words."""
        return self.case.periods.label(period)


def read_lines(
    case: Case,
    ways: Routes,
    values: Mapping[int, ProductValue],
    lines: Table,
    bought: Iterable[str] | None = None,
) -> tuple[Work, list[str]]:
    """The lines as positions, teams as at the start; lines that name no route of the case, or no time for it, are problems.

    bought: levers by name; None: those the lines name, those decided by the case, and all that these need.
    """
    known = {
        (ways.products[p], ways.vendors[v], ways.workflows[w], ways.combinations[c]): number
        for number, (p, v, w, c) in enumerate(
            zip(ways.product, ways.vendor, ways.workflow, ways.combination, strict=True)
        )
    }
    named, problems = _levers_named(ways, lines)
    if bought is None:
        decided = {one.number for one in ways.levers if one.bought}
        used = {number for both in named for some in both for number in some}
        have = frozenset(needed_too(ways.levers, used | decided))
    else:
        have = frozenset(one.number for one in ways.levers if one.name in set(bought))
    stated = Stated(case, ways)
    last = stated.last_periods
    kept: list[tuple[int, int, float]] = []
    columns = [lines[name].tolist() for name in ("product", "vendor", "workflow", "period", "items")]
    for product, vendor, workflow, period, items, (own, raising) in zip(*columns, named, strict=True):
        words = f"{product} with {vendor}, {workflow}, {case.periods.unit} {period}"
        number = known.get((product, vendor, workflow, own))
        if number is None:
            problems.append(f"{words}: the case has no such route")
        elif not (_number(period) and period == int(period) and 1 <= period <= case.periods.count):
            problems.append(f"{words}: outside the horizon's {case.periods.count} {case.periods.unit}s")
        elif not (_number(items) and items >= 0):
            problems.append(f"{words}: {items} items is not an amount")
        else:
            if period + ways.lead[number] > last[ways.product[number]]:
                problems.append(
                    f"{words}: delivered in {case.periods.unit} {period + ways.lead[number]}, after the deadline"
                )
            problems += _lever_problems(ways, words, (int(period) - 1, number), raising, have)
            kept.append((number, int(period) - 1, float(items)))
    route, period_, items_ = (np.array(column) for column in zip(*kept, strict=True)) if kept else (np.zeros(0),) * 3
    where = (route.astype(np.int32), period_.astype(np.int32), items_.astype(np.float64))
    work = Work(case, ways, values, *where, unchanged(case), have, stated)
    return work, problems


def _levers_named(ways: Routes, lines: Table) -> tuple[list[tuple[Combination, Combination]], list[str]]:
    """Levers each line names, those of its own work and those of its vendor's capacity; and names that are none."""
    if "levers" not in lines:
        return [((), ())] * len(lines), []
    position = {one.name: one.number for one in ways.levers}
    named, problems = [], []
    for text in lines["levers"].tolist():
        names = [name for name in str(text or "").split(JOIN) if name]
        problems += [f"there is no lever '{n}'" for n in names if n.removesuffix(OF_CAPACITY) not in position]
        own = {position[name] for name in names if name in position}
        raising = {position[name] for name in (n.removesuffix(OF_CAPACITY) for n in names) if name in position} - own
        named.append((tuple(sorted(own)), tuple(sorted(raising))))
    return named, problems


def _lever_problems(
    ways: Routes, words: str, at: tuple[int, int], raising: Combination, bought: frozenset[int]
) -> Iterator[str]:
    """Levers a line (its period and route) is worked with that are not bought, start later, or change nothing of it."""
    period, route = at
    for one in (ways.levers[number] for number in (*ways.combinations[ways.combination[route]], *raising)):
        if one.number not in bought:
            yield f"{words}: worked with the lever '{one.name}', which is not bought"
        if period < one.first:
            yield f"{words}: worked with the lever '{one.name}', which starts later (period {one.first + 1})"
        if one.number in raising and not one.gives(int(ways.vendor[route])):
            yield f"{words}: the lever '{one.name}' changes nothing of its vendor's capacity"


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and bool(np.isfinite(value))
