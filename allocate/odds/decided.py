"""Which columns of a case's program are decided before a period, and cases as scenarios of one decision."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from allocate.odds.stacked import Scenario, Stacked
from allocate.program.arrays import Floats, Integers
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.program.objective import gives_of
from allocate.solvers.goals import Goal

DECIDED = ("items", "overtime", "in_shift", "shift_open")
"""Families that are decided period by period. All others follow from decisions, as what is owed does, or are not per period."""


def decided_before(built: Built, known: int) -> tuple[Integers, list[Hashable]]:
    """The columns decided before a period (from 0), and what each decides, by name.

    Items, overtime and shifts of the periods before it, who is hired or released by a notice that begins before it, and
    levers that begin before it. Whether a vendor is engaged follows from its items.
    """
    columns: list[Integers] = []
    keys: list[Hashable] = []
    for family, block in built.program.columns.items():
        chosen = np.flatnonzero(_begins(built, family, block) < known).astype(np.int32)
        columns.append(block.ids[chosen])
        keys += [(family, *key) for key in _named(built, block, chosen)]
    return np.concatenate([*columns, np.empty(0, np.int32)]).astype(np.int32), keys


def scenario_of(built: Built, known: int, probability: float = 1.0) -> Scenario:
    """The program of a case as a scenario whose decisions before a period (from 0) are common to all."""
    columns, keys = decided_before(built, known)
    return Scenario(probability, built.program.arrays(), columns, keys, built.program.structure())


def further_goals(made: Stacked, cases: Sequence[Built]) -> list[Goal]:
    """What is sought after the mean of the first objective: the mean of the case's further goals, then what breaks ties."""
    found = []
    for number, aim in enumerate(cases[0].aims[1:], 1):
        costs = _padded(made, [one.aims[number].costs for one in cases])
        found.append(Goal(aim.name, costs, aim.maximise, gives=gives_of(cases[0].layout.case)))
    for number, tie in enumerate(cases[0].ties):
        costs = _padded(made, [one.ties[number].costs for one in cases])
        found.append(Goal(tie.name, costs, tie.maximise, breaks_ties=True))
    return found


def _padded(made: Stacked, costs: Sequence[Floats]) -> Floats:
    """The mean of coefficients of each scenario's own columns; what users added weighs nothing."""
    pairs = zip(made.scenarios, costs, strict=True)
    return made.expected([np.concatenate([c, np.zeros(one.arrays.column_count - len(c))]) for one, c in pairs])


def _begins(built: Built, family: str, block: Block) -> Integers:
    """The period at whose start each member of a family is decided; beyond the horizon where it follows from others."""
    layout, never = built.layout, np.full(len(block), np.iinfo(np.int32).max, np.int32)
    if family in DECIDED:
        return block.index["period"]
    if family == "bought":
        first = np.array([lever.first for lever in layout.routes.levers], np.int32)
        return first[block.index["lever"]]
    if family in ("hired", "released"):
        notice = {team.vendor: team.hire_from if family == "hired" else team.release_from for team in layout.teams}
        ahead = np.array([notice[vendor] for vendor in block.index["vendor"].tolist()], np.int32)
        begins: Integers = np.maximum(block.index["period"] - ahead, 0)
        return begins
    return never


def _named(built: Built, block: Block, chosen: Integers) -> list[tuple[Hashable, ...]]:
    """Members of a family by the names of what they stand for, positions where there are none."""
    axes: list[list[Hashable]] = []
    for axis, places in block.index.items():
        names = built.program.names.get(axis)
        axes.append([(place if names is None else names[place]) for place in places[chosen].tolist()])
    return list(zip(*axes, strict=True)) if axes else [()] * len(chosen)
