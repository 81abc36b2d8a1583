"""Designs of pilots to choose from, what each measures, and what the measurements say of the scenarios."""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.case.schema import Pilot
from allocate.numbers import Booleans, Floats
from allocate.odds.learning_from_pilots import Pace, chances_of_counts
from allocate.odds.observed import ITEMS, PEOPLE, Shown

MOST_TOGETHER = 200
"""Most designs of several pilots that are compared one by one; of more, one pilot is changed at a time."""
SIZES = 24
"""Sizes that stand for all up to a bound, where each is simulated."""


@dataclass(frozen=True)
class Design:
    """One pilot of one size."""

    items: int
    people: int
    """Annotators who share the items; 1 where the pilot does not say."""
    checked: int
    """Items of which it is known afterwards whether they are right."""


def designs(pilot: Pilot, every: bool = False) -> list[Design]:
    """The designs of one pilot, smallest first; every: each size up to a bound, not only some."""
    people = pilot.annotators or (1,)
    found = []
    for size, many in itertools.product(_sizes(pilot, every), people):
        if size >= many:
            share = 1.0 if pilot.check is None else pilot.check.share
            found.append(Design(size, many, max(1, round(share * size))))
    return found


def _sizes(pilot: Pilot, every: bool) -> list[int]:
    if pilot.items.each:
        return [int(one.number) for one in pilot.items.each if one.number > 0]
    assert pilot.items.up_to is not None
    most, least = int(pilot.items.up_to.number), max(pilot.annotators, default=1)
    if every or most - least < SIZES:
        return list(range(least, most + 1))
    return sorted({round(least * (most / least) ** (step / (SIZES - 1))) for step in range(SIZES)})


@dataclass(frozen=True, eq=False)
class Measured:
    """What pilots of any size of one vendor and product could measure, drawn once for each scenario.

    A larger pilot holds the smaller ones: its first items are theirs, so that designs are compared on the same luck.
    """

    pilot: Pilot
    shown: Shown
    seed: int
    most: int
    """Most items of any design."""

    def counts(self, what: str, n: int) -> Floats:
        """Items right (or sent back) among the first n in each scenario, shape (S,)."""
        found: Floats = self._hits[what][:, :n].sum(axis=1, dtype=np.float64)
        return found

    @cached_property
    def _hits(self) -> Mapping[str, Booleans]:
        """Which of the items are right, and which sent back, in each scenario; shape (S, most)."""
        found = {}
        for what in ("accuracy", "rework"):
            shares = self.shown.of(what)[:, None]
            found[what] = self._stream(what).random((len(shares), self.most)) < shares
        return found

    @cached_property
    def _luck(self) -> Floats:
        """Luck of the measured pace in each scenario, in its standard errors, shape (S,)."""
        return self._stream("pace").standard_normal(len(self.shown.log_hours))

    def _stream(self, what: str) -> np.random.Generator:
        name = f"pilot of {self.pilot.vendor} with {self.pilot.product}: {what}"
        return np.random.default_rng(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())]))

    @cached_property
    def pace(self) -> Pace:
        """How the pace spreads over people and items, and what is believed of it before the pilot."""
        between = PEOPLE if self.pilot.between_people is None else self.pilot.between_people
        within = ITEMS if self.pilot.between_items is None else self.pilot.between_items
        return Pace(float(self.shown.log_hours.std()), between, within)

    def log_likelihood(self, design: Design, what_of: Sequence[str] | None = None) -> Floats:
        """Of what is measured (or of some of it) in each scenario under every scenario, shape (S, S)."""
        total = np.zeros((len(self.shown.accuracy),) * 2)
        for what in self.pilot.learns if what_of is None else what_of:
            if what == "pace":
                error = self.pace.error(design.people, design.items / design.people)
                seen = self.shown.log_hours + error * self._luck
                total += -0.5 * ((seen[:, None] - self.shown.log_hours[None, :]) / error) ** 2
            else:
                n = design.checked if what == "accuracy" else design.items
                with np.errstate(divide="ignore"):
                    logs = np.log(chances_of_counts(n, self.shown.of(what)))
                total += logs.T[self.counts(what, n).astype(np.int64)]
        return total

    def summaries(self, design: Design) -> Floats:
        """What is measured in each scenario in a few figures, shape (S, F): what a regression is on."""
        columns = []
        for what in self.pilot.learns:
            if what == "pace":
                error = self.pace.error(design.people, design.items / design.people)
                columns.append(self.shown.log_hours + error * self._luck)
            else:
                n = design.checked if what == "accuracy" else design.items
                columns.append(self.counts(what, n) / n)
        return np.stack(columns, axis=1)

    def counted_only(self) -> bool:
        """Whether accuracy is all it learns, so that every outcome can be gone through."""
        return self.pilot.learns == ("accuracy",)


def together(each: Sequence[Sequence[Design]]) -> Iterator[tuple[Design | None, ...]]:
    """Every choice of designs of several pilots, with none of a pilot first."""
    yield from itertools.product(*([None, *some] for some in each))


def many_together(each: Sequence[Sequence[Design]]) -> int:
    """How many choices that is."""
    return math.prod(len(some) + 1 for some in each)
