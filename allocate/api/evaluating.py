"""A plan of one's own, priced and checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from allocate.answers import Evaluation
from allocate.api.solving import within_reach
from allocate.case.load import CaseLike, as_case
from allocate.case.plan_file import PlanLine
from allocate.costing.routes import JOIN, routes
from allocate.costing.supply.teams import Staff
from allocate.costing.value.values import product_values
from allocate.explaining.teams import cheapest_staff
from allocate.plan import plan_of
from allocate.verification import verify
from allocate.verification.work import read_lines


@within_reach
def evaluate(case: CaseLike, lines: Iterable[PlanLine], staff: Staff | None = None) -> Evaluation:
    """Price a plan of one's own exactly, contract by contract, and list the limits it breaks; nothing is optimised.

    staff: what is decided about in-house teams; absent: they are staffed at the least cost that their lines allow.
    """
    import pandas as pd

    case = as_case(case)
    ways = routes(case)
    values = product_values(case, ways)
    table = pd.DataFrame([vars(line) for line in lines], columns=[one.name for one in fields(PlanLine)])
    table["levers"] = [JOIN.join(names) for names in table["levers"]]
    work, problems = read_lines(case, ways, values, table)
    if staff is None:
        staff = cheapest_staff(case, ways, values, work.route, work.period, work.items)
    plan = plan_of(case, ways, values, work.route, work.period, work.items, work.bought, staff)
    return Evaluation(plan, verify(case, plan), tuple(problems))
