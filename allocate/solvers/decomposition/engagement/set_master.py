"""The restricted master of a set of vendors: the mixture of patterns within it, one pool of patterns for all sets."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from allocate.certificate.engagement.engaged_form import EngagedForm, PartOfForm
from allocate.solvers.decomposition.column_generation import State
from allocate.solvers.decomposition.master import Master
from allocate.solvers.decomposition.pricing import Linked, Pattern
from allocate.solvers.watch import Watch
from allocate.tolerances import MIXED

DIGITS = 9
"""Amounts that differ beyond so many digits are those of one pattern."""


class SetMaster(Master):
    """A master whose vendors are held at a set, and which keeps patterns of other vendors at zero meanwhile."""

    def __init__(self, linked: Linked, form: EngagedForm, parts: Sequence[PartOfForm], watch: Watch) -> None:
        super().__init__(linked, watch)
        self._seen: set[tuple[int, bytes, bytes]] = set()
        self._needs: list[int] = []
        self._chosen: list[int] = []
        self._inside: int | None = None
        self._needed, self._marks = form.needed, form.needed.copy()
        for part in parts:
            for place, at in zip(part.places, part.starts.tolist(), strict=True):
                if place >= form.count:
                    self._marks[part.columns[at]] = np.int64(1) << place
        place = np.searchsorted(linked.free, form.ids)
        self._vendors = (2 * self.rows + place).astype(np.int32)
        self._free = (2 * self.rows + np.searchsorted(linked.free, form.free)).astype(np.int32)
        self._needed_free = form.needed[form.free]
        self._ends = linked.arrays.lower[form.free], linked.arrays.upper[form.free]

    def add(self, patterns: Sequence[Pattern]) -> None:
        """Let patterns into the mixture that it does not know."""
        new = []
        for one in patterns:
            # Told apart by their columns, not by what they use: the same items in another week are another pattern.
            key = (one.block, one.columns.tobytes(), np.round(one.values, DIGITS).tobytes())
            if key not in self._seen:
                self._seen.add(key)
                new.append(one)
                self._needs.append(int(np.bitwise_or.reduce(self._needed[one.columns])))
                self._chosen.append(int(np.bitwise_or.reduce(self._marks[one.columns])))
        super().add(new)
        if self._inside is not None:
            self._hold(range(len(self.patterns) - len(new), len(self.patterns)), self._inside)

    def turn(self, inside: int) -> None:
        """Hold the vendors at a set."""
        self._inside = inside
        at = np.array([float(inside >> v & 1) for v in range(len(self._vendors))])
        self.highs.changeColsBounds(len(at), self._vendors, at, at)
        closed = (self._needed_free & ~np.int64(inside)) != 0
        low, high = (np.where(closed, 0.0, side) for side in self._ends)
        if len(low):
            self.highs.changeColsBounds(len(low), self._free, low, high)
        self._hold(range(len(self.patterns)), inside)

    def _hold(self, numbers: range, inside: int) -> None:
        if len(numbers):
            ids = self.first + np.arange(numbers.start, numbers.stop, dtype=np.int32)
            able = [self._needs[n] & ~inside == 0 for n in numbers]
            self.highs.changeColsBounds(len(ids), ids, np.zeros(len(ids)), np.where(able, math.inf, 0.0))

    def chosen(self, state: State) -> dict[int, dict[int, float]]:
        """By part, the weight of each mask of vendors and choices in a mixture; of patterns the weightless are left out."""
        found: dict[int, dict[int, float]] = {}
        for at in np.flatnonzero(state.mixture.weights > MIXED).tolist():
            of = found.setdefault(self.patterns[at].block, {})
            of[self._chosen[at]] = of.get(self._chosen[at], 0.0) + float(state.mixture.weights[at])
        return found


def heaviest(weights: dict[int, dict[int, float]]) -> dict[int, int]:
    """The mask of each part that has most of the weight."""
    return {part: max(of, key=lambda mask: (of[mask], -mask)) for part, of in weights.items()}
