"""What follows from a pilot's outcome: how much is ordered at which count, how likely that is, and the plan then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats, Integers
from allocate.odds.learning_from_pilots import chances_of_counts
from allocate.odds.ordered import Order
from allocate.odds.pilot_designs import Design
from allocate.odds.pilot_values import PilotValues, Weighing

EQUAL = 1e-9
"""Orders whose expected values differ by less of the largest are equally good: more is ordered then."""
PLANS = 24
"""Scenarios that stand for an outcome when its plan is averaged."""
TRUTHS = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Quantiles of the accuracies drawn at which chances are told."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Counts after which the same is ordered."""

    least: int
    """Fewest items right."""
    most: int
    order: int
    """Position on the menu."""
    ordered: float
    """Items of the pilot's vendor and product in all, the pilot's included."""
    chance: float
    weights: Floats
    """Of the scenarios after it, adding up to 1; shape (S,)."""


@dataclass(frozen=True, eq=False)
class Rule:
    """What is ordered after each count of right items of one pilot."""

    design: Design
    outcomes: tuple[Outcome, ...]
    """From few right ones to many."""
    truths: Floats
    """Accuracies at which chances are told, shape (T,)."""
    chances: Floats
    """Chance of each outcome at each of them, shape (T, outcomes)."""

    def name(self, number: int) -> str:
        """Go where most is ordered, stop where least is, and go in part between."""
        amounts = [one.ordered for one in self.outcomes]
        here = amounts[number]
        if len(set(amounts)) == 1:
            return "either way"
        return "go" if here == max(amounts) else "stop" if here == min(amounts) else "go in part"


def rule(weighing: Weighing, number: int, choice: tuple[Design | None, ...]) -> Rule:
    """The rule of one of the pilots that are run, from its counts alone; what other measurements say is averaged over."""
    design, one = choice[number], weighing.pilots[number]
    assert design is not None
    values, weights = weighing.values(choice), weighing.found.probabilities
    chances = chances_of_counts(design.checked, one.measured.shown.accuracy)
    joint = weights[:, None] * chances
    ordered = np.maximum(weighing.found.ordered[:, number], design.items)
    order = monotone(_expected(weighing, one, choice, values, joint), ordered)
    exact = weighing.exact(choice, values)
    predicted = joint.sum(axis=0) if exact is None else exact.belief.chances(design.checked)
    truths = np.unique(np.round(np.quantile(one.measured.shown.accuracy, TRUTHS), 3))
    at_truths = chances_of_counts(design.checked, truths)
    outcomes, columns = [], []
    for least, most in _runs(order):
        inside = slice(least, most + 1)
        total = joint[:, inside].sum(axis=1)
        outcomes.append(
            Outcome(
                least, most, int(order[least]), float(ordered[order[least]]), float(predicted[inside].sum()),
                total / max(float(total.sum()), 1e-300),
            )
        )  # fmt: skip
        columns.append(at_truths[:, inside].sum(axis=1))
    return Rule(design, tuple(outcomes), truths, np.stack(columns, axis=1))


def _expected(
    weighing: Weighing, one: PilotValues, choice: tuple[Design | None, ...], values: Floats, joint: Floats
) -> Floats:
    """Value of each order after each count, times the chance of the count; shape (counts, A)."""
    exact, design = weighing.exact(choice, values), choice[weighing.pilots.index(one)]
    if exact is None or design is None:
        found: Floats = joint.T @ values
        return found
    after = exact.at_nought + exact.slopes * exact.belief.means_after(design.checked)[:, None]
    return after * exact.belief.chances(design.checked)[:, None]


def monotone(expected: Floats, ordered: Floats) -> Integers:
    """The best order after each count that orders no less after more right items, shape (counts,); of equals more is ordered.

    expected: value of each order after each count, times the chance of the count; ordered: items of each order. Few scenarios
    lie behind counts that are rare, and a rule that went up and down among them would say nothing.
    """
    rank = np.argsort(ordered, kind="stable")
    values = expected[:, rank]
    room = EQUAL * (float(np.abs(values).sum(axis=0).max()) or 1.0)
    came = np.zeros(values.shape, np.int32)
    total = values[0].copy()
    for count in range(1, len(values)):
        best = np.maximum.accumulate(total)
        places = np.where(total >= best - room, np.arange(len(total)), 0)
        came[count] = np.maximum.accumulate(places)
        total = best + values[count]
    chosen = np.empty(len(values), np.int32)
    chosen[-1] = int(np.flatnonzero(total >= total.max() - room)[-1])
    for count in range(len(values) - 1, 0, -1):
        chosen[count - 1] = came[count][chosen[count]]
    found: Integers = rank[chosen].astype(np.int32)
    return found


def _runs(order: Integers) -> list[tuple[int, int]]:
    """First and last position of every run of equal entries."""
    starts = [0, *(np.flatnonzero(np.diff(order)) + 1).tolist()]
    return list(zip(starts, [*(start - 1 for start in starts[1:]), len(order) - 1], strict=True))


@dataclass(frozen=True, eq=False)
class Following:
    """The plan after an outcome, averaged over the scenarios that are likely then."""

    items: Floats
    """By product and vendor, shape (P, V)."""
    spend: float
    value: float
    """What the first objective comes to."""


def following(orders: Sequence[Order], weights: Floats, ordered: Floats, pilot: Floats) -> Following:
    """The mean plan with so much ordered after the pilots; each scenario's plan is the best there is in it."""
    total = np.cumsum(weights)
    marks = (np.arange(PLANS) + 0.5) / PLANS * total[-1]
    chosen = np.minimum(np.searchsorted(total, marks), len(orders) - 1)
    items, spend, value = [], [], []
    for at in chosen.tolist():
        one = orders[at]
        found = one.plan(np.maximum(ordered, np.nan_to_num(pilot)), pilot)
        if found is None:
            continue
        layout = one.built.layout
        table = np.zeros((len(layout.routes.products), len(layout.routes.vendors)))
        np.add.at(table, (layout.product, layout.vendor), found[layout.ids])
        items.append(table)
        spend.append(float(one.built.worth @ found[: len(one.built.worth)]))
        value.append(one.built.program.arrays().objective(found))
    return Following(np.mean(items, axis=0), float(np.mean(spend)), float(np.mean(value)))
