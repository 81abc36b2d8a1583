"""What prices by volume come to: which units fall into which step of a window, and what each line pays of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.costing.bill.entries import Entry
from allocate.costing.bill.lines import Lines
from allocate.costing.supply.surplus import spare_ratio
from allocate.costing.terms.prices import worth
from allocate.costing.terms.schedules import Schedule, Step
from allocate.exact import array_of, element, total
from allocate.numbers import Floats, above, distinct, is_traced, least, may_be, most, named, placed, ratio, when

Parts = list[tuple[str, int, float, float]]
"""Name on the bill (tier, surplus), step, units billed and price, before the window's factor."""


@dataclass(frozen=True, eq=False)
class Filled:
    """One window of a schedule with work in it; money in the schedule's currency before the window's season and escalation."""

    lines: Lines
    schedule: Schedule
    window: int
    parts: Parts
    owed: Floats
    """What each line pays of it, surplus included, shape (N,)."""
    used: Floats
    """What each line pays for what it uses, shape (N,)."""

    @property
    def own(self) -> float:
        """Season and escalation of the window."""
        return element(self.schedule.factor[self.window])

    @property
    def factor(self) -> float:
        """The same times the exchange rate."""
        return element(self.schedule.rate[self.window]) * self.own

    @property
    def label(self) -> str:
        """The window's label."""
        return self.schedule.windows.labels[self.window]

    @property
    def last(self) -> int:
        """Position of the period it is paid in."""
        return int(self.schedule.windows.last[self.window])

    @cached_property
    def inside(self) -> NDArray[np.intp]:
        """Positions of the lines of its schedule."""
        return np.flatnonzero(self.lines.routes.schedule[self.lines.route] == self.schedule.number)

    @cached_property
    def prices(self) -> list[float]:
        """What each part comes to, in the case's currency."""
        return [many * (price * self.factor) for _, _, many, price in self.parts]

    def money_in(self, currency: str) -> float:
        """What its prices come to in a currency, at the rate of the period in which they are owed."""
        money = sum((many * (price * self.own) for _, _, many, price in self.parts), 0.0)
        return money * element(worth(self.lines.case, self.schedule.currency, currency)[self.last])

    def shares(self, of_routes: Floats) -> list[tuple[float, float, Floats]]:
        """Money of what is used by the lines that have a share of it added, that share, and the money of each line.

        of_routes: shape (R,).
        """
        shares = [one for one in distinct(of_routes[self.lines.route[self.inside]]) if may_be(one[0])]
        used = (self.used * self.factor)[self.inside] if shares else self.used
        return [
            (total(used[rows]), share, placed(self.used * 0.0, self.inside[rows], used[rows])) for share, rows in shares
        ]

    def one_share(self, of_routes: Floats) -> float:
        """The share that all its lines have; of_routes: shape (R,)."""
        shares = distinct(of_routes[self.lines.route[self.inside]])
        return next((share for share, _ in shares if may_be(share)), 0.0)

    def entry(self, clause: str, about: str, many: float, unit: str, price: float, each: Floats) -> Entry:
        """An entry of the bill for this window; price in the case's currency, each: what lines bear of it, shape (N,)."""
        name, products = self.lines.routes.vendors[self.schedule.vendor], self.schedule.products
        parts = self.lines.parts_of(each, products)
        return Entry(name, self.label, clause, about, many, unit, price, many * price, self.last, products, parts)

    def shared(self, clause: str, amounts: Iterable[tuple[float, float, Floats]]) -> Iterator[Entry]:
        """Entries for shares of money: the money, the share, and what each line has of the money, shape (N,)."""
        for money, share, each in amounts:
            if may_be(money * share):
                yield self.entry(clause, self.schedule.words, money, self.lines.routes.currency, share, each)


def filled(lines: Lines, schedule: Schedule) -> Iterator[Filled]:
    """Every window of a schedule with work in it."""
    inside = lines.routes.schedule[lines.route] == schedule.number
    for window, weights in enumerate(schedule.windows.weights):
        weight = np.where(inside, weights[lines.period], 0.0)
        if may_be(total(lines.items * weight)):
            yield Filled(lines, schedule, window, *billed(lines, schedule, window, weight))


def billed(lines: Lines, schedule: Schedule, window: int, weight: Floats) -> tuple[Parts, Floats, Floats]:
    """What a window bills of a schedule; each line's part of the money before the window's factor, and that of what it used.

    weight: part of each line that is counted in the window, shape (N,).
    """
    units = lines.billable * weight
    if schedule.counts is None and not schedule.in_order:
        return _alike(schedule, window, units)
    filling = 1.0 if schedule.counts is not None else element(schedule.filling[window])
    fills = lines.items * lines.routes.counted[lines.route] * weight * filling
    if schedule.in_order:
        parts, money = _in_order(lines, schedule.offered(window), units, fills)
        return (parts, money, money) if schedule.whole is None else _whole(schedule, window, units, parts, money)
    many = named("units billed in the window", total(units))
    fill = named("units counted in the window", total(fills))
    parts = schedule.bought(fill, many, spare_ratio(lines.routes, schedule), window)
    price = named("price of the step", sum((when(above(part, 0.0), price, 0.0) for name, _, part, price in parts if name == "tier"), 0.0))  # fmt: skip
    more = [part for name, _, part, _ in parts if name == "surplus"]
    used = units * price
    return parts, _in_proportion(units, many, many + sum(more, 0.0)) * price if more else used, used


def _in_proportion(units: Floats, many: float, owed: float) -> Floats:
    """What each line has, by its units, of what is owed for so many in all."""
    if is_traced(many, owed):
        shares: Floats = units * named("owed for one unit", ratio(owed, many))
        return shares
    return units / many * owed


def _alike(schedule: Schedule, window: int, units: Floats) -> tuple[Parts, Floats, Floats]:
    """Steps that count what is billed, or its money: every line has its part of every step."""
    quantity, filling = named("units in the window", total(units)), element(schedule.filling[window])
    parts = [
        (clause, step, many / filling, price)
        for clause, step, many, price in schedule.charged(quantity * filling, window)
    ]
    owed = sum((many * price for _, _, many, price in parts), 0.0)
    used = sum((many * price for clause, _, many, price in parts if clause == "tier"), 0.0)
    return parts, _in_proportion(units, quantity, owed), _in_proportion(units, quantity, used)


def _whole(schedule: Schedule, window: int, units: Floats, parts: Parts, money: Floats) -> tuple[Parts, Floats, Floats]:
    """The same where whole multiples are billed: every line pays its part, by its units, of what is billed beside what is used."""
    quantity = named("units in the window", total(units))
    more = [part for part in schedule.charged(quantity, window) if part[0] == "surplus"]
    owed = sum((many * price for _, _, many, price in more), 0.0)
    return [*parts, *more], money + _in_proportion(units, quantity, owed), money


def _in_order(lines: Lines, offers: tuple[Step, ...], units: Floats, fills: Floats) -> tuple[Parts, Floats]:
    """Steps that lines fill in the order of periods, then of routes."""
    in_steps: dict[int, float] = {}
    money: list[float] = [0.0] * len(units)
    before = 0.0
    for line in np.lexsort((lines.route, lines.period)).tolist():
        many, fill = element(units[line]), element(fills[line])
        if not may_be(fill):
            continue
        after = named("units up to this line", before + fill)
        for number, step in enumerate(offers):
            inside = least(after, step.stop) - most(before, step.start)
            part = named(f"units in step {number + 1}", ratio(many * most(inside, 0.0), fill))
            if may_be(part):
                in_steps[number] = in_steps.get(number, 0.0) + part
                money[line] += part * step.price
        before = after
    parts = [("tier", number, many, offers[number].price) for number, many in sorted(in_steps.items())]
    return parts, array_of(money)
