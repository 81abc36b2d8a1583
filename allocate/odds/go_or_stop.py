"""Stop or go by counts that people can read off a platform: thresholds, their chances, and an early look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats
from allocate.odds.learning_from_pilots import chances_of_counts

MOST_ITEMS = 200
"""Most items of a design with an early look that are searched."""


@dataclass(frozen=True)
class EarlyLook:
    """A pilot that is looked at twice: it stops after the first items where too few are right, else goes on to its end."""

    first: int
    """Items after which it is looked at."""
    stop_at: int
    """It stops there with so many right, or fewer."""
    items: int
    """Items in all."""
    no_go_at: int
    """At the end the answer is no with so many right, or fewer."""

    def stops_early(self, share: float) -> float:
        """Chance that it ends at the first look."""
        return float(chances_of_counts(self.first, np.array([share]))[0, : self.stop_at + 1].sum())

    def goes(self, share: float) -> float:
        """Chance that the answer is go."""
        first = chances_of_counts(self.first, np.array([share]))[0]
        rest = _tails(self.items - self.first, share)
        right = np.arange(self.stop_at + 1, self.first + 1)
        more = np.clip(self.no_go_at + 1 - right, 0, len(rest) - 1)
        return float(first[right] @ rest[more])

    def expected_items(self, share: float) -> float:
        """Items that are made on average."""
        return self.first + (1.0 - self.stops_early(share)) * (self.items - self.first)


def _tails(n: int, share: float) -> Floats:
    """Chance of at least k of n, for k = 0 ... n + 1; shape (n + 2,)."""
    chances = chances_of_counts(n, np.array([share]))[0]
    return np.append(np.cumsum(chances[::-1])[::-1], 0.0)


def early_look(
    poor: float, good: float, wrongly_go: float, wrongly_stop: float, most: int = MOST_ITEMS
) -> EarlyLook | None:
    """The design with one early look that needs the fewest items on average where the share is poor; None up to `most` items.

    It says go at a poor share with a chance of at most `wrongly_go`, and stop at a good one of at most `wrongly_stop`
    (R. Simon, Optimal two-stage designs for phase II clinical trials, Controlled Clinical Trials 10, 1989).
    """
    best: tuple[float, EarlyLook] | None = None
    for items in range(2, most + 1):
        for expected, design in _designs(items, poor, good, wrongly_go, wrongly_stop, best[0] if best else np.inf):
            if best is None or expected < best[0] - 1e-12:
                best = expected, design
    return None if best is None else best[1]


def _designs(
    items: int, poor: float, good: float, wrongly_go: float, wrongly_stop: float, below: float
) -> Iterator[tuple[float, EarlyLook]]:
    """Designs of so many items that keep both chances and need fewer than `below` on average, with what they need."""
    for first in range(1, int(min(items - 1, below)) + 1):
        early, missed = (np.cumsum(chances_of_counts(first, np.array([share]))[0]) for share in (poor, good))
        expected = first + (1.0 - early) * (items - first)
        # Whoever stops a good share too often at the first look cannot make up for it at the second.
        possible = np.flatnonzero((expected < below - 1e-12) & (missed <= wrongly_stop))
        if not len(possible):
            continue
        at_poor, at_good = (_go_table(first, items, share) for share in (poor, good))
        fits = (at_poor[possible] <= wrongly_go) & (at_good[possible] >= 1.0 - wrongly_stop)
        for row in np.flatnonzero(fits.any(axis=1)).tolist():
            stop_at = int(possible[row])
            yield float(expected[stop_at]), EarlyLook(first, stop_at, items, int(np.flatnonzero(fits[row])[0]))


def _go_table(first: int, items: int, share: float) -> Floats:
    """Chance of going on after `stop_at` and past `no_go_at`, by both; shape (first + 1, items + 1)."""
    right, tails = np.arange(first + 1), _tails(items - first, share)
    more = np.clip(np.arange(items + 1)[None, :] + 1 - right[:, None], 0, len(tails) - 1)
    each = chances_of_counts(first, np.array([share]))[0][:, None] * tails[more]
    upwards = np.cumsum(each[::-1], axis=0)[::-1]
    table: Floats = np.vstack([upwards[1:], np.zeros((1, items + 1))])
    return table
