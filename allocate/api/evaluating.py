"""A plan of one's own, priced and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

import numpy as np

from allocate.answers import Evaluation
from allocate.api.solving import within_reach
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.plan_file import PlanLine
from allocate.costing.bill.lines import Lines
from allocate.costing.routes import routes
from allocate.costing.supply.teams import Staff
from allocate.costing.table import JOIN, Routes
from allocate.costing.value.values import ProductValue, product_values
from allocate.explaining.teams import cheapest_staff
from allocate.plan import Plan, plan_of
from allocate.tables.table import Table
from allocate.verification import verify
from allocate.verification.lines import read_lines
from allocate.verification.stated import Stated


@within_reach
def evaluate(case: CaseLike, lines: Iterable[PlanLine], staff: Staff | None = None) -> Evaluation:
    """Price a plan of one's own exactly, contract by contract, and list the limits it breaks; nothing is optimised.

    staff: what is decided about in-house teams; absent: they are staffed at the least cost that their lines allow.
    """
    case = as_case(case)
    ways = routes(case)
    return evaluated(case, ways, product_values(case, ways), lines, staff)


@within_reach
def evaluated(
    case: Case, ways: Routes, values: Mapping[int, ProductValue], lines: Iterable[PlanLine], staff: Staff | None = None
) -> Evaluation:
    """`evaluate` for a case whose routes and values are known."""
    plan, known, problems = _priced(case, ways, values, lines, staff)
    return Evaluation(plan, verify(case, plan, known), problems)


def price_lines(case: Case, lines: Iterable[PlanLine]) -> Plan:
    """A plan of one's own with its money, teams staffed at the least cost that its lines allow; no limit is looked at."""
    ways = routes(case)
    return _priced(case, ways, product_values(case, ways), lines, None)[0]


def _priced(
    case: Case, ways: Routes, values: Mapping[int, ProductValue], lines: Iterable[PlanLine], staff: Staff | None
) -> tuple[Plan, Stated, tuple[str, ...]]:
    """A plan with its money; the case as stated, and what is wrong with the lines."""
    names = [one.name for one in fields(PlanLine)]
    table = Table.from_rows(names, [[getattr(line, name) for name in names] for line in lines])
    table = table.with_columns(levers=[JOIN.join(levers) for levers in table["levers"]])
    known = Stated(case)
    read = read_lines(known, table)
    first = case.planned_from
    numbers = [ways.number_in(key, period, first) for key, period in zip(read.keys, read.periods, strict=True)]
    route = np.array(numbers, dtype=np.int32)
    period, items = np.array(read.periods, dtype=np.int32), np.array(read.items, dtype=np.float64)
    made = Lines(case, ways, route, period, items, tuple(sorted(read.bought)), staff)
    if staff is None:
        made = replace(made, staff=cheapest_staff(values, made))
    return plan_of(values, made), known, read.problems
