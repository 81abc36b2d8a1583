"""Why a plan is as it is: what each limit costs, what more money would do, where each vendor would come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits import hurdle
from allocate.costing.routes import Routes
from allocate.program.build import Built
from allocate.solvers.outcome import Outcome
from allocate.solvers.solve import solve
from allocate.verification import Check

Floats = NDArray[np.float64]
UNUSED = 0.01
"""A vendor with less than this share of the spend counts as chosen little."""


@dataclass(frozen=True)
class LimitCost:
    """What the objective would change by without a limit."""

    subject: str
    owner: str
    reason: str
    gain: float
    """Change of the first objective for the better when the limit is taken away; infinite where nothing else holds."""


def limit_costs(make: Callable[[], Built], base: Outcome, checks: Sequence[Check]) -> tuple[LimitCost, ...]:
    """Take away one limit after another (those of all periods together) and solve again; dearest first.

    checks: the limits to try, as a verification lists them; those that are no row of the program are passed over.
    """
    built = make()
    program = built.program
    groups: dict[tuple[str, str, bool], list[int]] = {}
    rows_of = _rows(built)
    for check in checks:
        row = rows_of.get((check.family, check.key))
        if row is not None:
            groups.setdefault((check.family, check.group or check.subject, check.at_least), []).append(row)
    arrays = program.arrays()
    lower, upper = arrays.row_lower.copy(), arrays.row_upper.copy()
    found: list[LimitCost] = []
    for (family, subject, at_least), rows in groups.items():
        ids = np.array(rows, dtype=np.int32)
        program.set_row_bounds(ids, **({"lower": -np.inf} if at_least else {"upper": np.inf}))
        outcome = solve(program)
        program.set_row_bounds(ids, lower[ids], upper[ids])
        gain = np.inf if outcome.objective is None or base.objective is None else outcome.objective - base.objective
        owner, reason = _stands_behind(built, family, rows[0])
        found.append(LimitCost(subject, owner, reason, float(gain if program.maximise else -gain)))
    return tuple(sorted(found, key=lambda one: -one.gain))


def _rows(built: Built) -> dict[tuple[str, tuple[int, ...]], int]:
    """Row numbers by family and key, as checks name them."""
    rows: dict[tuple[str, tuple[int, ...]], int] = {}
    for family, block in built.program.rows.items():
        axes = [axis.tolist() for axis in block.index.values()]
        keys = zip(*axes, strict=True) if axes else [()] * len(block)
        rows.update({(family, tuple(key)): int(row) for key, row in zip(keys, block.ids.tolist(), strict=True)})
    return rows


def _stands_behind(built: Built, family: str, row: int) -> tuple[str, str]:
    """Owner and reason of the rule a row stands for; empty for limits that are no rule."""
    block = built.program.rows[family]
    if "rule" not in block.index:
        return "", ""
    rule = built.layout.case.file.rules[int(block.index["rule"][row - block.start])]
    return rule.owner or "", rule.reason or ""


@dataclass(frozen=True)
class MoreMoney:
    """What a larger budget would do."""

    amount: float
    spent: float
    """Part of it the plan would spend."""
    gain: float
    """Change of the first objective."""
    products: tuple[tuple[str, float], ...]
    """Change of spend by product, largest first."""


def more_money(make: Callable[[], Built], base: Outcome, amounts: Sequence[float]) -> tuple[MoreMoney, ...]:
    """Solve again with the total budget raised by each amount; nothing where the case has no total budget."""
    built = make()
    rows = built.program.rows.get("budget")
    if rows is None or base.values is None or base.objective is None:
        return ()
    there = float(built.program.arrays().row_upper[rows.start])
    before, found = _spend(built, base), []
    for amount in amounts:
        built.program.set_row_bounds(rows.ids, upper=there + amount)
        outcome = solve(built.program)
        if outcome.objective is None:
            continue
        change = _spend(built, outcome) - before
        order = np.argsort(-np.abs(change), kind="stable")
        names = built.layout.routes.products
        moved = tuple((names[p], float(change[p])) for p in order.tolist() if abs(change[p]) > 0.005 * amount)
        found.append(MoreMoney(amount, float(change.sum()), outcome.objective - base.objective, moved))
    return tuple(found)


def _spend(built: Built, outcome: Outcome) -> Floats:
    """Money by product, fees of vendors left out."""
    assert outcome.values is not None
    items = outcome.values[built.layout.items.start : built.layout.items.stop]
    count = len(built.layout.routes.products)
    return np.bincount(built.layout.product, items * built.layout.cost, minlength=count).astype(np.float64)


@dataclass(frozen=True)
class Entry:
    """The price at which a vendor that is not chosen, or hardly, would come in."""

    vendor: str
    share: float
    """Its share of the spend now."""
    product: str
    workflow: str
    price: float
    """What its contract asks per item on the route nearest to being chosen, in the period where it is."""
    entry: float
    """Price per item below which the route is chosen; below zero where it is not, even for nothing."""

    @property
    def cut(self) -> float:
        """The part of the price it would have to give up."""
        return 1.0 - self.entry / self.price if self.price > 0 else 0.0


def entry_prices(built: Built, halved: Built, base: Outcome) -> tuple[Entry, ...]:
    r"""For every vendor chosen little, the price at which the first of its routes would be chosen.

    At fixed duals the reduced cost of a column is linear in its price, so two programs, one with all prices halved, give
    the price at which it is zero: exact while the plan's basis stays the same, that is up to the entry itself.

    halved: the case's program with every vendor price halved. Nothing for integer programs or without duals.
    """
    if base.row_duals is None or base.values is None or base.duals_are_local:
        return ()
    layout, sign = built.layout, 1.0 if built.program.maximise else -1.0
    ids = layout.ids
    full = sign * _reduced(built, base)[ids]
    half = sign * _reduced(halved, base)[ids]
    items = base.values[layout.items.start : layout.items.stop]
    spend = np.bincount(layout.vendor, items * layout.cost, minlength=len(layout.routes.vendors))
    total = max(float(spend.sum()), 1e-300)
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        # full + (half - full) * (1 - s) / 0.5 = 0 at the factor s of the price that makes the column worth its money
        factor = 1.0 - 0.5 * np.where(half > full, -full / (half - full), np.inf)
    for vendor, name in enumerate(layout.routes.vendors):
        mine = np.flatnonzero((layout.vendor == vendor) & (layout.price > 0) & (items <= 0))
        if not len(mine) or spend[vendor] / total >= UNUSED:
            continue
        # A column at its very price is one of several equally good ways: it says nothing about entering.
        mine = mine[factor[mine] < 1.0 - 1e-9]
        if not len(mine):
            continue
        best = int(mine[np.argmax(factor[mine])])
        route = layout.route[best]
        found.append(
            Entry(
                name,
                float(spend[vendor] / total),
                layout.routes.products[layout.product[best]],
                layout.routes.workflows[layout.routes.workflow[route]],
                float(layout.price[best]),
                float(layout.price[best] * factor[best]),
            )
        )
    return tuple(found)


def _reduced(built: Built, base: Outcome) -> Floats:
    """Reduced costs of a program's columns at another's duals."""
    arrays = built.program.arrays()
    assert base.row_duals is not None
    reduced: Floats = arrays.costs - arrays.priced(base.row_duals)
    return reduced


def with_prices(ways: Routes, factor: float) -> Routes:
    """Routes whose vendors ask a share of their prices; fees, bonus and malus follow."""
    price = ways.price * factor
    fee = ways.platform_fee - ways.fee_share[:, None] * (ways.price - price)
    quality, lateness = ways.quality * factor, ways.lateness * factor
    return replace(ways, price=price, rework=ways.rework * factor, platform_fee=fee, quality=quality, lateness=lateness)


@dataclass(frozen=True)
class Margin:
    """What the last money of a product brings."""

    product: str
    value_of_item: float
    """Value one more item adds, at the plan's mix of routes."""
    cost_of_item: float
    """What it costs, at the same mix."""
    hurdle: float

    @property
    def returns(self) -> float:
        """Money of value per money of spend, at the margin."""
        return self.value_of_item / self.cost_of_item if self.cost_of_item > 0 else np.inf


def margins(built: Built, base: Outcome) -> tuple[Margin, ...]:
    """Marginal return of every product with a value that gets items, at the plan's own mix of vendors and workflows."""
    assert base.values is not None
    layout, found = built.layout, []
    items = base.values[layout.items.start : layout.items.stop]
    for product, one in layout.values.items():
        mine = layout.product == product
        made = float(items[mine].sum())
        if made <= 0:
            continue
        labels = float(items[mine] @ layout.effective[mine])
        slope = float(one.curve.marginal(one.existing + labels)) * one.worth
        cost = float(items[mine] @ layout.cost[mine]) / made
        found.append(Margin(layout.routes.products[product], slope * labels / made, cost, hurdle(layout.case)))
    return tuple(sorted(found, key=lambda one: -one.returns))
