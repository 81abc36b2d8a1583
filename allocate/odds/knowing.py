"""What knowing an input beforehand would be worth: the choice it would change, among plans that were each made for one scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.api.solving import solve
from allocate.case.load import Case
from allocate.errors import CaseError
from allocate.numbers import Floats
from allocate.odds.drawing import Draws
from allocate.odds.drawn import Drawn, Places
from allocate.odds.estimates import T_95, Blocks, Estimate
from allocate.odds.outcomes import Held, held_plan, outcomes
from allocate.odds.scenarios import scenario_case
from allocate.odds.stopping import stopped_at_budget

PARTS = 16
"""Parts an input's scenarios are cut into: what is known of it is in which of them it lies."""


@dataclass(frozen=True)
class Knowing:
    """What knowing is worth, in the currency of the case; a lower bound, for only plans of the menu are chosen from."""

    plans: int
    """Plans of the menu, the one that is held among them."""
    everything: Estimate
    """Knowing all that was drawn."""
    amounts: Mapping[str, Estimate]
    """Knowing one input, by its name."""


def knowing(
    case: Case, held: Held, draws: Draws, drawn: Drawn, own: Mapping[str, Floats], plans: int
) -> Knowing | None:
    """What it is worth to know each input before the plan is chosen; None where the case aims at no value.

    The menu is the plan that is held and the best plans of some scenarios, each held in all scenarios, its work ending when
    the budget is spent; labels that come too late are worth nothing. own: what was drawn of each input by itself, by its name.
    plans: scenarios that are planned for the menu.
    """
    goal = case.file.objective[0]
    if goal == "cost":
        return None
    menu = [held, *_plans(case, held, draws, drawn, plans)]
    values = np.column_stack([stopped_at_budget(outcomes(one, drawn)).objective(goal) for one in menu])
    all_of_it = np.arange(draws.count)
    return Knowing(
        len(menu),
        worth_of(values, all_of_it, draws.blocks, perfect=True),
        {name: worth_of(values, parts_of(moved, PARTS), draws.blocks) for name, moved in own.items()},
    )


def _plans(case: Case, held: Held, draws: Draws, drawn: Drawn, plans: int) -> Sequence[Held]:
    """The best plans of some scenarios, evenly far apart among those drawn; scenarios without a plan have none."""
    found = []
    for scenario in np.linspace(0, draws.count - 1, plans).round().astype(int).tolist():
        try:
            answer = solve(scenario_case(case, draws, scenario))
        except CaseError:
            continue
        if answer.plan is not None:
            found.append(held_plan(held.table, answer.plan, drawn))
    return found


def parts_of(moved: Floats, parts: int) -> Places:
    """The part of its range an input lies in, by scenario: equally many in each, or one for each of a few values."""
    known, count = np.unique(moved), len(moved)
    if len(known) <= parts:
        of_values: Places = np.searchsorted(known, moved)
        return of_values
    found: Places = np.argsort(np.argsort(moved, kind="stable"), kind="stable") * parts // count
    return found


def worth_of(values: Floats, part: Places, blocks: Blocks, perfect: bool = False) -> Estimate:
    r"""What it is worth to know the part before choosing an action: the expected value of partial perfect information.

    .. math:: E_X \max_a E[V_a \mid X] - \max_a E[V_a]

    The best action of each part is chosen by seven of the eight blocks and valued in the eighth, in turn: chosen and valued by the
    same scenarios it would seem too good. values: shape (scenarios, actions); perfect: each scenario is a part of its own.
    """
    gains = []
    for block in np.unique(blocks).tolist():
        inside, others = blocks == block, blocks != block
        blind = int(values[others].mean(axis=0).argmax())
        if perfect:
            gains.append(float((values[inside].max(axis=1) - values[inside, blind]).mean()))
            continue
        choice = np.full(int(part.max()) + 1, blind)
        for one in np.unique(part[others]).tolist():
            choice[one] = int(values[others & (part == one)].mean(axis=0).argmax())
        rows = np.flatnonzero(inside)
        gains.append(float((values[rows, choice[part[rows]]] - values[rows, blind]).mean()))
    error = T_95 * float(np.std(gains, ddof=1)) / np.sqrt(len(gains))
    return Estimate(max(0.0, float(np.mean(gains))), float(error))
