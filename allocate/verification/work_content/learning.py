"""Hours that fall with the work a vendor has done of a product, after Wright or Crawford."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from allocate.case.schema.learning import Learning

ADDED_UP = 512
"""Items whose times are added one by one; beyond, Euler and Maclaurin's sum."""


@dataclass(frozen=True)
class Curve:
    """One pair of a product and a vendor that learns."""

    block: Learning
    each: float
    """Hours of an item worked once at the pace stated."""

    def hours(self, standard: float) -> float:
        """Hours that so many standard hours from the start of the horizon on take."""
        before = self.block.experience.number if self.block.experience is not None else 0.0
        return self.each * (self._until(before + max(standard, 0.0) / self.each) - self._until(before))

    def _until(self, items: float) -> float:
        """Time of the first so many items in times of an item at the pace stated, none below the floor."""
        b, floor = -math.log2(self.block.rate), self.block.floor or 0.0
        first = self.block.from_.number**b
        wright = self.block.model == "wright"
        last = math.inf
        if b > 0.0 and floor > 0.0:
            last = ((first * (1.0 - b) if wright else first) / floor) ** (1.0 / b)
            last = last if wright else math.floor(last)
        elif b == 0.0 and floor > 1.0:
            last = 0.0
        falling = min(items, last)
        time = falling ** (1.0 - b) if wright else _summed(falling, b)
        return float(first * time + (floor * (items - last) if items > last else 0.0))


def _summed(items: float, b: float) -> float:
    """The sum of i^-b for i from 1 to so many items, the last one in part."""
    whole = math.floor(items)
    few = min(whole, ADDED_UP)
    total = float(np.sum(np.arange(1.0, few + 1.0) ** -b))
    if whole > few:
        n, m = float(whole), float(few)
        total += (n ** (1.0 - b) - m ** (1.0 - b)) / (1.0 - b) + (n**-b - m**-b) / 2.0
        total += b * (m ** (-b - 1.0) - n ** (-b - 1.0)) / 12.0
    return float(total + (items - whole) * (whole + 1.0) ** -b)
