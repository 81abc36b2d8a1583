"""What is done after the first stage, by classes of outcomes that people can tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.numbers import Floats
from allocate.odds.clusters import Few
from allocate.odds.drawing import Draws
from allocate.plan import Plan

CLASSES = 3
"""Classes that more outcomes than that are put into."""


@dataclass(frozen=True)
class OutcomeClass:
    """Scenarios that are told together; all figures are means over them, by their chances."""

    chance: float
    amounts: Mapping[str, str]
    """What became known, by dotted path, as a case writes it."""
    scenarios: int
    spend: float
    objective: float
    after: Mapping[tuple[str, str], float]
    """Items made from the period on from which it is known, by product and vendor."""


def classes_of(
    case: Case, draws: Draws, some: Few, plans: Sequence[Plan], reached: Floats, known: int
) -> tuple[OutcomeClass, ...]:
    """Classes of the scenarios chosen, from the worst outcome to the best; reached: what each scenario comes to
    by the objective, shape (scenarios,); known: the period (from 1) from which they differ.

    Where there are no more than three different outcomes, each is a class; else scenarios are parted by what their plans
    come to, a third of the chance each.
    """
    objective = case.file.objective[0]
    order = np.argsort(-reached if objective == "cost" else reached, kind="stable")
    differing = np.unique(np.array([values[some.chosen] for values in draws.amounts.values()]).T, axis=0)
    if len(differing) <= CLASSES:
        groups = _alike(draws, some, order)
    else:
        share = np.cumsum(some.probabilities[order]) - some.probabilities[order] / 2.0
        part = np.minimum((share * CLASSES).astype(int), CLASSES - 1)
        groups = [order[part == n] for n in range(CLASSES) if (part == n).any()]
    return tuple(_class(draws, some, plans, reached, group, known) for group in groups)


def _alike(draws: Draws, some: Few, order: np.ndarray) -> list[np.ndarray]:
    """Scenarios in which every amount is the same, in groups, in the order of their first."""
    groups: dict[tuple[float, ...], list[int]] = {}
    for number in order.tolist():
        key = tuple(float(values[some.chosen[number]]) for values in draws.amounts.values())
        groups.setdefault(key, []).append(number)
    return [np.array(group) for group in groups.values()]


def _class(
    draws: Draws, some: Few, plans: Sequence[Plan], reached: Floats, group: np.ndarray, known: int
) -> OutcomeClass:
    chance = float(some.probabilities[group].sum())
    weight = some.probabilities[group] / chance
    amounts = {
        name: draws.spreads.moved[name].amount(float(f"{weight @ values[some.chosen[group]]:.4g}"))
        for name, values in draws.amounts.items()
    }
    after: dict[tuple[str, str], float] = {}
    for part, number in zip(weight.tolist(), group.tolist(), strict=True):
        lines = plans[number].lines
        later = lines[lines["period"] >= known]
        for product, vendor, items in zip(
            *(later[name].tolist() for name in ("product", "vendor", "items")), strict=True
        ):
            after[product, vendor] = after.get((product, vendor), 0.0) + part * float(items)
    spend = float(weight @ np.array([plans[number].spend for number in group.tolist()]))
    return OutcomeClass(chance, amounts, len(group), spend, float(weight @ reached[group]), after)
