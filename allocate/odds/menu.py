"""A menu of orders, and what each is worth in every scenario: without pilots, and with each pilot run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats, Integers
from allocate.odds.ordered import Order
from allocate.odds.worth_of_knowing import best_blind, of_everything

MOST_ORDERS = 6
"""Orders taken from the scenarios' own best plans; further ones are put in between where they help."""
ALIKE = 1e-6
"""Orders that differ by less of the largest are one."""
ROUNDS = 1
"""How often the best order without knowing more is moved half-way to its neighbours."""


@dataclass(frozen=True, eq=False)
class Menu:
    """Orders (A), and what each is worth in each scenario (S), the more the better; in the currency of the objective."""

    ordered: Floats
    """Items of each pair (P), shape (A, P)."""
    values: Floats
    """Without a pilot, shape (S, A)."""
    knowing: Floats
    """The best of each scenario were it known, shape (S,)."""
    probabilities: Floats
    """Of the scenarios that have a plan, adding up to 1; shape (S,)."""
    kept: Integers
    """Positions of these scenarios among those given."""
    without_plan: float
    """Chance of the scenarios that have none whatever is ordered."""

    @property
    def blind(self) -> int:
        """The order of highest expected value."""
        return int((self.probabilities @ self.values).argmax())

    @property
    def reached(self) -> float:
        """What that is worth on average."""
        return best_blind(self.values, self.probabilities)

    @property
    def everything(self) -> float:
        """What knowing the scenario before ordering is worth, an upper bound: the best order may not be on the menu."""
        known = np.maximum(self.knowing, self.values.max(axis=1))
        return max(of_everything(self.values, self.probabilities), float(self.probabilities @ known) - self.reached)


def menu(orders: Sequence[Order], probabilities: Floats, told: Callable[[], None] | None = None) -> Menu:
    """The menu of some scenarios; told: called after each has been solved. Empty (no scenario kept) where none has a plan."""
    sign = 1.0 if orders[0].built.aims[0].maximise else -1.0
    bests, knowing = [], []
    for one in orders:
        best, value = one.best()
        bests.append(best)
        knowing.append(sign * value)
        if told is not None:
            told()
    there = np.flatnonzero(np.isfinite(np.array(knowing)))
    if not len(there):
        none = np.zeros((0, 0))
        return Menu(none, none, np.zeros(0), np.zeros(0), there.astype(np.int32), 1.0)
    ordered = _apart(np.array([bests[at] for at in there.tolist()]), MOST_ORDERS)
    some = [orders[at] for at in there.tolist()]
    weights = probabilities[there] / probabilities[there].sum()
    values = worth_of(some, ordered, sign)
    for _ in range(ROUNDS):
        more = _between(ordered, int((weights @ values).argmax()))
        if not len(more):
            break
        ordered = np.vstack([ordered, more])
        values = np.hstack([values, worth_of(some, more, sign)])
    sure = np.isfinite(values).all(axis=1)
    order = np.lexsort(ordered.T[::-1])
    return Menu(
        ordered[order],
        values[sure][:, order],
        np.array(knowing)[there][sure],
        weights[sure] / weights[sure].sum(),
        there[sure].astype(np.int32),
        1.0 - float(probabilities[there[sure]].sum() / probabilities.sum()),
    )


def worth_of(orders: Sequence[Order], ordered: Floats, sign: float, pilot: Floats | None = None) -> Floats:
    """What orders are worth in scenarios, shape (S, A); pilot: items of each pair's pilot, nan for none."""
    least = np.zeros(ordered.shape[1]) if pilot is None else np.nan_to_num(pilot)
    return np.array([[sign * one.reached(np.maximum(some, least), pilot) for some in ordered] for one in orders])


def _apart(points: Floats, most: int) -> Floats:
    """Some of the points, far apart from one another; the first is the one nearest to their mean."""
    scale = np.where(points.max(axis=0) > 0, points.max(axis=0), 1.0)
    unit = points / scale
    chosen = [int(((unit - unit.mean(axis=0)) ** 2).sum(axis=1).argmin())]
    far = ((unit - unit[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < most and far.max() > ALIKE**2:
        chosen.append(int(far.argmax()))
        far = np.minimum(far, ((unit - unit[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _between(ordered: Floats, best: int) -> Floats:
    """Orders half-way from the best one to its neighbours, pair by pair."""
    scale, found = np.where(ordered.max(axis=0) > 0, ordered.max(axis=0), 1.0), []
    for pair in range(ordered.shape[1]):
        here, others = ordered[best, pair], ordered[:, pair]
        for side in (others[others < here - ALIKE * scale[pair]], others[others > here + ALIKE * scale[pair]]):
            if len(side):
                nearest = side[np.abs(side - here).argmin()]
                point = ordered[best].copy()
                point[pair] = (here + nearest) / 2.0
                if (np.abs(ordered - point) / scale).max(axis=1).min() > ALIKE:
                    found.append(point)
    return np.array(found).reshape(-1, ordered.shape[1])
