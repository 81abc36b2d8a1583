"""Figures over all scenarios, each with how sure it is: what eight independent blocks say of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from allocate.case.schema.uncertain import BLOCKS
from allocate.numbers import Floats

T_95 = 2.3646
"""Half width of a 95 % interval in standard errors: Student's t with seven degrees of freedom, one fewer than blocks."""
NEVER_SEEN = 3.0
"""What was seen in none of n scenarios has a chance below 3/n, with 95 % (the rule of three: Hanley, JAMA 1983).

Where all blocks agree it bounds any odds: a block parts each range into n/8 equal ones, all but one of them kept or missed
for sure; where none of the eight draws of that one fell on its other side, that side is below 3/8 of it.
"""

Blocks = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A figure over all scenarios."""

    value: float
    error: float
    """Half the width of its 95 % interval."""


def estimate(figure: Callable[[Floats], float], values: Floats, blocks: Blocks) -> Estimate:
    """A figure of scenarios, its interval by leaving out one block at a time (the jackknife).

    figure: of an array whose first axis is that of scenarios; nan and infinite figures are not known better than that.
    """
    whole = figure(values)
    parts = np.array([figure(values[blocks != block]) for block in range(BLOCKS)])
    if not (math.isfinite(whole) and np.isfinite(parts).all()):
        return Estimate(whole, math.nan)
    spread = float(np.sqrt((BLOCKS - 1) / BLOCKS * ((parts - parts.mean()) ** 2).sum()))
    return Estimate(whole, T_95 * spread)


def odds(kept: NDArray[np.bool_], blocks: Blocks) -> Estimate:
    """The chance that something holds; known no better than by the rule of three."""
    found = estimate(lambda some: float(some.mean()), kept.astype(np.float64), blocks)
    return Estimate(found.value, max(found.error, NEVER_SEEN / len(kept)))


@dataclass(frozen=True)
class Range:
    """P10, P50 and P90 of a figure, and its mean."""

    p10: Estimate
    p50: Estimate
    p90: Estimate
    mean: Estimate


def range_of(values: Floats, blocks: Blocks, whole: bool = False) -> Range:
    """P10, P50, P90 and mean of a figure, shape (scenarios,); whole: a quantile is one of the values, as of numbers of weeks."""
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if whole else "linear"

    def at(share: float) -> Estimate:
        return estimate(lambda some: float(np.quantile(some, share, method=method)), values, blocks)

    return Range(at(0.1), at(0.5), at(0.9), estimate(lambda some: float(some.mean()), values, blocks))


def mean_where(values: Floats, inside: NDArray[np.bool_], blocks: Blocks) -> Estimate:
    """The mean of a figure over some scenarios; nan where there are none."""

    def mean(both: Floats) -> float:
        some = both[both[:, 1] > 0, 0]
        return float(some.mean()) if len(some) else math.nan

    return estimate(mean, np.column_stack([values, inside]), blocks)
