"""Rows of a scenario that a plan over scenarios keeps, unless it misses the scenario or counts on nobody."""

from __future__ import annotations

import math
from dataclasses import dataclass

from allocate.program.arrays import Floats, Integers
from allocate.tolerances import LIMIT_KEPT


@dataclass(frozen=True, eq=False)
class Cut:
    """Rows of a scenario added up: ``coefficients @ x[columns] <= limit``."""

    scenario: int
    choice: int
    """Which vendor of which commitment it is for, as `Scenarios.choices` counts them; -1 where it holds in any case."""
    columns: Integers
    coefficients: Floats
    limit: float
    most: float
    """By how much a plan of the case can pass the limit at most; infinite where nothing is known."""
    chain: int = -1
    """The capacity it adds up, -1 of a row by itself."""

    def passed(self, values: Floats, given_way: float) -> bool:
        """Whether a point passes the limit by more than a part of the most there can be; given_way: that part."""
        room = given_way * self.most if math.isfinite(self.most) else 0.0
        used = float(self.coefficients @ values[self.columns])
        return used > self.limit + room + 0.5 * LIMIT_KEPT * max(1.0, abs(self.limit))
