"""A program in which nothing that follows from a limit is in the way when the limit moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Product
from allocate.costing.supply.throughput import vendor_capacities
from allocate.costing.value.values import product_values
from allocate.errors import CaseError
from allocate.explaining.by_hand import places
from allocate.explaining.changed import CAPACITIES, MONEY, RATES
from allocate.explaining.limits import DEMANDS
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.program.build import Built, build
from allocate.program.checks import TooLargeError

ROOM = 1000.0
"""Limits are so many times themselves where bounds are derived from them."""
NEXT = 2.0
"""Value curves are cut as far as limits of so many times themselves reach."""
LIMITS = (*DEMANDS, *MONEY, *CAPACITIES, *RATES)
"""Families of rows from whose limits bounds are derived."""


@dataclass(frozen=True, eq=False)
class Opened:
    """The program of a case with its limits as they are, and the bounds derived from them as if there were more."""

    built: Built
    arrays: ProgramArrays
    """With what was added by hand."""
    plan: Floats
    """A plan's whole numbers, and nothing else of it."""
    closed: bool
    """Whether the bounds are those of the limits after all: the program would have other whole numbers, or no end."""


def opened(built: Built, plan: Floats, carried: Callable[[Built], ProgramArrays | None]) -> Opened:
    """A program opened, for what a little more or less of its limits changes while whole numbers stay as a plan has them.

    carried: another program with what users added to this one by hand.
    """
    layout = built.layout
    same = Opened(built, built.program.arrays(), plan, True)
    if layout.routes.learners:
        return same
    wide, near = (_loosened(layout.case, times) for times in (ROOM, NEXT))
    lines = np.where(np.isfinite(layout.routes.line_capacity), layout.routes.line_capacity * ROOM, np.inf)
    ways = replace(layout.routes, line_capacity=lines)
    try:
        values = product_values(near, layout.routes) if _at_end(built, plan) else layout.values
        if not all(len(values[number].steps) == len(one.steps) for number, one in layout.values.items()):
            return same
        other = build(wide, ways, values, frozenset({("share", 0)}))
    except (CaseError, TooLargeError):
        return same
    arrays = carried(other)
    if arrays is None:
        return same
    before = built.program.arrays()
    columns = places(built.program.columns, other.program.columns, built.program.column_count)
    added = before.column_count - built.program.column_count
    columns = np.concatenate([columns, arrays.column_count - added + np.arange(added)])
    known = np.zeros(arrays.column_count)
    if (columns[before.integer] < 0).any() or before.integer.sum() != arrays.integer.sum():
        return same
    known[columns[before.integer]] = plan[before.integer]
    return Opened(other, _ended(other, _with_limits(built, other, arrays)), known, False)


def _at_end(built: Built, plan: Floats) -> bool:
    """Whether a plan has all labels of a product for which its curve is cut in pieces."""
    block, found = built.program.columns["value_stretch"], built.layout.values
    made = np.bincount(block.index["product"], plan[block.ids], minlength=len(built.layout.routes.products))
    return any(not one.complete and made[number] >= one.reach * (1.0 - 1e-6) for number, one in found.items())


def _ended(built: Built, arrays: ProgramArrays) -> ProgramArrays:
    """The last piece of each value curve no longer than it was cut: beyond, the curve is another."""
    block, upper = built.program.columns["value_stretch"], arrays.upper.copy()
    for number, one in built.layout.values.items():
        last = block.ids[block.index["product"] == number][-1:]
        if len(one.segments.lengths):
            upper[last] = np.minimum(upper[last], one.segments.lengths[-1])
    return replace(arrays, upper=frozen(upper))


def _loosened(case: Case, times: float) -> Case:
    """The case with every limit that bounds are derived from so many times itself."""
    budget = case.file.budget
    money = {
        name: amount.times(times)
        for name in ("total", "per_week", "per_month")
        if (amount := getattr(budget, name)) is not None
    }
    products = {name: _with_more(product, times) for name, product in case.products.items()}
    added = {(one.family, one.vendor): (times - 1.0) * _largest(one.most) for one in vendor_capacities(case)}
    added |= {
        ("team_hours", n): times * _WEEK for n, vendor in enumerate(case.vendors.values()) if vendor.team is not None
    }
    file = case.file.model_copy(update={"budget": budget.model_copy(update=money), "products": products})
    return replace(case, file=file, added=added)


_WEEK = 168.0


def _largest(amounts: Floats) -> float:
    return float(np.where(np.isfinite(amounts), amounts, 0.0).max(initial=1.0))


def _with_more(product: Product, times: float) -> Product:
    demand = product.demand
    most = demand.exactly or demand.at_most
    if most is None:
        return product
    least = demand.exactly or demand.at_least
    asked = {"exactly": None, "at_least": least, "at_most": most.times(times)}
    return product.model_copy(update={"demand": demand.model_copy(update=asked)})


def _with_limits(built: Built, other: Built, arrays: ProgramArrays) -> ProgramArrays:
    """An opened program with the limits as they are."""
    before = built.program.arrays()
    lower, upper = arrays.row_lower.copy(), arrays.row_upper.copy()
    rows = places(built.program.rows, other.program.rows, built.program.row_count)
    for family in LIMITS:
        block = built.program.rows.get(family)
        if block is None:
            continue
        mine = rows[block.start : block.stop]
        lower[mine], upper[mine] = (
            before.row_lower[block.start : block.stop],
            before.row_upper[block.start : block.stop],
        )
    return replace(arrays, row_lower=frozen(lower), row_upper=frozen(upper))
