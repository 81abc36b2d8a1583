"""Scenarios of odds held against `evaluate` of the lines really done, in the case of each scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from allocate import solve
from allocate.api.evaluating import evaluate
from allocate.case.load import Case, read_case
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
            names = tuple(table.levers[number].name for number in levers)
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


def largest_difference(folder: Path, scenarios: int) -> float:
    """Of so many scenarios of a shipped case, with a spread for every input that has none: the largest such distance."""
    case, _ = with_spreads(read_case(folder), 0.1)
    answer = solve(case)
    assert answer.plan is not None
    draws = draw(case, max(16, 8 * -(-scenarios // 8)), seed=7)
    drawn = drawn_of(case, draws)
    found = outcomes(held_plan(answer.routes, answer.plan, drawn), drawn)
    return max(differences(found, scenario_case(case, draws, one), one) for one in range(scenarios))
