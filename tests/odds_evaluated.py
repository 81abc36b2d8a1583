"""Scenarios of odds held against `evaluate` of the lines really done, in the case of each scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from allocate import solve
from allocate.api.evaluating import evaluate
from allocate.case.load import Case, read_case
from allocate.case.names import OF_CAPACITY
from allocate.case.plan_file import PlanLine
from allocate.costing.limits.amounts import last_period
from allocate.odds.assumed import with_spreads
from allocate.odds.drawing import draw
from allocate.odds.drawn import drawn_of
from allocate.odds.outcomes import Outcomes, held_plan, outcomes
from allocate.odds.scenarios import scenario_case


def really_done(found: Outcomes, scenario: int, in_time: bool = False) -> list[PlanLine]:
    """The lines made in one scenario."""
    track, table, lines = found.track, found.track.table, []
    lead = np.broadcast_to(track.item.lead, track.done.items.shape)
    last = last_period(track.drawn.case)
    for entry, items in enumerate(track.done.items[:, scenario].tolist()):
        product, vendor, workflow, levers = table.key(int(track.route[entry]))
        period = int(track.done.period[entry])
        if items > 0 and not (in_time and period + lead[entry, scenario] >= last[track.product[entry]]):
            raising = (
                one for one in table.levers
                if one.number in found.held.bought and one.gives(int(table.vendor[track.route[entry]])) and one.first <= period
            )  # fmt: skip
            more = [one.name + OF_CAPACITY for one in raising if one.number not in levers]
            names = (*(table.levers[number].name for number in levers), *more)
            lines.append(PlanLine(product, vendor, workflow, period + 1, items, names))
    return lines


def differences(found: Outcomes, case: Case, scenario: int) -> float:
    """The largest distance of the money of one scenario from `evaluate` of the lines done in it, relative to the spend."""
    plan = evaluate(case, really_done(found, scenario), found.held.staff).plan
    in_time = evaluate(case, really_done(found, scenario, True), found.held.staff).plan  # what is late is worth nothing
    track = found.track
    pairs = [
        (plan.spend, track.spend), (in_time.value, track.value), (plan.penalty, track.penalty),
        (plan.escaped_error_cost, track.error_cost), (plan.net_value - plan.value + in_time.value, found.net_value),
    ]  # fmt: skip
    return max(abs(own - float(ours[scenario])) for own, ours in pairs) / max(plan.spend, 1.0)


def largest_difference(source: Path | Mapping[str, Any], scenarios: int) -> float:
    """Of so many scenarios of a case, with a spread for every input that has none: the largest such distance; 0 without a plan."""
    case, _ = with_spreads(read_case(source), 0.1)
    answer = solve(case)
    if answer.plan is None:
        return 0.0
    draws = draw(case, max(16, 8 * -(-scenarios // 8)), seed=7)
    drawn = drawn_of(case, draws)
    found = outcomes(held_plan(answer.routes, answer.plan, drawn), drawn)
    return max(differences(found, scenario_case(case, draws, one), one) for one in range(scenarios))
