"""What to sign before a pilot and what after it: commitments, minimum orders and price locks, and the price at which one is indifferent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.clauses.price_lock import NAMED
from allocate.case.load import Case, revised
from allocate.case.paths import dotted
from allocate.case.spreads.spread import amount
from allocate.numbers import Floats
from allocate.odds.learning_from_pilots import Share
from allocate.odds.ordered import Order
from allocate.odds.pilot_values import Choice, Weighing, asks
from allocate.odds.pilot_weighing import Prepared, orders_of, prepare
from allocate.units import split_text

EVERY = 4
"""Of so many scenarios one takes part in what a lock is worth, and in the search for the price at which it is indifferent."""
MANY = 128
"""Scenarios from which on some are left out so."""
STEPS, NEAR = 5, 1e-3
"""Steps of that search at most, and how near to nothing the gain ends, as a share of what the first price gained."""


@dataclass(frozen=True)
class Signing:
    """What signing something before the pilots' results are there costs, against leaving it open (a lock: leaving it out)."""

    vendor: str
    clause: str
    costs: float
    """Below 0 where signing now gains."""
    indifferent: str = ""
    """Of a price lock: the locked price at which both are equally good."""


def commitments(case: Case, weighing: Weighing, choice: Choice) -> Iterator[Signing]:
    """What signing each contract that asks for something costs, if it is signed before the pilots that are run."""
    for pilot, design, one in zip(case.file.pilots.values(), choice, weighing.pilots, strict=True):
        if design is None or one.signed is None:
            continue
        open_, now = weighing.weigh(choice), weighing.weigh(choice, signed=True)
        yield Signing(pilot.vendor, " and ".join(asks(case, pilot)), open_.net - now.net)


def to_be_signed(case: Case) -> list[str]:
    """Vendors whose price can be locked only before any pilot's results are there, and of whom nothing is decided."""
    decided = min((case.periods.first_from(pilot.decide) for pilot in case.file.pilots.values()), default=0)
    found = []
    for name, vendor in case.vendors.items():
        lock = vendor.contract.price_lock
        if lock is not None and lock.signed is None:
            last = 0 if lock.by is None else case.periods.first_from(lock.by)
            found += [name] if last < decided else []
    return found


@dataclass(frozen=True, eq=False)
class World:
    """Scenarios with their chances, and what is weighed over them."""

    case: Case
    orders: tuple[Order, ...]
    """With no lock signed that must be signed before the results."""
    probabilities: Floats
    blocks: Floats
    seed: int
    beliefs: Mapping[str, Share]
    choice: Choice
    """The best pilots without locks; None of each where none pays."""

    def some(self, every: int) -> World:
        """One scenario of so many."""
        weights = self.probabilities[::every]
        return replace(
            self, orders=self.orders[::every], probabilities=weights / weights.sum(), blocks=self.blocks[::every]
        )

    def reached(self, vendor: str | None = None) -> float:
        """The expected value with one vendor's price locked, or with none."""
        orders = (
            self.orders if vendor is None else tuple(one.with_levers({NAMED + vendor: True}) for one in self.orders)
        )
        return reached(
            prepare(self.case, orders, self.probabilities, self.blocks, self.seed, self.beliefs), self.choice
        )

    def at_price(self, vendor: str, price: str) -> World:
        """The same where one vendor's price can be locked at another price."""
        path = dotted("vendors", vendor, "contract", "price-lock", "price")
        cases = [revised(one.built.layout.case, {path: price}) for one in self.orders]
        return replace(self, orders=orders_of(self.case, cases))


def reached(found: Prepared, choice: Choice) -> float:
    """The expected value with some pilots run, or with none where that is better."""
    plain = found.weighing.exact_blind
    if all(design is None for design in choice):
        return plain
    return plain + max(0.0, found.with_pilots().weighing.weigh(choice).net)


def locks(world: World) -> Iterator[Signing]:
    """What locking each price now gains or costs."""
    few = world.some(EVERY if len(world.orders) >= MANY else 1)
    plain = few.reached()
    for vendor in to_be_signed(world.case):
        gain = few.reached(vendor) - plain
        yield Signing(vendor, "price lock", -gain, _indifferent(few, vendor, plain, gain))


def _indifferent(world: World, vendor: str, plain: float, first: float) -> str:
    """The locked price at which signing neither gains nor costs, by secants; empty where none is found.

    plain: the expected value with nothing locked; first: what locking at the price offered gains.
    """
    lock = world.case.vendors[vendor].contract.price_lock
    assert lock is not None
    number, unit = float(split_text(lock.price.text)[0].replace("_", "")), split_text(lock.price.text)[1]

    def gain(price: float) -> float:
        return world.at_price(vendor, amount(price, unit)).reached(vendor) - plain

    prices, gains = [number, number * 1.01], [first, gain(number * 1.01)]
    for _ in range(STEPS):
        if abs(gains[-1]) <= NEAR * max(abs(gains[0]), 1e-9):
            break
        slope = (gains[-1] - gains[-2]) / (prices[-1] - prices[-2]) if prices[-1] != prices[-2] else 0.0
        if not slope < 0.0:
            return ""
        prices.append(float(np.clip(prices[-1] - gains[-1] / slope, 0.25 * number, 4.0 * number)))
        gains.append(gain(prices[-1]))
    return amount(float(f"{prices[-1]:.4g}"), unit)
