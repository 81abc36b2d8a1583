"""Bonus and malus on the average accuracy of what a vendor delivers in a window."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.adjustments import change_of
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.windows import Windows, windows
from allocate.tolerances import STEP_OF_QUALITY
from allocate.units import Quantity

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Band:
    """Averages of accuracy that change prices alike."""

    low: float
    high: float
    change: Quantity | None


@dataclass(frozen=True)
class Measured:
    """A vendor's deliveries of a product, whose average accuracy changes their price."""

    vendor: int
    product: int
    windows: Windows
    """By the period of delivery."""
    bands: tuple[Band, ...]
    """From the lowest accuracy up; each ends `STEP_OF_QUALITY` below where the next begins."""

    def change(self, accuracy: float) -> Quantity | None:
        """The change of price at an average accuracy."""
        for band, above in pairwise(self.bands):
            if accuracy < (band.high + above.low) / 2.0:
                return band.change
        return self.bands[-1].change

    def reached(self, least: float, most: float) -> tuple[Band, ...]:
        """The bands that averages between two accuracies can fall into."""
        ends = [(band.high + above.low) / 2.0 for band, above in pairwise(self.bands)]
        return tuple(
            band
            for band, low, high in zip(self.bands, [-np.inf, *ends], [*ends, np.inf], strict=True)
            if most >= low and least < high
        )


def measured(case: Case, product: Integers, vendor: Integers) -> tuple[Measured, ...]:
    """Every pair of a vendor and a product measured so; product, vendor: positions of each route's."""
    found: list[Measured] = []
    for position, one in enumerate(case.vendors.values()):
        if one.contract.quality and one.contract.quality_window is not None:
            over, bands = windows(case.periods, one.contract.quality_window), _bands(one.contract)
            made = np.unique(product[vendor == position]).tolist()
            found += [Measured(position, number, over, bands) for number in made]
    return tuple(found)


def _bands(contract: Contract) -> tuple[Band, ...]:
    """Bands of accuracy: below each bound the lowest it is below counts, above each the highest it is above."""
    below = sorted(((s.below, s.price) for s in contract.quality if s.below is not None), key=itemgetter(0))
    above = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))
    lows = [-np.inf, *(bound for bound, _ in below)]
    found = [Band(low, bound - STEP_OF_QUALITY, price) for low, (bound, price) in zip(lows, below, strict=False)]
    highs = [*(bound for bound, _ in above), np.inf]
    found.append(Band(lows[-1], highs[0], None))
    found += [Band(bound + STEP_OF_QUALITY, high, price) for (bound, price), high in zip(above, highs[1:], strict=True)]
    return tuple(found)


def largest_malus(case: Case, vendor: Integers, price: Floats, billable: Floats) -> Floats:
    """Largest share of its price each route could lose for an average accuracy over a window, shape (R,).

    It is owed at the end of the window, when its currency may be worth more than when the work was done.
    """
    most, growth = np.zeros(len(vendor)), max(float(one.max() / one.min()) for one in exchange_rates(case).values())
    for position, one in enumerate(case.vendors.values()):
        steps = one.contract.quality if one.contract.quality_window is not None else ()
        rows = np.flatnonzero(vendor == position)
        for step in steps:
            some = price[rows]
            off = -change_of(case, step.price, some, billable[rows, None])
            part = np.divide(off, some, out=np.zeros(some.shape), where=some > 0)
            most[rows] = np.maximum(most[rows], part.max(axis=1) * growth)
    return most
