"""The search for the best prices: column generation held in a box around the best prices so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from allocate.program.arrays import Floats
from allocate.solvers.decomposition.master import Master, Mixture
from allocate.solvers.decomposition.pricing import Pattern, Pricing, Round
from allocate.solvers.watch import Watch
from allocate.tolerances import PRICES_CLOSE, PRICES_FOUND

ROUNDS = 250
BOX = 0.1
"""Half-width of a price's first box, relative to the price and to the least size of prices."""
WIDER, NARROWER = 1.6, 0.6
INWARD = 0.5
"""How far the next question moves from the best prices so far to the master's (in-out, Ben-Ameur and Neto, 2007)."""
BLIND = 30
"""Rounds after which prices that prove nothing yet are given up."""


@dataclass(frozen=True, eq=False)
class State:
    """The best prices after a round, and the mixture of patterns that led to the next."""

    number: int
    bound: float
    prices: Floats
    mixture: Mixture
    patterns: tuple[Pattern, ...]
    found: bool
    """Whether the prices are the best there are, nearly."""


class Asked(Protocol):
    """Whoever is asked for bound and patterns at prices of the linking rows."""

    count: int
    lower: Floats
    upper: Floats

    def allowed(self, prices: Floats) -> Floats:
        """Prices with those taken out that press towards a side a row does not have."""
        ...

    def round(self, prices: Floats) -> Round:
        """Bound and patterns at prices."""
        ...


def search(pricing: Pricing, start: Floats, watch: Watch, known: Sequence[Pattern] = ()) -> Iterator[State]:
    """States of the search from start prices on, shape (linking rows,); ends when prices are found or rounds used up.

    known: patterns of its blocks that were found elsewhere.
    """
    master = Master(pricing, watch)
    master.add(known)
    yield from along(pricing, master, start, watch)


def along(pricing: Asked, master: Master, start: Floats, watch: Watch, most: float = math.inf) -> Iterator[State]:
    """The same with a master that may hold patterns already, and prices no greater than a most.

    After a round that bettered the bound, boxes whose edge the master touched grow; after one that did not, all shrink.
    """
    centre = pricing.allowed(start)
    sizes = np.abs(centre[centre != 0.0])
    width = BOX * np.maximum(np.abs(centre), 0.3 * (sizes.mean() if sizes.size else 1.0))
    bound, trial, mixture = np.inf, centre, None
    for number in range(ROUNDS):
        asked = pricing.round(trial)
        if watch.stopped or len(asked.patterns) + len(master.patterns) < pricing.count:
            return
        master.add(asked.patterns)
        better = asked.bound < bound
        if better:
            bound, centre = asked.bound, asked.prices
        if mixture is not None:
            width = np.where(mixture.on_edge, WIDER * width, width) if better else NARROWER * width
        low, high = _signed(pricing, np.maximum(centre - width, -most), np.minimum(centre + width, most))
        mixture = master.solve(low, high)
        if mixture is None:
            return
        distance = (bound - mixture.objective) / max(1.0, abs(bound))
        near = distance <= PRICES_FOUND
        # The bound is convex in the prices: no better prices in the box about them, none anywhere.
        found = distance <= PRICES_CLOSE or (near and not mixture.on_edge.any())
        if np.isfinite(bound):
            yield State(number, bound, centre, mixture, tuple(master.patterns), found)
        if found or (number >= BLIND and np.isinf(bound)):
            return
        if near:
            width = np.where(mixture.on_edge, 2.0 * width, width)
        trial = centre + INWARD * (mixture.prices - centre)


def _signed(pricing: Asked, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The box without prices that press towards a side a row does not have."""
    low = np.where(np.isinf(pricing.lower), np.maximum(low, 0.0), low)
    high = np.where(np.isinf(pricing.upper), np.minimum(high, 0.0), high)
    return np.minimum(low, high), np.maximum(low, high)
