"""Prices of the linking rows, made better by subgradient steps along what an average of choices leaves over or lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from allocate.certificate.facility_location.lagrangian_relaxation import Box, Relaxation
from allocate.program.arrays import Floats, inner
from allocate.tolerances import BETTER_BOUND

MEMORY = 0.9
"""Weight of the average of choices beside a new one."""
PATIENCE = 15
"""Steps that better nothing, after which steps grow shorter."""
LONGEST, SHORTER, LONGER = 2.0, 0.66, 1.1
SHORTEST = 1e-3
"""Length of steps at which they are given up."""
HOPE = 0.1
"""Share of the bound by which plans are thought to be worse than it where none is known."""


@dataclass(frozen=True, eq=False)
class Priced:
    """The best prices found for a branch-and-bound node."""

    bound: float
    """No plan in the box gains more."""
    prices: Floats
    """Of the linking rows, shape (r,)."""
    gains: Floats
    """What each facility gains open at these prices, shape (H,)."""
    spare: float
    """As of `allocate.certificate.facility_location.lagrangian_relaxation.Look`."""
    mean: Floats
    """How often each facility was open of late, from 0 to 1, shape (H,)."""
    step: float
    """Length of the last steps."""


@dataclass(frozen=True)
class Steps:
    """How many steps to take, and of what length at first."""

    most: int
    length: float = 1.0


def first_prices(relaxation: Relaxation) -> Floats:
    """Prices to begin with: of a row that asks for something, what its second cheapest column costs; else none."""
    costs, rows = relaxation.costs, len(relaxation.lower)
    value, at = relaxation.value, relaxation.row
    use = value > 0.0
    each = np.where(use, -costs[relaxation.column] / np.where(use, value, 1.0), np.inf)
    order = np.lexsort((each, at))
    start = np.searchsorted(at[order], np.arange(rows + 1))
    second = np.zeros(rows)
    several = np.diff(start) > 1
    second[several] = each[order][start[:-1][several] + 1]
    asks = (relaxation.lower > 0.0) & np.isfinite(second) & (second > 0.0)
    return np.where(asks, -second, 0.0)


def better_prices(
    relaxation: Relaxation,
    start: Floats,
    box: Box,
    plan: float,
    steps: Steps,
    over: Callable[[float], bool],
) -> Priced:
    """Prices with a better bound than those to start from, shape (r,).

    plan: objective of the best plan known, minus infinity without one; over: asked with the best bound after each step.
    The volume method (Barahona and Anbil, Mathematical Programming 87, 2000): steps follow what the average of the last
    choices leaves of the rows, with a length for the distance of bound and plan (Polyak, 1969).
    """
    scale: Floats = relaxation.scale
    prices: Floats = relaxation.allowed(start)
    best = prices
    bound, length, waited, hope = np.inf, steps.length, 0, HOPE
    activity: Floats = np.zeros(0)
    mean = gains = activity
    spare = 0.0
    for number in range(max(1, steps.most)):
        look = relaxation.look(prices, box)
        activity = look.activity if not number else MEMORY * activity + (1.0 - MEMORY) * look.activity
        mean = look.chosen.astype(float) if not number else MEMORY * mean + (1.0 - MEMORY) * look.chosen
        if look.bound < bound or not number:
            waited = 0 if look.bound < bound - BETTER_BOUND * abs(look.bound) else waited + 1
            bound, best, gains, spare = look.bound, prices, look.gains, look.spare
            length = min(LONGEST, LONGER * length)
        else:
            waited += 1
        if waited >= PATIENCE:
            length, waited, hope = SHORTER * length, 0, SHORTER * hope
        if over(bound) or length < SHORTEST or not np.isfinite(bound):
            break
        move = _lacking(relaxation, best, activity) / scale
        squares = inner(move, move)
        if squares <= 0.0:
            break
        at = look.bound if np.isfinite(look.bound) else bound
        distance = at - (plan if np.isfinite(plan) else bound - hope * max(1.0, abs(bound)))
        prices = relaxation.allowed(_turned(relaxation, best + length * max(distance, 0.0) / squares * move / scale))
    return Priced(bound + relaxation.rounding(best), best, gains, spare, mean, length)


def _lacking(relaxation: Relaxation, prices: Floats, activity: Floats) -> Floats:
    """By how much each row is passed, above zero at its upper side; what is left of a row counts where it has a price."""
    above, below = activity - relaxation.upper, activity - relaxation.lower
    idle = np.where(above > 0.0, above, np.where(below < 0.0, below, 0.0))
    return np.where(prices > 0.0, above, np.where(prices < 0.0, below, idle))


def _turned(relaxation: Relaxation, prices: Floats) -> Floats:
    """Prices that do not press towards a side that is not there."""
    low = np.where(np.isinf(relaxation.lower), 0.0, -np.inf)
    high = np.where(np.isinf(relaxation.upper), 0.0, np.inf)
    return np.clip(prices, low, high)
