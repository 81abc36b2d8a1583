"""What a case promises to deliver, and the capacities that decide whether it is done in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.costing.limits.amounts import last_period, milestones
from allocate.costing.limits.budget import budget_limits
from allocate.numbers import Floats
from allocate.program.arrays import Integers
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.tolerances import LIMIT_KEPT

DEADLINES, BUDGET, ACCURACY = "deadlines", "budget", "accuracy"
KINDS = (DEADLINES, BUDGET, ACCURACY)
FAMILIES = {
    "budget": BUDGET,
    "budget_period": BUDGET,
    "budget_group": BUDGET,
    "ceiling": BUDGET,
    "accuracy_floor": ACCURACY,
    "accuracy_floor_vendor": ACCURACY,
    "accuracy_floor_delivery": ACCURACY,
    "quality_limit": ACCURACY,
    "quality_limit_vendor": ACCURACY,
}
"""Families of rows that are promises by themselves, and of which kind."""
ROLLING = ("vendor_hours", "vendor_items", "rate_items", "review_team_hours", "team_hours")
"""Families of capacities, of which work that does not fit waits for a later period."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A capacity by period: what of one period does not fit waits for the next."""

    family: str
    rows: Integers
    """Rows of the program, by period."""
    vendor: int | None
    line: int | None


@dataclass(frozen=True, eq=False)
class Commitment:
    r"""So many items of a product delivered by a period: a demand or a milestone.

    They are counted among the items planned up to the end of a period e, of vendors that have done by the last period in which
    it still counts all that was planned with them up to then: with rows :math:`\sum_r h_{rt} x_{rt} \le H_t`, periods
    :math:`a \le e` and last period L,

    .. math:: \sum_{t = a}^{e} \sum_r h_{rt} x_{rt} \le \sum_{t = a}^{L} H_t \qquad \forall a
    """

    name: str
    product: int
    row: int
    """Row of the program that asks for the items."""
    end: int
    """Position of the last period whose planned work is counted."""
    vendors: tuple[int, ...]
    last: tuple[int, ...]
    """Of each vendor, position of the last period in which work can be done and still be there in time."""
    chains: tuple[tuple[int, ...], ...]
    """Of each vendor, the capacities its work of the product takes, by their number."""
    columns: tuple[Integers, ...]
    """Of each vendor, the item columns that are counted."""
    done: float
    """Items that are made already, and there in time."""


def chains_of(built: Built) -> list[Chain]:
    """Every capacity by period of a program."""
    found = []
    for family in ROLLING:
        block = built.program.rows.get(family)
        if block is None:
            continue
        axis = next((name for name in block.index if name != "period"), None)
        places = np.zeros(len(block), np.int32) if axis is None else block.index[axis]
        for place in np.unique(places).tolist():
            chosen = np.flatnonzero(places == place)
            rows = block.ids[chosen][np.argsort(block.index["period"][chosen], kind="stable")]
            found.append(Chain(family, rows, place if axis == "vendor" else None, place if axis == "line" else None))
    return found


def commitments_of(built: Built, chains: Sequence[Chain], plan: Floats, most: Floats | None) -> Iterator[Commitment]:
    """Every demand and milestone of a case that may not be missed for a penalty.

    plan: values of the program's columns; where it makes more than is asked, what it plans early is counted, as late as it takes.
    most: the most that is asked of each in any scenario, in the order of the rows of demand, then of milestones.
    """
    layout, rows = built.layout, built.program.rows
    case = layout.case
    final = last_period(case)
    floors = rows.get("demand_floor", Block("demand_floor", 0, 0, {}))
    asked: list[tuple[str, int, int, int]] = []
    for place, row in enumerate(floors.ids.tolist()):
        product = int(floors.index["product"][place])
        one = list(case.products.values())[product]
        word = "demand" if one.deadline is None else "deadline"
        asked.append((f"{word} of {layout.routes.products[product]}", product, row, int(final[product])))
    stones = rows.get("milestone", Block("milestone", 0, 0, {}))
    by = {(one.product, one.number): one for one in milestones(case)}
    for place, row in enumerate(stones.ids.tolist()):
        product, number = (int(stones.index[axis][place]) for axis in ("product", "milestone"))
        periods = by[product, number].periods
        if periods <= case.planned_from:
            continue  # it has passed
        name = f"milestone of {layout.routes.products[product]} by {case.periods.label(periods - 1)}"
        asked.append((name, product, row, periods))
    lower = built.program.arrays().row_lower
    order = [*floors.ids.tolist(), *stones.ids.tolist()]
    for name, product, row, periods in asked:
        if _gives_way(built, row):
            continue
        items = float(lower[row]) if most is None else max(float(lower[row]), float(most[order.index(row)]))
        yield _commitment(built, chains, plan, (name, product, row, periods, items))


def _gives_way(built: Built, row: int) -> bool:
    """Whether a row has columns beside items: what may be missed for a penalty."""
    start, columns, _ = built.program.arrays().by_rows
    inside = columns[start[row] : start[row + 1]]
    return bool(((inside < built.layout.items.start) | (inside >= built.layout.items.stop)).any())


def _commitment(
    built: Built, chains: Sequence[Chain], plan: Floats, asked: tuple[str, int, int, int, float]
) -> Commitment:
    name, product, row, periods, items = asked
    layout, routes = built.layout, built.layout.routes
    mine = np.flatnonzero((layout.product == product) & (layout.delivered < periods))
    work = layout.period[mine]
    by_period = np.cumsum(np.bincount(work, plan[layout.ids[mine]], layout.case.periods.count))
    enough = np.flatnonzero(by_period >= items * (1.0 + LIMIT_KEPT))
    end = int(enough[0]) if len(enough) else int(work.max(initial=0))
    done = float(plan[layout.ids[mine[layout.past[mine]]]].sum())
    mine = mine[~layout.past[mine]]
    vendors = tuple(np.unique(layout.vendor[mine]).tolist())
    last, found, columns = [], [], []
    for vendor in vendors:
        of = mine[layout.vendor[mine] == vendor]
        route = np.unique(layout.route[of])
        last.append(max(periods - 1 - int(routes.lead[route].max()), 0))
        lines = set(routes.line[route].tolist())
        reviewed = bool((routes.review_hours[route] > 0).any())
        found.append(
            tuple(
                number
                for number, chain in enumerate(chains)
                if chain.vendor == vendor
                or (chain.line is not None and chain.line in lines)
                or (chain.family == "review_team_hours" and reviewed)
            )
        )
        columns.append(layout.ids[of[layout.period[of] <= min(end, last[-1])]])
    return Commitment(name, product, row, end, vendors, tuple(last), tuple(found), tuple(columns), done)


def is_past(built: Built, block: Block, place: int) -> bool:
    """Whether a promise that is one row is of a period that is past."""
    return "period" in block.index and int(block.index["period"][place]) < built.layout.case.planned_from


def name_of(built: Built, family: str, place: int) -> str:
    """A promise that is one row, in the case's words."""
    block, routes, case = built.program.rows[family], built.layout.routes, built.layout.case
    at = {name: int(axis[place]) for name, axis in block.index.items()}
    if family == "budget":
        return "budget"
    if family == "budget_period":
        return f"budget of {case.periods.label(at['period'])}"
    if family == "budget_group":
        return f"budget limit '{budget_limits(case)[at['limit']].name}'"
    if family == "ceiling":
        return f"ceiling of {routes.vendors[at['vendor']]}"
    vendor = f" by {routes.vendors[at['vendor']]}" if "vendor" in at else ""
    when = f" delivered in {case.periods.label(at['period'])}" if "period" in at else ""
    product = list(case.products.values())[at["product"]]
    what = list(product.qualities)[at["quality"]] if "quality" in at else "accuracy"
    return f"{what} of {routes.products[at['product']]}{vendor}{when}"
