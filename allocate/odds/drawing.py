"""Scenarios drawn: Latin hypercube samples of every amount with a spread, in independent blocks, the same for the same seed.

Every amount, cause and week has a stream of random numbers of its own, keyed by its name: one more spread in a case, another
order, or a case with one spread less leave all other draws as they are, so that variants of a case meet the same scenarios.
Each block is a Latin hypercube by itself (McKay, Beckman and Conover, 1979): the distance between blocks says how sure a figure
over all scenarios is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.schema.uncertain import BLOCKS
from allocate.case.spreads import Event, Factor, Spread, Spreads, Together
from allocate.numbers import Floats
from allocate.odds.distributions import of_event, of_factor, of_week, quantiles
from allocate.quantiles import stratified

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Draws:
    """Scenarios of a case; all arrays have one entry for each scenario first. Those of a block stand together."""

    spreads: Spreads
    seed: int
    blocks: NDArray[np.int64]
    """The block of each scenario, 0 to 7."""
    amounts: Mapping[str, Floats]
    """By dotted path: what the amount is set to, in the unit it is written in, causes included; shape (scenarios,)."""
    factors: Mapping[str, Floats]
    """By the name of a cause (factor or event): what it multiplies its amounts by; shape (scenarios,)."""
    weekly: Mapping[str, Floats]
    """By dotted path, of amounts that are counted week by week: what each period multiplies them by; shape (scenarios, periods)."""

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return len(self.blocks)

    @cached_property
    def ratios(self) -> Mapping[str, Floats]:
        """By dotted path: what was drawn, over P50; shape (scenarios,)."""
        moved = self.spreads.moved
        return {name: values / moved[name].middle for name, values in self.amounts.items()}

    def table(self) -> pd.DataFrame:
        """One row for each scenario: its number from 1, its block from 1, and every amount and cause drawn, by name."""
        import pandas as pd

        numbers = {"scenario": np.arange(1, self.count + 1), "block": self.blocks + 1}
        return pd.DataFrame({**numbers, **self.amounts, **self.factors})


def draw(case: Case, scenarios: int | None = None, seed: int | None = None) -> Draws:
    """Scenarios of a case; scenarios and seed: those of its block `uncertain` where they are not given (1,024 and 1).

    Raises ValueError for scenarios that are no multiple of the number of blocks, or fewer than two in a block.
    """
    spreads = case.spreads
    many = spreads.settings.scenarios if scenarios is None else scenarios
    start = spreads.settings.seed if seed is None else seed
    if many % BLOCKS or many < 2 * BLOCKS:
        raise ValueError(f"scenarios are drawn in {BLOCKS} equal parts of two or more, got {many}")
    at = {name: latin(start, name, many) for name in spreads.amounts}
    for group in groups(spreads.together):
        at |= together({name: at[name] for name in group}, spreads.together)
    factors = {
        one.name: of_factor(one, latin(start, f"uncertain.factors.{one.name}", many), spreads.settings.stretch)
        for one in spreads.factors
    }
    factors |= {one.name: of_event(one, latin(start, f"uncertain.factors.{one.name}", many)) for one in spreads.events}
    amounts = {name: quantiles(one, at[name], spreads.settings.stretch) for name, one in spreads.amounts.items()}
    amounts |= {name: np.full(many, one.middle) for name, one in spreads.fixed.items()}
    causes: tuple[Factor | Event, ...] = (*spreads.factors, *spreads.events)
    for cause in causes:
        for name in cause.of:
            amounts[name] = moved(spreads.moved[name], amounts[name], factors[cause.name])
    weekly = {
        name: np.stack(
            [of_week(one, latin(start, f"{name} in period {t + 1}", many)) for t in range(case.periods.count)],
            axis=1,
        )
        for name, one in spreads.amounts.items()
        if one.weekly is not None
    }
    for name in [name for name in weekly if not is_weekly(spreads.amounts[name].path)]:
        amounts[name] = moved(spreads.amounts[name], amounts[name], weekly.pop(name).mean(axis=1))
    return Draws(spreads, start, np.repeat(np.arange(BLOCKS), many // BLOCKS), amounts, factors, weekly)


def is_weekly(path: Path_) -> bool:
    """Whether a figure is counted week by week: what a vendor can do. Of others that differ by week the mean counts."""
    return (
        path[0] == "vendors"
        and len(path) > 2
        and path[2] in ("capacity", "people", "hours", "productivity", "capacity-steps")
    )


def latin(seed: int, name: str, scenarios: int) -> Floats:
    """Quantiles in (0, 1) of one name, each block a Latin hypercube by itself; shape (scenarios,)."""
    return stratified(seed, name, scenarios, BLOCKS)


def moved(spread: Spread, values: Floats, factor: Floats) -> Floats:
    """Values of an amount under a cause: times the factor; of an accuracy its errors are, of shares by their odds."""
    if not spread.is_share:
        return np.asarray(values * factor)
    share = values / spread.whole
    up = 1.0 / factor if spread.path[-1] == "accuracy" or "accuracy" in spread.path[-2:] else factor
    odds = share / (1.0 - share) * up
    return np.asarray(odds / (1.0 + odds) * spread.whole)


def groups(pairs: Sequence[Together]) -> list[tuple[str, ...]]:
    """Amounts that go together, directly or through others, each in one group, in the order they are named."""
    found: list[dict[str, None]] = []
    for one in pairs:
        joined = dict.fromkeys(one.amounts)
        apart = []
        for group in found:
            if group.keys() & joined.keys():
                joined = {**group, **joined}
            else:
                apart.append(group)
        found = [*apart, joined]
    return [tuple(group) for group in found]


def together(at: Mapping[str, Floats], pairs: Sequence[Together]) -> dict[str, Floats]:
    """The same quantiles of each amount, put in an order in which their ranks correlate as they should, block by block.

    Iman and Conover (1982): normal scores of the quantiles, freed of the correlation they have by chance, are given the one
    that is wanted (of normals: 2 sin(pi rank / 6)), and each amount's quantiles take the order of its scores. Every margin
    stays as it was drawn; the first amount stays where it was.
    """
    names = list(at)
    wanted = np.eye(len(names))
    for one in pairs:
        places = [names.index(name) for name in one.amounts if name in at]
        for i in places:
            for j in places:
                if i != j:
                    wanted[i, j] = 2.0 * np.sin(np.pi * one.correlation / 6.0)
    root = _root(wanted)
    values = np.stack([at[name] for name in names]).reshape(len(names), BLOCKS, -1)
    normal = NormalDist().inv_cdf
    scores = np.vectorize(normal)(values)
    result = np.empty_like(values)
    for block in range(BLOCKS):
        z = scores[:, block] - scores[:, block].mean(axis=1, keepdims=True)
        freed = (
            np.linalg.solve(_root(np.corrcoef(z)), z / z.std(axis=1, keepdims=True)) if z.shape[1] > len(names) else z
        )
        ranks = (root @ freed).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        result[:, block] = np.take_along_axis(np.sort(values[:, block], axis=1), ranks, axis=1)
    return {name: result[number].ravel() for number, name in enumerate(names)}


def _root(matrix: Floats) -> Floats:
    """The lower triangular root of a positive semi-definite matrix."""
    size = len(matrix)
    root = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i, j] - root[i, :j] @ root[j, :j]
            if i == j:
                root[i, i] = np.sqrt(max(rest, 0.0))
            elif root[j, j] > 1e-7:
                root[i, j] = rest / root[j, j]
    return root


def without_spreads(spreads: Spreads) -> Spreads:
    """Nothing but the settings: what is left of a case's uncertainty where all is known."""
    return replace(Spreads(), settings=spreads.settings)
