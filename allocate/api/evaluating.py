"""A plan of one's own, priced and checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from allocate.answers import Evaluation
from allocate.api.solving import within_reach
from allocate.case.load import CaseLike, as_case
from allocate.case.plan_file import PlanLine
from allocate.costing.routes import routes
from allocate.costing.supply.teams import Staff
from allocate.costing.table import JOIN
from allocate.costing.value.values import product_values
from allocate.explaining.teams import cheapest_staff
from allocate.plan import plan_of
from allocate.tables.table import Table
from allocate.verification import verify
from allocate.verification.work import read_lines


@within_reach
def evaluate(case: CaseLike, lines: Iterable[PlanLine], staff: Staff | None = None) -> Evaluation:
    """Price a plan of one's own exactly, contract by contract, and list the limits it breaks; nothing is optimised.

    staff: what is decided about in-house teams; absent: they are staffed at the least cost that their lines allow.
    """
    case = as_case(case)
    ways = routes(case)
    values = product_values(case, ways)
    names = [one.name for one in fields(PlanLine)]
    table = Table.from_rows(names, [[getattr(line, name) for name in names] for line in lines])
    table = table.with_columns(levers=[JOIN.join(levers) for levers in table["levers"]])
    work, problems = read_lines(case, ways, values, table)
    if staff is None:
        staff = cheapest_staff(values, work.lines)
    plan = plan_of(values, replace(work.lines, staff=staff))
    return Evaluation(plan, verify(case, plan), tuple(problems))
