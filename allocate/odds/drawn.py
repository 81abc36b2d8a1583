"""What is drawn of a case, as numbers its figures are multiplied by; and the same case in one scenario, or in cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.document import Path_
from allocate.case.load import Case, with_facts_of
from allocate.costing.lifted import LIFTED, figures_at, revalued
from allocate.formula import cell
from allocate.numbers import Floats
from allocate.odds.drawing import Draws, latin

Places = NDArray[np.integer[Any]]
"""Positions, or numbers of periods."""
Luck = int | tuple[int, int]
"""What there is luck with: the accuracy of a product, by its position, or one of its further qualities, by product and number."""
_NOT_MONEY = (
    "value", "demand", "milestones", "work-in-progress", "deadline", "capacity", "capacity-steps", "people", "utilisation",
)  # fmt: skip
"""Keys that decide how much is made, and what it is worth, and not what it costs."""
LEADS = ("lead", "leads")
"""Keys that decide when it is delivered."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """Figures of a case in each of so many scenarios."""

    case: Case
    count: int
    ratios: Mapping[Path_, Floats]
    """By the path of a figure, what it is multiplied by in each scenario, shape (count,)."""
    weekly: Mapping[int, Floats] = field(default_factory=dict)
    """By a vendor's position, what its capacity of each period is multiplied by beside that, shape (count, T)."""
    chance: Mapping[Luck, Floats] = field(default_factory=dict)
    """Standard normal draws of luck with single items, shape (count,); absent: none."""

    @cached_property
    def figures(self) -> Mapping[Path_, float]:
        """The number as written, in base units, of each figure that is drawn."""
        return figures_at(self.case, self.ratios)

    @cached_property
    def of_money(self) -> tuple[Path_, ...]:
        """Figures that work, money or quality of an item follow from."""
        late = any(vendor.contract.lateness for vendor in self.case.vendors.values())  # what comes late may cost less
        return tuple(p for p in self.ratios if _is_traced(p) and (late or not any(step in LEADS for step in p)))

    def moving(self, keys: Mapping[str, tuple[str, ...] | None]) -> Drawn:
        """The same with those figures alone that stand in some blocks of the case, under some of their keys; None: under any."""
        chosen = {path: one for path, one in self.ratios.items() if _stands_in(path, keys)}
        return Drawn(self.case, self.count, chosen, self.weekly, self.chance)

    def at(self, scenario: int) -> Case:
        """The case in one scenario."""
        return self._with_facts({path: float(ratio[scenario]) for path, ratio in self.ratios.items()})

    def in_cells(self, scenario: int, every: bool = False) -> Case:
        """The case with a cell in place of each figure of `of_money` (or of every one), as it is in one scenario."""
        paths = self.ratios if every else self.of_money
        return self._with_facts({path: cell(path, float(self.ratios[path][scenario])) for path in paths})

    def _with_facts(self, figures: Mapping[Path_, Any]) -> Case:
        """The case with other figures, of what is to come alone: what is done has no spread."""
        return with_facts_of(revalued(self.case, figures), self.case)

    def only(self, chosen: Places) -> Drawn:
        """Some of the scenarios, by their positions."""
        parts = [{key: one[chosen] for key, one in table.items()} for table in (self.ratios, self.weekly, self.chance)]
        return Drawn(self.case, len(chosen), *parts)  # type: ignore[arg-type]


def drawn_of(case: Case, draws: Draws) -> Drawn:
    """What scenarios make of the figures of a case, and luck with the items of each product."""
    moved, ratios = draws.spreads.moved, draws.ratios
    paths = {moved[name].path: ratios[name] for name in ratios}
    weekly: dict[int, Floats] = {}
    for name, factors in draws.weekly.items():
        vendor = list(case.vendors).index(str(moved[name].path[1]))
        weekly[vendor] = weekly.get(vendor, 1.0) * factors
    normal = NormalDist().inv_cdf
    luck = {
        key: np.array([normal(one) for one in latin(draws.seed, f"luck with {words}", draws.count).tolist()])
        for key, words in luck_of(case).items()
    }
    return Drawn(case, draws.count, paths, weekly, luck)


def luck_of(case: Case) -> dict[Luck, str]:
    """What there is luck with, in words."""
    found: dict[Luck, str] = {number: f"items of {name}" for number, name in enumerate(case.products)}
    for product, (name, one) in enumerate(case.products.items()):
        found |= {(product, number): f"{quality} of {name}" for number, quality in enumerate(one.qualities)}
    return found


def as_written(case: Case) -> Drawn:
    """The case as it is written, once."""
    return Drawn(case, 1, {})


def _stands_in(path: Path_, keys: Mapping[str, tuple[str, ...] | None]) -> bool:
    if path[0] not in keys:
        return False
    asked = keys[str(path[0])]
    return asked is None or any(step in asked for step in path[2:])


def _is_traced(path: Path_) -> bool:
    top = str(path[0]).replace("-", "_")
    return top in (*LIFTED, "workflows", "model") and not any(step in _NOT_MONEY for step in path[2:])
