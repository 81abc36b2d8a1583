"""Columns and rows of vendors whose work is steady from period to period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.case.load import Case
from allocate.costing.rules.steady import Pace, paces
from allocate.costing.supply.throughput import work_content
from allocate.program.arrays import Floats, Integers
from allocate.program.model import Model, axes_of
from allocate.program.sections import Rows
from allocate.program.soft_limits import give_way

LEVEL = "level_change"
"""Columns of what paces change, which the level plan has least of."""


def steady_work(model: Model) -> None:
    r"""A vendor's pace rises and falls by no more than so much from one period to the next.

    .. math:: -D_k \le \frac{1}{n_t} \sum_{r \in R(v)} h_r \, x_{rt} - \frac{1}{n_{t-1}} \sum_{r \in R(v)} h_r \, x_{r,t-1} \le D_k
        \qquad \forall k, v, t \qquad [\text{hours (items, EU) by time}]

    with n the weeks (days, months) of a period, and the pace before the horizon for t = 0 where it is stated. Each pace is a
    column of its own. Where a workflow's stages have leads, hours count in the period of their stage. For the level plan
    among equal ones, columns :math:`d_{vt}` are no less than either change, and `tie_breaks` has their sum least.

    Dual: what the plan gains when the pace may change by one hour (item, EU) by time more.
    """
    asked = paces(model.layout.case)
    if not asked:
        return
    layout, program, count = model.layout, model.program, model.layout.case.periods.count
    keys = [(pace.rule, pace.vendor, period) for pace in asked for period in range(count)]
    columns = program.add_columns("pace", axes_of(("rule", "vendor", "period"), keys))
    # Named by their pace and not by their rule: they hold what a pace is, and stay where a rule is taken away.
    axes = axes_of(("pace", "vendor", "period"), [(n, p.vendor, t) for n, p in enumerate(asked) for t in range(count)])
    links = program.add_rows("pace_link", axes, lower=0.0, upper=0.0)
    program.add_terms(links.ids, columns.ids, -np.concatenate([pace.lengths for pace in asked]))
    for number, pace in enumerate(asked):
        own = layout.vendor == pace.vendor
        content = work_content(layout.case, layout.routes, pace.noun)[layout.route]
        for taken, when in layout.stages() if pace.noun == "h" else [(content, layout.period)]:
            model.put_items(links, np.where(own, taken, 0.0), when, pace=number)
    _changes(model, asked, columns.ids.reshape(len(asked), count))


def _changes(model: Model, asked: Sequence[Pace], columns: Integers) -> None:
    """Rows of the rise and of the fall of each pace, and for level ones their columns."""
    program = model.program
    limited = [n for n, pace in enumerate(asked) if np.isfinite(pace.most)]
    for family, sign in (("steady_rise", 1.0), ("steady_fall", -1.0)):
        cells = [(n, t) for n in limited for t in _changing(asked[n], columns.shape[1])]
        if not cells:
            continue
        axes = axes_of(("rule", "vendor", "period"), [(asked[n].rule, asked[n].vendor, t) for n, t in cells])
        upper = [asked[n].most + (sign * (asked[n].before or 0.0) if t == 0 else 0.0) for n, t in cells]
        rows = program.add_rows(family, axes, upper=upper)
        _put_change(model, rows.ids, cells, columns, sign)
        give_way(model, rows, [asked[n].rule for n, _ in cells], short=False)
    level = [(n, t) for n, pace in enumerate(asked) if pace.level for t in _changing(pace, columns.shape[1])]
    if not level:
        return
    keys = [(n, asked[n].vendor, t) for n, t in level]
    change = program.add_columns(LEVEL, axes_of(("pace", "vendor", "period"), keys))
    for family, sign in (("level_rise", 1.0), ("level_fall", -1.0)):
        upper = [sign * (asked[n].before or 0.0) if t == 0 else 0.0 for n, t in level]
        rows = program.add_rows(family, change.index, upper=upper)
        program.add_terms(rows.ids, change.ids, -1.0)
        _put_change(model, rows.ids, level, columns, sign)


def _changing(pace: Pace, count: int) -> range:
    """Periods whose pace is a change from a known one."""
    return range(1 if pace.before is None else 0, count)


def _put_change(model: Model, rows: Integers, cells: Sequence[tuple[int, int]], columns: Integers, sign: float) -> None:
    """Put the change of a pace into rows, each for a pace and a period."""
    number, period = np.array(cells, np.int32).T
    later = period > 0
    model.program.add_terms(rows, columns[number, period], sign)
    model.program.add_terms(rows[later], columns[number[later], period[later] - 1], -sign)


def level_changes(model: Model) -> Floats | None:
    """What each column adds to the changes of level paces, shape (columns,); None where no rule asks for a level plan."""
    block = model.program.columns.get(LEVEL)
    if block is None:
        return None
    costs = np.zeros(model.program.column_count)
    costs[block.ids] = 1.0
    return costs


def _unit(case: Case, rule: int) -> str:
    """What a rule gives way by."""
    said = case.file.rules[rule].steady
    return "h" if said is None or said.at_most is None else said.at_most.of() or "h"


ROWS = tuple(Rows(family, "both", "side", _unit) for family in ("steady_rise", "steady_fall"))
"""What explanations say of them."""
