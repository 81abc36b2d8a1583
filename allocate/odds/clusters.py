"""A few scenarios that stand for many: clusters of draws, each with the chance of all that are nearest to it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema.uncertain import BLOCKS
from allocate.case.spreads import Event, Factor, Spreads
from allocate.numbers import Floats
from allocate.odds.drawing import Draws, moved
from allocate.odds.scenarios import scenario_case

ROUNDS = 100
"""Rounds of Lloyd's algorithm at most; it ends when no draw changes its cluster."""
T_OF_BLOCKS = 2.364624
"""97.5 % point of Student's distribution with one degree of freedom less than there are blocks, 7."""


@dataclass(frozen=True, eq=False)
class Few:
    """Draws that stand for all, block by block."""

    chosen: NDArray[np.int64]
    """Scenarios of the draws, from 0, block after block."""
    probabilities: Floats
    blocks: NDArray[np.int64]
    """The block of each."""


def known_only(draws: Draws) -> Draws:
    """The draws with every amount that the case does not say will be known at its P50, and moved by no cause that is unknown.

    An amount that will be known is known as it comes to, causes included.
    """
    spreads = draws.spreads
    names = {name for one in spreads.known for name in one.of}
    amounts: dict[str, Floats] = {}
    for name, spread in spreads.moved.items():
        if name in names:
            amounts[name] = draws.amounts[name]
            continue
        values = np.full(draws.count, spread.middle)
        causes: tuple[Factor | Event, ...] = (*spreads.factors, *spreads.events)
        for cause in causes:
            if cause.name in names and name in cause.of:
                values = moved(spread, values, draws.factors[cause.name])
        if np.ptp(values) > 0:
            amounts[name] = values
    return replace(draws, amounts=amounts, spreads=_of(spreads, amounts))


def few(draws: Draws, most: int) -> Few:
    """At most so many of the draws, the same number from each block, with the chances of those nearest to each.

    k-means over the logarithms of the amounts, each over its standard deviation, and of each cluster the draw nearest to its
    centre (Lloyd 1982; Arthur and Vassilvitskii 2007 for the start). All draws, where there are no more.
    """
    points = _points(draws)
    each = max(most // BLOCKS, 1)
    chosen: list[int] = []
    sizes: list[int] = []
    for block in range(BLOCKS):
        inside = np.flatnonzero(draws.blocks == block)
        random = np.random.default_rng(np.random.SeedSequence([draws.seed, zlib.crc32(b"clusters"), block]))
        places, counts = _clusters(points[inside], each, random)
        chosen += inside[places].tolist()
        sizes += counts.tolist()
    number = np.array(chosen)
    return Few(number, np.array(sizes) / draws.count, draws.blocks[number])


def mean_case(case: Case, draws: Draws, some: Few) -> Case:
    """The case with every amount at its mean over the scenarios chosen."""
    means = {name: np.array([float(some.probabilities @ v[some.chosen])]) for name, v in draws.amounts.items()}
    return scenario_case(case, replace(draws, amounts=means, blocks=draws.blocks[:1]), 0)


def block_error(figures: Floats, some: Few) -> float:
    """Half of the 95 % interval of the mean of a figure of each scenario, from the means of the blocks; same unit."""
    weight = np.bincount(some.blocks, some.probabilities)
    means = np.bincount(some.blocks, some.probabilities * figures) / weight
    return float(T_OF_BLOCKS * means.std(ddof=1) / np.sqrt(len(means)))


def _of(spreads: Spreads, amounts: dict[str, Floats]) -> Spreads:
    own = {name: one for name, one in spreads.amounts.items() if name in amounts}
    return replace(
        spreads, amounts=own, fixed={n: one for n, one in spreads.moved.items() if n in amounts and n not in own}
    )


def _points(draws: Draws) -> Floats:
    """Draws as points: logarithms of amounts above zero, each over its standard deviation; shape (scenarios, amounts)."""
    columns = []
    for values in draws.amounts.values():
        logs = np.log(values) if (values > 0).all() else values
        spread = float(logs.std())
        if spread > 0:
            columns.append((logs - logs.mean()) / spread)
    return np.array(columns).reshape(len(columns), -1).T if columns else np.zeros((draws.count, 1))


def _clusters(points: Floats, count: int, random: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The point nearest to the centre of each cluster, and how many points it stands for."""
    centres = _first(points, count, random)
    label = np.full(len(points), -1)
    for _ in range(ROUNDS):
        distance = ((points[:, None, :] - centres[None]) ** 2).sum(axis=2)
        again = distance.argmin(axis=1)
        if (again == label).all():
            break
        label = again
        centres = np.array(
            [points[label == n].mean(axis=0) if (label == n).any() else c for n, c in enumerate(centres)]
        )
    sizes = np.bincount(label, minlength=len(centres))
    used = np.flatnonzero(sizes)
    nearest = [np.flatnonzero(label == n)[distance[label == n, n].argmin()] for n in used.tolist()]
    return np.array(nearest), sizes[used]


def _first(points: Floats, count: int, random: np.random.Generator) -> Floats:
    """Centres to begin with: each next one drawn by its squared distance to those there are."""
    chosen = [int(random.integers(len(points)))]
    nearest = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count and nearest.sum() > 0:
        chosen.append(int(random.choice(len(points), p=nearest / nearest.sum())))
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]
