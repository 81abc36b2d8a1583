"""Prices by volume as plain numbers: steps, what they count, and what a quantity costs by them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocate.case.clauses.tiers import TierStep
from allocate.case.load import Case
from allocate.case.schema import Tiers
from allocate.costing.readings import read_once
from allocate.costing.terms.price_steps import in_turn
from allocate.costing.terms.prices import currency_of, exchange_rates, price_factors
from allocate.costing.terms.rate_line import counted_noun, ends_at_money, tier_of
from allocate.costing.terms.windows import Windows, cut, windows
from allocate.numbers import Floats, above, by_value, least, may_be, most, named, when, whole_up
from allocate.tolerances import SEAT_ROUNDING, STEP_BEGINS
from allocate.units import kind_of

BEYOND = 1e300
"""What a step costs that cannot be had."""


def is_above(quantity: float, end: float) -> bool:
    """Whether a quantity costs what holds above the end of a step, rather than missing it by rounding."""
    return above(quantity - end, 0.5 * STEP_BEGINS * end) if by_value(end) > 0 else above(quantity, 0.0)  # type: ignore[no-any-return]


def just_above(end: float) -> float:
    """The least quantity that is above the end of a step; nothing is above the start of the first."""
    return end + STEP_BEGINS * end


@dataclass(frozen=True)
class Step:
    """One step of a schedule."""

    start: float
    """Billable units from which it holds."""
    stop: float
    """Billable units up to which it holds; infinite for the last without an end."""
    price: float
    """Money per billable unit in the contract's currency."""
    least: float = 0.0
    """Least quantity it holds for, where all units cost its price."""
    fixed: float = 0.0
    """Money for any quantity in it: that of a cheaper step, bought in full though less is used."""
    bought: float = 0.0
    """What of that money the units used pay each, by their price."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """Prices by volume over some products of a vendor."""

    number: int
    """Position among the case's schedules."""
    vendor: int
    products: tuple[int, ...]
    words: str
    incremental: bool
    unit: str
    """What the price is per."""
    counts: str | None
    """What the steps count, where that is neither the price's unit nor money."""
    offers: tuple[Step, ...]
    """The steps as the contract states them, in what they count; those of money in units at the prices as written."""
    surplus: bool
    """Whether more may be bought than is used, to reach a cheaper step."""
    made: bool
    """Whether what is bought and not used is made: then `reaches` says how far it goes."""
    in_order: bool
    """Whether lines fill the steps in order, of periods and then of routes: incremental ones that count another unit, or
    whose price changes by a share for some of the lines."""
    windows: Windows
    factor: Floats
    """Season and escalation by window, shape (W,): those of its first period."""
    currency: str
    """What the prices are in: what is billed in it is counted in it."""
    rate: Floats
    """What one unit of it is worth when a window is paid, in the window's last period, shape (W,)."""
    filling: Floats
    """How far a unit fills the steps, by window, shape (W,): season and escalation where they are of money, else 1."""
    lists: tuple[tuple[Step, ...], ...] = ()
    """Where several lists of steps hold one after the other, those of each; `offers` has them all."""
    holds: tuple[int, ...] = ()
    """Which of these hold in each window."""
    reaches: Floats | None = None
    """Quantity bought to have each step in each window, shape (W, K): whole lots, infinite beyond what could be made; None: the
    least that each step holds for."""
    whole: float | None = None
    """What is billed in whole multiples; None: what is used is billed."""

    def billed_for(self, quantity: float) -> float:
        """What a window bills where so much is used."""
        if self.whole is None:
            return quantity
        return whole_up(quantity / self.whole - SEAT_ROUNDING) * self.whole  # type: ignore[no-any-return]

    def offered(self, window: int) -> tuple[Step, ...]:
        """The steps that hold in a window."""
        return self.lists[self.holds[window]] if self.lists else self.offers

    def reach(self, window: int) -> list[float]:
        """Quantity bought to have each step where less is used; infinite where that cannot be."""
        least: list[float] = (
            [step.least for step in self.offered(window)] if self.reaches is None else self.reaches[window].tolist()
        )
        return least

    @property
    def rising(self) -> bool:
        """Whether no step is cheaper than the one before: the cost is convex and needs no choices."""
        return self.incremental and all(
            later.price >= earlier.price
            for steps in self.lists or (self.offers,)
            for earlier, later in itertools.pairwise(steps)
        )

    def steps(self, window: int) -> tuple[Step, ...]:
        """What a quantity used in a window costs, piece by piece: the offers, or with surplus the least of all ways to buy it.

        Where steps count another unit than the price, which way that is depends on more than the quantity: then the pieces
        are all ways, for each step reached those of the cheaper ones above it.
        """
        if not self.surplus:
            return self.offered(window)
        reach = self.reach(window)
        return tuple(_with_surplus(self.offers, reach) if self.counts is None else _every_way(self.offers, reach))

    def charged(self, quantity: float, window: int) -> list[tuple[str, int, float, float]]:
        """Clause (tier, surplus), offer, quantity and price of every part of a quantity used in one window.

        quantity: in what the steps count. Prices are those before the window's factor; what is bought and not used is a
        part of its own.
        """
        if self.whole is None or not may_be(quantity):
            return self._charged(quantity, window)
        found, more, before = list[tuple[str, int, float, float]](), list[tuple[str, int, float, float]](), 0.0
        for _, n, units, price in self._charged(named("billed in the window", self.billed_for(quantity)), window):
            beside = units - most(least(quantity - before, units), 0.0)
            beside = when(above(beside, SEAT_ROUNDING * self.whole), beside, 0.0)
            before = before + units
            for name, part, parts in (("tier", units - beside, found), ("surplus", beside, more)):
                if may_be(part):
                    parts.append((name, n, part, price))
        return [*found, *more]

    def _charged(self, quantity: float, window: int) -> list[tuple[str, int, float, float]]:
        """The same of a quantity that is billed as it is used."""
        if not may_be(quantity):
            return []
        offers = self.offered(window)
        if self.incremental:
            bounds = [(named("from", step.start), named("up to", step.stop)) for step in offers]
            units = [most(least(quantity, stop) - start, 0.0) for start, stop in bounds]
            return [("tier", n, units[n], step.price) for n, step in enumerate(offers) if may_be(units[n])]
        reach, reached = self._finite(window, quantity), _reached(offers, quantity)
        amounts = [
            when(reached[n], most(quantity, step.least), most(quantity, reach[n])) for n, step in enumerate(offers)
        ]
        costs = [amounts[n] * step.price for n, step in enumerate(offers)]
        return self._chosen(window, reached, quantity, [amount - quantity for amount in amounts], costs)

    def bought(self, fill: float, units: float, ratio: float, window: int) -> list[tuple[str, int, float, float]]:
        """The same where steps count another unit than is billed: units, and those bought beside them.

        fill: what the steps count; units: what is billed; ratio: units billed to one of what the steps count of what is
        bought and not used (see `spare_ratio`). The cheapest way, of those the one with least surplus.
        """
        offers = self.offered(window)
        reach, reached = self._finite(window, fill), _reached(offers, fill)
        beside = [when(reached[n], 0.0, (reach[n] - fill) * ratio) for n in range(len(offers))]
        costs = [step.price * (units + beside[n]) for n, step in enumerate(offers)]
        return self._chosen(window, reached, units, beside, costs)

    def _finite(self, window: int, used: float) -> list[float]:
        """Quantity bought to have each step; what is used, where it cannot be had."""
        return [one if np.isfinite(by_value(one)) else used for one in self.reach(window)]

    def _chosen(
        self, window: int, reached: list[Any], units: float, beside: list[float], costs: list[float]
    ) -> list[tuple[str, int, float, float]]:
        """Parts of the way to buy that costs least, of those the first: without surplus the last step that is reached.

        beside: units bought beside those used to have each step; costs: of each step, where it can be had.
        """
        offers, found = self.offered(window), list[tuple[str, int, float, float]]()
        more: list[tuple[str, int, float, float]] = []
        had = [bool(np.isfinite(by_value(one))) for one in self.reach(window)]
        known = [
            when(reached[n + 1], BEYOND, cost if had[n] else when(reached[n], cost, BEYOND))
            for n, cost in enumerate(costs)
        ]
        known = [named("would cost", one) for one in known]
        cheapest, left = least(*known), units
        for n, step in enumerate(offers):
            if self.surplus:
                part = when(above(known[n], cheapest), 0.0, left)
                spare = when(above(part, 0.0), beside[n], 0.0)
                if may_be(spare):
                    more.append(("surplus", n, spare, step.price))
                left = left - part
            else:
                part = when(reached[n + 1], 0.0, when(reached[n], units, 0.0))
            if may_be(part):
                found.append(("tier", n, part, step.price))
        return [*found, *more]


def _reached(offers: Sequence[Step], fill: float) -> list[Any]:
    """Whether what is counted is above the start of each step, and of one after the last."""
    return [True, *(is_above(fill, named("from", step.start)) for step in offers[1:]), False]


def _every_way(offers: tuple[Step, ...], reach: Sequence[float]) -> Iterator[Step]:
    """Each step as it is offered, and each cheaper one above it bought so far that it holds."""
    for number, step in enumerate(offers):
        yield step
        for later, bought in zip(offers[number + 1 :], reach[number + 1 :], strict=True):
            if later.price < step.price and np.isfinite(bought):
                yield replace(step, price=later.price, fixed=later.price * bought, bought=later.price)


def _with_surplus(offers: tuple[Step, ...], reach: Sequence[float]) -> Iterator[Step]:
    """Pieces of the least cost of a quantity used when more may be bought: as offered, or a later step so far that it holds."""
    for number, step in enumerate(offers):
        there = [n for n in range(number + 1, len(offers)) if np.isfinite(reach[n])]
        at = min(there, key=lambda n: offers[n].price * reach[n], default=None)
        best = None if at is None else offers[at]
        later = np.inf if best is None or at is None else best.price * reach[at]
        even = later / step.price if step.price > 0 else np.inf
        if even > step.start:
            yield replace(step, stop=min(step.stop, even))
        if best is not None and even < step.stop:
            least = step.least if even <= step.start else even
            yield Step(max(step.start, even), step.stop, best.price, least, later, best.price)


@read_once
def schedules(case: Case) -> tuple[Schedule, ...]:
    """Every price schedule of a case, written out by what is counted together."""
    found: list[Schedule] = []
    factors, rates = price_factors(case), exchange_rates(case)
    for position, (name, vendor) in enumerate(case.vendors.items()):
        for tiers in vendor.contract.tiers:
            stated, ends = in_turn(case, vendor, tiers)
            over, lists = windows(case.periods, tiers.window), tuple(_steps(tiers, one) for one in stated)
            over, holds = cut(over, case.periods, ends) if len(lists) > 1 else (over, ())
            price = tiers.steps[0].price
            currency, factor = currency_of(case, price), factors[position][over.first]
            rate = rates[currency][over.last]
            filling = factor if ends_at_money(tiers) else np.ones(len(over.labels))
            for products, words in _groups(case, name, tiers):
                unit = {"h": "hour"}.get(price.per() or "item", price.per() or "item")
                found.append(
                    Schedule(
                        len(found), position, products, f"{name}: {words}", tiers.kind == "incremental", unit,
                        counted_noun(tiers), sum(lists, ()), tiers.surplus is not None, tiers.surplus == "allowed",
                        _in_order(case, name, tiers), over, factor, currency, rate, filling,
                        lists if len(lists) > 1 else (), holds,
                        whole=None if tiers.whole is None else tiers.whole.number,
                    )
                )  # fmt: skip
    return tuple(found)


@read_once
def in_windows(case: Case) -> Floats:
    """Least that rate, season and escalation of each schedule's windows are of those of each period in them, shape (S + 1, T).

    The last row, of ones, is for prices that belong to no schedule.
    """
    plans, factors, rates = schedules(case), price_factors(case), exchange_rates(case)
    found = np.ones((len(plans) + 1, case.periods.count))
    for schedule in plans:
        each = np.where(schedule.windows.weights > 0, (schedule.rate * schedule.factor)[:, None], np.inf).min(axis=0)
        own = rates[schedule.currency] * factors[schedule.vendor]
        found[schedule.number] = np.divide(each, own, out=np.ones(len(own)), where=own > 0)
    return found


def _in_order(case: Case, name: str, tiers: Tiers) -> bool:
    """Whether it matters which line falls into which step."""
    contract = case.vendors[name].contract
    changes = [*(step.price for step in contract.quality), *(step.price for step in contract.lateness)]
    effects = [effect for lever in case.file.levers.values() for effect in lever.effect if effect.price is not None]
    by_lever = any(effect.vendors is None or name in effect.vendors for effect in effects)
    by_share = by_lever or any(kind_of(change) == "fraction" for change in changes)
    return tiers.kind == "incremental" and (by_share or counted_noun(tiers) is not None)


def _steps(tiers: Tiers, stated: tuple[TierStep, ...]) -> tuple[Step, ...]:
    """Steps in what they count; an `up-to` in money is what the units up to there cost, all-unit at the first price."""
    steps: list[Step] = []
    start, spent = 0.0, 0.0
    for step in stated:
        stop = np.inf
        if step.up_to is not None and step.up_to.currency is not None and tiers.kind == "all-unit":
            stop = step.up_to.number / stated[0].price.number
        elif step.up_to is not None and step.up_to.currency is not None:
            stop = start + (step.up_to.number - spent) / step.price.number
            spent = step.up_to.number
        elif step.up_to is not None:
            stop = step.up_to.number
        steps.append(Step(start, stop, step.price.number, just_above(start)))
        start = stop
    return tuple(steps)


def _groups(case: Case, vendor: str, tiers: Tiers) -> list[tuple[tuple[int, ...], str]]:
    """Positions of products counted together, and what to call them."""
    names = list(case.products)
    chosen = [name for name in names if _falls_under(case, name, vendor, tiers)]
    if not chosen:
        return []
    if tiers.over == "all":
        return [(tuple(names.index(name) for name in chosen), ", ".join(chosen))]
    if tiers.over == "product":
        return [((names.index(name),), name) for name in chosen]
    tasks: dict[str, list[str]] = {}
    for name in chosen:
        tasks.setdefault(case.products[name].task or name, []).append(name)
    return [(tuple(names.index(name) for name in group), task) for task, group in tasks.items()]


def _falls_under(case: Case, product: str, vendor: str, tiers: Tiers) -> bool:
    """Whether tiers price a product: they name it first, and some line of the rate card leaves its price to them."""
    if tier_of(case.vendors[vendor], product) is not tiers:
        return False
    lines = [rate for _, rate in case.rate_card.of_pair(product, vendor)]
    return not case.file.rates or any(rate.price is None for rate in lines)
