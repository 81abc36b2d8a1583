"""Plans that are sure enough in fresh scenarios where those made with few scenarios are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from allocate.numbers import Floats

STEPS = 8
"""Steps of each search."""
MOST = 2.0
"""How far amounts are moved at most: as far again beyond the worst scenario as that is from the middle."""
Reaches = Callable[[Floats], bool]
"""Whether a plan has the odds in fresh scenarios."""


def least(reaches: Callable[[float], bool], low: float, high: float) -> float | None:
    """The least share between two that is found to reach, the search halved so often as `STEPS`; None where none does."""
    found = None
    for _ in range(STEPS):
        share = (low + high) / 2.0
        if reaches(share):
            high = found = share
        else:
            low = share
    return found


def at_or_beyond(figures: Floats, share: float) -> Floats:
    """A quantile over the first axis; of a share above 1, that much further from the middle than the largest is."""
    if share <= 1.0:
        return np.asarray(np.quantile(figures, share, axis=0))
    most, middle = figures.max(axis=0), np.median(figures, axis=0)
    return np.asarray(most + (share - 1.0) * (most - middle))


def sure_plan(at: Callable[[float], Floats | None], reaches: Reaches, low: float) -> tuple[float, Floats] | None:
    """The plan with every amount at the least quantile above `low` that has the odds in fresh scenarios, or beyond the worst.

    at: the plan at a quantile (above 1: see `at_or_beyond`); None where there is none, as there is none further out either.
    """
    high, found = MOST, None
    for _ in range(STEPS):
        share = (low + high) / 2.0
        plan = at(share)
        if plan is None:
            high = share
        elif reaches(plan):
            high, found = share, (share, plan)
        else:
            low = share
    return found


def mixtures(sure: Floats, plans: Sequence[Floats], reaches: Reaches) -> list[tuple[float, Floats]]:
    """Of each plan that has not the odds, the mixture with one that has, and the least weight of that; linear programs only.

    Plans of a linear program make a plan in any mixture.
    """
    found = []
    for plan in plans:

        def mixed(weight: float, plan: Floats = plan) -> Floats:
            return (1.0 - weight) * plan + weight * sure

        weight = least(lambda share, mixed=mixed: reaches(mixed(share)), 0.0, 1.0)  # type: ignore[misc]
        if weight is not None:
            found.append((weight, mixed(weight)))
    return found
