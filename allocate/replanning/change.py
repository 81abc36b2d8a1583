"""The least change from an earlier plan among those that are as good, or nearly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocate.api.solving import formulate, planned
from allocate.case.load import Case
from allocate.case.names import OF_CAPACITY
from allocate.case.plan_file import PlanLine
from allocate.costing.supply.teams import Staff
from allocate.costing.table import Routes
from allocate.explaining.alternatives import stay_near
from allocate.plan import Plan
from allocate.program.arrays import Floats
from allocate.program.build import Built
from allocate.program.goals.change import put_changes, weight_of_change
from allocate.program.objective import gives_of
from allocate.solvers.solve import Goal, solve
from allocate.tables.frames import table_of


@dataclass(frozen=True)
class Near:
    """How far from the best a plan with less change may be."""

    within: float = 0.0
    """Share of the best objective that may be given up for it."""
    price: float | None = None
    """Money that one EU of change weighs; None: change decides between plans that are as good only."""


def in_order(ways: Routes, lines: Iterable[PlanLine], first: int) -> list[PlanLine]:
    """Lines in the order of plans: by route, then by period; first: position of the first period planned. KeyError without a route."""
    position = {lever.name: lever.number for lever in ways.levers}

    def place(line: PlanLine) -> tuple[int, int]:
        own = tuple(
            sorted(position[name] for name in line.levers if name in position and not name.endswith(OF_CAPACITY))
        )
        return ways.number_in((line.product, line.vendor, line.workflow, own), line.period - 1, first), line.period

    return sorted(lines, key=place)


def staff_of_plan(case: Case, plan: Plan) -> Staff:
    """What a plan decided about in-house teams."""
    staff, periods = table_of(plan, "staff"), case.periods.count
    parts = (np.array(staff[name].tolist(), dtype=np.float64) for name in ("hired", "released", "overtime"))
    return Staff(*(part.reshape(-1, periods) for part in parts))


def nearest(case: Case, before: Iterable[PlanLine], near: Near, time_limit: float | None) -> Plan | None:
    r"""The plan nearest to the lines of an earlier one, of those that reach as much as the best of each goal, or nearly.

    .. math:: x_{rt} - a_{rt} + d_{rt} = X_{rt} \quad \forall r, t \text{ that are planned}; \qquad
        \min \sum_{r,t} q_r \, (a_{rt} + d_{rt}) \qquad [\text{EU}]

    with X the items of the earlier plan and q the equivalent units of an item: work moved from one line to another counts
    in both. With a price for it the change weighs that much in the first goal. None where no plan was found in time.
    """
    built = formulate(case)
    costs = _changed(built, before)
    first, *others = built.aims
    gives = gives_of(case)
    later = [Goal(aim.name, _wide(built, aim.costs), aim.maximise, gives=gives) for aim in others]
    change = Goal("least change", costs, maximise=False, gives=gives)
    ties = [Goal(tie.name, _wide(built, tie.costs), tie.maximise, breaks_ties=True) for tie in built.ties]
    built.program.set_costs(_wide(built, first.costs), maximise=first.maximise)
    if near.price is not None:
        weight = -near.price if first.maximise else near.price
        built.program.set_costs(_wide(built, first.costs) + weight * costs, maximise=first.maximise)
    elif near.within > 0.0:
        best = solve(built.program, time_limit=time_limit).objective
        if best is None:
            return None
        stay_near(built, best, near.within * abs(best))
        built.program.set_costs(costs, maximise=False)
        later = [Goal(first.name, _wide(built, first.costs), first.maximise), *later]
    return planned(built, solve(built.program, time_limit=time_limit, then=[*later, change, *ties]))


def _wide(built: Built, costs: Floats) -> Floats:
    return np.concatenate([costs, np.zeros(built.program.column_count - len(costs))])


def _changed(built: Built, before: Iterable[PlanLine]) -> Floats:
    """Columns of more and of fewer items than an earlier plan has; the costs that count them."""
    families = ("more_items", "less_items", "as_before")
    put_changes(built.program, built.layout, before, families)
    return weight_of_change(built.program, built.layout, families)
