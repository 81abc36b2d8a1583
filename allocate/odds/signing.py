"""What to sign before a pilot and what after it: commitments, minimum orders and price locks, and the price at which one is indifferent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case, revised
from allocate.case.paths import dotted
from allocate.case.spreads.spread import amount
from allocate.numbers import Floats
from allocate.odds.learning_from_pilots import Share
from allocate.odds.pilot_values import Choice, Weighing
from allocate.odds.pilot_weighing import Prepared, prepare
from allocate.units import split_text

EVERY = 4
"""Of so many scenarios one takes part in the search for the price at which a lock is indifferent."""
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
        contract = case.vendors[pilot.vendor].contract
        asked = (("commitment", contract.commitment), ("minimum order", contract.minimum_order))
        words = " and ".join(word for word, there in asked if there)
        open_, now = weighing.weigh(choice), weighing.weigh(choice, signed=True)
        yield Signing(pilot.vendor, words, open_.net - now.net)


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


def with_locks(case: Case, decisions: Mapping[str, bool]) -> Case:
    """The case with locks signed or not, by vendor."""
    settings = {
        dotted("vendors", name, "contract", "price-lock", "signed"): "true" if signed else "false"
        for name, signed in decisions.items()
    }
    return revised(case, settings) if settings else case


@dataclass(frozen=True, eq=False)
class World:
    """Scenarios with their chances, and what is weighed over them."""

    case: Case
    cases: tuple[Case, ...]
    """With no lock signed that must be signed before the results."""
    probabilities: Floats
    blocks: Floats
    seed: int
    beliefs: Mapping[str, Share]
    choice: Choice
    """The best pilots without locks; None of each where none pays."""

    def some(self, every: int) -> World:
        """One scenario of so many."""
        at = range(0, len(self.cases), every)
        return World(
            self.case, tuple(self.cases[n] for n in at), self.probabilities[::every] / self.probabilities[::every].sum(),
            self.blocks[::every], self.seed, self.beliefs, self.choice,
        )  # fmt: skip

    def reached(self, vendor: str | None = None, price: str | None = None) -> float:
        """The expected value with one vendor's price locked (at another price), or with none locked."""
        settings = {}
        if vendor is not None:
            where = ("vendors", vendor, "contract", "price-lock")
            settings = {dotted(*where, "signed"): "true", **({dotted(*where, "price"): price} if price else {})}
        cases = [revised(one, settings) for one in self.cases] if settings else list(self.cases)
        found = prepare(self.case, cases, self.probabilities, self.blocks, self.seed, self.beliefs)
        return reached(found, self.choice)


def reached(found: Prepared, choice: Choice) -> float:
    """The expected value with some pilots run, or with none where that is better."""
    plain = found.weighing.exact_blind
    if all(design is None for design in choice):
        return plain
    return plain + max(0.0, found.with_pilots().weighing.weigh(choice).net)


def locks(world: World, plain: float) -> Iterator[Signing]:
    """What locking each price now gains or costs; plain: the expected value with none locked."""
    few = world.some(EVERY)
    for vendor in to_be_signed(world.case):
        gain = world.reached(vendor) - plain
        yield Signing(vendor, "price lock", -gain, _indifferent(few, vendor))


def _indifferent(world: World, vendor: str) -> str:
    """The locked price at which signing neither gains nor costs, by secants; empty where none is found."""
    lock = world.case.vendors[vendor].contract.price_lock
    assert lock is not None
    number, unit = float(split_text(lock.price.text)[0].replace("_", "")), split_text(lock.price.text)[1]
    plain = world.reached()

    def gain(price: float) -> float:
        return world.reached(vendor, amount(price, unit)) - plain

    prices, gains = [number, number * 1.01], [gain(number), gain(number * 1.01)]
    for _ in range(STEPS):
        if abs(gains[-1]) <= NEAR * max(abs(gains[0]), 1e-9):
            break
        slope = (gains[-1] - gains[-2]) / (prices[-1] - prices[-2]) if prices[-1] != prices[-2] else 0.0
        if not slope < 0.0:
            return ""
        prices.append(float(np.clip(prices[-1] - gains[-1] / slope, 0.25 * number, 4.0 * number)))
        gains.append(gain(prices[-1]))
    return amount(float(f"{prices[-1]:.4g}"), unit)
