"""The cheapest staffing of in-house teams for a plan's lines as they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from allocate.costing.bill.lines import Lines
from allocate.costing.supply.teams import Staff, teams, unchanged
from allocate.costing.value.values import ProductValue
from allocate.program.clauses import wages
from allocate.program.layout import item_columns
from allocate.program.model import Model
from allocate.program.program import Program
from allocate.solvers.solve import Goal, solve


def cheapest_staff(values: Mapping[int, ProductValue], lines: Lines) -> Staff:
    """Hires, releases and overtime that cost least for the lines of a plan.

    Where a team cannot come to the hours the lines take, as few are missing as possible; the verification finds them.
    """
    case = lines.case
    if not teams(case):
        return unchanged(case)
    program = Program("staffing", maximise=False)
    layout = item_columns(program, case, lines.routes, values)
    model = Model(program, layout)
    wages.team_people(model)
    wages.team_proficient(model)
    wages.team_overtime(model)
    wages.team_hires(model)
    wages.team_shifts(model)
    wages.team_hours(model)
    wages.pay(model)
    rows = program.rows["team_hours"]
    missing = program.add_columns("missing_hours", dict(rows.index))
    program.add_terms(rows.ids, missing.ids, -1.0)
    # The lines stand in the rows as what they take: a line after its deadline has no column, and takes hours all the same.
    program.set_column_bounds(layout.ids, 0.0, 0.0)
    program.set_row_bounds(rows.ids, upper=-lines.vendor_hours[rows.index["vendor"], rows.index["period"]])
    short, cost = np.zeros(program.column_count), np.zeros(program.column_count)
    short[missing.ids] = 1.0
    for charge in model.charges:
        cost[charge.columns.ids] += charge.amount
    program.set_costs(short)
    outcome = solve(program, then=[Goal("cost", cost, False)])
    assert outcome.values is not None  # nobody hired or released, and everything missing, is always a way
    return wages.staffing(model).decided(outcome.values)
