"""What moves the results of a plan: the share of their variance that each input explains by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocate.case.inputs import inputs
from allocate.case.load import Case
from allocate.case.spreads import Event, Factor
from allocate.case.spreads.words import leaves
from allocate.numbers import Floats
from allocate.odds.drawing import Draws, moved
from allocate.odds.estimates import Blocks, Estimate, estimate

BINS = 32
"""Parts an input's scenarios are cut into, equally many in each."""
IN_A_BIN = 16
"""Scenarios a part has at least; fewer say little of a mean."""


@dataclass(frozen=True)
class Driver:
    """One input, and the share of the variance of some figures that it explains by itself."""

    amount: str
    shares: Mapping[str, Estimate]
    """By figure."""
    worth_knowing: Estimate | None = None
    """What it would be worth to know it before the plan is chosen; None where that was not asked."""


def first_order(drawn: Floats, result: Floats) -> float:
    r"""Share of the variance of a result that an input explains by itself, from scenarios that are there already.

    .. math:: S = \frac{\operatorname{Var} E[Y \mid X]}{\operatorname{Var} Y}

    (Plischke, Borgonovo and Smith, European Journal of Operational Research 226(3), 2013): the scenarios are cut by the input into parts of
    equal size, and the variance of the parts' means is freed of what chance alone gives it, as in an analysis of variance
    (epsilon squared). It may come out a little below 0 where the input says nothing. drawn, result: shape (scenarios,).
    """
    count, known = len(result), np.unique(drawn)
    many = max(2, min(BINS, count // IN_A_BIN))
    if len(known) <= many:
        part = np.searchsorted(known, drawn)
    else:
        part = np.argsort(np.argsort(drawn, kind="stable"), kind="stable") * many // count
    sizes = np.bincount(part)
    parts = int((sizes > 0).sum())
    around = result - result.mean()
    total = float(around @ around)
    if total <= 0.0 or parts < 2 or count <= parts:
        return 0.0
    sums = np.bincount(part, around)
    between = float((sums**2 / np.maximum(sizes, 1)).sum())
    within = max(total - between, 0.0) / (count - parts)
    return (between - (parts - 1) * within) / total


def drivers(case: Case, draws: Draws, results: Mapping[str, Floats]) -> tuple[Driver, ...]:
    """Every input that was drawn, those that explain most of any result first; results: by figure, shape (scenarios,)."""
    words = words_of(case, draws)
    found = [
        Driver(words[name], {figure: _share(own, result, draws.blocks) for figure, result in results.items()})
        for name, own in own_draws(draws).items()
    ]
    return tuple(sorted(found, key=lambda one: -max((share.value for share in one.shares.values()), default=0.0)))


def words_of(case: Case, draws: Draws) -> dict[str, str]:
    """What each amount drawn is called: as `sensitivity` has it where it alone of that input is drawn, else by its keys and owner.

    By its dotted path where others have the same words.
    """
    drawn = draws.spreads.amounts
    found = {name: name for name in (*drawn, *draws.factors)}
    said = {one.path: one.words() for one in leaves(case.document.data)} if drawn else {}
    words = Counter(said.values())
    found |= {name: said[one.path] for name, one in drawn.items() if words[said.get(one.path, "")] == 1}
    for one in inputs(case):
        of = [path for path, _ in one.values if path in drawn]
        if len(of) == 1:
            found[of[0]] = one.name
    return found


def _share(own: Floats, result: Floats, blocks: Blocks) -> Estimate:
    def share(both: Floats) -> float:
        return first_order(both[:, 0], both[:, 1])

    return estimate(share, np.column_stack([own, result]), blocks)


def own_draws(draws: Draws) -> dict[str, Floats]:
    """What was drawn of each amount by itself, and of each shared cause: what a cause does to an amount is the cause's."""
    spreads = draws.spreads
    own: dict[str, Floats] = {name: draws.amounts[name] for name in spreads.amounts}
    causes: tuple[Factor | Event, ...] = (*spreads.factors, *spreads.events)
    for cause in causes:
        for name in cause.of:
            if name in own:
                own[name] = moved(spreads.moved[name], own[name], 1.0 / draws.factors[cause.name])
    return {**own, **draws.factors}


def unexplained(found: tuple[Driver, ...], figure: str) -> float:
    """The share of a figure's variance that no input explains by itself: inputs together, weeks, and luck with items."""
    return max(0.0, 1.0 - sum(max(one.shares[figure].value, 0.0) for one in found))
