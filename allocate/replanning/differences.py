"""What a new plan changes of an earlier one, line by line."""

from __future__ import annotations

from allocate.case.load import Case
from allocate.plan import Plan
from allocate.tables.changes import CHANGES
from allocate.tables.column import names
from allocate.tables.frames import table_of
from allocate.tables.table import Table
from allocate.tolerances import LINE_HELD

Key = tuple[str, str, str, int]
"""Product, vendor, workflow and number of the period."""


def changes(case: Case, before: Plan, after: Plan) -> Table:
    """Lines of the periods that are planned which are not as they were, in the order of products, vendors and periods."""
    old, new = _made(before), _made(after)
    rows = []
    for key in sorted({*old, *new}, key=lambda one: _order(case, one)):
        (items_before, spend_before), (items, spend) = old.get(key, (0.0, 0.0)), new.get(key, (0.0, 0.0))
        if key[3] > case.planned_from and abs(items - items_before) > LINE_HELD * max(items, items_before):
            start = case.periods.starts[key[3] - 1].isoformat()
            money = (spend_before, spend, spend - spend_before)
            rows.append((*key, start, items_before, items, items - items_before, *money))
    return Table.from_rows(names(CHANGES), rows)


def _made(plan: Plan) -> dict[Key, tuple[float, float]]:
    """Items and spend of each line, whatever levers it is worked with."""
    sums: dict[Key, tuple[float, float]] = {}
    for product, vendor, workflow, period, items, spend in table_of(plan, "lines").rows(
        "product", "vendor", "workflow", "period", "items", "spend"
    ):
        many, money = sums.get((product, vendor, workflow, int(period)), (0.0, 0.0))
        sums[product, vendor, workflow, int(period)] = (many + items, money + spend)
    return sums


def _order(case: Case, key: Key) -> tuple[int, int, int, str]:
    return list(case.products).index(key[0]), list(case.vendors).index(key[1]), key[3], key[2]
