"""What of an earlier plan is otherwise now: items more and less of each line, by route and period."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from allocate.case.plan_file import PlanLine
from allocate.program.arrays import Floats
from allocate.program.layout import Layout
from allocate.program.model import Model
from allocate.program.program import Program

FAMILIES = ("more_than_earlier", "fewer_than_earlier", "as_earlier")
"""Columns of more and of fewer items, and the rows that say so."""


def changed_items(model: Model) -> None:
    r"""What a line has more, or fewer, than the earlier plan of the case, where least change is a goal.

    .. math:: x_{rt} - a_{rt} + d_{rt} = X_{rt} \qquad \forall r, t \text{ that are planned} \qquad [\text{items}]

    with X the items of the earlier plan. Work moved from one line to another counts in both.

    Dual: of little meaning: what one item more in the earlier plan would change.
    """
    if "change" in model.layout.case.file.objective:
        put_changes(model.program, model.layout, model.layout.case.earlier, FAMILIES)


def put_changes(program: Program, layout: Layout, before: Iterable[PlanLine], families: tuple[str, str, str]) -> None:
    """Columns of more and of fewer items than some lines have, for each column that is planned, and their rows."""
    routes = layout.routes
    column = np.full((routes.count, layout.case.periods.count), -1)
    column[layout.route, layout.period] = np.arange(len(layout.ids))
    old = np.zeros(len(layout.ids))
    for line in before:
        try:
            one = routes.placed([line])
        except KeyError:
            continue  # there is no such way any more: all of it is moved, whatever the plan
        place = int(column[one.route[0], one.period[0]])
        if place >= 0:
            old[place] += line.items
    free = np.flatnonzero(~layout.past)
    axes = {name: axis[free] for name, axis in layout.items.index.items()}
    more, fewer = program.add_columns(families[0], axes), program.add_columns(families[1], axes)
    rows = program.add_rows(families[2], axes, lower=old[free], upper=old[free])
    program.add_terms(rows.ids, layout.ids[free], 1.0)
    program.add_terms(rows.ids, more.ids, -1.0)
    program.add_terms(rows.ids, fewer.ids, 1.0)


def weight_of_change(program: Program, layout: Layout, families: tuple[str, str, str]) -> Floats:
    """What each column weighs in the work that is changed, EU."""
    costs, free = np.zeros(program.column_count), np.flatnonzero(~layout.past)
    for family in families[:2]:
        costs[program.columns[family].ids] = layout.equivalent_units[free]
    return costs
