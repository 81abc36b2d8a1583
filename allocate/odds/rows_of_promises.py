"""What a plan promises, as rows of scenarios' programs over the columns of one plan: who misses what, by how much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.costing.limits.amounts import demand, last_period
from allocate.program.arrays import Floats, Integers
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.tolerances import LIMIT_KEPT

DEADLINES, BUDGET, ACCURACY = "deadlines", "budget", "accuracy"
KINDS = (DEADLINES, BUDGET, ACCURACY)
FAMILIES = {
    "vendor_hours": DEADLINES,
    "vendor_items": DEADLINES,
    "vendor_total": DEADLINES,
    "rate_items": DEADLINES,
    "rate_total": DEADLINES,
    "review_team_hours": DEADLINES,
    "team_hours": DEADLINES,
    "demand_floor": DEADLINES,
    "budget": BUDGET,
    "budget_period": BUDGET,
    "budget_group": BUDGET,
    "accuracy_floor": ACCURACY,
    "accuracy_floor_vendor": ACCURACY,
    "accuracy_floor_delivery": ACCURACY,
}
"""Families of rows that make a promise, and which."""
ROLLING = ("vendor_hours", "vendor_items", "rate_items", "review_team_hours", "team_hours")
"""Those whose work waits for a later period where it does not fit."""


@dataclass(frozen=True, eq=False)
class Promise:
    r"""Rows of one limit: one, or those of all periods, of which work that does not fit in one waits for the next.

    A promise with ends is kept where, with the rows as :math:`\sum_r h_{rt} x_{rt} \le H_t`,

    .. math:: \sum_{t = a}^{e} \Bigl( \sum_r h_{rt} x_{rt} - H_t \Bigr) \le 0 \qquad \forall e \in E, \; a \le e

    which says that what was planned up to the end of period e is done by then, whatever waited on the way.
    """

    name: str
    kind: str
    family: str
    rows: Integers
    """Rows of the program, by period where there are several."""
    ends: tuple[int, ...]
    """Positions among the rows by which the work planned so far is done; of a single row, its own."""
    products: frozenset[int]
    """Products whose promise it is."""
    vendor: int | None


@dataclass(frozen=True, eq=False)
class Cut:
    """Rows of a promise in a scenario added up: ``coefficients @ x[columns] <= limit``."""

    scenario: int
    promise: int
    columns: Integers
    coefficients: Floats
    limit: float
    most: float
    """By how much a plan of the case can pass the limit at most; infinite where nothing is known."""

    def passed(self, values: Floats, missed: float) -> bool:
        """Whether a point passes the limit by more than a part of the most there can be; missed: that part."""
        room = missed * self.most if math.isfinite(self.most) else 0.0
        used = float(self.coefficients @ values[self.columns])
        return used > self.limit + room + 0.5 * LIMIT_KEPT * max(1.0, abs(self.limit))


def promises_of(built: Built) -> list[Promise]:
    """Every promise a case's program has rows for, in the order of its rows."""
    found: list[Promise] = []
    for family, block in built.program.rows.items():
        if family not in FAMILIES:
            continue
        if family in ROLLING:
            found += _rolling(built, family, block)
        else:
            found += [_single(built, family, block, position) for position in range(len(block))]
    return found


class Scenarios:
    """The promises of many programs of one case, over the columns of one of them (`base`)."""

    def __init__(self, base: Built, programs: Sequence[Built], promises: Sequence[Promise]) -> None:
        self.base, self.promises = base, tuple(promises)
        self.rows = np.concatenate([np.empty(0, np.int32), *(promise.rows for promise in promises)])
        """Rows of all promises, one promise after the other, shape (R,)."""
        self.starts = np.cumsum([0, *(len(promise.rows) for promise in promises)])
        self.upper = self._upper(base)
        self.limits = np.array([self._upper(one) for one in programs])
        """Upper sides of the rows, turned around where they are lower ones, shape (scenarios, R)."""
        self.terms = [self._terms(one) for one in programs]
        """Rows (in R), columns and values of each scenario's coefficients, by row."""
        self.own = self._terms(base)

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return len(self.terms)

    def over(self, values: Floats) -> Floats:
        """By how much each row is passed at a point of the base, shape (scenarios, R); below zero where there is room."""
        taken = [np.bincount(rows, part * values[columns], len(self.rows)) for rows, columns, part in self.terms]
        over: Floats = np.array(taken).reshape(self.count, -1) - self.limits
        return over

    def missed(self, values: Floats) -> Floats:
        """By how much each promise is missed, relative to its limit, shape (scenarios, promises); 0 where it is kept."""
        over, found = self.over(values), np.zeros((self.count, len(self.promises)))
        for number, promise in enumerate(self.promises):
            here = slice(self.starts[number], self.starts[number + 1])
            size = np.maximum(np.abs(self.limits[:, here]).sum(axis=1), 1.0)
            worst, _, _ = _worst(over[:, here], promise.ends)
            found[:, number] = np.where(worst > LIMIT_KEPT * size, worst / size, 0.0)
        return found

    def cuts(self, values: Floats, scenarios: Integers) -> list[Cut]:
        """The worst miss of each promise in some scenarios at a point, as a row; none where all are kept."""
        over, found = self.over(values), []
        for number, promise in enumerate(self.promises):
            here = slice(self.starts[number], self.starts[number + 1])
            size = np.maximum(np.abs(self.limits[:, here]).sum(axis=1), 1.0)
            worst, first, last = _worst(over[:, here], promise.ends)
            for s in scenarios[worst[scenarios] > 0.5 * LIMIT_KEPT * size[scenarios]].tolist():
                found.append(self.cut(s, number, int(first[s]), int(last[s])))
        return found

    def cut(self, scenario: int, number: int, first: int, last: int) -> Cut:
        """The rows of a promise from one position to another, added up, in a scenario."""
        start = int(self.starts[number])
        among = slice(start + first, start + last + 1)
        columns, coefficients = _summed(self.terms[scenario], among, self.base.program.column_count)
        limit = float(self.limits[scenario, among].sum())
        return Cut(scenario, number, columns, coefficients, limit, self._most(among, columns, coefficients, limit))

    def at_quantile(self, share: float) -> list[Cut]:
        """Each row with each of its coefficients, and its side, at the quantile of all scenarios that is worse for it."""
        size = self.base.program.column_count
        keys = [rows.astype(np.int64) * size + columns for rows, columns, _ in self.terms]
        every = np.unique(np.concatenate(keys))
        values = np.zeros((self.count, len(every)))
        for number, (key, (_, _, part)) in enumerate(zip(keys, self.terms, strict=True)):
            values[number, np.searchsorted(every, key)] = part
        row, column = every // size, (every % size).astype(np.int32)
        worst, sides = np.quantile(values, share, axis=0), np.quantile(self.limits, 1.0 - share, axis=0)
        of_row = np.repeat(np.arange(len(self.promises)), np.diff(self.starts))
        return [
            Cut(-1, int(of_row[one]), column[row == one], worst[row == one], float(sides[one]), math.inf)
            for one in range(len(self.rows))
        ]

    def _most(self, among: slice, columns: Integers, coefficients: Floats, limit: float) -> float:
        r"""How far a plan that keeps the base's own rows, :math:`b x \le B`, can pass a sum of rows, :math:`a x \le A`.

        .. math:: \min \Bigl( \max_j \frac{a_j}{b_j} B, \; B + \sum_p \max_{j \in p} (a_j - b_j)^+ M_p \Bigr) - A

        the first where no coefficient is below 0; M: the most items of a product there can be.
        """
        own_columns, own = _summed(self.own, among, self.base.program.column_count)
        side = float(self.upper[among].sum())
        there, here = (np.zeros(self.base.program.column_count) for _ in range(2))
        there[own_columns], here[columns] = own, coefficients
        found = side + self._at_most(np.maximum(here - there, 0.0))
        if side >= 0 and (coefficients >= 0).all() and (there[columns] > 0).all():
            found = min(found, float((coefficients / there[columns]).max(initial=0.0)) * side)
        return max(0.0, found - limit) if math.isfinite(found) else math.inf

    def _at_most(self, each: Floats) -> float:
        """What amounts for each column, none below 0, come to at most in any plan."""
        layout, total = self.base.layout, 0.0
        of_items = each[layout.items.start : layout.items.stop]
        for product, most in enumerate(self.most_items.tolist()):
            greatest = float(of_items[layout.product == product].max(initial=0.0))
            total += greatest * most if greatest > 0 else 0.0
        others = each.copy()
        others[layout.items.start : layout.items.stop] = 0.0
        some = np.flatnonzero(others)
        return total + float(others[some] @ self.base.program.arrays().upper[some]) if len(some) else total

    @cached_property
    def most_items(self) -> Floats:
        """Most items of each product in any plan, shape (P,)."""
        _, ceiling = demand(self.base.layout.case)
        most: Floats = np.minimum(ceiling, self.base.layout.most_items.sum(axis=1))
        return most

    def _upper(self, built: Built) -> Floats:
        arrays = built.program.arrays()
        lower, upper = arrays.row_lower[self.rows], arrays.row_upper[self.rows]
        sides: Floats = np.where(np.isfinite(upper), upper, -lower)
        return sides

    def _terms(self, built: Built) -> tuple[Integers, Integers, Floats]:
        arrays = built.program.arrays()
        start, column, value = arrays.by_rows
        lengths = (start[self.rows + 1] - start[self.rows]).astype(np.int64)
        row = np.repeat(np.arange(len(self.rows), dtype=np.int32), lengths)
        before = np.cumsum(lengths) - lengths
        entries = np.arange(int(lengths.sum())) - np.repeat(before - start[self.rows], lengths)
        sign = np.where(np.isfinite(arrays.row_upper[self.rows]), 1.0, -1.0)
        return row, column[entries], value[entries] * sign[row]


def _summed(terms: tuple[Integers, Integers, Floats], among: slice, count: int) -> tuple[Integers, Floats]:
    """Columns and coefficients of some rows added up; those that come to nothing are left out."""
    rows, columns, values = terms
    low, high = np.searchsorted(rows, [among.start, among.stop])
    total: Floats = np.bincount(columns[low:high], values[low:high], count).astype(np.float64, copy=False)
    some = np.flatnonzero(total).astype(np.int32)
    return some, total[some]


def _worst(over: Floats, ends: Sequence[int]) -> tuple[Floats, Integers, Integers]:
    """What is left undone by the end that is missed most, and the first and last row of it; shapes (scenarios,)."""
    scenarios, periods = over.shape
    waiting, since = np.zeros(scenarios), np.zeros(scenarios, np.int32)
    worst = np.full(scenarios, -np.inf)
    first, last = np.zeros(scenarios, np.int32), np.zeros(scenarios, np.int32)
    for period in range(periods):
        since = np.where(waiting > 0, since, period).astype(np.int32)
        waiting = np.maximum(waiting, 0.0) + over[:, period]
        if period in ends:
            more = waiting > worst
            worst = np.where(more, waiting, worst)
            first, last = np.where(more, since, first).astype(np.int32), np.where(more, period, last).astype(np.int32)
    return worst, first, last


def _rolling(built: Built, family: str, block: Block) -> list[Promise]:
    """Families with a row a period: one promise for each vendor, line of the rate card or team."""
    others = [axis for name, axis in block.index.items() if name != "period"]
    keys = list(zip(*(axis.tolist() for axis in others), strict=True)) if others else [()] * len(block)
    found = []
    for key in dict.fromkeys(keys):
        chosen = np.array([one == key for one in keys])
        rows = block.ids[chosen][np.argsort(block.index["period"][chosen], kind="stable")]
        name = next((axis for axis in block.index if axis != "period"), None)
        found.append(_promise(built, family, rows, name, key[0] if key else None))
    return found


def _single(built: Built, family: str, block: Block, position: int) -> Promise:
    axis = next((name for name in ("vendor", "line", "product") if name in block.index), None)
    place = None if axis is None else int(block.index[axis][position])
    return _promise(built, family, block.ids[position : position + 1], axis, place)


def _promise(built: Built, family: str, rows: Integers, axis: str | None, place: int | None) -> Promise:
    """A promise with its name, the products it is for and the periods by whose end their work has to be done."""
    layout, routes = built.layout, built.layout.routes
    start, columns, _ = built.program.arrays().by_rows
    inside = np.concatenate([columns[start[row] : start[row + 1]] for row in rows.tolist()])
    items = inside[(inside >= layout.items.start) & (inside < layout.items.stop)] - layout.items.start
    products = frozenset(np.unique(layout.product[items]).tolist())
    ends: tuple[int, ...] = (0,)
    if family in ROLLING:
        final = last_period(layout.case) - 1
        lead = routes.lead[layout.route[items]]
        latest = {int(one) for one in np.unique(final[layout.product[items]] - lead)}
        ends = tuple(sorted({min(max(one, 0), len(rows) - 1) for one in latest or {len(rows) - 1}}))
    vendor = place if axis == "vendor" else None
    return Promise(_name(built, family, axis, place), FAMILIES[family], family, rows, ends, products, vendor)


def _name(built: Built, family: str, axis: str | None, place: int | None) -> str:
    routes = built.layout.routes
    names = {"vendor": routes.vendors, "product": routes.products}
    who = "" if axis is None or place is None else str(names[axis][place]) if axis in names else f"line {place + 1}"
    words = {
        "vendor_hours": "hours of",
        "team_hours": "hours of",
        "vendor_items": "items of",
        "vendor_total": "total of",
        "rate_items": "rate card,",
        "rate_total": "rate card,",
        "review_team_hours": "hours of the review team",
        "demand_floor": "demand of",
        "budget": "budget",
        "budget_period": "budget by period",
        "budget_group": "budget of a group",
    }
    return f"{words.get(family, 'accuracy of')} {who}".strip()
